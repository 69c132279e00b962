//! How long the order runs: years, days or a date, each of which must be right where it is sent (certcentral-api.md
//! 2.1).
//!
//! Which of several counts is not its affair.

use super::node::{ANY, Object};
use super::{Date, Violation};
use crate::sandbox::world::YEARS;
use jiff::ToSpan;

/// The most days that an order may run; inferred (certcentral-api.md 6 row 10).
const DAYS: i64 = 397;

/// Checks the validity, if there is one.
pub(super) fn check(order: &Object<'_>, today: Date, found: &mut Vec<Violation>) {
    let Some(validity) = order.optional_object("order_validity", found) else { return };
    years(&validity, found);
    days(&validity, found);
    custom_expiration_date(&validity, today, found);
}

fn years(validity: &Object<'_>, found: &mut Vec<Violation>) {
    let Some(years) = validity.optional_integer("years", found) else { return };
    if !u64::try_from(years).is_ok_and(|years| YEARS.contains(&years)) {
        let words = format!("must be one of the years that the product allows: {YEARS:?}");
        validity.report("years", "sandbox|range", &words, found);
    }
}

fn days(validity: &Object<'_>, found: &mut Vec<Violation>) {
    let Some(days) = validity.optional_integer("days", found) else { return };
    if !(1..=DAYS).contains(&days) {
        validity.report("days", "sandbox|range", &format!("must be from 1 to {DAYS}"), found);
    }
}

fn custom_expiration_date(validity: &Object<'_>, today: Date, found: &mut Vec<Violation>) {
    const NAME: &str = "custom_expiration_date";
    let Some(text) = validity.optional_text(NAME, ANY, found) else { return };
    let last = today.saturating_add(DAYS.days());
    match date(text) {
        None => validity.report(NAME, "sandbox|format", "must be a date that exists, as YYYY-MM-DD", found),
        Some(date) if date <= today => validity.report(NAME, "sandbox|range", "must lie after today", found),
        Some(date) if date > last => {
            validity.report(NAME, "sandbox|range", &format!("must lie within {DAYS} days"), found);
        }
        Some(_) => {}
    }
}

/// A date in exactly this form; the date library would take other forms as well.
fn date(text: &str) -> Option<Date> {
    let digit = |(n, byte): (usize, u8)| if n == 4 || n == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    let exact = text.len() == 10 && text.bytes().enumerate().all(digit);
    exact.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("2026-03-01", false)]
    #[case("2026-03-02", true)]
    #[case("2027-04-02", true)]
    #[case("2027-04-03", false)]
    #[case("2026-02-28", false)]
    #[case("2027-02-29", false)]
    #[case("2026-3-2", false)]
    #[case("20260302", false)]
    #[case("2026-03-02T00:00:00", false)]
    #[case("02 MAR 2026", false)]
    #[case("2026-03-0²", false)]
    fn a_date_lies_after_today_and_within_397_days(#[case] text: &str, #[case] right: bool) {
        let payload = json!({ "order_validity": { "custom_expiration_date": text } });
        let mut found = Vec::new();
        check(&Object::root(&payload).unwrap(), Date::constant(2026, 3, 1), &mut found);
        assert_eq!(found.is_empty(), right, "{found:?}");
    }
}
