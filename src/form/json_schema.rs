//! The product as JSON Schema 2020-12: the schema accepts every payload in which a review finds no error, and rejects
//! the others as far as a schema can.
//!
//! It follows from the product alone, as parsing and validation do: which members show an option of a mode, which
//! fields are asked then, and which checks a value must pass. Warnings are not in the schema: members that are
//! unknown, not asked, or next to the option that wins are allowed. A schema cannot express these checks, so it lets
//! them pass:
//!
//! - that the last digit of a card number is right, or that a card has expired; that a date exists in its year, or at
//!   all where it is not written year-month-day, or is in the allowed range of days; that an e-mail address is not
//!   too long; a postal code with its country, or a CVV with a card number without quotes;
//! - that a member occurs twice, and what the account knows.

mod modes;
mod node;
mod value;

use super::Form;
use crate::i18n::Translations;
use crate::product::catalog::{ANY_ROW, CatalogEntry, ConstraintKind};
use crate::product::{Condition, FieldId, Product, Requirement, RuleKind, Severity, ValueCheck};
use node::SchemaNode;
use serde_json::{Value, json};
use value::SchemaDefinitions;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

impl Form {
    /// Builds the schema of an order's payload, with titles and descriptions in the language of `lang`.
    pub fn json_schema(product: &Product, lang: &Translations) -> Value {
        let mut builder =
            SchemaBuilder { product, lang, root: SchemaNode::default(), definitions: SchemaDefinitions::default() };
        builder.add_head();
        for entry in product.catalog() {
            builder.add_entry(&entry);
        }
        builder.add_lists();
        let SchemaBuilder { mut root, definitions, .. } = builder;
        root.set_keyword("$defs", definitions.into_value());
        root.into_value()
    }
}

struct SchemaBuilder<'a> {
    product: &'a Product,
    lang: &'a Translations,
    root: SchemaNode,
    definitions: SchemaDefinitions,
}

/// Splits a JSON pointer into its names.
fn pointer_steps(pointer: &str) -> Vec<&str> {
    pointer.split('/').skip(1).collect()
}

/// Returns the names that lead to the object with the pointer's member.
fn parent_steps(pointer: &str) -> Vec<&str> {
    let mut path = pointer_steps(pointer);
    path.pop();
    path
}

