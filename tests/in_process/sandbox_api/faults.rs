//! The faults, each with the real client: what it reports, and for orders what the ledger contains.

use crate::common::desk::{Desk, NEW, ORDERS, STORED, code, set, without};
use crate::common::http;
use rstest::rstest;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use zegel::api_url::ApiUrl;
use zegel::certcentral::decode;
use zegel::certcentral::{Client, Limits, Network, OrderFilter, Paging, RequestFilter};
use zegel::domain::{
    ApiError, DecodeError, ListGap, Listing, OrderRow, PageFlaw, SendResult, ServerError, TransportErrorKind,
};
use zegel::sandbox::{Fault, FaultSpec, KEY, Sandbox, SandboxOptions};
use zegel::secret::{Secret, SecretBytes};

const ALL: OrderFilter<'static> = OrderFilter { product: "pkio_qualified_organisation_services", organization: None };

/// A sandbox and the client of a user.
pub(crate) struct ClientBench {
    pub(crate) desk: Desk,
    pub(crate) client: Client,
    pub(crate) runtime: Runtime,
}

impl ClientBench {
    /// A sandbox with these faults from the beginning.
    pub(crate) fn of(faults: &[&str]) -> Self {
        Self::within(Limits::default(), faults)
    }

    /// The same, with a client with these limits.
    pub(crate) fn within(limits: Limits, faults: &[&str]) -> Self {
        let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
        let desk = Desk(Sandbox::start(&SandboxOptions { faults, ..SandboxOptions::default() }).unwrap());
        let limits = Limits { pace: 100_000, ..limits };
        let client =
            Client::new(ApiUrl::parse(&desk.0.api_url()).unwrap(), Secret::from(KEY), &Network::default(), limits)
                .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { desk, client, runtime }
    }

    pub(crate) fn order(&self) -> SendResult {
        let mut body = SecretBytes::with_capacity(STORED.len());
        body.push_str(STORED);
        self.runtime.block_on(self.client.submit_order(ORDERS, body))
    }

    pub(crate) fn list(&self) -> Listing<OrderRow> {
        self.runtime.block_on(self.client.fetch_all_orders(ALL, Paging { size: 4, max_pages: 20 }))
    }

    fn switch(&self, faults: &[&str]) -> http::Answer {
        let body = json!({ "faults": faults }).to_string();
        http::call(self.desk.0.address(), "POST", "/sandbox/faults", &[], body.as_bytes())
    }
}

/// Returns a refusal without readable errors and with these words.
fn refused_in_words(status: u16, words: &str) -> ApiError {
    ApiError::Refused { status, errors: Vec::new(), excerpt: words.into() }
}

fn refused(status: u16, code: &str, message: &str) -> ApiError {
    let errors =
        if code.is_empty() { vec![] } else { vec![ServerError { code: code.into(), message: message.into() }] };
    ApiError::Refused { status, errors, excerpt: String::new() }
}

#[test]
fn without_faults_the_client_reads_everything() {
    let bench = ClientBench::of(&[]);
    assert!(matches!(bench.order(), SendResult::Reply { status: 201, .. }));
    let listing = bench.list();
    assert_eq!((listing.rows.len(), listing.gap.clone()), (7, None));
    assert!(listing.rows.windows(2).all(|two| two[0].date_created >= two[1].date_created), "the newest first");
    assert_eq!(listing.rows[0].organization_name, "Gemeente Zilverdam");
    assert!(listing.date.ends_with("GMT"), "{}", listing.date);
    let requests = bench.runtime.block_on(bench.client.fetch_all_requests(RequestFilter::default(), Paging::default()));
    assert_eq!((requests.rows.len(), requests.gap), (7, None));
    let mine = requests.rows.iter().find(|row| row.order_id == Some(700_001)).unwrap();
    let me = bench.runtime.block_on(bench.client.fetch_current_user()).unwrap().value;
    assert_eq!((mine.requester_id, mine.product.as_str()), (Some(me.user_id), ALL.product));
    assert_eq!((me.account_id, me.roles[0].name.as_str()), (Some(7001), "Administrator"));
    let row = bench.runtime.block_on(bench.client.fetch_order(700_001)).unwrap();
    assert_eq!((row.user_id, row.requests[0].id, row.validity.years), (Some(me.user_id), mine.id, Some(1)));
    let narrow = OrderFilter { organization: Some(900_003), ..ALL };
    let listing = bench.runtime.block_on(bench.client.fetch_all_orders(narrow, Paging::default()));
    assert_eq!((listing.rows.len(), listing.is_complete()), (2, true));
}

