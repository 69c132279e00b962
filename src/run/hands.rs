//! Doing what the wizard asks for, off the loop: each effect is a task that ends in a message.
//!
//! The client is made when it is first needed, after the first frame: that takes milliseconds. Nothing is decided
//! here.

use super::{Backing, files, keeping};
use crate::account::Access;
use crate::certcentral::Network;
use crate::certcentral::{Client, OrderFilter};
use crate::clock::Clock;
use crate::facts::{Cause, Failure, KeyVariables, Reason};
use crate::find::{self, Words};
use crate::lang::Lang;
use crate::order::{self, Effect, drive};
use crate::product::Product;
use crate::store::Keeper;
use crate::wizard::msg::{Fetch, FileTask, Guided, Keep, Msg, Reply, Ticket};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

/// How long Confirm takes no keys after its end was painted.
const ARMING: Duration = Duration::from_millis(500);

/// What tasks need. Cheap to clone.
#[derive(Clone)]
pub(super) struct Hands {
    /// The account that is worked on. While one is set up it is another one after each trial.
    account: Arc<Mutex<Arc<Worked>>>,
    /// The last trial of a key that was asked for. One before it changes nothing any more.
    trial: Arc<AtomicU64>,
    network: Network,
    config: Option<PathBuf>,
    /// The variables in which keys are.
    withheld: Arc<Mutex<KeyVariables>>,
    lang: Lang,
    keeper: Arc<Keeper>,
    product: &'static Product,
    clock: Clock,
    send: UnboundedSender<Msg>,
    /// The questions that are under way, by which they can be left.
    asked: Arc<Mutex<HashMap<Ticket, AbortHandle>>>,
}

/// An account with its client, which is made when it is first needed.
struct Worked {
    access: Option<Arc<Access>>,
    client: OnceCell<Result<Client, Reason>>,
}

impl Worked {
    fn new(access: Option<Access>) -> Arc<Self> {
        Arc::new(Self { access: access.map(Arc::new), client: OnceCell::new() })
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
}

impl Hands {
    pub(super) fn new(
        backing: Backing,
        lang: &Lang,
        keeper: &Arc<Keeper>,
        product: &'static Product,
        clock: Clock,
        send: UnboundedSender<Msg>,
    ) -> Self {
        let Backing { access, network, config, withheld, .. } = backing;
        let (account, keeper) = (Arc::new(Mutex::new(Worked::new(access))), Arc::clone(keeper));
        let trial = Arc::new(AtomicU64::new(0));
        Self {
            account,
            trial,
            network,
            config,
            withheld: Arc::new(Mutex::new(withheld)),
            lang: lang.clone(),
            keeper,
            product,
            clock,
            send,
            asked: Arc::default(),
        }
    }

    fn now(&self) -> u64 {
        self.clock.now()
    }

    fn account(&self) -> Arc<Worked> {
        Arc::clone(&self.account.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How hosts are reached.
    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    /// The variables that no program is given.
    pub(super) fn withheld(&self) -> KeyVariables {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on no program is given this variable either.
    pub(super) fn withhold(&self, name: &str) {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner).0.push(name.to_owned());
    }

    /// Where a new account is written down, by which product its orders are judged, and in which language it is told.
    pub(super) fn writes_to(&self) -> (&Lang, Option<&Path>, &'static Product) {
        (&self.lang, self.config.as_deref(), self.product)
    }

    /// From now on only what this trial brings counts.
    pub(super) fn begin_trial(&self, trial: Ticket) {
        self.trial.store(trial.0, Ordering::SeqCst);
    }

    /// Works on this account from now on, if no other trial was asked for since. What was asked of another account is
    /// answered by that one still.
    pub(super) fn adopt(&self, trial: Ticket, access: Access) {
        if self.trial.load(Ordering::SeqCst) != trial.0 {
            return;
        }
        *self.account.lock().unwrap_or_else(PoisonError::into_inner) = Worked::new(Some(access));
    }

    /// Tells what came of it.
    pub(super) fn guided(&self, ticket: Ticket, guided: Guided) {
        let _ = self.send.send(Msg::Guided(ticket, Box::new(guided)));
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
        let mut asked = self.asked();
        let task = tokio::spawn(async move {
            let reply = hands.answer(fetch).await;
            hands.asked().remove(&ticket);
            hands.reply(ticket, reply);
        });
        asked.insert(ticket, task.abort_handle());
    }

    /// Leaves a question that nobody waits for any more: its connection is closed.
    pub(super) fn cancel(&self, ticket: Ticket) {
        if let Some(task) = self.asked().remove(&ticket) {
            task.abort();
        }
    }

    /// Looks for rows that nearly have the words, on a thread where it may take its time.
    pub(super) fn near(&self, ticket: Ticket, words: Words, typed: String) {
        let hands = self.clone();
        tokio::task::spawn_blocking(move || hands.reply(ticket, Reply::Near(find::near(&words, &typed))));
    }

    fn reply(&self, ticket: Ticket, reply: Reply) {
        let _ = self.send.send(Msg::Reply(ticket, Box::new(reply)));
    }

    fn asked(&self) -> MutexGuard<'_, HashMap<Ticket, AbortHandle>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, fetch: Fetch) -> Reply {
        let account = self.account();
        let client = match account.client().await {
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
            let account = hands.account();
            let client = account.client().await;
            let means = drive::Means {
                client: client.as_ref().copied(),
                keeper: &hands.keeper,
                endpoint: &hands.product.endpoint,
                pace: account.access.as_ref().map_or(1, |access| access.pace),
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
        let host = self.account().access.as_ref().map(|access| access.host.name().to_owned()).unwrap_or_default();
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
