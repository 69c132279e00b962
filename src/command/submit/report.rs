//! What is told of an order from the command line: words for the person on standard error, ids or one JSON object on
//! standard output, and the exit code.
//!
//! It decides nothing. Words of the server are made visible, or are escaped in JSON.

use super::super::lines::{Unwritten, json_line, print};
use super::super::{COULD_NOT_RUN, Trouble, say, say_line, say_untold};
use crate::facts::{IntentId, Loss, Reason, ServerError, Unkept};
use crate::form::{Body, Form, Place, Problem, Target};
use crate::lang::Lang;
use crate::order::resolve::Verdict;
use crate::order::{Alike, Course, Follow, Ground, Open};
use crate::product::{Kind, Product};
use crate::tell::{self, Said, Teller};
use serde_json::{Value, json};

/// Which account it is, as far as the person is told.
#[derive(Debug, Clone)]
pub(super) struct Account {
    /// Host and port.
    pub(super) host: String,
    /// Whether nothing real is ordered there.
    pub(super) sandbox: bool,
}

/// How it ended, but for an order that was placed.
pub(super) enum Outcome<'a> {
    /// The payload is not right.
    Problems,
    /// Another payload was reviewed.
    NotConfirmed { asked: &'a str, is: &'a Body },
    /// The word was not typed.
    NotTyped,
    /// Without a journal nothing is ordered.
    NoJournal,
    /// An earlier order is not resolved.
    Blocked { intent: IntentId },
    /// The journal has lost something, and nobody has acknowledged that.
    JournalLost { lost: &'a [Loss] },
    /// These look alike.
    Alike { alike: &'a [&'a Alike] },
    /// Nothing protects from ordering twice.
    Unprotected,
    /// Its intent could not be written down; perhaps because another order stands in the way.
    NotRecorded { unkept: &'a Unkept, blocked: bool },
    /// The server refused it.
    Refused { status: u16, errors: &'a [ServerError], form: &'a Form },
    /// It never left this machine.
    NotSent { reason: &'a Reason },
    /// Nobody knows, after the looks so far.
    Unknown { open: &'a Open },
    /// The program was told to end before the answer came; the intent, where it is on disk.
    Ended { intent: Option<IntentId> },
}

impl Outcome<'_> {
    fn code(&self) -> u8 {
        match self {
            Self::NoJournal
            | Self::JournalLost { .. }
            | Self::NotSent { .. }
            | Self::NotRecorded { blocked: false, .. } => 2,
            Self::Unknown { .. } | Self::Ended { .. } => 3,
            _ => 1,
        }
    }

    /// Whether an order left this machine, as far as is known.
    fn has_left(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Unknown { .. } | Self::Ended { .. })
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Problems => "problems",
            Self::NotConfirmed { .. } | Self::NotTyped => "not_confirmed",
            Self::NoJournal | Self::NotRecorded { blocked: false, .. } => "not_journaled",
            Self::Blocked { .. } | Self::NotRecorded { .. } => "blocked",
            Self::Alike { .. } => "alike",
            Self::JournalLost { .. } => "journal_lost",
            Self::Unprotected => "unprotected",
            Self::Refused { .. } => "refused",
            Self::NotSent { .. } => "not_sent",
            Self::Unknown { .. } | Self::Ended { .. } => "unknown",
        }
    }
}

/// Tells of one order.
pub(super) struct Report<'a> {
    pub(super) lang: &'a Lang,
    pub(super) product: &'static Product,
    pub(super) account: Account,
    pub(super) json: bool,
}

