//! A person who wants one order: submits, resolves unknown outcomes, and submits again only after it was resolved that
//! there is no order.
//!
//! The person decides only by the output of the program, and by the sandbox where the program sends the person to look
//! there. The person never ignores a similar order.

use super::plan::{Command, Kill, Phase, Plan};
use super::round::listed;
use super::victim::{Told, Victim};
use crate::common::submit_desk::{Desk, bare};
use crate::soak::damage::JournalDamage;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use zegel::account::ORDER_MARKER_VARIABLE;
use zegel::sandbox::{Fault, FaultSpec};
use zegel::store::DATABASE_FILE;

/// Three kills, and a few that come too late, need fewer tries than this.
const MANY: u64 = 30;

/// How the person learned of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// The program reported it.
    Placed(u64),
    /// A look found it, and the journal has it.
    Adopted(u64),
    /// The journal knew it: the program was killed between writing and reporting.
    Known(u64),
}

pub(crate) struct Person<'a> {
    desk: &'a Desk,
    digest: String,
    plan: Plan,
    kills: VecDeque<Kill>,
    /// How often the order was confirmed.
    pub(crate) confirmed: u64,
    /// How often it was decided that it was not placed.
    pub(crate) denied: u64,
    pub(crate) killed: BTreeMap<Phase, u64>,
    /// The damage to the journal, and its first copy.
    pub(crate) damaged: BTreeMap<&'static str, u64>,
    damages: VecDeque<Option<JournalDamage>>,
    older: Vec<u8>,
    /// Whether the program reported a loss in the journal, which the person acknowledges with the next order.
    lost: bool,
    /// How often that was acknowledged, and how often a look in CertCentral led to a decision.
    pub(crate) acknowledged: u64,
    pub(crate) stated: u64,
}

impl<'a> Person<'a> {
    pub(crate) fn new(desk: &'a Desk, plan: Plan) -> Self {
        let (kills, damages) = (plan.kills.clone().into(), plan.damages.clone().into());
        desk.run(&["resolve"], "").expect_end(0, &[]);
        Self {
            digest: desk.digest(),
            older: std::fs::read(desk.state().join(DATABASE_FILE)).unwrap(),
            desk,
            plan,
            kills,
            confirmed: 0,
            denied: 0,
            killed: BTreeMap::new(),
            damaged: BTreeMap::new(),
            damages,
            lost: false,
            acknowledged: 0,
            stated: 0,
        }
    }

    /// Continues until the order is known.
    pub(crate) fn live(&mut self) -> Done {
        loop {
            let Some(told) = self.submit() else { continue };
            let json = told.json();
            match (told.code, json["outcome"].as_str()) {
                (0, Some("placed")) => return Done::Placed(json["order"].as_u64().unwrap()),
                (1, Some("alike")) => {
                    let [alike] = json["alike"].as_array().unwrap().as_slice() else { panic!("{told:#?}") };
                    assert!(
                        alike["same"] == true || !self.damaged.is_empty(),
                        "the account has an order that the journal does not know: {told:#?}"
                    );
                    return Done::Known(alike["order"].as_u64().unwrap());
                }
                (1, Some("blocked")) | (3, Some("unknown")) => {
                    if let Some(order) = self.resolve() {
                        return Done::Adopted(order);
                    }
                }
                (2, Some("journal_lost")) if !self.damaged.is_empty() => self.lost = true,
                _ => panic!("{told:#?}"),
            }
        }
    }

    /// Returns what a person finds in CertCentral.
    fn in_certcentral(&self) -> Option<u64> {
        listed(self.desk, self.plan.late).first().copied()
    }

    fn submit(&mut self) -> Option<Told> {
        self.confirmed += 1;
        assert!(self.confirmed <= MANY, "it comes to no end");
        let (path, digest, looks) = (self.desk.path(), self.digest.clone(), self.plan.looks.to_string());
        let mut args = vec!["submit", &path, "--confirm", &digest, "--resolve", &looks, "--json"];
        if std::mem::take(&mut self.lost) {
            self.acknowledged += 1;
            args.push("--journal-lost");
        }
        self.run(Command::Submit, &args)
    }

