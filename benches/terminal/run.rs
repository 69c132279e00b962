//! One run of a program in a pseudo-terminal, and what can be measured from outside.
//!
//! Times are taken when bytes arrive, on a thread that does nothing else. This module knows no budgets, nor which
//! program it runs. System data about a process is read from `/proc`.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::read_to_string;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

const ROWS: u16 = 40;
const COLUMNS: u16 = 120;

/// A screen counts as settled after this time without a byte.
const QUIET: Duration = Duration::from_millis(40);

/// A program that draws nothing for this long is broken.
const PATIENCE: Duration = Duration::from_secs(20);

/// A key without a response for this long has no response.
const ANSWERED: Duration = Duration::from_millis(250);

/// After a key, a program may still wait this long for another one.
const REST: Duration = Duration::from_millis(500);

/// A program with its arguments and environment.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) args: Vec<&'static str>,
    pub(crate) env: Vec<(&'static str, String)>,
}

impl Program {
    fn command(&self) -> CommandBuilder {
        let mut command = CommandBuilder::new(&self.path);
        command.args(&self.args);
        command.env_clear();
        for (name, value) in [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8")] {
            command.env(name, value);
        }
        for (name, value) in &self.env {
            command.env(name, value);
        }
        command
    }
}

/// Bytes that arrived together.
struct Chunk {
    at: Instant,
    bytes: Vec<u8>,
}

/// The response to a key.
pub(crate) struct Answer {
    /// From the key to the first byte.
    pub(crate) first: Duration,
    /// The number of bytes until the screen was settled again.
    pub(crate) bytes: usize,
}

/// The activity of an idle program.
pub(crate) struct Idle {
    /// How often one of its threads went to sleep again.
    pub(crate) wakes: u64,
    /// Its processor time.
    pub(crate) busy: Duration,
}

/// A running program, which is killed on drop.
pub(crate) struct Run {
    began: Instant,
    pid: Pid,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    chunks: Receiver<Chunk>,
    screen: vt100::Parser,
    /// Keeps the terminal open.
    _master: Box<dyn MasterPty + Send>,
}

impl Run {
    pub(crate) fn start(program: &Program) -> Self {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let (reader, writer) = (pair.master.try_clone_reader().unwrap(), pair.master.take_writer().unwrap());
        let (send, chunks) = channel();
        std::thread::spawn(move || read(reader, &send));
        let command = program.command();
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        let pid = Pid::from_raw(i32::try_from(child.process_id().unwrap()).unwrap()).unwrap();
        let some = |count| NonZero::new(count).unwrap();
        let screen = vt100::Parser::new(some(ROWS), some(COLUMNS), 0);
        Self { began, pid, child, writer, chunks, screen, _master: pair.master }
    }

    /// Waits until the screen is settled. Returns the time from the start to the first text on it.
    pub(crate) fn paint(&mut self) -> Duration {
        let painted = self.wait(|line| !line.is_empty());
        self.settle();
        painted - self.began
    }

    /// Sends these bytes and waits for a line on the screen. Returns the time until it was drawn.
    pub(crate) fn until(&mut self, bytes: &[u8], is: impl Fn(&str) -> bool) -> Duration {
        let sent = Instant::now();
        self.writer.write_all(bytes).unwrap();
        self.wait(is) - sent
    }

    /// Waits for a line that is drawn from now on. Returns when it was.
    fn wait(&mut self, is: impl Fn(&str) -> bool) -> Instant {
        loop {
            let chunk = self.next(PATIENCE).expect("it paints something");
            if self.screen.screen().contents().lines().any(|line| is(line.trim())) {
                return chunk.at;
            }
        }
    }

    /// Presses a key and waits until the screen is settled again. Returns `None` if nothing changed.
    pub(crate) fn press(&mut self, key: &[u8]) -> Option<Answer> {
        let pressed = Instant::now();
        self.writer.write_all(key).unwrap();
        let chunk = self.next(ANSWERED)?;
        Some(Answer { first: chunk.at - pressed, bytes: chunk.bytes.len() + self.settle() })
    }

    /// Waits until the program is at rest, and leaves it idle for this time.
    pub(crate) fn idle(&mut self, time: Duration) -> Idle {
        self.leave_alone(REST);
        let before = self.threads();
        self.leave_alone(time);
        let after = self.threads();
        // A thread that has ended meanwhile woke up to do so, and its processor time can no longer be read.
        let ended = before.keys().filter(|thread| !after.contains_key(*thread)).count();
        let mut idle = Idle { wakes: ended as u64, busy: Duration::ZERO };
        for (thread, (wakes, busy)) in after {
            let (woken, worked) = before.get(&thread).copied().unwrap_or_default();
            idle.wakes += wakes - woken;
            idle.busy += busy.saturating_sub(worked);
        }
        idle
    }

    /// Returns the highest memory use so far, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        number_of(&read_to_string(self.proc().join("status")).unwrap(), "VmHWM:") * 1024
    }

    /// Returns how often each thread went to sleep so far, and its processor time.
    fn threads(&self) -> BTreeMap<OsString, (u64, Duration)> {
        let tasks = std::fs::read_dir(self.proc().join("task")).unwrap().map(Result::unwrap);
        // A thread that has just ended has no file any more.
        tasks.filter_map(|task| Some((task.file_name(), thread_stats(&task.path())?))).collect()
    }

    fn leave_alone(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while self.next(end.saturating_duration_since(Instant::now())).is_some() {}
    }

    fn proc(&self) -> PathBuf {
        Path::new("/proc").join(self.pid.to_string())
    }

    /// Waits until no more bytes arrive. Returns how many did.
    fn settle(&mut self) -> usize {
        std::iter::from_fn(|| self.next(QUIET)).map(|chunk| chunk.bytes.len()).sum()
    }

    fn next(&mut self, patience: Duration) -> Option<Chunk> {
        match self.chunks.recv_timeout(patience) {
            Ok(chunk) => {
                self.screen.process(&chunk.bytes);
                Some(chunk)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("the program has ended"),
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // The `kill` of the child would first ask it to end, and zegel would obey. Waiting for that is of no use.
        kill_process(self.pid, Signal::KILL).unwrap();
        self.child.wait().unwrap();
    }
}

fn read(mut reader: Box<dyn Read + Send>, send: &Sender<Chunk>) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        let chunk = Chunk { at: Instant::now(), bytes: buffer[..count].to_vec() };
        if send.send(chunk).is_err() {
            return;
        }
    }
}

/// Returns the system's data about a thread, or `None` if it has ended.
fn thread_stats(task: &Path) -> Option<(u64, Duration)> {
    let status = read_to_string(task.join("status")).ok()?;
    let schedule = read_to_string(task.join("schedstat")).ok()?;
    let nanos = schedule.split(' ').next().unwrap().parse().unwrap();
    Some((number_of(&status, "voluntary_ctxt_switches:"), Duration::from_nanos(nanos)))
}

/// Returns the number behind a name in the list.
fn number_of(list: &str, name: &str) -> u64 {
    let rest = list.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    rest.split_whitespace().next().unwrap().parse().unwrap()
}
