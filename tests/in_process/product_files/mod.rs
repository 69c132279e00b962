//! The invariants of all product files, and their golden examples.

mod citations;
mod facts;
mod structure;
mod words;

use std::collections::BTreeMap;
use zegel::facts::Known;
use zegel::form::{Audience, Context, Form, Place, Row};
use zegel::json;
use zegel::product::{GroupId, Product};
use zegel::secret::Secret;

const PKIO: &str = include_str!("../../../assets/products/pkio_qualified_organisation_services.toml");
const EXAMPLES: &str = include_str!("../../../assets/products/pkio_qualified_organisation_services.examples.toml");

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
