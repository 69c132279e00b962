//! Payloads from public bug reports, with made-up values: the results of `zegel check`, `zegel preview` and the schema.

use super::{Ran, folder, lines, run};
use jiff::ToSpan;
use rstest::rstest;
use serde_json::Value;

const DATE: &str = include_str!("reported/date-keyfactor.json");
const FLOAT: &str = include_str!("reported/float-id.json");
const GOOD: &str = include_str!("reported/review-good.json");

/// Returns the payload with a day that is neither past nor far.
fn dated(payload: &str) -> String {
    let day = zegel::tui::event_loop::today_utc().checked_add(200.days()).unwrap();
    payload.replace("{date}", &day.to_string())
}

pub(super) fn of_payload(args: &[&str], payload: &str) -> Ran {
    let folder = folder(&[("order.json", payload.as_bytes())]);
    run(folder.path(), &[args, &["order.json"]].concat())
}

/// Returns severity, code and pointer of each problem.
pub(super) fn problems(ran: &Ran) -> Vec<String> {
    let of = |problem: &Value| ["severity", "code", "pointer"].map(|name| problem[name].as_str().unwrap().to_owned());
    let line = lines(ran).remove(0);
    line["problems"].as_array().unwrap().iter().map(|problem| of(problem).join(" ")).collect()
}

/// Returns the schema that the program prints.
pub(super) fn schema() -> jsonschema::Validator {
    let printed = run(std::path::Path::new("/"), &["fields", "--schema"]);
    jsonschema::draft202012::new(&serde_json::from_str(&printed.out).unwrap()).unwrap()
}

#[rstest]
#[case::date(DATE, &["warning date_spelling /order_validity/custom_expiration_date"])]
#[case::float(FLOAT, &[])]
#[case::good(GOOD, &[])]
fn an_unconfirmed_check_is_never_an_error(#[case] payload: &str, #[case] expected: &[&str]) {
    let payload = dated(payload);
    let checked = of_payload(&["check", "--json"], &payload);
    assert_eq!((checked.code, problems(&checked)), (Some(0), expected.iter().map(|one| (*one).to_owned()).collect()));
    assert!(schema().is_valid(&serde_json::from_str(&payload).unwrap()), "the schema accepts it too");
}

#[test]
fn a_changed_spelling_is_reported_and_sent() {
    let payload = FLOAT.replace("\"1015 AA\"", "1015").replace("800001,", "\"800001\",");
    let shown = of_payload(&["preview"], &payload);
    let output = [
        "/organization/id is a whole number written with decimals or an exponent; it will be sent without them.",
        "/organization/contacts/0/user_id is a number in quotes; it will be sent as a number.",
        "/ship_info/zip is a number; it will be sent as text.",
    ];
    assert!(output.iter().all(|line| shown.err.contains(line)), "{}", shown.err);
    let sent: Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(sent["organization"]["id"].to_string(), "900001");
    assert_eq!(sent["organization"]["contacts"][0]["user_id"].to_string(), "800001");
    assert_eq!(sent["ship_info"]["zip"].to_string(), "\"1015\"");
}

#[rstest]
#[case("2027-02-31T00:00:00", "date")]
#[case("31 FEB 2027", "date")]
#[case("09 JUN 2097", "date_range")]
#[case("2020-01-01T00:00:00Z", "date_range")]
fn an_invalid_or_too_distant_day_stays_an_error(#[case] date: &str, #[case] code: &str) {
    let checked = of_payload(&["check", "--json"], &DATE.replace("{date}T00:00:00", date));
    let pointer = "/order_validity/custom_expiration_date";
    assert_eq!((checked.code, problems(&checked)), (Some(1), vec![format!("error {code} {pointer}")]));
}
