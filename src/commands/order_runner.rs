//! One order's course, driven from the command line: what it asks for is done beside, and what happened comes in one
//! after another.
//!
//! It is what the wizard's loop is to the wizard, without a screen. It decides nothing; what an event means is the
//! course's matter, and what is told of it the command's.

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

/// A course with the means to carry it out.
pub(super) struct OrderRunner {
    /// Where the order is.
    pub(super) course: OrderMachine,
    resources: Arc<RunnerResources>,
    event_sender: UnboundedSender<OrderEvent>,
    event_receiver: UnboundedReceiver<OrderEvent>,
    /// Effects whose event has not come in.
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
    /// The means for an account. That a client cannot be made is told by what needs one.
    ///
    /// # Errors
    /// Where the system gives no thread.
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

    /// The time, in milliseconds since the start.
    pub(super) fn now(&self) -> u64 {
        self.resources.now()
    }

    /// So many milliseconds of a schedule, as long as they last here.
    pub(super) fn scaled_duration(&self, millis: u64) -> Duration {
        Duration::from_millis(millis) / self.resources.pace.max(1)
    }

    /// The client, or why there is none.
    pub(super) fn client(&self) -> Result<&Client, &TransportError> {
        self.resources.client.as_ref()
    }

    /// Takes in what happened, and has done what is to be done now.
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

    /// What happens next; nothing where nothing is under way.
    pub(super) async fn next_event(&mut self) -> Option<OrderEvent> {
        if self.pending_effects == 0 {
            return None;
        }
        let event = self.event_receiver.recv().await;
        self.pending_effects -= 1;
        event
    }

    /// Has something done with the store, after all that was asked for before.
    ///
    /// # Errors
    /// Where it cannot be done.
    pub(super) async fn run_store_task<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut StoreSession) -> Result<T, PersistenceError> + Send + 'static,
    ) -> Result<T, PersistenceError> {
        executor::run_on_store(&self.resources.keeper, work).await
    }

    /// Writes down all that was to be, and lets go of the store.
    pub(super) fn close(&self) {
        self.resources.keeper.close();
    }
}
