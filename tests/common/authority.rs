//! A certificate authority of the test, which nobody trusts, and TLS in front of a server without it.
//!
//! A front forwards every byte and reads none. It runs on the test's runtime and ends with it.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// The years of validity: from the first day of one to the first day of the other. Today is in between.
pub(crate) const VALID: (i32, i32) = (2000, 2200);

/// A host name that never resolves (RFC 6761, 6.2).
pub(crate) const NAME: &str = "certcentral.test";

pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// Creates an authority of this organization.
    pub(crate) fn new(organization: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::OrganizationName, organization);
        params.distinguished_name.push(DnType::CommonName, format!("{organization} Root"));
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Returns its own certificate.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// Writes its own certificate to a file.
    pub(crate) fn file(&self, folder: &Path) -> PathBuf {
        let path = folder.join("issuer.pem");
        std::fs::write(&path, self.pem()).unwrap();
        path
    }

    /// Returns the TLS configuration of a server with this name or address and a certificate for these years.
    fn server(&self, name: &str, (from, until): (i32, i32)) -> ServerConfig {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let (chain, key) = (vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()));
        ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key.into()).unwrap()
    }

    /// Listens with TLS on a port of this local address, as a server of this name, in front of the one at `to`.
    pub(crate) async fn front_at(&self, at: &str, name: &str, years: (i32, i32), to: SocketAddr) -> SocketAddr {
        front(self.server(name, years), at, to).await
    }

    /// The same, valid today, on 127.0.0.1.
    pub(crate) async fn front(&self, name: &str, to: SocketAddr) -> SocketAddr {
        self.front_at("127.0.0.1", name, VALID, to).await
    }
}

/// Listens with TLS on 127.0.0.1 with a self-signed certificate, as an authority or not. Returns the certificate in PEM
/// too.
pub(crate) async fn self_signed(name: &str, is_ca: IsCa, to: SocketAddr) -> (SocketAddr, String) {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    (params.not_before, params.not_after) = (date_time_ymd(VALID.0, 1, 1), date_time_ymd(VALID.1, 1, 1));
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = is_ca;
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let (chain, key) = (vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key.into()).unwrap();
    (front(config, "127.0.0.1", to).await, certificate.pem())
}

/// Listens with TLS on a port of this local address, in front of the server at `to`.
async fn front(config: ServerConfig, at: &str, to: SocketAddr) -> SocketAddr {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((at, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client that does not trust the certificate closes the connection.
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut behind = TcpStream::connect(to).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut behind).await;
            });
        }
    });
    address
}
