//! Effect executor: performs the app's effects off the event loop. Each effect is a task that ends in a message.
//!
//! The client is created on first use, after the first frame, because that takes milliseconds. Decisions do not belong
//! here.

use super::{LoopResources, files, store};
use crate::account::AccountAccess;
use crate::certcentral::Client;
use crate::certcentral::Network;
use crate::clock::Clock;
use crate::domain::{
    AccountAnswer, AccountResource, ApiError, KeyVariables, PageRange, TransportError, TransportErrorKind,
};
use crate::i18n::Translations;
use crate::order::OrderEffect;
use crate::order::executor::OrderExecutor;
use crate::product::Product;
use crate::search::{self, SearchIndex};
use crate::store::StoreWorker;
use crate::tui::message::{EffectReply, FileTask, Message, SetupReply, StoreTask, Ticket};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

/// The time for which Confirm accepts no keys after its end was drawn.
const ARMING_DELAY: Duration = Duration::from_millis(500);

/// What the tasks of effects need. Clones are cheap.
#[derive(Clone)]
pub(super) struct EffectExecutor {
    /// The account in use. During account setup every trial of a key replaces it.
    account: Arc<Mutex<Arc<ActiveAccount>>>,
    /// The latest trial of a key. The result of an earlier trial is ignored.
    latest_trial: Arc<AtomicU64>,
    network: Network,
    config: Option<PathBuf>,
    /// The variables that contain keys.
    withheld: Arc<Mutex<KeyVariables>>,
    lang: Translations,
    order_executor: OrderExecutor,
    product: &'static Product,
    send: UnboundedSender<Message>,
    /// The fetches under way, with the handles that cancel them.
    fetches: Arc<Mutex<HashMap<Ticket, AbortHandle>>>,
}

/// An account and its client, which is created on first use.
struct ActiveAccount {
    access: Option<Arc<AccountAccess>>,
    client: OnceCell<Result<Arc<Client>, TransportError>>,
}

impl ActiveAccount {
    fn new(access: Option<AccountAccess>) -> Arc<Self> {
        Arc::new(Self { access: access.map(Arc::new), client: OnceCell::new() })
    }

    /// Returns the client. It is created on a thread for blocking work.
    async fn client(&self) -> Result<Arc<Client>, TransportError> {
        let made = self.client.get_or_init(|| async {
            let Some(access) = &self.access else { return Err(TransportErrorKind::NoAccount.into()) };
            let access = Arc::clone(access);
            match tokio::task::spawn_blocking(move || access.create_client()).await {
                Ok(made) => made.map(Arc::new),
                Err(why) => Err(TransportError::new(TransportErrorKind::Unfit, why.to_string())),
            }
        });
        made.await.clone()
    }
}

impl EffectExecutor {
    pub(super) fn new(
        resources: LoopResources,
        lang: &Translations,
        keeper: &Arc<StoreWorker>,
        product: &'static Product,
        clock: Clock,
        send: UnboundedSender<Message>,
    ) -> Self {
        let LoopResources { access, network, config, withheld, .. } = resources;
        let account = Arc::new(Mutex::new(ActiveAccount::new(access)));
        let order_executor = OrderExecutor { store_worker: Arc::clone(keeper), endpoint: product.endpoint, clock };
        let latest_trial = Arc::new(AtomicU64::new(0));
        Self {
            account,
            latest_trial,
            network,
            config,
            withheld: Arc::new(Mutex::new(withheld)),
            lang: lang.clone(),
            order_executor,
            product,
            send,
            fetches: Arc::default(),
        }
    }

