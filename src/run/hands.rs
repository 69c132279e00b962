//! Doing what the wizard asks for, off the loop: each effect is a task that ends in a message.
//!
//! The client is made when it is first needed, after the first frame: that takes milliseconds. Nothing is decided
//! here.

use super::{files, keeping};
use crate::account::Access;
use crate::certcentral::{Client, OrderFilter};
use crate::facts::{Cause, Failure, Reason};
use crate::order::{self, Effect, drive};
use crate::product::Product;
use crate::store::Keeper;
use crate::wizard::msg::{Fetch, FileTask, Keep, Msg, Reply, Ticket};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;
use tokio::sync::mpsc::UnboundedSender;

/// How long Confirm takes no keys after its end was painted.
const ARMING: Duration = Duration::from_millis(500);

/// What tasks need. Cheap to clone.
#[derive(Clone)]
pub(super) struct Hands {
    access: Option<Arc<Access>>,
    client: Arc<OnceCell<Result<Client, Reason>>>,
    keeper: Arc<Keeper>,
    endpoint: &'static str,
    started: Instant,
    send: UnboundedSender<Msg>,
}

impl Hands {
    pub(super) fn new(
        access: Option<Access>,
        keeper: &Arc<Keeper>,
        product: &'static Product,
        started: Instant,
        send: UnboundedSender<Msg>,
    ) -> Self {
        let (client, keeper) = (Arc::new(OnceCell::new()), Arc::clone(keeper));
        Self { access: access.map(Arc::new), client, keeper, endpoint: &product.endpoint, started, send }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The client, made on a thread where it may take its time.
    async fn client(&self) -> Result<&Client, Reason> {
        let made = self.client.get_or_init(|| async {
            let Some(access) = &self.access else { return Err(Cause::NoAccount.into()) };
            let access = Arc::clone(access);
            match tokio::task::spawn_blocking(move || access.client()).await {
                Ok(made) => made,
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
            Fetch::Balance(division) => Reply::Balance(client.balance(division).await),
            Fetch::Me => Reply::Me(client.me().await.map(|answer| answer.told)),
            Fetch::Account => Reply::Account(client.account().await),
            Fetch::Divisions => Reply::Divisions(client.divisions().await),
            Fetch::Profiles => Reply::Profiles(client.profiles().await),
            Fetch::Validations(organization) => Reply::Validations(client.validations(organization).await),
            Fetch::Orders { product, organization, limit } => {
                let page = client.orders(OrderFilter { product, organization }, limit, 0).await;
                Reply::Orders(page.map(|answer| answer.told))
            }
        }
    }

    /// Carries out what the order asks for. What is to be written down is asked for when this returns.
    pub(super) fn order(&self, effect: Effect) {
        let hands = self.clone();
        if let Effect::Write(write) = effect {
            let now = self.clone();
            return drive::write_down(&self.keeper, write, move || now.now(), move |event| hands.tell(event));
        }
        tokio::spawn(async move {
            let client = hands.client().await;
            let means = drive::Means {
                client: client.as_ref().copied(),
                keeper: &hands.keeper,
                endpoint: hands.endpoint,
                pace: hands.access.as_ref().map_or(1, |access| access.pace),
            };
            if let Some(event) = drive::carry_out(means, effect, || hands.now()).await {
                hands.tell(event);
            }
        });
    }

    fn tell(&self, event: order::Event) {
        let _ = self.send.send(Msg::Order(Box::new(event)));
    }

    /// Does something with what is kept.
    pub(super) fn keep(&self, keep: Keep) {
        let send = self.send.clone();
        let tell = move |kept| {
            let _ = send.send(Msg::Kept(Box::new(kept)));
        };
        // Where there is no account, drafts belong to none.
        let host = self.access.as_ref().map(|access| access.host.name().to_owned()).unwrap_or_default();
        self.keeper.ask(move |shelf| keeping::keep(shelf, keep, &host, tell));
    }

    /// Does something with a file, on a thread where it may take its time.
    pub(super) fn file(&self, ticket: Ticket, task: FileTask) {
        let send = self.send.clone();
        tokio::task::spawn_blocking(move || {
            if let Some(filed) = files::work(task) {
                let _ = send.send(Msg::File(ticket, Box::new(filed)));
            }
        });
    }

    /// Waits until everything is written down that was to be.
    pub(super) fn drain(&self) {
        self.keeper.drain();
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
        Fetch::Balance(_) => Reply::Balance(Err(failure)),
        Fetch::Me => Reply::Me(Err(failure)),
        Fetch::Account => Reply::Account(Err(failure)),
        Fetch::Divisions => Reply::Divisions(Err(failure)),
        Fetch::Profiles => Reply::Profiles(Err(failure)),
        Fetch::Validations(_) => Reply::Validations(Err(failure)),
        Fetch::Orders { .. } => Reply::Orders(Err(failure)),
    }
}
