//! Messages about the preflight of an order: similar orders, what blocks the order, and whether zegel can protect
//! against ordering twice.
//!
//! Names and words of the server appear as received, never as symbols.

use super::{MessageWriter, TonedLines};
use crate::domain::{JournalEntry, JournalLoss};
use crate::i18n::{texts, with};
use crate::order::{ClockSkew, PreflightReport, SimilarOrder};
use crate::tone::Tone;

/// At most this many similar orders are listed.
const MAX_NAMED_ORDERS: usize = 5;

impl MessageWriter<'_> {
    /// Returns the lines about the result of a preflight.
    pub fn preflight_lines(&self, report: &PreflightReport) -> TonedLines {
        let lost = self.loss_lines(report.unacknowledged_losses());
        match &report.records {
            Err(unkept) => {
                let why = self.store_failure_text(unkept);
                return vec![(Tone::Error, format!("✗ {}", self.format(texts::confirm::NO_JOURNAL, with::Why(&why))))];
            }
            Ok(records) => {
                if let Some(entry) = &records.blocking_intent {
                    return lost.into_iter().chain([(Tone::Error, self.blocked_text(entry))]).collect();
                }
            }
        }
        let unprotected = self.unprotected_line(report);
        // If a list is missing, the absence of similar orders proves nothing.
        let silent = unprotected.is_some() && report.similar_orders.is_empty() && report.other_organizations == 0;
        let alike = if silent { Vec::new() } else { self.similar_order_lines(report) };
        let nameless = (unprotected.is_none() && report.user.is_none())
            .then(|| (Tone::Warning, format!("! {}", self.text(texts::confirm::NO_USER))));
        let clocks = report.clock_skew.map(|clocks| (Tone::Warning, format!("! {}", self.clock_text(clocks))));
        lost.into_iter().chain(unprotected).chain(nameless).chain(clocks).chain(alike).collect()
    }

    /// Returns what the journal has lost: which file, and what is missing because of it.
    pub fn loss_lines(&self, losses: &[JournalLoss]) -> TonedLines {
        let one = |loss: &JournalLoss| {
            let text = match loss.fingerprint {
                None => self.format(texts::confirm::LOST_GONE, with::Path(&loss.file)),
                Some(_) if loss.is_intent_file() => self.format(texts::confirm::LOST_FILE, with::Path(&loss.file)),
                Some((_, changed)) => {
                    let day = self.lang.format_day_of_millis(changed);
                    self.format(texts::confirm::LOST_COPY, (with::Path(&loss.file), with::Day(&day)))
                }
            };
            (Tone::Error, format!("! {text}"))
        };
        losses.iter().map(one).collect()
    }

    /// Returns the word that the user types to order. The usual word changes if this exact order was placed before, if
    /// nothing protects against ordering twice, and if the journal has lost something. If several of these apply, the
    /// words are joined.
    pub fn confirmation_word(&self, duplicate: Option<u64>, protects: bool, lost: bool) -> String {
        let again = duplicate.map(|id| self.format(texts::confirm::WORD_AGAIN, with::Id(&id)));
        let unprotected = (!protects).then(|| self.text(texts::confirm::WORD_UNPROTECTED).to_owned());
        let lost = lost.then(|| self.text(texts::confirm::WORD_LOST).to_owned());
        let words: Vec<String> = again.into_iter().chain(unprotected).chain(lost).collect();
        if words.is_empty() { self.text(texts::confirm::WORD).to_owned() } else { words.join(" ") }
    }

    fn clock_text(&self, clocks: ClockSkew) -> String {
        // To the minute: clocks that differ by less count as equal.
        let (here, server) =
            (self.lang.format_time_to_minute(clocks.here), self.lang.format_time_to_minute(clocks.server));
        self.format(texts::confirm::CLOCKS, (with::Here(&here), with::Server(&server)))
    }

    fn blocked_text(&self, entry: &JournalEntry) -> String {
        let day = self.lang.format_day_of_millis(entry.intent.local_time);
        let text = self.format(texts::confirm::IN_THE_WAY, (with::Intent(&entry.id), with::Day(&day)));
        format!("✗ {text}")
    }

    fn unprotected_line(&self, report: &PreflightReport) -> Option<(Tone, String)> {
        if report.has_known_set() {
            return None;
        }
        let why = report.gap.as_ref().map(|(list, gap)| self.list_gap_sentence(*list, gap)).unwrap_or_default();
        Some((Tone::Error, format!("! {}", self.format(texts::confirm::UNPROTECTED, with::Why(&why)))))
    }

    fn similar_order_lines(&self, report: &PreflightReport) -> TonedLines {
        let alike = &report.similar_orders;
        let mut lines = TonedLines::new();
        if let Some(id) = report.newest_duplicate() {
            lines.push((Tone::Error, format!("! {}", self.format(texts::confirm::DUPLICATE, with::Id(&id)))));
        }
        if alike.iter().any(|one| !one.is_ended_duplicate()) {
            lines.push((Tone::Warning, format!("! {}", self.text(texts::confirm::ALIKE))));
        } else if !alike.is_empty() {
            lines.push((Tone::Warning, format!("! {}", self.text(texts::confirm::EARLIER))));
        }
        lines.extend(
            alike
                .iter()
                .take(MAX_NAMED_ORDERS)
                .map(|one| (Tone::Warning, format!("  - {}", self.similar_order_text(one)))),
        );
        if alike.len() > MAX_NAMED_ORDERS {
            let count = self.lang.format_count(alike.len() - MAX_NAMED_ORDERS);
            lines
                .push((Tone::Warning, format!("  - {}", self.format(texts::confirm::MORE_ALIKE, with::Count(&count)))));
        }
        if report.other_organizations > 0 {
            lines.push((
                Tone::Dim,
                self.format(texts::confirm::OTHERS, with::Count(&self.lang.format_count(report.other_organizations))),
            ));
        }
        let last = if alike.is_empty() { texts::confirm::NONE_ALIKE } else { texts::confirm::HIDDEN };
        lines.push((Tone::Dim, self.text(last).to_owned()));
        lines
    }

    /// Returns for example "ordered 2 h ago · order 700001 · waiting for approval · by A. Tester".
    pub fn similar_order_text(&self, alike: &SimilarOrder) -> String {
        let order = alike.order.map(|id| self.format(texts::alike::ORDER, with::Id(&id)));
        let status = Some(&alike.status).filter(|word| !word.is_empty());
        let status = status.map(|word| self.status_word(texts::order_word::find, word));
        let request = Some(&alike.request_status).filter(|word| !word.is_empty());
        let request = request.map(|word| {
            self.format(texts::alike::REQUEST, with::Status(&self.status_word(texts::request_word::find, word)))
        });
        let user = Some(&alike.user).filter(|name| !name.is_empty());
        let user = user.map(|name| self.format(texts::alike::USER, with::Name(&name)));
        let organization = Some(alike.organization.clone()).filter(|name| !name.is_empty());
        let ends = alike.last_day.map(|day| self.format(texts::alike::ENDS, with::Day(&self.lang.format_date(day))));
        let same = match alike {
            SimilarOrder { duplicate: true, .. } => Some(texts::alike::SAME),
            SimilarOrder { same_digest: true, .. } => Some(texts::alike::EARLIER),
            SimilarOrder { unlisted: true, .. } => Some(texts::alike::UNLISTED),
            _ => None,
        };
        let same = same.map(|id| self.text(id).to_owned());
        let parts = [
            Some(self.format(texts::alike::ORDERED, with::Age(&self.lang.format_age(alike.age_minutes)))),
            order,
            status,
            request,
            organization,
            user,
            ends,
            same,
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}
