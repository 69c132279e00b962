//! A command that prints a key, such as `pass show certcentral`: the first line of its output is the key.
//!
//! No shell interprets the words of the command. The command gets no variable of zegel, and none that holds another
//! key. It stays in the process group that has the terminal, so that it can ask for a passphrase there; callers
//! release the terminal. The output is never kept, shown or logged.

use super::parse_key;
use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyVariables, SystemError};
use crate::secret::Secret;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpgid, kill_process, kill_process_group, waitid};
use std::ffi::OsStr;
use std::io::{self, IsTerminal, PipeReader, PipeWriter, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// The default time limit of a command: long enough to type a passphrase.
pub const COMMAND_TIMEOUT: Duration = Duration::from_mins(1);

/// How long a command may take to end after a signal to terminate.
const GRACE_PERIOD: Duration = Duration::from_secs(2);

/// More bytes than any command prints with a key, such as a password with its notes.
const MAX_OUTPUT_BYTES: usize = 4096;

/// The prefix of zegel's own variables.
const OWN_VARIABLE_PREFIX: &str = "ZEGEL_";

/// Keeps a command running. Dropping the guard ends the command.
#[derive(Debug)]
pub struct KeyCommandGuard {
    _held: PipeWriter,
}

/// A running command that should print a key. [`RunningKeyCommand::wait_for_key`] belongs on a thread of its own.
#[derive(Debug)]
pub struct RunningKeyCommand {
    name: String,
    child: Child,
    pid: Pid,
    /// The output of the command. `None` once the output has ended.
    out: Option<ChildStdout>,
    /// The thread that waits for the command closes the other end when the command has ended.
    ended: PipeReader,
    /// Dropping the [`KeyCommandGuard`] closes the other end.
    stop: PipeReader,
    deadline: Instant,
}

/// What happened first while waiting for the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyCommandEvent {
    Stopped,
    Printed,
    Ended,
    TimedOut,
}

/// Reads the key that a command prints, with no way to end the command early.
pub(super) fn read_key(words: &[String], withheld: &KeyVariables) -> Result<Secret, ApiKeyError> {
    let (_held, command) = start_key_command(words, withheld, COMMAND_TIMEOUT)?;
    command.wait_for_key()
}

/// Starts the command. The command ends when it exceeds the limit, or when its [`KeyCommandGuard`] is dropped.
///
/// # Errors
/// [`ApiKeyErrorKind::NotStarted`].
pub fn start_key_command(
    words: &[String],
    withheld: &KeyVariables,
    limit: Duration,
) -> Result<(KeyCommandGuard, RunningKeyCommand), ApiKeyError> {
    let name = program_name(words);
    let until = Instant::now() + limit;
    spawn_command(build_command(words, withheld), name.clone(), until)
        .map_err(|error| ApiKeyError::new(ApiKeyErrorKind::NotStarted(SystemError::from(&error)), name))
}

fn spawn_command(
    command: io::Result<Command>,
    name: String,
    until: Instant,
) -> io::Result<(KeyCommandGuard, RunningKeyCommand)> {
    let (stop, held) = io::pipe()?;
    let (ended, alive) = io::pipe()?;
    let mut child = command?.spawn()?;
    let (pid, out) = (Pid::from_child(&child), child.stdout.take());
    let watching = std::thread::Builder::new().name("key command".to_owned()).spawn(move || {
        let _alive = alive;
        // The wait leaves the ended process in place, so that no other process gets its number while zegel may signal
        // it.
        let _ = retry_on_intr(|| waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT));
    });
    let mut command = RunningKeyCommand { name, child, pid, out, ended, stop, deadline: until };
    if let Err(error) = watching {
        let _ = command.child.kill();
        let _ = command.child.wait();
        return Err(error);
    }
    Ok((KeyCommandGuard { _held: held }, command))
}

/// Builds the process from the words. Data piped into zegel may be an order, so only a terminal is passed on.
fn build_command(words: &[String], withheld: &KeyVariables) -> io::Result<Command> {
    let [program, arguments @ ..] = words else { return Err(io::ErrorKind::NotFound.into()) };
    let stdin = if io::stdin().is_terminal() { Stdio::inherit() } else { Stdio::null() };
    let mut command = Command::new(program);
    command.args(arguments).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::inherit());
    remove_key_variables(&mut command, withheld);
    Ok(command)
}

/// Removes zegel's own variables and the withheld ones from a command's environment, because one may hold a key.
pub fn remove_key_variables(command: &mut Command, withheld: &KeyVariables) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_own_variable(name)) {
        command.env_remove(name);
    }
    for name in &withheld.0 {
        command.env_remove(name);
    }
}

