//! A sandbox, a journal, and the program with both.
//!
//! All output is searched for the key and the card, and for anything that could control a terminal.

use crate::common::http;
use crate::common::tty::Launch;
use assert_cmd::Command;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Stdio};
use tempfile::TempDir;
use zegel::form::Form;
use zegel::i18n::{Language, Translations};
use zegel::sandbox::{KEY, Sandbox, SandboxOptions};
use zegel::store::{Intent, IntentId, KnownSet, RecordedOutcome, Store};
use zegel::{json as text, product, text as shown};

/// The user of the sandbox's key.
pub(crate) const ME: u64 = 800_001;

/// A made-up card number.
const CARD: &str = "376482915730648";

/// An order that the sandbox accepts.
pub(crate) const ORDER: &str = r#"{
  "organization": { "id": 900001, "contacts": [ { "user_id": 800001, "contact_type": "verified_contact" } ] },
  "certificate": { "signature_hash": "sha256", "profile_option": "nonrepudiation" },
  "provisioning_method": "qscd", "csa_agreed_to": true,
  "ship_info": { "name": "Anneke van Zilverdam", "addr1": "Keizersgracht 1", "addr2": "2 hoog", "zip": "1015 AA",
                 "city": "Amsterdam", "state": "Noord-Holland", "country": "nl", "method": "STANDARD" },
  "order_validity": { "years": 1 }, "payment_method": "balance"
}"#;

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Returns standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|flaw| panic!("{flaw}: {self:?}"))
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Asserts that standard error has all of these parts.
    #[track_caller]
    pub(crate) fn expect_errors(self, parts: &[&str]) -> Self {
        assert!(parts.iter().all(|part| self.err.contains(part)), "{parts:?}: {self:?}");
        self
    }

    /// Asserts that standard output has all of these parts.
    #[track_caller]
    pub(crate) fn expect_output(self, parts: &[&str]) -> Self {
        assert!(parts.iter().all(|part| self.out.contains(part)), "{parts:?}: {self:?}");
        self
    }

    /// Asserts that standard output is empty.
    #[track_caller]
    pub(crate) fn expect_no_output(self) -> Self {
        assert_eq!(self.out, "", "{self:?}");
        self
    }
}

