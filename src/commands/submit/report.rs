//! The output of `zegel submit`: messages on standard error, ids or one JSON object on standard output, and the exit
//! code.
//!
//! This module decides nothing. Words of the server are made visible, or escaped in JSON.

use super::super::output::{OutputError, json_line, print_line};
use super::super::{CommandError, EXIT_COULD_NOT_RUN, eprint_line, eprint_lines, report_unprinted_ids};
use crate::domain::{IntentId, JournalLoss, PersistenceError, ServerError, TransportError};
use crate::form::{FieldPlace, Form, PayloadText, Problem, ProblemTarget};
use crate::i18n::{TextId, Translations, texts, with};
use crate::messages::{self, MessageWriter, TonedLines};
use crate::order::resolve::Verdict;
use crate::order::{OrderMachine, OrderPolling, PreflightReport, SimilarOrder, UnresolvedOrder};
use crate::product::{Product, ValueKind};
use serde_json::{Value, json};

/// The account of the order, as shown to the person.
#[derive(Debug, Clone)]
pub(super) struct TargetAccount {
    pub(super) host: String,
    /// True for a sandbox: nothing real is ordered there.
    pub(super) sandbox: bool,
}

/// How the command ended, except with a placed order.
pub(super) enum SubmitOutcome<'a> {
    /// The payload has errors.
    Problems,
    /// The digest is that of another payload.
    NotConfirmed { asked: &'a str, is: &'a PayloadText },
    /// The user did not type the word.
    NotTyped,
    /// The journal cannot be used, and zegel does not order without it.
    NoJournal,
    /// An earlier order is unresolved.
    Blocked { intent: IntentId },
    /// The journal has lost something, and the user has not acknowledged it.
    JournalLost { lost: &'a [JournalLoss] },
    /// These orders look similar.
    SimilarOrders { alike: &'a [&'a SimilarOrder] },
    /// Nothing protects against ordering twice.
    Unprotected,
    /// The intent could not be recorded. `blocked` means that another order prevents it.
    NotRecorded { unkept: &'a PersistenceError, blocked: bool },
    /// The server refused the order.
    Refused { status: u16, errors: &'a [ServerError], form: &'a Form },
    /// The order never left this computer.
    NotSent { reason: &'a TransportError },
    /// The outcome is unknown after the lookups so far.
    Unknown { open: &'a UnresolvedOrder },
    /// The program had to end before the response came. The intent is `None` if it may not be on disk.
    Interrupted { intent: Option<IntentId> },
}

impl SubmitOutcome<'_> {
    fn exit_code(&self) -> u8 {
        match self {
            Self::NoJournal
            | Self::JournalLost { .. }
            | Self::NotSent { .. }
            | Self::NotRecorded { blocked: false, .. } => 2,
            Self::Unknown { .. } | Self::Interrupted { .. } => 3,
            _ => 1,
        }
    }

    /// Returns true if the order may have left this computer.
    fn has_left(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Unknown { .. } | Self::Interrupted { .. })
    }

    fn json_word(&self) -> &'static str {
        match self {
            Self::Problems => "problems",
            Self::NotConfirmed { .. } | Self::NotTyped => "not_confirmed",
            Self::NoJournal | Self::NotRecorded { blocked: false, .. } => "not_journaled",
            Self::Blocked { .. } | Self::NotRecorded { .. } => "blocked",
            Self::SimilarOrders { .. } => "alike",
            Self::JournalLost { .. } => "journal_lost",
            Self::Unprotected => "unprotected",
            Self::Refused { .. } => "refused",
            Self::NotSent { .. } => "not_sent",
            Self::Unknown { .. } | Self::Interrupted { .. } => "unknown",
        }
    }
}

/// Words the output about one order.
pub(super) struct SubmitReport<'a> {
    pub(super) lang: &'a Translations,
    pub(super) product: &'static Product,
    pub(super) account: TargetAccount,
    pub(super) json: bool,
}

