//! Connections that are held on purpose, so that a test can do something at exactly that moment, and the news of it.
//!
//! A test waits for the news and never by time. It is told when a connection is held; the connection goes on when it
//! is told to, or ends when its caller hangs up. Where connections are held is the matter of those who hold them.

use super::probe::ConnectionProbe;
use crate::sandbox::faults::Fault;
use serde_json::{Value, json};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// What was held by now.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct HoldStatus {
    /// How many connections were held since the sandbox began, those that went on since included.
    pub count: u64,
    /// Where the last of them was held. None before the first.
    pub phase: Option<Fault>,
}

/// The connections that are held.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct ConnectionHolds {
    state: Mutex<HoldState>,
    /// For those who wait on a thread.
    thread_notify: Condvar,
    /// For those who wait in a task.
    task_notify: Notify,
}

#[derive(Debug, Default, Clone, Copy)]
struct HoldState {
    held: HoldStatus,
    releases: u64,
}

impl ConnectionHolds {
    /// Holds a connection until it is released. Whether it is to go on: not where the caller hung up before that.
    pub(in crate::sandbox) async fn hold_connection(&self, phase: Fault, line: &ConnectionProbe) -> bool {
        let mut releases = 0;
        self.update_state(|state| {
            state.held = HoldStatus { count: state.held.count + 1, phase: Some(phase) };
            releases = state.releases;
        });
        tokio::select! {
            () = line.wait_for_hang_up() => false,
            // Who hung up before the release is gone, even if the news of it come after.
            _ = self.wait_until(|state| state.releases > releases) => !line.has_hung_up().await,
        }
    }

    /// Lets go on what is held.
    pub(in crate::sandbox) fn release_all(&self) {
        self.update_state(|state| state.releases += 1);
    }

    /// What was held, as soon as it is more than so many connections, or in the end anyway.
    pub(in crate::sandbox) async fn wait_for_more(&self, count: u64, patience: Duration) -> HoldStatus {
        let more = self.wait_until(|state| state.held.count > count);
        tokio::time::timeout(patience, more).await.unwrap_or_else(|_| self.status())
    }

    /// The same for a thread, but nothing where it was not more in the end.
    pub(in crate::sandbox) fn block_for_more(&self, count: u64, patience: Duration) -> Option<HoldStatus> {
        let waited =
            self.thread_notify.wait_timeout_while(self.lock_state(), patience, |state| state.held.count <= count);
        let held = waited.unwrap_or_else(PoisonError::into_inner).0.held;
        (held.count > count).then_some(held)
    }

    /// What was held by now.
    pub(in crate::sandbox) fn status(&self) -> HoldStatus {
        self.lock_state().held
    }

    fn update_state(&self, change: impl FnOnce(&mut HoldState)) {
        change(&mut self.lock_state());
        self.thread_notify.notify_all();
        self.task_notify.notify_waiters();
    }

    async fn wait_until(&self, reached: impl Fn(&HoldState) -> bool) -> HoldStatus {
        loop {
            // Asked for before the look, so that nothing happens unseen between the two.
            let news = self.task_notify.notified();
            let state = *self.lock_state();
            if reached(&state) {
                return state.held;
            }
            news.await;
        }
    }

    fn lock_state(&self) -> MutexGuard<'_, HoldState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<HoldStatus> for Value {
    fn from(held: HoldStatus) -> Self {
        json!({ "held": held.count, "phase": held.phase.map(Fault::name) })
    }
}
