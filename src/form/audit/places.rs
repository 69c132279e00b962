//! Where in a text a problem of the form stands, and what to say of what is not there at all.
//!
//! Whatever is absent is told once, at the nearest thing around it that is there. What is wrong is not decided here.

use super::{Finding, Oddity, Problem, Target};
use crate::form::{Fault, Form, Place, Row};
use crate::json::{Doc, Name, Value};
use crate::product::{FieldId, Level};
use std::collections::BTreeMap;
use std::ops::Range;

/// A text and the form that it makes.
pub(super) struct Places<'a> {
    pub(super) doc: &'a Doc,
    pub(super) form: &'a Form,
}

impl<'a> Places<'a> {
    /// Where a problem stands, as a pointer; a mode stands at a member by which it was read.
    fn pointer(&self, target: &Target) -> String {
        let product = self.form.product;
        match target {
            Target::Field(at) => self.form.pointer(*at).unwrap_or_else(|| self.mode(*at)),
            Target::Group(group) => product[*group].at.clone(),
            Target::Pointer(pointer) => pointer.clone(),
        }
    }

    /// The member that shows an option which does not count, or the object in which the choice is.
    fn mode(&self, at: Place) -> String {
        let product = self.form.product;
        let others = product[at.field].options.iter().filter(|option| option.id != self.form.text(at));
        let members = others.filter_map(|option| option.reads.as_ref()).flatten();
        let group = product.fields_of(product[at.field].group);
        let places: Vec<_> = group.map(|field| Place { field, row: at.row }).collect();
        let named = |name: &String| places.iter().find(|place| product[place.field].at.as_ref() == Some(name));
        let there = |pointer: &String| self.doc.pointer(pointer).is_some();
        let mut pointers = members.filter_map(named).filter_map(|place| self.form.pointer(*place));
        pointers.find(there).unwrap_or_else(|| product.group_of(at.field).at.clone())
    }

    /// Whether it is about something that is not in the text.
    pub(super) fn is_absent(&self, problem: &Problem) -> bool {
        self.doc.pointer(&self.pointer(&problem.target)).is_none()
    }

    /// A problem with something that is there.
    pub(super) fn finding(&self, problem: Problem) -> Finding {
        let Problem { target, level, fault, source } = problem;
        let pointer = self.pointer(&target);
        let doc = self.doc.pointer(&pointer);
        let whole = matches!(target, Target::Group(_)) || matches!(fault, Fault::Conflict(_) | Fault::Wins(..));
        let at = if whole { self.name(&pointer) } else { doc.map_or(0..0, |doc| doc.at.clone()) };
        let field = match target {
            Target::Field(at) if self.form.product[at.field].is_mode() => self.field_at(&pointer),
            Target::Field(at) => Some(at.field),
            Target::Group(_) | Target::Pointer(_) => None,
        };
        let null = doc.is_some_and(|doc| doc.value == Value::Null);
        let (what, source) = if null { (Oddity::Null.into(), None) } else { (fault.into(), source) };
        Finding { level, what, pointer, at, field, source }
    }

    /// What is not there: each object that is absent as a whole is told once, with what it needs.
    pub(super) fn missing(&self, absent: Vec<Problem>) -> Vec<Finding> {
        let mut whole: BTreeMap<String, Vec<(String, Problem)>> = BTreeMap::new();
        let mut found = Vec::new();
        for problem in absent {
            let pointer = self.pointer(&problem.target);
            match self.absent_parent(&pointer) {
                Some(parent) => whole.entry(parent.to_owned()).or_default().push((pointer, problem)),
                None => found.push(self.missing_one(pointer, problem)),
            }
        }
        found.extend(whole.into_iter().map(|(parent, problems)| self.missing_object(parent, &problems)));
        found
    }

    /// The outermost object around it that is not there either.
    fn absent_parent<'p>(&self, pointer: &'p str) -> Option<&'p str> {
        let ends = pointer.match_indices('/').map(|(at, _)| &pointer[..at]).skip(1);
        let mut parents = ends.filter(|parent| self.doc.pointer(parent).is_none());
        parents.next()
    }

    fn missing_one(&self, pointer: String, problem: Problem) -> Finding {
        let field = if let Target::Field(at) = problem.target { Some(at.field) } else { None };
        let at = self.around(&pointer);
        Finding { level: problem.level, what: problem.fault.into(), pointer, at, field, source: problem.source }
    }

    fn missing_object(&self, parent: String, problems: &[(String, Problem)]) -> Finding {
        let bad = |problem: &Problem| problem.level == Level::Error;
        let level = if problems.iter().any(|(_, problem)| bad(problem)) { Level::Error } else { Level::Warning };
        let needed = problems.iter().filter(|(_, problem)| problem.level == level);
        let mut names: Vec<&str> =
            needed.filter_map(|(pointer, _)| pointer[parent.len()..].split('/').nth(1)).collect();
        names.dedup();
        let oddity = Oddity::Missing(names.join(", "));
        let at = self.around(&parent);
        Finding::odd(level, oddity, parent, at, None)
    }

    /// The field of a pointer, outside lists.
    fn field_at(&self, pointer: &str) -> Option<FieldId> {
        let product = self.form.product;
        product.ids().find(|id| product.pointer(*id, None).as_deref() == Some(pointer))
    }

    /// What is left out because it is not asked.
    pub(super) fn left_out(&self, pointer: &str) -> Finding {
        Finding::odd(Level::Warning, Oddity::LeftOut, pointer.to_owned(), self.name(pointer), self.field_at(pointer))
    }

    /// Whether something is left out only because of a choice that is told as ambiguous anyway.
    pub(super) fn is_in_conflict(&self, pointer: &str) -> bool {
        self.form.conflicts.iter().any(|mode| self.steered(*mode).any(|there| begins(&there, pointer)))
    }

    /// The pointers of what is asked or not by a mode.
    fn steered(&self, mode: Place) -> impl Iterator<Item = String> + '_ {
        let product = self.form.product;
        let steers = move |field: &_| {
            let mut conditions = product.group_of(*field).when.iter().chain(&product[*field].when);
            conditions.any(|condition| condition.field == mode.field)
        };
        let place = move |field: FieldId| {
            let row = if product[field].group == product[mode.field].group { mode.row } else { Row::ONE };
            Place { field, row }
        };
        product.ids().filter(steers).filter_map(move |field| self.form.pointer(place(field)))
    }

    /// The name of what stands at a pointer; the value itself where it has none.
    fn name(&self, pointer: &str) -> Range<usize> {
        let (parent, last) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        let member = |doc: &'a Doc| match &doc.value {
            Value::Object(members) => members.iter().rev().find(|(name, _)| **name == *last).map(|(name, _)| name),
            _ => None,
        };
        let name: Option<&Name> = self.doc.pointer(parent).and_then(member);
        let value = || self.doc.pointer(pointer).map_or(0..0, |doc| doc.at.clone());
        name.map_or_else(value, |name| name.at.clone())
    }

    /// The name of the nearest thing around a pointer that is there; the opening bracket of the whole.
    fn around(&self, pointer: &str) -> Range<usize> {
        let ends = pointer.match_indices('/').map(|(at, _)| &pointer[..at]).skip(1);
        let parent = ends.filter(|parent| self.doc.pointer(parent).is_some()).last();
        let start = self.doc.at.start;
        parent.map_or(start..start + 1, |parent| self.name(parent))
    }
}

/// Whether a pointer leads to the other or into it.
pub(super) fn begins(pointer: &str, other: &str) -> bool {
    pointer.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
