//! What is steered from outside while the sandbox runs, and what is told there: the faults, what is held, and the
//! orders by number.
//!
//! It stands beside the account, so that it can be used from the beginning, while the account is still being made up.
//! It knows no call and no order.

use super::call_rate::{CallMeter, CallRate};
use super::faults::{ActiveFaults, CallKind, Fault, FaultSpec};
use crate::sandbox::faults::hold::ConnectionHolds;
use crate::sandbox::faults::probe::ConnectionProbe;
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// How many orders came since the sandbox began, and how far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct OrderCounts {
    /// Those whose head arrived, before any rule was applied to them, and whoever sent them.
    pub received: u64,
    /// Those of them whose body arrived to its end.
    pub received_whole: u64,
    /// Those of them that were accepted, and are in the ledger.
    pub placed: u64,
}

/// What is steered and told.
#[derive(Debug)]
pub(super) struct ControlBoard {
    /// The connections that are held.
    pub(super) holds: ConnectionHolds,
    faults: Mutex<ActiveFaults>,
    counts: Mutex<OrderCounts>,
    meter: Mutex<CallMeter>,
}

impl ControlBoard {
    /// With these faults switched on, before any order.
    pub(super) fn new(switches: Vec<FaultSpec>) -> Self {
        let faults = Mutex::new(ActiveFaults::new(switches));
        Self { holds: ConnectionHolds::default(), faults, counts: Mutex::default(), meter: Mutex::default() }
    }

    /// Switches these faults on, and all others off. What is held goes on.
    pub(super) fn set_faults(&self, switches: Vec<FaultSpec>) {
        lock_unpoisoned(&self.faults).replace_all(switches);
        self.holds.release_all();
    }

    /// The faults that strike this call.
    pub(super) fn trigger_for_call(&self, call: CallKind) -> Vec<FaultSpec> {
        lock_unpoisoned(&self.faults).trigger_for_call(call)
    }

    /// Whether this fault, which has its own place, strikes this call.
    pub(super) fn trigger_fault(&self, fault: Fault, call: CallKind) -> bool {
        lock_unpoisoned(&self.faults).trigger_fault(fault, call)
    }

    /// Holds an order here if this fault, which has its own place, strikes it. Whether the order is to go on.
    pub(super) async fn hold_if_triggered(&self, fault: Fault, line: &ConnectionProbe) -> bool {
        !self.trigger_fault(fault, CallKind::Orders) || self.holds.hold_connection(fault, line).await
    }

    /// What is switched on, as texts that switch it on.
    pub(super) fn faults_json(&self) -> Value {
        lock_unpoisoned(&self.faults).to_json()
    }

    /// Counts what has happened to an order.
    pub(super) fn update_counts(&self, happened: impl FnOnce(&mut OrderCounts)) {
        happened(&mut lock_unpoisoned(&self.counts));
    }

    /// Counts a call of the API.
    pub(super) fn count_call(&self) {
        lock_unpoisoned(&self.meter).count_call(Instant::now());
    }

    /// How close to each other calls came.
    pub(super) fn call_rate(&self) -> CallRate {
        lock_unpoisoned(&self.meter).rate()
    }

    /// The counts by now.
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

/// Nothing here is left half-done by whoever panics.
fn lock_unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
