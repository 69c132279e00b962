//! From a payload back to values. What the form does not know stays behind as a skeleton, in its place.
//!
//! Reading adds nothing: a fixed, default or blank member that the payload lacks stays absent and is a problem
//! until the person accepts it. Four things are normalized and listed: ids sent as strings become integers, and so do
//! whole numbers that are spelled otherwise; a postal code sent as a number becomes a text; and members that are not asked
//! are left out. Writing what was read gives it back otherwise unchanged.

use super::payload::{self, Skeleton, Slot};
use super::{Form, Held, Place, Row};
use crate::json::{self, Doc, Name, Value};
use crate::product::shape::{Member, Shape};
use crate::product::{Conflict, Field, FieldId, GroupId, Kind, Part, Product};
use crate::secret::Secret;
use zeroize::Zeroizing;

/// The largest number that is read as a postal code: none has more than ten digits.
pub(in crate::form) const LARGEST_CODE: u64 = 9_999_999_999;

/// A payload that was read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The form that it makes.
    pub form: Form,
    /// What is not as it was, each once.
    pub notes: Vec<Note>,
}

/// Something that reading changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The string at this pointer is sent as an integer.
    Integer(String),
    /// The number at this pointer is whole, and is spelled so.
    Whole(String),
    /// The number at this pointer is sent as a text.
    Text(String),
    /// What stands at this pointer is not asked, and is left out.
    LeftOut(String),
}

/// A payload is a JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order is a JSON object")]
pub struct NotAnObject;

impl Form {
    /// Reads a payload.
    ///
    /// # Errors
    /// Where it is not an object.
    pub fn read(product: &'static Product, doc: &Doc) -> Result<Reading, NotAnObject> {
        let Value::Object(members) = &doc.value else { return Err(NotAnObject) };
        let mut reader = Reader::new(product);
        let skeleton = reader.object(members, &product.shape, Row::ONE, "");
        reader.form.skeleton = Some(skeleton);
        reader.modes();
        reader.left_out();
        Ok(Reading { form: reader.form, notes: reader.notes })
    }
}

pub(super) struct Reader {
    pub(super) form: Form,
    notes: Vec<Note>,
}

impl Reader {
    pub(super) fn new(product: &'static Product) -> Self {
        Self { form: Form::empty(product), notes: Vec::new() }
    }

    fn object(&mut self, members: &[(Name, Doc)], shape: &Shape, row: Row, path: &str) -> Skeleton {
        let last = |at: usize, name: &Name| members[at + 1..].iter().all(|(later, _)| later != name);
        let mut skeleton = Skeleton::with_capacity(members.len());
        for (at, (name, doc)) in members.iter().enumerate() {
            if last(at, name) {
                let path = format!("{path}/{}", name.text);
                skeleton.push((name.text.clone(), self.slot(shape.member(name).map(|(_, m)| m), doc, row, &path)));
            }
        }
        skeleton
    }

    /// Takes the value of one member over, and answers what remains in its place.
    pub(super) fn slot(&mut self, member: Option<&Member>, doc: &Doc, row: Row, path: &str) -> Slot {
        match (member, &doc.value) {
            (Some(Member::Leaf(fields)), _) => {
                self.leaf(fields[0], doc, row, path);
                Slot::Held
            }
            (Some(Member::Object(shape)), Value::Object(members)) => {
                Slot::Object(self.object(members, shape, row, path))
            }
            (Some(Member::List(group, shape)), Value::List(rows)) => {
                for (index, doc) in rows.iter().enumerate() {
                    self.row(*group, shape, doc, &format!("{path}/{index}"));
                }
                Slot::List
            }
            _ => Slot::Foreign(doc.clone()),
        }
    }

    fn row(&mut self, group: GroupId, shape: &Shape, doc: &Doc, path: &str) {
        let row = self.form.bare_row(group);
        let slot = match &doc.value {
            Value::Object(members) => Slot::Object(self.object(members, shape, row, path)),
            _ => Slot::Foreign(doc.clone()),
        };
        self.form.row_skeletons.insert(row, slot);
    }

    fn leaf(&mut self, field: FieldId, doc: &Doc, row: Row, path: &str) {
        let at = Place { field, row };
        let declared = &self.form.product[field];
        if declared.secret.is_some() {
            return self.secret(at, doc, path);
        }
        let held = text_of(declared, doc).map_or_else(|| Held::Odd(doc.clone()), Held::Text);
        self.notes.extend(normalized(declared, doc, &held).map(|note| note(path.to_owned())));
        self.form.values.insert(at, held);
    }

    /// A secret is never kept as something that could be shown: what is neither text nor number is left out.
    fn secret(&mut self, at: Place, doc: &Doc, path: &str) {
        match &doc.value {
            Value::Text(text) => {
                self.form.secrets.insert(at, Secret::from(text.as_str()));
            }
            Value::Number(text) => {
                let digits = Zeroizing::new(json::whole(text).map(|number| number.to_string()).unwrap_or_default());
                let digits = if digits.is_empty() { text } else { &*digits };
                self.form.secrets.insert(at, Secret::from(digits.as_str()));
            }
            _ => {
                // That something stood there makes it wrong, and not merely missing.
                self.form.secrets.insert(at, Secret::new());
                self.notes.push(Note::LeftOut(path.to_owned()));
            }
        }
    }

    /// Gives each mode that has none the option that the payload shows.
    pub(super) fn modes(&mut self) {
        let product = self.form.product;
        for field in product.ids().filter(|id| product[*id].is_mode()) {
            for row in self.form.rows(product[field].group).to_vec() {
                let at = Place { field, row };
                if !self.form.values.contains_key(&at) {
                    self.mode(at);
                }
            }
        }
    }

