//! A server in the memory of a test: it responds to each request as the test says, and records the requests.
//!
//! It speaks plain HTTP/1.1 with one request per connection. Every connection has its own thread, so that one response
//! may wait for another. It knows no API and checks nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

/// Ends the server when sent over a last connection: every earlier connection was accepted before it.
const STOP: &str = "STOP";

/// A received request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    /// Returns the value of a header by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.split("\r\n").skip(1).filter_map(|line| line.split_once(": "));
        headers.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A response.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A status and a JSON body.
    Json(u16, String),
    /// A status, a JSON body, and the server's date.
    Dated(u16, String, String),
    /// A redirect: its status and location.
    Moved(u16, String),
    /// A status and a body that may be invalid UTF-8.
    Bytes(u16, Vec<u8>),
    /// The connection is closed without a response.
    Cut,
}

impl Reply {
    /// Returns a refusal with one code and message.
    pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Self {
        Self::Json(status, serde_json::json!({ "errors": [{ "code": code, "message": message }] }).to_string())
    }

    /// Returns the response for a path that the server does not have.
    pub(crate) fn missing() -> Self {
        Self::refusal(404, "not_found|route", "No such endpoint.")
    }

    /// Returns the data of an empty account, of which only the user of the key is known.
    pub(crate) fn nothing(path: &str) -> Self {
        let list = |name: &str| serde_json::json!({ name: [], "page": { "total": 0, "limit": 0, "offset": 0 } });
        let path = path.strip_prefix("/services/v2/").unwrap_or(path);
        match path.split('?').next().unwrap_or_default() {
            "order/certificate" => Self::Json(200, list("orders").to_string()),
            "request" => Self::Json(200, list("requests").to_string()),
            "user/me" => Self::Json(200, serde_json::json!({ "id": 800_001, "account_id": 7001 }).to_string()),
            _ => Self::missing(),
        }
    }

    /// Returns the response to a placed order (certcentral-api.md 2.4).
    pub(crate) fn placed() -> Self {
        let body = serde_json::json!({ "id": 700_001, "requests": [{ "id": 5001, "status": "pending" }] });
        Self::Json(201, body.to_string())
    }
}

/// Returns one response for the first order, and another for all later ones.
pub(crate) fn in_turn(first: impl Fn() -> Reply, then: impl Fn() -> Reply) -> impl Fn() -> Reply {
    let answered = AtomicBool::new(false);
    move || if answered.swap(true, Ordering::SeqCst) { then() } else { first() }
}

/// A gate that threads wait for until it is opened.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub(crate) fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    /// Holds the response back until the gate is open.
    pub(crate) fn before<A>(&self, answer: A) -> impl Fn(&Request) -> Reply + Send + Sync + 'static
    where
        A: Fn(&Request) -> Reply + Send + Sync + 'static,
    {
        let gate = self.clone();
        move |request| {
            gate.pass();
            answer(request)
        }
    }

    /// Waits until the gate is open.
    pub(crate) fn pass(&self) {
        let open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(open, |open| !*open).unwrap());
    }
}

/// A running server.
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    thread: JoinHandle<()>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (known, answer) = (Arc::clone(&seen), Arc::new(answer));
        let serve = move || {
            let mut calls = Vec::new();
            loop {
                let (mut stream, _) = listener.accept().unwrap();
                let Some(request) = receive(&mut stream) else { continue };
                if request.method == STOP {
                    break;
                }
                known.lock().unwrap().push(request.clone());
                let answer = Arc::clone(&answer);
                calls.push(std::thread::spawn(move || send(&mut stream, &answer(&request))));
            }
            for call in calls {
                call.join().unwrap();
            }
        };
        Self { address, seen, thread: std::thread::spawn(serve) }
    }

    /// Starts a server with an empty account that responds to an order like this.
    pub(crate) fn for_orders(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(
            move |request| if request.method == "POST" { answer(request) } else { Reply::nothing(&request.path) },
        )
    }

    /// Returns the base address of its API.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/services/v2", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns host and port.
    pub(crate) fn name(&self) -> String {
        self.address.to_string()
    }

    /// Returns the number of orders so far.
    pub(crate) fn orders(&self) -> usize {
        self.seen.lock().unwrap().iter().filter(|request| request.method == "POST").count()
    }

    /// Stops the server. Returns all requests.
    pub(crate) fn finish(self) -> Vec<Request> {
        write!(TcpStream::connect(self.address).unwrap(), "{STOP} / HTTP/1.1\r\n\r\n").unwrap();
        self.thread.join().unwrap();
        Arc::into_inner(self.seen).unwrap().into_inner().unwrap()
    }

    /// Stops the server. Returns all orders.
    pub(crate) fn finish_orders(self) -> Vec<Request> {
        self.finish().into_iter().filter(|request| request.method == "POST").collect()
    }
}

/// Reads one request. Returns `None` if the other side closed the connection before its end.
fn receive(stream: &mut TcpStream) -> Option<Request> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(request) = parse(&bytes) {
            return Some(request);
        }
        match stream.read(&mut chunk) {
            Ok(count @ 1..) => bytes.extend_from_slice(&chunk[..count]),
            _ => return None,
        }
    }
}

fn parse(bytes: &[u8]) -> Option<Request> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut words = head.split([' ', '\r']).map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut request = Request { method, path, head, body: String::new() };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    let body = bytes.get(end + 4..end + 4 + length)?;
    request.body = String::from_utf8(body.to_vec()).unwrap();
    Some(request)
}

fn send(stream: &mut TcpStream, reply: &Reply) {
    let (status, body, more) = match reply {
        Reply::Json(status, body) => (status, body.as_bytes(), String::new()),
        Reply::Dated(status, body, date) => (status, body.as_bytes(), format!("\r\nDate: {date}")),
        Reply::Bytes(status, body) => (status, body.as_slice(), String::new()),
        Reply::Moved(status, to) => (status, &[][..], format!("\r\nLocation: {to}")),
        Reply::Cut => return,
    };
    let head = format!("HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nConnection: close{more}");
    // A client that closed the connection does not need the response.
    let head = format!("{head}\r\nContent-Length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
}
