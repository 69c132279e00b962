//! What is steered from outside while the sandbox runs, and what is told there: the faults, what is held, and the
//! orders by number.
//!
//! It stands beside the account, so that it can be used from the beginning, while the account is still being made up.
//! It knows no call and no order.

use super::hold::Holds;
use super::line::Line;
use super::rate::{Meter, Rate};
use super::switches::{Calls, Fault, Faults, Switch};
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// How many orders came since the sandbox began, and how far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Those whose head arrived, before any rule was applied to them, and whoever sent them.
    pub received: u64,
    /// Those of them whose body arrived to its end.
    pub received_whole: u64,
    /// Those of them that were accepted, and are in the ledger.
    pub placed: u64,
}

/// What is steered and told.
#[derive(Debug)]
pub(super) struct Board {
    /// The connections that are held.
    pub(super) holds: Holds,
    faults: Mutex<Faults>,
    counts: Mutex<Counts>,
    meter: Mutex<Meter>,
}

impl Board {
    /// With these faults switched on, before any order.
    pub(super) fn new(switches: Vec<Switch>) -> Self {
        let faults = Mutex::new(Faults::new(switches));
        Self { holds: Holds::default(), faults, counts: Mutex::default(), meter: Mutex::default() }
    }

    /// Switches these faults on, and all others off. What is held goes on.
    pub(super) fn switch(&self, switches: Vec<Switch>) {
        lock(&self.faults).set(switches);
        self.holds.release();
    }

    /// The faults that strike this call.
    pub(super) fn strike(&self, call: Calls) -> Vec<Switch> {
        lock(&self.faults).strike(call)
    }

    /// Whether this fault, which has its own place, strikes this call.
    pub(super) fn strikes(&self, fault: Fault, call: Calls) -> bool {
        lock(&self.faults).strikes(fault, call)
    }

    /// Holds an order here if this fault, which has its own place, strikes it. Whether the order is to go on.
    pub(super) async fn passes(&self, fault: Fault, line: &Line) -> bool {
        !self.strikes(fault, Calls::Orders) || self.holds.hold(fault, line).await
    }

    /// What is switched on, as texts that switch it on.
    pub(super) fn faults(&self) -> Value {
        lock(&self.faults).show()
    }

    /// Counts what has happened to an order.
    pub(super) fn count(&self, happened: impl FnOnce(&mut Counts)) {
        happened(&mut lock(&self.counts));
    }

    /// Counts a call of the API.
    pub(super) fn call(&self) {
        lock(&self.meter).count(Instant::now());
    }

    /// How close to each other calls came.
    pub(super) fn rate(&self) -> Rate {
        lock(&self.meter).rate()
    }

    /// The counts by now.
    pub(super) fn counts(&self) -> Counts {
        *lock(&self.counts)
    }
}

impl From<Counts> for Value {
    fn from(counts: Counts) -> Self {
        let Counts { received, received_whole, placed } = counts;
        json!({ "received": received, "received_whole": received_whole, "placed": placed })
    }
}

/// Nothing here is left half-done by whoever panics.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
