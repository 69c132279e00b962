//! The form engine: what is wrong with a value, what a payload becomes when it is read, and what is sent.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};
use zegel::facts::{Known, Organization, Person, ProductInfo};
use zegel::form::{Audience, Context, Form, Note, Place, Problem, Reading, Row, Target};
use zegel::product::{GroupId, Level, Product, pkio};
use zegel::secret::Secret;

/// The product, read once: a debug build takes its time over it.
fn product() -> &'static Product {
    static PRODUCT: std::sync::LazyLock<&Product> = std::sync::LazyLock::new(|| pkio().unwrap());
    &PRODUCT
}

fn place(form: &Form, id: &str) -> Place {
    let field = form.product().find(id).unwrap_or_else(|| panic!("no field {id}"));
    Place { field, row: *form.rows(form.product()[field].group).first().unwrap_or(&Row::ONE) }
}

fn put(form: &mut Form, id: &str, text: &str) {
    let at = place(form, id);
    if form.product()[at.field].secret.is_some() {
        *form.secret_mut(at) = Secret::from(text);
    } else {
        form.set(at, text);
    }
}

/// A form with nothing wrong: an existing organization, a user, paid from the balance.
fn right() -> Form {
    let mut form = Form::new(product());
    for (id, text) in [
        ("org.id", "900001"),
        ("contact.person", "800001"),
        ("order.csa", "true"),
        ("ship.name", "Anna de Vries"),
        ("ship.addr1", "Keizersgracht 1"),
        ("ship.addr2", "2 hoog"),
        ("ship.zip", "1015 AA"),
        ("ship.city", "Amsterdam"),
        ("ship.state", "Noord-Holland"),
    ] {
        put(&mut form, id, text);
    }
    form
}

fn with(values: &[(&str, &str)]) -> Form {
    let mut form = right();
    for (id, text) in values {
        put(&mut form, id, text);
    }
    form
}

fn card(values: &[(&str, &str)]) -> Form {
    let mut form = with(&[
        ("pay.method", "card"),
        ("card.number", "4111111111111111"),
        ("card.month", "11"),
        ("card.year", "2026"),
        ("card.cvv", "123"),
        ("card.holder", "Anna de Vries"),
        ("bill.address", "Keizersgracht 1"),
        ("bill.zip", "1015 AA"),
        ("bill.city", "Amsterdam"),
        ("bill.state", "Noord-Holland"),
    ]);
    for (id, text) in values {
        put(&mut form, id, text);
    }
    form
}

fn new_org(values: &[(&str, &str)]) -> Form {
    let mut form = with(&[
        ("org.how", "new"),
        ("org.name", "Gemeente Zilverdam"),
        ("org.address", "Raadhuisplein 1"),
        ("org.zip", "1234 AB"),
        ("org.city", "Zilverdam"),
        ("org.state", "Noord-Holland"),
        ("org.telephone", "+31 88 555 0100"),
        ("orgc.first", "Anna"),
        ("orgc.last", "de Vries"),
        ("orgc.email", "a@zilverdam.example"),
        ("orgc.telephone", "+31 88 555 0101"),
    ]);
    for (id, text) in values {
        put(&mut form, id, text);
    }
    form
}

fn new_contact(values: &[(&str, &str)]) -> Form {
    let mut form = with(&[
        ("contact.how", "new"),
        ("contact.first", "Bram"),
        ("contact.last", "Jansen"),
        ("contact.email", "b@zilverdam.example"),
        ("contact.title", "CISO"),
        ("contact.telephone", "+31 88 555 0102"),
    ]);
    for (id, text) in values {
        put(&mut form, id, text);
    }
    form
}

fn known() -> Known {
    let mut known = Known::default();
    known.organizations.add(Organization { id: 900_001, status: "active".into(), ..Organization::default() });
    known.organizations.add(Organization { id: 900_009, status: "inactive".into(), ..Organization::default() });
    known.details.add(Organization { id: 900_002, verified_contacts: vec![810_001], ..Organization::default() });
    let details = |title: &str, phone: &str| (title.to_owned(), phone.to_owned());
    for (id, (job_title, telephone)) in [(800_001, details("CISO", "+31 88 555 0101")), (800_002, details("CISO", ""))]
    {
        known.users.add(Person { user_id: Some(id), job_title, telephone, ..Person::default() });
    }
    known
}

