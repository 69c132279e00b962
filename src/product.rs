//! The product: the steps, groups, fields, checks and rules of an order endpoint, as one data file declares them.
//!
//! This is the resolved form of a file under `assets/products`: ids are indices, modes are first in their group, and
//! fields are in the order in which they are asked. It is data only: typed values and their display do not belong
//! here.

pub mod catalog;
pub mod payload_shape;
mod vocabulary;

pub use vocabulary::{
    AccountFact, AddressPart, BlankPolicy, Evidence, ModeConflict, OptionDetail, PickList, Requirement, RowFact,
    RowLimits, SecretDisplay, SetupCheck, Severity, ValidityUnit, ValueCheck, ValueKind,
};

use crate::i18n::LocalizedText;
use payload_shape::{PayloadMember, PayloadShape};
use std::ops::Index;

/// What the build script makes of the product files: a `static` of each, and the list of all order endpoints.
#[allow(clippy::wildcard_imports, clippy::unreadable_literal, reason = "nobody writes or reads it by hand")]
pub mod embedded {
    use super::*;

    include!(concat!(env!("OUT_DIR"), "/products.rs"));
}

/// The only product that this zegel orders.
pub const PKIO: &Product = &embedded::PKIO_QUALIFIED_ORGANISATION_SERVICES;

/// The values of it that can be preset for all new orders.
pub const PKIO_DEFAULTS: &Product = &embedded::PKIO_QUALIFIED_ORGANISATION_SERVICES_DEFAULTS;

/// The fields to set up an account, in the vocabulary of a product file. It is never ordered.
pub const ACCOUNT_SETUP: &Product = &embedded::SETUP;

/// Words in a server error that point at a field.
#[derive(Debug, Clone, Copy)]
pub struct ErrorKeywords {
    /// Beginnings of words, separated by spaces; the error must have all of them.
    pub words: &'static str,
    pub field: FieldId,
    /// True if the words may be about any field of its group.
    pub whole: bool,
}

/// An order endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Product {
    /// The path segment that names the product.
    pub name_id: &'static str,
    /// The name of the product, as the vendor writes it.
    pub title: LocalizedText,
    /// The path of the order endpoint, below the base URL.
    pub endpoint: &'static str,
    /// Pointers that sibling endpoints document and this one does not.
    pub elsewhere: &'static [&'static str],
    /// The field that each error code of the server points at.
    pub errors: &'static [(&'static str, FieldId)],
    /// Words in a server error; the first match wins.
    pub words: &'static [ErrorKeywords],
    /// The steps of the wizard.
    pub steps: &'static [Step],
    pub groups: &'static [Group],
    /// All fields and modes, in the order in which they are asked.
    pub fields: &'static [Field],
    pub rules: &'static [Rule],
    /// The tree of the payload, for writing and parsing.
    pub shape: PayloadShape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepId(pub usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(pub usize);

/// Index of a field or mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldId(pub usize);

#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub id: &'static str,
    pub title: LocalizedText,
    /// An introduction of one or two sentences.
    pub intro: LocalizedText,
}

/// Fields that share an object of the payload.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    pub id: &'static str,
    pub step: StepId,
    /// Pointer to the object, or for `many` to the list.
    pub at: &'static str,
    /// The number of rows; `None` if the group is not a list.
    pub many: Option<RowLimits>,
    /// The conditions that must all hold for its fields to be asked.
    pub when: &'static [Condition],
    /// True if its values may be stored; false for the group of a secret.
    pub keep: bool,
    /// A heading above its fields.
    pub title: Option<LocalizedText>,
    /// The name of one row.
    pub row: Option<LocalizedText>,
    /// Groups whose address can be copied here.
    pub copies: &'static [GroupId],
}

/// One parameter, or a mode: a choice that is not sent but decides which other fields are asked.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the product file")]
pub struct Field {
    pub id: &'static str,
    pub group: GroupId,
    /// The name of the member in the object of the group; in a list, in the object of the row. A mode has none.
    pub at: Option<&'static str>,
    pub kind: ValueKind,
    pub label: LocalizedText,
    /// What to enter, and where the person finds it.
    pub help: LocalizedText,
    /// An example; blank if there is none.
    pub example: &'static str,
    pub required: Requirement,
    /// What a blank field sends.
    pub blank: BlankPolicy,
    /// The only value it may have.
    pub fixed: Option<&'static str>,
    /// The value of a new form.
    pub default: Option<&'static str>,
    /// True if an account may store a value with which its new orders begin.
    pub preset: bool,
    /// True if free text is accepted besides the options.
    pub open: bool,
    /// True if the field is collapsed by default.
    pub expert: bool,
    /// Checks whose violation is an error.
    pub checks: &'static [Cited<ValueCheck>],
    /// Checks whose violation is a warning.
    pub advice: &'static [Cited<ValueCheck>],
    /// The conditions that must all hold for the field to be asked.
    pub when: &'static [Condition],
    /// The list to pick from.
    pub source: Option<ListSource>,
    /// The part of an address that it is.
    pub part: Option<AddressPart>,
    /// How a secret is shown; `None` if the field is not a secret. A secret is never stored.
    pub secret: Option<SecretDisplay>,
    /// The known values of a choice or mode.
    pub options: &'static [FieldOption],
    /// The unit of a validity that counts from the day of issue.
    pub from_issue: Option<ValidityUnit>,
    /// The text on Confirm while the default is sent, if that default is a guess.
    pub guess: Option<LocalizedText>,
    /// True if it names the subject of the order.
    pub subject: bool,
    /// The documentation of the parameter.
    pub cite: Citation,
}

