//! The driver of one order machine for the command line: it runs the effects, and passes the events on one at a time.
//!
//! It does what the wizard's event loop does, without a screen. It decides nothing: the order machine interprets the
//! events, and the command prints the messages.

use super::environment_variable;
use crate::account::AccountAccess;
use crate::certcentral::Client;
use crate::clock::Clock;
use crate::domain::{ApiError, PersistenceError, TransportError};
use crate::order::executor::{self, OrderExecutor};
use crate::order::{OrderEffect, OrderEvent, OrderMachine, OrderTransition};
use crate::product::Product;
use crate::store::{self, StoreSession, StoreWorker};
use crate::tui::event_loop::RunError;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// An order machine with the resources to run its effects.
pub(super) struct OrderRunner {
    /// The state of the order.
    pub(super) machine: OrderMachine,
    executor: OrderExecutor,
    client: Result<Arc<Client>, TransportError>,
    pace: u32,
    event_sender: UnboundedSender<OrderEvent>,
    event_receiver: UnboundedReceiver<OrderEvent>,
    /// The number of effects whose event has not arrived.
    pending_effects: usize,
}

impl OrderRunner {
    /// Creates the runner for an account. If no client can be created, the first effect that needs it reports that.
    ///
    /// # Errors
    /// The system cannot start a thread.
    pub(super) fn new(access: &AccountAccess, product: &'static Product) -> Result<Self, RunError> {
        let (client, pace) = (access.create_client().map(Arc::new), access.pace);
        let store_worker = Arc::new(StoreWorker::start(store::state_dir(environment_variable))?);
        let (event_sender, event_receiver) = unbounded_channel();
        Ok(Self {
            machine: OrderMachine::Ready,
            executor: OrderExecutor { store_worker, endpoint: product.endpoint, clock: Clock::start() },
            client,
            pace,
            event_sender,
            event_receiver,
            pending_effects: 0,
        })
    }

    /// Returns the time, in milliseconds since the start.
    pub(super) fn now(&self) -> u64 {
        self.executor.clock.now()
    }

    /// Converts milliseconds of a schedule to real time, which tests shorten.
    pub(super) fn scaled_duration(&self, millis: u64) -> Duration {
        executor::duration_at_pace(millis, self.pace)
    }

    /// Returns the client for a query, or the reason why it cannot be sent.
    pub(super) fn client(&self) -> Result<&Client, ApiError> {
        self.client.as_deref().map_err(|why| ApiError::NotAllowed(why.clone()))
    }

    /// Passes an event to the order machine, and starts the effects that follow from it.
    pub(super) fn handle_event(&mut self, event: OrderEvent) -> OrderTransition {
        let (turn, effects) = self.machine.handle_event(event);
        for effect in effects {
            self.start_effect(effect);
        }
        turn
    }

    fn start_effect(&mut self, effect: OrderEffect) {
        self.pending_effects += 1;
        let send = self.event_sender.clone();
        let tell = move |event| {
            let _ = send.send(event);
        };
        self.executor.start_effect(ready(self.client.clone()), self.pace, effect, tell);
    }

    /// Waits for the next event. `None` if no effect is pending.
    pub(super) async fn next_event(&mut self) -> Option<OrderEvent> {
        if self.pending_effects == 0 {
            return None;
        }
        let event = self.event_receiver.recv().await;
        self.pending_effects -= 1;
        event
    }

    /// Runs a task on the store, after all earlier ones.
    ///
    /// # Errors
    /// The task failed.
    pub(super) async fn run_store_task<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut StoreSession) -> Result<T, PersistenceError> + Send + 'static,
    ) -> Result<T, PersistenceError> {
        executor::run_on_store(&self.executor.store_worker, work).await
    }

    /// Completes all writes, and closes the store.
    pub(super) fn close(&self) {
        self.executor.store_worker.close();
    }
}