fn problems_for(form: &Form, audience: Audience, known: &Known) -> Vec<Problem> {
    form.problems(&Context { today: jiff::civil::date(2026, 11, 22), known, audience })
}

fn problems(form: &Form) -> Vec<Problem> {
    problems_for(form, Audience::Wizard, &known())
}

/// Field, level and code of each problem.
fn codes(form: &Form, problems: &[Problem]) -> Vec<String> {
    let name = |target: &Target| match target {
        Target::Field(at) => form.product()[at.field].id.clone(),
        Target::Group(group) => form.product()[*group].id.clone(),
        Target::Pointer(pointer) => pointer.clone(),
    };
    let level = |level| if level == Level::Error { "error" } else { "warning" };
    problems.iter().map(|p| format!("{} {} {}", name(&p.target), level(p.level), p.fault.code())).collect()
}

fn sent(form: &Form) -> String {
    String::from_utf8(form.body().expose(form).expose().to_vec()).unwrap()
}

fn read(payload: &str) -> Reading {
    Form::read(product(), &zegel::json::parse(payload).unwrap()).unwrap()
}

#[test]
fn what_is_right_has_no_problem() {
    for form in [right(), card(&[]), new_org(&[]), new_contact(&[])] {
        assert_eq!(codes(&form, &problems(&form)), Vec::<String>::new());
    }
}

fn long(count: usize) -> String {
    "x".repeat(count)
}

#[rstest]
#[case("org.id", "", "error required")]
#[case("org.id", "abc", "error type")]
#[case("org.id", "0", "error id")]
#[case("org.id", "9223372036854775808", "error id")]
#[case("org.id", "900009", "warning inactive")]
#[case("contact.person", "", "error required")]
#[case("contact.person", "810001", "error contact_id")]
#[case("contact.person", "800002", "warning no_details")]
#[case("contact.type", "", "error missing")]
#[case("contact.type", "ev_approver", "warning one_of")]
#[case("cert.hash", "sha1", "error fixed")]
#[case("cert.hash", "", "error missing")]
#[case("cert.profile", "encryption", "error fixed")]
#[case("order.method", "csr", "error fixed")]
#[case("order.csa", "", "error consent")]
#[case("order.csa", "false", "error consent")]
#[case("ship.name", "", "error required")]
#[case("ship.name", "Anna", "warning two_words")]
#[case("ship.name", "Anna\u{202e} de Vries", "warning unseen")]
#[case("ship.name", "Anna\u{1b} de Vries", "error control")]
#[case("ship.addr1", "", "error required")]
#[case("ship.addr2", "", "warning sent_blank")]
#[case("ship.zip", "", "error required")]
#[case("ship.zip", "1015", "warning postal_code")]
#[case("ship.city", "", "error required")]
#[case("ship.state", "", "error required")]
#[case("ship.country", "", "error missing")]
#[case("ship.country", "Nederland", "error country")]
#[case("ship.country", "zz", "error country")]
#[case("ship.method", "", "error missing")]
#[case("ship.method", "pigeon", "warning one_of")]
#[case("valid.years", "", "error missing")]
#[case("valid.years", "0", "error id")]
#[case("valid.years", "2", "warning years_unknown")]
#[case("valid.years", "one", "error type")]
#[case("pay.method", "", "error missing")]
#[case("pay.method", "invoice", "warning one_of")]
fn each_rule_of_an_order_for_an_existing_organization(#[case] id: &str, #[case] text: &str, #[case] expected: &str) {
    let form = with(&[(id, text)]);
    assert_eq!(codes(&form, &problems(&form)), [format!("{id} {expected}")]);
}

