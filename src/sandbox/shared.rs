//! What all calls of the sandbox share: the account, the orders, the time, and the record.
//!
//! It is one lock, held for as long as one answer takes to make. It knows no call.

use super::clock::Clock;
use super::ledger::Ledger;
use super::record::Record;
use super::show::View;
use super::switches::Faults;
use super::world::World;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Everything that the sandbox knows while it runs.
#[derive(Debug)]
pub(super) struct Inner {
    /// The account.
    pub(super) world: World,
    /// The orders.
    pub(super) ledger: Ledger,
    /// The time.
    pub(super) clock: Clock,
    /// What goes wrong on purpose.
    pub(super) faults: Faults,
    /// Where order bodies are recorded, if they are.
    pub(super) record: Option<Record>,
}

/// What all calls share.
pub(super) type Shared = Arc<Mutex<Inner>>;

/// Locks what is shared. A handler that failed half-way leaves facts that can still be read.
pub(super) fn lock(shared: &Shared) -> MutexGuard<'_, Inner> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    /// What answers are made from.
    pub(super) fn view(&self) -> View<'_> {
        View { world: &self.world, clock: &self.clock }
    }
}
