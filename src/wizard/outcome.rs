//! What becomes of an order once it was sent: under way, refused, not sent, or unknown. The screens that say so.

use super::marks::Remark;
use super::msg::Effect;
use super::{Model, Screen};
use crate::facts::{Cause, Failure, Reason, ServerError, Unreadable};
use crate::form::Place;
use crate::layout::{Line, Reader, Tone, paragraph};
use crate::order::{Course, Doubt, Event, Turn};
use jiff::civil::Date;

/// What is remembered of the orders of this session.
#[derive(Debug, Clone, Default)]
pub(super) struct Past {
    /// The ids of orders that were placed before the one in front, a line each.
    pub(super) ids: Vec<String>,
    /// The day on which the last order was sent.
    sent_on: Option<Date>,
    /// Whether the last order was refused or never left.
    pub(super) refused: bool,
}

impl Model {
    /// Something happened to the order.
    pub(super) fn happen(&mut self, event: Event) -> Vec<Effect> {
        let (turn, effects) = self.course.step(event);
        match turn {
            Turn::Stay => {}
            Turn::Sent => {
                self.marks.outcome = None;
                self.marks.remarks.clear();
                (self.past.sent_on, self.past.refused) = (Some(self.today), false);
                self.screen = Screen::Sending;
            }
            Turn::Placed => {
                self.form.wipe();
                self.dirty = false;
                self.overlays.clear();
                self.screen = Screen::Status(Reader::default());
            }
            Turn::Refused(status, errors) => self.refused(status, errors),
            Turn::NotSent(reason) => {
                let values = [("host", self.account.host.as_str()), ("why", &self.reason_words(&reason))];
                self.say_at_review(self.lang.tell("notice.not_sent", &values), Vec::new());
            }
            Turn::Unknown => {
                self.form.wipe();
                self.show_unknown();
            }
        }
        effects.into_iter().map(Effect::Order).collect()
    }

    /// Back to Review, with a notice and the server's words at its top.
    fn say_at_review(&mut self, notice: String, remarks: Vec<Remark>) {
        (self.marks.outcome, self.marks.remarks) = (Some(notice), remarks);
        self.past.refused = true;
        self.show_review();
    }

    /// The server's words go to the fields that they point at, the rest stays at the top of Review.
    fn refused(&mut self, status: u16, errors: Vec<ServerError>) {
        let remarks = errors.into_iter().map(|error| Remark { place: self.points_at(&error), error }).collect();
        self.say_at_review(self.lang.tell("notice.refused", &[("status", &status.to_string())]), remarks);
    }

    /// The field that an error of the server points at: by its code, else by a word in it (fact sheet 6 #23). In a
    /// list of several rows nothing tells which one is meant.
    pub(super) fn points_at(&self, error: &ServerError) -> Option<Place> {
        let product = self.product();
        let code = error.code.split('|').map(str::trim).find_map(|part| product.errors.get(part));
        let text = format!("{} {}", error.code, error.message).to_lowercase();
        let has_all = |words: &str| words.split(' ').all(|word| begins_a_word(&text, word));
        let word = || product.words.iter().find(|(words, _)| has_all(words)).map(|(_, field)| field);
        let field = *code.or_else(word)?;
        match self.form.rows(product[field].group) {
            [row] => self.asked_near(Place { field, row: *row }),
            _ => None,
        }
    }

    /// The place itself if it is asked, else the first of its group that is.
    fn asked_near(&self, at: Place) -> Option<Place> {
        let group = self.product()[at.field].group;
        let mut candidates = std::iter::once(at).chain(self.form.places(group));
        candidates.find(|place| self.form.visible(*place))
    }

    /// What is said of a question that has no answer.
    pub(super) fn failure_words(&self, failure: &Failure) -> String {
        match failure {
            Failure::Refused { status, errors } => {
                let one = |error: &ServerError| format!("{} {}", error.code, error.message).trim().to_owned();
                let said = errors.iter().map(one).collect::<Vec<_>>().join("; ");
                let id = if *status >= 500 { "failure.server" } else { "failure.refused" };
                let words = self.lang.tell(id, &[("status", &status.to_string()), ("said", &said)]);
                match self.refusal_hint(*status, errors) {
                    "" => words.trim_end().to_owned(),
                    hint => format!("{}. {hint}", words.trim_end().trim_end_matches('.')),
                }
            }
            Failure::NotAllowed(why) => self.lang.tell("failure.not_allowed", &[("why", &self.reason_words(why))]),
            Failure::NotConnected(why) => {
                let why = self.reason_words(why);
                self.lang.tell("failure.not_connected", &[("host", &self.account.host), ("why", &why)])
            }
            Failure::Cut(why) => self.lang.tell("failure.cut", &[("why", &self.reason_words(why))]),
            Failure::Unreadable(why) => self.lang.tell("failure.unreadable", &[("why", self.unreadable_words(*why))]),
        }
    }

    /// What can be done about a refused question.
    fn refusal_hint(&self, status: u16, errors: &[ServerError]) -> &str {
        let no_such_path = errors.iter().all(|error| matches!(error.code.as_str(), "not_found" | "not_found|route"));
        match status {
            401 | 403 => self.say("failure.hint_key"),
            404 if no_such_path => self.say("failure.hint_path"),
            _ => "",
        }
    }

