//! Control board: what a test can set and read while the sandbox runs, namely faults, held connections and counts.
//!
//! The board is separate from the account, so that it works from the start, while the account is still being generated.

use super::call_rate::{CallMeter, CallRate};
use super::faults::{ActiveFaults, CallKind, Fault, FaultSpec};
use crate::sandbox::faults::hold::ConnectionHolds;
use crate::sandbox::faults::probe::ConnectionProbe;
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// How many orders came since the sandbox started, and how far they came.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct OrderCounts {
    /// Orders whose headers arrived. They count before any rule is applied, whatever key they have.
    pub received: u64,
    /// The received orders whose whole body arrived.
    pub received_whole: u64,
    /// The received orders that were accepted.
    pub placed: u64,
}

#[derive(Debug)]
pub(super) struct ControlBoard {
    pub(super) holds: ConnectionHolds,
    faults: Mutex<ActiveFaults>,
    counts: Mutex<OrderCounts>,
    meter: Mutex<CallMeter>,
}

impl ControlBoard {
    /// Makes a board with these faults on and all counts zero.
    pub(super) fn new(switches: Vec<FaultSpec>) -> Self {
        let faults = Mutex::new(ActiveFaults::new(switches));
        Self { holds: ConnectionHolds::default(), faults, counts: Mutex::default(), meter: Mutex::default() }
    }

    /// Switches these faults on and all others off. Held connections are released.
    pub(super) fn set_faults(&self, switches: Vec<FaultSpec>) {
        lock_unpoisoned(&self.faults).replace_all(switches);
        self.holds.release_all();
    }

    /// Returns the faults that strike this call. The call counts toward the limit of each of them.
    pub(super) fn trigger_for_call(&self, call: CallKind) -> Vec<FaultSpec> {
        lock_unpoisoned(&self.faults).trigger_for_call(call)
    }

    /// Returns true if this fault strikes this call. Used for faults that are checked in one place only; see
    /// [`ActiveFaults::trigger_fault`].
    pub(super) fn trigger_fault(&self, fault: Fault, call: CallKind) -> bool {
        lock_unpoisoned(&self.faults).trigger_fault(fault, call)
    }

    /// Holds the connection of an order if this fault strikes. Returns true if the order is to be handled further.
    pub(super) async fn hold_if_triggered(&self, fault: Fault, line: &ConnectionProbe) -> bool {
        !self.trigger_fault(fault, CallKind::Orders) || self.holds.hold_connection(fault, line).await
    }

    /// Returns the active faults as texts that switch them on again.
    pub(super) fn faults_json(&self) -> Value {
        lock_unpoisoned(&self.faults).to_json()
    }

    /// Updates the counts of orders.
    pub(super) fn update_counts(&self, happened: impl FnOnce(&mut OrderCounts)) {
        happened(&mut lock_unpoisoned(&self.counts));
    }

    pub(super) fn count_call(&self) {
        lock_unpoisoned(&self.meter).count_call(Instant::now());
    }

    pub(super) fn call_rate(&self) -> CallRate {
        lock_unpoisoned(&self.meter).rate()
    }

    pub(super) fn order_counts(&self) -> OrderCounts {
        *lock_unpoisoned(&self.counts)
    }
}

impl From<OrderCounts> for Value {
    fn from(counts: OrderCounts) -> Self {
        let OrderCounts { received, received_whole, placed } = counts;
        json!({ "received": received, "received_whole": received_whole, "placed": placed })
    }
}

/// Locks the mutex, also after a panic: no panic can leave these values half changed.
fn lock_unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
