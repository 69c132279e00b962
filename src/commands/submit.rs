//! `zegel submit`: places the order in a payload, with the same order machine as the wizard.
//!
//! All errors that can be found locally are found before the first request. The order is sent once, after a deliberate
//! act: the digest of the reviewed order, or a typed word. `report` words the output.

mod prompt;
mod report;

use super::context::CommandContext;
use super::order_runner::OrderRunner;
use super::payload::{self, LoadedPayload};
use super::signals::{self, TerminationSignals};
use super::{CommandError, EXIT_OUTCOME_UNKNOWN, eprint_line};
use crate::cli;
use crate::domain::{AccountData, PersistenceError, PersistenceErrorKind};
use crate::form::{Audience, Form, PayloadText, SHORT_DIGEST_LENGTH, ValidationContext};
use crate::i18n::{texts, with};
use crate::order::executor;
use crate::order::resolve::Verdict;
use crate::order::{OrderEvent, OrderMachine, OrderPlan, OrderTransition, PreflightReport};
use crate::product::{PKIO, Severity};
use crate::store::Acknowledgment;
use crate::tui::event_loop::RunError;
use report::{SubmitOutcome, SubmitReport};

/// Checks the payload, asks for confirmation, places the order, and returns the exit code.
pub(super) fn run(context: &CommandContext, args: &cli::SubmitArgs) -> Result<u8, CommandError> {
    let (lang, product) = (&context.lang, PKIO);
    let access = context.access_with_key(product)?;
    let account = report::TargetAccount { host: access.host.host_and_port().to_owned(), sandbox: access.sandbox };
    let report = SubmitReport { lang, product, account, json: args.json };
    let Some(loaded) = payload::load_payload(lang, product, &args.file)? else {
        return Ok(report.finish(&SubmitOutcome::Problems));
    };
    let form = match reviewed_form(args, loaded, &report) {
        Ok(form) => form,
        Err(code) => return Ok(code),
    };
    if args.confirm.is_none() && !prompt::can_prompt() {
        return Err(CommandError::Unconfirmed);
    }
    let errand = OrderRunner::new(&access, product)?;
    let body = form.payload_text();
    let mut submission = Submission { args, form, body, runner: errand, report };
    let runtime = signals::build_runtime().map_err(RunError::System)?;
    let done = runtime.block_on(async {
        let mut ends = TerminationSignals::listen().map_err(RunError::System)?;
        tokio::select! {
            code = submission.place_order() => code,
            code = ends.wait_for_exit_code() => Ok(Err(code)),
        }
    });
    // The outcome is written to disk before the program ends.
    submission.runner.close();
    runtime.shutdown_background();
    match done? {
        Ok(code) => Ok(code),
        Err(signal) => Ok(submission.report_interrupted(signal)),
    }
}

/// Returns the form if it has no errors and is the reviewed one. Otherwise it prints why, and returns the exit code.
fn reviewed_form(args: &cli::SubmitArgs, loaded: LoadedPayload, report: &SubmitReport<'_>) -> Result<Form, u8> {
    loaded.print_report();
    if loaded.has_errors() {
        return Err(report.finish(&SubmitOutcome::Problems));
    }
    let form = loaded.reading.form;
    let body = form.payload_text();
    match args.confirm.as_deref() {
        Some(digest) if !matches_digest(digest, &body) => {
            Err(report.finish(&SubmitOutcome::NotConfirmed { asked: digest, is: &body }))
        }
        _ => Ok(form),
    }
}

/// Returns true if this is the digest of the body: all digits, or as many as are shown.
fn matches_digest(digest: &str, body: &PayloadText) -> bool {
    let digest = digest.trim().to_ascii_lowercase();
    let long = digest.len() == SHORT_DIGEST_LENGTH || digest.len() == body.digest().len();
    long && body.digest().starts_with(&digest)
}

/// The placement of one order: its inputs and its runner.
struct Submission<'a> {
    args: &'a cli::SubmitArgs,
    form: Form,
    body: PayloadText,
    runner: OrderRunner,
    report: SubmitReport<'a>,
}

