//! The places of the form's problems in a text, and the findings about members that are absent.
//!
//! Each absent member is reported once, at the nearest enclosing member that is present. Validation decides what is
//! wrong.

use super::{LintFinding, Problem, ProblemTarget, TextProblem};
use crate::form::{FieldPlace, Form, ProblemKind, RowKey};
use crate::json::{JsonNode, JsonValue, MemberName};
use crate::product::{FieldId, Severity};
use std::collections::BTreeMap;
use std::ops::Range;

/// A text and the form that it makes.
pub(super) struct ProblemLocator<'a> {
    pub(super) doc: &'a JsonNode,
    pub(super) form: &'a Form,
}

impl<'a> ProblemLocator<'a> {
    /// Returns the JSON pointer of a problem. For a mode it is a member that shows one of its options.
    fn target_pointer(&self, target: &ProblemTarget) -> String {
        let product = self.form.product;
        match target {
            ProblemTarget::Field(at) => self.form.json_pointer(*at).unwrap_or_else(|| self.mode_pointer(*at)),
            ProblemTarget::Group(group) => product[*group].at.to_owned(),
            ProblemTarget::Pointer(pointer) => pointer.clone(),
        }
    }

    /// Returns the pointer of a member that shows an option which does not count, or of the object with the choice.
    fn mode_pointer(&self, at: FieldPlace) -> String {
        let product = self.form.product;
        let others = product[at.field].options.iter().filter(|option| option.id != self.form.text(at));
        let members = others.filter_map(|option| option.reads).flatten();
        let group = product.fields_of(product[at.field].group);
        let places: Vec<_> = group.map(|field| FieldPlace { field, row: at.row }).collect();
        let named = |name: &&'static str| places.iter().find(|place| product[place.field].at == Some(name));
        let there = |pointer: &String| self.doc.pointer(pointer).is_some();
        let mut pointers = members.filter_map(named).filter_map(|place| self.form.json_pointer(*place));
        pointers.find(there).unwrap_or_else(|| product.group_of(at.field).at.to_owned())
    }

    /// Returns true if the problem is about something that is not in the text.
    pub(super) fn is_absent(&self, problem: &Problem) -> bool {
        self.doc.pointer(&self.target_pointer(&problem.target)).is_none()
    }

    /// Returns the finding of a problem whose member is in the text.
    pub(super) fn locate_present(&self, problem: Problem) -> LintFinding {
        let Problem { target, level, kind: fault, source } = problem;
        let pointer = self.target_pointer(&target);
        let doc = self.doc.pointer(&pointer);
        let whole = matches!(target, ProblemTarget::Group(_))
            || matches!(fault, ProblemKind::Conflict(_) | ProblemKind::FirstOptionWins(..));
        let at = if whole { self.name_span(&pointer) } else { doc.map_or(0..0, |doc| doc.span.clone()) };
        let field = match target {
            ProblemTarget::Field(at) if self.form.product[at.field].is_mode() => self.find_field_at(&pointer),
            ProblemTarget::Field(at) => Some(at.field),
            ProblemTarget::Group(_) | ProblemTarget::Pointer(_) => None,
        };
        let null = doc.is_some_and(|doc| doc.value == JsonValue::Null);
        let (what, source) = if null { (TextProblem::Null.into(), None) } else { (fault.into(), source) };
        LintFinding { level, kind: what, pointer, span: at, field, source }
    }

    /// Returns the findings of absent members: an object that is absent as a whole is reported once, with the members
    /// that it needs.
    pub(super) fn locate_absent(&self, absent: Vec<Problem>) -> Vec<LintFinding> {
        let mut whole: BTreeMap<String, Vec<(String, Problem)>> = BTreeMap::new();
        let mut found = Vec::new();
        for problem in absent {
            let pointer = self.target_pointer(&problem.target);
            match self.absent_parent(&pointer) {
                Some(parent) => whole.entry(parent.to_owned()).or_default().push((pointer, problem)),
                None => found.push(self.missing_member_finding(pointer, problem)),
            }
        }
        found.extend(whole.into_iter().map(|(parent, problems)| self.missing_object_finding(parent, &problems)));
        found
    }

