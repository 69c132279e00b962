//! The schema compared with the checks: it accepts every payload without errors, and otherwise only payloads whose
//! errors a schema cannot express.

use crate::common::payloads::{FOREIGN, any_payload};
use crate::common::walk::product;
use jsonschema::Validator;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use zegel::domain::AccountData;
use zegel::form::{Audience, Form, ValidationContext};
use zegel::i18n::{Language, Translations};
use zegel::json;
use zegel::product::{Field, PKIO, Product, Severity};

const EXAMPLES: &str = include_str!("../../assets/products/pkio_qualified_organisation_services.examples.toml");

/// The documented example except for its names: ids are strings, and a person's details are members beside the id.
const DOCUMENTED: &str = r#"{
  "certificate": {"signature_hash": "sha256", "profile_option": "nonrepudiation"},
  "csa_agreed_to": true,
  "provisioning_method": "qscd",
  "ship_info": {"name": "A. Tester", "addr1": "Keizersgracht 1", "addr2": "2 hoog", "city": "Amsterdam",
    "state": "Noord-Holland", "zip": "1015 AA", "country": "nl", "method": "STANDARD"},
  "organization": {"id": "900001", "contacts": [{"user_id": "800001", "contact_type": "verified_contact",
    "first_name": "A.", "last_name": "Tester", "job_title": "CISO", "telephone": "+31 88 555 0101",
    "email": "a.tester@zilverdam.example"}]},
  "order_validity": {"years": 1},
  "payment_method": "balance"
}"#;

/// Returns true if a schema cannot express this error: the doc comment of the schema has the same list.
fn is_untellable(code: &str, payload: &Value) -> bool {
    let card = &payload["credit_card"]["number"];
    match code {
        "past_month" | "date_range" | "postal_code" | "po_box" | "house_number" | "no_person" => true,
        "card_number" => card.is_number() || card.as_str().is_some_and(|card| (12..=19).contains(&card.len())),
        "cvv" => card.is_number(),
        "date" => payload["order_validity"]["custom_expiration_date"].as_str().is_some_and(is_untellable_date),
        _ => false,
    }
}

/// Returns true if a pattern cannot detect that this is no day: the leap day of another year, or no day in another
/// spelling.
fn is_untellable_date(text: &str) -> bool {
    let hyphened = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    let year = text.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    text.ends_with("-02-29") || year && !hyphened
}

/// Values to insert anywhere.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\t\u{85}",
    "\u{a0}\u{1680}\u{2003}\u{202f}\u{205f}\u{3000}",
    "\u{2028}\u{2029}\u{180e}\u{ad}",
    "\u{200b}\u{2060}\u{feff}",
    "\u{2800}\u{3164}\u{fe0f}",
    "\u{e0020}",
    "x",
    "a b",
    "0",
    "1",
    "01",
    "09",
    "12",
    "13",
    "123",
    "1234",
    "397",
    "398",
    "400",
    "2029",
    "29",
    "02029",
    "9223372036854775807",
    "9223372036854775808",
    "9300000000000000000",
    "18446744073709551616",
    "-1",
    "1.0",
    "+1",
    "nl",
    "NL",
    "nL",
    "zz",
    "Nederland",
    "nl\n",
    "sha256",
    "SHA256",
    "qscd",
    "nonrepudiation",
    "STANDARD",
    "pigeon",
    "balance",
    "card",
    "profile",
    "Card",
    "verified_contact",
    "true",
    "a\u{1b}b",
    "a\u{7f}b",
    "a\u{85}b",
    "a\nb",
    "\u{202e}x",
    "é🙂",
    "a@b.nl",
    "a@b",
    "a@-b.nl",
    "a@b-.nl",
    "a b@c.nl",
    "\"a b\"@c.nl",
    "\"a@b\"@c.nl",
    "a..b@c.nl",
    "é@ü.nl",
    "a!#$@b!c.nl",
    "a@b.nl\n",
    "Anna <a@b.nl>",
    " <a@b.nl>",
    "a@[127.0.0.1]",
    "2027-06-30",
    "2027-6-30",
    "2027-02-28",
    "2027-02-29",
    "2027-02-30",
    "2027-04-31",
    "2027-13-01",
    "2027-00-01",
    "2028-02-29",
    "20270630",
    "30-06-2027",
    "06/30/2027",
    "31/06/2027",
    "2027-06-30T00:00:00",
    "2027-06-30T00:00:00Z",
    " 2027-06-30 12:00",
    "2027-02-31T00:00:00",
    "09 JUN 2027",
    "June 9, 2027",
    "9 mei 2027",
    "Wed, 30 Jun 2027 00:00:00 +0000",
    "-002027-06-30",
    "+002027-06-30",
    "QSCD",
    "NonRepudiation",
    "SHA-256",
    "4111111111111111",
    "378282246310005",
    "41111111111",
    "4111 1111 1111 1111",
    "+31 88 555 0100",
    "14070",
    "1407",
    "call me",
    "555 0100 x12",
    "555 0100 ext. 12",
    "555 0100 ext",
    "(088) 555-0100 #1",
    "Anna de Vries",
    "Postkamer",
    "Postbus 12",
    "Kade 3",
    "55501000",
    "Anna",
    "Anna\u{a0}Vries",
    "1015 AA",
];