/// The arguments: the fault of an order, the status, and whether the order is in the ledger.
#[rstest]
#[case("invalid-key", 403, 0)]
#[case("too-many", 429, 0)]
#[case("too-many-wait=7", 429, 0)]
#[case("http-500-before", 500, 0)]
#[case("http-502-before", 502, 0)]
#[case("http-503-before", 503, 0)]
#[case("http-500-after", 500, 1)]
#[case("http-502-after", 502, 1)]
#[case("http-503-after", 503, 1)]
#[case("order-refused", 400, 0)]
#[case("json-truncated", 201, 1)]
#[case("json-wrong-types", 201, 1)]
#[case("ids-as-strings", 201, 1)]
#[case("no-page", 201, 1)]
#[case("hostile-names", 201, 1)]
#[case("list-late", 201, 1)]
#[case("key-view-only", 403, 0)]
#[case("key-orders-only", 201, 1)]
#[case("role-standard", 201, 1)]
#[case("no-product", 404, 0)]
#[case("divisions", 201, 1)]
#[case("no-profile", 201, 1)]
#[case("list-forbidden", 201, 1)]
#[case("slow=1", 201, 1)]
fn each_order_fault_has_its_status_and_count(#[case] fault: &str, #[case] status: u16, #[case] placed: u64) {
    let bench = ClientBench::of(&[fault]);
    let SendResult::Reply { status: answered, body, .. } = bench.order() else { panic!("no answer") };
    assert_eq!((answered, bench.desk.counts()), (status, (1, placed)));
    let text = String::from_utf8(body.clone()).unwrap();
    assert_eq!(text.starts_with("<!DOCTYPE html>"), status >= 500, "{text}");
    assert_eq!(decode::parse_errors(&body).len(), usize::from((400..500).contains(&status)), "{text}");
    let readable = status == 201 && !fault.starts_with("json");
    assert_eq!(decode::parse_placed_order(&body).map(|placed| placed.id), readable.then_some(700_001), "{text}");
}

/// Returns an order for a new organization with this value for skipping the check.
fn new_organization(skip: serde_json::Value) -> String {
    set(NEW, "organization.skip_duplicate_org_check", skip)
}

#[rstest]
#[case(new_organization(json!(false)), 400)]
#[case(without(NEW, "organization.skip_duplicate_org_check"), 400)]
#[case(new_organization(json!(true)), 201)]
#[case(STORED.to_owned(), 201)]
fn a_duplicate_organization_is_refused_before_it_is_created(#[case] body: String, #[case] status: u16) {
    let bench = ClientBench::of(&["duplicate-organization*1"]);
    let organizations = || bench.desk.get("/organization")["page"]["total"].clone();
    let before = organizations();
    let answer = bench.desk.post(&body);
    assert_eq!(answer.status, status, "{}", answer.text());
    if status == 400 {
        assert_eq!(code(&answer), "sandbox|duplicate_organization");
        assert_eq!((bench.desk.counts(), organizations()), ((1, 0), before), "nothing is made, not even its contact");
    }
    assert_eq!(bench.desk.post(NEW).status, if status == 400 { 201 } else { 400 }, "only what it strikes counts");
}

#[test]
fn other_problems_are_reported_before_a_duplicate() {
    let bench = ClientBench::of(&["duplicate-organization*1"]);
    assert_eq!(code(&bench.desk.post(&set(NEW, "organization.city", json!(7)))), "sandbox|type");
    assert_eq!(code(&bench.desk.post(NEW)), "sandbox|duplicate_organization");
}

#[rstest]
#[case("reply-lost")]
#[case("reply-cut")]
#[case("reset")]
fn an_order_with_a_lost_response_is_placed(#[case] fault: &str) {
    let bench = ClientBench::of(&[fault]);
    let answer = bench.order();
    assert!(matches!(&answer, SendResult::Lost(why) if why.kind == TransportErrorKind::Broken), "{answer:?}");
    assert_eq!(bench.desk.counts(), (1, 1));
    assert_eq!(bench.list().rows[0].id, 700_001, "and can be found");
}