impl SubmitReport<'_> {
    pub(super) fn message_writer(&self) -> MessageWriter<'_> {
        MessageWriter { lang: self.lang, host: &self.account.host }
    }

    fn print_text(&self, id: TextId) {
        eprint_line(self.lang.text(id));
    }

    fn print_lines(lines: &TonedLines) {
        for (_, line) in lines {
            eprint_line(line);
        }
    }

    /// Prints how the command ended, and returns the exit code. A failure to print does not replace the code of an
    /// order that may have left this computer.
    pub(super) fn finish(&self, outcome: &SubmitOutcome<'_>) -> u8 {
        self.print_outcome(outcome);
        let mut value = self.details_json(outcome);
        value["outcome"] = outcome.json_word().into();
        let printed = if self.json { print_line(&json_line(&value)) } else { Ok(()) };
        if let Err(OutputError::Failed(why)) = printed {
            eprint_lines(&CommandError::Output(why).message(self.lang));
            return if outcome.has_left() { outcome.exit_code() } else { EXIT_COULD_NOT_RUN };
        }
        outcome.exit_code()
    }

    fn print_outcome(&self, outcome: &SubmitOutcome<'_>) {
        match outcome {
            SubmitOutcome::Problems => self.print_text(texts::submit::PROBLEMS),
            SubmitOutcome::NotConfirmed { asked, is } => {
                let digest = is.short_digest();
                eprint_line(
                    &self.lang.format(texts::submit::NOT_CONFIRMED, (with::Asked(asked), with::Digest(&digest))),
                );
            }
            SubmitOutcome::NotTyped => self.print_text(texts::submit::NOT_TYPED),
            // The preflight report has already given the reason.
            SubmitOutcome::NoJournal => self.print_text(texts::submit::NOTHING_SENT),
            SubmitOutcome::Blocked { intent } => {
                eprint_line(&self.lang.format(texts::submit::BLOCKED, with::Intent(&intent)));
            }
            SubmitOutcome::SimilarOrders { alike } => self.print_despite_hint(alike),
            // The preflight report has already named the losses.
            SubmitOutcome::JournalLost { .. } => self.print_text(texts::submit::JOURNAL_LOST),
            SubmitOutcome::Unprotected => self.print_text(texts::submit::UNPROTECTED),
            SubmitOutcome::NotRecorded { unkept, blocked } => {
                let id = if *blocked { texts::notice::BLOCKED } else { texts::notice::NOT_RECORDED };
                eprint_line(&self.lang.format(id, with::Why(&self.message_writer().store_failure_text(unkept))));
            }
            SubmitOutcome::Refused { status, errors, form } => self.print_refusal(*status, errors, form),
            SubmitOutcome::NotSent { reason } => {
                let why = self.message_writer().reason_text(reason);
                eprint_line(
                    &self.lang.format(texts::notice::NOT_SENT, (with::Host(&self.account.host), with::Why(&why))),
                );
            }
            SubmitOutcome::Unknown { open } => self.print_still_unknown(open),
            SubmitOutcome::Interrupted { intent } => {
                self.print_text(texts::exit::UNKNOWN);
                self.print_resolve_hint(*intent);
            }
        }
    }

    fn print_despite_hint(&self, alike: &[&SimilarOrder]) {
        let ids: Vec<String> =
            alike.iter().filter_map(|one| one.order.or(one.request_id)).map(|id| id.to_string()).collect();
        let flags: Vec<String> = ids.iter().map(|id| format!("--despite {id}")).collect();
        eprint_line(&self.lang.format(texts::submit::ALIKE, with::Flags(&flags.join(" "))));
    }

    fn print_refusal(&self, status: u16, errors: &[ServerError], form: &Form) {
        eprint_line(&self.lang.format(texts::notice::REFUSED, with::Status(&status)));
        for error in errors {
            let place = form.server_error_field(error).map(|at| format!("{}: ", self.place_text(form, at)));
            eprint_line(&format!("  - {}{}", place.unwrap_or_default(), messages::server_error_text(error)));
        }
    }

    fn place_text(&self, form: &Form, at: FieldPlace) -> String {
        let label = self.product[at.field].label.in_language(self.lang.language);
        form.json_pointer(at).map_or_else(|| label.to_owned(), |pointer| format!("{pointer} ({label})"))
    }

    fn print_still_unknown(&self, open: &UnresolvedOrder) {
        Self::print_lines(&self.message_writer().verdict_lines(open));
        let intent = open.intent_id().to_string();
        match open.verdict() {
            Verdict::Found { proposed: Some(order), .. } => {
                eprint_line(&self.lang.format(texts::submit::ADOPT, (with::Intent(&intent), with::Order(&order))));
            }
            _ => self.print_resolve_hint(Some(open.intent_id())),
        }
        self.print_text(texts::unknown::NEVER);
    }

    fn print_resolve_hint(&self, intent: Option<IntentId>) {
        let intent = intent.map(|id| id.to_string()).unwrap_or_default();
        eprint_line(self.lang.format(texts::submit::RESOLVE, with::Intent(&intent)).trim_end());
    }

    fn details_json(&self, outcome: &SubmitOutcome<'_>) -> Value {
        match outcome {
            SubmitOutcome::NotConfirmed { is, .. } => json!({ "digest": is.digest() }),
            SubmitOutcome::Blocked { intent } => json!({ "intent": intent.0 }),
            SubmitOutcome::JournalLost { lost } => {
                json!({ "lost": lost.iter().map(|loss| loss.file.as_str()).collect::<Vec<_>>() })
            }
            SubmitOutcome::SimilarOrders { alike } => {
                let one = |one: &&SimilarOrder| json!({ "order": one.order, "request": one.request_id, "same": one.same_digest });
                json!({ "alike": alike.iter().map(one).collect::<Vec<_>>() })
            }
            SubmitOutcome::Refused { status, errors, form } => {
                json!({ "status": status, "errors": errors.iter().map(|error| self.error_json(error, form)).collect::<Vec<_>>() })
            }
            SubmitOutcome::NotSent { reason } => json!({ "reason": self.message_writer().reason_text(reason) }),
            SubmitOutcome::NotRecorded { unkept, .. } => {
                json!({ "reason": self.message_writer().store_failure_text(unkept) })
            }
            SubmitOutcome::Unknown { open } => {
                let orders: Vec<u64> = open.candidates().iter().filter_map(|one| one.order).collect();
                let words = Some(open.server_excerpt()).filter(|words| !words.is_empty());
                json!({ "intent": open.intent_id().0, "candidates": orders, "words": words })
            }
            SubmitOutcome::Interrupted { intent } => json!({ "intent": intent.map(|id| id.0) }),
            _ => json!({}),
        }
    }

    fn error_json(&self, error: &ServerError, form: &Form) -> Value {
        let at = form.server_error_field(error);
        json!({
            "code": error.code,
            "message": error.message,
            "pointer": at.and_then(|at| form.json_pointer(at)),
            "field": at.map(|at| self.product[at.field].id),
        })
    }

    /// Prints the errors in the typed secrets.
    pub(super) fn print_problems(&self, problems: &[Problem]) {
        for problem in problems {
            if let ProblemTarget::Field(at) = &problem.target {
                let label = self.product[at.field].label.in_language(self.lang.language);
                eprint_line(&format!("{label}: {}", problem.message(self.lang)));
            }
        }
    }

    pub(super) fn print_preflight(&self, report: &PreflightReport) {
        Self::print_lines(&self.message_writer().preflight_lines(report));
    }

    /// Prints what is ordered, for whom, where, and what the user should know. With `whole`, it includes the payload.
    pub(super) fn print_summary(&self, form: &Form, body: &PayloadText, who: &str, whole: bool) {
        if whole {
            body.masked_text().lines().for_each(eprint_line);
        }
        let product = self.product.title.in_language(self.lang.language);
        eprint_line(&self.lang.format(texts::confirm::WHAT, (with::Product(&product), with::Who(&who))));
        let id = if self.account.sandbox { texts::confirm::SANDBOX } else { texts::confirm::HOST };
        eprint_line(&self.lang.format(id, with::Host(&self.account.host)));
        self.print_text(texts::confirm::PRICE);
        for at in form.visible_places().filter(|at| self.product[at.field].kind == ValueKind::Consent) {
            let label = self.product[at.field].label.in_language(self.lang.language);
            eprint_line(
                &self.lang.format(texts::submit::AGREEMENT, (with::Label(&label), with::Value(&form.text(at)))),
            );
        }
        let guesses = form.guessed_defaults().filter_map(|at| self.product[at.field].guess.as_ref());
        guesses.for_each(|guess| eprint_line(&format!("! {}", guess.in_language(self.lang.language))));
        for (pointer, _) in form.foreign_members() {
            eprint_line(&format!("! {}", self.lang.format(texts::confirm::FOREIGN, with::Pointer(&pointer))));
        }
        eprint_line(&self.lang.format(texts::preview::DIGEST, with::Digest(&body.short_digest())));
        self.print_text(texts::confirm::ONCE);
    }

    /// Prints that the outcome could not be recorded.
    pub(super) fn print_unrecorded(&self, unkept: &PersistenceError) {
        eprint_line(
            &self.lang.format(texts::unknown::NOT_KEPT, with::Why(&self.message_writer().store_failure_text(unkept))),
        );
    }

    /// Prints that the outcome is unknown, and that the lookups begin.
    pub(super) fn print_looking(&self, open: &UnresolvedOrder) {
        self.print_text(texts::unknown::TITLE);
        eprint_line(&self.message_writer().doubt_text(open.cause()));
        self.message_writer().server_answer_text(open).iter().for_each(|words| eprint_line(words));
        self.print_text(texts::unknown::MAY_BE);
        self.print_text(texts::submit::LOOKING);
    }

    /// Prints that the order was placed, and returns the exit code.
    pub(super) fn report_placed(&self, machine: &OrderMachine, body: &PayloadText) -> u8 {
        let OrderMachine::Placed(follow) = machine else { return 0 };
        let id = follow.placed_order().id.to_string();
        eprint_line(&self.lang.format(texts::status::PLACED, with::Id(&id)));
        eprint_line(&self.lang.format(texts::submit::FOLLOW, with::Id(&id)));
        let ids = id_lines(follow);
        let printed = if self.json {
            print_line(&json_line(&placed_json(follow, body)))
        } else {
            ids.iter().try_for_each(|line| print_line(line))
        };
        if let Err(why) = printed {
            report_unprinted_ids(self.lang, why, &ids);
        }
        0
    }
}

/// Returns the ids of the placed order, one per line, for a script.
fn id_lines(follow: &OrderPolling) -> Vec<String> {
    let placed = follow.placed_order();
    let requests = placed.requests.iter().map(|request| format!("request {} {}", request.id, request.status));
    let organization = placed.organization_id.map(|id| format!("organization {id}"));
    let certificate = placed.certificate_id.map(|id| format!("certificate {id}"));
    std::iter::once(format!("order {}", placed.id)).chain(requests).chain(organization).chain(certificate).collect()
}

fn placed_json(follow: &OrderPolling, body: &PayloadText) -> Value {
    let placed = follow.placed_order();
    let request = |one: &crate::domain::RequestState| json!({ "id": one.id, "status": one.status });
    json!({
        "outcome": "placed",
        "digest": body.digest(),
        "order": placed.id,
        "requests": placed.requests.iter().map(request).collect::<Vec<_>>(),
        "certificate": placed.certificate_id,
        "organization": placed.organization_id,
    })
}
