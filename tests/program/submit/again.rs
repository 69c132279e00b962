//! Orders similar to a placed one: exact duplicates, orders for a new organization, clocks that differ, and the data of
//! an older journal.
//!
//! The test scripts the responses of its server, so that an order can have any status.

use crate::common::server::{Reply, Request, Server};
use crate::common::submit_desk::{ORDER, Ran, program, ran};
use crate::common::tty::Launch;
use rstest::rstest;
use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;
use zegel::store::{Intent, KnownSet, RecordedOutcome, Store};

/// An order for a new organization.
const NEW: &str = r#"{
  "organization": {
    "name": "Gemeente Zilverdam", "address": "Griffelstraat 1", "zip": "1234 AB", "city": "Zilverdam",
    "state": "Noord-Holland", "country": "nl", "telephone": "+31 20 5550100", "skip_duplicate_org_check": false,
    "organization_contact": { "first_name": "Anna", "last_name": "de Vries", "email": "anna@example.nl",
                              "job_title": "CISO", "telephone": "+31 20 5550100" },
    "contacts": [ { "user_id": 800001, "contact_type": "verified_contact" } ] },
  "certificate": { "signature_hash": "sha256", "profile_option": "nonrepudiation" },
  "provisioning_method": "qscd", "csa_agreed_to": true,
  "ship_info": { "name": "Anna de Vries", "addr1": "Keizersgracht 1", "addr2": "2 hoog", "zip": "1015 AA",
                 "city": "Amsterdam", "state": "Noord-Holland", "country": "nl", "method": "STANDARD" },
  "order_validity": { "years": 1 }, "payment_method": "balance"
}"#;

struct Desk {
    dir: TempDir,
    server: Server,
}

impl Desk {
    fn new(payload: &str, server: Server) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("order.json"), payload).unwrap();
        Self { dir, server }
    }

    fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    fn path(&self) -> String {
        self.dir.path().join("order.json").display().to_string()
    }

    fn run(&self, args: &[&str]) -> Ran {
        ran(program(&self.state(), &self.server.url()).args(args))
    }

    fn digest(&self) -> String {
        self.run(&["preview", "--digest", &self.path()]).expect_end(0, &[]).out.trim().to_owned()
    }

    fn submit(&self, more: &[&str]) -> Ran {
        let (path, digest) = (self.path(), self.digest());
        self.run(&[&["submit", &path, "--confirm", &digest], more].concat())
    }
}

fn list(name: &str, rows: &Value) -> String {
    let total = rows.as_array().unwrap().len();
    json!({ name: rows, "page": { "total": total, "limit": 1000, "offset": 0 } }).to_string()
}

fn is_list(request: &Request, path: &str) -> bool {
    request.path.strip_prefix("/services/v2/").is_some_and(|rest| rest.split('?').next() == Some(path))
}

fn minutes_ago(minutes: i64) -> String {
    (jiff::Timestamp::now() - jiff::SignedDuration::from_mins(minutes)).to_string()
}

