//! A person who wants one order: submits, settles what is not known, and submits again only where it was settled that
//! there is none.
//!
//! All that is decided here is decided by what the program tells. What the sandbox knows is none of it, and no
//! look-alike is ever passed over.

use super::plan::{Command, Kill, Phase, Plan};
use super::victim::{Told, Victim};
use crate::common::submit_desk::{Desk, bare};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use zegel::account::MARKER;
use zegel::sandbox::{Fault, Switch};

/// Three kills, and a few that come too late, need less than so many tries.
const MANY: u64 = 20;

/// How the person came to know of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// It was told.
    Placed(u64),
    /// It was found, and written down.
    Adopted(u64),
    /// The journal knew it: the program was killed between writing and telling.
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
}

impl<'a> Person<'a> {
    pub(crate) fn new(desk: &'a Desk, plan: Plan) -> Self {
        let kills = plan.kills.clone().into();
        Self { digest: desk.digest(), desk, plan, kills, confirmed: 0, denied: 0, killed: BTreeMap::new() }
    }

    /// Until the order is known.
    pub(crate) fn live(&mut self) -> Done {
        loop {
            let Some(told) = self.submit() else { continue };
            let json = told.json();
            match (told.code, json["outcome"].as_str()) {
                (0, Some("placed")) => return Done::Placed(json["order"].as_u64().unwrap()),
                (1, Some("alike")) => {
                    let [alike] = json["alike"].as_array().unwrap().as_slice() else { panic!("{told:#?}") };
                    assert_eq!(
                        alike["same"], true,
                        "the account has an order that the journal does not know: {told:#?}"
                    );
                    return Done::Known(alike["order"].as_u64().unwrap());
                }
                (1, Some("blocked")) | (3, Some("unknown")) => {
                    if let Some(order) = self.settle() {
                        return Done::Adopted(order);
                    }
                }
                _ => panic!("{told:#?}"),
            }
        }
    }

    fn submit(&mut self) -> Option<Told> {
        self.confirmed += 1;
        assert!(self.confirmed <= MANY, "it comes to no end");
        let (path, digest, looks) = (self.desk.path(), self.digest.clone(), self.plan.looks.to_string());
        self.run(Command::Submit, &["submit", &path, "--confirm", &digest, "--settle", &looks, "--json"])
    }

    /// Finds out, and writes down what is proposed. The order, where there is one and that is written down.
    fn settle(&mut self) -> Option<u64> {
        let told = self.run(Command::Settle, &["settle", "--json"])?;
        let json = told.json();
        assert_eq!(told.code, 3, "a submit said that something is open: {told:#?}");
        let intent = json["intent"]["id"].to_string();
        if let Some(order) = json["proposed"].as_u64() {
            let adopt = ["settle", &intent, "--adopt", &order.to_string(), "--json"];
            let told = self.run(Command::Adopt, &adopt)?;
            assert_eq!((told.code, told.json()["decided"]["adopted"].as_u64()), (0, Some(order)), "{told:#?}");
            return Some(order);
        }
        assert_eq!(
            (json["verdict"].as_str(), json["may_deny"].as_bool()),
            (Some("not_there"), Some(true)),
            "{told:#?}"
        );
        let told = self.run(Command::Deny, &["settle", &intent, "--not-placed", "--json"])?;
        assert_eq!((told.code, told.json()["decided"].as_str()), (0, Some("not_placed")), "{told:#?}");
        self.denied += 1;
        None
    }

    /// Runs it, and kills it where the next kill is of what is run. What it told; nothing where it was killed.
    fn run(&mut self, command: Command, args: &[&str]) -> Option<Told> {
        let kill = self.kills.front().filter(|kill| kill.phase.is_of(command)).cloned();
        let hold = kill.as_ref().and_then(|kill| kill.phase.hold());
        let hold = hold.map(|fault| Switch { times: Some(1), ..Switch::from(fault) });
        let late = Switch { number: self.plan.late, times: Some(1), ..Switch::from(Fault::ListLate) };
        let doubt = kill.as_ref().and_then(|kill| kill.doubt);
        self.desk.sandbox.switch(&hold.into_iter().chain(doubt).chain([late]).collect::<Vec<_>>());
        let before = self.desk.sandbox.held(0, Duration::ZERO).map_or(0, |held| held.count);
        let victim = Victim::start(self.program(args));
        let told = match &kill {
            Some(kill) => victim.killed(kill, command, &self.desk.sandbox, before),
            None => victim.end(),
        };
        // Who is gone by now has hung up before it is let go.
        self.desk.sandbox.switch(&[]);
        if let Some(kill) = kill {
            self.spend(&kill, command, told.as_ref());
        }
        let placed = self.desk.orders().1;
        assert!(placed <= 1, "{placed} orders by {} confirmations", self.confirmed);
        told
    }

    /// Counts a kill that happened. One that came too late is over too, or its phase would be waited for in vain.
    fn spend(&mut self, kill: &Kill, command: Command, told: Option<&Told>) {
        let late = |told: &Told| kill.phase.hold().is_none() && told.said(kill.phase.words(command));
        if told.is_none_or(late) {
            self.kills.pop_front();
        }
        if told.is_none() {
            *self.killed.entry(kill.phase).or_default() += 1;
        }
    }

    fn program(&self, args: &[&str]) -> std::process::Command {
        let mut command = bare(&self.desk.state(), &self.desk.sandbox.url());
        command.args(["--lang", "en"]).args(args).env(MARKER, if self.plan.marks { "unconfirmed" } else { "" });
        command
    }
}
