//! When `submit` and `resolve` are killed: the phases of an order on the command line, by the random numbers of a seed.
//!
//! A random pause is the subject of the test: a kill at a moment that no output reveals. It is never a wait for
//! something.

use crate::soak::damage::JournalDamage;
use crate::soak::dice::Dice;
use std::time::Duration;
use zegel::sandbox::{Fault, FaultSpec};

/// The number of first and second kills before they repeat, by the seed.
pub(crate) const KINDS: u64 = 12;

/// Faults that give an order an unknown outcome, whether it was placed or not.
const DOUBTS: [&str; 3] = ["reply-lost@orders*1", "http-503-after@orders*1", "http-503-before@orders*1"];

/// Where it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// `submit`, at any moment.
    Start,
    /// `submit`, from the last output before the intent on: while the intent is written, the order is sent, and the
    /// outcome is written.
    Intent,
    /// The order's connection is accepted, and nothing is read.
    Accept,
    /// The order's head was read.
    Headers,
    /// The order is placed, and there is no response.
    Placing,
    /// The order is placed, and half of the response was sent.
    Reply,
    /// `submit`, while it looks for the order.
    Looks,
    /// `resolve`, while it looks for the order.
    Resolve,
    /// `resolve`, around the look that decides.
    Decision,
}

/// The command that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Submit,
    Resolve,
    Adopt,
    Deny,
}

impl Phase {
    pub(crate) const ALL: [Self; 9] = [
        Self::Start,
        Self::Intent,
        Self::Accept,
        Self::Headers,
        Self::Placing,
        Self::Reply,
        Self::Looks,
        Self::Resolve,
        Self::Decision,
    ];

    /// Returns the fault of the sandbox that holds the order there.
    pub(crate) fn hold(self) -> Option<Fault> {
        match self {
            Self::Accept => Some(Fault::HoldAccept),
            Self::Headers => Some(Fault::HoldHeaders),
            Self::Placing => Some(Fault::HoldPlacing),
            Self::Reply => Some(Fault::HoldReply),
            _ => None,
        }
    }

    /// Returns the words on standard error that show the phase; blank if it begins at the start.
    pub(crate) fn words(self, command: Command) -> &'static str {
        match (self, command) {
            (Self::Intent, _) => "The order is sent",
            (Self::Looks, _) => "Checking CertCentral for the",
            (Self::Resolve | Self::Decision, _) => "zegel will check CertCentral",
            _ => "",
        }
    }

    /// Returns true if this command has this phase.
    pub(crate) fn is_of(self, command: Command) -> bool {
        match self {
            Self::Resolve => command == Command::Resolve,
            Self::Decision => matches!(command, Command::Adopt | Command::Deny),
            _ => command == Command::Submit,
        }
    }

    /// Returns the longest pause after the phase was reached, in milliseconds.
    fn longest(self, dice: &mut Dice) -> u64 {
        match self {
            Self::Start => 400,
            // The looks last a second; one that finds something ends them sooner.
            Self::Looks | Self::Resolve if dice.below(2) == 0 => 1000,
            Self::Looks | Self::Resolve => 20,
            _ => 60,
        }
    }

    /// Returns the phases of the first and the second kill of a seed; the rest is random.
    fn first_of(seed: u64) -> &'static [Self] {
        match seed % KINDS {
            0 => &[],
            1 => &[Self::Start],
            2 => &[Self::Intent],
            3 => &[Self::Accept],
            4 => &[Self::Headers],
            5 => &[Self::Placing],
            6 => &[Self::Reply],
            7 => &[Self::Looks],
            8 => &[Self::Accept, Self::Resolve],
            9 => &[Self::Placing, Self::Resolve],
            10 => &[Self::Headers, Self::Decision],
            _ => &[Self::Placing, Self::Decision],
        }
    }
}

/// A planned kill.
#[derive(Debug, Clone)]
pub(crate) struct Kill {
    /// The phase.
    pub(crate) phase: Phase,
    /// The pause after the phase was reached; unused if the order is held.
    pub(crate) pause: Duration,
    /// The fault of the order, if the phase is reached only with one.
    pub(crate) doubt: Option<FaultSpec>,
}

impl Kill {
    fn of(phase: Phase, dice: &mut Dice) -> Self {
        let longest = phase.longest(dice);
        let pause = dice.within(longest);
        let at = usize::try_from(dice.below(DOUBTS.len() as u64)).unwrap();
        let doubt = (phase == Phase::Looks).then(|| DOUBTS[at].parse().unwrap());
        Self { phase, pause, doubt }
    }
}

/// What happens to the program in one round.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The kills in order, each for the first run with its phase.
    pub(crate) kills: Vec<Kill>,
    /// The number of list requests in which an order is missing at first.
    pub(crate) late: u64,
    /// How many seconds `submit` looks by itself.
    pub(crate) looks: u64,
    /// Whether orders carry a mark by which they can be recognized.
    pub(crate) marks: bool,
    /// The damage to the journal after each kill, if any.
    pub(crate) damages: Vec<Option<JournalDamage>>,
}

impl Plan {
    /// Returns the plan of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut phases = Phase::first_of(seed).to_vec();
        if !phases.is_empty() {
            for _ in 0..dice.below(4 - phases.len() as u64) {
                phases.push(Phase::ALL[usize::try_from(dice.below(Phase::ALL.len() as u64)).unwrap()]);
            }
        }
        let looks = if phases.contains(&Phase::Looks) { 600 } else { dice.below(3) * 60 };
        let kills: Vec<Kill> = phases.into_iter().map(|phase| Kill::of(phase, &mut dice)).collect();
        let late = dice.below(3) * dice.below(4);
        let marks = dice.below(3) == 0;
        // Every other dozen of rounds has an undamaged journal.
        let is_damaged = seed / KINDS % 2 == 1;
        let damages = kills.iter().map(|_: &Kill| JournalDamage::of(&mut dice).filter(|_| is_damaged)).collect();
        Self { kills, late, looks, marks, damages }
    }
}
