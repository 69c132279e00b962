//! Which certificates are trusted, and the message about those that are not.

use super::{assert_accepted, assert_cause, assert_not_sent, client, network, reason_text, server, submit, try_client};
use crate::common::authority::{Authority, VALID, self_signed};
use rcgen::{BasicConstraints, IsCa};
use rstest::rstest;
use std::path::Path;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use zegel::domain::{CaFileError, TransportErrorKind};

/// Writes a file with these bytes.
fn file(folder: &TempDir, bytes: impl AsRef<[u8]>) -> std::path::PathBuf {
    let path = folder.path().join("own.pem");
    std::fs::write(&path, bytes).unwrap();
    path
}

#[rstest]
#[case::v4("127.0.0.1")]
#[case::v6("::1")]
#[tokio::test(flavor = "multi_thread")]
async fn a_ca_file_is_trusted_in_addition_to_the_system(#[case] at: &str) {
    let (server, own, other, folder) = (server(), Authority::new("Own"), Authority::new("Other"), tempfile::tempdir());
    let host = own.front_at(at, at, VALID, server.address()).await.to_string();
    assert_cause(&assert_not_sent(&client(&host, &network(None, None))).await, TransportErrorKind::Issuer);
    let folder = folder.unwrap();
    let alone = file(&folder, other.pem());
    assert_cause(&assert_not_sent(&client(&host, &network(None, Some(&alone)))).await, TransportErrorKind::Issuer);
    let both = file(&folder, format!("# two issuers\n{}\n{}", other.pem(), own.pem()));
    assert_accepted(&submit(&client(&host, &network(None, Some(&both)))).await);
    assert_eq!(server.finish_orders().len(), 1);
}

#[rstest]
#[case::another_name(
    "certcentral.test",
    VALID,
    TransportErrorKind::OtherName,
    "the server's certificate is for a different name"
)]
#[case::expired("127.0.0.1", (2000, 2001), TransportErrorKind::NotInTime, "the server's certificate has expired")]
#[case::not_yet("127.0.0.1", (2190, 2200), TransportErrorKind::NotInTime, "the server's certificate has expired")]
#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_authority_does_not_suffice(
    #[case] name: &str,
    #[case] years: (i32, i32),
    #[case] cause: TransportErrorKind,
    #[case] report: &str,
) {
    let (server, own, folder) = (server(), Authority::new("Own"), tempfile::tempdir().unwrap());
    let host = own.front_at("127.0.0.1", name, years, server.address()).await.to_string();
    let why = assert_not_sent(&client(&host, &network(None, Some(&own.file(folder.path()))))).await;
    assert_cause(&why, cause);
    assert!(reason_text(&why).starts_with(report), "{}", reason_text(&why));
    assert_eq!(server.finish().len(), 0, "no key went out");
}

/// `openssl req -x509` makes a certificate of an authority, which no server may show.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_its_own_authority_certificate_is_reported() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (host, pem) = self_signed("127.0.0.1", ca, server.address()).await;
    let why = assert_not_sent(&client(&host.to_string(), &network(None, Some(&file(&folder, pem))))).await;
    assert_cause(&why, TransportErrorKind::IssuerShown);
    let report = reason_text(&why);
    for part in ["the server uses a CA certificate as its own certificate", "set that CA's certificate as ca_file"] {
        assert!(report.contains(part), "{report}");
    }
    assert_eq!(server.finish().len(), 0, "no key went out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_self_signed_server_certificate_may_be_trusted() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    let (host, pem) = self_signed("127.0.0.1", IsCa::ExplicitNoCa, server.address()).await;
    assert_accepted(&submit(&client(&host.to_string(), &network(None, Some(&file(&folder, pem))))).await);
    assert_eq!(server.finish_orders().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_reported() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.read_u8().await.unwrap();
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        }
    });
    assert_cause(&assert_not_sent(&client(&host, &network(None, None))).await, TransportErrorKind::Tls);
}

/// Returns why no client is built with this file, and the message about it.
fn unfit(path: &Path) -> (CaFileError, String) {
    let error = try_client("certcentral.test", &network(None, Some(path))).unwrap_err();
    let TransportErrorKind::CaFile(flaw) = error.kind else { panic!("{error:?}") };
    assert_eq!(Path::new(&error.detail), path);
    assert_cause(&error, TransportErrorKind::CaFile(flaw));
    (flaw, reason_text(&error))
}

#[rstest]
#[case::empty(b"".to_vec(), CaFileError::NoCertificate, "contains no PEM certificate")]
#[case::no_pem(b"hello\n".to_vec(), CaFileError::NoCertificate, "contains no PEM certificate")]
#[case::binary(vec![0x30, 0x82, 0, 1, 0xff], CaFileError::NoCertificate, "contains no PEM certificate")]
#[case::other_pem(rcgen::KeyPair::generate().unwrap().serialize_pem().into(), CaFileError::NoCertificate, "no PEM certificate")]
#[case::cut(b"-----BEGIN CERTIFICATE-----\nMIIB\n".to_vec(), CaFileError::Damaged, "is damaged")]
#[case::no_base64(b"-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n".to_vec(), CaFileError::Damaged, "is damaged")]
#[case::no_der(b"-----BEGIN CERTIFICATE-----\naGVsbG8K\n-----END CERTIFICATE-----\n".to_vec(), CaFileError::Damaged, "is damaged")]
#[case::large(vec![b'\n'; 1024 * 1024 + 1], CaFileError::TooLarge, "is too large")]
fn a_ca_file_without_authorities_is_an_error(#[case] bytes: Vec<u8>, #[case] flaw: CaFileError, #[case] report: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (found, words) = unfit(&file(&folder, bytes));
    assert_eq!(found, flaw);
    assert!(words.contains(report) && words.contains("own.pem"), "{words}");
}

#[test]
fn an_unreadable_ca_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    for path in [folder.path(), &folder.path().join("missing"), &pipe] {
        assert_eq!(unfit(path).0, CaFileError::Unreadable, "{}", path.display());
    }
}

#[test]
fn a_host_without_tls_needs_no_authorities() {
    let host = zegel::api_url::ApiUrl::parse("http://127.0.0.1:1").unwrap();
    let network = network(None, Some(Path::new("/nowhere")));
    let key = zegel::secret::Secret::from(super::KEY);
    assert!(zegel::certcentral::Client::new(host, key, &network, network.client_limits(1)).is_ok());
}
