//! The invariants of all product files, and their golden examples.

use std::collections::{BTreeMap, BTreeSet};
use zegel::facts::Known;
use zegel::form::{Audience, Context, Form, Place, Row};
use zegel::json;
use zegel::product::{Check, Field, FieldId, GroupId, Kind, List, Mark, Product, Required, RuleKind, StepId};
use zegel::secret::Secret;

const PKIO: &str = include_str!("../assets/products/pkio_qualified_organisation_services.toml");
const EXAMPLES: &str = include_str!("../assets/products/pkio_qualified_organisation_services.examples.toml");

/// Every product file with its examples; the folder is listed, so that a forgotten one fails.
fn products() -> Vec<(String, &'static Product, Vec<Example>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/products");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".toml") && !name.contains(".examples."))
        .collect();
    names.sort();
    assert!(!names.is_empty());
    let read = |name: String| std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
    names
        .into_iter()
        .map(|name| {
            let source = read(name.clone());
            let examples = read(name.replace(".toml", ".examples.toml"));
            let file: Examples = toml::from_str(&examples).unwrap();
            let product: &'static Product = Box::leak(Box::new(Product::load(&source).unwrap()));
            (source, product, file.example)
        })
        .collect()
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Examples {
    example: Vec<Example>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    name: String,
    payload: String,
    values: BTreeMap<String, String>,
    rows: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

impl Example {
    fn form(&self, product: &'static Product) -> Form {
        let mut form = Form::new(product);
        type_in(&mut form, &self.values, Row::ONE);
        for (group, rows) in &self.rows {
            let group = GroupId(product.groups.iter().position(|g| g.id == *group).unwrap());
            while form.rows(group).len() < rows.len() {
                form.add_row(group);
            }
            for (row, values) in form.rows(group).to_vec().into_iter().zip(rows) {
                type_in(&mut form, values, row);
            }
        }
        form
    }
}

fn type_in(form: &mut Form, values: &BTreeMap<String, String>, row: Row) {
    for (id, text) in values {
        let field = form.product().find(id).unwrap_or_else(|| panic!("no field {id}"));
        let at = Place { field, row };
        if form.product()[field].secret.is_some() {
            *form.secret_mut(at) = Secret::from(text.as_str());
        } else {
            form.set(at, text);
        }
    }
}

fn sent(form: &Form) -> String {
    String::from_utf8(form.body().expose(form).expose().to_vec()).unwrap()
}

fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 22)
}

#[test]
fn each_golden_example_makes_its_exact_payload() {
    for (_, product, examples) in products() {
        assert!(!examples.is_empty());
        for example in examples {
            let form = example.form(product);
            assert_eq!(sent(&form), example.payload.trim(), "{}", example.name);
            let known = Known::default();
            let context = Context { today: today(), known: &known, audience: Audience::Wizard };
            let problems = form.problems(&context);
            let errors: Vec<_> = problems.iter().filter(|p| p.level == zegel::product::Level::Error).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", example.name);
        }
    }
}

#[test]
fn each_golden_example_reads_back() {
    for (_, product, examples) in products() {
        for example in examples {
            let reading = Form::read(product, &json::parse(&example.payload).unwrap()).unwrap();
            assert_eq!(reading.notes, [], "{}", example.name);
            assert_eq!(sent(&reading.form), example.payload.trim(), "{}", example.name);
            let written = example.form(product);
            for at in written.all_asked().filter(|at| !product[at.field].is_mode()) {
                let pointer = written.pointer(at);
                let same = reading.form.all_asked().find(|other| reading.form.pointer(*other) == pointer);
                let same = same.unwrap_or_else(|| panic!("{}: {pointer:?} is not asked", example.name));
                assert_eq!(written.text(at), reading.form.text(same), "{}: {pointer:?}", example.name);
                assert_eq!(written.secret(at), reading.form.secret(same), "{}: {pointer:?}", example.name);
            }
        }
    }
}

#[test]
fn ids_are_unique() {
    for (_, product, _) in products() {
        for ids in [
            product.steps.iter().map(|step| &step.id).collect::<Vec<_>>(),
            product.groups.iter().map(|group| &group.id).collect(),
            product.fields.iter().map(|field| &field.id).collect(),
        ] {
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        }
        for field in &product.fields {
            let words: BTreeSet<_> = field.options.iter().map(|option| &option.id).collect();
            assert_eq!(words.len(), field.options.len(), "{}", field.id);
        }
    }
}

/// Whether no form can ask both: some mode or choice on which both depend has no value in common.
fn exclude_each_other(product: &Product, a: FieldId, b: FieldId) -> bool {
    let conditions = |id: FieldId| product[product[id].group].when.iter().chain(&product[id].when);
    conditions(a)
        .any(|on| conditions(b).any(|other| on.field == other.field && on.is.iter().all(|w| !other.is.contains(w))))
}

