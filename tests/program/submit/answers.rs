//! How the words of a server's responses are reported: texts cut in the middle of a character, and lists that may be
//! incomplete.
//!
//! The test scripts the responses of its server. No run may reveal a secret, whatever a response contains.

use crate::common::journal::journal;
use crate::common::list_shapes::SHAPES;
use crate::common::quotes::quote;
use crate::common::server::{Reply, Request, Server};
use crate::common::submit_desk::{ORDER, Ran, program, ran};
use rstest::rstest;
use std::path::PathBuf;
use tempfile::TempDir;
use zegel::domain::{IntentId, RecordedOutcome};
use zegel::store::Store;

/// A list of orders with a text that the server has cut.
const CUT_LIST: &str = r#"{"orders":[{"id":1,"status":"issued","organization":{"id":9,"name":"Caf\ud83d"},"product":{"name_id":"ssl"}}],"page":{"total":1,"limit":1000,"offset":0}}"#;

struct Desk {
    dir: TempDir,
    server: Server,
}

impl Desk {
    fn new(answer: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("order.json"), ORDER).unwrap();
        let server = Server::start(move |request| match answer(request) {
            Some(reply) => reply,
            None if request.method == "POST" => Reply::placed(),
            None => Reply::nothing(&request.path),
        });
        Self { dir, server }
    }

    fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    fn run(&self, args: &[&str]) -> Ran {
        ran(program(&self.state(), &self.server.url()).args(args))
    }

    fn submit(&self, more: &[&str]) -> Ran {
        let path = self.dir.path().join("order.json").display().to_string();
        let digest = self.run(&["preview", "--digest", &path]).expect_end(0, &[]).out.trim().to_owned();
        self.run(&[&["submit", &path, "--confirm", &digest], more].concat())
    }
}

fn is_list(request: &Request, path: &str) -> bool {
    request.method == "GET" && request.path.split('?').next() == Some(&format!("/services/v2/{path}"))
}

#[rstest]
#[case::of_orders("order/certificate", CUT_LIST)]
#[case::of_requests(
    "request",
    r#"{"requests":[{"id":1,"status":"\udc00","order":{"product":{"name_id":"ssl"}},"requester":{"id":5,"first_name":"\ud83d"}}],"page":{"total":1}}"#
)]
#[case::of_the_user("user/me", r#"{"id":800001,"account_id":7001,"first_name":"Ren\ud83d","\ud83d":"\ude00"}"#)]
fn an_unpaired_surrogate_in_a_response_keeps_the_protection(#[case] of: &'static str, #[case] answer: &'static str) {
    let desk = Desk::new(move |request| is_list(request, of).then(|| Reply::Json(200, answer.to_owned())));
    desk.submit(&[]).expect_end(0, &["order 700001"]);
    assert_eq!(desk.server.orders(), 1);
}

#[rstest]
#[case::placed(
    201,
    r#"{"id":700001,"requests":[{"id":5001,"status":"pend\ud83d"}],"x":"\udc00"}"#,
    0,
    "order 700001",
    "placed 700001"
)]
#[case::refused(
    400,
    r#"{"errors":[{"code":"x","message":"Caf\ud83d, \ud83d\ude00"}]}"#,
    1,
    "Caf\u{fffd}, 😀",
    "refused 400"
)]
#[case::no_id_of_a_half(201, r#"{"id":"700001\ud83d"}"#, 3, "not known whether", "unknown")]
#[case::no_id_across_texts(201, r#"{"id":"7\ud83d","x":"\ude00"}"#, 3, "not known whether", "unknown")]
#[case::broken_otherwise(201, r#"{"id":700001,"x":"\ud83d","y":"\ud8"}"#, 3, "not known whether", "unknown")]
fn an_unpaired_surrogate_hides_no_outcome(
    #[case] status: u16,
    #[case] answer: &'static str,
    #[case] code: i32,
    #[case] output: &str,
    #[case] kept: &str,
) {
    let desk = Desk::new(move |request| (request.method == "POST").then(|| Reply::Json(status, answer.to_owned())));
    desk.submit(&[]).expect_end(code, &[output]);
    assert!(journal(&desk.state())[0].starts_with(kept), "{:?}", journal(&desk.state()));
    assert_eq!(desk.server.orders(), 1);
}

