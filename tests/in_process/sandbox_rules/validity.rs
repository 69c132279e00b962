//! The validity of an order: years, days and dates, and the day on which they are checked.

use crate::common::desk::{Desk, STORED, set};
use rstest::rstest;
use serde_json::{Value, json};

/// Runs a check within one day: it is repeated if midnight UTC passed meanwhile.
pub(crate) fn on_one_day(check: impl Fn(jiff::civil::Date) -> Result<(), String>) {
    let today = || jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    loop {
        let day = today();
        let outcome = check(day);
        if today() == day {
            return outcome.unwrap();
        }
    }
}

/// Compares the status of an order, and the codes and messages of its refusal, with the expected ones.
pub(crate) fn expect(desk: &Desk, body: &str, code: Option<&str>, member: &str) -> Result<(), String> {
    let answer = desk.post(body);
    let expected = match code {
        None => answer.status == 201,
        Some(code) => {
            let errors = answer.json()["errors"].clone();
            let message = errors[0]["message"].as_str().unwrap_or_default();
            answer.status == 400
                && errors.as_array().is_some_and(|errors| errors.len() == 1)
                && errors[0]["code"] == code
                && message.starts_with(member)
        }
    };
    if expected { Ok(()) } else { Err(format!("{body}\n{}", answer.text())) }
}

#[rstest]
#[case("years", json!(1), true)]
#[case("years", json!(2), true)]
#[case("years", json!(3), true)]
#[case("years", json!(0), false)]
#[case("years", json!(4), false)]
#[case("years", json!(-1), false)]
#[case("days", json!(1), true)]
#[case("days", json!(397), true)]
#[case("days", json!(0), false)]
#[case("days", json!(398), false)]
fn years_and_days_must_be_in_their_ranges(#[case] name: &str, #[case] value: Value, #[case] accepted: bool) {
    let desk = Desk::open();
    let body = set(STORED, "order_validity", json!({ name: value }));
    if accepted {
        desk.accepts(&body);
    } else {
        desk.accepts(STORED);
        desk.refuses(&body, "sandbox|range", &format!("order_validity.{name}"));
    }
}

#[rstest]
#[case(1, None)]
#[case(397, None)]
#[case(0, Some("sandbox|range"))]
#[case(-1, Some("sandbox|range"))]
#[case(398, Some("sandbox|range"))]
fn an_expiration_date_must_be_after_today_and_within_397_days(#[case] days: i64, #[case] code: Option<&str>) {
    let desk = Desk::open();
    desk.accepts(STORED);
    on_one_day(|today| {
        let date = today.checked_add(jiff::Span::new().days(days)).unwrap().to_string();
        let body = set(STORED, "order_validity", json!({ "custom_expiration_date": date }));
        expect(&desk, &body, code, "order_validity.custom_expiration_date ")
    });
}

#[rstest]
#[case("2031-02-29")]
#[case("2031-2-3")]
#[case("09 JUN 2031")]
#[case("20310203")]
#[case("2031-02-03T00:00:00")]
#[case("")]
fn an_expiration_date_has_one_format(#[case] date: &str) {
    let desk = Desk::open();
    desk.accepts(STORED);
    let body = set(STORED, "order_validity", json!({ "custom_expiration_date": date }));
    desk.refuses(&body, "sandbox|format", "order_validity.custom_expiration_date");
}

#[test]
fn each_of_several_validities_must_be_valid() {
    let desk = Desk::open();
    desk.accepts(&set(STORED, "order_validity", json!({ "years": 1, "days": 30 })));
    desk.accepts(&set(STORED, "order_validity", json!({})));
    let body = set(STORED, "order_validity", json!({ "years": 9, "days": 30 }));
    desk.refuses(&body, "sandbox|range", "order_validity.years");
}
