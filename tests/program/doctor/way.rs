//! The way to the host: names, proxies, certificates, clocks.

use super::{NOBODY, Patient, Ran};
use crate::common::authority::{Authority, VALID};
use crate::common::proxy::{Manner, Proxy};
use crate::common::server::{Reply, Server};
use rstest::rstest;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

/// A name that never resolves (RFC 6761, 6.2).
const NAME: &str = "certcentral.test";

fn server() -> Server {
    Server::start(|request| Reply::nothing(&request.path))
}

async fn json(patient: Patient) -> Ran {
    tokio::task::spawn_blocking(move || patient.json()).await.unwrap()
}

#[test]
fn a_refused_connection_is_reported() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = Patient::on(&format!("http://{taken}"), "made-up").json().expect_code(1);
    ran.expect_findings(&[
        "proxy ok proxy_loopback",
        "name ok name_address",
        "tls failed no_way",
        "api unknown not_asked",
    ]);
}

/// No host name has a label of more than 63 letters, so no server is asked for it.
#[test]
fn an_unresolvable_name_is_reported() {
    let host = format!("{}.invalid", "zegel".repeat(13));
    let patient = Patient::on(&format!("https://{host}"), "made-up").with("HTTPS_PROXY", "");
    patient.json().expect_code(1).expect_findings(&[
        "proxy ok proxy_none",
        "name failed name_missing",
        "tls failed no_way",
    ]);
}

#[rstest]
#[case("HTTP_PROXY", "proxy warning proxy_http_alone")]
#[case("http_proxy", "proxy warning proxy_http_alone")]
fn a_proxy_only_for_http_is_reported(#[case] variable: &str, #[case] found: &str) {
    let host = format!("https://{}.invalid", "zegel".repeat(13));
    let patient = Patient::on(&host, "made-up").with("HTTPS_PROXY", "").with(variable, NOBODY);
    patient.json().expect_findings(&[found]);
}

#[rstest]
#[case("HTTPS_PROXY", "http://anna:hunter2@proxy/pac", &["proxy failed proxy_failed", "tls failed no_way", "api unknown not_asked"])]
#[case("HTTPS_PROXY", NOBODY, &["proxy ok proxy_variable", "name ok name_address", "tls failed no_way"])]
fn a_useless_proxy_is_reported(#[case] variable: &str, #[case] proxy: &str, #[case] found: &[&str]) {
    Patient::on(&format!("https://{NAME}"), "made-up")
        .with(variable, proxy)
        .json()
        .expect_code(1)
        .expect_findings(found);
}

#[test]
fn a_configured_proxy_is_shown_without_its_credentials() {
    let patient = Patient::on(&format!("https://{NAME}"), "made-up").with("HTTPS_PROXY", "http://127.0.0.1:1");
    patient.write(".config/zegel/config.toml", format!("[network]\nproxy = \"{NOBODY}\"\n"));
    let ran = patient.json().expect_findings(&["proxy ok proxy_configured"]);
    assert!(ran.out.contains("http://***@127.0.0.1:9"), "{ran:?}");
}

/// The certificate reveals a man in the middle.
#[rstest]
#[case::trusted(true, VALID, "tls ok tls_is")]
#[case::not_trusted(false, VALID, "tls failed tls_failed")]
#[case::expired(true, (2000, 2001), "tls failed tls_failed")]
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_a_certificate_is_reported(#[case] trusted: bool, #[case] years: (i32, i32), #[case] found: &str) {
    let (server, own) = (server(), Authority::new("Own"));
    let front = own.front_at("127.0.0.1", NAME, years, server.name().parse().unwrap()).await;
    let proxy = Proxy::start(front, Manner::Wants("YW5uYTpodW50ZXIy")).await;
    let way = format!("http://anna:hunter2@{}", proxy.address);
    let patient = Patient::on(&format!("https://{NAME}/services/v2"), "made-up").with("HTTPS_PROXY", &way);
    patient.write("issuer.pem", own.pem());
    let issuer = patient.path("issuer.pem").to_str().unwrap().to_owned();
    let ran =
        json(if trusted { patient.with("SSL_CERT_FILE", &issuer) } else { patient }).await.expect_findings(&[found]);
    assert!(ran.out.contains("Own, Own Root"), "{ran:?}");
    assert!(ran.out.contains(&format!("http://***@{}", proxy.address)), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_requires_credentials_is_reported() {
    let server = server();
    let proxy = Proxy::start(server.name().parse().unwrap(), Manner::Wants("other")).await;
    let way = format!("http://anna:hunter2@{}", proxy.address);
    let ran = json(Patient::on(&format!("https://{NAME}"), "made-up").with("HTTPS_PROXY", &way)).await;
    assert!(ran.out.contains("a user name and password, or"), "{ran:?}");
    ran.expect_findings(&["tls failed no_way", "api unknown not_asked"]);
    assert_eq!(server.finish().len(), 0);
}

#[test]
fn a_wrong_clock_is_reported() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let _ = lines.map_while(Result::ok).find(String::is_empty);
            let answer = "HTTP/1.1 404 Not Found\r\nDate: Sat, 01 Jan 2000 00:00:00 GMT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    Patient::on(&url, "made-up").json().expect_findings(&["clock warning clock_off"]);
}
