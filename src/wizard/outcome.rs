//! What becomes of an order once it was sent: under way, refused, not sent, or unknown. The screens that say so.

use super::marks::{Notice, Remark};
use super::msg::{Effect, Keep};
use super::{Model, Screen};
use crate::facts::{Hitch, ServerError, Unkept};
use crate::layout::{Line, Reader, Tone, paragraph};
use crate::order::{Event, Turn};
use jiff::civil::Date;

/// What is remembered of the orders of this session.
#[derive(Debug, Clone, Default)]
pub(super) struct Past {
    /// The ids of orders that were placed before the one in front, a line each.
    pub(super) ids: Vec<String>,
    /// The day on which the last order was sent from here.
    pub(super) sent_on: Option<Date>,
    /// When that was, in milliseconds since the start.
    pub(super) sent_at: Option<u64>,
    /// Why what became of it could not be written down.
    pub(super) unkept: Option<Unkept>,
    /// The order in front, where it was placed before and is only looked at.
    pub(super) looked_up: Option<u64>,
    /// Whether the last order was refused or never left.
    pub(super) refused: bool,
}

impl Model {
    /// Something happened to the order.
    pub(super) fn happen(&mut self, event: Event) -> Vec<Effect> {
        if let Some(effects) = self.happen_aside(&event) {
            return effects;
        }
        if matches!(event, Event::DecisionKept(Ok(()), _)) {
            self.past.unkept = None;
        }
        let followed = matches!(event, Event::Followed(..));
        // Of an order that only its file knew there is no form.
        let formless = self.course.unknown().is_some_and(|open| open.intent().body.is_empty());
        let (turn, effects) = self.course.step(event);
        match turn {
            Turn::Stay => {}
            Turn::Aged => self.confirm_anew(),
            Turn::Sent => {
                self.marks.outcome = None;
                self.marks.remarks.clear();
                (self.past.sent_on, self.past.sent_at) = (Some(self.today), Some(self.now));
                (self.past.refused, self.past.unkept) = (false, None);
                self.screen = Screen::Sending;
            }
            Turn::Placed => {
                self.form.wipe();
                // An order of before has nothing to do with a draft of now.
                self.close_draft(if followed { Keep::Release } else { Keep::Discard });
                self.overlays.clear();
                self.screen = Screen::Status(Reader::default());
            }
            Turn::Refused(status, errors) => {
                // It may be the mark that was refused; the next attempt gets one of its own where it is to have one.
                self.form.unmark();
                self.refused(status, errors);
            }
            Turn::NotSent(reason) => {
                let values = [("host", self.account.host.as_str()), ("why", &self.teller().reason(&reason))];
                self.say_at_review(self.lang.tell("notice.not_sent", &values), Vec::new());
            }
            Turn::Unknown => {
                self.form.wipe();
                self.show_unknown();
            }
            Turn::NotRecorded(unkept) => self.not_recorded(&unkept),
            Turn::NotKept(unkept) => {
                self.past.unkept = Some(unkept);
                if matches!(self.screen, Screen::Review(_)) {
                    let said = self.unkept_said().map(|(_, text)| Notice::Lasting(text));
                    self.marks.notices.extend(said);
                }
            }
            Turn::NotPlaced => self.not_placed(formless),
        }
        effects.into_iter().map(Effect::Order).collect()
    }

    /// It was decided that it was not placed. Where there is no form of it, Home has the drafts.
    fn not_placed(&mut self, formless: bool) {
        if formless {
            self.begin();
            self.close_draft(Keep::Release);
            self.go_home();
            return self.flash("notice.not_placed");
        }
        // Another order has another mark.
        self.form.unmark();
        self.say_at_review(self.say("notice.not_placed").to_owned(), Vec::new());
        self.after_denial();
    }

    /// Back to Review, with a notice and the server's words at its top.
    fn say_at_review(&mut self, notice: String, remarks: Vec<Remark>) {
        (self.marks.outcome, self.marks.remarks) = (Some(notice), remarks);
        self.past.refused = true;
        self.show_review();
    }

    /// Without its intent on disk nothing was sent.
    fn not_recorded(&mut self, unkept: &Unkept) {
        let blocked = matches!(unkept.cause, Hitch::Blocked(_) | Hitch::Lost | Hitch::Sending | Hitch::Meanwhile(_));
        let id = if blocked { "notice.blocked" } else { "notice.not_recorded" };
        self.say_at_review(self.lang.tell(id, &[("why", &self.teller().unkept(unkept))]), Vec::new());
    }

    /// The server's words go to the fields that they point at, the rest stays at the top of Review.
    fn refused(&mut self, status: u16, errors: Vec<ServerError>) {
        let remarks = errors.into_iter().map(|error| Remark { about: self.form.blames(&error), error }).collect();
        self.say_at_review(self.lang.tell("notice.refused", &[("status", &status.to_string())]), remarks);
    }

    /// What is said while the order is under way.
    pub(super) fn sending_lines(&self, width: usize) -> Vec<Line> {
        let since = self.course.sending_since().unwrap_or(self.now);
        let seconds = (self.now.saturating_sub(since) / 1000).to_string();
        let said = [
            (Tone::Heading, self.lang.tell("sending.title", &[("host", &self.account.host)])),
            (Tone::Plain, self.lang.tell("sending.seconds", &[("seconds", &seconds)])),
            (Tone::Dim, self.say("sending.wait").to_owned()),
        ];
        said.into_iter().flat_map(|(tone, text)| paragraph(tone, &text, 1, width)).collect()
    }
}
