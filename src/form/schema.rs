//! A product as JSON Schema 2020-12: it accepts every payload in which a review finds no error, and rejects what a
//! schema can of the others.
//!
//! It follows from the product alone, as reading and checking do: which members tell a mode, what is asked then, and
//! what a value is held to. Warnings are no matter of it: members that are unknown, not asked or beside the option that
//! wins stay free. What a schema cannot say, and so lets pass:
//!
//! - that a card number's last digit is right, or that a card is past; that a date exists in its year, or at all where
//!   it is not written year-month-day, or lies so many days ahead; that an address for e-mail is not too long; a postal code beside its country, or a CVV beside a card
//!   number without quotes;
//! - that a member stands twice, or what the account knows.

mod node;
mod told;
mod value;

use super::Form;
use crate::lang::Lang;
use crate::product::catalog::{Entry, LimitKind, ROW};
use crate::product::{Check, Condition, FieldId, Level, Product, Required, RuleKind};
use node::Node;
use serde_json::{Value, json};
use value::Definitions;

/// The dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

impl Form {
    /// The schema of an order's payload, titles and descriptions in the language of these texts.
    pub fn schema(product: &Product, lang: &Lang) -> Value {
        let mut builder = Builder { product, lang, root: Node::default(), definitions: Definitions::default() };
        builder.head();
        for entry in product.catalog() {
            builder.entry(&entry);
        }
        builder.lists();
        let Builder { mut root, definitions, .. } = builder;
        root.set("$defs", definitions.into_value());
        root.into_value()
    }
}

struct Builder<'a> {
    product: &'a Product,
    lang: &'a Lang,
    root: Node,
    definitions: Definitions,
}

/// The names that lead to a pointer.
fn steps(pointer: &str) -> Vec<&str> {
    pointer.split('/').skip(1).collect()
}

/// The names that lead to the object in which a pointer's member stands.
fn parent(pointer: &str) -> Vec<&str> {
    let mut path = steps(pointer);
    path.pop();
    path
}

impl Builder<'_> {
    fn head(&mut self) {
        let id = format!("urn:zegel:{}", self.product.name_id);
        let title = self.product.title.in_language(self.lang.language);
        for (name, text) in [("$schema", DIALECT), ("$id", &id), ("title", title), ("type", "object")] {
            self.root.set(name, json!(text));
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        let Some(pointer) = &entry.pointer else {
            return self.mode(entry);
        };
        self.outline(entry, pointer);
        let value = value::of(entry, &mut self.definitions);
        // A file rightly lacks a secret: it is asked for when the order is sent.
        let required = entry.field.required == Required::Yes && entry.field.secret.is_none();
        let path = steps(pointer);
        self.under(&entry.when, &parent(pointer), |node, above| {
            let here = &path[above..];
            node.at(here).hold(value);
            if required {
                node.require(here);
            }
        });
        self.beside(entry, pointer);
    }

    /// What holds in any case: the types of the objects on the way, and what the member is.
    fn outline(&mut self, entry: &Entry<'_>, pointer: &str) {
        let path = steps(pointer);
        for length in 1..path.len() {
            let kind = if path[length] == ROW { "array" } else { "object" };
            self.root.at(&path[..length]).set("type", json!(kind));
        }
        if let Some(title) = &entry.group.title {
            self.root.at(&steps(&entry.group.at)).set("title", json!(title.in_language(self.lang.language)));
        }
        let leaf = self.root.at(&path);
        // Of several fields at one pointer the first describes it.
        if leaf.is_empty() {
            value::describe(leaf, entry, self.lang);
        }
    }

    /// What a list needs, whatever else is asked.
    fn lists(&mut self) {
        for group in &self.product.groups {
            if let Some(many) = group.many {
                let path = steps(&group.at);
                self.root.at(&path).set("type", json!("array"));
                if many.min > 0 {
                    // Fewer rows than asked are an error only where there are none.
                    self.root.at(&path).set("minItems", json!(1));
                    self.root.require(&path);
                }
            }
        }
    }

    /// Lets something be said where these conditions hold: at the object that holds what they name and this object
    /// too. It is told how many steps lead to there.
    fn under(&mut self, when: &[&Condition], object: &[&str], say: impl FnOnce(&mut Node, usize)) {
        if when.is_empty() {
            return say(&mut self.root, 0);
        }
        let objects: Vec<Vec<String>> = when.iter().map(|on| self.object_of(on.field)).collect();
        let shared = |other: &Vec<String>| object.iter().zip(other).take_while(|(a, b)| **a == b.as_str()).count();
        let above = objects.iter().map(shared).min().unwrap_or_default();
        if let Some(condition) = self.condition(when, above) {
            say(self.root.at(&object[..above]).branch(condition), above);
        }
    }

    /// The object in which a field stands, or that a mode is read from.
    fn object_of(&self, field: FieldId) -> Vec<String> {
        let group = self.product.group_of(field);
        parent(&group.pointer("")).into_iter().map(str::to_owned).collect()
    }

    /// What an object looks like in which these conditions hold, or nothing where no payload can show it.
    fn condition(&self, when: &[&Condition], above: usize) -> Option<Value> {
        let mut node = Node::default();
        for on in when {
            let object = self.object_of(on.field);
            let path: Vec<&str> = object[above..].iter().map(String::as_str).collect();
            let field = &self.product[on.field];
            if path.contains(&ROW) {
                return None;
            }
            node.require(&path);
            let there = node.at(&path);
            match &field.at {
                None => there.also(told::by(field, &on.is)?),
                Some(name) => {
                    there.require(&[name]);
                    there.at(&[name]).hold(value::one_of(field.kind, &on.is));
                }
            }
        }
        Some(node.into_value())
    }

    /// What must be there for a mode to be told, and what excludes each other.
    fn mode(&mut self, entry: &Entry<'_>) {
        let object = self.object_of(entry.id);
        let path: Vec<&str> = object.iter().map(String::as_str).collect();
        self.all_of(&entry.when, &path, told::rules(entry.field));
    }

    /// What a value is held to beside another in the same object.
    fn beside(&mut self, entry: &Entry<'_>, pointer: &str) {
        let mut rules = Vec::new();
        for limit in entry.limits.iter().filter(|limit| limit.level == Level::Error && limit.when.is_empty()) {
            match limit.is {
                LimitKind::Check(Check::Cvv(card)) => {
                    rules.extend(self.neighbors(entry, *card).map(|(cvv, card)| value::cvv(cvv, card)));
                }
                LimitKind::Rule(RuleKind::TotalMax { fields, max }) => {
                    let other = fields.iter().find(|field| **field != entry.id).filter(|_| fields.len() == 2);
                    let names = other.and_then(|other| self.neighbors(entry, *other));
                    rules.extend(names.into_iter().flat_map(|(at, other)| value::total(at, other, *max)));
                }
                _ => {}
            }
        }
        self.all_of(&entry.when, &parent(pointer), rules);
    }

    /// Lets these hold of an object where the conditions do.
    fn all_of(&mut self, when: &[&Condition], object: &[&str], rules: Vec<Value>) {
        if !rules.is_empty() {
            self.under(when, object, |node, above| {
                let node = node.at(&object[above..]);
                for rule in rules {
                    node.also(rule);
                }
            });
        }
    }

    /// The names of two members, if they stand in one object.
    fn neighbors<'b>(&'b self, entry: &'b Entry<'_>, other: FieldId) -> Option<(&'b str, &'b str)> {
        let other = &self.product[other];
        (other.group == entry.field.group).then_some((entry.field.at.as_deref()?, other.at.as_deref()?))
    }
}
