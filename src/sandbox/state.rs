//! What all calls of the sandbox share: the account, the orders, the time and the record, and what is steered.
//!
//! All but the last is behind one lock, held for as long as one answer takes to make. It knows no call.

use super::account::SandboxAccount;
use super::clock::SandboxClock;
use super::control::ControlBoard;
use super::orders::SandboxOrders;
use super::record_file::RecordFile;
use super::render::RenderContext;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the sandbox knows while it runs.
#[derive(Debug)]
pub(super) struct SandboxState {
    /// The account.
    pub(super) account: SandboxAccount,
    /// The orders.
    pub(super) orders: SandboxOrders,
    /// The time.
    pub(super) clock: SandboxClock,
    /// Where order bodies are recorded, if they are.
    pub(super) record: Option<RecordFile>,
}

/// What all calls share.
#[derive(Debug)]
pub(super) struct SharedState {
    /// What is steered from outside. Whoever has locked the rest may use it, and never the other way round.
    pub(super) board: Arc<ControlBoard>,
    inner: Mutex<SandboxState>,
}

impl SharedState {
    /// What is known, and what is steered.
    pub(super) fn new(inner: SandboxState, board: Arc<ControlBoard>) -> Self {
        Self { board, inner: Mutex::new(inner) }
    }
}

/// What every call has a share of.
pub(super) type StateHandle = Arc<SharedState>;

/// Locks what is shared. A handler that failed half-way leaves facts that can still be read.
pub(super) fn lock_state(shared: &StateHandle) -> MutexGuard<'_, SandboxState> {
    shared.inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SandboxState {
    /// What answers are made from.
    pub(super) fn render_context(&self) -> RenderContext<'_> {
        RenderContext { account: &self.account, clock: &self.clock }
    }
}
