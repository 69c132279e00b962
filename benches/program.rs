//! How fast the real program checks payloads, measured from outside: a directory of 20 000 on one core and on two, and
//! one file from exec to exit beside a program that does nothing.
//!
//! `cargo bench --bench program` prints a table. Compared runs alternate, and medians are printed with the middle half
//! of the runs, because a machine is seldom idle. The program that does nothing is this bench itself.
#![allow(clippy::unwrap_used, reason = "a bench that cannot run has nothing to say")]
#![allow(clippy::print_stdout, reason = "a table is what it is for")]

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The documented form: ids are strings, and the details are members beside `user`.
const GOOD: &str = include_str!("documented.json");

const FILES: u16 = 20_000;

/// How often a directory and a file are checked.
const FOLDERS: usize = 11;
const SINGLES: usize = 301;

/// The budgets: payloads a second on one core, the speedup on two, and the time for one file relative to the empty
/// program.
const RATE: f64 = 20_000.0;
const GAIN: f64 = 1.7;
const START: Duration = Duration::from_millis(3);

fn main() {
    // cargo passes this word for a measurement, but not when it runs all targets as tests.
    if std::env::args().any(|word| word == "--bench") {
        measure();
    }
}

fn measure() {
    let cores = cores();
    let folder = payloads();
    println!("{:<44} {:>12} {:>25}   budget", "", "median", "middle half");
    folders(folder.path(), &cores);
    singles(&folder.path().join("00000.json"), &cores);
}

/// The cores that this process may use.
fn cores() -> Vec<usize> {
    let allowed = sched_getaffinity(None).unwrap();
    (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core)).collect()
}

/// Limits this thread, and the processes that it starts, to these cores.
fn pin_to_cores(cores: &[usize]) {
    let mut set = CpuSet::new();
    for core in cores {
        set.set(*core);
    }
    sched_setaffinity(None, &set).unwrap();
}

fn payloads() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..FILES {
        std::fs::write(folder.path().join(format!("{number:05}.json")), GOOD).unwrap();
    }
    folder
}

/// Returns the time of a program from exec to exit.
fn time<S: AsRef<OsStr>>(program: &Path, args: &[S]) -> Duration {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begin = Instant::now();
    let status = command.status().unwrap();
    let time = begin.elapsed();
    assert!(status.success(), "{command:?}: {status}");
    time
}

fn check(path: &Path) -> Duration {
    time(Path::new(env!("CARGO_BIN_EXE_zegel")), &[OsStr::new("check"), path.as_os_str()])
}

fn folders(folder: &Path, cores: &[usize]) {
    check(folder);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..FOLDERS {
        for (count, times) in (1..).zip(&mut times) {
            pin_to_cores(&cores[..count.min(cores.len())]);
            times.push(check(folder));
        }
    }
    let rate = |time: Duration| f64::from(FILES) / time.as_secs_f64();
    let rates = times.map(|times| Spread::of(times.into_iter().map(rate).collect()));
    row(
        "payloads a second, one core",
        &rates[0],
        0,
        &verdict_text(rates[0].median >= RATE, &format!("{RATE:.0} or more")),
    );
    if cores.len() < 2 {
        println!("there is no second core here");
        return;
    }
    let gain = rates[1].median / rates[0].median;
    let budget = verdict_text(gain >= GAIN, &format!("{GAIN} × one core or more; it is {gain:.2} ×"));
    row("payloads a second, two cores", &rates[1], 0, &budget);
}

fn singles(file: &Path, cores: &[usize]) {
    pin_to_cores(cores);
    let own = std::env::current_exe().unwrap();
    let (mut nothing, mut one) = (Vec::new(), Vec::new());
    for _ in 0..SINGLES {
        nothing.push(time::<&str>(&own, &[]));
        one.push(check(file));
    }
    let millis = |times: Vec<Duration>| Spread::of(times.into_iter().map(|time| time.as_secs_f64() * 1e3).collect());
    let (nothing, one) = (millis(nothing), millis(one));
    let more = one.median - nothing.median;
    row("a program that does nothing, ms", &nothing, 2, "");
    let budget = format!("{} ms more than nothing or less; it is {more:.2} ms more", START.as_millis());
    row("one file, exec to exit, ms", &one, 2, &verdict_text(more <= START.as_secs_f64() * 1e3, &budget));
}

fn verdict_text(held: bool, budget: &str) -> String {
    format!("{}: {budget}", if held { "held" } else { "NOT HELD" })
}

fn row(name: &str, spread: &Spread, digits: usize, budget: &str) {
    let Spread { low, median, high } = spread;
    let half = format!("{low:.digits$} to {high:.digits$}");
    println!("{name:<44} {median:>12.digits$} {half:>25}   {budget}");
}

/// The median and the quartiles.
struct Spread {
    low: f64,
    median: f64,
    high: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |share: usize| values[(values.len() - 1) * share / 4];
        Self { low: at(1), median: at(2), high: at(3) }
    }
}