#[test]
fn a_lost_response_is_empty_and_a_cut_one_has_half_its_body() {
    let bench = ClientBench::of(&["reply-lost*1", "reply-cut@questions*1"]);
    let exchange = |method: &str, path: &str, body: &str| {
        let path = format!("/services/v2{path}");
        let bytes = http::request(method, &path, &[("X-DC-DEVKEY", KEY)], body.as_bytes());
        String::from_utf8(http::exchange_raw(bench.desk.0.address(), &bytes)).unwrap()
    };
    assert_eq!(exchange("POST", ORDERS, STORED), "");
    let cut = exchange("GET", "/user/me", "");
    let whole = exchange("GET", "/user/me", "");
    let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(&cut), body(&whole)[..body(&whole).len() / 2]);
}

#[test]
fn a_slow_response_exceeds_a_short_limit() {
    let limits = Limits { post: Duration::from_millis(500), ..Limits::default() };
    let bench = ClientBench::within(limits, &["slow=3000@orders"]);
    let answer = bench.order();
    assert!(matches!(&answer, SendResult::Lost(why) if why.kind == TransportErrorKind::Slow), "{answer:?}");
    assert_eq!(bench.desk.counts(), (1, 1));
}

#[test]
fn a_slow_response_is_complete() {
    let bench = ClientBench::of(&["slow=300@questions*1"]);
    let began = Instant::now();
    assert!(bench.runtime.block_on(bench.client.fetch_current_user()).is_ok());
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[rstest]
#[case("list-forbidden", refused(403, "access_denied|missing_permission", "You may not list these."))]
#[case("invalid-key", refused(403, "access_denied|access_denied_invalid_key", "The key is not known."))]
#[case("too-many", refused(429, "request_limit_exceeded", "Too many requests."))]
#[case("too-many-wait", refused(429, "request_limit_exceeded", "Too many requests."))]
#[case("http-500-before@lists", refused_in_words(500, "500 Internal Server Error"))]
#[case("http-502-after@questions", refused_in_words(502, "502 Bad Gateway"))]
#[case("http-503-before@every", refused_in_words(503, "503 Service Unavailable"))]
fn a_failed_list_has_its_cause(#[case] fault: &str, #[case] failure: ApiError) {
    let bench = ClientBench::of(&[fault]);
    let listing = bench.list();
    assert_eq!((listing.rows.len(), listing.gap), (0, Some(ListGap::Failed(failure.clone()))));
    let requests = bench.runtime.block_on(bench.client.fetch_all_requests(RequestFilter::default(), Paging::default()));
    assert_eq!(requests.gap, Some(ListGap::Failed(failure)));
    let me = bench.runtime.block_on(bench.client.fetch_current_user());
    assert_eq!(me.is_ok(), fault.contains("list"), "{me:?}");
}

/// The readable part of the list is reported.
#[test]
fn a_cut_list_is_unreadable() {
    let listing = ClientBench::of(&["json-truncated"]).list();
    let Some(ListGap::Failed(ApiError::Unreadable(DecodeError::NotJson, words))) = listing.gap else {
        panic!("{listing:?}")
    };
    assert!(words.starts_with("{\"orders\":["), "{words}");
}

#[rstest]
#[case("reply-lost@lists")]
#[case("reply-cut@lists")]
#[case("reset@lists")]
fn an_interrupted_list_is_cut(#[case] fault: &str) {
    let listing = ClientBench::of(&[fault]).list();
    assert!(
        matches!(&listing.gap, Some(ListGap::Failed(ApiError::ResponseCut(why))) if why.kind == TransportErrorKind::Broken),
        "{listing:?}"
    );
}

#[rstest]
#[case("too-many*2")]
#[case("too-many-wait=1*2")]
fn rate_limited_lists_recover(#[case] fault: &str) {
    let listing = ClientBench::of(&[fault]).list();
    assert_eq!((listing.rows.len(), listing.gap), (6, None));
}

#[test]
fn a_list_of_wrong_types_is_never_complete() {
    let listing = ClientBench::of(&["json-wrong-types"]).list();
    assert_eq!((listing.rows.len(), listing.gap), (0, Some(ListGap::Flawed(PageFlaw::Total("7".into())))));
}

#[rstest]
#[case("ids-as-strings")]
#[case("no-page")]
fn a_list_in_an_unusual_form_is_read_completely(#[case] fault: &str) {
    let listing = ClientBench::of(&[fault]).list();
    assert_eq!((listing.rows.len(), listing.gap.clone()), (6, None));
    assert_eq!(listing.rows[0].id, 700_000);
    assert_eq!(listing.rows[0].organization_id, Some(900_002));
}

#[test]
fn hostile_names_arrive_unchanged() {
    let bench = ClientBench::of(&["hostile-names"]);
    let name = bench.list().rows[0].organization_name.clone();
    assert!(name.starts_with("\u{1b}[2J") && name.contains('\u{202e}') && name.contains('\u{9b}'), "{name:?}");
    let shown = zegel::text::visible(&name).into_owned();
    assert!(!shown.chars().any(|c| c.is_control() || c == '\u{202e}'), "{shown}");
    assert!(bench.runtime.block_on(bench.client.fetch_current_user()).unwrap().value.name.contains('\u{1b}'));
}

#[test]
fn an_order_can_be_listed_late() {
    let bench = ClientBench::of(&["list-late=3"]);
    bench.order();
    let shown = || -> u64 { bench.desk.get("/order/certificate?limit=1")["page"]["total"].as_u64().unwrap() };
    assert_eq!((shown(), shown(), shown(), shown()), (6, 6, 6, 7));
    bench.order();
    bench.desk.get("/request");
    bench.desk.get("/order/alternate/x");
    assert_eq!((shown(), shown()), (7, 8), "every list counts");
    assert_eq!(bench.desk.get("/order/certificate/700002")["id"], 700_002, "by its id it is found at once");
}

#[test]
fn faults_can_be_changed_at_run_time() {
    let bench = ClientBench::of(&["list-forbidden"]);
    assert!(!bench.list().is_complete());
    assert_eq!(
        bench.switch(&["reply-lost*1", "slow=1"]).json(),
        json!({ "faults": ["reply-lost@orders*1", "slow=1@every"] })
    );
    assert!(bench.list().is_complete());
    assert!(matches!(bench.order(), SendResult::Lost(_)));
    let shown = http::call(bench.desk.0.address(), "GET", "/sandbox/faults", &[], b"").json();
    assert_eq!(shown, json!({ "faults": ["slow=1@every"] }), "what is over is off");
    assert!(matches!(bench.order(), SendResult::Reply { status: 201, .. }));
    bench.switch(&[]);
    assert_eq!(bench.desk.counts(), (2, 2));
}

#[rstest]
#[case("")]
#[case("{}")]
#[case(r#"{"faults": "slow"}"#)]
#[case(r#"{"faults": [7]}"#)]
#[case(r#"{"faults": ["slow", "of another kind"]}"#)]
fn an_invalid_fault_request_changes_nothing(#[case] body: &str) {
    let bench = ClientBench::of(&["no-page"]);
    let answer = http::call(bench.desk.0.address(), "POST", "/sandbox/faults", &[], body.as_bytes());
    assert_eq!((answer.status, code(&answer).as_str()), (400, "sandbox|range"));
    let shown = http::call(bench.desk.0.address(), "GET", "/sandbox/faults", &[], b"").json();
    assert_eq!(shown, json!({ "faults": ["no-page@every"] }));
}

#[test]
fn every_fault_can_be_turned_on_and_the_sandbox_survives_it() {
    // Faults that outlast the client's limits have tests of their own.
    let ends = |fault: &Fault| *fault != Fault::Trickle && !fault.name().starts_with("hold-");
    for fault in Fault::ALL.iter().copied().filter(ends) {
        let bench = ClientBench::of(&[]);
        assert_eq!(bench.switch(&[fault.name()]).json()["faults"][0], FaultSpec::from(fault).to_string());
        bench.order();
        bench.list();
        bench.switch(&[]);
        assert!(bench.list().is_complete(), "{fault:?}");
        assert_eq!(bench.desk.counts().0, 1, "{fault:?}: sent once");
    }
}
