//! When a program is killed: the phases of an order, by the random numbers of a seed.
//!
//! A random pause is the subject of the test: a kill at a moment that the screen does not reveal. It is never a wait
//! for something.

use crate::soak::damage::JournalDamage;
use crate::soak::dice::Dice;
use std::time::Duration;
use zegel::sandbox::Fault;

/// The number of first and second kills before they repeat, by the seed.
pub(crate) const KINDS: u64 = 10;

/// The most milliseconds from the key that sends or decides to the kill: its writes take about this long.
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
    /// The order is placed, and there is no response.
    Placing,
    /// The order is placed, and half of the response was sent.
    Reply,
    /// While the program looks for the order.
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

    /// Returns the phases of the first and the second kill of a seed; the rest is random.
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

/// A planned kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kill {
    /// The phase.
    pub(crate) phase: Phase,
    /// In the form: before this key, counted from 0, or before the key that sends if there are fewer.
    pub(crate) key: u64,
    /// In the form: the key before which the person pauses.
    pub(crate) think_at: u64,
    /// The length of that pause. In other phases the pause after the phase was reached.
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

/// Returns no pause, one around the time of saving, or one after which all values must be saved.
fn thought(dice: &mut Dice) -> Duration {
    match dice.below(3) {
        0 => Duration::ZERO,
        1 => dice.within(900),
        _ => super::memory::KEPT_AFTER + dice.within(200),
    }
}

/// What happens to the program in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The kills, one for each run of the program; the last run is not killed.
    pub(crate) kills: Vec<Kill>,
    /// The number of list requests in which an order is missing at first.
    pub(crate) late: u64,
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
        let kills: Vec<Kill> = phases.into_iter().map(|phase| Kill::of(phase, &mut dice)).collect();
        let (late, marks) = (dice.below(3) * dice.below(4), dice.below(3) == 0);
        // Every other row of kinds has an undamaged journal.
        let is_damaged = seed / KINDS % 2 == 1;
        let damages = kills.iter().map(|_| JournalDamage::of(&mut dice).filter(|_| is_damaged)).collect();
        Self { kills, late, marks, damages }
    }
}
