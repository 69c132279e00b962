//! The real program in an organization's network: it uses the proxies and certificate authorities of its environment.

use crate::common::authority::{Authority, NAME};
use crate::common::proxy::{Manner, Proxy};
use crate::common::server::{Reply, Server};
use assert_cmd::Command;
use rstest::rstest;
use std::net::SocketAddr;
use tempfile::TempDir;

/// A made-up key.
const KEY: &str = "MADE-UP-KEY-0123456789";

/// The order that the program requests.
const ORDER: &str = r#"{ "id": 700001, "status": "issued", "requests": [] }"#;

fn server() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/services/v2/order/certificate/700001" => Reply::Json(200, ORDER.to_owned()),
        path => Reply::nothing(path),
    })
}

/// Requests an order with this environment. Returns the exit code and all output.
async fn status(folder: &TempDir, lang: &str, environment: Vec<(&'static str, String)>) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
    command.args(["--lang", lang, "status", "700001"]).env_clear().current_dir(folder);
    command.env("ZEGEL_API_URL", format!("https://{NAME}/services/v2")).env("ZEGEL_API_KEY", KEY);
    command.env("ZEGEL_STATE_DIR", folder.path().join("state")).env("ZEGEL_CONFIG_DIR", folder.path().join("config"));
    command.envs(environment);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let message = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!message.contains("hunter2"), "{message}");
    (output.status.code(), message)
}

/// Prepares TLS for the name in front of the server, the authority in a file and in a directory, and a proxy.
async fn start_network(to: SocketAddr, manner: Manner) -> (TempDir, Proxy) {
    let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new("Tests"));
    authority.file(folder.path());
    let certificates = folder.path().join("certificates");
    std::fs::create_dir(&certificates).unwrap();
    authority.file(&certificates);
    let proxy = Proxy::start(authority.front(NAME, to).await, manner).await;
    (folder, proxy)
}

#[rstest]
#[case("HTTPS_PROXY", "SSL_CERT_FILE", "issuer.pem")]
#[case("https_proxy", "SSL_CERT_DIR", "certificates")]
#[case("all_proxy", "SSL_CERT_FILE", "issuer.pem")]
#[tokio::test(flavor = "multi_thread")]
async fn the_standard_variables_are_used(
    #[case] variable: &'static str,
    #[case] trust: &'static str,
    #[case] place: &str,
) {
    let server = server();
    let (folder, proxy) = start_network(server.address(), Manner::Wants("YW5uYTpodW50ZXIy")).await;
    let way = format!("http://anna:hunter2@{}", proxy.address);
    let place = folder.path().join(place).display().to_string();
    let (code, message) = status(&folder, "en", vec![(variable, way), (trust, place)]).await;
    assert_eq!(code, Some(0), "{message}");
    assert!(message.contains("700001") && message.contains("issued"), "{message}");
    assert!(!proxy.asked().is_empty());
}

#[rstest]
#[case("en", "no connection to certcentral.test (the proxy http://***@{} requires a user name and password")]
#[case("nl", "geen verbinding met certcentral.test (de proxy http://***@{} vraagt om een gebruikersnaam en wachtwoord")]
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_refuses_the_credentials_is_reported(#[case] lang: &str, #[case] report: &str) {
    let server = server();
    let (folder, proxy) = start_network(server.address(), Manner::Wants("other")).await;
    let way = format!("http://anna:hunter2@{}", proxy.address);
    let (_, message) = status(&folder, lang, vec![("HTTPS_PROXY", way)]).await;
    assert!(message.replace('\n', " ").contains(&report.replace("{}", &proxy.address.to_string())), "{message}");
    assert_eq!(server.finish().len(), 0);
}

/// Ignoring the variable would use another route than the configured one.
#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_proxy_variable_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let way = "http://anna:hunter2@proxy.example.nl/proxy.pac".to_owned();
    let (code, message) = status(&folder, "en", vec![("HTTPS_PROXY", way)]).await;
    assert_ne!(code, Some(0), "{message}");
    assert!(message.contains("the proxy address (HTTPS_PROXY) is not valid"), "{message}");
}
