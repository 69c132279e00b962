//! The form engine: the problems of a value, the reading of a payload, and the body that is sent.

mod body;
mod draft;
mod drafted;
mod problems;
mod random;
mod reading;

use zegel::domain::{AccountData, Organization, Person};
use zegel::form::{Audience, FieldPlace, Form, ParsedPayload, Problem, ProblemTarget, RowKey, ValidationContext};
use zegel::product::{PKIO, Product, Severity};
use zegel::secret::Secret;

fn product() -> &'static Product {
    PKIO
}

fn place(form: &Form, id: &str) -> FieldPlace {
    let field = form.product().find_field(id).unwrap_or_else(|| panic!("no field {id}"));
    FieldPlace { field, row: *form.rows(form.product()[field].group).first().unwrap_or(&RowKey::SINGLE) }
}

fn put(form: &mut Form, id: &str, text: &str) {
    let at = place(form, id);
    if form.product()[at.field].secret.is_some() {
        *form.secret_mut(at) = Secret::from(text);
    } else {
        form.set_text(at, text);
    }
}

/// A form without problems: an existing organization, a user, paid from the balance.
fn valid_form() -> Form {
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
    let mut form = valid_form();
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

fn known() -> AccountData {
    let mut known = AccountData::default();
    known.organizations.add(Organization { id: 900_001, status: "active".into(), ..Organization::default() });
    known.organizations.add(Organization { id: 900_009, status: "inactive".into(), ..Organization::default() });
    known.organization_details.add(Organization {
        id: 900_002,
        verified_contacts: vec![810_001],
        ..Organization::default()
    });
    let details = |title: &str, phone: &str| (title.to_owned(), phone.to_owned());
    let people = [
        (800_001, details("CISO", "+31 88 555 0101")),
        (800_002, details("CISO", "")),
        (800_003, details(" ", "14070")),
    ];
    for (id, (job_title, telephone)) in people {
        known.users.add(Person { user_id: Some(id), job_title, telephone, ..Person::default() });
    }
    known
}

fn problems_for(form: &Form, audience: Audience, known: &AccountData) -> Vec<Problem> {
    form.find_problems(&ValidationContext { today: jiff::civil::date(2026, 11, 22), known, audience })
}

fn problems(form: &Form) -> Vec<Problem> {
    problems_for(form, Audience::Wizard, &known())
}

/// Returns field, level and code of each problem.
fn codes(form: &Form, problems: &[Problem]) -> Vec<String> {
    let name = |target: &ProblemTarget| match target {
        ProblemTarget::Field(at) => form.product()[at.field].id.to_owned(),
        ProblemTarget::Group(group) => form.product()[*group].id.to_owned(),
        ProblemTarget::Pointer(pointer) => pointer.clone(),
    };
    let level = |level| if level == Severity::Error { "error" } else { "warning" };
    problems.iter().map(|p| format!("{} {} {}", name(&p.target), level(p.level), p.kind.code())).collect()
}

fn sent(form: &Form) -> String {
    String::from_utf8(form.payload_text().expose_request_body(form).expose().to_vec()).unwrap()
}

fn read(payload: &str) -> ParsedPayload {
    Form::parse_payload(product(), &zegel::json::parse(payload).unwrap()).unwrap()
}
