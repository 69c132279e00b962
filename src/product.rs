//! The product: the steps, groups, fields, checks and rules of an order endpoint, as one data file declares them.
//!
//! This is the resolved form of a file under `assets/products`: ids are indices, modes are first in their group, and
//! fields are in the order in which they are asked. It is data only: typed values and their display do not belong
//! here.

pub mod catalog;
mod defaults;
pub mod file_format;
mod load;
pub mod payload_shape;

pub use file_format::{
    AccountFact, AddressPart, BlankPolicy, Evidence, ModeConflict, OptionDetail, PickList, Requirement, RowFact,
    RowLimits, SecretDisplay, SetupCheck, Severity, ValidityUnit, ValueCheck, ValueKind,
};
pub use load::ProductFileError;

use crate::i18n::LocalizedText;
use payload_shape::{PayloadMember, PayloadShape};
use std::collections::BTreeMap;
use std::ops::Index;

/// The only product that this zegel orders.
const PKIO_FILE: &str = include_str!("../assets/products/pkio_qualified_organisation_services.toml");

/// Loads the product of the values that can be preset for all new orders, from the embedded product file. It is kept
/// for as long as the program runs.
///
/// # Errors
/// As for [`load_pkio_product`].
pub fn load_defaults_product() -> Result<&'static Product, ProductFileError> {
    Ok(Box::leak(Box::new(defaults::parse_defaults_product(PKIO_FILE)?)))
}

/// The fields to set up an account, in the vocabulary of a product file.
const SETUP_FILE: &str = include_str!("../assets/setup/account.toml");

/// Loads the product of the fields to set up an account. It is kept for as long as the program runs.
///
/// # Errors
/// As for [`load_pkio_product`].
pub fn load_setup_product() -> Result<&'static Product, ProductFileError> {
    Ok(Box::leak(Box::new(Product::load(SETUP_FILE)?)))
}

/// Loads the embedded product file. It is kept for as long as the program runs.
///
/// # Errors
/// If the file breaks a rule of its vocabulary; a test excludes that.
pub fn load_pkio_product() -> Result<&'static Product, ProductFileError> {
    Ok(Box::leak(Box::new(Product::load(PKIO_FILE)?)))
}

/// Words in a server error that point at a field.
#[derive(Debug, Clone)]
pub struct ErrorKeywords {
    /// Beginnings of words, separated by spaces; the error must have all of them.
    pub words: String,
    pub field: FieldId,
    /// True if the words may be about any field of its group.
    pub whole: bool,
}

