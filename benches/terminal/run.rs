//! One run of a program in a pseudo-terminal, and what can be read of it from outside.
//!
//! Times are taken where bytes arrive, on a thread that does nothing else. It knows no budget, and not which program
//! it runs. What the system tells of a process is read in `/proc`.

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

/// What the window is like.
const ROWS: u16 = 40;
const COLUMNS: u16 = 120;

/// So long without a byte, and a screen is taken for settled.
const QUIET: Duration = Duration::from_millis(40);

/// A program that paints nothing for so long is broken.
const PATIENCE: Duration = Duration::from_secs(20);

/// A key that is not answered for so long is not answered at all.
const ANSWERED: Duration = Duration::from_millis(250);

/// So long after a key a program may still look whether there is another one.
const REST: Duration = Duration::from_millis(500);

/// A program, and what it is started with.
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

/// What arrived at once.
struct Chunk {
    at: Instant,
    bytes: Vec<u8>,
}

/// What a key came to.
pub(crate) struct Answer {
    /// From the key to the first byte.
    pub(crate) first: Duration,
    /// How many bytes there were until the screen was settled again.
    pub(crate) bytes: usize,
}

/// What a program did while nobody did anything.
pub(crate) struct Idle {
    /// How often one of its threads fell asleep again.
    pub(crate) wakes: u64,
    /// Its time on a processor.
    pub(crate) busy: Duration,
}

/// A program that runs. It is killed when this is dropped.
pub(crate) struct Run {
    began: Instant,
    pid: Pid,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    chunks: Receiver<Chunk>,
    /// What it has painted.
    screen: vt100::Parser,
    /// The terminal is there as long as this is.
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

    /// Waits until the screen is settled. Answers how long it took from the start to the first text on it.
    pub(crate) fn paint(&mut self) -> Duration {
        let painted = self.wait(|line| !line.is_empty());
        self.settle();
        painted - self.began
    }

    /// Sends these bytes, and waits for a line on the screen. Answers how long it took until it was painted.
    pub(crate) fn until(&mut self, bytes: &[u8], is: impl Fn(&str) -> bool) -> Duration {
        let sent = Instant::now();
        self.writer.write_all(bytes).unwrap();
        self.wait(is) - sent
    }

    /// Waits for a line that is painted from now on. Answers when it was.
    fn wait(&mut self, is: impl Fn(&str) -> bool) -> Instant {
        loop {
            let chunk = self.next(PATIENCE).expect("it paints something");
            if self.screen.screen().contents().lines().any(|line| is(line.trim())) {
                return chunk.at;
            }
        }
    }

    /// Presses a key, and waits until the screen is settled again. None where nothing came of it.
    pub(crate) fn press(&mut self, key: &[u8]) -> Option<Answer> {
        let pressed = Instant::now();
        self.writer.write_all(key).unwrap();
        let chunk = self.next(ANSWERED)?;
        Some(Answer { first: chunk.at - pressed, bytes: chunk.bytes.len() + self.settle() })
    }

    /// Leaves it alone for so long, once it has come to rest.
    pub(crate) fn idle(&mut self, time: Duration) -> Idle {
        self.leave_alone(REST);
        let before = self.threads();
        self.leave_alone(time);
        let after = self.threads();
        // A thread that has ended meanwhile has woken up to do so, and is not there to say how long that took.
        let ended = before.keys().filter(|thread| !after.contains_key(*thread)).count();
        let mut idle = Idle { wakes: ended as u64, busy: Duration::ZERO };
        for (thread, (wakes, busy)) in after {
            let (woken, worked) = before.get(&thread).copied().unwrap_or_default();
            idle.wakes += wakes - woken;
            idle.busy += busy.saturating_sub(worked);
        }
        idle
    }

    /// The most memory that it had so far, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        number_of(&read_to_string(self.proc().join("status")).unwrap(), "VmHWM:") * 1024
    }

    /// How often each of its threads fell asleep so far, and its time on a processor.
    fn threads(&self) -> BTreeMap<OsString, (u64, Duration)> {
        let tasks = std::fs::read_dir(self.proc().join("task")).unwrap().map(Result::unwrap);
        // One that ends just now is there no more.
        tasks.filter_map(|task| Some((task.file_name(), told(&task.path())?))).collect()
    }

    fn leave_alone(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while self.next(end.saturating_duration_since(Instant::now())).is_some() {}
    }

    fn proc(&self) -> PathBuf {
        Path::new("/proc").join(self.pid.to_string())
    }

    /// Waits until nothing arrives any more. Answers how many bytes did.
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
        // The child's own way asks it to end first, and zegel would: it is of no use to wait for that.
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

/// What the system says of a thread, unless it has ended.
fn told(task: &Path) -> Option<(u64, Duration)> {
    let status = read_to_string(task.join("status")).ok()?;
    let schedule = read_to_string(task.join("schedstat")).ok()?;
    let nanos = schedule.split(' ').next().unwrap().parse().unwrap();
    Some((number_of(&status, "voluntary_ctxt_switches:"), Duration::from_nanos(nanos)))
}

/// The number behind a name in a list of them.
fn number_of(list: &str, name: &str) -> u64 {
    let rest = list.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    rest.split_whitespace().next().unwrap().parse().unwrap()
}
