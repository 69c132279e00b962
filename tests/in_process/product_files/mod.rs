//! The invariants of all product files, and their golden examples.

mod citations;
mod defaults;
mod facts;
#[path = "../../../build/product/file.rs"]
mod file;
mod refused;
mod structure;
mod words;

use file::ProductFile;
use std::collections::BTreeMap;
use zegel::domain::AccountData;
use zegel::form::{Audience, FieldPlace, Form, RowKey, ValidationContext};
use zegel::json;
use zegel::product::{self as vocabulary, GroupId, Product, embedded};
use zegel::secret::Secret;

const PKIO_FILE: &str = include_str!("../../../assets/products/pkio_qualified_organisation_services.toml");
const EXAMPLES: &str = include_str!("../../../assets/products/pkio_qualified_organisation_services.examples.toml");

/// Returns every product file with its examples. The directory is listed, so that a forgotten file fails.
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
            let is_of_file = |product: &&&Product| name == format!("{}.toml", product.name_id);
            let product =
                *embedded::ORDERABLE.iter().find(is_of_file).unwrap_or_else(|| panic!("no product of {name}"));
            (source, product, file.example)
        })
        .collect()
}

/// Why the build script refuses a product file.
fn load_error(source: &str) -> String {
    ProductFile::parse(source).and_then(ProductFile::into_statics).unwrap_err()
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
        type_in(&mut form, &self.values, RowKey::SINGLE);
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

fn type_in(form: &mut Form, values: &BTreeMap<String, String>, row: RowKey) {
    for (id, text) in values {
        let field = form.product().find_field(id).unwrap_or_else(|| panic!("no field {id}"));
        let at = FieldPlace { field, row };
        if form.product()[field].secret.is_some() {
            *form.secret_mut(at) = Secret::from(text.as_str());
        } else {
            form.set_text(at, text);
        }
    }
}

fn sent(form: &Form) -> String {
    String::from_utf8(form.payload_text().expose_request_body(form).expose().to_vec()).unwrap()
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
            let known = AccountData::default();
            let context = ValidationContext { today: today(), known: &known, audience: Audience::Wizard };
            let problems = form.find_problems(&context);
            let errors: Vec<_> = problems.iter().filter(|p| p.level == zegel::product::Severity::Error).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", example.name);
        }
    }
}

#[test]
fn each_golden_example_reads_back() {
    for (_, product, examples) in products() {
        for example in examples {
            let reading = Form::parse_payload(product, &json::parse(&example.payload).unwrap()).unwrap();
            assert_eq!(reading.normalizations, [], "{}", example.name);
            assert_eq!(sent(&reading.form), example.payload.trim(), "{}", example.name);
            let written = example.form(product);
            for at in written.visible_places().filter(|at| !product[at.field].is_mode()) {
                let pointer = written.json_pointer(at);
                let same = reading.form.visible_places().find(|other| reading.form.json_pointer(*other) == pointer);
                let same = same.unwrap_or_else(|| panic!("{}: {pointer:?} is not asked", example.name));
                assert_eq!(written.text(at), reading.form.text(same), "{}: {pointer:?}", example.name);
                assert_eq!(written.secret(at), reading.form.secret(same), "{}: {pointer:?}", example.name);
            }
        }
    }
}