/// Each shape of the lists before an order: a complete one protects; otherwise another word is needed, and the message
/// names the list and its rows.
#[rstest]
#[case::of_orders("order/certificate", "orders", r#"{"id": 1, "product": {"name_id": "ssl"}}"#)]
#[case::of_requests("request", "requests", r#"{"id": 1, "order": {"product": {"name_id": "ssl"}}}"#)]
fn a_possibly_incomplete_list_does_not_protect(#[case] of: &'static str, #[case] list: &str, #[case] row: &str) {
    for shape in SHAPES {
        let (status, body, further) = (shape.status, shape.body(list, row), format!(r#"{{"{list}": []}}"#));
        let desk = Desk::new(move |request| {
            let body = if request.path.ends_with("offset=0") { body.clone() } else { further.clone() };
            is_list(request, of).then_some(Reply::Json(status, body))
        });
        if shape.said.is_empty() {
            desk.submit(&[]).expect_end(0, &["order 700001"]);
        } else {
            let report = desk.submit(&["--json"]).expect_end(1, &["cannot protect", list, "--unprotected"]);
            assert!(one_line(&report.err).contains(&shape.said(list)), "{shape:?}: {report:#?}");
            assert_eq!(
                (report.json()["outcome"].as_str(), desk.server.orders()),
                (Some("unprotected"), 0),
                "{shape:?}"
            );
        }
    }
}

/// A refusal in texts counts as one and is reported in those words. For an unknown outcome the words of the response
/// are reported, in JSON too, and again when it is resolved: the journal has them.
#[rstest]
#[case::texts(400, r#"{"errors":["organization.contacts is required"]}"#, "organization.contacts is required")]
#[case::texts_by_name(422, r#"{"errors":{"ship_info.zip":["is invalid"]}}"#, "ship_info.zip is invalid")]
fn a_refusal_in_plain_texts_is_reported_in_those_words(
    #[case] status: u16,
    #[case] answer: &'static str,
    #[case] words: &str,
) {
    let desk = Desk::new(move |request| (request.method == "POST").then(|| Reply::Json(status, answer.to_owned())));
    let report = desk.submit(&["--json"]).expect_end(1, &[words, &format!("HTTP {status}")]);
    assert_eq!(report.json()["outcome"], "refused", "{report:#?}");
    let kept = Store::open(&desk.state()).unwrap().store.load_entry(IntentId(1)).unwrap().unwrap();
    assert_eq!(
        (kept.outcome, kept.server_excerpt.as_deref()),
        (Some(RecordedOutcome::Refused { status }), Some(words))
    );
}

#[rstest]
#[case::a_message(400, r#"{"message":"Try again later."}"#, "Try again later.")]
#[case::an_error(403, r#"{"error":{"code":"waf","message":"Blocked."}}"#, "waf Blocked.")]
#[case::a_page(
    403,
    "<html><title>Request blocked</title><p>Incident\u{1b}[31m 18-4711</p></html>",
    "Request blocked Incident 18-4711"
)]
#[case::a_time_out(408, r#"{"errors":["Try again."]}"#, "Try again.")]
#[case::a_fault(500, r#"{"errors":[{"code":"x","message":"Oops."}]}"#, "x Oops.")]
#[case::a_fault_in_text(502, "Bad gateway", "Bad gateway")]
#[case::no_order(201, r#"{"status":"accepted","ticket":"18-4711"}"#, r#"{"status":"accepted","ticket":"18-4711"}"#)]
#[case::errors_in_a_success(200, r#"{"errors":["Later."]}"#, "Later.")]
fn the_text_of_an_inconclusive_response_is_reported(
    #[case] status: u16,
    #[case] answer: &'static str,
    #[case] words: &str,
) {
    let desk =
        Desk::new(move |request| (request.method == "POST").then(|| Reply::Bytes(status, answer.as_bytes().to_vec())));
    let report = desk.submit(&["--json", "--resolve", "0"]).expect_end(3, &["It is not known whether"]);
    assert!(one_line(&report.err).contains(&format!("\"{words}\"")), "{report:#?}");
    assert_eq!((&report.json()["outcome"], &report.json()["words"]), (&"unknown".into(), &words.into()));
    let kept = Store::open(&desk.state()).unwrap().store.load_entry(IntentId(1)).unwrap().unwrap();
    assert_eq!(kept.server_excerpt.as_deref(), Some(words));
    let resolved = desk.run(&["resolve", "1", "--for", "0", "--json"]).expect_end(3, &[]);
    assert!(one_line(&resolved.err).contains(&format!("\"{words}\"")), "{resolved:#?}");
    assert_eq!(resolved.json()["intent"]["words"], words);
    assert_eq!(desk.server.orders(), 1);
}

/// Joins the lines of a text.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The server of another service, or another path of this one, responds with a web page that says "not found".
#[rstest]
#[case::status(&["status", "700001"], "", 2)]
#[case::doctor(&["doctor"], "", 1)]
#[case::doctor_in_json(&["doctor", "--json"], "", 1)]
#[case::doctor_of_the_product(&["doctor"], "/product/", 1)]
#[case::doctor_of_the_product_in_json(&["doctor", "--json"], "/product/", 1)]
fn a_web_page_instead_of_the_api_proves_nothing_about_an_order_or_a_product(
    #[case] args: &[&str],
    #[case] at: &'static str,
    #[case] code: i32,
) {
    const PAGE: &str = "<html><title>404 Not Found</title><h1>Not Found</h1><p>nginx</p></html>";
    let desk = Desk::new(move |request| request.path.contains(at).then(|| Reply::Bytes(404, PAGE.into())));
    let report =
        desk.run(args).expect_end(code, &["CertCentral was not found at this address (HTTP 404)", "/services/v2"]);
    let all = one_line(&format!("{} {}", report.out, report.err));
    for (id, misleading) in [
        ("follow.nothing", "order or request"),
        ("doctor.product_missing", "does not appear to be enabled"),
        ("failure.refused", "refused"),
    ] {
        assert!(!all.contains(quote(id, misleading)), "{misleading}: {report:#?}");
    }
}
