//! Loading a product file: every id is resolved to an index, once, here.
//!
//! It rejects a file that would make the rest of the program guess. The finer invariants (unique pointers, earlier
//! conditions, both languages) are tests over all product files.

use super::file_format::{self, ValueCheck};
use super::payload_shape::PayloadShape;
use super::{
    Citation, Cited, Condition, ErrorKeywords, Field, FieldId, FieldOption, Group, GroupId, ListSource,
    PersonWithoutId, Product, Rule, RuleKind, Step, StepId, ValueKind,
};
use std::collections::BTreeMap;

/// Why a product file cannot be used. The message names the place to fix.
#[derive(Debug, thiserror::Error)]
pub enum ProductFileError {
    /// Not TOML, or a word outside the vocabulary; names line, column and the allowed words.
    #[error(transparent)]
    Vocabulary(#[from] toml::de::Error),
    /// An id that the file does not declare.
    #[error("\"{0}\" is not declared in this product file")]
    UnknownId(String),
}

type Result<T> = std::result::Result<T, ProductFileError>;

/// The ids of a file, for resolving them.
struct IdResolver {
    steps: Vec<String>,
    groups: Vec<String>,
    fields: Vec<String>,
    cites: BTreeMap<String, file_format::RawCitation>,
}

fn index_of(known: &[String], id: &str) -> Result<usize> {
    known.iter().position(|name| name == id).ok_or_else(|| ProductFileError::UnknownId(id.to_owned()))
}

impl IdResolver {
    fn step_id(&self, id: &str) -> Result<StepId> {
        index_of(&self.steps, id).map(StepId)
    }

    fn group_id(&self, id: &str) -> Result<GroupId> {
        index_of(&self.groups, id).map(GroupId)
    }

    fn field_id(&self, id: &str) -> Result<FieldId> {
        index_of(&self.fields, id).map(FieldId)
    }

    fn citation(&self, id: &str) -> Result<Citation> {
        let cite = self.cites.get(id).ok_or_else(|| ProductFileError::UnknownId(id.to_owned()))?;
        Ok(Citation { mark: cite.mark, page: cite.page.clone() })
    }

    fn resolve_conditions(&self, raw: Vec<file_format::RawCondition>) -> Result<Vec<Condition>> {
        raw.into_iter().map(|c| Ok(Condition { field: self.field_id(&c.field)?, is: c.is })).collect()
    }

    fn resolve_fills(
        &self,
        raw: BTreeMap<String, file_format::RowFact>,
    ) -> Result<Vec<(FieldId, file_format::RowFact)>> {
        raw.into_iter().map(|(id, fact)| Ok((self.field_id(&id)?, fact))).collect()
    }

    fn resolve_checks(&self, raw: Vec<file_format::RawCheck>) -> Result<Vec<Cited<ValueCheck>>> {
        raw.into_iter().map(|r| Ok(Cited { is: self.resolve_check(r.is)?, cite: self.citation(&r.cite)? })).collect()
    }

    fn resolve_check(&self, raw: ValueCheck<String>) -> Result<ValueCheck> {
        Ok(match raw {
            ValueCheck::Max(max) => ValueCheck::Max(max),
            ValueCheck::Range(first, last) => ValueCheck::Range(first, last),
            ValueCheck::AtMost(most) => ValueCheck::AtMost(most),
            ValueCheck::OneOf => ValueCheck::OneOf,
            ValueCheck::Email => ValueCheck::Email,
            ValueCheck::EmailShape => ValueCheck::EmailShape,
            ValueCheck::Telephone => ValueCheck::Telephone,
            ValueCheck::Luhn => ValueCheck::Luhn,
            ValueCheck::Cvv(id) => ValueCheck::Cvv(self.field_id(&id)?),
            ValueCheck::Month => ValueCheck::Month,
            ValueCheck::Year4 => ValueCheck::Year4,
            ValueCheck::PostalCode(id) => ValueCheck::PostalCode(self.field_id(&id)?),
            ValueCheck::NoPoBox => ValueCheck::NoPoBox,
            ValueCheck::HouseNumber(id) => ValueCheck::HouseNumber(self.field_id(&id)?),
            ValueCheck::Letters => ValueCheck::Letters,
            ValueCheck::Person => ValueCheck::Person,
            ValueCheck::TwoWords => ValueCheck::TwoWords,
            ValueCheck::YearMonthDay => ValueCheck::YearMonthDay,
            ValueCheck::DaysAhead(first, last) => ValueCheck::DaysAhead(first, last),
            ValueCheck::KnownCountry => ValueCheck::KnownCountry,
            ValueCheck::Own(own) => ValueCheck::Own(own),
        })
    }

    fn resolve_source(&self, raw: file_format::RawListSource) -> Result<ListSource> {
        let without_id = match raw.without_id {
            None => None,
            Some(raw) => Some(PersonWithoutId {
                mode: self.field_id(&raw.mode)?,
                option: raw.option,
                fills: self.resolve_fills(raw.fills)?,
            }),
        };
        Ok(ListSource { list: raw.list, fills: self.resolve_fills(raw.fills)?, without_id })
    }

