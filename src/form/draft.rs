//! A form that is being typed, as text, and back: with what is not asked now, not right yet, or not known here.
//!
//! A draft names fields and lists by the ids of the product file, so it outlives a change of that file. It is JSON
//! that a person can read; only what a payload had and no field holds stands as JSON text within strings, so that
//! spelling and depth stay its own. What may not be in a draft is the matter of `withhold`. It does not know where
//! a draft is kept, nor when.

use super::check::shows_card;
use super::payload::{Skeleton, Slot};
use super::read::Reader;
use super::{Form, Held, Origin, Place, Row, Source, Withheld};
use crate::json::{self, Doc};
use crate::product::shape::{Member, Shape};
use crate::product::{Field, GroupId, Kind, Product};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of what is written here. Origins came later: a draft of before has none, and reads the same.
const VERSION: u64 = 1;

/// What a draft gives.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The form. Its rows have keys of their own.
    pub form: Form,
    /// What was left out of the draft and is asked again, whether it is visible now or not.
    pub withheld: Vec<Withheld>,
    /// What the product file has no place for any more. Who writes the draft anew drops it for good.
    pub lost: Vec<Lost>,
}

/// A value of a draft that the form cannot take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The id of its field, or its pointer where it never had one.
    pub id: String,
    /// What was typed; JSON where it was read; stars where it is a secret or looks like card data. It is somebody's
    /// text: clean it before it is shown.
    pub text: String,
}

/// Why a draft cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// It is no draft, or no longer: it can be shown or set aside.
    #[error("the draft is damaged at line {line}, column {column}")]
    Damaged {
        /// The line, from 1.
        line: usize,
        /// The column, in bytes from 1; 0 before the first.
        column: usize,
    },
    /// A newer zegel wrote it, in this version: that one can read it.
    #[error("the draft is of version {0}, which this zegel does not know")]
    Newer(u64),
    /// It is for the product of this name: it can be opened with that.
    #[error("the draft is for the product {0:?}")]
    OtherProduct(String),
}

impl From<serde_json::Error> for DraftError {
    /// Keeps the place alone: the message may repeat what stands there.
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged { line: error.line(), column: error.column() }
    }
}

/// The version alone, for a draft that may look otherwise in all the rest.
#[derive(Deserialize)]
struct Version {
    version: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    version: u64,
    product: String,
    values: Values,
    lists: BTreeMap<String, Vec<ListRow>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<Payload>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    withheld_members: BTreeSet<String>,
    /// By the ids of groups that are no lists.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    origins: BTreeMap<String, KeptOrigin>,
}