impl Submission<'_> {
    /// Runs the preflight, asks for confirmation if needed, and places the order.
    async fn place_order(&mut self) -> Result<Result<u8, u8>, CommandError> {
        if !self.fill_in_secrets().await? {
            return Ok(Ok(self.report.finish(&SubmitOutcome::Problems)));
        }
        let intent = self.form.build_intent(&self.body, &self.report.account.host);
        self.runner.handle_event(OrderEvent::Planned(Box::new(OrderPlan { intent, preflight_number: 1 })));
        loop {
            let Some(report) = self.run_preflight().await else { return Ok(Ok(2)) };
            if let Err(unkept) = self.acknowledge_losses(&report).await {
                return Ok(Ok(self.report.finish(&SubmitOutcome::NotRecorded { unkept: &unkept, blocked: false })));
            }
            if let Some(code) = self.preflight_refusal(&report) {
                return Ok(Ok(code));
            }
            if let Some(code) = self.ask_confirmation(&report).await? {
                return Ok(Ok(code));
            }
            let body = self.body.expose_request_body(&self.form);
            if self.runner.handle_event(OrderEvent::Confirmed(body, self.runner.now()))
                != OrderTransition::PreflightExpired
            {
                self.form.wipe_secrets();
                return Ok(Ok(self.await_outcome().await));
            }
            // Typing the word took so long that the preflight expired, so it runs again.
            eprint_line(self.report.lang.text(texts::flash::AGED));
        }
    }

    /// Fills in the secrets that the file lacks. Returns true if the form then has no errors.
    async fn fill_in_secrets(&mut self) -> Result<bool, CommandError> {
        prompt::ask_for_secrets(self.report.lang, &mut self.form, self.args.card_from_stdin).await?;
        let known = AccountData::default();
        let context =
            ValidationContext { today: crate::tui::event_loop::today_utc(), known: &known, audience: Audience::Review };
        let problems = self.form.find_problems(&context).into_iter();
        let wrong: Vec<_> = problems.filter(|problem| problem.level == Severity::Error).collect();
        self.report.print_problems(&wrong);
        // The text now contains the secrets. The digest does not cover them, so it is unchanged.
        self.body = self.form.payload_text();
        Ok(wrong.is_empty() && prompt::missing_secrets(&self.form).is_empty())
    }

    /// Waits for the result of the preflight. `None` if it never comes.
    async fn run_preflight(&mut self) -> Option<PreflightReport> {
        while self.runner.machine.preflight_report().is_none() {
            let event = self.runner.next_event().await?;
            self.runner.handle_event(event);
        }
        self.runner.machine.preflight_report().cloned()
    }

    /// Records that the user acknowledged the losses of the journal, if the command line says so.
    async fn acknowledge_losses(&self, report: &PreflightReport) -> Result<(), PersistenceError> {
        if report.unacknowledged_losses().is_empty() || !self.args.journal_lost {
            return Ok(());
        }
        let losses = report.unacknowledged_losses().iter().map(|loss| loss.id).collect();
        let by = Acknowledgment { losses, words: "--journal-lost".to_owned(), user: executor::local_user() };
        self.runner
            .run_store_task(move |store_session| store_session.with_store(|store| store.acknowledge_losses(&by)))
            .await
    }

    /// Returns the exit code if the preflight prevents the order.
    fn preflight_refusal(&self, report: &PreflightReport) -> Option<u8> {
        self.report.print_preflight(report);
        let Ok(records) = &report.records else { return Some(self.report.finish(&SubmitOutcome::NoJournal)) };
        if !report.unacknowledged_losses().is_empty() && !self.args.journal_lost {
            return Some(self.report.finish(&SubmitOutcome::JournalLost { lost: report.unacknowledged_losses() }));
        }
        if let Some(entry) = &records.blocking_intent {
            return Some(self.report.finish(&SubmitOutcome::Blocked { intent: entry.id }));
        }
        let named = |one: &crate::order::SimilarOrder| {
            let ids = [one.order, one.request_id];
            ids.into_iter().flatten().any(|id| self.args.despite.contains(&id))
        };
        let alike: Vec<_> =
            report.similar_orders.iter().filter(|one| !one.is_ended_duplicate() && !named(one)).collect();
        if !alike.is_empty() {
            return Some(self.report.finish(&SubmitOutcome::SimilarOrders { alike: &alike }));
        }
        let guarded = report.has_known_set() || self.args.unprotected || self.args.confirm.is_none();
        (!guarded).then(|| self.report.finish(&SubmitOutcome::Unprotected))
    }

    /// Gets the confirmation: the digest, or the word typed now. Returns the exit code if it is refused.
    async fn ask_confirmation(&mut self, report: &PreflightReport) -> Result<Option<u8>, CommandError> {
        let who = self.organization_text().await;
        self.report.print_summary(&self.form, &self.body, &who, self.args.confirm.is_none());
        if self.args.confirm.is_some() {
            return Ok(None);
        }
        let protects = report.has_known_set() || self.args.unprotected;
        let word = self.report.message_writer().confirmation_word(report.newest_duplicate(), protects, false);
        let typed = prompt::read_word(&self.report.lang.format(texts::submit::TYPE, with::Word(&word))).await?;
        Ok((typed != word).then(|| self.report.finish(&SubmitOutcome::NotTyped)))
    }

    /// Returns the organization of the order, with the name that the account has for its id.
    async fn organization_text(&self) -> String {
        let Some(id) = self.form.organization_id() else {
            let name = self.form.subject_place().map(|at| self.form.text(at)).unwrap_or_default();
            return self.report.lang.format(texts::confirm::NEW_ORGANIZATION, with::Name(&name));
        };
        let known = async { self.runner.client()?.fetch_organization(id).await }.await;
        let name =
            known.ok().map_or_else(|| self.report.lang.text(texts::submit::NO_NAME).to_owned(), |known| known.name);
        format!("{name} ({id})")
    }

    /// Waits for the outcome until it is on disk or cannot be written, and returns the exit code.
    async fn await_outcome(&mut self) -> u8 {
        let mut ended = None;
        while let Some(event) = self.runner.next_event().await {
            let recorded = matches!(event, OrderEvent::OutcomeRecorded(_));
            match self.runner.handle_event(event) {
                OrderTransition::NotRecorded(unkept) => {
                    let blocked = matches!(
                        unkept.kind,
                        PersistenceErrorKind::Blocked(_)
                            | PersistenceErrorKind::SendingElsewhere
                            | PersistenceErrorKind::PlacedMeanwhile(_)
                    );
                    return self.report.finish(&SubmitOutcome::NotRecorded { unkept: &unkept, blocked });
                }
                OrderTransition::NotSaved(unkept) => self.report.print_unrecorded(&unkept),
                OrderTransition::Stay => {}
                turn => ended = Some(turn),
            }
            if recorded {
                break;
            }
        }
        match ended {
            Some(OrderTransition::Placed) => self.report.report_placed(&self.runner.machine, &self.body),
            Some(OrderTransition::Refused(status, errors)) => {
                self.report.finish(&SubmitOutcome::Refused { status, errors: &errors, form: &self.form })
            }
            Some(OrderTransition::NotSent(reason)) => self.report.finish(&SubmitOutcome::NotSent { reason: &reason }),
            _ => self.look_for_order().await,
        }
    }

    /// Looks for an order with unknown outcome, as long as requested. It decides nothing.
    async fn look_for_order(&mut self) -> u8 {
        if let Some(open) = self.runner.machine.unresolved_order() {
            self.report.print_looking(open);
        }
        let patience = self.runner.scaled_duration(self.args.resolve.saturating_mul(1000));
        let _ = tokio::time::timeout(patience, self.run_lookups()).await;
        self.report_unknown()
    }

    async fn run_lookups(&mut self) {
        while let Some(open) = self.runner.machine.unresolved_order() {
            if matches!(open.verdict(), Verdict::Found { .. }) {
                return;
            }
            let Some(event) = self.runner.next_event().await else { return };
            self.runner.handle_event(event);
        }
    }

    fn report_unknown(&self) -> u8 {
        match self.runner.machine.unresolved_order() {
            Some(open) => self.report.finish(&SubmitOutcome::Unknown { open }),
            None => EXIT_OUTCOME_UNKNOWN,
        }
    }

    /// Handles a signal to end. An order that may have been sent determines the exit code before the signal does.
    fn report_interrupted(&self, signal: u8) -> u8 {
        match &self.runner.machine {
            OrderMachine::Unknown(_) => self.report_unknown(),
            OrderMachine::Recording(..) => self.report.finish(&SubmitOutcome::Interrupted { intent: None }),
            OrderMachine::Sending(_, id, _) => self.report.finish(&SubmitOutcome::Interrupted { intent: Some(*id) }),
            OrderMachine::Placed(_) => self.report.report_placed(&self.runner.machine, &self.body),
            OrderMachine::Ready | OrderMachine::Planned(..) => {
                eprint_line(self.report.lang.text(texts::submit::NOTHING_SENT));
                signal
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::whole(64, true)]
    #[case::shown(16, true)]
    #[case::short(15, false)]
    #[case::between(17, false)]
    #[case::nothing(0, false)]
    fn a_digest_confirms_in_full_or_in_its_displayed_form(#[case] digits: usize, #[case] right: bool) {
        let body = Form::new(PKIO).payload_text();
        assert_eq!(matches_digest(&body.digest()[..digits].to_uppercase(), &body), right);
        let other: String = body.digest()[..digits].chars().map(|c| if c == '0' { '1' } else { '0' }).collect();
        assert!(!matches_digest(&other, &body));
    }
}
