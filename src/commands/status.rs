//! `zegel status`: the status of an order, printed once, at each change, or as a summary page.
//!
//! The command sends the same requests as the Status screen of the wizard, and changes nothing. If the journal has the
//! order, the output includes what was requested; otherwise it omits that.

mod lookup;
mod query;
pub(super) mod snapshot;
mod summary;
mod text_document;

use super::context::CommandContext;
use super::order_runner::OrderRunner;
use super::output::{LinePrinter, OutputError, json_line};
use super::signals::{self, TerminationSignals};
use super::{CommandError, EXIT_COULD_NOT_RUN, eprint_line, eprint_lines};
use crate::cli::StatusArgs;
use crate::domain::{ApiError, RequestRow};
use crate::i18n::{texts, with};
use crate::product::{self};
use crate::tone::Tone;
use crate::tui::event_loop::RunError;
use lookup::IdLookup;
use query::StatusQuery;
use snapshot::StatusSnapshot;

/// Prints the status, and returns the exit code.
pub(super) fn run(context: &CommandContext, args: &StatusArgs) -> Result<u8, CommandError> {
    let (lang, product) = (&context.lang, product::PKIO);
    let access = context.access_with_key(product)?;
    let (host, sandbox) = (access.host.host_and_port().to_owned(), access.sandbox);
    let errand = OrderRunner::new(&access, product)?;
    let runtime = signals::build_runtime().map_err(RunError::System)?;
    let mut inquiry = StatusQuery {
        lang,
        product,
        host,
        sandbox,
        id: args.id,
        runner: errand,
        journal_entries: Vec::new(),
        last_failure: None,
    };
    let done = runtime.block_on(async {
        let mut ends = TerminationSignals::listen().map_err(RunError::System)?;
        tokio::select! {
            done = inquiry.answer_query(args) => done,
            code = ends.wait_for_exit_code() => Ok(code),
            () = signals::wait_until_stdout_closed() => Ok(0),
        }
    });
    inquiry.runner.close();
    // Pending requests must not delay the end of the program.
    runtime.shutdown_background();
    done
}

impl StatusQuery<'_> {
    async fn answer_query(&mut self, args: &StatusArgs) -> Result<u8, CommandError> {
        self.read_journal().await;
        let found = self.look_up_id().await;
        let printed = match (args.summary, args.watch) {
            (true, _) => self.print_summary(found).await,
            (_, true) => self.watch_changes(found, args.json).await,
            _ => self.print_once(found, args.json),
        };
        match printed {
            Ok(code) => Ok(code),
            Err(OutputError::Closed) => Ok(0),
            Err(OutputError::Failed(why)) => Err(CommandError::Output(why)),
        }
    }

    /// Prints the status once.
    fn print_once(&self, found: IdLookup, json: bool) -> Result<u8, OutputError> {
        let picture = match found {
            IdLookup::Order => self.snapshot(),
            IdLookup::Request(row) => StatusSnapshot::from_request(&row),
            IdLookup::NotFound(failure) => return Ok(self.report_not_found(&failure)),
        };
        if let Some(failure) = &picture.failure {
            self.print_failure(failure);
        }
        if !picture.has_data() {
            return Ok(EXIT_COULD_NOT_RUN);
        }
        self.print_snapshot(&picture, json)?;
        Ok(0)
    }

    fn print_snapshot(&self, picture: &StatusSnapshot, json: bool) -> Result<(), OutputError> {
        if json {
            let failure = picture.failure.as_ref().map(|failure| self.message_writer().failure_text(failure));
            let line = json_line(&picture.to_json(&self.host, failure.as_deref()));
            return LinePrinter::without_color().print(Tone::Plain, &line);
        }
        let validity = self.journal_entry().map(|entry| snapshot::requested_validity_text(&entry.intent));
        LinePrinter::from_environment().print_all(&picture.status_lines(self.message_writer(), validity.as_ref()))
    }

    /// Prints each change until the status is final. A failure is printed only once.
    async fn watch_changes(&mut self, found: IdLookup, json: bool) -> Result<u8, OutputError> {
        match found {
            IdLookup::Order => {}
            IdLookup::NotFound(failure) => return Ok(self.report_not_found(&failure)),
            IdLookup::Request(row) => return self.report_unwatchable(&row, json),
        }
        let mut last = StatusSnapshot::default();
        loop {
            let picture = self.snapshot();
            self.print_new_failure(picture.failure.clone());
            if picture.has_data() && !picture.is_same_status(&last) {
                self.print_change(&picture, json)?;
                last = picture;
            } else if !picture.has_data() && !picture.may_arrive_later(self.journal_entry().is_some()) {
                return Ok(EXIT_COULD_NOT_RUN);
            }
            if !self.run_round().await {
                eprint_line(self.lang.text(texts::status::FINAL));
                return Ok(0);
            }
        }
    }

    fn print_change(&self, picture: &StatusSnapshot, json: bool) -> Result<(), OutputError> {
        if json {
            return self.print_snapshot(picture, json);
        }
        let (tone, line) = picture.change_line(self.message_writer());
        LinePrinter::from_environment().print(tone, &line)
    }

    /// Prints a request that names no order, which cannot be followed.
    fn report_unwatchable(&self, row: &RequestRow, json: bool) -> Result<u8, OutputError> {
        self.print_change(&StatusSnapshot::from_request(row), json)?;
        eprint_lines(&self.lang.format(texts::follow::NO_ORDER, with::Id(&row.id)));
        Ok(EXIT_COULD_NOT_RUN)
    }

    /// Prints a failure, unless it was printed before. After a success, the same failure is printed again.
    fn print_new_failure(&mut self, failure: Option<ApiError>) {
        if let Some(failure) = failure.as_ref().filter(|failure| self.last_failure.as_ref() != Some(failure)) {
            self.print_failure(failure);
        }
        self.last_failure = failure;
    }
}
