//! `zegel check`: every problem of each payload.
//!
//! As many threads as there are processors check the files, and the results appear in the order of the arguments.
//! `form::lint` finds the problems, and `report` writes them.

mod excerpt;
mod report;

use super::output::{OutputError, ignore_closed_pipe, print_visible};
use super::payload_source::{self, PayloadReadError};
use super::{CommandError, EXIT_COULD_NOT_RUN, EXIT_REFUSED};
use crate::cli;
use crate::domain::AccountData;
use crate::form::lint::{LintReport, lint_text};
use crate::form::{Audience, ValidationContext};
use crate::i18n::{TextId, Translations, texts, with};
use crate::product::{PKIO, Product, Severity};
use crate::text;
use report::FileReport;
use std::collections::VecDeque;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// A thread takes this many files at once.
const BATCH_SIZE: usize = 64;

/// The maximum number of batches per thread that are checked, queued or not yet printed.
const MAX_BATCHES_PER_THREAD: usize = 4;

/// The counts of the files so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct CheckCounts {
    files: usize,
    errors: usize,
    warnings: usize,
    unread: usize,
}

impl CheckCounts {
    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.unread += other.unread;
    }

    /// The exit code if all requested files were checked.
    fn exit_code(self, strict: bool) -> u8 {
        match self {
            Self { unread: 1.., .. } => EXIT_COULD_NOT_RUN,
            _ if self.has_problems(strict) => EXIT_REFUSED,
            _ => 0,
        }
    }

    /// The exit code if not all files were checked: no problems found is then no proof that there are none.
    fn exit_code_when_stopped(self, strict: bool) -> u8 {
        if self.has_problems(strict) { EXIT_REFUSED } else { EXIT_COULD_NOT_RUN }
    }

    /// Returns true if there are problems that count.
    fn has_problems(self, strict: bool) -> bool {
        self.errors > 0 || strict && self.warnings > 0
    }
}

/// Checks the files, and prints their problems.
pub(super) fn run(lang: &Translations, args: &cli::CheckArgs) -> Result<u8, CommandError> {
    let color = !args.json && io::stdout().is_terminal() && super::has_color();
    let desk = FileChecker { product: PKIO, lang, json: args.json, strict: args.strict, color };
    let (mut unread, mut files) = (CheckOutput::default(), Vec::new());
    for path in &args.paths {
        match payload_source::payload_files(path) {
            Ok(found) => files.extend(found),
            Err(why) => unread.append(&desk.unreadable_output(path, &why)),
        }
    }
    let mut tally = CheckCounts::default();
    let mut sink = |output: &CheckOutput| {
        tally.add(output.counts);
        output.print()
    };
    let written = sink(&unread).and_then(|()| desk.check_files(&files, &mut sink));
    let left = files.len() + unread.counts.unread - tally.files - tally.unread;
    if !args.json || left > 0 {
        super::eprint_lines(&summary_text(lang, tally, left));
    }
    ignore_closed_pipe(written)?;
    Ok(if left > 0 { tally.exit_code_when_stopped(args.strict) } else { tally.exit_code(args.strict) })
}

/// Returns the summary of all files; `left` is the number of files that were not reached.
fn summary_text(lang: &Translations, tally: CheckCounts, left: usize) -> String {
    let count = |id: TextId<with::Count<'_>>, count: usize| lang.format(id, with::Count(&lang.format_count(count)));
    let one = |alone: TextId, id: TextId<with::Count<'_>>, of: usize| match of {
        1 => lang.text(alone).to_owned(),
        of => count(id, of),
    };
    let checked = if left == 0 {
        one(texts::check::ONE_FILE, texts::check::FILES, tally.files)
    } else {
        let all = tally.files + tally.unread + left;
        let id = if all == 1 { texts::check::FILES_OF_ONE } else { texts::check::FILES_OF };
        lang.format(id, (with::Count(&lang.format_count(tally.files)), with::All(&lang.format_count(all))))
    };
    let right = tally.files - tally.errors - tally.warnings;
    let parts = [
        (tally.errors, count(texts::check::WITH_ERRORS, tally.errors)),
        (tally.warnings, count(texts::check::WITH_WARNINGS, tally.warnings)),
        (right, count(texts::check::RIGHT, right)),
        (tally.unread, count(texts::check::UNREAD, tally.unread)),
    ];
    let texts: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    if texts.is_empty() { checked } else { format!("{checked}: {}", texts.join(", ")) }
}

/// Returns the report about one payload, as lines for standard error.
pub(super) fn report_text(
    lang: &Translations,
    product: &'static Product,
    file: &Path,
    source: &[u8],
    audit: &LintReport,
) -> String {
    let desk = FileChecker {
        product,
        lang,
        json: false,
        strict: false,
        color: io::stderr().is_terminal() && super::has_color(),
    };
    FileReport { checker: desk, file, source, audit }.to_text()
}

/// The settings of the check, the same for every file.
#[derive(Clone, Copy)]
struct FileChecker<'a> {
    product: &'static Product,
    lang: &'a Translations,
    json: bool,
    /// True if warnings count as errors.
    strict: bool,
    color: bool,
}

/// The output about some files.
#[derive(Default)]
struct CheckOutput {
    stdout: String,
    stderr: String,
    counts: CheckCounts,
}

impl CheckOutput {
    fn append(&mut self, other: &Self) {
        self.stdout.push_str(&other.stdout);
        self.stderr.push_str(&other.stderr);
        self.counts.add(other.counts);
    }