    fn active_account(&self) -> Arc<ActiveAccount> {
        Arc::clone(&self.account.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The settings by which hosts are reached.
    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    /// The variables that are removed from the environment of other programs.
    pub(super) fn withheld_variables(&self) -> KeyVariables {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Removes this variable too from the environment of other programs from now on.
    pub(super) fn withhold_variable(&self, name: &str) {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner).0.push(name.to_owned());
    }

    /// Returns what saving a new account needs: the translations, the configuration file, and the product by which the
    /// configuration is checked.
    pub(super) fn setup_target(&self) -> (&Translations, Option<&Path>, &'static Product) {
        (&self.lang, self.config.as_deref(), self.product)
    }

    /// Makes this the latest trial: the results of earlier trials no longer count.
    pub(super) fn begin_key_trial(&self, trial: Ticket) {
        self.latest_trial.store(trial.0, Ordering::SeqCst);
    }

    /// Uses this account from now on, unless a later trial has begun. A fetch that is under way still gets the reply of
    /// the former account.
    pub(super) fn adopt_account(&self, trial: Ticket, access: AccountAccess) {
        if self.latest_trial.load(Ordering::SeqCst) != trial.0 {
            return;
        }
        *self.account.lock().unwrap_or_else(PoisonError::into_inner) = ActiveAccount::new(Some(access));
    }

    pub(super) fn send_setup_reply(&self, ticket: Ticket, guided: SetupReply) {
        let _ = self.send.send(Message::Setup(ticket, Box::new(guided)));
    }

    /// Sends [`EffectReply::Armed`] after [`ARMING_DELAY`]. Call this once the frame is written.
    pub(super) fn arm_confirm(&self, ticket: Ticket) {
        let send = self.send.clone();
        tokio::spawn(async move {
            tokio::time::sleep(ARMING_DELAY).await;
            let _ = send.send(Message::Reply(ticket, Box::new(EffectReply::Armed)));
        });
    }

    /// Starts a fetch, whose reply is sent as a message.
    pub(super) fn start_fetch(&self, ticket: Ticket, resource: AccountResource, range: PageRange) {
        let executor = self.clone();
        let mut asked = self.lock_fetches();
        let task = tokio::spawn(async move {
            let answer = executor.run_fetch(resource, range).await;
            executor.lock_fetches().remove(&ticket);
            executor.send_reply(ticket, EffectReply::Fetched(answer));
        });
        asked.insert(ticket, task.abort_handle());
    }

    /// Cancels a fetch whose reply nobody needs any more, and closes its connection.
    pub(super) fn cancel_fetch(&self, ticket: Ticket) {
        if let Some(task) = self.lock_fetches().remove(&ticket) {
            task.abort();
        }
    }

    /// Looks for rows that nearly match, on a thread for blocking work.
    pub(super) fn find_near_rows(&self, ticket: Ticket, words: SearchIndex, typed: String) {
        let executor = self.clone();
        tokio::task::spawn_blocking(move || {
            executor.send_reply(ticket, EffectReply::NearMatches(search::find_near_matches(&words, &typed)));
        });
    }

    fn send_reply(&self, ticket: Ticket, reply: EffectReply) {
        let _ = self.send.send(Message::Reply(ticket, Box::new(reply)));
    }

    fn lock_fetches(&self) -> MutexGuard<'_, HashMap<Ticket, AbortHandle>> {
        self.fetches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run_fetch(&self, resource: AccountResource, range: PageRange) -> Result<AccountAnswer, ApiError> {
        let account = self.active_account();
        let client = account.client().await.map_err(ApiError::NotAllowed)?;
        client.fetch_resource(resource, range, self.product.name_id).await
    }

    /// Performs an effect of the order machine. A journal write is queued before this returns.
    pub(super) fn run_order_effect(&self, effect: OrderEffect) {
        let (account, send) = (self.active_account(), self.send.clone());
        let pace = account.access.as_ref().map_or(1, |access| access.pace);
        let tell = move |event| {
            let _ = send.send(Message::Order(Box::new(event)));
        };
        self.order_executor.start_effect(async move { account.client().await }, pace, effect, tell);
    }

    /// Queues a task for the store.
    pub(super) fn start_store_task(&self, keep: StoreTask) {
        let send = self.send.clone();
        let tell = move |kept| {
            let _ = send.send(Message::Store(Box::new(kept)));
        };
        // Without an account, drafts belong to no host.
        let host = self
            .active_account()
            .access
            .as_ref()
            .map(|access| access.host.host_and_port().to_owned())
            .unwrap_or_default();
        self.order_executor
            .store_worker
            .enqueue(move |store_session| store::run_store_task(store_session, keep, &host, tell));
    }

    /// Performs a file task on a thread for blocking work.
    pub(super) fn start_file_task(&self, ticket: Ticket, task: FileTask) {
        let send = self.send.clone();
        tokio::task::spawn_blocking(move || {
            if let Some(filed) = files::run_file_task(task) {
                let _ = send.send(Message::File(ticket, Box::new(filed)));
            }
        });
    }

    /// Waits until all queued store tasks are done.
    pub(super) fn drain_store(&self) {
        self.order_executor.store_worker.wait_until_idle();
    }
}
