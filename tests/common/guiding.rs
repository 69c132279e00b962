//! What becomes of setting up an account in a walk: a keyring that is there or not, keys that are had or not.

use zegel::facts::{KeyTrouble, Reason};
use zegel::wizard::msg::{GuideTask, Guided, NewAccount};

/// The surroundings of a new account.
#[derive(Debug, Clone)]
pub(crate) struct Guiding {
    /// The keyring, or why there is none.
    pub(crate) keyring: Result<String, KeyTrouble>,
    /// What comes of getting the key.
    pub(crate) tried: Result<bool, Reason>,
    /// What comes of writing the account down.
    pub(crate) kept: Result<(), String>,
    /// What was written down, or would have been.
    pub(crate) written: Vec<NewAccount>,
}

impl Default for Guiding {
    fn default() -> Self {
        Self { keyring: Ok("Test Keyring".into()), tried: Ok(true), kept: Ok(()), written: Vec::new() }
    }
}

impl Guiding {
    /// Does one thing.
    pub(crate) fn work(&mut self, task: GuideTask) -> Guided {
        match task {
            GuideTask::FindKeyring => Guided::Keyring(self.keyring.clone()),
            GuideTask::Try(_) => Guided::Tried(self.tried.clone()),
            GuideTask::Keep(account) => {
                self.written.push(*account);
                Guided::Kept(self.kept.clone())
            }
        }
    }
}
