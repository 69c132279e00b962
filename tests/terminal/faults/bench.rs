//! One order at a sandbox, up to the fault, and the checks afterwards.
//!
//! It begins with a nearly complete draft, as an earlier run would have left it, so that a test types little. The store
//! itself reads the saved data, once the program has ended or is stopped.

use crate::common::journal::journal;
use crate::common::quotes::quote;
use crate::common::steps::{confirm, fill, forward, tick};
use crate::common::tty::{GIVEN_BACK, Launch, Tty, View};
use std::path::Path;
use zegel::form::Form;
use zegel::sandbox::{KEY, OrderCounts, Sandbox, SandboxOptions};
use zegel::store::{Store, StoredDraft};
use zegel::{json, product};

/// The text that a test types: it must never be lost.
pub(crate) const TYPED: &str = "Anneke van Zilverdam";

/// An order for an organization of the sandbox, without the recipient.
pub(crate) const STORED: &str = r#"{
  "organization": { "id": 900001, "contacts": [ { "user_id": 800001, "contact_type": "verified_contact" } ] },
  "certificate": { "signature_hash": "sha256", "profile_option": "nonrepudiation" },
  "provisioning_method": "qscd",
  "ship_info": { "addr1": "Keizersgracht 1", "addr2": "2 hoog", "zip": "1015 AA", "city": "Amsterdam",
                 "state": "Noord-Holland", "country": "nl", "method": "STANDARD" },
  "order_validity": { "years": 1 },
  "payment_method": "balance"
}"#;

/// The same for a new organization, which the sandbox recognizes as an existing one: 900001.
pub(crate) const NEW: &str = r#"{
  "organization": {
    "name": "Gemeente Zilverdam", "country": "nl", "address": "Raadhuisplein 1", "zip": "1599 AB",
    "city": "Zilverdam", "state": "Noord-Holland", "telephone": "+31 88 555 0100",
    "organization_contact": { "first_name": "Anna", "last_name": "de Vries", "email": "a.devries@zilverdam.example" },
    "contacts": [ { "first_name": "Bram", "last_name": "Jansen", "email": "b.jansen@zilverdam.example",
                    "job_title": "CISO", "telephone": "+31 88 555 0102", "contact_type": "verified_contact" } ] },
  "certificate": { "signature_hash": "sha256", "profile_option": "nonrepudiation" },
  "provisioning_method": "qscd",
  "ship_info": { "addr1": "Keizersgracht 1", "addr2": "2 hoog", "zip": "1015 AA", "city": "Amsterdam",
                 "state": "Noord-Holland", "country": "nl", "method": "STANDARD" },
  "order_validity": { "years": 1 },
  "payment_method": "balance"
}"#;

/// A sandbox, and the program with its account and a draft.
pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) launch: Launch,
}

impl Bench {
    /// With an order for an organization of the sandbox.
    pub(crate) fn new() -> Self {
        Self::with(STORED)
    }

    /// With this order.
    pub(crate) fn with(payload: &str) -> Self {
        let sandbox = Sandbox::start(&SandboxOptions::default()).unwrap();
        let launch = on(&sandbox.api_url(), KEY);
        keep_draft(launch.state(), &sandbox.address().to_string(), payload);
        Self { sandbox, launch }
    }

    /// The same, with the program started by this line for `sh`.
    pub(crate) fn through(self, line: &str) -> Self {
        Self { launch: self.launch.through(line), ..self }
    }

    /// Turns these faults on, and all others off.
    pub(crate) fn switch(&self, faults: &[&str]) {
        let faults: Vec<_> = faults.iter().map(|fault| fault.parse().unwrap()).collect();
        self.sandbox.set_faults(&faults);
    }

    /// Returns how many orders arrived, and how many of them were placed.
    pub(crate) fn orders(&self) -> (u64, u64) {
        let OrderCounts { received, placed, .. } = self.sandbox.order_counts();
        (received, placed)
    }

    /// Returns the program at Confirm, where keys are taken.
    pub(crate) fn at_confirm(&self) -> Tty {
        let mut tty = self.at_review();
        confirm(&mut tty);
        tty
    }

    /// Returns the program at Review, after the text was typed.
    pub(crate) fn at_review(&self) -> Tty {
        let mut tty = self.launch.start();
        to_review(&mut tty);
        tty
    }

    /// Returns the outcomes of all orders in the journal, oldest first.
    pub(crate) fn journal(&self) -> Vec<String> {
        journal(self.launch.state())
    }

    /// Asserts that the next start finds the draft and shows the typed text, and that its order is placed as the only
    /// one.
    pub(crate) fn assert_goes_on(&self) {
        self.switch(&[]);
        assert_eq!(self.orders().1, 0);
        let mut tty = self.launch.start();
        resume(&mut tty);
        assert_typed(&mut tty);
        again(&mut tty);
        assert_places(&mut tty);
        assert_eq!(self.orders().1, 1);
        assert_eq!(drafts(self.launch.state()), Vec::<String>::new());
    }
}

