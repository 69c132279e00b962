//! The vocabulary of a product file, as serde parses it: closed enums, and tables that reject unknown keys.
//!
//! Enums are externally tagged, and nothing is flattened, so that an error names line, column and the allowed words.
//! Ids are still plain strings here; `load` resolves them.

mod checks;

pub use checks::{SetupCheck, ValueCheck};

use crate::i18n::LocalizedText;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProductFile {
    pub(super) name_id: String,
    pub(super) title: LocalizedText,
    pub(super) endpoint: String,
    pub(super) elsewhere: Vec<String>,
    pub(super) errors: BTreeMap<String, String>,
    pub(super) words: Vec<RawErrorKeywords>,
    pub(super) cites: BTreeMap<String, RawCitation>,
    pub(super) step: Vec<RawStep>,
    pub(super) group: Vec<RawGroup>,
    pub(super) mode: Vec<RawMode>,
    pub(super) field: Vec<RawField>,
    pub(super) rule: Vec<RawRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawErrorKeywords {
    #[serde(rename = "word")]
    pub(super) words: String,
    pub(super) field: String,
    #[serde(default)]
    pub(super) whole: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCitation {
    pub(super) mark: Evidence,
    /// A title, which is the same in every language, or the subject of the page, in both languages.
    #[serde(default, deserialize_with = "title_or_words")]
    pub(super) page: LocalizedText,
}

/// Parses one text for every language, or one text for each. An error of an untagged enum would not name the missing
/// language.
fn title_or_words<'de, D: Deserializer<'de>>(source: D) -> Result<LocalizedText, D::Error> {
    struct TitleOrWords;

    impl<'de> Visitor<'de> for TitleOrWords {
        type Value = LocalizedText;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a title, or a text in `en` and `nl`")
        }

        fn visit_str<E>(self, title: &str) -> Result<LocalizedText, E> {
            Ok(LocalizedText { en: title.to_owned(), nl: title.to_owned() })
        }

        fn visit_map<A: MapAccess<'de>>(self, texts: A) -> Result<LocalizedText, A::Error> {
            LocalizedText::deserialize(MapAccessDeserializer::new(texts))
        }
    }

    source.deserialize_any(TitleOrWords)
}