#[rstest]
#[case("org.name", "", "error required")]
#[case("org.name", &long(65), "error too_long")]
#[case("org.assumed", &long(44), "error total_too_long")]
#[case("org.country", "x", "error country")]
#[case("org.address", "", "error required")]
#[case("org.address", &long(65), "error too_long")]
#[case("org.address2", &long(65), "error too_long")]
#[case("org.zip", "", "error required")]
#[case("org.zip", "1015", "warning postal_code")]
#[case("org.city", "", "error required")]
#[case("org.city", &long(65), "error too_long")]
#[case("org.state", "", "error required")]
#[case("org.state", &long(65), "error too_long")]
#[case("org.telephone", "", "error required")]
#[case("org.telephone", "none", "warning telephone")]
#[case("orgc.first", "", "error required")]
#[case("orgc.first", &long(129), "error too_long")]
#[case("orgc.last", "", "error required")]
#[case("orgc.last", &long(129), "error too_long")]
#[case("orgc.email", "", "error required")]
#[case("orgc.email", "a.b", "error email")]
#[case("orgc.title", &long(65), "warning too_long")]
#[case("orgc.telephone", "", "warning advised")]
#[case("orgc.telephone", "none", "warning telephone")]
#[case("orgc.extension", &long(17), "warning too_long")]
fn each_rule_of_a_new_organization(#[case] id: &str, #[case] text: &str, #[case] expected: &str) {
    let form = new_org(&[(id, text)]);
    assert_eq!(codes(&form, &problems(&form)), [format!("{id} {expected}")]);
}

#[rstest]
#[case("contact.first", "", "error required")]
#[case("contact.first", &long(129), "error too_long")]
#[case("contact.last", "", "error required")]
#[case("contact.last", &long(129), "error too_long")]
#[case("contact.email", "", "error required")]
#[case("contact.email", "b@", "error email")]
#[case("contact.title", "", "error required")]
#[case("contact.title", &long(65), "warning too_long")]
#[case("contact.telephone", "", "error required")]
#[case("contact.telephone", "none", "warning telephone")]
fn each_rule_of_a_new_contact(#[case] id: &str, #[case] text: &str, #[case] expected: &str) {
    let form = new_contact(&[(id, text)]);
    assert_eq!(codes(&form, &problems(&form)), [format!("{id} {expected}")]);
}

#[rstest]
#[case("card.number", "", "error required")]
#[case("card.number", "4111111111111112", "error card_number")]
#[case("card.month", "", "error required")]
#[case("card.month", "13", "error month")]
#[case("card.year", "", "error required")]
#[case("card.year", "26", "error year")]
#[case("card.year", "2025", "error past_month")]
#[case("card.cvv", "", "error required")]
#[case("card.cvv", "1234", "error cvv")]
#[case("card.holder", "", "error required")]
#[case("card.holder", "Anna", "warning two_words")]
#[case("card.default", "", "error missing")]
#[case("bill.address", "", "error required")]
#[case("bill.country", "", "error missing")]
#[case("bill.country", "zz", "error country")]
#[case("bill.zip", "", "warning advised")]
#[case("bill.zip", "1", "warning postal_code")]
#[case("bill.city", "", "error required")]
#[case("bill.state", "", "warning advised")]
fn each_rule_of_a_card(#[case] id: &str, #[case] text: &str, #[case] expected: &str) {
    let form = card(&[(id, text)]);
    assert_eq!(codes(&form, &problems(&form)), [format!("{id} {expected}")]);
}

#[rstest]
#[case("days", "valid.days", "", "error required")]
#[case("days", "valid.days", "398", "error range")]
#[case("days", "valid.days", "0", "error range")]
#[case("date", "valid.date", "", "error required")]
#[case("date", "valid.date", "2027-02-31", "error date")]
#[case("date", "valid.date", "2026-11-22", "error date_range")]
#[case("date", "valid.date", "2027-12-25", "error date_range")]
#[case("date", "valid.date", "30-06-2027", "error date")]
fn each_rule_of_the_validity(#[case] how: &str, #[case] id: &str, #[case] text: &str, #[case] expected: &str) {
    let form = with(&[("valid.how", how), (id, text)]);
    assert_eq!(codes(&form, &problems(&form)), [format!("{id} {expected}")]);
}