#[test]
fn pointers_are_unique_unless_their_conditions_exclude_each_other() {
    let mut shared = 0;
    for (_, product, _) in products() {
        for a in product.ids() {
            for b in product.ids().filter(|b| a < *b) {
                let (one, other) = (product.pointer(a, None), product.pointer(b, None));
                if one.is_some() && one == other {
                    shared += 1;
                    assert!(exclude_each_other(product, a, b), "{one:?} is declared twice");
                }
            }
        }
    }
    assert!(shared > 0, "the rule is tried on at least one pair");
}

#[test]
fn no_pointer_runs_through_a_value() {
    for (_, product, _) in products() {
        let pointers: Vec<String> = product.ids().filter_map(|id| product.pointer(id, None)).collect();
        for group in &product.groups {
            assert!(!pointers.contains(&group.at), "{} is a value and an object", group.at);
        }
    }
}

/// The words that a mode, choice or bool can have.
fn words_of(field: &Field) -> Vec<String> {
    match field.kind {
        Kind::Bool | Kind::Consent => vec!["true".into(), "false".into()],
        _ => field.options.iter().map(|option| option.id.clone()).collect(),
    }
}

#[test]
fn conditions_name_an_earlier_field_and_one_of_its_values() {
    for (_, product, _) in products() {
        for (index, field) in product.fields.iter().enumerate() {
            for condition in product[field.group].when.iter().chain(&field.when) {
                let on = &product[condition.field];
                assert!(condition.field.0 < index, "{} looks ahead at {}", field.id, on.id);
                assert!(
                    matches!(on.kind, Kind::Mode(_) | Kind::Choice | Kind::Bool),
                    "{} depends on {}",
                    field.id,
                    on.id
                );
                for word in &condition.is {
                    assert!(words_of(on).contains(word), "{}: {} cannot be {word}", field.id, on.id);
                }
                let many = product[on.group].many.is_some();
                assert!(!many || on.group == field.group, "{} depends on a row of another list", field.id);
            }
        }
    }
}

#[test]
fn modes_read_members_of_their_own_group() {
    for (_, product, _) in products() {
        for mode in product.fields.iter().filter(|field| field.is_mode()) {
            assert!(mode.options.len() > 1, "{}", mode.id);
            for name in mode.options.iter().filter_map(|option| option.reads.as_ref()).flatten() {
                let mut fields = product.fields_of(mode.group).map(|id| &product[id]);
                assert!(fields.any(|field| field.at.as_ref() == Some(name)), "{} reads {name}", mode.id);
            }
        }
    }
}

#[test]
fn defaults_and_examples_pass_their_own_checks() {
    for (_, product, _) in products() {
        for id in product.ids() {
            let field = &product[id];
            let values = [field.default.as_deref(), field.fixed.as_deref(), Some(field.example.as_str())];
            for text in values.into_iter().flatten().filter(|text| !text.is_empty()) {
                let mut form = Form::new(product);
                let row = form.rows(field.group)[0];
                let at = Place { field: id, row };
                // A rule of another field must not stand in the way, so only what this value does is looked at.
                form.set(at, text);
                let known = Known::default();
                let context = Context { today: today(), known: &known, audience: Audience::Wizard };
                let faults = form.faults_at(at, &context);
                assert!(faults.is_empty(), "{} = {text}: {faults:?}", field.id);
                if matches!(field.kind, Kind::Mode(_) | Kind::Choice) {
                    assert!(field.option(text).is_some(), "{} = {text}", field.id);
                }
            }
        }
    }
}

#[test]
fn both_languages_are_there_and_say_something() {
    for (_, product, _) in products() {
        let steps = product.steps.iter().flat_map(|step| [&step.title, &step.intro]);
        let groups = product.groups.iter().flat_map(|group| group.title.iter().chain(&group.row));
        let fields =
            product.fields.iter().flat_map(|field| [&field.label, &field.help].into_iter().chain(&field.guess));
        let options = product.fields.iter().flat_map(|field| &field.options);
        let options = options.flat_map(|option| std::iter::once(&option.label).chain(&option.note));
        for words in steps.chain(groups).chain(fields).chain(options) {
            for text in [&words.en, &words.nl] {
                assert!(!text.is_empty() && text.trim() == text, "{words:?}");
            }
        }
        let helps = product.fields.iter().map(|field| &field.help);
        for help in helps {
            assert_ne!(help.en, help.nl);
        }
    }
}

/// Texts of product files that are the same in both languages, and rightly so.
const SAME: &[&str] = &["PKIo Qualified eSeal", "E-mail", "CVV", "in CertCentral"];