    /// Resolves, and confirms the proposed decision. Returns the order, if there is one and the journal has it.
    fn resolve(&mut self) -> Option<u64> {
        let told = self.run(Command::Resolve, &["resolve", "--json"])?;
        let json = told.json();
        assert_eq!(told.code, 3, "a submit said that something is open: {told:#?}");
        let intent = json["intent"]["id"].to_string();
        if let Some(order) = json["proposed"].as_u64() {
            let adopt = ["resolve", &intent, "--adopt", &order.to_string(), "--json"];
            let told = self.run(Command::Adopt, &adopt)?;
            assert_eq!((told.code, told.json()["decided"]["adopted"].as_u64()), (0, Some(order)), "{told:#?}");
            return Some(order);
        }
        if json["may_deny"] != true {
            // An intent that only its file knows has no known set.
            assert_eq!(json["why"], "no_known_set", "{told:#?}");
            return self.state(&intent);
        }
        assert_eq!(json["verdict"], "not_there", "{told:#?}");
        let told = self.run(Command::Deny, &["resolve", &intent, "--not-placed", "--json"])?;
        assert_eq!((told.code, told.json()["decided"].as_str()), (0, Some("not_placed")), "{told:#?}");
        self.denied += 1;
        None
    }

    /// Looks in CertCentral, and decides by that. Returns the order, if there is one and the journal has it.
    fn state(&mut self, intent: &str) -> Option<u64> {
        let found = self.in_certcentral();
        let (id, sentence) = (found.unwrap_or_default().to_string(), "looked under Orders and Requests");
        let decision: &[&str] = if found.is_some() { &["--adopt", &id] } else { &["--not-placed"] };
        let command = if found.is_some() { Command::Adopt } else { Command::Deny };
        let args = [&["resolve", intent], decision, &["--checked", sentence, "--json"]].concat();
        let told = self.run(command, &args)?;
        assert_eq!(told.code, 0, "{told:#?}");
        self.stated += 1;
        self.denied += u64::from(found.is_none());
        found
    }

    /// Runs the program, and kills it if the next kill is for this command. Returns its output unless it was killed.
    fn run(&mut self, command: Command, args: &[&str]) -> Option<Told> {
        let kill = self.kills.front().filter(|kill| kill.phase.is_of(command)).cloned();
        let hold = kill.as_ref().and_then(|kill| kill.phase.hold());
        let hold = hold.map(|fault| FaultSpec { times: Some(1), ..FaultSpec::from(fault) });
        let late = FaultSpec { number: self.plan.late, times: Some(1), ..FaultSpec::from(Fault::ListLate) };
        let doubt = kill.as_ref().and_then(|kill| kill.doubt);
        self.desk.sandbox.set_faults(&hold.into_iter().chain(doubt).chain([late]).collect::<Vec<_>>());
        let before = self.desk.sandbox.wait_for_hold(0, Duration::ZERO).map_or(0, |held| held.count);
        let victim = Victim::start(self.program(args));
        let told = match &kill {
            Some(kill) => victim.killed(kill, command, &self.desk.sandbox, before),
            None => victim.end(),
        };
        // A killed client has closed the connection before it is released.
        self.desk.sandbox.set_faults(&[]);
        if let Some(kill) = kill {
            self.spend(&kill, command, told.as_ref());
        }
        let placed = self.desk.orders().1;
        assert!(placed <= 1, "{placed} orders by {} confirmations", self.confirmed);
        told
    }

    /// Counts a kill that happened. One that came too late is over too; otherwise its phase would be awaited in vain.
    fn spend(&mut self, kill: &Kill, command: Command, told: Option<&Told>) {
        let late = |told: &Told| kill.phase.hold().is_none() && told.said(kill.phase.words(command));
        if told.is_none_or(late) {
            self.kills.pop_front();
        }
        if told.is_none() {
            *self.killed.entry(kill.phase).or_default() += 1;
            self.damage_journal();
        }
    }

    /// Damages the journal, if that is planned. Until the damage is noticed, every list is up to date.
    fn damage_journal(&mut self) {
        let Some(damage) = self.damages.pop_front().flatten() else { return };
        if damage.apply(&self.desk.state(), &self.older) {
            *self.damaged.entry(damage.kind()).or_default() += 1;
            self.in_certcentral();
        }
    }

    fn program(&self, args: &[&str]) -> std::process::Command {
        let mut command = bare(&self.desk.state(), &self.desk.sandbox.api_url());
        command
            .args(["--lang", "en"])
            .args(args)
            .env(ORDER_MARKER_VARIABLE, if self.plan.marks { "unconfirmed" } else { "" });
        command
    }
}
