//! `zegel check`: every problem of each payload.
//!
//! Files are looked through by as many threads as there are processors, and told in the order in which they were
//! named. What is wrong is the matter of `form::audit`, how it is written that of `report`.

mod excerpt;
mod report;

use super::{Trouble, print_block, source};
use crate::cli;
use crate::facts::Known;
use crate::form::audit::{Audit, audit};
use crate::form::{Audience, Context};
use crate::lang::Lang;
use crate::product::{Level, Product, pkio};
use report::Report;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// So many files are taken at once by a thread.
const BATCH: usize = 32;

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

    fn code(self, strict: bool) -> u8 {
        match self {
            Self { unread: 1.., .. } => 2,
            Self { errors: 1.., .. } => 1,
            Self { warnings: 1.., .. } if strict => 1,
            _ => 0,
        }
    }
}

/// Checks the files, and tells what is wrong with them.
pub(super) fn run(lang: &Lang, args: &cli::Check) -> Result<u8, Trouble> {
    let product = pkio()?;
    let mut tally = Tally::default();
    let mut files = Vec::new();
    for path in &args.paths {
        match source::files(path) {
            Ok(found) => files.extend(found),
            Err(why) => {
                tally.unread += 1;
                super::say(&unreadable(lang, path, &why));
            }
        }
    }
    let color = !args.json && io::stdout().is_terminal() && super::has_color();
    let desk = Desk { product, lang, json: args.json, color };
    tally.add(desk.all(&files));
    if !args.json {
        super::say(&summary(lang, tally));
    }
    Ok(tally.code(args.strict))
}

/// What is said of a path that cannot be read.
fn unreadable(lang: &Lang, path: &Path, why: &io::Error) -> String {
    lang.tell("check.unreadable", &[("path", &path.display().to_string()), ("why", &why.to_string())])
}

fn summary(lang: &Lang, tally: Tally) -> String {
    let count = |id: &'static str, count: usize| lang.tell(id, &[("count", &count.to_string())]);
    let one = |alone: &'static str, id: &'static str, of: usize| match of {
        1 => lang.say(alone).to_owned(),
        of => count(id, of),
    };
    let checked = one("check.one_file", "check.files", tally.files);
    let right = tally.files - tally.errors - tally.warnings;
    let parts = [
        (tally.errors, count("check.with_errors", tally.errors)),
        (tally.warnings, count("check.with_warnings", tally.warnings)),
        (right, count("check.right", right)),
        (tally.unread, count("check.unread", tally.unread)),
    ];
    let said: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    format!("{checked}: {}", if said.is_empty() { lang.say("check.none").to_owned() } else { said.join(", ") })
}

/// What is told of one payload that was looked through, as lines for standard error.
pub(super) fn told(lang: &Lang, product: &'static Product, file: &Path, source: &[u8], audit: &Audit) -> String {
    let desk = Desk { product, lang, json: false, color: io::stderr().is_terminal() && super::has_color() };
    let mut out = String::new();
    Report { desk, file, source, audit }.human(&mut out);
    out
}

/// What every file is checked with.
#[derive(Clone, Copy)]
struct Desk<'a> {
    product: &'static Product,
    lang: &'a Lang,
    json: bool,
    color: bool,
}

impl Desk<'_> {
    fn all(self, files: &[PathBuf]) -> Tally {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(files.len().div_ceil(BATCH));
        let mut tally = Tally::default();
        if threads <= 1 {
            for batch in files.chunks(BATCH) {
                let (text, counted) = self.batch(batch);
                tally.add(counted);
                if !print_block(&text) {
                    break;
                }
            }
            return tally;
        }
        self.shared(files, threads)
    }

    /// The batches by several threads, printed in their order.
    fn shared(self, files: &[PathBuf], threads: usize) -> Tally {
        let batches: Vec<&[PathBuf]> = files.chunks(BATCH).collect();
        let next = AtomicUsize::new(0);
        let mut tally = Tally::default();
        thread::scope(|scope| {
            let (send, receive) = channel();
            for _ in 0..threads {
                let (send, batches, next) = (send.clone(), &batches, &next);
                scope.spawn(move || self.work(batches, next, &send));
            }
            drop(send);
            let (mut waiting, mut turn) = (BTreeMap::new(), 0);
            while let Ok((number, done)) = receive.recv() {
                waiting.insert(number, done);
                while let Some((text, counted)) = waiting.remove(&turn) {
                    turn += 1;
                    tally.add(counted);
                    if !print_block(&text) {
                        // Nobody reads any more: the threads find nobody to tell, and end.
                        return;
                    }
                }
            }
        });
        tally
    }

    fn work(self, batches: &[&[PathBuf]], next: &AtomicUsize, send: &Sender<(usize, (String, Tally))>) {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(batch) = batches.get(number) else { return };
            if send.send((number, self.batch(batch))).is_err() {
                return;
            }
        }
    }

    fn batch(self, files: &[PathBuf]) -> (String, Tally) {
        let (mut text, mut tally) = (String::new(), Tally::default());
        for file in files {
            tally.add(self.one(file, &mut text));
        }
        (text, tally)
    }

    /// Checks one file, and appends what there is to tell.
    fn one(self, file: &Path, out: &mut String) -> Tally {
        let bytes = match source::read(file) {
            Ok(bytes) => bytes,
            Err(why) => {
                let words = unreadable(self.lang, file, &why);
                super::say(&words);
                if self.json {
                    report::unread(out, file, &words);
                }
                return Tally { unread: 1, ..Tally::default() };
            }
        };
        let known = Known::default();
        let context = Context { today: crate::run::today(), known: &known, audience: Audience::Review };
        let audit = audit(self.product, &bytes, &context);
        let report = Report { desk: self, file, source: &bytes, audit: &audit };
        if self.json {
            report.json(out)
        } else {
            report.human(out)
        }
        counted(&audit)
    }
}

fn counted(audit: &Audit) -> Tally {
    let errors = audit.has_errors();
    let warnings = !errors && audit.findings.iter().any(|finding| finding.level == Level::Warning);
    Tally { files: 1, errors: errors.into(), warnings: warnings.into(), unread: 0 }
}