/// Returns the golden examples and the other payloads of the tests.
fn payloads() -> Vec<Value> {
    let file: toml::Table = toml::from_str(EXAMPLES).unwrap();
    let examples = file["example"].as_array().unwrap().iter().map(|example| example["payload"].as_str().unwrap());
    examples.chain([FOREIGN, DOCUMENTED]).map(|payload| serde_json::from_str(payload).unwrap()).collect()
}

/// A product with its schema.
struct Held {
    product: &'static Product,
    schema: Validator,
}

impl Held {
    fn of(product: &'static Product) -> Self {
        let schema = Form::json_schema(product, &Translations::new(Language::En));
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "it is a schema");
        Self { product, schema: jsonschema::draft202012::new(&schema).unwrap() }
    }

    /// Returns the product with every advice turned into a check: then each check of the vocabulary makes errors.
    fn stricter() -> Self {
        let strict =
            |field: &Field| Field { checks: [field.checks, field.advice].concat().leak(), advice: &[], ..*field };
        let fields: Vec<Field> = PKIO.fields.iter().map(strict).collect();
        Self::of(Box::leak(Box::new(Product { fields: fields.leak(), ..*PKIO })))
    }

    /// Returns the codes of the errors that a review finds in a payload.
    fn errors(&self, payload: &Value) -> BTreeSet<&'static str> {
        let doc = json::parse(&payload.to_string()).unwrap();
        let Ok(reading) = Form::parse_payload(self.product, &doc) else { return BTreeSet::from(["not_an_object"]) };
        let known = AccountData::default();
        let context =
            ValidationContext { today: jiff::civil::date(2026, 11, 22), known: &known, audience: Audience::Review };
        let problems = reading.form.find_problems(&context);
        problems.iter().filter(|p| p.level == Severity::Error).map(|p| p.kind.code()).collect()
    }

    /// Asserts that schema and checks agree on a payload, except for errors that a schema cannot express.
    #[track_caller]
    fn agree(&self, payload: &Value) {
        let errors = self.errors(payload);
        let output: Vec<String> = self.schema.iter_errors(payload).map(|error| error.to_string()).collect();
        if output.is_empty() {
            let report: Vec<_> = errors.iter().filter(|code| !is_untellable(code, payload)).collect();
            assert!(report.is_empty(), "it accepts an error: {report:?} in {payload}");
        } else {
            assert!(!errors.is_empty(), "it refuses what is right: {output:?} in {payload}");
        }
    }
}

fn values() -> Vec<Value> {
    let long = [32, 33, 44, 61, 62, 64, 65, 128, 129, 300].map(|count| json!("é".repeat(count)));
    let numbers = [
        0_u64,
        1,
        99,
        100,
        123,
        397,
        398,
        9_999,
        10_000,
        9_999_999_999,
        10_000_000_000,
        4_111_111_111_111_111,
        i64::MAX.unsigned_abs(),
    ];
    let odd = [
        json!(null),
        json!(true),
        json!(false),
        json!(-1),
        json!(1.5),
        json!(1.0),
        json!(397.0),
        json!(1015.0),
        json!(4_111_111_111_111_111.0),
        json!(-0.0),
        json!(u64::MAX),
        json!(1e300),
        json!([]),
    ];
    let nested = [json!({}), json!(["x"]), json!([{}]), json!([null]), json!({"x": 1}), json!([{"user_id": 1}])];
    let texts = TEXTS.iter().map(|text| json!(text));
    texts.chain(long).chain(numbers.map(Value::from)).chain(odd).chain(nested).collect()
}

/// Returns every place that the product knows, including objects and lists, with the first row for all.
fn pointers() -> BTreeSet<String> {
    let whole = product().catalog().filter_map(|entry| entry.pointer).map(|pointer| pointer.replace('*', "0"));
    let ends = |pointer: String| {
        let ends: Vec<usize> = pointer.match_indices('/').map(|(at, _)| at).chain([pointer.len()]).skip(1).collect();
        ends.into_iter().map(move |end| pointer[..end].to_owned())
    };
    whole.flat_map(ends).collect()
}

