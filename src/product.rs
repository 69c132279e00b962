//! What an order endpoint asks for: steps, groups, fields, checks and rules, as one data file declares them.
//!
//! This is the resolved form of a file under `assets/products`: ids have become indices, modes stand at the head
//! of their group, and fields are in the order in which they are asked. It is data only: it does not know what
//! has been typed, nor where it is shown.

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

/// The one product that this zegel orders.
const PKIO_FILE: &str = include_str!("../assets/products/pkio_qualified_organisation_services.toml");

/// Reads of the embedded product file what may be filled in once for all new orders, and keeps it for as long as the
/// program runs.
///
/// # Errors
/// As for [`pkio`].
pub fn load_defaults_product() -> Result<&'static Product, ProductFileError> {
    Ok(Box::leak(Box::new(defaults::parse_defaults_product(PKIO_FILE)?)))
}

/// What is asked to set up an account, in the words of a product file.
const SETUP_FILE: &str = include_str!("../assets/setup/account.toml");

/// Reads what is asked to set up an account, and keeps it for as long as the program runs.
///
/// # Errors
/// As for [`pkio`].
pub fn load_setup_product() -> Result<&'static Product, ProductFileError> {
    Ok(Box::leak(Box::new(Product::load(SETUP_FILE)?)))
}

/// Reads the embedded product file, and keeps it for as long as the program runs.
///
/// # Errors
/// Where the file breaks a rule of its vocabulary; a test excludes that.
pub fn load_pkio_product() -> Result<&'static Product, ProductFileError> {
    Ok(Box::leak(Box::new(Product::load(PKIO_FILE)?)))
}

/// Words in an error of the server that point at a field.
#[derive(Debug, Clone)]
pub struct ErrorKeywords {
    /// Beginnings of words, all of which must be there, between spaces.
    pub words: String,
    /// The field.
    pub field: FieldId,
    /// Whether they may be about any field of its group.
    pub whole: bool,
}

/// One order endpoint.
#[derive(Debug)]
pub struct Product {
    /// The path segment that names the product.
    pub name_id: String,
    /// Its name, as the vendor writes it.
    pub title: LocalizedText,
    /// The path of the order endpoint, below the base URL.
    pub endpoint: String,
    /// Pointers that sibling endpoints document and this one does not.
    pub elsewhere: Vec<String>,
    /// Error code of the server → the field that it points at.
    pub errors: BTreeMap<String, FieldId>,
    /// Words in an error of the server; the first that fit win.
    pub words: Vec<ErrorKeywords>,
    /// The steps of the wizard.
    pub steps: Vec<Step>,
    /// The groups of fields, in order.
    pub groups: Vec<Group>,
    /// All fields and modes, in the order in which they are asked.
    pub fields: Vec<Field>,
    /// Rules across fields.
    pub rules: Vec<Rule>,
    /// The payload's tree, for writing and reading.
    pub shape: PayloadShape,
}

/// Index of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepId(pub usize);

/// Index of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(pub usize);

/// Index of a field or mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldId(pub usize);

/// One step of the wizard.
#[derive(Debug)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: LocalizedText,
    /// What it is about, in one or two sentences.
    pub intro: LocalizedText,
}

/// Fields that share an object of the payload.
#[derive(Debug)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// The step that asks for it.
    pub step: StepId,
    /// Pointer to the object, or for `many` to the list.
    pub at: String,
    /// How many rows, if it is a list.
    pub many: Option<RowLimits>,
    /// All must hold for its fields to be asked.
    pub when: Vec<Condition>,
    /// Whether what is typed here may ever be stored.
    pub keep: bool,
    /// A heading above its fields.
    pub title: Option<LocalizedText>,
    /// What one row is called.
    pub row: Option<LocalizedText>,
    /// Groups whose address can be copied here.
    pub copies: Vec<GroupId>,
}

/// One parameter, or a mode: a choice that is not sent but steers what is.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the product file")]
pub struct Field {
    /// Its id.
    pub id: String,
    /// The group it belongs to.
    pub group: GroupId,
    /// Pointer to it; within a list it runs from the row. A mode has none.
    pub at: Option<String>,
    /// What kind of value it takes.
    pub kind: ValueKind,
    /// What it is called.
    pub label: LocalizedText,
    /// What to enter, and where the person finds it.
    pub help: LocalizedText,
    /// An example, or blank.
    pub example: String,
    /// Whether it must be there.
    pub required: Requirement,
    /// What a blank one sends.
    pub blank: BlankPolicy,
    /// The one value it may have.
    pub fixed: Option<String>,
    /// The value of a new form.
    pub default: Option<String>,
    /// Whether an account may keep a value with which its new orders begin.
    pub preset: bool,
    /// Whether free text is taken besides the options.
    pub open: bool,
    /// Whether it is folded away.
    pub expert: bool,
    /// Broken ones are errors.
    pub checks: Vec<Cited<ValueCheck>>,
    /// Broken ones are warnings.
    pub advice: Vec<Cited<ValueCheck>>,
    /// All must hold for it to be asked.
    pub when: Vec<Condition>,
    /// A list to pick from.
    pub source: Option<ListSource>,
    /// Which part of an address it is.
    pub part: Option<AddressPart>,
    /// How a secret is shown; such a field is never stored.
    pub secret: Option<SecretDisplay>,
    /// Known words, for a choice or mode.
    pub options: Vec<FieldOption>,
    /// What it counts in, if it counts from the day of issue.
    pub from_issue: Option<ValidityUnit>,
    /// What Confirm says while its default is sent, if that is a guess.
    pub guess: Option<LocalizedText>,
    /// Whether it names whom the order is for.
    pub subject: bool,
    /// Where the parameter is described.
    pub cite: Citation,
}

