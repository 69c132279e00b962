//! What all calls of the sandbox share: the account, the orders, the time and the record, and what is steered.
//!
//! All but the last is behind one lock, held for as long as one answer takes to make. It knows no call.

use super::board::Board;
use super::clock::Clock;
use super::ledger::Ledger;
use super::record::Record;
use super::show::View;
use super::world::World;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the sandbox knows while it runs.
#[derive(Debug)]
pub(super) struct Inner {
    /// The account.
    pub(super) world: World,
    /// The orders.
    pub(super) ledger: Ledger,
    /// The time.
    pub(super) clock: Clock,
    /// Where order bodies are recorded, if they are.
    pub(super) record: Option<Record>,
}

/// What all calls share.
#[derive(Debug)]
pub(super) struct Whole {
    /// What is steered from outside. Whoever has locked the rest may use it, and never the other way round.
    pub(super) board: Arc<Board>,
    inner: Mutex<Inner>,
}

impl Whole {
    /// What is known, and what is steered.
    pub(super) fn new(inner: Inner, board: Arc<Board>) -> Self {
        Self { board, inner: Mutex::new(inner) }
    }
}

/// What every call has a share of.
pub(super) type Shared = Arc<Whole>;

/// Locks what is shared. A handler that failed half-way leaves facts that can still be read.
pub(super) fn lock(shared: &Shared) -> MutexGuard<'_, Inner> {
    shared.inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    /// What answers are made from.
    pub(super) fn view(&self) -> View<'_> {
        View { world: &self.world, clock: &self.clock }
    }
}
