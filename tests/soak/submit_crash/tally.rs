//! The figures of many rounds.

use super::person::{Done, Person};
use super::plan::{KINDS, Phase};
use std::collections::BTreeMap;
use std::fmt;

/// What happened in some rounds.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    rounds: u64,
    kills: BTreeMap<Phase, u64>,
    confirmed: u64,
    denied: u64,
    damages: BTreeMap<&'static str, u64>,
    acknowledged: u64,
    stated: u64,
    /// Rounds by how the person learned of the order.
    placed: u64,
    adopted: u64,
    known: u64,
}

impl Tally {
    /// Returns the figures of one round, in which one order was placed.
    pub(crate) fn of(person: &Person<'_>, done: Done) -> Self {
        Self {
            rounds: 1,
            kills: person.killed.clone(),
            confirmed: person.confirmed,
            denied: person.denied,
            damages: person.damaged.clone(),
            acknowledged: person.acknowledged,
            stated: person.stated,
            placed: u64::from(matches!(done, Done::Placed(_))),
            adopted: u64::from(matches!(done, Done::Adopted(_))),
            known: u64::from(matches!(done, Done::Known(_))),
        }
    }

    /// Adds the figures of others.
    pub(crate) fn add(&mut self, other: Self) {
        self.rounds += other.rounds;
        for (phase, count) in other.kills {
            *self.kills.entry(phase).or_default() += count;
        }
        self.confirmed += other.confirmed;
        self.denied += other.denied;
        for (kind, count) in other.damages {
            *self.damages.entry(kind).or_default() += count;
        }
        self.acknowledged += other.acknowledged;
        self.stated += other.stated;
        self.placed += other.placed;
        self.adopted += other.adopted;
        self.known += other.known;
    }

    /// Asserts that every round ended, and that every kill that depends only on the phase of the order happened at
    /// least as often as planned. Kills by chance must each occur once if there are enough rounds.
    pub(crate) fn assert_whole(&self, first: u64, count: u64) {
        assert_eq!((self.rounds, self.placed + self.adopted + self.known), (count, count), "{self}");
        if !first.is_multiple_of(KINDS) {
            return;
        }
        for phase in Phase::ALL {
            let least = if phase.hold().is_some() { count / KINDS } else { u64::from(count >= 10 * KINDS) };
            assert!(self.kills.get(&phase).copied().unwrap_or(0) >= least, "{phase:?}: {self}");
        }
        let kinds = if count >= 10 * KINDS { 4 } else { usize::from(count >= 2 * KINDS) };
        assert!(self.damages.len() >= kinds, "{self}");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "rounds {}, orders {}", self.rounds, self.placed + self.adopted + self.known)?;
        let kills: Vec<String> = self.kills.iter().map(|(phase, count)| format!("{phase:?} {count}")).collect();
        writeln!(f, "kills {}: {}", self.kills.values().sum::<u64>(), kills.join(", "))?;
        writeln!(f, "confirmations {}, resolved as not placed {}", self.confirmed, self.denied)?;
        let damages: Vec<String> = self.damages.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        writeln!(f, "journals damaged {}: {}", self.damages.values().sum::<u64>(), damages.join(", "))?;
        writeln!(f, "losses acknowledged {}, decided by what was checked {}", self.acknowledged, self.stated)?;
        let Self { placed, adopted, known, .. } = self;
        writeln!(f, "told as placed {placed}, found and adopted {adopted}, known to the journal {known}")
    }
}