    fn resolve_rule(&self, raw: file_format::RawRule) -> Result<Rule> {
        let is = match raw.is {
            file_format::RawRuleKind::TotalMax(file_format::RawTotalMax { fields, max }) => {
                RuleKind::TotalMax { fields: fields.iter().map(|id| self.field_id(id)).collect::<Result<_>>()?, max }
            }
            file_format::RawRuleKind::Distinct => RuleKind::Distinct,
            file_format::RawRuleKind::NotPastMonth(month) => RuleKind::NotPastMonth(self.field_id(&month)?),
            file_format::RawRuleKind::NeedsFact(fact) => RuleKind::NeedsFact(fact),
        };
        let (at, when) = (self.field_id(&raw.at)?, self.resolve_conditions(raw.when)?);
        Ok(Rule { at, level: raw.level, is, when, cite: self.citation(&raw.cite)? })
    }

    fn resolve_group(&self, raw: file_format::RawGroup) -> Result<Group> {
        Ok(Group {
            step: self.step_id(&raw.step)?,
            when: self.resolve_conditions(raw.when)?,
            copies: raw.copies.iter().map(|id| self.group_id(id)).collect::<Result<_>>()?,
            id: raw.id,
            at: raw.at,
            many: raw.many,
            keep: raw.keep,
            title: raw.title,
            row: raw.row,
        })
    }

    fn resolve_mode(&self, raw: file_format::RawMode) -> Result<Field> {
        Ok(Field {
            group: self.group_id(&raw.group)?,
            cite: self.citation(&raw.cite)?,
            at: None,
            kind: ValueKind::Mode(raw.conflict),
            example: String::new(),
            required: file_format::Requirement::Yes,
            blank: file_format::BlankPolicy::Omit,
            fixed: None,
            default: raw.default.or_else(|| raw.options.first().map(|option| option.id.clone())),
            preset: raw.preset,
            open: false,
            expert: false,
            checks: Vec::new(),
            advice: Vec::new(),
            when: Vec::new(),
            source: None,
            part: None,
            secret: None,
            options: raw.options.into_iter().map(convert_option).collect(),
            from_issue: None,
            guess: None,
            subject: false,
            id: raw.id,
            label: raw.label,
            help: raw.help,
        })
    }

