//! Parsing: from a payload to the values of a form. Members that the form does not know stay in a skeleton.
//!
//! Parsing adds nothing: a fixed, default or blank member that the payload lacks stays absent and is a problem until
//! the person accepts it. Four things are normalized and listed: ids sent as strings become integers; whole numbers
//! in another spelling become plain integers; a postal code sent as a number becomes a text; and members that are not
//! asked are left out. Otherwise, writing the parsed payload gives it back unchanged.

use super::payload_tree::{self, PayloadSkeleton, SkeletonSlot};
use super::{FieldPlace, FieldValue, Form, RowKey};
use crate::json::{self, JsonNode, JsonValue, MemberName};
use crate::product::payload_shape::{PayloadMember, PayloadShape};
use crate::product::{AddressPart, Field, FieldId, GroupId, ModeConflict, Product, ValueKind};
use crate::secret::Secret;
use zeroize::Zeroizing;

/// The largest number that is read as a postal code: none has more than ten digits.
pub(in crate::form) const MAX_POSTAL_CODE: u64 = 9_999_999_999;

#[derive(Debug, Clone)]
pub struct ParsedPayload {
    pub form: Form,
    /// The changes that parsing made, each once.
    pub normalizations: Vec<Normalization>,
}

/// A change that parsing makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Normalization {
    /// The string at this pointer is sent as an integer.
    TextToInteger(String),
    /// The number at this pointer is whole, and is sent without a point or exponent.
    WholeNumber(String),
    /// The number at this pointer is sent as a text.
    NumberToText(String),
    /// The member at this pointer is not asked, and is left out.
    LeftOut(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order is a JSON object")]
pub struct NotAnObject;

impl Form {
    /// Parses a payload.
    ///
    /// # Errors
    /// If it is not an object.
    pub fn parse_payload(product: &'static Product, doc: &JsonNode) -> Result<ParsedPayload, NotAnObject> {
        let JsonValue::Object(members) = &doc.value else { return Err(NotAnObject) };
        let mut reader = PayloadParser::new(product);
        let skeleton = reader.parse_object(members, &product.shape, RowKey::SINGLE, "");
        reader.form.skeleton = Some(skeleton);
        reader.infer_modes();
        reader.note_left_out();
        Ok(ParsedPayload { form: reader.form, normalizations: reader.normalizations })
    }
}

pub(super) struct PayloadParser {
    pub(super) form: Form,
    normalizations: Vec<Normalization>,
}

impl PayloadParser {
    pub(super) fn new(product: &'static Product) -> Self {
        Self { form: Form::new_empty(product), normalizations: Vec::new() }
    }

    fn parse_object(
        &mut self,
        members: &[(MemberName, JsonNode)],
        shape: &PayloadShape,
        row: RowKey,
        path: &str,
    ) -> PayloadSkeleton {
        let last = |at: usize, name: &MemberName| members[at + 1..].iter().all(|(later, _)| later != name);
        let mut skeleton = PayloadSkeleton::with_capacity(members.len());
        for (at, (name, doc)) in members.iter().enumerate() {
            if last(at, name) {
                let path = format!("{path}/{}", name.text);
                skeleton
                    .push((name.text.clone(), self.parse_slot(shape.member(name).map(|(_, m)| m), doc, row, &path)));
            }
        }
        skeleton
    }

    /// Takes over the value of one member. Returns the slot that remains in its place.
    pub(super) fn parse_slot(
        &mut self,
        member: Option<&PayloadMember>,
        doc: &JsonNode,
        row: RowKey,
        path: &str,
    ) -> SkeletonSlot {
        match (member, &doc.value) {
            (Some(PayloadMember::Leaf(fields)), _) => {
                self.parse_leaf(fields[0], doc, row, path);
                SkeletonSlot::Held
            }
            (Some(PayloadMember::Object(shape)), JsonValue::Object(members)) => {
                SkeletonSlot::Object(self.parse_object(members, shape, row, path))
            }
            (Some(PayloadMember::List(group, shape)), JsonValue::List(rows)) => {
                for (index, doc) in rows.iter().enumerate() {
                    self.parse_row(*group, shape, doc, &format!("{path}/{index}"));
                }
                SkeletonSlot::List
            }
            _ => SkeletonSlot::Foreign(doc.clone()),
        }
    }

    fn parse_row(&mut self, group: GroupId, shape: &PayloadShape, doc: &JsonNode, path: &str) {
        let row = self.form.add_empty_row(group);
        let slot = match &doc.value {
            JsonValue::Object(members) => SkeletonSlot::Object(self.parse_object(members, shape, row, path)),
            _ => SkeletonSlot::Foreign(doc.clone()),
        };
        self.form.row_skeletons.insert(row, slot);
    }

    fn parse_leaf(&mut self, field: FieldId, doc: &JsonNode, row: RowKey, path: &str) {
        let at = FieldPlace { field, row };
        let declared = &self.form.product[field];
        if declared.secret.is_some() {
            return self.parse_secret(at, doc, path);
        }
        let value = text_for_field(declared, doc).map_or_else(|| FieldValue::RawJson(doc.clone()), FieldValue::Text);
        self.normalizations.extend(find_normalization(declared, doc, &value).map(|note| note(path.to_owned())));
        self.form.values.insert(at, value);
    }

    /// Parses a secret. It is never kept in a form that could be shown: a value that is neither text nor number is
    /// left out.
    fn parse_secret(&mut self, at: FieldPlace, doc: &JsonNode, path: &str) {
        match &doc.value {
            JsonValue::Text(text) => {
                self.form.secrets.insert(at, Secret::from(text.as_str()));
            }
            JsonValue::Number(text) => {
                let digits =
                    Zeroizing::new(json::parse_whole_number(text).map(|number| number.to_string()).unwrap_or_default());
                let digits = if digits.is_empty() { text } else { &*digits };
                self.form.secrets.insert(at, Secret::from(digits.as_str()));
            }
            _ => {
                // The empty secret marks the value as wrong, and not merely missing.
                self.form.secrets.insert(at, Secret::new());
                self.normalizations.push(Normalization::LeftOut(path.to_owned()));
            }
        }
    }

    /// Sets each mode without a value to the option that the payload shows.
    pub(super) fn infer_modes(&mut self) {
        let product = self.form.product;
        for field in product.field_ids().filter(|id| product[*id].is_mode()) {
            for row in self.form.rows(product[field].group).to_vec() {
                let at = FieldPlace { field, row };
                if !self.form.values.contains_key(&at) {
                    self.infer_mode(at);
                }
            }
        }
    }

    fn infer_mode(&mut self, at: FieldPlace) {
        let declared = &self.form.product[at.field];
        let shown: Vec<usize> =
            declared.options.iter().map(|option| self.count_shown_members(at, option.reads)).collect();
        let most = shown.iter().copied().max().unwrap_or(0);
        let best = |count: &usize| *count == most;
        let option = if most > 0 {
            shown.iter().position(best).map(|index| &declared.options[index])
        } else {
            self.best_supported_option(at, declared)
        };
        if most > 0 && shown.iter().filter(|count| best(count)).count() > 1 {
            self.form.mode_conflicts.insert(at);
        }
        if let Some(id) = option.map(|option| option.id).or(declared.default) {
            self.form.values.insert(at, FieldValue::Text(id.to_owned()));
        }
    }

    /// Returns the number of members that show an option; 0 unless all that it reads are present.
    fn count_shown_members(&self, at: FieldPlace, reads: Option<&[&str]>) -> usize {
        let reads = reads.unwrap_or_default();
        let group = self.form.product[at.field].group;
        let present = |name: &&str| {
            let fields = self.form.product.fields_of(group);
            let mut named = fields.filter(|field| self.form.product[*field].at == Some(*name));
            named.any(|field| self.form.values.contains_key(&FieldPlace { field, row: at.row }))
        };
        if reads.iter().all(present) { reads.len() } else { 0 }
    }

    /// Returns the option under which most of the present members are asked, when no members show an option. If none
    /// are present, it is the option that reads nothing.
    fn best_supported_option<'a>(&self, at: FieldPlace, mode: &'a Field) -> Option<&'a crate::product::FieldOption> {
        let support = |id: &str| {
            let here = self.form.values.keys().filter(|place| place.row == at.row || at.row == RowKey::SINGLE);
            here.filter(|place| self.is_dependent_on_option(place.field, at.field, id)).count()
        };
        let counted: Vec<_> = mode.options.iter().map(|option| (support(option.id), option)).collect();
        let most = counted.iter().map(|(count, _)| *count).max().filter(|count| *count > 0);
        match most {
            Some(most) => counted.into_iter().find(|(count, _)| *count == most).map(|(_, option)| option),
            None => mode.options.iter().find(|option| option.reads.is_some_and(<[_]>::is_empty)),
        }
    }

    fn is_dependent_on_option(&self, field: FieldId, mode: FieldId, option: &str) -> bool {
        let declared = &self.form.product[field];
        let conditions = self.form.product[declared.group].when.iter().chain(declared.when);
        conditions.into_iter().any(|c| c.field == mode && c.is.contains(&option))
    }

    /// Lists the members that are present and not asked. An object of which nothing is asked is listed as a whole.
    fn note_left_out(&mut self) {
        let form = &self.form;
        let mut found = Vec::new();
        if let Some(skeleton) = &form.skeleton {
            collect_hidden_members(form, &form.product.shape, skeleton, RowKey::SINGLE, "", &mut found);
        }
        self.normalizations.extend(found.into_iter().map(Normalization::LeftOut));
    }
}

