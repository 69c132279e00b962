//! `zegel resolve`: looks for an order whose response was lost, and records a decision if one is requested.
//!
//! The command uses the same order machine as the wizard for an intent with unknown outcome, so the same conditions
//! apply. Nothing here sends an order. A decision is printed only after it is on disk.

mod report;
mod select_intent;

use super::context::CommandContext;
use super::order_runner::OrderRunner;
use super::output::{LinePrinter, OutputError, ignore_closed_pipe, print_line};
use super::signals::{self, TerminationSignals};
use super::{CommandError, EXIT_COULD_NOT_RUN, EXIT_OUTCOME_UNKNOWN, EXIT_REFUSED, eprint_line, eprint_lines};
use crate::cli::ResolveArgs;
use crate::domain::{Decision, IntentId, JournalEntry, PersistenceError, RecordedOutcome, is_sentence};
use crate::i18n::{TextId, Translations, texts, with};
use crate::messages::MessageWriter;
use crate::order::executor;
use crate::order::resolve::{LOOKUP_SCHEDULE_MS, LookupData, Verdict};
use crate::order::{OrderEvent, OrderMachine, OrderTransition, UnresolvedOrder};
use crate::product::{self, Product};
use crate::tone::Tone;
use crate::tui::event_loop::RunError;
use report::ResolveReport;
use select_intent::{IntentSelection, SelectedIntent};

/// Looks for the order, decides if requested, and returns the exit code.
pub(super) fn run(context: &CommandContext, args: &ResolveArgs) -> Result<u8, CommandError> {
    let (lang, product) = (&context.lang, product::PKIO);
    if args.checked.as_deref().is_some_and(|checked| !is_sentence(checked)) {
        eprint_line(lang.text(texts::resolve::NO_SENTENCE));
        return Ok(EXIT_COULD_NOT_RUN);
    }
    let access = context.access_with_key(product)?;
    let host = access.host.host_and_port().to_owned();
    let errand = OrderRunner::new(&access, product)?;
    let runtime = signals::build_runtime().map_err(RunError::System)?;
    let mut resolving = IntentResolver {
        lang,
        product,
        host,
        runner: errand,
        requested: RequestedDecision::from_args(args),
        checked: args.checked.clone(),
        json: args.json,
        last_failure: None,
    };
    let done = runtime.block_on(async {
        let mut ends = TerminationSignals::listen().map_err(RunError::System)?;
        resolving.resolve(args, &mut ends).await
    });
    // Closing the store releases the lock.
    resolving.runner.close();
    runtime.shutdown_background();
    done
}

/// The decision that the user requests. It is recorded only if the lookups allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RequestedDecision {
    /// No decision.
    Look,
    /// This order is the one.
    Adopt(u64),
    /// The order was not placed.
    Deny,
}

impl RequestedDecision {
    fn from_args(args: &ResolveArgs) -> Self {
        match (args.adopt, args.not_placed) {
            (Some(order), _) => Self::Adopt(order),
            (None, true) => Self::Deny,
            (None, false) => Self::Look,
        }
    }

    /// Returns the decision to record, if one is requested.
    fn decision(self) -> Option<Decision> {
        match self {
            Self::Look => None,
            Self::Adopt(order) => Some(Decision::Adopted { order }),
            Self::Deny => Some(Decision::NotPlaced),
        }
    }

    /// Returns the decision if the lookups allow it, or if the user checked it elsewhere.
    fn allowed_decision(self, open: &UnresolvedOrder, checked: bool) -> Option<Decision> {
        self.decision().filter(|decision| match decision {
            _ if checked => open.can_state(decision),
            Decision::Adopted { order } => open.can_adopt(*order),
            Decision::NotPlaced => open.can_deny(),
        })
    }

    /// Returns true if the lookups stop early.
    fn is_answered(self, open: &UnresolvedOrder, checked: bool) -> bool {
        match self {
            Self::Look => matches!(open.verdict(), Verdict::Found { .. }),
            Self::Adopt(order) => checked || open.can_adopt(order),
            Self::Deny => false,
        }
    }
}

/// The resolution of one intent: its inputs and its runner.
struct IntentResolver<'a> {
    lang: &'a Translations,
    product: &'static Product,
    /// Host and port of the account.
    host: String,
    runner: OrderRunner,
    requested: RequestedDecision,
    /// The user's statement about what they checked in `CertCentral`.
    checked: Option<String>,
    json: bool,
    /// The failure that was printed last.
    last_failure: Option<String>,
}