    /// What is said of what went wrong on the way. The details are English, and for causes without own words.
    fn reason_words(&self, reason: &Reason) -> String {
        let id = match reason.cause {
            Cause::NotLoopback => "cause.not_loopback",
            Cause::Name => "cause.name",
            Cause::Refused => "cause.refused",
            Cause::Unreachable => "cause.unreachable",
            Cause::OtherName => "cause.other_name",
            Cause::NotInTime => "cause.not_in_time",
            Cause::Issuer => "cause.issuer",
            Cause::Tls => "cause.tls",
            Cause::Proxy => "cause.proxy",
            Cause::Slow => "cause.slow",
            Cause::NotHttp => "cause.not_http",
            Cause::Broken => "cause.broken",
            Cause::TooLarge => "cause.too_large",
            Cause::Unfit | Cause::Other if reason.detail.is_empty() => "cause.other",
            Cause::Unfit | Cause::Other => return reason.detail.clone(),
        };
        self.say(id).to_owned()
    }

    fn unreadable_words(&self, why: Unreadable) -> &str {
        self.say(match why {
            Unreadable::Empty => "unreadable.empty",
            Unreadable::WebPage => "unreadable.web_page",
            Unreadable::NotJson => "unreadable.not_json",
            Unreadable::NotAnObject => "unreadable.not_an_object",
            Unreadable::Nameless => "unreadable.nameless",
        })
    }

    /// What is said while the order is under way.
    pub(super) fn sending_lines(&self, width: usize) -> Vec<Line> {
        let since = match self.course {
            Course::Sending(since) => since,
            _ => self.now,
        };
        let seconds = (self.now.saturating_sub(since) / 1000).to_string();
        let said = [
            (Tone::Heading, self.lang.tell("sending.title", &[("host", &self.account.host)])),
            (Tone::Plain, self.lang.tell("sending.seconds", &[("seconds", &seconds)])),
            (Tone::Dim, self.say("sending.wait").to_owned()),
        ];
        said.into_iter().flat_map(|(tone, text)| paragraph(tone, &text, 1, width)).collect()
    }

    /// Says that nobody knows whether the order was placed, and what to do.
    pub(super) fn show_unknown(&mut self) {
        self.leave_editor();
        self.overlays.clear();
        self.screen = Screen::Unknown(Reader::default());
    }

    /// Which order to look for in `CertCentral`.
    pub(super) fn look_words(&self) -> String {
        let since = match self.course {
            Course::Unknown { since, .. } | Course::Sending(since) => since,
            _ => self.now,
        };
        let ago = match self.now.saturating_sub(since) / 60_000 {
            0 => self.say("unknown.just_now").to_owned(),
            minutes => self.lang.tell("unknown.minutes_ago", &[("minutes", &minutes.to_string())]),
        };
        let day = self.past.sent_on.unwrap_or(self.today).to_string();
        let product = self.words(&self.product().title);
        self.lang.tell("unknown.look", &[("product", product), ("who", &self.for_whom()), ("day", &day), ("ago", &ago)])
    }

    /// What is said when nobody knows whether the order was placed.
    pub(super) fn unknown_lines(&self, width: usize) -> Vec<Line> {
        let Course::Unknown { doubt, .. } = &self.course else { return Vec::new() };
        let why = match doubt {
            Doubt::NoAnswer(why) => self.lang.tell("unknown.no_answer", &[("why", &self.reason_words(why))]),
            Doubt::Status(status) => self.lang.tell("unknown.status", &[("status", &status.to_string())]),
        };
        let said = [
            (Tone::Error, self.say("unknown.title").to_owned()),
            (Tone::Plain, why),
            (Tone::Plain, self.say("unknown.may_be").to_owned()),
            (Tone::Plain, self.look_words()),
            (Tone::Plain, self.say("unknown.request").to_owned()),
            (Tone::Plain, self.say("unknown.never").to_owned()),
            (Tone::Dim, self.say("unknown.kept").to_owned()),
        ];
        said.into_iter()
            .flat_map(|(tone, text)| paragraph(tone, &text, 1, width).into_iter().chain([Line::default()]))
            .collect()
    }
}

/// Whether some word of the text begins like this: `ship` is found in `ship_info` and `shipping`, not in `ownership`.
fn begins_a_word(text: &str, word: &str) -> bool {
    let starts = text.match_indices(word).map(|(at, _)| at);
    let mut before = starts.map(|at| text[..at].chars().next_back());
    before.any(|c| c.is_none_or(|c| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::begins_a_word;
    use rstest::rstest;

    #[rstest]
    #[case("ship_info.zip is required", "ship", true)]
    #[case("invalid ownership", "ship", false)]
    #[case("organization.contacts", "contact", true)]
    #[case("", "zip", false)]
    fn words_are_found_at_their_beginning(#[case] text: &str, #[case] word: &str, #[case] found: bool) {
        assert_eq!(begins_a_word(text, word), found);
    }
}