#[test]
fn texts_equal_in_both_languages_are_listed() {
    let mut met = BTreeSet::new();
    for (source, _, _) in products() {
        for line in source.lines() {
            for part in line.split("{ en = ").skip(1) {
                let Some((en, rest)) = part.split_once(", nl = ") else { continue };
                let nl = rest.split_once(" }").map_or(rest, |(nl, _)| nl);
                if en == nl {
                    let text = en.trim_matches('"').to_owned();
                    assert!(SAME.contains(&text.as_str()), "\"{text}\" is the same in both languages");
                    met.insert(text);
                }
            }
        }
    }
    let stale: Vec<_> = SAME.iter().filter(|text| !met.contains(**text)).collect();
    assert!(stale.is_empty(), "no longer the same: {stale:?}");
}

#[test]
fn only_what_is_certain_is_an_error() {
    // Values that cannot exist, and what an order endpoint cannot mean: errors although no page says so.
    let certain = ["email", "luhn", "range", "knowncountry", "month", "cvv"];
    for (_, product, _) in products() {
        for field in &product.fields {
            for ruling in &field.checks {
                let name = format!("{:?}", ruling.is).to_lowercase();
                let known = matches!(ruling.cite.mark, Mark::Doc | Mark::Sib);
                assert!(known || certain.iter().any(|c| name.starts_with(c)), "{}: {name}", field.id);
            }
            for ruling in &field.advice {
                assert!(!matches!(ruling.is, Check::Luhn | Check::Range(..)), "{}", field.id);
            }
            if matches!(field.cite.mark, Mark::Code | Mark::Inf) && !field.is_mode() {
                let dated = field.kind == Kind::Date;
                assert!(field.required != Required::Yes || dated, "{} is required by no page", field.id);
            }
        }
    }
}

#[test]
fn documented_and_sibling_facts_name_their_page() {
    for (_, product, _) in products() {
        let rulings = product.fields.iter().flat_map(|field| field.checks.iter().chain(&field.advice));
        let cites = rulings.map(|ruling| &ruling.cite).chain(product.fields.iter().map(|field| &field.cite));
        for cite in cites.chain(product.rules.iter().map(|rule| &rule.cite)) {
            let named = matches!(cite.mark, Mark::Doc | Mark::Sib);
            assert_eq!(named, !cite.page.is_empty(), "{cite:?}");
        }
    }
}

#[test]
fn secrets_are_never_kept() {
    for (_, product, _) in products() {
        for field in product.fields.iter().filter(|field| field.secret.is_some()) {
            assert!(!product[field.group].keep, "{}", field.id);
        }
    }
}

#[test]
fn every_step_group_and_source_has_a_use() {
    for (_, product, _) in products() {
        for step in (0..product.steps.len()).map(StepId) {
            assert!(product.groups_of(step).count() > 0, "{}", product[step].id);
        }
        for group in (0..product.groups.len()).map(GroupId) {
            assert!(product.fields_of(group).count() > 0, "{}", product[group].id);
            assert_eq!(product[group].many.is_some(), product[group].row.is_some(), "{}", product[group].id);
            for from in &product[group].copies {
                let parts =
                    |id: GroupId| product.fields_of(id).filter_map(|f| product[f].part).collect::<BTreeSet<_>>();
                assert_eq!(parts(group), parts(*from), "{}", product[group].id);
            }
        }
        for field in &product.fields {
            assert_eq!(field.kind == Kind::Country, field.source.as_ref().is_some_and(|s| s.list == List::Countries));
        }
    }
}

#[test]
fn rules_stand_where_they_can_be_mended() {
    for (_, product, _) in products() {
        for rule in &product.rules {
            let group = product[rule.at].group;
            match &rule.is {
                RuleKind::TotalMax { fields, .. } => {
                    assert!(fields.contains(&rule.at));
                    assert!(fields.iter().all(|field| product[*field].group == group));
                }
                RuleKind::NotPastMonth(month) => assert_eq!(product[*month].group, group),
                RuleKind::Distinct => assert!(product[group].many.is_some()),
                RuleKind::NeedsFact(_) => {}
            }
        }
    }
}

