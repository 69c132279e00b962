//! One order's course, driven from the command line: what it asks for is done beside, and what happened comes in one
//! after another.
//!
//! It is what the wizard's loop is to the wizard, without a screen. It decides nothing; what an event means is the
//! course's matter, and what is told of it the command's.

use crate::account::Access;
use crate::certcentral::Client;
use crate::clock::Clock;
use crate::facts::{Reason, Unkept};
use crate::order::drive::{self, Means};
use crate::order::{Course, Effect, Event, Turn};
use crate::run::StateDir;
use crate::store::{Keeper, Shelf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A course with the means to carry it out.
pub(super) struct Errand {
    /// Where the order is.
    pub(super) course: Course,
    hands: Arc<Hands>,
    send: UnboundedSender<Event>,
    receive: UnboundedReceiver<Event>,
    /// Effects whose event has not come in.
    open: usize,
}

struct Hands {
    client: Result<Client, Reason>,
    keeper: Keeper,
    endpoint: &'static str,
    pace: u32,
    clock: Clock,
}

impl Hands {
    fn now(&self) -> u64 {
        self.clock.now()
    }
}

impl Errand {
    /// The means for an account. That a client cannot be made is told by what needs one.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub(super) fn new(access: &Access, state: StateDir, endpoint: &'static str) -> std::io::Result<Self> {
        let (client, pace) = (access.client(), access.pace);
        let (send, receive) = unbounded_channel();
        let hands = Arc::new(Hands { client, keeper: Keeper::start(state)?, endpoint, pace, clock: Clock::start() });
        Ok(Self { course: Course::Ready, hands, send, receive, open: 0 })
    }

    /// The time, in milliseconds since the start.
    pub(super) fn now(&self) -> u64 {
        self.hands.now()
    }

    /// So many milliseconds of a schedule, as long as they last here.
    pub(super) fn lasting(&self, millis: u64) -> Duration {
        Duration::from_millis(millis) / self.hands.pace.max(1)
    }

    /// The client, or why there is none.
    pub(super) fn client(&self) -> Result<&Client, &Reason> {
        self.hands.client.as_ref()
    }

    /// Takes in what happened, and has done what is to be done now.
    pub(super) fn happen(&mut self, event: Event) -> Turn {
        let (turn, effects) = self.course.step(event);
        for effect in effects {
            self.perform(effect);
        }
        turn
    }

    fn perform(&mut self, effect: Effect) {
        self.open += 1;
        let (hands, send) = (Arc::clone(&self.hands), self.send.clone());
        let tell = move |event| {
            let _ = send.send(event);
        };
        if let Effect::Write(write) = effect {
            let clock = Arc::clone(&hands);
            return drive::write_down(&hands.keeper, write, move || clock.now(), tell);
        }
        tokio::spawn(async move {
            let Hands { client, keeper, endpoint, pace, .. } = &*hands;
            let means = Means { client: client.as_ref(), keeper, endpoint, pace: *pace };
            if let Some(event) = drive::carry_out(means, effect, || hands.now()).await {
                tell(event);
            }
        });
    }

    /// What happens next; nothing where nothing is under way.
    pub(super) async fn next(&mut self) -> Option<Event> {
        if self.open == 0 {
            return None;
        }
        let event = self.receive.recv().await;
        self.open -= 1;
        event
    }

    /// Has something done with the store, after all that was asked for before.
    ///
    /// # Errors
    /// Where it cannot be done.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Shelf) -> Result<T, Unkept> + Send + 'static,
    ) -> Result<T, Unkept> {
        drive::ask(&self.hands.keeper, work).await
    }

    /// Writes down all that was to be, and lets go of the store.
    pub(super) fn close(&self) {
        self.hands.keeper.close();
    }
}