impl IntentResolver<'_> {
    fn message_writer(&self) -> MessageWriter<'_> {
        MessageWriter { lang: self.lang, host: &self.host }
    }

    async fn resolve(&mut self, args: &ResolveArgs, ends: &mut TerminationSignals) -> Result<u8, CommandError> {
        let journal = match self.select_intent(args.intent.map(IntentId)).await {
            Ok(journal) => journal,
            Err(unkept) => return Ok(self.report_not_kept(texts::resolve::NO_JOURNAL, &unkept)),
        };
        let done = match &journal.selected {
            SelectedIntent::Open(entry) => {
                let today = jiff::Timestamp::now().as_millisecond();
                self.runner.handle_event(OrderEvent::OpenIntentFound(
                    Box::new(entry.clone()),
                    self.runner.now(),
                    today,
                ));
                self.look_again_if_exhausted();
                tokio::select! {
                    looked = self.run_lookups(&journal, args) => looked,
                    code = ends.wait_for_exit_code() => return Ok(self.report_interrupted(entry.id, code)),
                }
            }
            SelectedIntent::Resolved(entry) if self.is_correction(entry) => return self.record_correction(entry).await,
            _ => return self.report_unselected(&journal),
        };
        done?;
        // From here on, a signal cannot interrupt: a decision is always printed.
        self.finish(&journal).await
    }

    /// Returns true if a recorded decision is to be replaced, based on what the user checked.
    fn is_correction(&self, entry: &JournalEntry) -> bool {
        let known = matches!(
            entry.outcome,
            Some(RecordedOutcome::Placed { .. } | RecordedOutcome::Refused { .. } | RecordedOutcome::NotSent)
        );
        !known && self.checked.is_some() && self.requested.decision().is_some()
    }

    /// Records another decision. It sends no request: the user has checked in CertCentral.
    async fn record_correction(&self, entry: &JournalEntry) -> Result<u8, CommandError> {
        let (Some(decision), Some(sentence)) = (self.requested.decision(), self.checked.clone()) else {
            return Ok(EXIT_REFUSED);
        };
        if let (Decision::Adopted { order }, Some(known)) = (&decision, &entry.intent.known_set.orders)
            && known.contains(order)
        {
            eprint_line(&self.lang.format(texts::resolve::WAS_THERE, with::Id(&order)));
            return Ok(EXIT_REFUSED);
        }
        let (id, digest, to_write) = (entry.id, entry.intent.digest.clone(), decision.clone());
        let stored = self.runner.run_store_task(move |store_session| {
            store_session.lock_digest(&digest)?;
            executor::record_statement(store_session, id, &to_write, sentence)
        });
        if let Err(unkept) = stored.await {
            return Ok(self.report_not_kept(texts::resolve::NOT_KEPT, &unkept));
        }
        let ids = match decision {
            Decision::Adopted { order } => vec![format!("order {order}")],
            Decision::NotPlaced => Vec::new(),
        };
        self.report_recorded(id, &decision, &ids, || report::print_decision_json(entry, &decision))
    }

    /// Prints a decision that is on disk, with the ids of the order.
    fn report_recorded(
        &self,
        id: IntentId,
        decision: &Decision,
        ids: &[String],
        print_json: impl FnOnce() -> Result<(), OutputError>,
    ) -> Result<u8, CommandError> {
        let text = match decision {
            Decision::Adopted { .. } => texts::resolve::ADOPTED,
            Decision::NotPlaced => texts::resolve::NOT_PLACED,
        };
        eprint_line(&self.lang.format(text, with::Id(&id)));
        let printed = if self.json { print_json() } else { ids.iter().try_for_each(|line| print_line(line)) };
        if printed.is_err() {
            // The user must always get the ids.
            for line in ids {
                eprint_line(line);
            }
        }
        ignore_closed_pipe(printed).map(|()| 0)
    }

    /// Returns the order while it is unresolved.
    fn unresolved_order(&self) -> Option<&UnresolvedOrder> {
        self.runner.machine.unresolved_order()
    }

    /// Starts a new lookup if all earlier ones are done and do not allow the requested decision.
    fn look_again_if_exhausted(&mut self) {
        let checked = self.checked.is_some();
        let through = |open: &UnresolvedOrder| {
            open.next_lookup_number().is_none() && self.requested.allowed_decision(open, checked).is_none()
        };
        if self.unresolved_order().is_some_and(through) {
            let now = self.runner.now();
            self.runner.handle_event(OrderEvent::Refresh(now));
        }
    }

    /// Returns the position in the schedule, in milliseconds. Earlier runs account for it, so it does not count toward
    /// the time limit.
    fn schedule_position(&self) -> u64 {
        let Some(open) = self.unresolved_order() else { return 0 };
        let due = open
            .next_lookup_number()
            .and_then(|number| LOOKUP_SCHEDULE_MS.get(number - 1))
            .copied()
            .unwrap_or_default();
        due.saturating_sub(open.next_lookup_due().unwrap_or_default().saturating_sub(self.runner.now()))
    }

    /// Runs the lookups of the schedule until there is an answer, none is left, or the next one is too late.
    async fn run_lookups(&mut self, journal: &IntentSelection, args: &ResolveArgs) -> Result<(), CommandError> {
        if !self.json {
            self.print_open_intents(journal, args.intent.is_none())?;
        }
        self.print_start(args.seconds);
        let passed = self.schedule_position();
        // Earlier lookups may already give the answer.
        let answered = |open: &UnresolvedOrder| {
            self.requested.is_answered(open, self.checked.is_some()) && open.next_lookup_number() != Some(1)
        };
        if self.unresolved_order().is_none_or(|open| answered(open) || is_next_look_late(open, passed, args.seconds)) {
            return Ok(());
        }
        self.print_next_look();
        while let Some(event) = self.runner.next_event().await {
            if let OrderEvent::LookupDone(_, look, _) = &event {
                self.print_look_failure(look);
            }
            self.runner.handle_event(event);
            if self.unresolved_order().is_none_or(|open| {
                self.requested.is_answered(open, self.checked.is_some())
                    || is_next_look_late(open, passed, args.seconds)
            }) {
                break;
            }
            self.print_next_look();
        }
        Ok(())
    }

    /// Prints what the command looks for, and for how long at most.
    fn print_start(&self, seconds: Option<u32>) {
        let last = LOOKUP_SCHEDULE_MS[LOOKUP_SCHEDULE_MS.len() - 1] / 1000;
        let seconds = seconds.map_or(last, |seconds| u64::from(seconds).min(last));
        let cause =
            self.unresolved_order().map(|open| self.message_writer().doubt_text(open.cause())).unwrap_or_default();
        eprint_line(&cause);
        let words = self.unresolved_order().and_then(|open| self.message_writer().server_answer_text(open));
        if let Some(words) = words {
            eprint_line(&words);
        }
        eprint_line(&self.lang.format(texts::resolve::LOOKS, with::Seconds(&seconds)));
    }

    fn print_next_look(&self) {
        let next =
            self.unresolved_order().and_then(|open| self.message_writer().next_look_line(open, self.runner.now()));
        if let Some((_, line)) = next {
            eprint_line(&line);
        }
    }

    /// Prints why a lookup failed, unless that was printed before.
    fn print_look_failure(&mut self, look: &LookupData) {
        let failed = |why: &str| self.lang.format(texts::follow::FAILED, with::Why(&why));
        let gap = look.first_gap().map(|(list, gap)| self.message_writer().list_gap_sentence(list, gap));
        let why = gap.or_else(|| {
            look.current_user.as_ref().err().map(|failure| failed(&self.message_writer().failure_text(failure)))
        });
        if let Some(why) = why.as_ref().filter(|why| self.last_failure.as_ref() != Some(why)) {
            eprint_line(why);
        }
        self.last_failure = why;
    }

    /// Records the requested decision if the lookups allow it, and prints the result.
    async fn finish(&mut self, journal: &IntentSelection) -> Result<u8, CommandError> {
        let Some(open) = self.unresolved_order().cloned() else { return Ok(EXIT_OUTCOME_UNKNOWN) };
        let Some(decision) = self.requested.allowed_decision(&open, self.checked.is_some()) else {
            return self.report_unknown(&open, journal);
        };
        match self.record_decision(decision.clone()).await {
            OrderTransition::Placed | OrderTransition::NotPlaced => {
                let print_json = || report::print_json(Some(&open), journal, Some(&decision));
                self.report_recorded(open.intent_id(), &decision, &self.id_lines(), print_json)
            }
            OrderTransition::NotSaved(unkept) => Ok(self.report_not_kept(texts::resolve::NOT_KEPT, &unkept)),
            _ => self.report_unknown(&open, journal),
        }
    }

    /// Records a decision. Returns the transition of the order machine once the decision is on disk, or failed to be.
    async fn record_decision(&mut self, decision: Decision) -> OrderTransition {
        let event = match self.checked.clone() {
            Some(sentence) => OrderEvent::StatementGiven(decision, sentence),
            None => OrderEvent::Decided(decision),
        };
        self.runner.handle_event(event);
        while let Some(event) = self.runner.next_event().await {
            let stored = matches!(event, OrderEvent::DecisionRecorded(..));
            let turn = self.runner.handle_event(event);
            if stored {
                return turn;
            }
        }
        OrderTransition::Stay
    }

    /// Prints that the journal failed, and returns the exit code.
    fn report_not_kept(&self, text: TextId<with::Why<'_>>, unkept: &PersistenceError) -> u8 {
        let why = self.message_writer().store_failure_text(unkept);
        eprint_lines(&self.lang.format(text, with::Why(&why)));
        EXIT_COULD_NOT_RUN
    }

    /// Prints that a signal came while the outcome is still unknown.
    fn report_interrupted(&self, id: IntentId, code: u8) -> u8 {
        eprint_line(&self.lang.format(texts::resolve::ENDED, with::Id(&id)));
        code
    }

    fn report_unknown(&self, open: &UnresolvedOrder, journal: &IntentSelection) -> Result<u8, CommandError> {
        self.print_verdict(open, journal)?;
        let refusal = self.report().refusal_line(open, self.requested, self.checked.is_some());
        for line in refusal.into_iter().chain(self.report().next_step_lines(open)) {
            eprint_line(&line);
        }
        Ok(EXIT_OUTCOME_UNKNOWN)
    }

    /// Returns the ids of the order that was found, one per line.
    fn id_lines(&self) -> Vec<String> {
        let OrderMachine::Placed(follow) = &self.runner.machine else { return Vec::new() };
        let requests = follow.requests().iter().map(|one| format!("request {} {}", one.id, one.status));
        let lines = std::iter::once(format!("order {}", follow.placed_order().id)).chain(requests);
        lines.map(|line| line.trim_end().to_owned()).collect()
    }

    fn report(&self) -> ResolveReport<'_> {
        ResolveReport { messages: self.message_writer(), product: self.product }
    }

    /// Prints the result of the lookups on standard output.
    fn print_verdict(&self, open: &UnresolvedOrder, journal: &IntentSelection) -> Result<(), CommandError> {
        if self.json {
            return ignore_closed_pipe(report::print_json(Some(open), journal, None));
        }
        ignore_closed_pipe(LinePrinter::from_environment().print_all(&self.message_writer().verdict_lines(open)))
    }

    /// Prints the selected intent, and the other open ones if none was named.
    fn print_open_intents(&self, journal: &IntentSelection, all: bool) -> Result<(), CommandError> {
        let lines = self.report().intent_lines(journal, all);
        ignore_closed_pipe(lines.iter().try_for_each(|line| LinePrinter::from_environment().print(Tone::Plain, line)))
    }

    /// Prints why no intent was selected, and returns the exit code.
    fn report_unselected(&self, journal: &IntentSelection) -> Result<u8, CommandError> {
        if self.json {
            ignore_closed_pipe(report::print_json(None, journal, None))?;
        } else {
            self.print_open_intents(journal, true)?;
        }
        self.report().unselected_lines(journal).iter().for_each(|line| eprint_line(line));
        Ok(match journal.selected {
            SelectedIntent::Open(_) | SelectedIntent::Busy => EXIT_OUTCOME_UNKNOWN,
            SelectedIntent::OtherHost(_) => EXIT_COULD_NOT_RUN,
            SelectedIntent::Resolved(_) | SelectedIntent::Missing(_) => EXIT_REFUSED,
            SelectedIntent::NoneOpen => 0,
        })
    }
}

/// Returns true if the next lookup is due only after the time limit. `passed` is the position in the schedule at the
/// start, in milliseconds.
fn is_next_look_late(open: &UnresolvedOrder, passed: u64, seconds: Option<u32>) -> bool {
    let due = open.next_lookup_number().and_then(|number| LOOKUP_SCHEDULE_MS.get(number - 1));
    let limit = seconds.map_or(u64::MAX, |seconds| u64::from(seconds) * 1000 + passed);
    due.is_none_or(|due| *due > limit)
}
