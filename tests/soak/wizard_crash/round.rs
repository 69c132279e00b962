//! One round: a sandbox, a state directory, the runs of the program with it, and the checks at the end.

use super::hand::{Hand, Killed};
use super::memory::{Losses, Memory};
use super::page::{COUNT, FIELDS, LINE_2};
use super::person::{Done, Mind, Person};
use super::plan::{Kill, Plan};
use super::tally::Tally;
use crate::common::http;
use crate::common::tty::Launch;
use crate::soak::damage::JournalDamage;
use std::path::Path;
use zegel::account::ORDER_MARKER_VARIABLE;
use zegel::domain::{IntentId, JournalEntry};
use zegel::sandbox::{KEY, OrderCounts, Sandbox, SandboxOptions};
use zegel::store::{DATABASE_FILE, Store};

/// The ten minutes of looks take a second.
const PACE: &str = "600";

/// The wanted values; the second address line differs in each run. There are no earlier orders for this organization.
const WISH: [&str; COUNT] = [
    "900011",
    "800001",
    "Anna de Vries",
    "Keizersgracht 1",
    "",
    "1015 AA",
    "Amsterdam",
    "Noord-Holland",
    "expedited",
    "2",
];

/// The pointer of each value in the payload.
const PLACES: [&str; COUNT] = [
    "/organization/id",
    "/organization/contacts/0/user_id",
    "/ship_info/name",
    "/ship_info/addr1",
    "/ship_info/addr2",
    "/ship_info/zip",
    "/ship_info/city",
    "/ship_info/state",
    "/ship_info/method",
    "/order_validity/years",
];

/// The first order that a sandbox places.
const FIRST: u64 = 700_001;

/// The list of orders in the account.
const ORDERS: &str = "/services/v2/order/certificate";

struct Round {
    sandbox: Sandbox,
    launch: Launch,
    mind: Mind,
    tally: Tally,
    late: u64,
    /// The journal before the first order.
    older: Vec<u8>,
}

/// Plays the round of a seed.
pub(crate) fn play(seed: u64) -> Tally {
    let plan = Plan::of(seed);
    let dir = tempfile::tempdir().unwrap();
    let record = dir.path().join("record");
    let sandbox =
        Sandbox::start(&SandboxOptions { record: Some(record.clone()), ..SandboxOptions::default() }).unwrap();
    let launch = Launch::new(&[]).size(100, 50).env("ZEGEL_API_URL", &sandbox.api_url()).env("ZEGEL_API_KEY", KEY);
    let launch =
        launch.env("ZEGEL_TEST_PACE", PACE).env(ORDER_MARKER_VARIABLE, if plan.marks { "unconfirmed" } else { "" });
    drop(Store::open(launch.state()).unwrap());
    let older = std::fs::read(launch.state().join(DATABASE_FILE)).unwrap();
    let mut round = Round { sandbox, launch, mind: mind(), tally: Tally::default(), late: plan.late, older };
    let done = round.runs(&plan);
    round.assert_once(done);
    round.assert_sent(&record);
    if plan.kills.is_empty() {
        assert_eq!(round.sandbox.order_counts(), OrderCounts { received: 1, received_whole: 1, placed: 1 });
    }
    round.count(done)
}

fn mind() -> Mind {
    Mind {
        wish: WISH.map(str::to_owned),
        memory: Memory::default(),
        confirmed: 0,
        ordered: None,
        adopted: false,
        losses: Losses::default(),
        damaged: false,
        acknowledged: 0,
        stated: 0,
    }
}

/// Returns the placed orders, as the account lists them.
fn listed(sandbox: &Sandbox, late: u64) -> Vec<u64> {
    // An order that is listed late is in the list after these requests.
    sandbox.set_faults(&[]);
    let ask = || http::call(sandbox.address(), "GET", ORDERS, &[("X-DC-DEVKEY", KEY)], b"").json();
    (0..late).for_each(|_| drop(ask()));
    let orders = ask();
    let ids = orders["orders"].as_array().unwrap().iter().map(|order| order["id"].as_u64().unwrap());
    ids.filter(|id| *id >= FIRST).collect()
}

