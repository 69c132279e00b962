//! The figures of many rounds.

use super::memory::Losses;
use super::plan::{KINDS, Phase};
use std::collections::BTreeMap;
use std::fmt;

/// What happened in some rounds.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) rounds: u64,
    pub(crate) kills: BTreeMap<Phase, u64>,
    /// Placed orders, and the number of confirmations.
    pub(crate) orders: u64,
    pub(crate) confirmed: u64,
    /// Rounds that ended by finding an order that was not known to be placed.
    pub(crate) adopted: u64,
    /// Rounds that ended with the report at Confirm that the order exists.
    pub(crate) looked_first: u64,
    pub(crate) losses: Losses,
    /// The kinds of damage to journals, and the acknowledgments.
    pub(crate) damages: BTreeMap<&'static str, u64>,
    pub(crate) acknowledged: u64,
    pub(crate) stated: u64,
}

impl Tally {
    /// Adds the figures of others.
    pub(crate) fn add(&mut self, other: Self) {
        self.rounds += other.rounds;
        for (phase, count) in other.kills {
            *self.kills.entry(phase).or_default() += count;
        }
        self.orders += other.orders;
        self.confirmed += other.confirmed;
        self.adopted += other.adopted;
        self.looked_first += other.looked_first;
        self.losses.add(other.losses);
        for (kind, count) in other.damages {
            *self.damages.entry(kind).or_default() += count;
        }
        self.acknowledged += other.acknowledged;
        self.stated += other.stated;
    }

    /// Asserts one order per round, no loss, and every phase at least as often as planned.
    pub(crate) fn assert_whole(&self, first: u64, count: u64) {
        assert_eq!((self.rounds, self.orders), (count, count), "{self}");
        assert!(self.losses.lost.is_empty(), "{self}{:#?}", self.losses.lost);
        if first.is_multiple_of(KINDS) {
            for phase in Phase::ALL {
                assert!(self.kills.get(&phase).copied().unwrap_or(0) >= count / KINDS, "{phase:?}: {self}");
            }
            assert!(self.damages.len() >= usize::from(count >= 2 * KINDS), "{self}");
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "rounds {}", self.rounds)?;
        let kills: Vec<String> = self.kills.iter().map(|(phase, count)| format!("{phase:?} {count}")).collect();
        writeln!(f, "kills {}: {}", self.kills.values().sum::<u64>(), kills.join(", "))?;
        writeln!(f, "confirmations {}, orders {}", self.confirmed, self.orders)?;
        writeln!(f, "found again {}, seen at Confirm {}", self.adopted, self.looked_first)?;
        let damages: Vec<String> = self.damages.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        writeln!(f, "journals damaged {}: {}", self.damages.values().sum::<u64>(), damages.join(", "))?;
        writeln!(f, "losses acknowledged {}, decided by what was checked {}", self.acknowledged, self.stated)?;
        let Losses { kept, lost, oldest } = &self.losses;
        let lost = lost.len();
        writeln!(f, "values kept {kept}, lost {lost}; the oldest that was not saved yet was there for {oldest:?}")
    }
}