/// How well a fact of the API is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A decision of zegel itself, not a fact of the API.
    Own,
    /// Documented for this endpoint.
    Doc,
    /// Documented for a sibling or supporting endpoint.
    Sib,
    /// Seen in clients' code.
    Code,
    /// Inferred.
    Inf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub(super) id: String,
    pub(super) title: LocalizedText,
    pub(super) intro: LocalizedText,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGroup {
    pub(super) id: String,
    pub(super) step: String,
    pub(super) at: String,
    pub(super) many: Option<RowLimits>,
    #[serde(default)]
    pub(super) when: Vec<RawCondition>,
    #[serde(default = "yes")]
    pub(super) keep: bool,
    pub(super) title: Option<LocalizedText>,
    pub(super) row: Option<LocalizedText>,
    #[serde(default)]
    pub(super) copies: Vec<String>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowLimits {
    /// The minimum.
    pub min: usize,
    /// The maximum.
    pub max: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCondition {
    pub(super) field: String,
    pub(super) is: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOption {
    pub(super) id: String,
    pub(super) label: LocalizedText,
    pub(super) note: Option<LocalizedText>,
    pub(super) tells: Option<OptionDetail>,
    pub(super) reads: Option<Vec<String>>,
    #[serde(default)]
    pub(super) expert: bool,
}

/// A detail of the account that is shown once an option is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionDetail {
    /// The available funds.
    Funds,
    /// The stored card that would be charged.
    Profile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMode {
    pub(super) id: String,
    pub(super) group: String,
    pub(super) conflict: ModeConflict,
    pub(super) options: Vec<RawOption>,
    pub(super) default: Option<String>,
    #[serde(default)]
    pub(super) preset: bool,
    pub(super) cite: String,
    pub(super) label: LocalizedText,
    pub(super) help: LocalizedText,
}

/// The effect of a payload that shows several options of a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModeConflict {
    /// An error: the server cannot know which option is meant.
    Error,
    /// The first option in the file wins.
    FirstWins,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the vocabulary")]
pub(super) struct RawField {
    pub(super) id: String,
    pub(super) group: String,
    pub(super) at: String,
    pub(super) kind: ValueKind,
    pub(super) label: LocalizedText,
    pub(super) help: LocalizedText,
    #[serde(default)]
    pub(super) example: String,
    pub(super) required: Requirement,
    #[serde(default)]
    pub(super) blank: BlankPolicy,
    pub(super) fixed: Option<String>,
    pub(super) default: Option<String>,
    /// True if an account may store a value with which its new orders begin.
    #[serde(default)]
    pub(super) preset: bool,
    #[serde(default)]
    pub(super) open: bool,
    #[serde(default)]
    pub(super) expert: bool,
    #[serde(default)]
    pub(super) checks: Vec<RawCheck>,
    #[serde(default)]
    pub(super) advice: Vec<RawCheck>,
    #[serde(default)]
    pub(super) when: Vec<RawCondition>,
    pub(super) source: Option<RawListSource>,
    pub(super) part: Option<AddressPart>,
    pub(super) secret: Option<SecretDisplay>,
    #[serde(default)]
    pub(super) options: Vec<RawOption>,
    pub(super) from_issue: Option<ValidityUnit>,
    pub(super) guess: Option<LocalizedText>,
    #[serde(default)]
    pub(super) subject: bool,
    pub(super) cite: String,
}

/// The kind of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// A choice that is not sent but decides which other fields are asked. In the file it has its own table.
    #[serde(skip)]
    Mode(ModeConflict),
    Text,
    /// An integer; a string of digits is parsed as one.
    Integer,
    Bool,
    /// `true`, only by the person's own act.
    Consent,
    Choice,
    Date,
    /// Two letters of ISO 3166-1.
    Country,
    /// A member of which only the name is known: never asked, and kept as it was parsed.
    Opaque,
}

/// Whether a field must have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// Blank is an error everywhere.
    Yes,
    /// Blank is an error in the wizard, and a warning in a payload from elsewhere.
    Asked,
    /// Blank is a warning.
    Advised,
    /// Blank is allowed.
    No,
}

/// What a blank field sends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlankPolicy {
    /// No member.
    #[default]
    Omit,
    /// An empty string.
    Send,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCheck {
    pub(super) is: ValueCheck<String>,
    pub(super) cite: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawListSource {
    pub(super) list: PickList,
    #[serde(default)]
    pub(super) fills: BTreeMap<String, RowFact>,
    pub(super) without_id: Option<RawPersonWithoutId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PickList {
    Organizations,
    /// The people who can be a verified contact.
    Approvers,
    Users,
    /// The countries of ISO 3166-1.
    Countries,
    /// The years that the account may order.
    ValidityYears,
}

/// A fact of a picked row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFact {
    /// The row's own id or value.
    Id,
    UserId,
    FirstName,
    LastName,
    Email,
    JobTitle,
    Telephone,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPersonWithoutId {
    pub(super) mode: String,
    pub(super) option: String,
    pub(super) fills: BTreeMap<String, RowFact>,
}

/// A part of an address, for copying an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressPart {
    /// Street and number.
    Line1,
    Line2,
    City,
    /// State or province.
    State,
    Zip,
    Country,
}

/// How a secret is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretDisplay {
    /// Masked except for the last four characters.
    Last4,
    /// Fully masked.
    All,
}

/// The unit of a validity from the day of issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValidityUnit {
    Years,
    Days,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) at: String,
    pub(super) level: Severity,
    pub(super) is: RawRuleKind,
    #[serde(default)]
    pub(super) when: Vec<RawCondition>,
    pub(super) cite: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawRuleKind {
    TotalMax(RawTotalMax),
    Distinct,
    NotPastMonth(String),
    NeedsFact(AccountFact),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTotalMax {
    pub(super) fields: Vec<String>,
    pub(super) max: usize,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look.
    Warning,
    /// The API would refuse or misread it.
    Error,
}

/// A fact that only the account's data can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountFact {
    /// The organization is active.
    ActiveOrganization,
    /// The id is a user's, not a verified contact's.
    UserNotVerifiedContact,
    /// The user has a job title and a telephone number.
    UserDetails,
    /// The person is a verified contact of the organization.
    VerifiedContact,
    /// The product may be ordered for this many years; only for one year while that is unknown.
    ValidityYears,
    /// The product may be ordered with an end date.
    CustomDate,
}