    /// Returns the outermost enclosing object that is absent too.
    fn absent_parent<'p>(&self, pointer: &'p str) -> Option<&'p str> {
        let ends = pointer.match_indices('/').map(|(at, _)| &pointer[..at]).skip(1);
        let mut parents = ends.filter(|parent| self.doc.pointer(parent).is_none());
        parents.next()
    }

    fn missing_member_finding(&self, pointer: String, problem: Problem) -> LintFinding {
        let field = if let ProblemTarget::Field(at) = problem.target { Some(at.field) } else { None };
        let at = self.nearest_span(&pointer);
        LintFinding {
            level: problem.level,
            kind: problem.kind.into(),
            pointer,
            span: at,
            field,
            source: problem.source,
        }
    }

    fn missing_object_finding(&self, parent: String, problems: &[(String, Problem)]) -> LintFinding {
        let bad = |problem: &Problem| problem.level == Severity::Error;
        let level = if problems.iter().any(|(_, problem)| bad(problem)) { Severity::Error } else { Severity::Warning };
        let needed = problems.iter().filter(|(_, problem)| problem.level == level);
        let mut names: Vec<&str> =
            needed.filter_map(|(pointer, _)| pointer[parent.len()..].split('/').nth(1)).collect();
        names.dedup();
        let oddity = TextProblem::Missing(names.join(", "));
        let at = self.nearest_span(&parent);
        LintFinding::from_text_problem(level, oddity, parent, at, None)
    }

    /// Returns the field of a pointer, outside lists.
    fn find_field_at(&self, pointer: &str) -> Option<FieldId> {
        let product = self.form.product;
        product.field_ids().find(|id| product.json_pointer(*id, None).as_deref() == Some(pointer))
    }

    /// Returns the finding of a member that is left out because it is not asked.
    pub(super) fn left_out_finding(&self, pointer: &str) -> LintFinding {
        LintFinding::from_text_problem(
            Severity::Warning,
            TextProblem::LeftOut,
            pointer.to_owned(),
            self.name_span(pointer),
            self.find_field_at(pointer),
        )
    }

    /// Returns true if a member is left out only because of a choice that is already reported as ambiguous.
    pub(super) fn is_in_conflict(&self, pointer: &str) -> bool {
        self.form
            .mode_conflicts
            .iter()
            .any(|mode| self.pointers_under_mode(*mode).any(|there| is_at_or_below(&there, pointer)))
    }

    /// Returns the pointers of the fields that depend on a mode.
    fn pointers_under_mode(&self, mode: FieldPlace) -> impl Iterator<Item = String> + '_ {
        let product = self.form.product;
        let steers = move |field: &_| {
            let mut conditions = product.group_of(*field).when.iter().chain(product[*field].when);
            conditions.any(|condition| condition.field == mode.field)
        };
        let place = move |field: FieldId| {
            let row = if product[field].group == product[mode.field].group { mode.row } else { RowKey::SINGLE };
            FieldPlace { field, row }
        };
        product.field_ids().filter(steers).filter_map(move |field| self.form.json_pointer(place(field)))
    }

    /// Returns the span of the member name at a pointer, or of the value itself if it has no name.
    fn name_span(&self, pointer: &str) -> Range<usize> {
        let (parent, last) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        let member = |doc: &'a JsonNode| match &doc.value {
            JsonValue::Object(members) => members.iter().rev().find(|(name, _)| **name == *last).map(|(name, _)| name),
            _ => None,
        };
        let name: Option<&MemberName> = self.doc.pointer(parent).and_then(member);
        let value = || self.doc.pointer(pointer).map_or(0..0, |doc| doc.span.clone());
        name.map_or_else(value, |name| name.span.clone())
    }

    /// Returns the span of the nearest enclosing member name that is present; the opening bracket for the whole text.
    fn nearest_span(&self, pointer: &str) -> Range<usize> {
        let ends = pointer.match_indices('/').map(|(at, _)| &pointer[..at]).skip(1);
        let parent = ends.filter(|parent| self.doc.pointer(parent).is_some()).last();
        let start = self.doc.span.start;
        parent.map_or(start..start + 1, |parent| self.name_span(parent))
    }
}

/// Returns true if a pointer is the other one or leads into it.
pub(super) fn is_at_or_below(pointer: &str, other: &str) -> bool {
    pointer.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
