//! The results as a table: each figure beside the floor's, their ratio, and whether the budget is kept.
//!
//! This module measures nothing.

use crate::crowd::Crowd;
use crate::run::{Answer, Idle};
use std::time::Duration;

/// The results of one program.
pub(crate) struct Found {
    /// From the start to the first text.
    pub(crate) starts: Vec<Duration>,
    /// The response to each key.
    pub(crate) answers: Vec<Answer>,
    /// The highest memory use of each run, in bytes.
    pub(crate) peaks: Vec<u64>,
    /// The activity while it was idle.
    pub(crate) idle: Option<Idle>,
}

#[derive(Clone, Copy)]
pub(crate) enum Budget {
    /// No budget.
    None,
    /// At most this many times the floor.
    Times(f64),
    /// At most this value.
    Most(f64),
}

impl Budget {
    fn verdict_text(self, figure: f64, ratio: f64) -> String {
        match self {
            Self::None => String::new(),
            Self::Times(times) => verdict_text(ratio <= times, &format!("{times} × the floor or less")),
            Self::Most(0.0) => verdict_text(figure <= 0.0, "none"),
            Self::Most(most) => verdict_text(figure <= most, &format!("{most} or less")),
        }
    }
}

impl Found {
    pub(crate) const fn new() -> Self {
        Self { starts: Vec::new(), answers: Vec::new(), peaks: Vec::new(), idle: None }
    }

    /// The figures, in the order of the budgets.
    fn figures(&self) -> [(&'static str, usize, f64); 7] {
        let keys: Vec<f64> = self.answers.iter().map(|answer| millis(answer.first)).collect();
        let bytes = self.answers.iter().map(|answer| count(answer.bytes as u64)).collect();
        let idle = self.idle.as_ref().unwrap();
        [
            ("exec to first paint, ms", 2, percentile(self.starts.iter().copied().map(millis).collect(), 50)),
            ("key to first byte, ms, median", 3, percentile(keys.clone(), 50)),
            ("key to first byte, ms, 99th percentile", 3, percentile(keys, 99)),
            ("bytes for a key", 0, percentile(bytes, 50)),
            ("most memory on the first screen, MiB", 2, percentile(self.peaks.iter().copied().map(mebi).collect(), 50)),
            ("wake-ups in 10 idle seconds", 0, count(idle.wakes)),
            ("processor time in them, ms", 2, millis(idle.busy)),
        ]
    }
}

/// Prints the results of one program.
pub(crate) fn print(name: &str, found: &Found, floor: &Found, budgets: &[Budget; 7]) {
    println!("{name:<44} {:>10} {:>10} {:>8}   budget", "", "floor", "ratio");
    for (((what, digits, figure), (_, _, floor)), budget) in
        found.figures().into_iter().zip(floor.figures()).zip(budgets)
    {
        let ratio = figure / floor;
        // A ratio to zero has no meaning.
        let shown = if floor > 0.0 { format!("{ratio:.2}") } else { String::new() };
        let report = budget.verdict_text(figure, ratio);
        println!("  {what:<42} {figure:>10.digits$} {floor:>10.digits$} {shown:>8}   {report}");
    }
}

pub(crate) fn crowd(crowd: &Crowd, most: f64) {
    println!("a key in the list of 100 000, to painted");
    for (what, times) in [("while pages arrive", &crowd.meanwhile), ("all there", &crowd.afterwards)] {
        let times: Vec<f64> = times.iter().copied().map(millis).collect();
        let (half, most_of_all) = (percentile(times.clone(), 50), percentile(times, 99));
        let report = Budget::Most(most).verdict_text(most_of_all, 0.0);
        println!("  {:<42} {half:>10.2}", format!("{what}, ms, median"));
        println!(
            "  {:<42} {most_of_all:>10.2} {:>10} {:>8}   {report}",
            format!("{what}, ms, 99th percentile"),
            "",
            ""
        );
    }
}

pub(crate) fn size(bytes: u64, most: f64) {
    let mega = count(bytes) / 1e6;
    println!(
        "{:<44} {mega:>10.2} {:>10} {:>8}   {}",
        "the program, MB",
        "",
        "",
        Budget::Most(most).verdict_text(mega, 0.0)
    );
}

fn verdict_text(held: bool, budget: &str) -> String {
    format!("{}: {budget}", if held { "held" } else { "NOT HELD" })
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn mebi(bytes: u64) -> f64 {
    count(bytes) / f64::from(1 << 20)
}

/// These counts are far below the largest integer that a float holds exactly.
#[allow(clippy::cast_precision_loss, reason = "see above")]
fn count(number: u64) -> f64 {
    number as f64
}

/// Returns the value that this percentage of the values does not exceed.
fn percentile(mut values: Vec<f64>, percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(at).copied().unwrap_or(f64::NAN)
}
