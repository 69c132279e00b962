//! A proxy of the test: it connects every client to one place, whatever name the client asks for, and records the
//! requests.
//!
//! A test can thus use a host name that is not loopback without resolving it. Proxies run on the test's runtime and end
//! with it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// The response to a client that is let through.
const OPEN: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

/// How a proxy behaves.
#[derive(Clone)]
pub(crate) enum Manner {
    /// It connects the client.
    Leads,
    /// It connects clients that send this name and password, as `Basic` encodes them.
    Wants(&'static str),
    /// It sends this response and closes the connection.
    Says(&'static str),
    /// It reads the request and never responds.
    Silent,
    /// It confirms the connection, and closes it.
    HangsUp,
    /// It connects the client until this is notified, and then closes both sides.
    LeadsUntil(Arc<Notify>),
}

/// A running proxy.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Starts a `CONNECT` proxy (RFC 9110, 9.3.6) that leads to this place.
    pub(crate) async fn start(to: SocketAddr, manner: Manner) -> Self {
        Self::serve(move |stream, asked| {
            let manner = manner.clone();
            async move { connect(stream, to, manner, &asked).await }
        })
        .await
    }

    /// Starts a SOCKS 5 proxy (RFC 1928) that leads to this place, and requires this name and password (RFC 1929) if
    /// any.
    pub(crate) async fn socks(to: SocketAddr, wants: Option<(&'static str, &'static str)>) -> Self {
        Self::serve(move |stream, asked| async move { socks(stream, to, wants, &asked).await }).await
    }

    async fn serve<F>(answer: impl Fn(TcpStream, Arc<Mutex<Vec<String>>>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Option<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::default());
        let known = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&known)));
            }
        });
        Self { address, asked }
    }

    /// Returns the requests so far: whole heads of CONNECT, the name and port of SOCKS.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Serves one CONNECT. Returns `None` if the other side closed the connection.
async fn connect(mut stream: TcpStream, to: SocketAddr, manner: Manner, asked: &Mutex<Vec<String>>) -> Option<()> {
    let head = head(&mut stream).await?;
    asked.lock().unwrap().push(head.clone());
    let says = match &manner {
        Manner::Wants(basic) if !head.contains(&format!("\r\nproxy-authorization: Basic {basic}\r\n")) => {
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"zegel\"\r\n\r\n".as_bytes()
        }
        Manner::Says(says) => says.as_bytes(),
        Manner::Silent => return until_gone(&mut stream).await,
        Manner::Leads | Manner::Wants(_) | Manner::HangsUp | Manner::LeadsUntil(_) => OPEN,
    };
    stream.write_all(says).await.ok()?;
    match manner {
        Manner::LeadsUntil(end) if says == OPEN => tokio::select! {
            () = lead(stream, to) => {}
            () = end.notified() => {}
        },
        Manner::Leads | Manner::Wants(_) if says == OPEN => lead(stream, to).await,
        _ => {}
    }
    Some(())
}

async fn lead(mut stream: TcpStream, to: SocketAddr) {
    let mut behind = TcpStream::connect(to).await.unwrap();
    let _ = tokio::io::copy_bidirectional(&mut stream, &mut behind).await;
}

async fn until_gone(stream: &mut TcpStream) -> Option<()> {
    while stream.read(&mut [0; 1024]).await.ok()? > 0 {}
    Some(())
}

async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(bytes).unwrap())
}

async fn socks(
    mut stream: TcpStream,
    to: SocketAddr,
    wants: Option<(&str, &str)>,
    asked: &Mutex<Vec<String>>,
) -> Option<()> {
    let (_version, methods) = (stream.read_u8().await.ok()?, counted(&mut stream).await?);
    let method = if wants.is_some() { 2 } else { 0 };
    if !methods.contains(&method) {
        stream.write_all(&[5, 0xff]).await.ok()?;
        return None;
    }
    stream.write_all(&[5, method]).await.ok()?;
    if let Some((name, password)) = wants {
        let _version = stream.read_u8().await.ok()?;
        let report = (counted(&mut stream).await?, counted(&mut stream).await?);
        let right = report == (name.into(), password.into());
        stream.write_all(&[1, u8::from(!right)]).await.ok()?;
        right.then_some(())?;
    }
    // Version, CONNECT, reserved, and the type: a host name.
    let mut request = [0; 4];
    stream.read_exact(&mut request).await.ok()?;
    assert_eq!(request, [5, 1, 0, 3]);
    let (name, port) = (counted(&mut stream).await?, stream.read_u16().await.ok()?);
    asked.lock().unwrap().push(format!("{}:{port}", String::from_utf8(name).unwrap()));
    stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 1]).await.ok()?;
    lead(stream, to).await;
    Some(())
}

/// Reads as many bytes as the first one says.
async fn counted(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = vec![0; stream.read_u8().await.ok()?.into()];
    stream.read_exact(&mut bytes).await.ok()?;
    Some(bytes)
}
