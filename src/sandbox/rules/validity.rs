//! Rules for the validity: years, days or a date, each of which must be right if it is sent (certcentral-api.md 2.1).
//!
//! Which of several members counts does not belong here; the module `orders` decides that.

use super::object::{PayloadObject, UNLIMITED};
use super::{Date, Violation};
use crate::sandbox::account::YEARS;
use jiff::ToSpan;

/// The most days for which an order may be valid; inferred (certcentral-api.md 6 row 10).
const MAX_DAYS: i64 = 397;

pub(super) fn check_validity(order: &PayloadObject<'_>, today: Date, found: &mut Vec<Violation>) {
    let Some(validity) = order.optional_object("order_validity", found) else { return };
    check_years(&validity, found);
    check_days(&validity, found);
    check_expiration_date(&validity, today, found);
}

fn check_years(validity: &PayloadObject<'_>, found: &mut Vec<Violation>) {
    let Some(years) = validity.optional_integer("years", found) else { return };
    if !u64::try_from(years).is_ok_and(|years| YEARS.contains(&years)) {
        let words = format!("must be one of the years that the product allows: {YEARS:?}");
        validity.report_violation("years", "sandbox|range", &words, found);
    }
}

fn check_days(validity: &PayloadObject<'_>, found: &mut Vec<Violation>) {
    let Some(days) = validity.optional_integer("days", found) else { return };
    if !(1..=MAX_DAYS).contains(&days) {
        validity.report_violation("days", "sandbox|range", &format!("must be from 1 to {MAX_DAYS}"), found);
    }
}

fn check_expiration_date(validity: &PayloadObject<'_>, today: Date, found: &mut Vec<Violation>) {
    const NAME: &str = "custom_expiration_date";
    let Some(text) = validity.optional_text(NAME, UNLIMITED, found) else { return };
    let last = today.saturating_add(MAX_DAYS.days());
    match parse_date(text) {
        None => validity.report_violation(NAME, "sandbox|format", "must be a date that exists, as YYYY-MM-DD", found),
        Some(date) if date <= today => validity.report_violation(NAME, "sandbox|range", "must lie after today", found),
        Some(date) if date > last => {
            validity.report_violation(NAME, "sandbox|range", &format!("must lie within {MAX_DAYS} days"), found);
        }
        Some(_) => {}
    }
}

/// Parses a date of exactly the form `YYYY-MM-DD`. The date library alone would accept other forms too.
fn parse_date(text: &str) -> Option<Date> {
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
        check_validity(&PayloadObject::root(&payload).unwrap(), Date::constant(2026, 3, 1), &mut found);
        assert_eq!(found.is_empty(), right, "{found:?}");
    }
}