/// The words between backticks of serde's "unknown …, expected …" message for a word that does not exist.
fn vocabulary(wrong: &str) -> Vec<String> {
    let error = Product::load(wrong).unwrap_err().to_string();
    let (_, expected) = error.split_once("expected").unwrap_or_else(|| panic!("{error}"));
    let line = expected.lines().next().unwrap();
    line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// For each closed set of words, a place in the file where a word of it stands.
const WORDS: &[(&str, &str)] = &[
    ("mark = \"doc\"", "mark = \"zzz\""),
    ("conflict = \"error\"", "conflict = \"zzz\""),
    ("kind = \"integer\"", "kind = \"zzz\""),
    ("required = \"yes\"", "required = \"zzz\""),
    ("blank = \"send\"", "blank = \"zzz\""),
    ("is = \"email\"", "is = \"zzz\""),
    ("list = \"users\"", "list = \"zzz\""),
    ("\"contact.first\" = \"first_name\"", "\"contact.first\" = \"zzz\""),
    ("part = \"zip\"", "part = \"zzz\""),
    ("secret = \"all\"", "secret = \"zzz\""),
    ("from_issue = \"days\"", "from_issue = \"zzz\""),
    ("is = \"distinct\"", "is = \"zzz\""),
    ("level = \"warning\"", "level = \"zzz\""),
    ("needs_fact = \"custom_date\"", "needs_fact = \"zzz\""),
    ("name_id =", "zzz ="),
    ("[[step]]\n", "[[step]]\nzzz = 1\n"),
    ("[[group]]\n", "[[group]]\nzzz = 1\n"),
    ("[[mode]]\n", "[[mode]]\nzzz = 1\n"),
    ("[[field]]\n", "[[field]]\nzzz = 1\n"),
    ("[[rule]]\n", "[[rule]]\nzzz = 1\n"),
    ("many = { ", "many = { zzz = 1, "),
    ("source = { ", "source = { zzz = 1, "),
    ("without_id = { ", "without_id = { zzz = 1, "),
    ("{ id = \"existing\", ", "{ id = \"existing\", zzz = 1, "),
    ("{ mark = \"doc\", ", "{ mark = \"doc\", zzz = 1, "),
    ("total_max = { ", "total_max = { zzz = 1, "),
    ("when = [{ ", "when = [{ zzz = 1, "),
    ("checks = [{ ", "checks = [{ zzz = 1, "),
    ("{ word = ", "{ zzz = 1, word = "),
];

#[test]
fn every_word_of_the_vocabulary_is_used() {
    let mut words = BTreeSet::new();
    for (right, wrong) in WORDS {
        assert!(PKIO.contains(right), "{right}");
        words.extend(vocabulary(&PKIO.replacen(right, wrong, 1)));
    }
    assert!(words.len() > 80, "{words:?}");
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let used: BTreeSet<&str> = PKIO.split(|c| !is_word(c)).collect();
    // The default of `blank`, which nobody needs to write.
    let unused: Vec<_> = words.iter().filter(|word| !used.contains(word.as_str()) && *word != "omit").collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// The request parameters of the order page and of the inline organization, typed from the reference by hand.
const PARAMETERS: &str = "
/certificate/signature_hash
/certificate/profile_option
/certificate/is_rsassa_pss
/csa_agreed_to
/provisioning_method
/ship_info/name
/ship_info/addr1
/ship_info/addr2
/ship_info/city
/ship_info/state
/ship_info/zip
/ship_info/country
/ship_info/method
/organization/id
/organization/contacts/contact_type
/organization/contacts/user_id
/organization/contacts/first_name
/organization/contacts/last_name
/organization/contacts/email
/organization/contacts/job_title
/organization/contacts/telephone
/organization/skip_duplicate_org_check
/order_validity/years
/order_validity/days
/order_validity/custom_expiration_date
/payment_method
/credit_card/number
/credit_card/expiration_month
/credit_card/expiration_year
/credit_card/cvv
/credit_card/cardholder_name
/credit_card/save_credit_card
/credit_card/set_as_default
/billing_address/address
/billing_address/address2
/billing_address/city
/billing_address/state
/billing_address/country
/billing_address/zip
/organization/name
/organization/assumed_name
/organization/country
/organization/address
/organization/address2
/organization/city
/organization/state
/organization/zip
/organization/telephone
/organization/organization_contact/first_name
/organization/organization_contact/last_name
/organization/organization_contact/email
/organization/organization_contact/job_title
/organization/organization_contact/telephone
/organization/organization_contact/telephone_extension
";

/// Named by the reference for old clients or for creating an organization apart: left out on purpose.
const LEFT_OUT: &[&str] =
    &["/organization/container/id", "/organization/validations/type", "/organization/validations/verified_users"];

#[test]
fn every_documented_parameter_is_declared_and_nothing_else() {
    let product = Product::load(PKIO).unwrap();
    let declared: BTreeSet<String> = product.ids().filter_map(|id| product.pointer(id, None)).collect();
    let documented: BTreeSet<String> = PARAMETERS.split_whitespace().map(str::to_owned).collect();
    assert_eq!(declared, documented);
    assert!(LEFT_OUT.iter().all(|pointer| !declared.contains(*pointer)));
    assert!(EXAMPLES.contains("[[example]]"));
}
