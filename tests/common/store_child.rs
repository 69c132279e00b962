//! Plays parts in processes of their own, and waits for their reports. A part reports an action once it is done.

use crate::common::store_samples::{intent, whole};
use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child as Process, ChildStdout, Command, Stdio};
use zegel::store::{DraftId, RecordedOutcome, Store};

/// The test that plays the parts, in either test binary with children.
const PLAYER: &str = concat!(env!("CARGO_CRATE_NAME"), "::store::play_part");

const PART: &str = "ZEGEL_TEST_STORE_PART";
const DIR: &str = "ZEGEL_TEST_STORE_DIR";
const MARK: &str = "said: ";

/// A process that plays a part, killed on drop.
pub(crate) struct Child {
    process: Process,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Child {
    pub(crate) fn start(program: &Path, part: &str, dir: &Path, user: Option<u32>) -> Self {
        let mut command = Command::new(program);
        command.args(["--exact", PLAYER, "--nocapture"]).env(PART, part).env(DIR, dir);
        if let Some(user) = user {
            command.uid(user).gid(user);
        }
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    pub(crate) fn new(part: &str, dir: &Path) -> Self {
        Self::start(&std::env::current_exe().unwrap(), part, dir, None)
    }

    /// Returns the next report, until the process ends.
    pub(crate) fn hear(&mut self) -> Option<String> {
        let output = |line: String| line.split_once(MARK).map(|(_, output)| output.to_owned());
        self.lines.by_ref().map(Result::unwrap).find_map(output)
    }

    /// Kills the process without a warning, and returns the reports that were still unread.
    pub(crate) fn kill(mut self) -> Vec<String> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        std::iter::from_fn(|| self.hear()).collect()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn say(words: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{MARK}{words}").unwrap();
    out.flush().unwrap();
}

/// Plays the part that the environment names. Does nothing in an ordinary run.
pub(crate) fn play() {
    let (Ok(part), Ok(dir)) = (std::env::var(PART), std::env::var(DIR)) else { return };
    let dir = Path::new(&dir);
    match part.as_str() {
        "begin" => begin_and_finish(dir),
        "hold" => hold(dir),
        "open" => say(&Store::open(dir).map_or_else(|error| format!("{:?}", error.kind), |_| "open".to_owned())),
        "write" => write(dir),
        other => panic!("no part {other}"),
    }
}

/// Begins an intent for one organization after the other, and finishes each but every third.
fn begin_and_finish(dir: &Path) {
    let mut store = whole(dir);
    let first = store.list_open_intents().unwrap().len() + store.list_placed().unwrap().len();
    for number in first as u64.. {
        let id = store.record_intent(&intent(Some(number))).unwrap();
        say(&format!("begun {number}"));
        if number % 3 > 0 {
            store.record_outcome(id, &RecordedOutcome::Placed { order: number, requests: vec![] }).unwrap();
            say(&format!("placed {number}"));
        }
    }
}

/// Holds a draft and a digest until it is killed.
fn hold(dir: &Path) {
    let store = whole(dir);
    let _draft = store.lock_draft(DraftId(1)).unwrap().unwrap();
    let _digest = store.lock_digest("00ff").unwrap().unwrap();
    say("held");
    let _ = std::io::stdin().read(&mut [0]);
}

/// Writes in a directory that loses its permissions in between.
fn write(dir: &Path) {
    let mut store = whole(dir);
    store.record_intent(&intent(Some(1))).unwrap();
    std::fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o500)).unwrap();
    say(&store
        .record_intent(&intent(Some(2)))
        .map_or_else(|error| format!("{:?}", error.kind), |_| "begun".to_owned()));
    say(&store.list_open_intents().unwrap().len().to_string());
}