/// A sandbox and a state directory.
pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    state: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { sandbox: Sandbox::start(&SandboxOptions::default()).unwrap(), state: tempfile::tempdir().unwrap() }
    }

    /// With one order that is placed and in the journal: no. 1, order 700001, request 5001.
    pub(crate) fn with_order() -> Self {
        let bench = Self::new();
        let intent = bench.intent(ORDER);
        bench.place();
        bench.keep(&intent, Some(&RecordedOutcome::Placed { order: 700_001, requests: vec![5001] }));
        bench
    }

    /// With one order, no. 1, whose response was lost; it was placed or not.
    pub(crate) fn with_unknown(placed: bool) -> Self {
        let bench = Self::new();
        let intent = bench.intent(ORDER);
        if placed {
            bench.place();
        }
        bench.keep(&intent, Some(&RecordedOutcome::Unknown { why: "no whole answer: Broken".into() }));
        bench
    }

    pub(crate) fn host(&self) -> String {
        self.sandbox.address().to_string()
    }

    pub(crate) fn state(&self) -> &Path {
        self.state.path()
    }

    /// Orders without the program, so long ago that the request is approved: nothing changes while a test runs.
    pub(crate) fn place(&self) {
        self.place_now();
        self.advance(20);
    }

    /// Orders without the program.
    pub(crate) fn place_now(&self) {
        let path = "/services/v2/order/certificate/pkio_qualified_organisation_services";
        assert_eq!(self.call("POST", path, ORDER.as_bytes()).status, 201);
    }

    /// Advances the sandbox's clock by this many seconds.
    pub(crate) fn advance(&self, seconds: u64) {
        let body = json!({ "advance_seconds": seconds }).to_string();
        assert_eq!(self.call("POST", "/sandbox/clock", body.as_bytes()).status, 200);
    }

    fn call(&self, method: &str, path: &str, body: &[u8]) -> http::Answer {
        http::call(self.sandbox.address(), method, path, &[("X-DC-DEVKEY", KEY)], body)
    }

    fn ids(&self, list: &str, path: &str) -> Vec<u64> {
        let answer = self.call("GET", path, b"").json();
        answer[list].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
    }

    /// Returns an intent for an order, with the present orders as the known ones.
    pub(crate) fn intent(&self, payload: &str) -> Intent {
        let product = product::PKIO;
        let mut form = Form::parse_payload(product, &text::parse(payload).unwrap()).unwrap().form;
        form.wipe_secrets();
        let body = form.payload_text();
        Intent {
            draft: None,
            host: self.host(),
            account: "7001".into(),
            product: product.name_id.to_owned(),
            organization: Some(900_001),
            digest: body.digest().to_owned(),
            body: body.text_without_secrets().to_owned(),
            user: Some(ME),
            known_set: KnownSet {
                orders: Some(self.ids("orders", "/services/v2/order/certificate")),
                requests: Some(self.ids("requests", "/services/v2/request")),
            },
            server_time: None,
            local_time: jiff::Timestamp::now().as_millisecond(),
        }
    }

    /// Puts an intent into the journal.
    pub(crate) fn keep(&self, intent: &Intent, ended: Option<&RecordedOutcome>) -> IntentId {
        let mut store = Store::open(self.state()).unwrap().store;
        let id = store.record_intent(intent).unwrap();
        if let Some(ended) = ended {
            store.record_outcome(id, ended).unwrap();
        }
        id
    }

    /// Turns these faults on, and all others off.
    pub(crate) fn switch(&self, faults: &[&str]) {
        let faults: Vec<_> = faults.iter().map(|fault| fault.parse().unwrap()).collect();
        self.sandbox.set_faults(&faults);
    }

    fn env(&self) -> [(&'static str, String); 6] {
        [
            ("ZEGEL_API_URL", self.sandbox.api_url()),
            ("ZEGEL_API_KEY", KEY.to_owned()),
            ("ZEGEL_STATE_DIR", self.state().to_str().unwrap().to_owned()),
            ("ZEGEL_CONFIG_DIR", self.state().join("config").to_str().unwrap().to_owned()),
            ("ZEGEL_TEST_PACE", "600".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
        ]
    }

    /// Runs the program with these arguments, and these variables in place of those of the same name.
    pub(crate) fn run_with(&self, args: &[&str], env: &[(&str, &str)]) -> Ran {
        let orders = self.sandbox.order_counts().received;
        let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
        let output = command.args(args).env_clear().envs(self.env()).envs(env.iter().copied()).output().unwrap();
        assert_eq!(self.sandbox.order_counts().received, orders, "an order was sent");
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ran = Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
        assert_no_secret_or_control(&format!("{}{}", ran.out, ran.err));
        ran
    }

    /// Runs the program with these arguments.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[])
    }

    /// The same, with standard output going there.
    pub(crate) fn run_into(&self, args: &[&str], out: impl Into<Stdio>) -> Ran {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
        command.args(args).env_clear().envs(self.env()).stdout(out).stderr(Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        Ran { code: output.status.code(), out: String::new(), err: String::from_utf8(output.stderr).unwrap() }
    }

    /// Starts the program with these arguments, without waiting for its end.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        self.start_with(args, &[])
    }

    /// The same, with these variables in place of those of the same name.
    pub(crate) fn start_with(&self, args: &[&str], env: &[(&str, &str)]) -> Running {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
        command
            .args(args)
            .env_clear()
            .envs(self.env())
            .envs(env.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Running(command.spawn().unwrap())
    }

    /// Returns the program with these arguments in a terminal.
    pub(crate) fn launch(&self, args: &[&str]) -> Launch {
        self.env().iter().fold(Launch::new(args), |launch, (name, value)| launch.env(name, value))
    }

    /// Replaces times and the port in a text, for a golden file.
    pub(crate) fn timeless(&self, report: &str) -> String {
        let mut report = report.replace(&self.host(), "127.0.0.1:47110");
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        for lang in [Language::En, Language::Nl].map(Translations::new) {
            let then = lang.format_date(jiff::civil::date(2026, 11, 22));
            for day in [today, today.yesterday().unwrap()] {
                report = report.replace(&lang.format_date(day), &then);
            }
        }
        replaced(&report, ", 00:00:00 UTC", ", 12:00:00 UTC")
    }
}

/// Replaces every match of a shape, in which 0 means any digit.
fn replaced(text: &str, shape: &str, with: &str) -> String {
    let fits = |rest: &str| {
        let mut chars = rest.chars();
        shape
            .chars()
            .all(|wanted| chars.next().is_some_and(|c| if wanted == '0' { c.is_ascii_digit() } else { c == wanted }))
    };
    let (mut out, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        let length = if fits(rest) { shape.len() } else { c.len_utf8() };
        let shown = if fits(rest) { with } else { &rest[..length] };
        out.push_str(shown);
        rest = &rest[length..];
    }
    out
}

/// Asserts that a text has no secret and nothing that controls a terminal.
#[track_caller]
pub(crate) fn assert_no_secret_or_control(message: &str) {
    assert!(!message.contains(KEY) && !message.contains(CARD), "a secret: {message}");
    assert!(!message.chars().any(|c| c != '\n' && shown::is_hidden(c)), "{message:?}");
}

/// An order by card, with every value that no summary may have.
pub(crate) fn by_card() -> String {
    let mut order: Value = serde_json::from_str(ORDER).unwrap();
    order["payment_method"] = "card".into();
    order["credit_card"] = json!({ "number": CARD, "cvv": "8305", "expiration_month": "09",
        "expiration_year": "2099", "cardholder_name": "Kaarthouder" });
    order["ship_info"]["name"] = CARD.into();
    order.to_string()
}

/// A running program; it is killed if a test fails.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
