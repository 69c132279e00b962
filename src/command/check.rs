//! `zegel check`: every problem of each payload.
//!
//! Files are looked through by as many threads as there are processors, and told in the order in which they were
//! named. What is wrong is the matter of `form::audit`, how it is written that of `report`.

mod excerpt;
mod report;

use super::lines::{Unwritten, print_block, written};
use super::source::{self, Unreadable};
use super::{COULD_NOT_RUN, REFUSED, Trouble};
use crate::cli;
use crate::facts::Known;
use crate::form::audit::{Audit, audit};
use crate::form::{Audience, Context};
use crate::lang::Lang;
use crate::product::{Level, Product, pkio};
use crate::text;
use report::Report;
use std::collections::VecDeque;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// So many files are taken at once by a thread.
const BATCH: usize = 64;

/// So many batches are there at most for each thread: being checked, waiting, or not told yet.
const AHEAD: usize = 4;

/// What came of the files so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    files: usize,
    errors: usize,
    warnings: usize,
    unread: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.unread += other.unread;
    }

    /// The exit code, where all that was asked for was looked at.
    fn code(self, strict: bool) -> u8 {
        match self {
            Self { unread: 1.., .. } => COULD_NOT_RUN,
            _ if self.finds(strict) => REFUSED,
            _ => 0,
        }
    }

    /// The exit code, where not all was: nothing found is no proof that nothing is wrong.
    fn code_unfinished(self, strict: bool) -> u8 {
        if self.finds(strict) { REFUSED } else { COULD_NOT_RUN }
    }

    /// Whether something was found that counts.
    fn finds(self, strict: bool) -> bool {
        self.errors > 0 || strict && self.warnings > 0
    }
}

/// Checks the files, and tells what is wrong with them.
pub(super) fn run(lang: &Lang, args: &cli::Check) -> Result<u8, Trouble> {
    let color = !args.json && io::stdout().is_terminal() && super::has_color();
    let desk = Desk { product: pkio()?, lang, json: args.json, strict: args.strict, color };
    let (mut unread, mut files) = (Told::default(), Vec::new());
    for path in &args.paths {
        match source::files(path) {
            Ok(found) => files.extend(found),
            Err(why) => unread.add(&desk.unread(path, &why)),
        }
    }
    let mut tally = Tally::default();
    let mut tell = |told: &Told| {
        tally.add(told.tally);
        told.tell()
    };
    let told = tell(&unread).and_then(|()| desk.all(&files, &mut tell));
    let left = files.len() + unread.tally.unread - tally.files - tally.unread;
    if !args.json || left > 0 {
        super::say(&summary(lang, tally, left));
    }
    written(told)?;
    Ok(if left > 0 { tally.code_unfinished(args.strict) } else { tally.code(args.strict) })
}

/// What came of all files; of so many nothing is known.
fn summary(lang: &Lang, tally: Tally, left: usize) -> String {
    let count = |id: &'static str, count: usize| lang.tell(id, &[("count", &lang.count(count))]);
    let one = |alone: &'static str, id: &'static str, of: usize| match of {
        1 => lang.say(alone).to_owned(),
        of => count(id, of),
    };
    let checked = if left == 0 {
        one("check.one_file", "check.files", tally.files)
    } else {
        let all = tally.files + tally.unread + left;
        let id = if all == 1 { "check.files_of_one" } else { "check.files_of" };
        lang.tell(id, &[("count", &lang.count(tally.files)), ("all", &lang.count(all))])
    };
    let right = tally.files - tally.errors - tally.warnings;
    let parts = [
        (tally.errors, count("check.with_errors", tally.errors)),
        (tally.warnings, count("check.with_warnings", tally.warnings)),
        (right, count("check.right", right)),
        (tally.unread, count("check.unread", tally.unread)),
    ];
    let said: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    if said.is_empty() { checked } else { format!("{checked}: {}", said.join(", ")) }
}

/// What is told of one payload that was looked through, as lines for standard error.
pub(super) fn told(lang: &Lang, product: &'static Product, file: &Path, source: &[u8], audit: &Audit) -> String {
    let desk =
        Desk { product, lang, json: false, strict: false, color: io::stderr().is_terminal() && super::has_color() };
    Report { desk, file, source, audit }.human()
}

/// What every file is checked with.
#[derive(Clone, Copy)]
struct Desk<'a> {
    product: &'static Product,
    lang: &'a Lang,
    json: bool,
    /// Whether warnings count.
    strict: bool,
    color: bool,
}

/// What there is to tell of some files, and where.
#[derive(Default)]
struct Told {
    out: String,
    err: String,
    tally: Tally,
}

impl Told {
    fn add(&mut self, other: &Self) {
        self.out.push_str(&other.out);
        self.err.push_str(&other.err);
        self.tally.add(other.tally);
    }

