//! Held connections: a connection waits at a known point, so that a test can act at exactly that moment.
//!
//! A test waits for the notification that a connection is held, never for a fixed time. The connection continues when
//! it is released, and ends when its caller hangs up. The code that holds a connection decides where that happens.

use super::probe::ConnectionProbe;
use crate::sandbox::faults::Fault;
use serde_json::{Value, json};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct HoldStatus {
    /// How many connections were held since the sandbox started, including those that were released since.
    pub count: u64,
    /// Where the last connection was held. `None` before the first.
    pub phase: Option<Fault>,
}

#[derive(Debug, Default)]
pub(in crate::sandbox) struct ConnectionHolds {
    state: Mutex<HoldState>,
    /// Notifies threads that wait.
    thread_notify: Condvar,
    /// Notifies tasks that wait.
    task_notify: Notify,
}

#[derive(Debug, Default, Clone, Copy)]
struct HoldState {
    held: HoldStatus,
    releases: u64,
}

impl ConnectionHolds {
    /// Holds a connection until it is released. Returns true if the connection continues, false if its caller hung up
    /// before the release.
    pub(in crate::sandbox) async fn hold_connection(&self, phase: Fault, line: &ConnectionProbe) -> bool {
        let mut releases = 0;
        self.update_state(|state| {
            state.held = HoldStatus { count: state.held.count + 1, phase: Some(phase) };
            releases = state.releases;
        });
        tokio::select! {
            () = line.wait_for_hang_up() => false,
            // A caller who hung up before the release is gone, even if the notification comes later.
            _ = self.wait_until(|state| state.releases > releases) => !line.has_hung_up().await,
        }
    }

    /// Releases all held connections.
    pub(in crate::sandbox) fn release_all(&self) {
        self.update_state(|state| state.releases += 1);
    }

    /// Returns the status as soon as more than `count` connections have been held, or after `patience`.
    pub(in crate::sandbox) async fn wait_for_more(&self, count: u64, patience: Duration) -> HoldStatus {
        let more = self.wait_until(|state| state.held.count > count);
        tokio::time::timeout(patience, more).await.unwrap_or_else(|_| self.status())
    }

    /// Does the same on a thread, but returns `None` if `patience` ends first.
    pub(in crate::sandbox) fn block_for_more(&self, count: u64, patience: Duration) -> Option<HoldStatus> {
        let waited =
            self.thread_notify.wait_timeout_while(self.lock_state(), patience, |state| state.held.count <= count);
        let held = waited.unwrap_or_else(PoisonError::into_inner).0.held;
        (held.count > count).then_some(held)
    }

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
            // Created before the state is read, so that no change between the two is missed.
            let notified = self.task_notify.notified();
            let state = *self.lock_state();
            if reached(&state) {
                return state.held;
            }
            notified.await;
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