/// Where values came from. All in it is named as the product file names it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptOrigin {
    source: KeptSource,
    put: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum KeptSource {
    Address { of: String, organization: Option<u64> },
    Person { name: String, email: String },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListRow {
    values: Values,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<Slot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<KeptOrigin>,
}

/// Values by the ids of their fields.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Values {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    text: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    odd: BTreeMap<String, Odd>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    conflicts: BTreeSet<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    withheld: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
struct Odd(#[serde(with = "json_text")] Doc);

#[derive(Serialize, Deserialize)]
struct Payload(#[serde(with = "members")] Skeleton);

/// A document as its JSON text, in a string.
pub(super) mod json_text {
    use super::{Doc, json, one_line};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in crate::form) fn serialize<S: Serializer>(doc: &Doc, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&one_line(doc))
    }

    pub(in crate::form) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Doc, D::Error> {
        json::parse(&String::deserialize(deserializer)?).map_err(Error::custom)
    }
}

/// Members in their order, as an object. Of duplicates the last counts.
pub(super) mod members {
    use super::Skeleton;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use serde_json::{Map, Value};

    pub(in crate::form) fn serialize<S: Serializer>(members: &Skeleton, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(members.iter().map(|(name, slot)| (name, slot)))
    }

    pub(in crate::form) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Skeleton, D::Error> {
        let members = Map::<String, Value>::deserialize(deserializer)?.into_iter();
        members.map(|(name, value)| Ok((name, serde_json::from_value(value).map_err(Error::custom)?))).collect()
    }
}

fn one_line(doc: &Doc) -> String {
    let mut text = String::new();
    json::write(&mut text, doc);
    text
}

impl Form {
    /// What was typed, as text for [`Form::from_draft`]: all but what may not be kept. Forms that would be kept alike
    /// give the same text, so comparing it tells whether there is something to save.
    pub fn to_draft(&self) -> String {
        let mut form = self.clone();
        form.withhold();
        Draft::of(form).write()
    }

    /// Reads what [`Form::to_draft`] wrote, perhaps for an earlier product file.
    ///
    /// # Errors
    /// Where it is no draft, or one that is not for this zegel or product.
    pub fn from_draft(product: &'static Product, text: &str) -> Result<Kept, DraftError> {
        let draft = Draft::parse(text)?;
        if draft.product != product.name_id {
            return Err(DraftError::OtherProduct(draft.product));
        }
        let mut restorer = Restorer { product, reader: Reader::new(product), lost: Vec::new() };
        restorer.draft(draft);
        let Restorer { reader: Reader { mut form, .. }, lost, .. } = restorer;
        form.withhold();
        Ok(Kept { withheld: form.withheld(), form, lost })
    }
}

impl Draft {
    /// The draft of a form from which was taken what may not be kept.
    fn of(form: Form) -> Self {
        let product = form.product;
        let (lists, single): (Vec<_>, Vec<_>) =
            (0..product.groups.len()).map(GroupId).partition(|group| product[*group].many.is_some());
        let rows = |group: GroupId| form.rows(group).iter().map(|row| ListRow::of(&form, group, *row)).collect();
        let origins: BTreeMap<_, _> = single
            .iter()
            .filter_map(|group| Some((product[*group].id.clone(), origin_of(&form, *group, Row::ONE)?)))
            .collect();
        Self {
            version: VERSION,
            product: product.name_id.clone(),
            values: Values::of(&form, single.into_iter().flat_map(|group| form.places(group))),
            lists: lists.into_iter().map(|group| (product[group].id.clone(), rows(group))).collect(),
            origins,
            payload: form.skeleton.map(Payload),
            withheld_members: form.withheld_members,
        }
    }

    fn write(&self) -> String {
        // Strings by strings in memory: this cannot fail.
        serde_json::to_string_pretty(self).expect("a draft of strings")
    }

    fn parse(text: &str) -> Result<Self, DraftError> {
        match serde_json::from_str::<Version>(text)?.version {
            VERSION => Ok(serde_json::from_str(text)?),
            0 => Err(DraftError::Damaged { line: 1, column: 0 }),
            newer => Err(DraftError::Newer(newer)),
        }
    }
}

impl ListRow {
    fn of(form: &Form, group: GroupId, row: Row) -> Self {
        let places = form.product.fields_of(group).map(|field| Place { field, row });
        let (payload, origin) = (form.row_skeletons.get(&row).cloned(), origin_of(form, group, row));
        Self { values: Values::of(form, places), payload, origin }
    }
}

/// Where a row came from. What looks like card data is never kept.
fn origin_of(form: &Form, group: GroupId, row: Row) -> Option<KeptOrigin> {
    let origin = form.origin(group, row)?;
    let source = match &origin.source {
        Source::Address { of, organization } => {
            KeptSource::Address { of: form.product[*of].id.clone(), organization: *organization }
        }
        Source::Person { name, email } if shows_card(name) || shows_card(email) => return None,
        Source::Person { name, email } => KeptSource::Person { name: name.clone(), email: email.clone() },
    };
    let put = origin.put.iter().filter(|(_, text)| !shows_card(text));
    Some(KeptOrigin { source, put: put.map(|(id, text)| (id.clone(), text.clone())).collect() })
}

impl Values {
    fn of(form: &Form, places: impl Iterator<Item = Place>) -> Self {
        let mut values = Self::default();
        for at in places {
            let field = &form.product[at.field];
            match form.held(at) {
                Some(Held::Odd(doc)) => drop(values.odd.insert(field.id.clone(), Odd(doc.clone()))),
                // A blank mode is written, to be told from one that an earlier product file did not have.
                None if !field.is_mode() => {}
                _ => drop(values.text.insert(field.id.clone(), form.text(at).to_owned())),
            }
            values.conflicts.extend(form.conflicts.contains(&at).then(|| field.id.clone()));
            values.withheld.extend(form.withheld.contains(&at).then(|| field.id.clone()));
        }
        values
    }
}

/// Puts a draft into a form.
struct Restorer {
    product: &'static Product,
    reader: Reader,
    lost: Vec<Lost>,
}

impl Restorer {
    fn draft(&mut self, draft: Draft) {
        let product = self.product;
        self.values(draft.values, Row::ONE, |group| product[group].many.is_none());
        for (id, rows) in draft.lists {
            let group = self.group(&id).filter(|group| product[*group].many.is_some());
            for row in rows {
                match group {
                    Some(group) => self.row(group, row),
                    None => self.lose_row(&id, row),
                }
            }
        }
        let root = draft.payload.map(|Payload(skeleton)| self.skeleton(&product.shape, skeleton, Row::ONE, ""));
        self.reader.form.skeleton = root;
        self.reader.modes();
        let blank = |at: &Place, held: &Held| product[at.field].is_mode() && *held == Held::Text(String::new());
        self.reader.form.values.retain(|at, held| !blank(at, held));
        self.reader.form.withheld_members = draft.withheld_members;
        for (id, origin) in draft.origins {
            let group = self.group(&id).filter(|group| product[*group].many.is_none());
            if let Some(group) = group {
                self.origin(group, Row::ONE, origin);
            }
        }
    }

    fn group(&self, id: &str) -> Option<GroupId> {
        (0..self.product.groups.len()).map(GroupId).find(|group| self.product[*group].id == id)
    }

    /// Where a row came from; nothing where the product file has no such source any more.
    fn origin(&mut self, group: GroupId, row: Row, kept: KeptOrigin) {
        let source = match kept.source {
            KeptSource::Address { of, organization } => {
                let Some(of) = self.group(&of) else { return };
                Source::Address { of, organization }
            }
            KeptSource::Person { name, email } => Source::Person { name, email },
        };
        self.reader.form.origins.insert((group, row), Origin { source, put: kept.put });
    }

    fn row(&mut self, group: GroupId, row: ListRow) {
        let at = self.reader.form.bare_row(group);
        self.values(row.values, at, |other| other == group);
        if let Some(origin) = row.origin {
            self.origin(group, at, origin);
        }
        let (shape, path) = (self.product.list_shape(group), &self.product[group].at);
        let slot = match (shape, row.payload) {
            (Some(shape), Some(Slot::Object(members))) => Slot::Object(self.skeleton(shape, members, at, path)),
            (Some(_), Some(Slot::Foreign(doc))) => Slot::Foreign(doc),
            _ => return,
        };
        self.reader.form.row_skeletons.insert(at, slot);
    }

    /// A row of what is no list any more.
    fn lose_row(&mut self, list: &str, row: ListRow) {
        self.values(row.values, Row::ONE, |_| false);
        if let Some(slot) = row.payload {
            self.lose(slot, list);
        }
    }

    fn values(&mut self, values: Values, row: Row, here: impl Fn(GroupId) -> bool) {
        let product = self.product;
        let place = |id: &str| {
            let field = product.find(id).filter(|field| here(product[*field].group))?;
            Some(Place { field, row })
        };
        let texts = values.text.into_iter().map(|(id, text)| (id, Held::Text(text)));
        for (id, held) in texts.chain(values.odd.into_iter().map(|(id, Odd(doc))| (id, Held::Odd(doc)))) {
            self.value(place(&id), id, held);
        }
        let form = &mut self.reader.form;
        let modes = values.conflicts.iter().filter_map(|id| place(id)).filter(|at| product[at.field].is_mode());
        form.conflicts.extend(modes);
        form.withheld.extend(values.withheld.iter().filter_map(|id| place(id)));
    }

    fn value(&mut self, at: Option<Place>, id: String, held: Held) {
        if let Some(at) = at.filter(|at| fits(&self.product[at.field], &held)) {
            self.reader.form.values.insert(at, held);
            return;
        }
        let text = match held {
            Held::Text(text) => text,
            Held::Odd(doc) => one_line(&doc),
        };
        self.tell(id, text);
    }

    /// Tells what was lost. zegel writes no secret into a draft, but somebody else may have, where none belongs.
    fn tell(&mut self, id: String, text: String) {
        let secret = self.product.find(&id).is_some_and(|field| self.product[field].secret.is_some());
        let text = if secret || shows_card(&text) { "***".to_owned() } else { text };
        self.lost.push(Lost { id, text });
    }

    /// What was read, as far as the product file that is in force knows it so.
    fn skeleton(&mut self, shape: &Shape, skeleton: Skeleton, row: Row, path: &str) -> Skeleton {
        let kept = skeleton.into_iter().filter_map(|(name, slot)| {
            let member = shape.member(&name).map(|(_, member)| member);
            let slot = self.slot(member, slot, row, &format!("{path}/{name}"))?;
            Some((name, slot))
        });
        kept.collect()
    }

    fn slot(&mut self, member: Option<&Member>, slot: Slot, row: Row, path: &str) -> Option<Slot> {
        match (member, slot) {
            (Some(Member::Object(shape)), Slot::Object(inner)) => {
                Some(Slot::Object(self.skeleton(shape, inner, row, path)))
            }
            // It may have become a member that the form knows: then a field takes it over.
            (Some(_), Slot::Foreign(doc)) => Some(self.reader.slot(member, &doc, row, path)),
            (_, slot @ Slot::Object(_)) => {
                self.lose(slot, path);
                None
            }
            (None, Slot::Held | Slot::List) => None,
            (_, slot) => Some(slot),
        }
    }

    /// Tells what stood in an object that is none any more; its known members are told by their ids.
    fn lose(&mut self, slot: Slot, path: &str) {
        match slot {
            Slot::Foreign(doc) => self.tell(path.to_owned(), one_line(&doc)),
            Slot::Object(members) => {
                for (name, slot) in members {
                    self.lose(slot, &format!("{path}/{name}"));
                }
            }
            Slot::Held | Slot::List => {}
        }
    }
}

/// Whether a field can hold this: a mode one of its options, and what is sent as a bare word nothing else.
fn fits(field: &Field, held: &Held) -> bool {
    match (field.kind, held) {
        (Kind::Mode(_), Held::Text(text)) => text.is_empty() || field.option(text).is_some(),
        (Kind::Mode(_), Held::Odd(_)) => false,
        (Kind::Bool, Held::Text(text)) => matches!(text.as_str(), "true" | "false"),
        _ => true,
    }
}