    fn print(&self) -> Result<(), OutputError> {
        super::eprint_lines(&self.stderr);
        print_visible(&self.stdout)
    }
}

/// Files to check, and where to send the output.
type BatchJob<'a> = (&'a [PathBuf], SyncSender<CheckOutput>);

/// The receiver of the output about some files.
type OutputSink<'a> = &'a mut dyn FnMut(&CheckOutput) -> Result<(), OutputError>;

impl FileChecker<'_> {
    /// Checks all files. It stops when nobody reads the output any more.
    fn check_files(self, files: &[PathBuf], sink: OutputSink<'_>) -> Result<(), OutputError> {
        let batches = files.len().div_ceil(BATCH_SIZE);
        // Finding the number of processors reads system files, which is not worth it for one batch.
        let threads = if batches > 1 { thread::available_parallelism().map_or(1, usize::from).min(batches) } else { 1 };
        match threads {
            0 | 1 => files.chunks(BATCH_SIZE).try_for_each(|batch| sink(&self.check_batch(batch))),
            _ => self.check_in_parallel(files, threads, sink),
        }
    }

    /// Checks the batches in several threads, and prints them in order. Only few batches run ahead of the printed one:
    /// a slow reader slows the check down instead of filling the memory.
    fn check_in_parallel(self, files: &[PathBuf], threads: usize, sink: OutputSink<'_>) -> Result<(), OutputError> {
        let mut batches = files.chunks(BATCH_SIZE);
        thread::scope(|scope| {
            let (give, jobs) = channel();
            let jobs = Arc::new(Mutex::new(jobs));
            for _ in 0..threads {
                let jobs = Arc::clone(&jobs);
                scope.spawn(move || self.run_worker(&jobs));
            }
            let mut job = || {
                let (answer, receiver) = sync_channel(1);
                give.send((batches.next()?, answer)).ok()?;
                Some(receiver)
            };
            let mut waiting: VecDeque<Receiver<CheckOutput>> =
                (0..MAX_BATCHES_PER_THREAD * threads).map_while(|_| job()).collect();
            while let Some(receiver) = waiting.pop_front() {
                // The channel closes only if a thread has panicked; then all output stops.
                let Ok(output) = receiver.recv() else { break };
                sink(&output)?;
                waiting.extend(job());
            }
            Ok(())
        })
    }

    /// Checks batches until there are no more, or nobody receives the output.
    fn run_worker(self, jobs: &Mutex<Receiver<BatchJob<'_>>>) {
        let next = || jobs.lock().ok()?.recv().ok();
        while let Some((batch, answer)) = next() {
            if answer.send(self.check_batch(batch)).is_err() {
                return;
            }
        }
    }

    fn check_batch(self, files: &[PathBuf]) -> CheckOutput {
        let mut output = CheckOutput::default();
        for file in files {
            output.append(&self.check_file(file));
        }
        output
    }

    fn check_file(self, file: &Path) -> CheckOutput {
        let bytes = match payload_source::read_payload(self.lang, file) {
            Ok(bytes) => bytes,
            Err(why) => return self.unreadable_output(file, &why),
        };
        let known = AccountData::default();
        let context =
            ValidationContext { today: crate::tui::event_loop::today_utc(), known: &known, audience: Audience::Review };
        let audit = lint_text(self.product, &bytes, &context);
        let report = FileReport { checker: self, file, source: &bytes, audit: &audit };
        let out = if self.json { report.to_json_line() } else { report.to_text() };
        CheckOutput { stdout: out, counts: count_problems(&audit), ..CheckOutput::default() }
    }

    fn unreadable_output(self, path: &Path, why: &PayloadReadError) -> CheckOutput {
        let words = why.message(self.lang, path);
        let out = if self.json { report::unreadable_json_line(path, &words) } else { String::new() };
        CheckOutput {
            stdout: out,
            stderr: text::visible(&words).into_owned() + "\n",
            counts: CheckCounts { unread: 1, ..CheckCounts::default() },
        }
    }

    /// Returns true if there are no problems that count.
    fn is_passing(self, audit: &LintReport) -> bool {
        !audit.has_errors() && (!self.strict || audit.findings.is_empty())
    }
}

fn count_problems(audit: &LintReport) -> CheckCounts {
    let errors = audit.has_errors();
    let warnings = !errors && audit.findings.iter().any(|finding| finding.level == Severity::Warning);
    CheckCounts { files: 1, errors: errors.into(), warnings: warnings.into(), unread: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use rstest::rstest;

    #[rstest]
    #[case(Language::En, 1, 0, "1 file checked: 1 without problems")]
    #[case(Language::En, 2, 0, "2 files checked: 2 without problems")]
    #[case(Language::En, 0, 1, "0 of 1 file checked")]
    #[case(Language::En, 1, 1, "1 of 2 files checked: 1 without problems")]
    #[case(Language::Nl, 0, 1, "0 van 1 bestand gecontroleerd")]
    #[case(Language::Nl, 0, 2, "0 van 2 bestanden gecontroleerd")]
    fn the_summary_of_one_file_is_singular(
        #[case] language: Language,
        #[case] files: usize,
        #[case] left: usize,
        #[case] text: &str,
    ) {
        let lang = Translations::new(language);
        assert_eq!(summary_text(&lang, CheckCounts { files, ..CheckCounts::default() }, left), text);
    }
}
