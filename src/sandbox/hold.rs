//! Connections that are held on purpose, so that a test can do something at exactly that moment, and the news of it.
//!
//! A test waits for the news and never by time. It is told when a connection is held; the connection goes on when it
//! is told to, or ends when its caller hangs up. Where connections are held is the matter of those who hold them.

use super::line::Line;
use super::switches::Fault;
use serde_json::{Value, json};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// What was held by now.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// How many connections were held since the sandbox began, those that went on since included.
    pub count: u64,
    /// Where the last of them was held. None before the first.
    pub phase: Option<Fault>,
}

/// The connections that are held.
#[derive(Debug, Default)]
pub(super) struct Holds {
    state: Mutex<State>,
    /// For those who wait on a thread.
    changed: Condvar,
    /// For those who wait in a task.
    news: Notify,
}

#[derive(Debug, Default, Clone, Copy)]
struct State {
    held: Held,
    releases: u64,
}

impl Holds {
    /// Holds a connection until it is released. Whether it is to go on: not where the caller hung up before that.
    pub(super) async fn hold(&self, phase: Fault, line: &Line) -> bool {
        let mut releases = 0;
        self.change(|state| {
            state.held = Held { count: state.held.count + 1, phase: Some(phase) };
            releases = state.releases;
        });
        tokio::select! {
            () = line.gone() => false,
            // Who hung up before the release is gone, even if the news of it come after.
            _ = self.until(|state| state.releases > releases) => !line.is_gone().await,
        }
    }

    /// Lets go on what is held.
    pub(super) fn release(&self) {
        self.change(|state| state.releases += 1);
    }

    /// What was held, as soon as it is more than so many connections, or in the end anyway.
    pub(super) async fn after(&self, count: u64, patience: Duration) -> Held {
        let more = self.until(|state| state.held.count > count);
        tokio::time::timeout(patience, more).await.unwrap_or_else(|_| self.now())
    }

    /// The same for a thread, but nothing where it was not more in the end.
    pub(super) fn wait(&self, count: u64, patience: Duration) -> Option<Held> {
        let waited = self.changed.wait_timeout_while(self.lock(), patience, |state| state.held.count <= count);
        let held = waited.unwrap_or_else(PoisonError::into_inner).0.held;
        (held.count > count).then_some(held)
    }

    /// What was held by now.
    pub(super) fn now(&self) -> Held {
        self.lock().held
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
        self.news.notify_waiters();
    }

    async fn until(&self, reached: impl Fn(&State) -> bool) -> Held {
        loop {
            // Asked for before the look, so that nothing happens unseen between the two.
            let news = self.news.notified();
            let state = *self.lock();
            if reached(&state) {
                return state.held;
            }
            news.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Held> for Value {
    fn from(held: Held) -> Self {
        json!({ "held": held.count, "phase": held.phase.map(Fault::name) })
    }
}