/// Puts a value at a place, and makes the objects and rows that lead to it; `None` removes the value there.
fn put(payload: &mut Value, pointer: &str, value: Option<Value>) {
    let (first, rest) = pointer[1..]
        .split_once('/')
        .map_or((&pointer[1..], None), |(first, _)| (first, Some(&pointer[1 + first.len()..])));
    if let (Value::Array(rows), Ok(row)) = (&mut *payload, first.parse::<usize>()) {
        match (rest, value) {
            (None, None) if row < rows.len() => drop(rows.remove(row)),
            (None, Some(value)) if row < rows.len() => rows[row] = value,
            (None, value) => rows.extend(value),
            (Some(rest), value) => rows.get_mut(row).into_iter().for_each(|row| put(row, rest, value.clone())),
        }
        return;
    }
    if !payload.is_object() {
        *payload = Value::Object(Map::new());
    }
    let Value::Object(members) = payload else { return };
    match (rest, value) {
        (None, None) => drop(members.shift_remove(first)),
        (None, Some(value)) => drop(members.insert(first.to_owned(), value)),
        (Some(rest), value) => {
            let list = rest.starts_with("/0");
            let empty = || if list { json!([{}]) } else { json!({}) };
            put(members.entry(first).or_insert_with(empty), rest, value);
        }
    }
}

/// Applies one change at each place of a payload: every change, or every `step`th.
fn change_each_place(held: &Held, step: usize) {
    let values: Vec<Option<Value>> = values().into_iter().map(Some).chain([None]).collect();
    let mut skip = 0;
    for payload in payloads() {
        for pointer in pointers() {
            for value in values.iter().skip(skip % step).step_by(step) {
                let mut changed = payload.clone();
                put(&mut changed, &pointer, value.clone());
                held.agree(&changed);
            }
            skip += 1;
        }
    }
}

/// Every change, and one in this many.
const EVERY: usize = 1;
const SOME: usize = 13;

#[test]
fn valid_payloads_are_accepted() {
    let held = Held::of(product());
    for payload in payloads() {
        assert_eq!(held.errors(&payload), BTreeSet::new(), "{payload}");
        held.agree(&payload);
    }
}

#[rstest]
#[case::short(SOME)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(EVERY)]
fn after_any_one_change_schema_and_checks_agree(#[case] step: usize) {
    change_each_place(&Held::of(product()), step);
}

#[rstest]
#[case::short(SOME)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(EVERY)]
fn with_all_advice_as_checks_they_agree(#[case] step: usize) {
    change_each_place(&Held::stricter(), step);
}

#[test]
fn with_two_adjacent_values_they_agree() {
    let (held, stricter) = (Held::of(product()), Held::stricter());
    let lengths = [0, 1, 2, 30, 31, 32, 59, 60, 61, 62, 64, 65].map(|count| json!("é".repeat(count)));
    let cards =
        [json!("4111111111111111"), json!("378282246310005"), json!(4_111_111_111_111_111_u64), json!("3"), json!("")];
    let cvvs = [json!("123"), json!("1234"), json!(123), json!(1234), json!(12), json!("012"), json!("12")];
    let names = ["/organization/name", "/organization/assumed_name"];
    let sets: [([&str; 2], &[Value], &[Value]); 2] =
        [(names, &lengths, &lengths), (["/credit_card/number", "/credit_card/cvv"], &cards, &cvvs)];
    for (pointers, ones, others) in sets {
        for (one, other) in ones.iter().flat_map(|one| others.iter().map(move |other| (one, other))) {
            let mut payload = payloads().swap_remove(1);
            put(&mut payload, pointers[0], Some(one.clone()));
            put(&mut payload, pointers[1], Some(other.clone()));
            held.agree(&payload);
            stricter.agree(&payload);
        }
    }
}

/// Generates several of these changes at once, in two rows.
fn any_changes() -> impl Strategy<Value = Value> {
    let rows = |pointer: String| [pointer.replace("/0", "/1"), pointer];
    let pointers: Vec<String> = pointers().into_iter().flat_map(rows).collect();
    let change = (proptest::sample::select(pointers), proptest::option::of(proptest::sample::select(values())));
    let changes = proptest::collection::vec(change, 1..5);
    (proptest::sample::select(payloads()), changes).prop_map(|(mut payload, changes)| {
        for (pointer, value) in changes {
            put(&mut payload, &pointer, value);
        }
        payload
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_changes_they_agree(
        changed in proptest::collection::vec(any_changes(), 64),
        other in proptest::collection::vec(any_payload(), 64),
        texts in proptest::collection::vec("\\PC{0,12}|[ -~]{0,6}@[ -~]{0,8}|[a-z\"<> .@-]{0,16}|[0-9ext#. +()/-]{0,20}", 64),
    ) {
        let (held, stricter) = (Held::of(product()), Held::stricter());
        for payload in changed.iter().chain(&other) {
            held.agree(payload);
            stricter.agree(payload);
        }
        for text in texts {
            for pointer in ["/organization/organization_contact/email", "/ship_info/name", "/organization/telephone"] {
                let mut payload: Value = payloads().swap_remove(1);
                put(&mut payload, pointer, Some(json!(text)));
                held.agree(&payload);
                stricter.agree(&payload);
            }
        }
    }
}
