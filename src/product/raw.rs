//! The vocabulary of a product file, as serde reads it: closed enums and tables that refuse what they do not know.
//!
//! Enums are externally tagged, and nothing is flattened, so that an error names line, column and the words that
//! are allowed. Ids are still plain strings here; `load` resolves them.

mod checks;

pub use checks::{Check, Own};

use crate::lang::Words;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name_id: String,
    pub(super) title: Words,
    pub(super) endpoint: String,
    pub(super) elsewhere: Vec<String>,
    pub(super) errors: BTreeMap<String, String>,
    pub(super) words: Vec<Word>,
    pub(super) cites: BTreeMap<String, Cite>,
    pub(super) step: Vec<Step>,
    pub(super) group: Vec<Group>,
    pub(super) mode: Vec<Mode>,
    pub(super) field: Vec<Field>,
    pub(super) rule: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Word {
    #[serde(rename = "word")]
    pub(super) words: String,
    pub(super) field: String,
    #[serde(default)]
    pub(super) whole: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cite {
    pub(super) mark: Mark,
    /// A title, which is the same in every language, or what the page is about, in both.
    #[serde(default, deserialize_with = "title_or_words")]
    pub(super) page: Words,
}

/// Reads one text for every language, or one text for each. An untagged enum would not name the language that is
/// missing.
fn title_or_words<'de, D: Deserializer<'de>>(source: D) -> Result<Words, D::Error> {
    struct TitleOrWords;

    impl<'de> Visitor<'de> for TitleOrWords {
        type Value = Words;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a title, or a text in `en` and `nl`")
        }

        fn visit_str<E>(self, title: &str) -> Result<Words, E> {
            Ok(Words { en: title.to_owned(), nl: title.to_owned() })
        }

        fn visit_map<A: MapAccess<'de>>(self, texts: A) -> Result<Words, A::Error> {
            Words::deserialize(MapAccessDeserializer::new(texts))
        }
    }

    source.deserialize_any(TitleOrWords)
}

/// How well a fact of the API is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
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
pub(super) struct Step {
    pub(super) id: String,
    pub(super) title: Words,
    pub(super) intro: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) step: String,
    pub(super) at: String,
    pub(super) many: Option<Many>,
    #[serde(default)]
    pub(super) when: Vec<Condition>,
    #[serde(default = "yes")]
    pub(super) keep: bool,
    pub(super) title: Option<Words>,
    pub(super) row: Option<Words>,
    #[serde(default)]
    pub(super) copies: Vec<String>,
}

fn yes() -> bool {
    true
}

/// How many rows a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Many {
    /// At least.
    pub min: usize,
    /// At most.
    pub max: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Condition {
    pub(super) field: String,
    pub(super) is: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) label: Words,
    pub(super) note: Option<Words>,
    pub(super) tells: Option<Telling>,
    pub(super) reads: Option<Vec<String>>,
    #[serde(default)]
    pub(super) expert: bool,
}

/// What the account knows that is told once an option is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// What can be spent.
    Funds,
    /// The stored card that would be charged.
    Profile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mode {
    pub(super) id: String,
    pub(super) group: String,
    pub(super) conflict: Conflict,
    pub(super) options: Vec<Choice>,
    pub(super) default: Option<String>,
    #[serde(default)]
    pub(super) preset: bool,
    pub(super) cite: String,
    pub(super) label: Words,
    pub(super) help: Words,
}

/// What it means when a payload shows several options of a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// The server cannot know which is meant.
    Error,
    /// The one that stands first in the file wins.
    FirstWins,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the vocabulary")]
pub(super) struct Field {
    pub(super) id: String,
    pub(super) group: String,
    pub(super) at: String,
    pub(super) kind: Kind,
    pub(super) label: Words,
    pub(super) help: Words,
    #[serde(default)]
    pub(super) example: String,
    pub(super) required: Required,
    #[serde(default)]
    pub(super) blank: Blank,
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
    pub(super) checks: Vec<Ruling>,
    #[serde(default)]
    pub(super) advice: Vec<Ruling>,
    #[serde(default)]
    pub(super) when: Vec<Condition>,
    pub(super) source: Option<Source>,
    pub(super) part: Option<Part>,
    pub(super) secret: Option<Show>,
    #[serde(default)]
    pub(super) options: Vec<Choice>,
    pub(super) from_issue: Option<FromIssue>,
    pub(super) guess: Option<Words>,
    #[serde(default)]
    pub(super) subject: bool,
    pub(super) cite: String,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A choice that steers and is not sent. In the file it has a table of its own.
    #[serde(skip)]
    Mode(Conflict),
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
pub enum Required {
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
pub enum Blank {
    /// Nothing.
    #[default]
    Omit,
    /// An empty text.
    Send,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ruling {
    pub(super) is: Check<String>,
    pub(super) cite: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) list: List,
    #[serde(default)]
    pub(super) fills: BTreeMap<String, RowFact>,
    pub(super) without_id: Option<WithoutId>,
}

/// A list to pick from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
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
pub(super) struct WithoutId {
    pub(super) mode: String,
    pub(super) option: String,
    pub(super) fills: BTreeMap<String, RowFact>,
}

/// A part of an address, by which "copy from" goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
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
pub enum Show {
    /// Masked but for the last four characters.
    Last4,
    /// Wholly masked.
    All,
}

/// What a field counts in from the day of issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromIssue {
    /// Years.
    Years,
    /// Days.
    Days,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) at: String,
    pub(super) level: Level,
    pub(super) is: RuleKind,
    #[serde(default)]
    pub(super) when: Vec<Condition>,
    pub(super) cite: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RuleKind {
    TotalMax(TotalMax),
    Distinct,
    NotPastMonth(String),
    NeedsFact(Fact),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TotalMax {
    pub(super) fields: Vec<String>,
    pub(super) max: usize,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth a look.
    Warning,
    /// The API would refuse or misread it.
    Error,
}

/// Something that only the account can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
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