/// Returns the program with this account, with shortened waits, in a window with room for a screen.
pub(crate) fn on(url: &str, key: &str) -> Launch {
    let launch = Launch::new(&[]).env("ZEGEL_API_URL", url).env("ZEGEL_API_KEY", key);
    launch.env("ZEGEL_TEST_PACE", "600").size(110, 50)
}

/// Stores a draft that stopped at the third step.
pub(crate) fn keep_draft(dir: &Path, account: &str, payload: &str) {
    let product = product::PKIO;
    let form = Form::parse_payload(product, &json::parse(payload).unwrap()).unwrap().form;
    let draft = StoredDraft {
        account: account.to_owned(),
        product: product.name_id.to_owned(),
        step: "certificate".to_owned(),
        title: "Gemeente Zilverdam".to_owned(),
        payload: form.to_draft(),
        saved_at: 1_795_000_000_000,
    };
    let mut store = Store::open(dir).unwrap().store;
    let id = store.new_draft_id().unwrap();
    store.save_draft(id, &draft).unwrap();
}

/// Opens the newest draft at Home.
#[track_caller]
pub(crate) fn resume(tty: &mut Tty) {
    tty.wait_for(" · saved ").press("down");
    tty.wait_until("a chosen draft", |view| {
        view.rows().iter().any(|row| row.starts_with(" › ") && row.contains("saved"))
    });
    tty.press("enter").wait_gone(quote("home.title", "What would you like to do?"));
}

/// Moves from Home to Review, and types a field on the way.
#[track_caller]
pub(crate) fn to_review(tty: &mut Tty) {
    resume(tty);
    tty.wait_for("Step 3 of 7");
    tick(tty, "I agree");
    forward(tty, "Step 4 of 7: Shipping");
    fill(tty, "Recipient", TYPED);
    tty.press("alt-7").wait_for("JSON · digest ");
}

/// Accepts the agreement again, which no draft does by itself, and moves to Confirm.
#[track_caller]
pub(crate) fn again(tty: &mut Tty) {
    agree(tty);
    confirm(tty);
}

/// Accepts the agreement where it is required again, and moves to Review.
#[track_caller]
pub(crate) fn agree(tty: &mut Tty) {
    tty.press("alt-3").wait_for("Step 3 of 7").wait_for("] I agree");
    if tty.look(|view| view.shows("[ ] I agree")) {
        tick(tty, "I agree");
    }
    tty.press("alt-7").wait_for("JSON · digest ");
}

/// Asserts that the typed text is in its field.
#[track_caller]
pub(crate) fn assert_typed(tty: &mut Tty) {
    tty.press("alt-4").wait_for("Step 4 of 7: Shipping").wait_for("Recipient");
    assert!(tty.row("Recipient").ends_with(TYPED), "{}", tty.screen());
}

/// Orders at Confirm, waits for the report of the only placed order, and quits.
#[track_caller]
pub(crate) fn assert_places(tty: &mut Tty) {
    crate::common::steps::order(tty);
    tty.wait_for("Order 700001 was placed").press("q");
    assert_ends(tty, 0);
}

/// Asserts that it ends with this exit code, and that the terminal is restored.
#[track_caller]
pub(crate) fn assert_ends(tty: &mut Tty, code: u32) {
    assert_eq!(tty.wait_exit(), code, "{}", tty.screen());
    let raw = tty.raw();
    assert!(raw.windows(GIVEN_BACK.len()).any(|bytes| bytes == GIVEN_BACK.as_bytes()), "{}", tty.screen());
    assert!(tty.modes_are_back() && !tty.look(View::alternate), "{}", tty.screen());
}

/// Quits where the input is saved or nothing is open, with this exit code.
#[track_caller]
pub(crate) fn leave_with(tty: &mut Tty, code: u32) {
    tty.press("ctrl-c");
    assert_ends(tty, code);
}

/// Quits where the program asks first.
#[track_caller]
pub(crate) fn leave_asked(tty: &mut Tty, code: u32) {
    tty.press("ctrl-c").wait_for("Quit zegel?").press("y");
    assert_ends(tty, code);
}

/// Waits for a text that may wrap over rows.
#[track_caller]
pub(crate) fn wait_said(tty: &mut Tty, text: &str) {
    tty.wait_until(&format!("{text:?}, on however many rows"), |view| screen_words(view).contains(text));
}

/// Joins the words on the screen over the ends of rows.
pub(crate) fn screen_words(view: &View) -> String {
    view.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the texts of all drafts in this directory.
pub(crate) fn drafts(dir: &Path) -> Vec<String> {
    let drafts = Store::open(dir).unwrap().store.list_drafts().unwrap();
    drafts.into_iter().map(|(_, draft)| draft.payload).collect()
}

/// Asserts that the only draft in this directory has the typed text.
#[track_caller]
pub(crate) fn assert_kept(dir: &Path) {
    let drafts = drafts(dir);
    assert!(drafts.len() == 1 && drafts[0].contains(TYPED), "{drafts:#?}");
}
