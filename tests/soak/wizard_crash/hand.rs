//! The key presses of a person, and the kill among them.
//!
//! Each method ends early if the program is killed. The caller says what to press and what to wait for.

use super::plan::{Kill, Phase};
use crate::common::tty::{Tty, View};
use zegel::sandbox::Fault;

/// The program was killed, as planned.
#[derive(Debug)]
pub(crate) struct Killed;

/// The result of a step that a kill may end.
pub(crate) type Go<T = ()> = Result<T, Killed>;

/// The key presses at one run of the program.
pub(crate) struct Hand {
    pub(crate) tty: Tty,
    kill: Option<Kill>,
    keys: u64,
}

impl Hand {
    /// Starts at a program that is to be killed like this, if at all.
    pub(crate) fn new(tty: Tty, kill: Option<Kill>) -> Self {
        Self { tty, kill, keys: 0 }
    }

    /// Returns the planned kill, if it is in this phase.
    fn planned(&self, phase: Phase) -> Option<Kill> {
        self.kill.filter(|kill| kill.phase == phase)
    }

    /// Returns the fault that holds the order, if the program is to be killed then.
    pub(crate) fn planned_hold(&self) -> Option<Fault> {
        self.kill.and_then(|kill| kill.phase.hold())
    }

    /// Kills the program.
    pub(crate) fn kill(&mut self) -> Go {
        self.tty.kill();
        Err(Killed)
    }

    /// Kills the program in this phase after the planned pause, if such a kill is planned.
    pub(crate) fn kill_in(&mut self, phase: Phase) -> Go {
        let Some(kill) = self.planned(phase) else { return Ok(()) };
        std::thread::sleep(kill.pause);
        self.kill()
    }

    /// Kills the program in the form, if that is planned and did not happen yet.
    pub(crate) fn kill_in_form(&mut self) -> Go {
        if self.planned(Phase::Form).is_some() { self.kill() } else { Ok(()) }
    }

    /// Runs before each key of the form.
    fn before_key(&mut self) -> Go {
        let key = self.keys;
        self.keys += 1;
        let Some(kill) = self.planned(Phase::Form) else { return Ok(()) };
        if key == kill.think_at {
            std::thread::sleep(kill.pause);
        }
        if key == kill.key { self.kill() } else { Ok(()) }
    }

    /// Presses a key of the form.
    pub(crate) fn press(&mut self, key: &str) -> Go {
        self.before_key()?;
        self.tty.press(key);
        Ok(())
    }

    /// Types a text into the form, key by key.
    pub(crate) fn type_text(&mut self, text: &str) -> Go {
        for c in text.chars() {
            self.before_key()?;
            self.tty.type_text(c.encode_utf8(&mut [0; 4]));
        }
        Ok(())
    }

    /// Presses a key of the form, and waits for a condition on the screen.
    pub(crate) fn press_until(&mut self, key: &str, what: &str, is: impl Fn(&View) -> bool) -> Go {
        self.press(key)?;
        self.tty.wait_until(what, is);
        Ok(())
    }
}