fn collect_hidden_members(
    form: &Form,
    shape: &PayloadShape,
    skeleton: &PayloadSkeleton,
    row: RowKey,
    path: &str,
    found: &mut Vec<String>,
) {
    for (name, slot) in skeleton {
        let path = format!("{path}/{name}");
        match (shape.member(name).map(|(_, member)| member), slot) {
            (Some(PayloadMember::Object(shape)), _) if payload_tree::is_object_hidden(form, shape, row) => {
                found.push(path);
            }
            (Some(PayloadMember::Object(shape)), SkeletonSlot::Object(inner)) => {
                collect_hidden_members(form, shape, inner, row, &path, found);
            }
            (Some(PayloadMember::List(group, shape)), SkeletonSlot::List) => {
                collect_hidden_in_rows(form, *group, shape, &path, found);
            }
            (Some(PayloadMember::Leaf(fields)), SkeletonSlot::Held)
                if !fields.iter().any(|field| form.is_visible(FieldPlace { field: *field, row })) =>
            {
                found.push(path);
            }
            _ => {}
        }
    }
}

fn collect_hidden_in_rows(form: &Form, group: GroupId, shape: &PayloadShape, path: &str, found: &mut Vec<String>) {
    for (index, row) in form.rows(group).iter().enumerate() {
        if let Some(SkeletonSlot::Object(skeleton)) = form.row_skeletons.get(row) {
            collect_hidden_members(form, shape, skeleton, *row, &format!("{path}/{index}"), found);
        }
    }
}