/// An order endpoint.
#[derive(Debug)]
pub struct Product {
    /// The path segment that names the product.
    pub name_id: String,
    /// The name of the product, as the vendor writes it.
    pub title: LocalizedText,
    /// The path of the order endpoint, below the base URL.
    pub endpoint: String,
    /// Pointers that sibling endpoints document and this one does not.
    pub elsewhere: Vec<String>,
    /// The field that each error code of the server points at.
    pub errors: BTreeMap<String, FieldId>,
    /// Words in a server error; the first match wins.
    pub words: Vec<ErrorKeywords>,
    /// The steps of the wizard.
    pub steps: Vec<Step>,
    pub groups: Vec<Group>,
    /// All fields and modes, in the order in which they are asked.
    pub fields: Vec<Field>,
    pub rules: Vec<Rule>,
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

#[derive(Debug)]
pub struct Step {
    pub id: String,
    pub title: LocalizedText,
    /// An introduction of one or two sentences.
    pub intro: LocalizedText,
}

/// Fields that share an object of the payload.
#[derive(Debug)]
pub struct Group {
    pub id: String,
    pub step: StepId,
    /// Pointer to the object, or for `many` to the list.
    pub at: String,
    /// The number of rows; `None` if the group is not a list.
    pub many: Option<RowLimits>,
    /// The conditions that must all hold for its fields to be asked.
    pub when: Vec<Condition>,
    /// True if its values may be stored; false for the group of a secret.
    pub keep: bool,
    /// A heading above its fields.
    pub title: Option<LocalizedText>,
    /// The name of one row.
    pub row: Option<LocalizedText>,
    /// Groups whose address can be copied here.
    pub copies: Vec<GroupId>,
}

/// One parameter, or a mode: a choice that is not sent but decides which other fields are asked.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the product file")]
pub struct Field {
    pub id: String,
    pub group: GroupId,
    /// The name of the member in the object of the group; in a list, in the object of the row. A mode has none.
    pub at: Option<String>,
    pub kind: ValueKind,
    pub label: LocalizedText,
    /// What to enter, and where the person finds it.
    pub help: LocalizedText,
    /// An example; blank if there is none.
    pub example: String,
    pub required: Requirement,
    /// What a blank field sends.
    pub blank: BlankPolicy,
    /// The only value it may have.
    pub fixed: Option<String>,
    /// The value of a new form.
    pub default: Option<String>,
    /// True if an account may store a value with which its new orders begin.
    pub preset: bool,
    /// True if free text is accepted besides the options.
    pub open: bool,
    /// True if the field is collapsed by default.
    pub expert: bool,
    /// Checks whose violation is an error.
    pub checks: Vec<Cited<ValueCheck>>,
    /// Checks whose violation is a warning.
    pub advice: Vec<Cited<ValueCheck>>,
    /// The conditions that must all hold for the field to be asked.
    pub when: Vec<Condition>,
    /// The list to pick from.
    pub source: Option<ListSource>,
    /// The part of an address that it is.
    pub part: Option<AddressPart>,
    /// How a secret is shown; `None` if the field is not a secret. A secret is never stored.
    pub secret: Option<SecretDisplay>,
    /// The known values of a choice or mode.
    pub options: Vec<FieldOption>,
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
#[derive(Debug)]
pub struct FieldOption {
    /// The id; a choice sends it as its value.
    pub id: String,
    pub label: LocalizedText,
    /// A note that is shown once the option is chosen.
    pub note: Option<LocalizedText>,
    /// The detail of the account that is shown once the option is chosen.
    pub tells: Option<OptionDetail>,
    /// Members whose presence in a payload shows this option. `None`: the option is never inferred. Empty: it is
    /// inferred if no other option is.
    pub reads: Option<Vec<String>>,
    /// True if the option is collapsed by default.
    pub expert: bool,
}

/// A condition: a field or mode has one of these values.
#[derive(Debug, PartialEq, Eq)]
pub struct Condition {
    /// The field; it is earlier in the product.
    pub field: FieldId,
    pub is: Vec<String>,
}

/// A check or rule with its source.
#[derive(Debug)]
pub struct Cited<T> {
    /// The check or rule.
    pub is: T,
    pub cite: Citation,
}

/// The source of a fact about the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// How well the fact is known.
    pub mark: Evidence,
    /// The vendor's title of the page, or its subject; blank if no page documents the fact.
    pub page: LocalizedText,
}

#[derive(Debug)]
pub struct ListSource {
    pub list: PickList,
    /// The fields that a picked row fills in.
    pub fills: Vec<(FieldId, RowFact)>,
    /// The effect of picking a row without an id.
    pub without_id: Option<PersonWithoutId>,
}

/// For a person who is not a user: the mode changes, and the details are filled in.
#[derive(Debug)]
pub struct PersonWithoutId {
    /// The mode that changes.
    pub mode: FieldId,
    /// The new option of that mode.
    pub option: String,
    /// The fields that are filled in.
    pub fills: Vec<(FieldId, RowFact)>,
}

#[derive(Debug)]
pub struct Rule {
    /// The field where it can be fixed.
    pub at: FieldId,
    pub level: Severity,
    pub is: RuleKind,
    /// The conditions that must all hold for the rule to apply.
    pub when: Vec<Condition>,
    pub cite: Citation,
}

/// The kind of a rule across fields.
#[derive(Debug)]
pub enum RuleKind {
    /// The fields together have at most `max` characters, once the rule's own field is not blank.
    TotalMax {
        fields: Vec<FieldId>,
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
    /// Loads a product file.
    ///
    /// # Errors
    /// If it is not TOML, uses a word outside the vocabulary, or names an id that is not declared.
    pub fn load(source: &str) -> Result<Self, ProductFileError> {
        load::parse_product(source)
    }

    pub fn field_ids(&self) -> impl Iterator<Item = FieldId> + use<> {
        (0..self.fields.len()).map(FieldId)
    }

    pub fn find_field(&self, id: &str) -> Option<FieldId> {
        self.fields.iter().position(|field| field.id == id).map(FieldId)
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
        let name = self[field].at.as_ref()?;
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