    fn resolve_field(&self, raw: file_format::RawField) -> Result<Field> {
        Ok(Field {
            group: self.group_id(&raw.group)?,
            cite: self.citation(&raw.cite)?,
            checks: self.resolve_checks(raw.checks)?,
            advice: self.resolve_checks(raw.advice)?,
            when: self.resolve_conditions(raw.when)?,
            source: raw.source.map(|source| self.resolve_source(source)).transpose()?,
            at: Some(raw.at),
            kind: raw.kind,
            options: raw.options.into_iter().map(convert_option).collect(),
            id: raw.id,
            label: raw.label,
            help: raw.help,
            example: raw.example,
            required: raw.required,
            blank: raw.blank,
            fixed: raw.fixed,
            default: raw.default,
            preset: raw.preset,
            open: raw.open,
            expert: raw.expert,
            part: raw.part,
            secret: raw.secret,
            from_issue: raw.from_issue,
            guess: raw.guess,
            subject: raw.subject,
        })
    }
}

fn convert_option(raw: file_format::RawOption) -> FieldOption {
    FieldOption { id: raw.id, label: raw.label, note: raw.note, tells: raw.tells, reads: raw.reads, expert: raw.expert }
}

/// A mode or field, so that both can be sorted together.
enum ModeOrField {
    Mode(Box<file_format::RawMode>),
    Field(Box<file_format::RawField>),
}

/// Sorts by group in file order; in each group the modes first, then the fields.
fn order_modes_and_fields(
    file_groups: &[String],
    modes: Vec<file_format::RawMode>,
    fields: Vec<file_format::RawField>,
) -> Vec<(String, ModeOrField)> {
    let rank = |group: &str| file_groups.iter().position(|known| known == group).unwrap_or(usize::MAX);
    let modes =
        modes.into_iter().map(|mode| (rank(&mode.group), 0, mode.id.clone(), ModeOrField::Mode(Box::new(mode))));
    let fields =
        fields.into_iter().map(|field| (rank(&field.group), 1, field.id.clone(), ModeOrField::Field(Box::new(field))));
    let mut all: Vec<_> = modes.chain(fields).collect();
    all.sort_by_key(|(group, kind, ..)| (*group, *kind));
    all.into_iter().map(|(_, _, id, asked)| (id, asked)).collect()
}

/// Parses and resolves a whole file.
pub(super) fn parse_product(source: &str) -> Result<Product> {
    resolve_file(toml::from_str(source)?)
}

/// Resolves every id.
pub(super) fn resolve_file(file: file_format::RawProductFile) -> Result<Product> {
    let groups: Vec<String> = file.group.iter().map(|group| group.id.clone()).collect();
    let asked = order_modes_and_fields(&groups, file.mode, file.field);
    let names = IdResolver {
        steps: file.step.iter().map(|step| step.id.clone()).collect(),
        fields: asked.iter().map(|(id, _)| id.clone()).collect(),
        groups,
        cites: file.cites,
    };
    let groups: Vec<Group> = file.group.into_iter().map(|group| names.resolve_group(group)).collect::<Result<_>>()?;
    let fields: Vec<Field> = asked
        .into_iter()
        .map(|(_, asked)| match asked {
            ModeOrField::Mode(mode) => names.resolve_mode(*mode),
            ModeOrField::Field(field) => names.resolve_field(*field),
        })
        .collect::<Result<_>>()?;
    Ok(Product {
        shape: PayloadShape::from_fields(&groups, &fields),
        errors: file.errors.into_iter().map(|(code, id)| Ok((code, names.field_id(&id)?))).collect::<Result<_>>()?,
        words: file
            .words
            .into_iter()
            .map(|w| Ok(ErrorKeywords { words: w.words, field: names.field_id(&w.field)?, whole: w.whole }))
            .collect::<Result<_>>()?,
        rules: file.rule.into_iter().map(|rule| names.resolve_rule(rule)).collect::<Result<_>>()?,
        steps: file.step.into_iter().map(|s| Step { id: s.id, title: s.title, intro: s.intro }).collect(),
        name_id: file.name_id,
        title: file.title,
        endpoint: file.endpoint,
        elsewhere: file.elsewhere,
        groups,
        fields,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn the_embedded_product_loads_in_focus_order() {
        let product = super::super::load_pkio_product().unwrap();
        assert_eq!(product.fields[0].id, "org.how");
        assert_eq!(
            product.json_pointer(product.find_field("contact.type").unwrap(), Some(2)).unwrap(),
            "/organization/contacts/2/contact_type"
        );
        assert_eq!(product.json_pointer(product.find_field("pay.method").unwrap(), None).unwrap(), "/payment_method");
        assert_eq!(product.json_pointer(product.find_field("org.how").unwrap(), None), None);
    }

    #[test]
    fn a_word_outside_the_vocabulary_is_refused_with_its_place() {
        let wrong = super::super::PKIO_FILE.replace("required = \"yes\"", "required = \"perhaps\"");
        let error = Product::load(&wrong).unwrap_err().to_string();
        assert!(error.contains("line"), "{error}");
        assert!(error.contains("`yes`, `asked`, `advised`, `no`") || error.contains("one of"), "{error}");
    }

    #[test]
    fn an_undeclared_id_is_refused() {
        let wrong =
            super::super::PKIO_FILE.replace("balance\", field = \"pay.method\"", "balance\", field = \"pay.how\"");
        let error = Product::load(&wrong).unwrap_err().to_string();
        assert_eq!(error, "\"pay.how\" is not declared in this product file");
    }

    #[test]
    fn a_page_has_one_title_or_a_description_in_each_language() {
        let product = super::super::load_pkio_product().unwrap();
        let page = |id: &str| product[product.find_field(id).unwrap()].advice[0].cite.page.clone();
        let rule = product.find_field("org.id").map(|id| product[id].checks[0].cite.page.clone()).unwrap();
        assert_eq!((rule.en.as_str(), rule.nl.as_str()), ("order-pkio-qualified-eseal", "order-pkio-qualified-eseal"));
        let words = page("pay.method");
        assert_eq!(
            (words.en.as_str(), words.nl.as_str()),
            ("orders of other products", "bestellingen van andere producten")
        );
    }

    #[rstest]
    #[case::no_dutch("page = { en = \"orders of other products\" }", "missing field `nl`")]
    #[case::no_english("page = { nl = \"bestellingen van andere producten\" }", "missing field `en`")]
    #[case::another("page = { en = \"a\", nl = \"b\", de = \"c\" }", "unknown field `de`")]
    #[case::no_text("page = 1", "expected a title, or a text in `en` and `nl`")]
    fn a_page_without_one_of_the_languages_is_refused_like_any_text(#[case] page: &str, #[case] why: &str) {
        let is_of_others = |line: &str| line.starts_with("others = ");
        let lines = super::super::PKIO_FILE.lines().map(|line| {
            if is_of_others(line) { format!("others = {{ mark = \"sib\", {page} }}\n") } else { format!("{line}\n") }
        });
        let error = Product::load(&lines.collect::<String>()).unwrap_err().to_string();
        let line = super::super::PKIO_FILE.lines().position(is_of_others).unwrap() + 1;
        assert!(error.contains(&format!("line {line},")) && error.contains(why), "{error}");
    }
}
