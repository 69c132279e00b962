//! What zegel costs in a terminal, measured from outside over a real one: starting, answering a key, memory, and
//! idling.
//!
//! `cargo bench --bench terminal` prints a table. The demo, and zegel with the sandbox of another process, alternate
//! with the floor: the minimum that a program in a terminal can do. They alternate because a machine is seldom idle.
//! The floor is this bench itself with the code of `floor.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot run has nothing to say")]
#![allow(clippy::print_stdout, reason = "a table is what it is for")]

mod crowd;
mod floor;
mod run;
mod table;

use run::{Program, Run};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use table::{Budget, Found, print};
use tempfile::TempDir;

/// The measured program. The benches build some crates with the features that the tests need, so it is slightly larger
/// than the result of `cargo build --release`, never smaller.
const ZEGEL: &str = env!("CARGO_BIN_EXE_zegel");

/// The argument that makes this bench run as the floor.
const FLOOR: &str = "floor";

/// How often each program is started, in how many of those runs keys are pressed, and how many keys each time.
const STARTS: usize = 31;
const ROUNDS: usize = 7;
const KEYS: usize = 60;

/// The key: it moves down in a list, and is a letter everywhere else.
const KEY: &[u8] = b"j";

/// How long each program is left idle.
const IDLE: Duration = Duration::from_secs(10);

/// The budgets: start and key time relative to the floor, bytes for a key, MiB, wake-ups, MB of the program.
const START: f64 = 2.0;
const ANSWER: f64 = 3.0;
const BYTES: f64 = 60.0;
const MEMORY: f64 = 8.0;
const MEMORY_OF_DEMO: f64 = 12.0;
const WAKES: f64 = 0.0;
const SIZE: f64 = 12.0;

/// The most milliseconds for a key in the list of a large account.
const CROWDED: f64 = 16.0;

fn main() {
    if std::env::args().nth(1).is_some_and(|word| word == FLOOR) {
        floor::main().unwrap();
    // cargo passes this word for a measurement, but not when it runs all targets as tests.
    } else if std::env::args().any(|word| word == "--bench") {
        measure();
    }
}

fn measure() {
    let (sandbox, dir) = (Sandbox::start(), tempfile::tempdir().unwrap());
    let floor = Program { path: std::env::current_exe().unwrap(), args: vec![FLOOR], env: Vec::new() };
    let demo = Program { path: PathBuf::from(ZEGEL), args: vec!["demo"], env: private_environment(&dir) };
    let alone = Program {
        path: PathBuf::from(ZEGEL),
        args: Vec::new(),
        env: [sandbox.env(), private_environment(&dir)].concat(),
    };
    let [floor, demo, alone] = measure_programs(&[floor, demo, alone]);
    print("zegel demo", &demo, &floor, &budgets(MEMORY_OF_DEMO));
    print("zegel, the sandbox elsewhere", &alone, &floor, &budgets(MEMORY));
    let size = Path::new(ZEGEL).metadata().unwrap().len();
    table::size(size, SIZE);
    let args = vec!["demo", "--organizations", "100000"];
    let crowd = crowd::measure(&Program { path: PathBuf::from(ZEGEL), args, env: private_environment(&dir) });
    table::crowd(&crowd, CROWDED);
}

fn budgets(memory: f64) -> [Budget; 7] {
    [
        Budget::Times(START),
        Budget::Times(ANSWER),
        Budget::None,
        Budget::Most(BYTES),
        Budget::Most(memory),
        Budget::Most(WAKES),
        Budget::None,
    ]
}

/// Returns an environment in which no files of the user are read or changed.
fn private_environment(dir: &TempDir) -> Vec<(&'static str, String)> {
    let within = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    vec![("ZEGEL_STATE_DIR", within("state")), ("ZEGEL_CONFIG_DIR", within("config"))]
}

/// Measures the programs in turn. The first run of each warms the caches and does not count.
fn measure_programs<const N: usize>(programs: &[Program; N]) -> [Found; N] {
    for program in programs {
        Run::start(program).paint();
    }
    let mut found = [const { Found::new() }; N];
    for _ in 0..STARTS {
        for (program, found) in programs.iter().zip(&mut found) {
            found.starts.push(Run::start(program).paint());
        }
    }
    for round in 0..ROUNDS {
        for (program, found) in programs.iter().zip(&mut found) {
            let mut run = Run::start(program);
            run.paint();
            found.answers.extend((0..KEYS).filter_map(|_| run.press(KEY)));
            found.peaks.push(run.peak());
            if round == 0 {
                found.idle = Some(run.idle(IDLE));
            }
        }
    }
    found
}

/// `zegel sandbox` as another process, which is killed on drop.
struct Sandbox {
    child: Child,
    /// The address and the key that it printed.
    printed: [String; 2],
}

impl Sandbox {
    fn start() -> Self {
        let mut child = Command::new(ZEGEL)
            .arg("sandbox")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let printed = [(); 2].map(|()| lines.next().unwrap().unwrap());
        Self { child, printed }
    }

    fn env(&self) -> Vec<(&'static str, String)> {
        let names = ["ZEGEL_API_URL", "ZEGEL_API_KEY"];
        let value = |name, line: &String| line.strip_prefix(name).unwrap().strip_prefix('=').unwrap().to_owned();
        names.iter().zip(&self.printed).map(|(name, line)| (*name, value(*name, line))).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