#[rstest]
#[case("days", "valid.days", "1")]
#[case("days", "valid.days", "397")]
#[case("date", "valid.date", "2026-11-23")]
#[case("date", "valid.date", "2027-12-24")]
#[case("none", "valid.years", "")]
fn what_the_validity_allows(#[case] how: &str, #[case] id: &str, #[case] text: &str) {
    let form = with(&[("valid.how", how), (id, text)]);
    assert_eq!(codes(&form, &problems(&form)), Vec::<String>::new());
}

#[test]
fn what_the_account_allows_is_known_only_once_it_says_so() {
    let allow = |years: Option<Vec<u32>>, custom_date| ProductInfo { years, custom_date, ..ProductInfo::default() };
    let mut known = known();
    known.product = Some(allow(Some(vec![1, 2]), Some(false)));
    let form = with(&[("valid.years", "2")]);
    assert_eq!(codes(&form, &problems_for(&form, Audience::Wizard, &known)), Vec::<String>::new());
    let form = with(&[("valid.years", "3")]);
    assert_eq!(codes(&form, &problems_for(&form, Audience::Wizard, &known)), ["valid.years warning years"]);
    let form = with(&[("valid.how", "date"), ("valid.date", "2027-06-30")]);
    assert_eq!(codes(&form, &problems_for(&form, Audience::Wizard, &known)), ["valid.date warning no_custom_date"]);
    known.product = Some(allow(None, None));
    assert_eq!(codes(&form, &problems_for(&form, Audience::Wizard, &known)), Vec::<String>::new());
}

#[test]
fn two_contacts_of_one_type_are_worth_a_look() {
    let mut form = right();
    let group = form.product()[place(&form, "contact.type").field].group;
    let second = form.add_row(group);
    let person = Place { row: second, ..place(&form, "contact.person") };
    form.set(person, "800001");
    assert_eq!(codes(&form, &problems(&form)), ["contact.type warning twice"]);
    assert_eq!(problems(&form)[0].target, Target::Field(Place { row: second, ..place(&form, "contact.type") }));
}

#[test]
fn the_wizard_asks_for_what_a_review_only_warns_of() {
    let form = new_org(&[("orgc.email", "")]);
    assert_eq!(codes(&form, &problems(&form)), ["orgc.email error required"]);
    assert_eq!(codes(&form, &problems_for(&form, Audience::Review, &known())), ["orgc.email warning required"]);
}

/// A payload as somebody else may write it: another order, other spellings, things unknown.
const FOREIGN: &str = r#"{
  "payment_method": "balance",
  "comments": "please hurry",
  "ship_info": {
    "country": "NL",
    "floor": 1.50,
    "zip": "1015 AA",
    "name": "Anna de Vries",
    "addr1": "Keizersgracht 1",
    "addr2": "",
    "city": "Amsterdam",
    "state": "Noord-Holland",
    "method": "STANDARD"
  },
  "csa_agreed_to": true,
  "organization": {
    "contacts": [
      {
        "contact_type": "verified_contact",
        "user_id": 800001,
        "pseudonym": null
      }
    ],
    "id": 900001
  },
  "provisioning_method": "qscd",
  "certificate": {
    "profile_option": "nonrepudiation",
    "signature_hash": "sha256",
    "list": [],
    "deep": [
      {
        "a": [
          1,
          2
        ]
      }
    ]
  }
}"#;

#[test]
fn what_is_read_is_sent_unchanged() {
    let reading = read(FOREIGN);
    assert_eq!(reading.notes, []);
    assert_eq!(sent(&reading.form), FOREIGN);
    let unknown: Vec<String> = reading.form.foreign().into_iter().map(|(pointer, _)| pointer).collect();
    let expected = [
        "/comments",
        "/ship_info/floor",
        "/organization/contacts/0/pseudonym",
        "/certificate/list",
        "/certificate/deep",
    ];
    assert_eq!(unknown, expected);
}