impl Field {
    /// Whether it, or an option of it, is folded away.
    pub fn has_expert_part(&self) -> bool {
        self.expert || self.options.iter().any(|option| option.expert)
    }
}

/// One option of a choice or mode.
#[derive(Debug)]
pub struct FieldOption {
    /// The word, sent as it is by a choice.
    pub id: String,
    /// What it is called.
    pub label: LocalizedText,
    /// What is said once it is chosen.
    pub note: Option<LocalizedText>,
    /// What the account knows that is told once it is chosen.
    pub tells: Option<OptionDetail>,
    /// Members whose presence in a payload shows this option. `None`: it is never inferred. Empty: when nothing
    /// else is.
    pub reads: Option<Vec<String>>,
    /// Whether it is folded away.
    pub expert: bool,
}

/// A condition: a field or mode has one of these values.
#[derive(Debug, PartialEq, Eq)]
pub struct Condition {
    /// Which; it stands earlier.
    pub field: FieldId,
    /// The values.
    pub is: Vec<String>,
}

/// A check or rule with where it comes from.
#[derive(Debug)]
pub struct Cited<T> {
    /// The rule.
    pub is: T,
    /// Its source.
    pub cite: Citation,
}

/// Where a fact of the API comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// How well it is known.
    pub mark: Evidence,
    /// The vendor's title of the page, or what it is about; blank where no page says it.
    pub page: LocalizedText,
}

/// A list to pick from.
#[derive(Debug)]
pub struct ListSource {
    /// Which list.
    pub list: PickList,
    /// What a picked row fills in.
    pub fills: Vec<(FieldId, RowFact)>,
    /// What a picked row without an id does instead.
    pub without_id: Option<PersonWithoutId>,
}

/// For a person who is no user: the mode changes, and the details are filled in.
#[derive(Debug)]
pub struct PersonWithoutId {
    /// The mode that changes.
    pub mode: FieldId,
    /// To this option.
    pub option: String,
    /// What is filled in.
    pub fills: Vec<(FieldId, RowFact)>,
}

/// A rule across fields.
#[derive(Debug)]
pub struct Rule {
    /// Where it can be mended.
    pub at: FieldId,
    /// Error or warning.
    pub level: Severity,
    /// What it says.
    pub is: RuleKind,
    /// All must hold for it to count.
    pub when: Vec<Condition>,
    /// Its source.
    pub cite: Citation,
}

/// What a rule across fields says.
#[derive(Debug)]
pub enum RuleKind {
    /// The fields together have at most so many characters, once the rule's own field is not blank.
    TotalMax {
        /// The fields.
        fields: Vec<FieldId>,
        /// How many characters.
        max: usize,
    },
    /// No two rows have the same value.
    Distinct,
    /// The year at the rule's field and this month are not past.
    NotPastMonth(FieldId),
    /// What is known of the account allows the value; silent while that is unknown.
    NeedsFact(AccountFact),
}

impl Product {
    /// Reads a product file.
    ///
    /// # Errors
    /// Where it is not TOML, uses a word outside the vocabulary, or names an id that is not there.
    pub fn load(source: &str) -> Result<Self, ProductFileError> {
        load::parse_product(source)
    }

    /// All field ids, in order.
    pub fn field_ids(&self) -> impl Iterator<Item = FieldId> + use<> {
        (0..self.fields.len()).map(FieldId)
    }

    /// The field of this name.
    pub fn find_field(&self, id: &str) -> Option<FieldId> {
        self.fields.iter().position(|field| field.id == id).map(FieldId)
    }

    /// The group of a field.
    pub fn group_of(&self, field: FieldId) -> &Group {
        &self[self[field].group]
    }

    /// The fields of a group, in order.
    pub fn fields_of(&self, group: GroupId) -> impl Iterator<Item = FieldId> + '_ {
        self.field_ids().filter(move |id| self[*id].group == group)
    }

    /// The groups of a step, in order.
    pub fn groups_of(&self, step: StepId) -> impl Iterator<Item = GroupId> + '_ {
        (0..self.groups.len()).map(GroupId).filter(move |id| self[*id].step == step)
    }

    /// What a row of a list looks like in the payload.
    pub fn row_shape(&self, list: GroupId) -> Option<&PayloadShape> {
        self[list].at.split('/').skip(1).try_fold(&self.shape, |shape, name| match shape.member(name)? {
            (_, PayloadMember::Object(inner) | PayloadMember::List(_, inner)) => Some(inner),
            (_, PayloadMember::Leaf(_)) => None,
        })
    }

    /// The pointer of a field from the payload's root; in a list `row` stands for the row's place.
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
    /// The option of this word.
    pub fn find_option(&self, id: &str) -> Option<&FieldOption> {
        self.options.iter().find(|option| option.id == id)
    }

    /// Whether it is a mode.
    pub fn is_mode(&self) -> bool {
        matches!(self.kind, ValueKind::Mode(_))
    }
}
