//! Through the text's own tree: members that stand twice or are not known, characters that should not be in them, and
//! where secrets stand.
//!
//! Values of fields are judged by the form, and not here.

use super::{Finding, Oddity, names, secrets};
use crate::form::Fault;
use crate::form::check::shows_card;
use crate::form::withhold::{private_below, private_here};
use crate::json::{self, Doc, Name, Value};
use crate::product::shape::{Member, Shape};
use crate::product::{FieldId, Level, Product};
use crate::text;
use std::ops::Range;

/// The way through one text.
pub(super) struct Walk {
    product: &'static Product,
    /// The names and numbers that lead to where it is, as a pointer has them.
    path: String,
    pub(super) findings: Vec<Finding>,
    pub(super) secrets: Vec<Range<usize>>,
}

impl Walk {
    pub(super) fn new(product: &'static Product) -> Self {
        Self { product, path: String::new(), findings: Vec::new(), secrets: Vec::new() }
    }

    /// Goes one step down, and back.
    fn within(&mut self, step: &str, go: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        json::push_step(&mut self.path, step);
        go(self);
        self.path.truncate(length);
    }

    /// A name as a pointer may have it. One that may be a secret is hidden.
    fn step<'a>(&mut self, name: &'a Name, private: bool) -> &'a str {
        if shows_card(name) || private && secrets::has_digits(name) {
            self.secrets.push(name.at.clone());
            return "***";
        }
        name
    }

    fn find(&mut self, level: Level, oddity: Oddity, at: &Range<usize>, field: Option<FieldId>) {
        self.findings.push(Finding::odd(level, oddity, self.path.clone(), at.clone(), field));
    }

    pub(super) fn object(&mut self, members: &[(Name, Doc)], shape: &Shape) {
        let private = private_here(self.product, shape);
        for (index, (name, doc)) in members.iter().enumerate() {
            let step = self.step(name, private && shape.member(name).is_none());
            self.within(step, |walk| {
                if members[..index].iter().any(|(earlier, _)| earlier == name) {
                    walk.find(Level::Error, Oddity::Duplicate, &name.at, None);
                }
                // Of two the last counts.
                if members[index + 1..].iter().all(|(later, _)| later != name) {
                    walk.member(name, doc, (members, shape));
                } else if walk.is_private(name, shape) {
                    walk.hide(doc);
                } else {
                    walk.foreign(doc);
                }
            });
        }
    }

    /// One member of an object of this shape, beside the others.
    fn member(&mut self, name: &Name, doc: &Doc, (members, shape): (&[(Name, Doc)], &Shape)) {
        match (shape.member(name).map(|(_, member)| member), &doc.value) {
            (Some(Member::Leaf(fields)), _) => self.leaf(fields[0], doc),
            (Some(Member::Object(shape)), Value::Object(members)) => self.object(members, shape),
            (Some(Member::List(_, shape)), Value::List(rows)) => self.rows(rows, shape),
            (Some(_), _) if self.is_private(name, shape) => self.hide(doc),
            (Some(_), _) => self.foreign(doc),
            (None, _) => self.unknown(name, doc, (members, shape)),
        }
    }

    fn rows(&mut self, rows: &[Doc], shape: &Shape) {
        for (index, row) in rows.iter().enumerate() {
            self.within(&index.to_string(), |walk| match &row.value {
                Value::Object(members) => walk.object(members, shape),
                _ => walk.foreign(row),
            });
        }
    }

    fn leaf(&mut self, field: FieldId, doc: &Doc) {
        if self.product[field].secret.is_some() {
            self.secrets.push(doc.at.clone());
            self.find(Level::Warning, Oddity::CardData, &doc.at, Some(field));
        } else if matches!(doc.value, Value::List(_) | Value::Object(_)) {
            self.foreign(doc);
        } else if !self.card(doc, Some(field)) && !self.product.group_of(field).keep && secrets::may_be_one(doc) {
            // The values of a card's members get mixed up.
            self.secrets.push(doc.at.clone());
        }
    }

    /// What looks like a card number where none belongs. Answers whether it does.
    fn card(&mut self, doc: &Doc, field: Option<FieldId>) -> bool {
        let shown = matches!(&doc.value, Value::Text(text) | Value::Number(text) if shows_card(text));
        if shown {
            self.secrets.push(doc.at.clone());
            self.find(Level::Warning, Oddity::CardData, &doc.at, field);
        }
        shown
    }

    fn unknown(&mut self, name: &Name, doc: &Doc, (members, shape): (&[(Name, Doc)], &Shape)) {
        let here: String = self
            .path
            .split('/')
            .filter(|step| step.parse::<usize>().is_err())
            .skip(1)
            .fold(String::new(), |path, step| path + "/" + step);
        let is_there = |known: &str| members.iter().any(|(name, _)| **name == *known);
        let oddity = if self.product.elsewhere.contains(&here) {
            Oddity::Elsewhere
        } else {
            Oddity::Unknown(names::meant(name, shape, is_there).map(str::to_owned))
        };
        self.find(Level::Warning, oddity, &name.at, None);
        if private_here(self.product, shape) { self.hide(doc) } else { self.named(name, doc) }
    }

    /// Through what the form does not know.
    fn foreign(&mut self, doc: &Doc) {
        self.characters(doc);
        self.card(doc, None);
        match &doc.value {
            Value::List(rows) => {
                for (index, row) in rows.iter().enumerate() {
                    self.within(&index.to_string(), |walk| walk.foreign(row));
                }
            }
            Value::Object(members) => {
                for (name, doc) in members {
                    let step = self.step(name, false);
                    self.within(step, |walk| walk.named(name, doc));
                }
            }
            _ => {}
        }
    }

    /// A member that the form does not know. A secret may go by its usual name all the same.
    fn named(&mut self, name: &Name, doc: &Doc) {
        if secrets::is_named(self.product, name) {
            self.hide(doc);
        } else {
            self.foreign(doc);
        }
    }

    /// Whether a secret belongs there, or below.
    fn is_private(&self, name: &str, shape: &Shape) -> bool {
        match shape.member(name).map(|(_, member)| member) {
            Some(Member::Leaf(fields)) => self.product[fields[0]].secret.is_some(),
            Some(Member::Object(shape) | Member::List(_, shape)) => private_below(self.product, shape),
            None => private_here(self.product, shape),
        }
    }

    fn characters(&mut self, doc: &Doc) {
        let Value::Text(said) = &doc.value else { return };
        let fault = if said.chars().any(char::is_control) {
            (Level::Error, Fault::Control)
        } else if said.chars().any(text::is_hidden) {
            (Level::Warning, Fault::Unseen)
        } else {
            return;
        };
        let (pointer, at) = (self.path.clone(), doc.at.clone());
        self.findings.push(Finding { level: fault.0, what: fault.1.into(), pointer, at, field: None, source: None });
    }

    /// Nobody is to see what stands in this.
    fn hide(&mut self, doc: &Doc) {
        self.secrets.push(doc.at.clone());
    }
}