fn is_own_variable(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(OWN_VARIABLE_PREFIX.as_bytes())
}

/// Returns the name of a command for messages. Its arguments may hold secrets.
pub(super) fn program_name(words: &[String]) -> String {
    words.first().cloned().unwrap_or_default()
}

impl RunningKeyCommand {
    /// Waits until the command has ended, and returns the key that it printed.
    ///
    /// # Errors
    /// The command fails, is stopped, takes too long, or prints something else.
    pub fn wait_for_key(mut self) -> Result<Secret, ApiKeyError> {
        let mut printed = Zeroizing::new(vec![0; MAX_OUTPUT_BYTES + 1]);
        let length = self.read_output(&mut printed);
        if length.is_err() {
            self.terminate();
        }
        let status = self.child.wait();
        let length = length.map_err(|cause| self.key_error(cause))?;
        let status = status.map_err(|error| self.key_error(ApiKeyErrorKind::EndUnknown(SystemError::from(&error))))?;
        if !status.success() {
            return Err(self.key_error(exit_status_text(status)));
        }
        let line = printed[..length].split(|b| *b == b'\n').next().unwrap_or_default();
        parse_key(line, &self.name)
    }

    /// Reads the output until the command ends, and returns its length. A process that the command leaves behind may
    /// keep the pipe open forever, so the end of the pipe is not awaited.
    fn read_output(&mut self, printed: &mut [u8]) -> Result<usize, ApiKeyErrorKind> {
        let mut length = 0;
        loop {
            match self.next_event(self.deadline) {
                KeyCommandEvent::Stopped => return Err(ApiKeyErrorKind::Stopped),
                KeyCommandEvent::TimedOut => return Err(ApiKeyErrorKind::CommandSlow),
                KeyCommandEvent::Ended => return Ok(length),
                KeyCommandEvent::Printed => length += self.read_available(&mut printed[length..]),
            }
            if length == printed.len() {
                return Err(ApiKeyErrorKind::NotAKey);
            }
        }
    }

    fn read_available(&mut self, room: &mut [u8]) -> usize {
        let read = self.out.as_mut().map_or(Ok(0), |out| out.read(room));
        match read {
            Ok(count @ 1..) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            Ok(_) | Err(_) => {
                self.out = None;
                0
            }
        }
    }

    /// Waits for the next event. Output comes before the end, so that none of it is lost.
    fn next_event(&self, until: Instant) -> KeyCommandEvent {
        let ready = PollFlags::IN;
        let mut fds = vec![PollFd::new(&self.stop, ready), PollFd::new(&self.ended, ready)];
        fds.extend(self.out.as_ref().map(|out| PollFd::new(out, ready)));
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match poll(&mut fds, Timespec::try_from(left).ok().as_ref()) {
                Err(Errno::INTR) => {}
                Err(_) | Ok(0) => return KeyCommandEvent::TimedOut,
                Ok(_) => break,
            }
        }
        let is_ready = |at: usize| fds.get(at).is_some_and(|fd| !fd.revents().is_empty());
        match () {
            () if is_ready(0) => KeyCommandEvent::Stopped,
            () if is_ready(2) => KeyCommandEvent::Printed,
            () => KeyCommandEvent::Ended,
        }
    }

    /// Ends the command: first with a signal to terminate, then with a signal to kill.
    fn terminate(&mut self) {
        self.send_signal(Signal::TERM);
        let mut fds = [PollFd::new(&self.ended, PollFlags::IN)];
        let grace = Timespec::try_from(GRACE_PERIOD).ok();
        if !matches!(retry_on_intr(|| poll(&mut fds, grace.as_ref())), Ok(1..)) {
            self.send_signal(Signal::KILL);
        }
    }

    /// Signals the whole group of a command that made its own. It never signals zegel's own group, because zegel is in
    /// it.
    fn send_signal(&self, signal: Signal) {
        let _ = match getpgid(Some(self.pid)) {
            Ok(group) if group == self.pid => kill_process_group(group, signal),
            _ => kill_process(self.pid, signal),
        };
    }

    fn key_error(&self, cause: ApiKeyErrorKind) -> ApiKeyError {
        ApiKeyError::new(cause, &self.name)
    }
}

