//! The driver of one order machine for the command line: it runs the effects, and passes the events on one at a time.
//!
//! It does what the wizard's event loop does, without a screen. It decides nothing: the order machine interprets the
//! events, and the command prints the messages.

use crate::account::AccountAccess;
use crate::certcentral::Client;
use crate::clock::Clock;
use crate::domain::{PersistenceError, TransportError};
use crate::order::executor::{self, ExecutorContext};
use crate::order::{OrderEffect, OrderEvent, OrderMachine, OrderTransition};
use crate::store::{StoreSession, StoreWorker};
use crate::tui::event_loop::StateDir;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// An order machine with the resources to run its effects.
pub(super) struct OrderRunner {
    /// The state of the order.
    pub(super) course: OrderMachine,
    resources: Arc<RunnerResources>,
    event_sender: UnboundedSender<OrderEvent>,
    event_receiver: UnboundedReceiver<OrderEvent>,
    /// The number of effects whose event has not arrived.
    pending_effects: usize,
}

struct RunnerResources {
    client: Result<Client, TransportError>,
    keeper: StoreWorker,
    endpoint: &'static str,
    pace: u32,
    clock: Clock,
}

impl RunnerResources {
    fn now(&self) -> u64 {
        self.clock.now()
    }
}

impl OrderRunner {
    /// Creates the runner for an account. If no client can be created, the first effect that needs it reports that.
    ///
    /// # Errors
    /// The system cannot start a thread.
    pub(super) fn new(access: &AccountAccess, state: StateDir, endpoint: &'static str) -> std::io::Result<Self> {
        let (client, pace) = (access.create_client(), access.pace);
        let (send, receive) = unbounded_channel();
        let hands = Arc::new(RunnerResources {
            client,
            keeper: StoreWorker::start(state)?,
            endpoint,
            pace,
            clock: Clock::start(),
        });
        Ok(Self {
            course: OrderMachine::Ready,
            resources: hands,
            event_sender: send,
            event_receiver: receive,
            pending_effects: 0,
        })
    }

    /// Returns the time, in milliseconds since the start.
    pub(super) fn now(&self) -> u64 {
        self.resources.now()
    }

    /// Converts milliseconds of a schedule to real time, which tests shorten.
    pub(super) fn scaled_duration(&self, millis: u64) -> Duration {
        Duration::from_millis(millis) / self.resources.pace.max(1)
    }

    /// Returns the client, or why there is none.
    pub(super) fn client(&self) -> Result<&Client, &TransportError> {
        self.resources.client.as_ref()
    }

    /// Passes an event to the order machine, and starts the effects that follow from it.
    pub(super) fn handle_event(&mut self, event: OrderEvent) -> OrderTransition {
        let (turn, effects) = self.course.handle_event(event);
        for effect in effects {
            self.start_effect(effect);
        }
        turn
    }

    fn start_effect(&mut self, effect: OrderEffect) {
        self.pending_effects += 1;
        let (hands, send) = (Arc::clone(&self.resources), self.event_sender.clone());
        let tell = move |event| {
            let _ = send.send(event);
        };
        if let OrderEffect::Write(write) = effect {
            let clock = Arc::clone(&hands);
            return executor::write_to_journal(&hands.keeper, write, move || clock.now(), tell);
        }
        tokio::spawn(async move {
            let RunnerResources { client, keeper, endpoint, pace, .. } = &*hands;
            let means = ExecutorContext { client: client.as_ref(), store_worker: keeper, endpoint, pace: *pace };
            if let Some(event) = executor::execute_effect(means, effect, || hands.now()).await {
                tell(event);
            }
        });
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
        executor::run_on_store(&self.resources.keeper, work).await
    }

    /// Completes all writes, and closes the store.
    pub(super) fn close(&self) {
        self.resources.keeper.close();
    }
}