/// Returns a row of the product with further members.
fn order(id: u64, more: &Value) -> Value {
    let mut row = json!({ "id": id, "status": "pending", "date_created": minutes_ago(60),
                          "product": { "name_id": "pkio_qualified_organisation_services" } });
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

/// Starts a server with these orders and organizations.
fn with(orders: Value, organizations: Value) -> Server {
    Server::start(move |request| match () {
        () if request.method == "POST" => Reply::placed(),
        () if is_list(request, "order/certificate") => Reply::Json(200, list("orders", &orders)),
        () if is_list(request, "organization") => Reply::Json(200, list("organizations", &organizations)),
        () => Reply::nothing(&request.path),
    })
}

/// Puts an order for this organization into the journal, as placed with this number.
fn journaled(desk: &Desk, order: u64) {
    let mut store = Store::open(&desk.state()).unwrap().store;
    let intent = Intent {
        draft: None,
        host: desk.server.name(),
        account: "7001".to_owned(),
        product: "pkio_qualified_organisation_services".to_owned(),
        organization: Some(900_011),
        digest: desk.digest(),
        body: "{}".to_owned(),
        user: Some(800_001),
        known_set: KnownSet { orders: Some(vec![]), requests: Some(vec![]) },
        server_time: None,
        local_time: jiff::Timestamp::now().as_millisecond() - 3_600_000,
    };
    let id = store.record_intent(&intent).unwrap();
    store.record_outcome(id, &RecordedOutcome::Placed { order, requests: vec![] }).unwrap();
}

#[rstest]
#[case::pending(json!({}), true)]
#[case::issued(json!({ "status": "issued" }), true)]
#[case::a_word_of_tomorrow(json!({ "status": "on_hold" }), true)]
#[case::no_word(json!({ "status": null }), true)]
#[case::rejected(json!({ "status": "rejected" }), false)]
#[case::canceled(json!({ "status": "canceled" }), false)]
#[case::revoked(json!({ "status": "revoked" }), false)]
#[case::expired(json!({ "status": "expired" }), false)]
#[case::holds_long(json!({ "status": "issued", "certificate": { "valid_till": "2099-01-01" } }), true)]
#[case::has_ended(json!({ "status": "issued", "certificate": { "valid_till": "2026-01-01" } }), false)]
#[case::ninety_days(json!({ "status": "issued", "days_remaining": 90 }), false)]
#[case::more_than_ninety_days(json!({ "status": "issued", "certificate": { "days_remaining": 91 } }), true)]
#[case::no_days_before_it_is_issued(json!({ "status": "pending", "days_remaining": 0 }), true)]
fn a_duplicate_needs_its_number_unless_the_earlier_order_ended_or_ends_soon(#[case] json: Value, #[case] holds: bool) {
    let json = order(700_009, &json);
    let desk = Desk::new(ORDER, with(json!([json]), json!([])));
    journaled(&desk, 700_009);
    if holds {
        let json = desk
            .submit(&["--json"])
            .expect_end(1, &["order 700009", "identical to this order,", "--despite 700009"])
            .json();
        assert_eq!((json["outcome"].as_str(), json["alike"][0]["same"].as_bool()), (Some("alike"), Some(true)));
        assert_eq!(desk.server.orders(), 0);
        desk.submit(&["--despite", "700009"]).expect_end(0, &["order 700001"]);
    } else {
        desk.submit(&[]).expect_end(0, &["order 700009", "an earlier order identical to this one", "order 700001"]);
    }
    assert_eq!(desk.server.orders(), 1);
}

#[test]
fn an_earlier_order_is_shown_with_its_end() {
    let json = order(700_009, &json!({ "status": "issued", "certificate": { "valid_till": "2026-01-31" } }));
    let desk = Desk::new(ORDER, with(json!([json]), json!([])));
    journaled(&desk, 700_009);
    desk.submit(&[]).expect_end(0, &["has ended or will end within 90", "end date 31 Jan 2026"]);
}

#[test]
fn at_a_terminal_a_duplicate_is_confirmed_by_a_word_with_its_number() {
    let desk = Desk::new(ORDER, with(json!([order(700_009, &json!({})), order(700_008, &json!({}))]), json!([])));
    journaled(&desk, 700_008);
    journaled(&desk, 700_009);
    let launch = Launch::new(&["submit", &desk.path(), "--despite", "700008", "--despite", "700009"]).size(110, 60);
    let launch = launch.env("ZEGEL_API_URL", &desk.server.url()).env("ZEGEL_API_KEY", zegel::sandbox::KEY);
    let launch = launch.env("ZEGEL_STATE_DIR", desk.state().to_str().unwrap());
    let mut tty = launch.start();
    tty.wait_for("To confirm, type again 700009 and press Enter")
        .type_text("order\r")
        .wait_for("did not type the requested word.");
    assert_eq!((tty.wait_exit(), desk.server.orders()), (1, 0));
    let mut tty = launch.start();
    tty.wait_for("To confirm, type again 700009 and press Enter").type_text("again 700009\r").wait_for("order 700001");
    assert_eq!((tty.wait_exit(), desk.server.orders()), (0, 1));
}

fn of(id: u64, organization: u64, name: &str) -> Value {
    order(id, &json!({ "organization": { "id": organization, "name": name } }))
}

#[rstest]
#[case::other_organizations(json!([of(1, 8, "Waterschap Rijnbeemd"), of(2, 9, "Stichting Ommeland")]), json!([]), None)]
#[case::the_same_name(json!([of(1, 8, "Waterschap Rijnbeemd"), of(2, 9, "GEMEENTE ZILVERDAM")]), json!([]), Some(2))]
#[case::a_part_of_the_name_elsewhere(json!([of(1, 8, "Zilverdam"), of(2, 9, "x")]), json!([{ "id": 8, "name": "Zilverdam", "city": "Ommen", "zip": "7700 AA" }]), None)]
#[case::a_part_of_the_name_there(json!([of(1, 8, "Zilverdam"), of(2, 9, "x")]), json!([{ "id": 8, "name": "Zilverdam", "city": "Ommen", "zip": "1234ab" }]), Some(1))]
#[case::a_trade_name(json!([of(1, 8, "Holding B.V."), of(2, 9, "x")]), json!([{ "id": 8, "name": "Holding B.V.", "assumed_name": "Gemeente Zilverdam" }]), Some(1))]
fn only_likely_orders_block_an_order_for_a_new_organization(
    #[case] orders: Value,
    #[case] organizations: Value,
    #[case] likely: Option<u64>,
) {
    let desk = Desk::new(NEW, with(orders, organizations));
    let others =
        if likely.is_some() { "a different organization name: 1." } else { "a different organization name: 2." };
    match likely {
        None => {
            desk.submit(&[]).expect_end(0, &[others, "order 700001"]);
        }
        Some(id) => {
            let json = desk.submit(&["--json"]).expect_end(1, &[others]).json();
            let ids: Vec<_> = json["alike"].as_array().unwrap().iter().map(|one| one["order"].as_u64()).collect();
            assert_eq!((ids, desk.server.orders()), (vec![Some(id)], 0));
            desk.submit(&["--despite", &id.to_string()]).expect_end(0, &["order 700001"]);
        }
    }
    let known = Store::open(&desk.state()).unwrap().store.list_placed().unwrap().remove(0).intent.known_set;
    assert_eq!(known.orders, Some(vec![1, 2]), "all of them were there");
}

#[rstest]
#[case::the_same(0, 60 * 24 * 40, false, 0)]
#[case::four_minutes(4, 60 * 24 * 40, false, 0)]
#[case::six_minutes_ahead(6, 60, true, 1)]
#[case::two_months_ahead_and_recent_by_this_computer(60 * 24 * 60, 60, true, 1)]
#[case::two_months_behind_and_recent_by_the_server(-60 * 24 * 60, 60 * 24 * 60, true, 1)]
#[case::recent_by_none(-60 * 24 * 10, 60 * 24 * 60, true, 0)]
fn an_order_is_recent_by_either_clock_and_a_difference_is_reported(
    #[case] ahead: i64,
    #[case] placed: i64,
    #[case] differ: bool,
    #[case] alike: i32,
) {
    let rows = json!([order(
        5,
        &json!({ "date_created": minutes_ago(placed), "organization": { "id": 900_011, "name": "x" } })
    )]);
    let server = Server::start(move |request| {
        let reply = match () {
            () if request.method == "POST" => Reply::placed(),
            () if is_list(request, "order/certificate") => Reply::Json(200, list("orders", &rows)),
            () => Reply::nothing(&request.path),
        };
        let now = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(ahead);
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        match reply {
            Reply::Json(status, body) => Reply::Dated(status, body, date),
            other => other,
        }
    });
    let desk = Desk::new(ORDER, server);
    let json = desk.submit(&[]).expect_end(alike, &[if alike == 1 { "--despite 5" } else { "order 700001" }]);
    assert_eq!(json.err.contains(") and the server's"), differ, "{json:#?}");
}

/// Older journals contain the name of a host with the dot that was typed.
#[test]
fn an_unresolved_order_blocks_a_similar_one_at_the_same_host_with_a_dot() {
    let desk = Desk::new(ORDER, with(json!([]), json!([])));
    let mut store = Store::open(&desk.state()).unwrap().store;
    let address = desk.server.address();
    let intent = Intent {
        draft: None,
        host: format!("{}.:{}", address.ip(), address.port()),
        account: "7001".to_owned(),
        product: "pkio_qualified_organisation_services".to_owned(),
        organization: Some(900_011),
        digest: "0".repeat(64),
        body: "{}".to_owned(),
        user: Some(800_001),
        known_set: KnownSet::default(),
        server_time: None,
        local_time: 0,
    };
    store.record_intent(&intent).unwrap();
    drop(store);
    let json = desk.submit(&["--json"]).expect_end(1, &["zegel resolve 1"]).json();
    assert_eq!((json["outcome"].as_str(), desk.server.orders()), (Some("blocked"), 0));
}
