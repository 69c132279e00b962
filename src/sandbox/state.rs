//! Shared state: what all calls of the sandbox use, namely account, orders, clock, record file and control board.
//!
//! All but the control board are behind one lock, which a call holds only while it makes its response.

use super::account::SandboxAccount;
use super::clock::SandboxClock;
use super::control::ControlBoard;
use super::orders::SandboxOrders;
use super::record_file::RecordFile;
use super::render::RenderContext;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Debug)]
pub(super) struct SandboxState {
    pub(super) account: SandboxAccount,
    pub(super) orders: SandboxOrders,
    pub(super) clock: SandboxClock,
    /// The file that records order bodies. `None` if they are not recorded.
    pub(super) record: Option<RecordFile>,
}

#[derive(Debug)]
pub(super) struct SharedState {
    /// Has its own locks. Code that holds the lock of `inner` may use the board; the board never takes the lock of
    /// `inner`.
    pub(super) board: Arc<ControlBoard>,
    inner: Mutex<SandboxState>,
}

impl SharedState {
    pub(super) fn new(inner: SandboxState, board: Arc<ControlBoard>) -> Self {
        Self { board, inner: Mutex::new(inner) }
    }
}

pub(super) type StateHandle = Arc<SharedState>;

/// Locks the state. After a panic in a handler the facts can still be read.
pub(super) fn lock_state(shared: &StateHandle) -> MutexGuard<'_, SandboxState> {
    shared.inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SandboxState {
    pub(super) fn render_context(&self) -> RenderContext<'_> {
        RenderContext { account: &self.account, clock: &self.clock }
    }
}