/// Returns the text that a field holds for a JSON value; `None` if it cannot hold the value.
fn text_for_field(field: &Field, doc: &JsonNode) -> Option<String> {
    match (field.kind, &doc.value) {
        (ValueKind::Integer, JsonValue::Text(text)) if is_canonical_integer(text) => Some(text.clone()),
        (ValueKind::Integer, JsonValue::Number(text)) => {
            json::parse_whole_number(text).map(|number| number.to_string())
        }
        (ValueKind::Text, JsonValue::Number(text)) if field.part == Some(AddressPart::Zip) => {
            json::parse_whole_number(text).filter(|number| *number <= MAX_POSTAL_CODE).map(|number| number.to_string())
        }
        (ValueKind::Bool | ValueKind::Consent, JsonValue::Bool(value)) => Some(value.to_string()),
        (ValueKind::Text | ValueKind::Choice | ValueKind::Date | ValueKind::Country, JsonValue::Text(text)) => {
            Some(text.clone())
        }
        _ => None,
    }
}

/// Returns the normalization, if the field holds the value as a text of another type or spelling.
fn find_normalization(field: &Field, doc: &JsonNode, value: &FieldValue) -> Option<fn(String) -> Normalization> {
    let FieldValue::Text(text) = value else { return None };
    match (field.kind, &doc.value) {
        (ValueKind::Integer, JsonValue::Text(_)) => Some(Normalization::TextToInteger),
        (ValueKind::Integer, JsonValue::Number(number)) if number != text => Some(Normalization::WholeNumber),
        (ValueKind::Text, JsonValue::Number(_)) => Some(Normalization::NumberToText),
        _ => None,
    }
}

/// Returns true if an integer is spelled as it would be sent.
fn is_canonical_integer(text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|number| number.to_string() == text)
}

/// Returns how several shown options of a mode are judged; `None` if the field is not a mode.
pub(super) fn mode_conflict(field: &Field) -> Option<ModeConflict> {
    match field.kind {
        ValueKind::Mode(conflict) => Some(conflict),
        _ => None,
    }
}
