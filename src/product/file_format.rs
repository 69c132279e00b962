//! The vocabulary of a product file, as serde reads it: closed enums and tables that refuse what they do not know.
//!
//! Enums are externally tagged, and nothing is flattened, so that an error names line, column and the words that
//! are allowed. Ids are still plain strings here; `load` resolves them.

mod checks;

pub use checks::{SetupCheck, ValueCheck};

use crate::i18n::LocalizedText;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

/// A whole file.
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
    /// A title, which is the same in every language, or what the page is about, in both.
    #[serde(default, deserialize_with = "title_or_words")]
    pub(super) page: LocalizedText,
}

/// Reads one text for every language, or one text for each. An untagged enum would not name the language that is
/// missing.
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
    /// What zegel itself decides: no fact of the API.
    Own,
    /// Documented for this very endpoint.
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

/// How many rows a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowLimits {
    /// At least.
    pub min: usize,
    /// At most.
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

/// What the account knows that is told once an option is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionDetail {
    /// What can be spent.
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

/// What it means when a payload shows several options of a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModeConflict {
    /// The server cannot know which is meant.
    Error,
    /// The one that stands first in the file wins.
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
    /// Whether an account may keep a value with which its new orders begin.
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

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// A choice that steers and is not sent. In the file it has a table of its own.
    #[serde(skip)]
    Mode(ModeConflict),
    /// A string.
    Text,
    /// An integer; a string of digits is read as one.
    Integer,
    /// `true` or `false`.
    Bool,
    /// `true` by the person's own act, and by nothing else.
    Consent,
    /// One of the options.
    Choice,
    /// A date.
    Date,
    /// Two letters of ISO 3166-1.
    Country,
    /// Known by name alone: never asked, and kept as it was read.
    Opaque,
}

/// Whether a field must have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// Blank is an error everywhere.
    Yes,
    /// The wizard refuses a blank; a payload from elsewhere is only warned.
    Asked,
    /// Blank is a warning.
    Advised,
    /// Blank is fine.
    No,
}

/// What a blank field sends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlankPolicy {
    /// Nothing.
    #[default]
    Omit,
    /// An empty text.
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

/// A list to pick from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PickList {
    /// The account's organizations.
    Organizations,
    /// Who can be a verified contact.
    Approvers,
    /// The account's users.
    Users,
    /// ISO 3166-1.
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
    /// The user id.
    UserId,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// E-mail address.
    Email,
    /// Job title.
    JobTitle,
    /// Telephone number.
    Telephone,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPersonWithoutId {
    pub(super) mode: String,
    pub(super) option: String,
    pub(super) fills: BTreeMap<String, RowFact>,
}

/// A part of an address, by which "copy from" goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressPart {
    /// Street and number.
    Line1,
    /// Second line.
    Line2,
    /// City.
    City,
    /// State or province.
    State,
    /// Postal code.
    Zip,
    /// Country.
    Country,
}

/// How a secret is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretDisplay {
    /// Masked but for the last four characters.
    Last4,
    /// Wholly masked.
    All,
}

/// What a field counts in from the day of issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValidityUnit {
    /// Years.
    Years,
    /// Days.
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

/// Something that only the account can tell.
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
    /// The product may be ordered for so many years; while that is unknown, only for one.
    ValidityYears,
    /// The product may be ordered with an end date.
    CustomDate,
}
