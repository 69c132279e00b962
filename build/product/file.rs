//! The tables of a product file, as serde parses them. Each rejects unknown keys.
//!
//! Enums are externally tagged, and nothing is flattened, so that an error names line, column and the allowed words.
//! Ids are plain strings here; `rust_source` resolves them. A table is named like the type of the model in
//! `src/product.rs` that it becomes. Tests include this module too, so it reads and writes no file.

mod defaults;
mod rust_source;

use super::vocabulary::{
    AccountFact, AddressPart, BlankPolicy, Evidence, ModeConflict, OptionDetail, PickList, Requirement, RowFact,
    RowLimits, SecretDisplay, Severity, ValidityUnit, ValueCheck, ValueKind,
};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductFile {
    name_id: String,
    title: LocalizedText,
    endpoint: String,
    elsewhere: Vec<String>,
    errors: BTreeMap<String, String>,
    words: Vec<ErrorKeywords>,
    cites: BTreeMap<String, Citation>,
    step: Vec<Step>,
    group: Vec<Group>,
    mode: Vec<Mode>,
    field: Vec<Field>,
    rule: Vec<Rule>,
}

impl ProductFile {
    /// Parses a file. An error names line, column and the allowed words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Returns the name of the product's `static`.
    pub(crate) fn static_name(&self) -> String {
        self.name_id.to_uppercase()
    }

    /// Returns Rust source: the `static` of the product, and the one of its defaults if it has any.
    pub(crate) fn into_statics(mut self) -> Result<String, String> {
        let name = self.static_name();
        let whole = format!("pub static {name}: Product = {};\n", self.to_rust()?);
        if self.field.iter().all(|field| !field.preset) {
            return Ok(whole);
        }
        self.keep_presets();
        Ok(whole + &format!("pub static {name}_DEFAULTS: Product = {};\n", self.to_rust()?))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrorKeywords {
    word: String,
    field: String,
    #[serde(default)]
    whole: bool,
}

/// One text in both languages.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "`Debug` writes both")]
struct LocalizedText {
    en: String,
    nl: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Citation {
    mark: Evidence,
    /// A title, which is the same in every language, or the subject of the page, in both languages.
    #[serde(default, deserialize_with = "title_or_words")]
    page: LocalizedText,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    id: String,
    title: LocalizedText,
    intro: LocalizedText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    id: String,
    step: String,
    at: String,
    many: Option<RowLimits>,
    #[serde(default)]
    when: Vec<Condition>,
    #[serde(default = "yes")]
    keep: bool,
    title: Option<LocalizedText>,
    row: Option<LocalizedText>,
    #[serde(default)]
    copies: Vec<String>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    field: String,
    is: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldOption {
    id: String,
    label: LocalizedText,
    note: Option<LocalizedText>,
    tells: Option<OptionDetail>,
    reads: Option<Vec<String>>,
    #[serde(default)]
    expert: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mode {
    id: String,
    group: String,
    conflict: ModeConflict,
    options: Vec<FieldOption>,
    default: Option<String>,
    #[serde(default)]
    preset: bool,
    cite: String,
    label: LocalizedText,
    help: LocalizedText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the vocabulary")]
struct Field {
    id: String,
    group: String,
    at: String,
    kind: ValueKind,
    label: LocalizedText,
    help: LocalizedText,
    #[serde(default)]
    example: String,
    required: Requirement,
    #[serde(default)]
    blank: BlankPolicy,
    fixed: Option<String>,
    default: Option<String>,
    #[serde(default)]
    preset: bool,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    expert: bool,
    #[serde(default)]
    checks: Vec<Check>,
    #[serde(default)]
    advice: Vec<Check>,
    #[serde(default)]
    when: Vec<Condition>,
    source: Option<ListSource>,
    part: Option<AddressPart>,
    secret: Option<SecretDisplay>,
    #[serde(default)]
    options: Vec<FieldOption>,
    from_issue: Option<ValidityUnit>,
    guess: Option<LocalizedText>,
    #[serde(default)]
    subject: bool,
    cite: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    is: ValueCheck<String>,
    cite: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListSource {
    list: PickList,
    #[serde(default)]
    fills: BTreeMap<String, RowFact>,
    without_id: Option<PersonWithoutId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonWithoutId {
    mode: String,
    option: String,
    fills: BTreeMap<String, RowFact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    at: String,
    level: Severity,
    is: RuleKind,
    #[serde(default)]
    when: Vec<Condition>,
    cite: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum RuleKind {
    TotalMax { fields: Vec<String>, max: usize },
    Distinct,
    NotPastMonth(String),
    NeedsFact(AccountFact),
}
