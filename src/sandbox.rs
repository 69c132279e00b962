//! Sandbox: an imitation of the part of `CertCentral` that ordering uses, for trying zegel out and for its tests.
//!
//! The sandbox is a real HTTP server in this process, on the loopback address only. It has a made-up account, its own
//! rules and a clock that can be advanced. On purpose it uses nothing of the modules that describe a product or a form:
//! its rules come from the facts of the API alone, so that form and sandbox check each other.

mod account;
mod call_rate;
mod clock;
mod control;
mod faults;
mod key_restrictions;
mod order_progress;
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

/// The made-up key that the sandbox accepts. No other server accepts it.
pub const KEY: &str = "SANDBOX-MADE-UP-KEY-OPENS-NOTHING-ELSE";

#[derive(Debug, Default, Clone)]
pub struct SandboxOptions {
    /// The port of 127.0.0.1 to serve at. With 0 the system picks a free port.
    pub port: u16,
    /// The file to which the body of every received order is appended, one JSON line each, without card secrets.
    pub record: Option<PathBuf>,
    /// The least number of organizations. The account has some hundreds without this.
    pub organizations: usize,
    /// The faults that are on from the start. [`Sandbox::set_faults`] replaces them later.
    pub faults: Vec<FaultSpec>,
}

/// Why the sandbox cannot start. The variants differ in what the person can do about it.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum StartError {
    /// The port is taken, or this user may not use it. Another port helps, or 0 for any free port.
    PortTaken {
        port: u16,
        /// The error of binding the port.
        source: io::Error,
    },
    /// The record file cannot be written. Another file helps, or other access rights.
    RecordUnwritable {
        path: PathBuf,
        /// The error of opening the file.
        source: io::Error,
    },
    /// The system gives no thread or event queue. Closing other programs may help.
    NoResources(#[source] io::Error),
}

/// A running sandbox. It stops when this is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    board: Arc<ControlBoard>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts the server on its own thread. The server accepts calls as soon as this returns; they wait until the
    /// account is generated.
    ///
    /// # Errors
    /// The port or the record file cannot be used, or the system is out of resources.
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

    /// The address and port of the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of the sandbox's API.
    pub fn api_url(&self) -> String {
        format!("http://{}/services/v2", self.address)
    }

    /// Counts the orders so far; `GET /sandbox/orders` shows the same counts.
    pub fn order_counts(&self) -> OrderCounts {
        self.board.order_counts()
    }

    /// Counts the API calls so far and the most calls within a short time; `GET /sandbox/calls` shows the same counts.
    pub fn call_rate(&self) -> CallRate {
        self.board.call_rate()
    }

    /// Switches these faults on and all others off, like `POST /sandbox/faults`. Held connections are released.
    pub fn set_faults(&self, switches: &[FaultSpec]) {
        self.board.set_faults(switches.to_vec());
    }

    /// Waits until more than `after` connections have been held since the start, like `GET /sandbox/held?after=N`.
    /// Returns `None` if that takes longer than `patience`. The faults that hold a connection have names that begin
    /// with `hold-`; see [`Fault`].
    pub fn wait_for_hold(&self, after: u64, patience: Duration) -> Option<HoldStatus> {
        self.board.holds.block_for_more(after, patience)
    }

    /// Releases all held connections, like `POST /sandbox/release`. The faults stay on.
    pub fn release_holds(&self) {
        self.board.holds.release_all();
    }

    pub fn serve_forever(mut self) {
        self.join_thread();
    }

    fn join_thread(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has printed its message already, and has ended like any other.
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

/// Serves until `stopped` gets a message or its sender is dropped.
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
