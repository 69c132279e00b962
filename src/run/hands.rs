//! Doing what the wizard asks for, off the loop: each effect is a task that ends in a message.
//!
//! The client is made when it is first needed, after the first frame: that takes milliseconds. Nothing is decided
//! here.

use crate::account::Access;
use crate::certcentral::{Client, Limits};
use crate::facts::{Answer, Cause, Failure, Reason};
use crate::order::{self, drive};
use crate::product::Product;
use crate::wizard::msg::{Fetch, Msg, Reply, Ticket};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;
use tokio::sync::mpsc::UnboundedSender;

/// How long Confirm takes no keys after its end was painted.
const ARMING: Duration = Duration::from_millis(500);

/// What tasks need. Cheap to clone.
#[derive(Clone)]
pub(super) struct Hands {
    access: Arc<Access>,
    client: Arc<OnceCell<Result<Client, Reason>>>,
    endpoint: &'static str,
    started: Instant,
    send: UnboundedSender<Msg>,
}

impl Hands {
    pub(super) fn new(access: Access, product: &'static Product, started: Instant, send: UnboundedSender<Msg>) -> Self {
        let client = Arc::new(OnceCell::new());
        Self { access: Arc::new(access), client, endpoint: &product.endpoint, started, send }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The client, made on a thread where it may take its time.
    async fn client(&self) -> Result<&Client, Reason> {
        let made = self.client.get_or_init(|| async {
            let access = Arc::clone(&self.access);
            let build = move || Client::new(access.host.clone(), access.key.clone(), Limits::default());
            match tokio::task::spawn_blocking(build).await {
                Ok(made) => made.map_err(|why| Reason::new(Cause::Unfit, why.to_string())),
                Err(why) => Err(Reason::new(Cause::Unfit, why.to_string())),
            }
        });
        made.await.as_ref().map_err(Clone::clone)
    }

    /// Takes keys at Confirm after the pause. It is called once the frame has been written.
    pub(super) fn arm(&self, ticket: Ticket) {
        let send = self.send.clone();
        tokio::spawn(async move {
            tokio::time::sleep(ARMING).await;
            let _ = send.send(Msg::Reply(ticket, Box::new(Reply::Armed)));
        });
    }

    /// Asks the server.
    pub(super) fn fetch(&self, ticket: Ticket, fetch: Fetch) {
        let hands = self.clone();
        tokio::spawn(async move {
            let reply = hands.answer(fetch).await;
            let _ = hands.send.send(Msg::Reply(ticket, Box::new(reply)));
        });
    }

    async fn answer(&self, fetch: Fetch) -> Reply {
        let client = match self.client().await {
            Ok(client) => client,
            Err(why) => return failed(fetch, Failure::NotAllowed(why)),
        };
        match fetch {
            Fetch::Organizations { limit, offset } => Reply::Organizations(client.organizations(limit, offset).await),
            Fetch::Organization(id) => Reply::Organization(client.organization(id).await),
            Fetch::Approvers => Reply::Approvers(client.approvers().await),
            Fetch::Users { limit, offset } => Reply::Users(client.users(limit, offset).await),
            Fetch::User(id) => Reply::User(client.user(id).await),
            Fetch::Product(name_id) => Reply::Product(client.product(name_id).await),
            Fetch::Balance => Reply::Balance(client.balance().await),
        }
    }

    /// Carries out what the order asks for.
    pub(super) fn order(&self, effect: order::Effect) {
        let hands = self.clone();
        tokio::spawn(async move {
            let event = match hands.client().await {
                Ok(client) => drive::carry_out(client, hands.endpoint, effect, || hands.now()).await,
                // Without a client nothing can have left.
                Err(why) => order::Event::Answered(Answer::NotSent(why), hands.now()),
            };
            let _ = hands.send.send(Msg::Order(Box::new(event)));
        });
    }
}

fn failed(fetch: Fetch, failure: Failure) -> Reply {
    match fetch {
        Fetch::Organizations { .. } => Reply::Organizations(Err(failure)),
        Fetch::Organization(_) => Reply::Organization(Err(failure)),
        Fetch::Approvers => Reply::Approvers(Err(failure)),
        Fetch::Users { .. } => Reply::Users(Err(failure)),
        Fetch::User(_) => Reply::User(Err(failure)),
        Fetch::Product(_) => Reply::Product(Err(failure)),
        Fetch::Balance => Reply::Balance(Err(failure)),
    }
}