    fn mode(&mut self, at: Place) {
        let declared = &self.form.product[at.field];
        let shown: Vec<usize> = declared.options.iter().map(|option| self.shown(at, option.reads.as_deref())).collect();
        let most = shown.iter().copied().max().unwrap_or(0);
        let best = |count: &usize| *count == most;
        let option = if most > 0 {
            shown.iter().position(best).map(|index| &declared.options[index])
        } else {
            self.supported(at, declared)
        };
        if most > 0 && shown.iter().filter(|count| best(count)).count() > 1 {
            self.form.conflicts.insert(at);
        }
        if let Some(id) = option.map(|option| option.id.clone()).or_else(|| declared.default.clone()) {
            self.form.values.insert(at, Held::Text(id));
        }
    }

    /// How many members show an option: all that it reads, or none.
    fn shown(&self, at: Place, reads: Option<&[String]>) -> usize {
        let reads = reads.unwrap_or_default();
        let group = self.form.product[at.field].group;
        let present = |name: &String| {
            let fields = self.form.product.fields_of(group);
            let mut named = fields.filter(|field| self.form.product[*field].at.as_ref() == Some(name));
            named.any(|field| self.form.values.contains_key(&Place { field, row: at.row }))
        };
        if reads.iter().all(present) { reads.len() } else { 0 }
    }

    /// Without the members that tell, the option under which most of what is there would be asked; where nothing
    /// is there, the one that reads nothing.
    fn supported<'a>(&self, at: Place, mode: &'a Field) -> Option<&'a crate::product::Choice> {
        let support = |id: &str| {
            let here = self.form.values.keys().filter(|place| place.row == at.row || at.row == Row::ONE);
            here.filter(|place| self.depends(place.field, at.field, id)).count()
        };
        let counted: Vec<_> = mode.options.iter().map(|option| (support(&option.id), option)).collect();
        let most = counted.iter().map(|(count, _)| *count).max().filter(|count| *count > 0);
        match most {
            Some(most) => counted.into_iter().find(|(count, _)| *count == most).map(|(_, option)| option),
            None => mode.options.iter().find(|option| option.reads.as_ref().is_some_and(Vec::is_empty)),
        }
    }

    fn depends(&self, field: FieldId, mode: FieldId, option: &str) -> bool {
        let declared = &self.form.product[field];
        let conditions = self.form.product[declared.group].when.iter().chain(&declared.when);
        conditions.into_iter().any(|c| c.field == mode && c.is.iter().any(|word| word == option))
    }

    /// Lists what is present and not asked. An object of which nothing is asked is listed whole.
    fn left_out(&mut self) {
        let form = &self.form;
        let mut found = Vec::new();
        if let Some(skeleton) = &form.skeleton {
            unasked(form, &form.product.shape, skeleton, Row::ONE, "", &mut found);
        }
        self.notes.extend(found.into_iter().map(Note::LeftOut));
    }
}

fn unasked(form: &Form, shape: &Shape, skeleton: &Skeleton, row: Row, path: &str, found: &mut Vec<String>) {
    for (name, slot) in skeleton {
        let path = format!("{path}/{name}");
        match (shape.member(name).map(|(_, member)| member), slot) {
            (Some(Member::Object(shape)), _) if payload::hidden(form, shape, row) => found.push(path),
            (Some(Member::Object(shape)), Slot::Object(inner)) => unasked(form, shape, inner, row, &path, found),
            (Some(Member::List(group, shape)), Slot::List) => unasked_rows(form, *group, shape, &path, found),
            (Some(Member::Leaf(fields)), Slot::Held)
                if !fields.iter().any(|field| form.visible(Place { field: *field, row })) =>
            {
                found.push(path);
            }
            _ => {}
        }
    }
}

fn unasked_rows(form: &Form, group: GroupId, shape: &Shape, path: &str, found: &mut Vec<String>) {
    for (index, row) in form.rows(group).iter().enumerate() {
        if let Some(Slot::Object(skeleton)) = form.row_skeletons.get(row) {
            unasked(form, shape, skeleton, *row, &format!("{path}/{index}"), found);
        }
    }
}

/// The text that a field holds for what was read, if it can hold it.
fn text_of(field: &Field, doc: &Doc) -> Option<String> {
    match (field.kind, &doc.value) {
        (Kind::Integer, Value::Text(text)) if canonical(text) => Some(text.clone()),
        (Kind::Integer, Value::Number(text)) => json::whole(text).map(|number| number.to_string()),
        (Kind::Text, Value::Number(text)) if field.part == Some(Part::Zip) => {
            json::whole(text).filter(|number| *number <= LARGEST_CODE).map(|number| number.to_string())
        }
        (Kind::Bool | Kind::Consent, Value::Bool(value)) => Some(value.to_string()),
        (Kind::Text | Kind::Choice | Kind::Date | Kind::Country, Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// What is not as it was, if a field holds a value that was read as a text of another type or spelling.
fn normalized(field: &Field, doc: &Doc, held: &Held) -> Option<fn(String) -> Note> {
    let Held::Text(text) = held else { return None };
    match (field.kind, &doc.value) {
        (Kind::Integer, Value::Text(_)) => Some(Note::Integer),
        (Kind::Integer, Value::Number(number)) if number != text => Some(Note::Whole),
        (Kind::Text, Value::Number(_)) => Some(Note::Text),
        _ => None,
    }
}

/// Whether an integer is spelled as it would be sent.
fn canonical(text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|number| number.to_string() == text)
}

/// How several shown options of a mode are judged.
pub(super) fn conflict(field: &Field) -> Option<Conflict> {
    match field.kind {
        Kind::Mode(conflict) => Some(conflict),
        _ => None,
    }
}
