//! An embedded imitation of the part of `CertCentral` that ordering uses, for trying zegel out and for its tests.
//!
//! It is a real HTTP server in this process, on the loopback address alone, with a made-up account, rules of its own
//! and a clock that can be advanced. It uses nothing of the crate that describes a product or a form, on purpose: its
//! rules come from the API's facts alone, so that form and sandbox check each other.

mod account;
mod call_rate;
mod clock;
mod control;
mod faults;
mod key_restrictions;
mod orders;
mod query;
mod receive;
mod record_file;
mod render;
mod response;
mod routes;
mod rules;
mod state;

pub use crate::sandbox::faults::hold::HoldStatus;
pub use call_rate::CallRate;
pub use control::OrderCounts;
pub use faults::{CallKind, Fault, FaultSpec, ParseFaultError};

use crate::sandbox::faults::connection::{FaultListener, Peer};
use control::ControlBoard;
use record_file::RecordFile;
use state::{SandboxState, SharedState};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// The made-up key that the sandbox accepts. It opens nothing else.
pub const KEY: &str = "SANDBOX-MADE-UP-KEY-OPENS-NOTHING-ELSE";

/// How a sandbox is started.
#[derive(Debug, Default, Clone)]
pub struct SandboxOptions {
    /// The port of 127.0.0.1 to serve at; 0 takes any free one.
    pub port: u16,
    /// A file to which each order body that arrives is appended, one JSON line each, without card secrets.
    pub record: Option<PathBuf>,
    /// At least so many organizations; there are some hundreds without asking.
    pub organizations: usize,
    /// What goes wrong from the beginning: see [`Switch`]. While it runs, [`Sandbox::switch`] switches it.
    pub faults: Vec<FaultSpec>,
}

/// Why a sandbox could not start, by what can be done about it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or may not be used: choose another, or 0 for any free one.
    #[error("cannot serve at port {port} of 127.0.0.1")]
    PortTaken {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The record file cannot be written: choose another, or mend its rights.
    #[error("cannot write the record file {}", path.display())]
    RecordUnwritable {
        /// The file that was asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system gave no thread or event queue: close something, and try again.
    #[error("no resources to serve with")]
    NoResources(#[source] io::Error),
}

/// A running sandbox; it stops when dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    board: Arc<ControlBoard>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts to serve, on a thread of its own. Calls are taken as soon as this returns, and wait for the account to
    /// be made up.
    ///
    /// # Errors
    /// Where the port or the record file cannot be used, or the system is out of resources.
    pub fn start(options: &SandboxOptions) -> Result<Self, StartError> {
        let board = Arc::new(ControlBoard::new(options.faults.clone()));
        let record = options.record.clone().map(open_record_file).transpose()?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::NoResources)?;
        let (listener, address) = {
            let _within = runtime.enter();
            bind_listener(options.port).map_err(|source| StartError::PortTaken { port: options.port, source })?
        };
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("sandbox".into())
            .spawn({
                let board = Arc::clone(&board);
                let organizations = options.organizations;
                move || serve_until_stopped(&runtime, listener, record, (board, organizations), stopped)
            })
            .map_err(StartError::NoResources)?;
        Ok(Self { address, board, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it serves.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of its API.
    pub fn api_url(&self) -> String {
        format!("http://{}/services/v2", self.address)
    }

    /// How many orders came so far, as `GET /sandbox/orders` tells it.
    pub fn order_counts(&self) -> OrderCounts {
        self.board.order_counts()
    }

    /// How many calls of the API came so far, and how many of them close to each other, as `GET /sandbox/calls` tells it.
    pub fn call_rate(&self) -> CallRate {
        self.board.call_rate()
    }

    /// Switches these faults on and all others off, as `POST /sandbox/faults` does. What is held goes on.
    pub fn set_faults(&self, switches: &[FaultSpec]) {
        self.board.set_faults(switches.to_vec());
    }

    /// Waits until more than so many connections were held since it began, as `GET /sandbox/held?after=N` does. None
    /// where it takes longer than the patience. The faults that hold are those of [`Fault`] whose names begin with
    /// `hold-`.
    pub fn wait_for_hold(&self, after: u64, patience: Duration) -> Option<HoldStatus> {
        self.board.holds.block_for_more(after, patience)
    }

    /// Lets go on what is held, as `POST /sandbox/release` does. The faults stay switched on.
    pub fn release_holds(&self) {
        self.board.holds.release_all();
    }

    /// Serves until the process ends.
    pub fn serve_forever(mut self) {
        self.join_thread();
    }

    fn join_thread(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so already, and is as much at its end as another.
            drop(thread.join());
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.join_thread();
    }
}

fn open_record_file(path: PathBuf) -> Result<RecordFile, StartError> {
    RecordFile::open(&path).map_err(|source| StartError::RecordUnwritable { path, source })
}

fn bind_listener(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until it is told to stop, or nobody is left to tell it.
fn serve_until_stopped(
    runtime: &Runtime,
    listener: TcpListener,
    record: Option<RecordFile>,
    (board, organizations): (Arc<ControlBoard>, usize),
    stopped: oneshot::Receiver<()>,
) {
    let world = account::SandboxAccount::generate(organizations);
    let ledger = orders::SandboxOrders::with_seed_orders(&world);
    let inner = SandboxState { account: world, orders: ledger, clock: clock::SandboxClock::start(), record };
    let service = routes::build_router(Arc::new(SharedState::new(inner, Arc::clone(&board))))
        .into_make_service_with_connect_info::<Peer>();
    runtime.block_on(async {
        tokio::select! {
            _ = stopped => {}
            _ = axum::serve(FaultListener::new(listener, board), service).into_future() => {}
        }
    });
}