#[test]
fn lines_of_what_the_form_does_not_know_are_marked() {
    let body = read(FOREIGN).form.body();
    let marked: Vec<&str> = body.lines().iter().filter(|l| l.foreign).map(|l| body.line(l).trim()).collect();
    let expected = [
        "\"comments\": \"please hurry\",",
        "\"floor\": 1.50,",
        "\"pseudonym\": null",
        "\"list\": [],",
        "\"deep\": [",
        "{",
        "\"a\": [",
        "1,",
        "2",
        "]",
        "}",
        "]",
    ];
    assert_eq!(marked, expected);
}

#[test]
fn each_line_leads_to_its_field_and_back() {
    let form = card(&[]);
    let body = form.body();
    for at in form.all_asked().filter(|at| !form.product()[at.field].is_mode() && !form.is_blank(*at)) {
        let name = form.product()[at.field].at.clone().unwrap();
        let line = body.line_of(at).unwrap_or_else(|| panic!("no line for {name}"));
        assert!(body.line(&body.lines()[line]).trim().starts_with(&format!("\"{name}\": ")), "{name}");
    }
    let joined: Vec<&str> = body.lines().iter().map(|line| body.line(line)).collect();
    assert_eq!(joined.join("\n"), body.text());
}

#[test]
fn ids_sent_as_strings_become_integers_and_say_so() {
    let reading = read(r#"{"organization": {"id": "900001", "contacts": [{"user_id": "800001"}]}}"#);
    let notes = ["/organization/id", "/organization/contacts/0/user_id"].map(|p| Note::Integer(p.into()));
    assert_eq!(reading.notes, notes);
    assert!(sent(&reading.form).contains("\"user_id\": 800001"));
}

#[test]
fn what_is_not_asked_is_left_out_and_listed() {
    let reading = read(
        r#"{"organization": {"id": 1, "contacts": [{"last_name": "x", "job_title": "y"}], "organization_contact": {"email": "a@b.nl"}},
            "order_validity": {"years": 1, "days": 10}, "payment_method": "balance", "credit_card": {"cvv": "123", "x": 1}}"#,
    );
    let expected = ["/organization/organization_contact", "/order_validity/years", "/credit_card"];
    assert_eq!(reading.notes, expected.map(|pointer| Note::LeftOut(pointer.into())));
    let body: Value = serde_json::from_str(&sent(&reading.form)).unwrap();
    let contacts = json!([{"last_name": "x", "job_title": "y"}]);
    assert_eq!(
        body,
        json!({"organization": {"id": 1, "contacts": contacts}, "order_validity": {"days": 10}, "payment_method": "balance"})
    );
}

#[rstest]
#[case(r#"{"organization": {"id": 1, "name": "x"}}"#, "org.how error conflict")]
#[case(r#"{"order_validity": {"days": 10, "years": 1}}"#, "valid.how warning wins")]
#[case(r#"{"ship_info": "here"}"#, "/ship_info error type")]
#[case(r#"{"organization": {"contacts": {}}}"#, "/organization/contacts error type")]
#[case(r#"{"organization": {"contacts": ["x"]}}"#, "/organization/contacts/0 error type")]
#[case(r#"{"organization": {"contacts": []}}"#, "contact error rows")]
#[case(r#"{"ship_info": {"zip": 1015}}"#, "ship.zip error type")]
#[case(r#"{"ship_info": {"zip": null}}"#, "ship.zip error type")]
#[case(r#"{"csa_agreed_to": 1}"#, "order.csa error type")]
#[case(r#"{"organization": {"id": 1.5}}"#, "org.id error type")]
#[case(r#"{"organization": {"id": "x"}}"#, "org.id error type")]
#[case(r#"{"organization": {"id": -1}}"#, "org.id error type")]
#[case("{}", "ship.addr2 warning missing")]
#[case("{}", "cert.hash error missing")]
#[case("{}", "pay.method error missing")]
fn what_only_a_payload_can_have_wrong(#[case] payload: &str, #[case] expected: &str) {
    let form = read(payload).form;
    let found = codes(&form, &problems(&form));
    assert!(found.contains(&expected.to_owned()), "{found:?}");
    let again = read(&sent(&form)).form;
    assert_eq!(sent(&form), sent(&again), "and it is kept as it is");
}