impl SchemaBuilder<'_> {
    fn add_head(&mut self) {
        let id = format!("urn:zegel:{}", self.product.name_id);
        let title = self.product.title.in_language(self.lang.language);
        for (name, text) in [("$schema", DIALECT), ("$id", &id), ("title", title), ("type", "object")] {
            self.root.set_keyword(name, json!(text));
        }
    }

    fn add_entry(&mut self, entry: &CatalogEntry<'_>) {
        let Some(pointer) = &entry.pointer else {
            return self.add_mode(entry);
        };
        self.add_outline(entry, pointer);
        let value = value::value_schema(entry, &mut self.definitions);
        // A file rightly lacks a secret: it is asked for when the order is sent.
        let required = entry.field.required == Requirement::Yes && entry.field.secret.is_none();
        let path = pointer_steps(pointer);
        self.add_under_conditions(&entry.when, &parent_steps(pointer), |node, above| {
            let here = &path[above..];
            node.at_path(here).merge_schema(value);
            if required {
                node.require_path(here);
            }
        });
        self.add_sibling_rules(entry, pointer);
    }

    /// Adds what always holds: the types of the objects on the path, and the description of the member.
    fn add_outline(&mut self, entry: &CatalogEntry<'_>, pointer: &str) {
        let path = pointer_steps(pointer);
        for length in 1..path.len() {
            let kind = if path[length] == ANY_ROW { "array" } else { "object" };
            self.root.at_path(&path[..length]).set_keyword("type", json!(kind));
        }
        if let Some(title) = &entry.group.title {
            self.root
                .at_path(&pointer_steps(entry.group.at))
                .set_keyword("title", json!(title.in_language(self.lang.language)));
        }
        let leaf = self.root.at_path(&path);
        // Of several fields at one pointer the first describes it.
        if leaf.is_empty() {
            value::describe_member(leaf, entry, self.lang);
        }
    }

    /// Adds what a list needs, whatever else is asked.
    fn add_lists(&mut self) {
        for group in self.product.groups {
            if let Some(many) = group.many {
                let path = pointer_steps(group.at);
                self.root.at_path(&path).set_keyword("type", json!("array"));
                if many.min > 0 {
                    // Fewer rows than the minimum are an error only if there are none.
                    self.root.at_path(&path).set_keyword("minItems", json!(1));
                    self.root.require_path(&path);
                }
            }
        }
    }

    /// Lets `say` add a schema that holds under these conditions: at the nearest object that contains both this
    /// object and all members of the conditions. `say` also gets the number of steps that lead to that object.
    fn add_under_conditions(&mut self, when: &[&Condition], object: &[&str], say: impl FnOnce(&mut SchemaNode, usize)) {
        if when.is_empty() {
            return say(&mut self.root, 0);
        }
        let objects: Vec<Vec<String>> = when.iter().map(|on| self.object_path(on.field)).collect();
        let shared = |other: &Vec<String>| object.iter().zip(other).take_while(|(a, b)| **a == b.as_str()).count();
        let above = objects.iter().map(shared).min().unwrap_or_default();
        if let Some(condition) = self.condition_schema(when, above) {
            say(self.root.at_path(&object[..above]).branch_for(condition), above);
        }
    }

    /// Returns the path of the object that contains a field, or that a mode is read from.
    fn object_path(&self, field: FieldId) -> Vec<String> {
        let group = self.product.group_of(field);
        parent_steps(&group.member_pointer("")).into_iter().map(str::to_owned).collect()
    }

    /// Returns the schema of an object in which these conditions hold; `None` if no payload can show it.
    fn condition_schema(&self, when: &[&Condition], above: usize) -> Option<Value> {
        let mut node = SchemaNode::default();
        for on in when {
            let object = self.object_path(on.field);
            let path: Vec<&str> = object[above..].iter().map(String::as_str).collect();
            let field = &self.product[on.field];
            if path.contains(&ANY_ROW) {
                return None;
            }
            node.require_path(&path);
            let there = node.at_path(&path);
            match &field.at {
                None => there.add_all_of(modes::option_schema(field, on.is)?),
                Some(name) => {
                    there.require_path(&[name]);
                    there.at_path(&[name]).merge_schema(value::one_of_schema(field.kind, on.is));
                }
            }
        }
        Some(node.into_value())
    }

    /// Adds the members that an option of a mode needs, and the options that exclude each other.
    fn add_mode(&mut self, entry: &CatalogEntry<'_>) {
        let object = self.object_path(entry.id);
        let path: Vec<&str> = object.iter().map(String::as_str).collect();
        self.add_rules(&entry.when, &path, modes::mode_rules(entry.field));
    }

    /// Adds the checks of a value against another value in the same object.
    fn add_sibling_rules(&mut self, entry: &CatalogEntry<'_>, pointer: &str) {
        let mut rules = Vec::new();
        for limit in entry.constraints.iter().filter(|limit| limit.level == Severity::Error && limit.when.is_empty()) {
            match limit.is {
                ConstraintKind::Check(ValueCheck::Cvv(card)) => {
                    rules.extend(self.sibling_names(entry, *card).map(|(cvv, card)| value::cvv_schema(cvv, card)));
                }
                ConstraintKind::Rule(RuleKind::TotalMax { fields, max }) => {
                    let other = fields.iter().find(|field| **field != entry.id).filter(|_| fields.len() == 2);
                    let names = other.and_then(|other| self.sibling_names(entry, *other));
                    rules
                        .extend(names.into_iter().flat_map(|(at, other)| value::total_length_schemas(at, other, *max)));
                }
                _ => {}
            }
        }
        self.add_rules(&entry.when, &parent_steps(pointer), rules);
    }

    /// Adds rules to an object, under these conditions.
    fn add_rules(&mut self, when: &[&Condition], object: &[&str], rules: Vec<Value>) {
        if !rules.is_empty() {
            self.add_under_conditions(when, object, |node, above| {
                let node = node.at_path(&object[above..]);
                for rule in rules {
                    node.add_all_of(rule);
                }
            });
        }
    }

    /// Returns the names of two members, if both are in one object.
    fn sibling_names<'b>(&'b self, entry: &'b CatalogEntry<'_>, other: FieldId) -> Option<(&'b str, &'b str)> {
        let other = &self.product[other];
        (other.group == entry.field.group).then_some((entry.field.at?, other.at?))
    }
}