impl Round {
    /// Starts the program again and again, until it ends by itself.
    fn runs(&mut self, plan: &Plan) -> Done {
        for (number, (kill, damage)) in plan.kills.iter().zip(&plan.damages).enumerate() {
            if let Some(done) = self.run(number, Some(*kill)) {
                return done;
            }
            *self.tally.kills.entry(kill.phase).or_default() += 1;
            if let Some(damage) = damage {
                self.damage_journal(*damage);
            }
        }
        self.run(plan.kills.len(), None).expect("nobody kills it")
    }

    /// Damages the journal and the drafts in it. Until the damage is noticed, every list is up to date.
    fn damage_journal(&mut self, damage: JournalDamage) {
        if damage.apply(self.launch.state(), &self.older) {
            *self.tally.damages.entry(damage.kind()).or_default() += 1;
            (self.mind.damaged, self.mind.memory) = (true, Memory::default());
            self.listed();
        }
    }

    /// Runs the program once. Returns how it ended, if by itself.
    fn run(&mut self, number: usize, kill: Option<Kill>) -> Option<Done> {
        self.wish(number);
        let hand = Hand::new(self.launch.start(), kill);
        let (sandbox, late) = (&self.sandbox, self.late);
        let certcentral = move || listed(sandbox, late).first().copied();
        let mut person = Person { hand, mind: &mut self.mind, sandbox, late, certcentral: &certcentral };
        let ended = person.live();
        self.mind.memory.ended();
        let (placed, confirmed) = (self.sandbox.order_counts().placed, self.mind.confirmed);
        assert!(placed <= confirmed, "{placed} orders by {confirmed} confirmations");
        ended.map_err(|Killed| ()).ok()
    }

    /// The second address line is typed again in each run, except when the same order is tried again.
    fn wish(&mut self, number: usize) {
        let line_2 = FIELDS.iter().position(|field| field.label == LINE_2).unwrap();
        match &self.mind.ordered {
            Some(ordered) if self.sandbox.order_counts().placed > 0 => self.mind.wish.clone_from(ordered),
            _ => self.mind.wish[line_2] = format!("2 hoog, deur {number}"),
        }
    }
}

impl Round {
    /// Asserts that there is one order, and that the journal knows it and has nothing open.
    fn assert_once(&self, done: Done) {
        assert_eq!(self.sandbox.order_counts().placed, 1);
        assert_eq!(self.listed(), [FIRST]);
        // An older journal knows less, but it may not lead to another order.
        if self.mind.damaged {
            return;
        }
        let store = Store::open(self.launch.state()).unwrap().store;
        let entries: Vec<JournalEntry> = (1..).map_while(|id| store.load_entry(IntentId(id)).unwrap()).collect();
        assert!(entries.len() as u64 <= self.mind.confirmed, "an intent for each confirmation at most: {entries:#?}");
        assert!(!entries.iter().any(JournalEntry::is_open), "{entries:#?}");
        assert_eq!(
            entries.iter().filter_map(JournalEntry::placed_order_id).collect::<Vec<_>>(),
            [FIRST],
            "{entries:#?}"
        );
        let drafts = store.list_drafts().unwrap();
        match done {
            Done::Placed(order) => assert_eq!((order, drafts.len()), (FIRST, 0), "{drafts:#?}"),
            Done::LookedFirst => assert_eq!(drafts.len(), 1, "{drafts:#?}"),
        }
    }

    fn listed(&self) -> Vec<u64> {
        listed(&self.sandbox, self.late)
    }

    /// Asserts that the placed order has all values that were wanted at its confirmation.
    fn assert_sent(&self, record: &Path) {
        let text = std::fs::read_to_string(record).unwrap();
        let line: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        let body: serde_json::Value = serde_json::from_str(line["body"].as_str().unwrap()).unwrap();
        let sent = PLACES.map(|pointer| body.pointer(pointer).unwrap().to_string().replace('"', ""));
        let wanted = self.mind.ordered.clone().unwrap();
        assert_eq!(sent.map(|text| text.to_lowercase()), wanted.map(|text| text.to_lowercase()));
    }

    fn count(mut self, done: Done) -> Tally {
        self.tally.rounds = 1;
        self.tally.orders = self.sandbox.order_counts().placed;
        self.tally.confirmed = self.mind.confirmed;
        self.tally.adopted = u64::from(self.mind.adopted);
        self.tally.looked_first = u64::from(done == Done::LookedFirst);
        (self.tally.acknowledged, self.tally.stated) = (self.mind.acknowledged, self.mind.stated);
        self.tally.losses = self.mind.losses;
        self.tally
    }
}