impl Report<'_> {
    pub(super) fn teller(&self) -> Teller<'_> {
        Teller { lang: self.lang, host: &self.account.host }
    }

    fn say(&self, id: &str) {
        say_line(self.lang.say(id));
    }

    fn say_all(said: &Said) {
        for (_, line) in said {
            say_line(line);
        }
    }

    /// Tells how it ended, and gives the exit code. That nobody could be told weighs less than an order that left.
    pub(super) fn finish(&self, outcome: &Outcome<'_>) -> u8 {
        self.words(outcome);
        let mut value = self.details(outcome);
        value["outcome"] = outcome.word().into();
        let told = if self.json { print(&json_line(&value)) } else { Ok(()) };
        if let Err(Unwritten::Failed(why)) = told {
            say(&Trouble::Output(why).say(self.lang));
            return if outcome.has_left() { outcome.code() } else { COULD_NOT_RUN };
        }
        outcome.code()
    }

    fn words(&self, outcome: &Outcome<'_>) {
        match outcome {
            Outcome::Problems => self.say("submit.problems"),
            Outcome::NotConfirmed { asked, is } => {
                let values = [("asked", *asked), ("digest", is.short_digest())];
                say_line(&self.lang.tell("submit.not_confirmed", &values));
            }
            Outcome::NotTyped => self.say("submit.not_typed"),
            // Why has been said of the ground.
            Outcome::NoJournal => self.say("submit.nothing_sent"),
            Outcome::Blocked { intent } => {
                say_line(&self.lang.tell("submit.blocked", &[("intent", &intent.to_string())]));
            }
            Outcome::Alike { alike } => self.say_despite(alike),
            // What is lost has been said of the ground.
            Outcome::JournalLost { .. } => self.say("submit.journal_lost"),
            Outcome::Unprotected => self.say("submit.unprotected"),
            Outcome::NotRecorded { unkept, blocked } => {
                let id = if *blocked { "notice.blocked" } else { "notice.not_recorded" };
                say_line(&self.lang.tell(id, &[("why", &self.teller().unkept(unkept))]));
            }
            Outcome::Refused { status, errors, form } => self.say_refused(*status, errors, form),
            Outcome::NotSent { reason } => {
                let values = [("host", self.account.host.as_str()), ("why", &self.teller().reason(reason))];
                say_line(&self.lang.tell("notice.not_sent", &values));
            }
            Outcome::Unknown { open } => self.say_unknown(open),
            Outcome::Ended { intent } => {
                self.say("exit.unknown");
                self.say_resolve(*intent);
            }
        }
    }

    fn say_despite(&self, alike: &[&Alike]) {
        let ids: Vec<String> =
            alike.iter().filter_map(|one| one.order.or(one.request_id)).map(|id| id.to_string()).collect();
        let flags: Vec<String> = ids.iter().map(|id| format!("--despite {id}")).collect();
        say_line(&self.lang.tell("submit.alike", &[("flags", &flags.join(" "))]));
    }

    fn say_refused(&self, status: u16, errors: &[ServerError], form: &Form) {
        say_line(&self.lang.tell("notice.refused", &[("status", &status.to_string())]));
        for error in errors {
            let place = form.points_at(error).map(|at| format!("{}: ", self.place_words(form, at)));
            say_line(&format!("  - {}{}", place.unwrap_or_default(), tell::error(error)));
        }
    }

    fn place_words(&self, form: &Form, at: Place) -> String {
        let label = self.product[at.field].label.in_language(self.lang.language);
        form.pointer(at).map_or_else(|| label.to_owned(), |pointer| format!("{pointer} ({label})"))
    }

    fn say_unknown(&self, open: &Open) {
        Self::say_all(&self.teller().verdict(open));
        let intent = open.id().to_string();
        match open.verdict() {
            Verdict::Found { proposed: Some(order), .. } => {
                let values = [("intent", intent.as_str()), ("order", &order.to_string())];
                say_line(&self.lang.tell("submit.adopt", &values));
            }
            _ => self.say_resolve(Some(open.id())),
        }
        self.say("unknown.never");
    }

    fn say_resolve(&self, intent: Option<IntentId>) {
        let intent = intent.map(|id| id.to_string()).unwrap_or_default();
        say_line(self.lang.tell("submit.resolve", &[("intent", &intent)]).trim_end());
    }

    fn details(&self, outcome: &Outcome<'_>) -> Value {
        match outcome {
            Outcome::NotConfirmed { is, .. } => json!({ "digest": is.digest() }),
            Outcome::Blocked { intent } => json!({ "intent": intent.0 }),
            Outcome::JournalLost { lost } => {
                json!({ "lost": lost.iter().map(|loss| loss.file.as_str()).collect::<Vec<_>>() })
            }
            Outcome::Alike { alike } => {
                let one = |one: &&Alike| json!({ "order": one.order, "request": one.request_id, "same": one.same });
                json!({ "alike": alike.iter().map(one).collect::<Vec<_>>() })
            }
            Outcome::Refused { status, errors, form } => {
                json!({ "status": status, "errors": errors.iter().map(|error| self.error(error, form)).collect::<Vec<_>>() })
            }
            Outcome::NotSent { reason } => json!({ "reason": self.teller().reason(reason) }),
            Outcome::NotRecorded { unkept, .. } => json!({ "reason": self.teller().unkept(unkept) }),
            Outcome::Unknown { open } => {
                let orders: Vec<u64> = open.candidates().iter().filter_map(|one| one.order).collect();
                let words = Some(open.words()).filter(|words| !words.is_empty());
                json!({ "intent": open.id().0, "candidates": orders, "words": words })
            }
            Outcome::Ended { intent } => json!({ "intent": intent.map(|id| id.0) }),
            _ => json!({}),
        }
    }

    fn error(&self, error: &ServerError, form: &Form) -> Value {
        let at = form.points_at(error);
        json!({
            "code": error.code,
            "message": error.message,
            "pointer": at.and_then(|at| form.pointer(at)),
            "field": at.map(|at| self.product[at.field].id.as_str()),
        })
    }

    /// What was typed and is wrong.
    pub(super) fn tell_wrong(&self, problems: &[Problem]) {
        for problem in problems {
            if let Target::Field(at) = &problem.target {
                let label = self.product[at.field].label.in_language(self.lang.language);
                say_line(&format!("{label}: {}", problem.say(self.lang)));
            }
        }
    }

    /// What there is before the order.
    pub(super) fn ground(&self, ground: &Ground) {
        Self::say_all(&self.teller().ground(ground));
    }

    /// What is ordered, for whom, where, and what is to be known of it; where somebody is asked, the whole of it.
    pub(super) fn summary(&self, form: &Form, body: &Body, who: &str, whole: bool) {
        if whole {
            body.text().lines().for_each(say_line);
        }
        let product = self.product.title.in_language(self.lang.language);
        say_line(&self.lang.tell("confirm.what", &[("product", product), ("who", who)]));
        let id = if self.account.sandbox { "confirm.sandbox" } else { "confirm.host" };
        say_line(&self.lang.tell(id, &[("host", &self.account.host)]));
        self.say("confirm.price");
        for at in form.all_asked().filter(|at| self.product[at.field].kind == Kind::Consent) {
            let values =
                [("label", self.product[at.field].label.in_language(self.lang.language)), ("value", form.text(at))];
            say_line(&self.lang.tell("submit.agreement", &values));
        }
        let guesses = form.guesses().filter_map(|at| self.product[at.field].guess.as_ref());
        guesses.for_each(|guess| say_line(&format!("! {}", guess.in_language(self.lang.language))));
        for (pointer, _) in form.foreign() {
            say_line(&format!("! {}", self.lang.tell("confirm.foreign", &[("pointer", &pointer)])));
        }
        say_line(&self.lang.tell("preview.digest", &[("digest", body.short_digest())]));
        self.say("confirm.once");
    }

    /// What became of it could not be written down.
    pub(super) fn not_kept(&self, unkept: &Unkept) {
        say_line(&self.lang.tell("unknown.not_kept", &[("why", &self.teller().unkept(unkept))]));
    }

    /// Nobody knows, and it is looked for.
    pub(super) fn unknown(&self, open: &Open) {
        self.say("unknown.title");
        say_line(&self.teller().doubt(open.doubt()));
        self.teller().answer_words(open).iter().for_each(|words| say_line(words));
        self.say("unknown.may_be");
        self.say("submit.looking");
    }

    /// It was placed.
    pub(super) fn placed(&self, course: &Course, body: &Body) -> u8 {
        let Course::Placed(follow) = course else { return 0 };
        let id = follow.placed().id.to_string();
        say_line(&self.lang.tell("status.placed", &[("id", &id)]));
        say_line(&self.lang.tell("submit.follow", &[("id", &id)]));
        let ids = ids(follow);
        let told = if self.json {
            print(&json_line(&placed_json(follow, body)))
        } else {
            ids.iter().try_for_each(|line| print(line))
        };
        if let Err(why) = told {
            say_untold(self.lang, why, &ids);
        }
        0
    }
}

/// The ids of what was placed, a line each, for a script to read.
fn ids(follow: &Follow) -> Vec<String> {
    let placed = follow.placed();
    let requests = placed.requests.iter().map(|request| format!("request {} {}", request.id, request.status));
    let organization = placed.organization_id.map(|id| format!("organization {id}"));
    let certificate = placed.certificate_id.map(|id| format!("certificate {id}"));
    std::iter::once(format!("order {}", placed.id)).chain(requests).chain(organization).chain(certificate).collect()
}

fn placed_json(follow: &Follow, body: &Body) -> Value {
    let placed = follow.placed();
    let request = |one: &crate::facts::RequestState| json!({ "id": one.id, "status": one.status });
    json!({
        "outcome": "placed",
        "digest": body.digest(),
        "order": placed.id,
        "requests": placed.requests.iter().map(request).collect::<Vec<_>>(),
        "certificate": placed.certificate_id,
        "organization": placed.organization_id,
    })
}
