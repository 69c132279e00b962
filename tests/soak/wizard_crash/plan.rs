//! When a program is killed: the phases of an order, by the dice of a seed.
//!
//! A random pause here is the very thing that is tried, a kill at a moment that nothing on the screen tells of. It is
//! never a wait for something.

use crate::soak::dice::Dice;
use crate::soak::harm::Harm;
use std::time::Duration;
use zegel::sandbox::Fault;

/// How many first and second kills there are before they come again, by the seed.
pub(crate) const KINDS: u64 = 10;

/// So long after the key that sends or decides it may be killed, in milliseconds: what it writes takes about that.
const WRITE: u64 = 30;

/// Where it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// While the form is filled in, up to the word at Confirm.
    Form,
    /// At the key that sends, or right after it.
    Intent,
    /// The order's connection is accepted, and nothing is read.
    Accept,
    /// The order's head was read.
    Headers,
    /// The order is placed, and there is no answer.
    Placing,
    /// The order is placed, and half of the answer is there.
    Reply,
    /// While it is looked for.
    Looks,
    /// At the key that decides, or right after it.
    Decision,
}

impl Phase {
    pub(crate) const ALL: [Self; 8] = [
        Self::Form,
        Self::Intent,
        Self::Accept,
        Self::Headers,
        Self::Placing,
        Self::Reply,
        Self::Looks,
        Self::Decision,
    ];

    /// The fault of the sandbox by which it is held there.
    pub(crate) fn hold(self) -> Option<Fault> {
        match self {
            Self::Accept => Some(Fault::HoldAccept),
            Self::Headers => Some(Fault::HoldHeaders),
            Self::Placing => Some(Fault::HoldPlacing),
            Self::Reply => Some(Fault::HoldReply),
            _ => None,
        }
    }

    /// The phases of the first and the second kill, for a seed; what follows is up to the dice.
    fn first_of(seed: u64) -> &'static [Self] {
        match seed % KINDS {
            0 => &[],
            1 => &[Self::Form],
            2 => &[Self::Intent],
            3 => &[Self::Accept],
            4 => &[Self::Headers],
            5 => &[Self::Placing],
            6 => &[Self::Reply],
            7 => &[Self::Accept, Self::Looks],
            8 => &[Self::Headers, Self::Decision],
            _ => &[Self::Placing, Self::Decision],
        }
    }
}

/// A kill that is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kill {
    /// Where.
    pub(crate) phase: Phase,
    /// In the form: before this key, counted from 0, or before the key that sends where there are fewer.
    pub(crate) key: u64,
    /// In the form: before this key the person stops to think.
    pub(crate) think_at: u64,
    /// So long. Elsewhere so long after the phase was reached.
    pub(crate) pause: Duration,
}

impl Kill {
    fn of(phase: Phase, dice: &mut Dice) -> Self {
        let key = dice.below(200);
        let think_at = if dice.below(2) == 0 { key } else { dice.below(key + 1) };
        let pause = match phase {
            Phase::Form => thought(dice),
            Phase::Looks => dice.within(1000),
            _ => dice.within(WRITE),
        };
        Self { phase, key, think_at, pause }
    }
}

/// No pause, one around the time after which it is saved, or one after which all must be there.
fn thought(dice: &mut Dice) -> Duration {
    match dice.below(3) {
        0 => Duration::ZERO,
        1 => dice.within(900),
        _ => super::memory::KEPT_AFTER + dice.within(200),
    }
}

/// What is done to the program in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The kills, one for each run of the program; the last run is not killed.
    pub(crate) kills: Vec<Kill>,
    /// From how many lists an order is missing at first.
    pub(crate) late: u64,
    /// Whether orders carry a mark by which they can be found again.
    pub(crate) marks: bool,
    /// What befalls the journal after each kill, if something does.
    pub(crate) harms: Vec<Option<Harm>>,
}

impl Plan {
    /// The plan of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut phases = Phase::first_of(seed).to_vec();
        if !phases.is_empty() {
            for _ in 0..dice.below(4 - phases.len() as u64) {
                phases.push(Phase::ALL[usize::try_from(dice.below(Phase::ALL.len() as u64)).unwrap()]);
            }
        }
        let kills: Vec<Kill> = phases.into_iter().map(|phase| Kill::of(phase, &mut dice)).collect();
        let (late, marks) = (dice.below(3) * dice.below(4), dice.below(3) == 0);
        // Every other row of kinds has a journal that nothing befalls.
        let harmed = seed / KINDS % 2 == 1;
        let harms = kills.iter().map(|_| Harm::of(&mut dice).filter(|_| harmed)).collect();
        Self { kills, late, marks, harms }
    }
}