#[test]
fn a_conflict_ends_when_the_person_decides() {
    let mut form = read(r#"{"organization": {"id": 1, "name": "x"}}"#).form;
    let how = place(&form, "org.how");
    form.set(how, "new");
    assert!(!codes(&form, &problems(&form)).iter().any(|code| code.starts_with("org.how")));
    assert!(!sent(&form).contains("\"id\""));
}

#[test]
fn what_is_wrong_in_type_can_be_mended() {
    let mut form = read(r#"{"ship_info": "here", "organization": {"contacts": ["x", {"user_id": 1}]}}"#).form;
    put(&mut form, "ship.city", "Amsterdam");
    put(&mut form, "contact.first", "Bram");
    put(&mut form, "contact.how", "new");
    let body: Value = serde_json::from_str(&sent(&form)).unwrap();
    assert_eq!(body["ship_info"], json!({"city": "Amsterdam"}));
    assert_eq!(body["organization"]["contacts"], json!([{"first_name": "Bram"}, {"user_id": 1}]));
}

#[test]
fn reading_adds_nothing_and_accepting_adds_at_the_right_place() {
    let mut form = read(r#"{"payment_method": "balance", "ship_info": {"country": "nl", "name": "A B"}, "x": 1}"#).form;
    assert_eq!(sent(&form).matches(':').count(), 5, "{}", sent(&form));
    put(&mut form, "ship.city", "Amsterdam");
    put(&mut form, "ship.method", "STANDARD");
    put(&mut form, "order.csa", "true");
    let expected = r#"{
  "csa_agreed_to": true,
  "payment_method": "balance",
  "ship_info": {
    "country": "nl",
    "method": "STANDARD",
    "name": "A B",
    "city": "Amsterdam"
  },
  "x": 1
}"#;
    assert_eq!(sent(&form), expected);
}

#[test]
fn the_digest_covers_everything_but_the_secrets() {
    let digest = |form: &Form| form.body().digest().to_owned();
    let base = digest(&card(&[]));
    assert_eq!(base.len(), 64);
    assert_eq!(digest(&card(&[("card.number", "378282246310005"), ("card.cvv", "1234")])), base);
    for (id, text) in [("card.year", "2027"), ("card.holder", "B C"), ("ship.city", "Leiden"), ("cert.pss", "true")] {
        assert_ne!(digest(&card(&[(id, text)])), base, "{id}");
    }
    // SHA-256 of the very text, where there is no secret in it.
    let form = read("{}").form;
    assert_eq!(digest(&form), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

#[test]
fn secrets_are_masked_in_the_body_and_put_in_only_when_it_is_exposed() {
    let form = card(&[]);
    let body = form.body();
    assert!(body.text().contains("\"number\": \"************1111\""));
    assert!(body.text().contains("\"cvv\": \"***\""));
    assert!(!format!("{form:?}{body:?}").contains("4111111111111111"));
    let exposed = sent(&form);
    assert!(exposed.contains("\"number\": \"4111111111111111\""));
    assert!(exposed.contains("\"cvv\": \"123\""));
    let unmask = |text: &str| text.replace("************1111", "4111111111111111").replace("\"***\"", "\"123\"");
    assert_eq!(unmask(body.text()), exposed, "and nothing else differs");
}

#[test]
fn a_card_in_a_payload_never_shows() {
    for number in ["\"4111111111111111\"", "4111111111111111", "[4111111111111111]", "{\"x\": 4111111111111111}"] {
        let reading =
            read(&format!(r#"{{"payment_method": "card", "credit_card": {{"number": {number}, "cvv": 123}}}}"#));
        let shown = format!("{:?}{:?}{}", reading.form, reading.notes, reading.form.body().text());
        assert!(!shown.contains("4111111111111111"), "{shown}");
    }
}

#[test]
fn what_counts_from_the_day_of_issue_has_an_earliest_end() {
    let today = jiff::civil::date(2026, 11, 22);
    let form = with(&[("valid.days", "10")]);
    let end = |id: &str| form.not_before(place(&form, id), today).map(|date| date.to_string());
    assert_eq!(end("valid.years").as_deref(), Some("2027-11-22"));
    assert_eq!(end("valid.days").as_deref(), Some("2026-12-02"));
    assert_eq!(end("valid.date"), None);
    let leap = jiff::civil::date(2028, 2, 29);
    assert_eq!(form.not_before(place(&form, "valid.years"), leap).unwrap().to_string(), "2029-02-28");
}

#[test]
fn a_guess_is_named_only_while_it_is_sent() {
    let named = |form: &Form| form.guesses().count();
    assert_eq!(named(&card(&[])), 1);
    assert_eq!(named(&card(&[("card.default", "1")])), 0);
    assert_eq!(named(&right()), 0);
}

/// Any JSON, rather shallow.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z0-9 \u{202e}\u{1b}é\"\\\\]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::vec(("[a-z]{1,4}", inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A foreign payload with some of its parts replaced, dropped or added.
fn any_payload() -> impl Strategy<Value = Value> {
    const POINTERS: &[&str] = &[
        "/organization/id",
        "/organization",
        "/organization/contacts",
        "/organization/contacts/0",
        "/organization/contacts/0/user_id",
        "/ship_info",
        "/ship_info/zip",
        "/ship_info/addr2",
        "/certificate",
        "/certificate/signature_hash",
        "/csa_agreed_to",
        "/payment_method",
        "/comments",
        "/provisioning_method",
    ];
    let change = (proptest::sample::select(POINTERS), proptest::option::of(any_json()));
    let added = proptest::sample::select(vec!["first_name", "order_validity", "name", "credit_card", "zzz"]);
    (proptest::collection::vec(change, 0..4), proptest::option::of((added, any_json()))).prop_map(|(changes, added)| {
        let mut value: Value = serde_json::from_str(FOREIGN).unwrap();
        for (pointer, replacement) in changes {
            if let Some(target) = value.pointer_mut(pointer) {
                *target = replacement.unwrap_or(Value::Null);
            }
        }
        if let (Some((name, json)), Value::Object(root)) = (added, &mut value) {
            root.insert(name.into(), json);
        }
        value
    })
}

/// Takes out what stands at this pointer.
fn without(value: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    if let Some(Value::Object(members)) = value.pointer_mut(parent) {
        members.shift_remove(name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_and_writing_is_the_identity_after_what_is_listed(payload in any_payload()) {
        let reading = read(&payload.to_string());
        let mut expected = payload.clone();
        for note in &reading.notes {
            match note {
                Note::Integer(pointer) => {
                    let target = expected.pointer_mut(pointer).unwrap();
                    *target = target.as_str().unwrap().parse::<u64>().unwrap().into();
                }
                Note::LeftOut(pointer) => without(&mut expected, pointer),
            }
        }
        let written = sent(&reading.form);
        prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap().to_string(), expected.to_string());
        let line = written.replace('\n', "");
        prop_assert_eq!(zegel::text::visible(&line), line.as_str());
        let again = read(&written);
        prop_assert_eq!(again.notes, vec![]);
        prop_assert_eq!(sent(&again.form), written);
    }

    #[test]
    fn whatever_is_typed_is_read_back(texts in proptest::collection::vec("\\PC{0,12}", 8)) {
        let ids = ["ship.name", "ship.addr1", "ship.addr2", "ship.zip", "ship.city", "ship.state", "org.name", "contact.email"];
        let mut form = new_org(&[("contact.how", "new")]);
        for (id, text) in ids.iter().zip(&texts) {
            put(&mut form, id, text);
        }
        let again = read(&sent(&form)).form;
        for (id, text) in ids.iter().zip(&texts) {
            prop_assert_eq!(again.text(place(&again, id)), text.as_str());
        }
    }
}

#[test]
fn a_list_may_not_have_more_rows_than_it_takes() {
    let mut form = right();
    let group = GroupId(form.product().groups.iter().position(|group| group.id == "contact").unwrap());
    for _ in 0..10 {
        form.add_row(group);
    }
    assert!(codes(&form, &problems(&form)).contains(&"contact warning rows".to_owned()));
}
