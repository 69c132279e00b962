//! The hand at the keyboard, key by key, and the kill that meets it.
//!
//! What it does ends early where the program is killed. It sees nothing by itself: what to press and what to wait for
//! it is told.

use super::plan::{Kill, Phase};
use crate::common::tty::{Tty, View};
use zegel::sandbox::Fault;

/// The program was killed, as planned.
#[derive(Debug)]
pub(crate) struct Killed;

/// What may end by a kill.
pub(crate) type Go<T = ()> = Result<T, Killed>;

/// The hand at one run of the program.
pub(crate) struct Hand {
    pub(crate) tty: Tty,
    kill: Option<Kill>,
    keys: u64,
}

impl Hand {
    /// At a program that is to be killed like this, if at all.
    pub(crate) fn new(tty: Tty, kill: Option<Kill>) -> Self {
        Self { tty, kill, keys: 0 }
    }

    /// The kill that is planned, if it is in this phase.
    fn planned(&self, phase: Phase) -> Option<Kill> {
        self.kill.filter(|kill| kill.phase == phase)
    }

    /// The fault by which the order is to be held, to be killed there.
    pub(crate) fn planned_hold(&self) -> Option<Fault> {
        self.kill.and_then(|kill| kill.phase.hold())
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) -> Go {
        self.tty.kill();
        Err(Killed)
    }

    /// Kills it in this phase, if that is planned, after the pause that is.
    pub(crate) fn kill_in(&mut self, phase: Phase) -> Go {
        let Some(kill) = self.planned(phase) else { return Ok(()) };
        std::thread::sleep(kill.pause);
        self.kill()
    }

    /// Kills it in the form, if that is planned and did not happen yet.
    pub(crate) fn kill_in_form(&mut self) -> Go {
        if self.planned(Phase::Form).is_some() { self.kill() } else { Ok(()) }
    }

    /// A key of the form is about to be pressed.
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

    /// Presses a key of the form, and waits until the screen is like this.
    pub(crate) fn press_until(&mut self, key: &str, what: &str, is: impl Fn(&View) -> bool) -> Go {
        self.press(key)?;
        self.tty.wait_until(what, is);
        Ok(())
    }
}