/// Returns the error for a command that ended without success.
fn exit_status_text(status: ExitStatus) -> ApiKeyErrorKind {
    match (status.code(), status.signal()) {
        (Some(code), _) => ApiKeyErrorKind::Failed(code),
        (None, signal) => ApiKeyErrorKind::Killed(signal.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// Runs a script in a shell as a key command, and returns the key.
    fn read_key_from_script(script: &str, limit: Duration) -> Result<String, ApiKeyError> {
        let words = ["sh", "-c", script].map(str::to_owned);
        let (_running, asking) = start_key_command(&words, &KeyVariables::default(), limit)?;
        asking.wait_for_key().map(|key| key.expose().to_owned())
    }

    #[rstest]
    #[case::a_line("echo made-up")]
    #[case::no_line_end("printf made-up")]
    #[case::white_space("printf ' made-up\t\r\n'")]
    #[case::notes_below("printf 'made-up\nuser: anna\n'")]
    #[case::piece_by_piece("printf made; printf -- -up")]
    #[case::closed_early("echo made-up; exec >&-")]
    #[case::left_behind("echo made-up; sleep 20 2>&- &")]
    fn the_first_line_is_the_key(#[case] script: &str) {
        assert_eq!(read_key_from_script(script, COMMAND_TIMEOUT), Ok("made-up".to_owned()));
    }

    #[rstest]
    #[case::nothing("true", ApiKeyErrorKind::NotAKey)]
    #[case::a_blank_line("echo; echo made-up", ApiKeyErrorKind::NotAKey)]
    #[case::words("echo not found: made-up", ApiKeyErrorKind::NotAKey)]
    #[case::no_text(r"printf '\377\376'", ApiKeyErrorKind::NotAKey)]
    #[case::without_end("exec yes", ApiKeyErrorKind::NotAKey)]
    #[case::a_status("echo made-up; exit 3", ApiKeyErrorKind::Failed(3))]
    #[case::a_signal("echo made-up; kill -9 $$", ApiKeyErrorKind::Killed(9))]
    fn command_output_without_a_key_is_an_error_with_its_cause(#[case] script: &str, #[case] cause: ApiKeyErrorKind) {
        assert_eq!(read_key_from_script(script, COMMAND_TIMEOUT), Err(ApiKeyError::new(cause, "sh")));
    }

    #[rstest]
    #[case::it_does_nothing("exec sleep 600")]
    #[case::it_printed_a_key("echo made-up; exec sleep 600")]
    #[case::it_prints_no_more("exec sleep 600 >&-")]
    #[case::it_does_not_want_to_end("trap '' TERM; while :; do sleep 1; done")]
    fn a_slow_command_is_killed(#[case] script: &str) {
        let slow = read_key_from_script(script, Duration::from_millis(50));
        assert_eq!(slow, Err(ApiKeyError::new(ApiKeyErrorKind::CommandSlow, "sh")));
    }

    #[test]
    fn dropping_the_future_ends_the_command() {
        let (running, asking) =
            start_key_command(&["sleep".to_owned(), "600".to_owned()], &KeyVariables::default(), COMMAND_TIMEOUT)
                .unwrap();
        let pid = asking.pid;
        drop(running);
        assert_eq!(asking.wait_for_key().unwrap_err(), ApiKeyError::new(ApiKeyErrorKind::Stopped, "sleep"));
        // The number is free: the process has ended and was reaped.
        assert!(rustix::process::test_kill_process(pid).is_err());
    }

    #[rstest]
    #[case(&[], io::ErrorKind::NotFound)]
    #[case(&["/nowhere/at all"], io::ErrorKind::NotFound)]
    #[case(&["echo made-up"], io::ErrorKind::NotFound)]
    #[case(&["/etc"], io::ErrorKind::PermissionDenied)]
    fn a_command_that_cannot_start_is_an_error(#[case] words: &[&str], #[case] kind: io::ErrorKind) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let error = start_key_command(&words, &KeyVariables::default(), COMMAND_TIMEOUT).unwrap_err();
        assert!(matches!(error.kind, ApiKeyErrorKind::NotStarted(said) if said.kind == kind), "{error}");
        assert_eq!(error.detail, program_name(&words));
    }

    #[test]
    fn a_command_does_not_get_the_variable_of_a_key() {
        let withheld = KeyVariables(vec!["MAIN_KEY".to_owned(), "TEST_KEY".to_owned()]);
        let command = build_command(&["env".to_owned()], &withheld).unwrap();
        let removed = |name: &str| command.get_envs().any(|(known, value)| known == name && value.is_none());
        assert!(removed("MAIN_KEY") && removed("TEST_KEY") && !removed("PATH"));
    }

    #[rstest]
    #[case("ZEGEL_API_KEY", true)]
    #[case("ZEGEL_", true)]
    #[case("ZEGELS", false)]
    #[case("PATH", false)]
    fn variables_of_zegel_are_recognized(#[case] name: &str, #[case] own: bool) {
        assert_eq!(is_own_variable(OsStr::new(name)), own);
    }
}