impl Field {
    /// Returns true if the field, or one of its options, is collapsed by default.
    pub fn has_expert_part(&self) -> bool {
        self.expert || self.options.iter().any(|option| option.expert)
    }
}

/// One option of a choice or mode.
#[derive(Debug, Clone, Copy)]
pub struct FieldOption {
    /// The id; a choice sends it as its value.
    pub id: &'static str,
    pub label: LocalizedText,
    /// A note that is shown once the option is chosen.
    pub note: Option<LocalizedText>,
    /// The detail of the account that is shown once the option is chosen.
    pub tells: Option<OptionDetail>,
    /// Members whose presence in a payload shows this option. `None`: the option is never inferred. Empty: it is
    /// inferred if no other option is.
    pub reads: Option<&'static [&'static str]>,
    /// True if the option is collapsed by default.
    pub expert: bool,
}

/// A condition: a field or mode has one of these values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// The field; it is earlier in the product.
    pub field: FieldId,
    pub is: &'static [&'static str],
}

/// A check or rule with its source.
#[derive(Debug, Clone, Copy)]
pub struct Cited<T> {
    /// The check or rule.
    pub is: T,
    pub cite: Citation,
}

/// The source of a fact about the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Citation {
    /// How well the fact is known.
    pub mark: Evidence,
    /// The vendor's title of the page, or its subject; blank if no page documents the fact.
    pub page: LocalizedText,
}

#[derive(Debug, Clone, Copy)]
pub struct ListSource {
    pub list: PickList,
    /// The fields that a picked row fills in.
    pub fills: &'static [(FieldId, RowFact)],
    /// The effect of picking a row without an id.
    pub without_id: Option<PersonWithoutId>,
}

/// For a person who is not a user: the mode changes, and the details are filled in.
#[derive(Debug, Clone, Copy)]
pub struct PersonWithoutId {
    /// The mode that changes.
    pub mode: FieldId,
    /// The new option of that mode.
    pub option: &'static str,
    /// The fields that are filled in.
    pub fills: &'static [(FieldId, RowFact)],
}

#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The field where it can be fixed.
    pub at: FieldId,
    pub level: Severity,
    pub is: RuleKind,
    /// The conditions that must all hold for the rule to apply.
    pub when: &'static [Condition],
    pub cite: Citation,
}

/// The kind of a rule across fields.
#[derive(Debug, Clone, Copy)]
pub enum RuleKind {
    /// The fields together have at most `max` characters, once the rule's own field is not blank.
    TotalMax {
        fields: &'static [FieldId],
        /// The limit, in characters.
        max: usize,
    },
    /// No two rows have the same value.
    Distinct,
    /// The year at the rule's field and this month are not in the past.
    NotPastMonth(FieldId),
    /// The data of the account allows the value; the rule does not apply while that data is unknown.
    NeedsFact(AccountFact),
}

impl Product {
    pub fn field_ids(&self) -> impl Iterator<Item = FieldId> + use<> {
        (0..self.fields.len()).map(FieldId)
    }

    pub fn find_field(&self, id: &str) -> Option<FieldId> {
        self.fields.iter().position(|field| field.id == id).map(FieldId)
    }

    /// Returns the field that an error code of the server points at.
    pub fn field_of_error(&self, code: &str) -> Option<FieldId> {
        self.errors.iter().find(|(known, _)| *known == code).map(|(_, field)| *field)
    }

    pub fn group_of(&self, field: FieldId) -> &Group {
        &self[self[field].group]
    }

    pub fn fields_of(&self, group: GroupId) -> impl Iterator<Item = FieldId> + '_ {
        self.field_ids().filter(move |id| self[*id].group == group)
    }

    pub fn groups_of(&self, step: StepId) -> impl Iterator<Item = GroupId> + '_ {
        (0..self.groups.len()).map(GroupId).filter(move |id| self[*id].step == step)
    }

    /// Returns the shape of a list's row in the payload.
    pub fn row_shape(&self, list: GroupId) -> Option<&PayloadShape> {
        self[list].at.split('/').skip(1).try_fold(&self.shape, |shape, name| match shape.member(name)? {
            (_, PayloadMember::Object(inner) | PayloadMember::List(_, inner)) => Some(inner),
            (_, PayloadMember::Leaf(_)) => None,
        })
    }

    /// Returns the pointer of a field from the payload's root; `None` for a mode. In a list, `row` is the index of
    /// the row.
    pub fn json_pointer(&self, field: FieldId, row: Option<usize>) -> Option<String> {
        let group = self.group_of(field);
        let name = self[field].at?;
        Some(match (&group.many, row) {
            (Some(_), Some(row)) => format!("{}/{row}/{name}", group.at),
            _ => format!("{}/{name}", group.at),
        })
    }
}

impl Index<FieldId> for Product {
    type Output = Field;
    fn index(&self, id: FieldId) -> &Field {
        &self.fields[id.0]
    }
}

impl Index<GroupId> for Product {
    type Output = Group;
    fn index(&self, id: GroupId) -> &Group {
        &self.groups[id.0]
    }
}

impl Index<StepId> for Product {
    type Output = Step;
    fn index(&self, id: StepId) -> &Step {
        &self.steps[id.0]
    }
}

impl Field {
    pub fn find_option(&self, id: &str) -> Option<&FieldOption> {
        self.options.iter().find(|option| option.id == id)
    }

    pub fn is_mode(&self) -> bool {
        matches!(self.kind, ValueKind::Mode(_))
    }
}