    /// Tells it.
    fn tell(&self) -> Result<(), Unwritten> {
        super::say(&self.err);
        print_block(&self.out)
    }
}

/// Files to check, and whom to tell.
type Job<'a> = (&'a [PathBuf], SyncSender<Told>);

/// Who is told of some files.
type Tell<'a> = &'a mut dyn FnMut(&Told) -> Result<(), Unwritten>;

impl Desk<'_> {
    /// Checks all files. Whoever reads no more is told no more, and then no more is looked at.
    fn all(self, files: &[PathBuf], tell: Tell<'_>) -> Result<(), Unwritten> {
        let batches = files.len().div_ceil(BATCH);
        // How many there may be is read from files of the system: that is not worth it for one batch.
        let threads = if batches > 1 { thread::available_parallelism().map_or(1, usize::from).min(batches) } else { 1 };
        match threads {
            0 | 1 => files.chunks(BATCH).try_for_each(|batch| tell(&self.batch(batch))),
            _ => self.shared(files, threads, tell),
        }
    }

    /// The batches by several threads, told in their order. Few are ahead of the one that is told, so that a reader who
    /// is slow is waited for, and not written to memory.
    fn shared(self, files: &[PathBuf], threads: usize, tell: Tell<'_>) -> Result<(), Unwritten> {
        let mut batches = files.chunks(BATCH);
        thread::scope(|scope| {
            let (give, jobs) = channel();
            let jobs = Arc::new(Mutex::new(jobs));
            for _ in 0..threads {
                let jobs = Arc::clone(&jobs);
                scope.spawn(move || self.work(&jobs));
            }
            let mut job = || {
                let (answer, told) = sync_channel(1);
                give.send((batches.next()?, answer)).ok()?;
                Some(told)
            };
            let mut waiting: VecDeque<Receiver<Told>> = (0..AHEAD * threads).map_while(|_| job()).collect();
            while let Some(told) = waiting.pop_front() {
                // None comes only where a thread has panicked, and then all do.
                let Ok(told) = told.recv() else { break };
                tell(&told)?;
                waiting.extend(job());
            }
            Ok(())
        })
    }

    /// Does what there is to do, until there is no more or nobody is there to be told.
    fn work(self, jobs: &Mutex<Receiver<Job<'_>>>) {
        let next = || jobs.lock().ok()?.recv().ok();
        while let Some((batch, answer)) = next() {
            if answer.send(self.batch(batch)).is_err() {
                return;
            }
        }
    }

    fn batch(self, files: &[PathBuf]) -> Told {
        let mut told = Told::default();
        for file in files {
            told.add(&self.one(file));
        }
        told
    }

    /// Checks one file.
    fn one(self, file: &Path) -> Told {
        let bytes = match source::read(self.lang, file) {
            Ok(bytes) => bytes,
            Err(why) => return self.unread(file, &why),
        };
        let known = Known::default();
        let context = Context { today: crate::run::today(), known: &known, audience: Audience::Review };
        let audit = audit(self.product, &bytes, &context);
        let report = Report { desk: self, file, source: &bytes, audit: &audit };
        let out = if self.json { report.json() } else { report.human() };
        Told { out, tally: counted(&audit), ..Told::default() }
    }

    fn unread(self, path: &Path, why: &Unreadable) -> Told {
        let words = why.say(self.lang, path);
        let out = if self.json { report::unread(path, &words) } else { String::new() };
        Told { out, err: text::visible(&words).into_owned() + "\n", tally: Tally { unread: 1, ..Tally::default() } }
    }

    /// Whether nothing was found that counts.
    fn passes(self, audit: &Audit) -> bool {
        !audit.has_errors() && (!self.strict || audit.findings.is_empty())
    }
}

fn counted(audit: &Audit) -> Tally {
    let errors = audit.has_errors();
    let warnings = !errors && audit.findings.iter().any(|finding| finding.level == Level::Warning);
    Tally { files: 1, errors: errors.into(), warnings: warnings.into(), unread: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Language;
    use rstest::rstest;

    #[rstest]
    #[case(Language::En, 1, 0, "1 file checked: 1 without problems")]
    #[case(Language::En, 2, 0, "2 files checked: 2 without problems")]
    #[case(Language::En, 0, 1, "0 of 1 file checked")]
    #[case(Language::En, 1, 1, "1 of 2 files checked: 1 without problems")]
    #[case(Language::Nl, 0, 1, "0 van 1 bestand gecontroleerd")]
    #[case(Language::Nl, 0, 2, "0 van 2 bestanden gecontroleerd")]
    fn one_file_is_in_the_singular(
        #[case] language: Language,
        #[case] files: usize,
        #[case] left: usize,
        #[case] said: &str,
    ) {
        let lang = Lang::load(language).unwrap();
        assert_eq!(summary(&lang, Tally { files, ..Tally::default() }, left), said);
    }
}
