//! From the words of a product file to indices: every id is looked up once, here.
//!
//! What this refuses is what would make the rest of the program guess. The finer invariants (unique pointers,
//! earlier conditions, both languages) are tests over all product files.

use super::raw::{self, Check};
use super::shape::Shape;
use super::{
    Choice, Cite, Condition, ErrorWords, Field, FieldId, Group, GroupId, Kind, Product, Rule, RuleKind, Ruling, Source,
    Step, StepId, WithoutId,
};
use std::collections::BTreeMap;

/// Why a product file cannot be used: mend the file at the place that is named.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Not TOML, or a word outside the vocabulary; names line, column and the words allowed.
    #[error(transparent)]
    Vocabulary(#[from] toml::de::Error),
    /// Something names an id that the file does not declare.
    #[error("\"{0}\" is not declared in this product file")]
    UnknownId(String),
}

type Result<T> = std::result::Result<T, LoadError>;

/// The ids of a file, for looking them up.
struct Names {
    steps: Vec<String>,
    groups: Vec<String>,
    fields: Vec<String>,
    cites: BTreeMap<String, raw::Cite>,
}

fn place(known: &[String], id: &str) -> Result<usize> {
    known.iter().position(|name| name == id).ok_or_else(|| LoadError::UnknownId(id.to_owned()))
}

impl Names {
    fn step(&self, id: &str) -> Result<StepId> {
        place(&self.steps, id).map(StepId)
    }

    fn group(&self, id: &str) -> Result<GroupId> {
        place(&self.groups, id).map(GroupId)
    }

    fn field(&self, id: &str) -> Result<FieldId> {
        place(&self.fields, id).map(FieldId)
    }

    fn cite(&self, id: &str) -> Result<Cite> {
        let cite = self.cites.get(id).ok_or_else(|| LoadError::UnknownId(id.to_owned()))?;
        Ok(Cite { mark: cite.mark, page: cite.page.clone() })
    }

    fn conditions(&self, raw: Vec<raw::Condition>) -> Result<Vec<Condition>> {
        raw.into_iter().map(|c| Ok(Condition { field: self.field(&c.field)?, is: c.is })).collect()
    }

    fn fills(&self, raw: BTreeMap<String, raw::RowFact>) -> Result<Vec<(FieldId, raw::RowFact)>> {
        raw.into_iter().map(|(id, fact)| Ok((self.field(&id)?, fact))).collect()
    }

    fn rulings(&self, raw: Vec<raw::Ruling>) -> Result<Vec<Ruling<Check>>> {
        raw.into_iter().map(|r| Ok(Ruling { is: self.check(r.is)?, cite: self.cite(&r.cite)? })).collect()
    }

    fn check(&self, raw: Check<String>) -> Result<Check> {
        Ok(match raw {
            Check::Max(max) => Check::Max(max),
            Check::Range(first, last) => Check::Range(first, last),
            Check::AtMost(most) => Check::AtMost(most),
            Check::OneOf => Check::OneOf,
            Check::Email => Check::Email,
            Check::EmailShape => Check::EmailShape,
            Check::Telephone => Check::Telephone,
            Check::Luhn => Check::Luhn,
            Check::Cvv(id) => Check::Cvv(self.field(&id)?),
            Check::Month => Check::Month,
            Check::Year4 => Check::Year4,
            Check::PostalCode(id) => Check::PostalCode(self.field(&id)?),
            Check::NoPoBox => Check::NoPoBox,
            Check::HouseNumber(id) => Check::HouseNumber(self.field(&id)?),
            Check::Letters => Check::Letters,
            Check::Person => Check::Person,
            Check::TwoWords => Check::TwoWords,
            Check::YearMonthDay => Check::YearMonthDay,
            Check::DaysAhead(first, last) => Check::DaysAhead(first, last),
            Check::KnownCountry => Check::KnownCountry,
            Check::Own(own) => Check::Own(own),
        })
    }

    fn source(&self, raw: raw::Source) -> Result<Source> {
        let without_id = match raw.without_id {
            None => None,
            Some(raw) => {
                Some(WithoutId { mode: self.field(&raw.mode)?, option: raw.option, fills: self.fills(raw.fills)? })
            }
        };
        Ok(Source { list: raw.list, fills: self.fills(raw.fills)?, without_id })
    }

    fn rule(&self, raw: raw::Rule) -> Result<Rule> {
        let is = match raw.is {
            raw::RuleKind::TotalMax(raw::TotalMax { fields, max }) => {
                RuleKind::TotalMax { fields: fields.iter().map(|id| self.field(id)).collect::<Result<_>>()?, max }
            }
            raw::RuleKind::Distinct => RuleKind::Distinct,
            raw::RuleKind::NotPastMonth(month) => RuleKind::NotPastMonth(self.field(&month)?),
            raw::RuleKind::NeedsFact(fact) => RuleKind::NeedsFact(fact),
        };
        let (at, when) = (self.field(&raw.at)?, self.conditions(raw.when)?);
        Ok(Rule { at, level: raw.level, is, when, cite: self.cite(&raw.cite)? })
    }

    fn group_of(&self, raw: raw::Group) -> Result<Group> {
        Ok(Group {
            step: self.step(&raw.step)?,
            when: self.conditions(raw.when)?,
            copies: raw.copies.iter().map(|id| self.group(id)).collect::<Result<_>>()?,
            id: raw.id,
            at: raw.at,
            many: raw.many,
            keep: raw.keep,
            title: raw.title,
            row: raw.row,
        })
    }

    fn mode_of(&self, raw: raw::Mode) -> Result<Field> {
        Ok(Field {
            group: self.group(&raw.group)?,
            cite: self.cite(&raw.cite)?,
            at: None,
            kind: Kind::Mode(raw.conflict),
            example: String::new(),
            required: raw::Required::Yes,
            blank: raw::Blank::Omit,
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
            options: raw.options.into_iter().map(choice).collect(),
            from_issue: None,
            guess: None,
            subject: false,
            id: raw.id,
            label: raw.label,
            help: raw.help,
        })
    }

    fn field_of(&self, raw: raw::Field) -> Result<Field> {
        Ok(Field {
            group: self.group(&raw.group)?,
            cite: self.cite(&raw.cite)?,
            checks: self.rulings(raw.checks)?,
            advice: self.rulings(raw.advice)?,
            when: self.conditions(raw.when)?,
            source: raw.source.map(|source| self.source(source)).transpose()?,
            at: Some(raw.at),
            kind: raw.kind,
            options: raw.options.into_iter().map(choice).collect(),
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

fn choice(raw: raw::Choice) -> Choice {
    Choice { id: raw.id, label: raw.label, note: raw.note, tells: raw.tells, reads: raw.reads, expert: raw.expert }
}

/// A mode or field with the place of its group, so that both can be put into one order.
enum Asked {
    Mode(Box<raw::Mode>),
    Field(Box<raw::Field>),
}

/// Groups in file order; in each its modes, then its fields.
fn asked(file_groups: &[String], modes: Vec<raw::Mode>, fields: Vec<raw::Field>) -> Vec<(String, Asked)> {
    let rank = |group: &str| file_groups.iter().position(|known| known == group).unwrap_or(usize::MAX);
    let modes = modes.into_iter().map(|mode| (rank(&mode.group), 0, mode.id.clone(), Asked::Mode(Box::new(mode))));
    let fields =
        fields.into_iter().map(|field| (rank(&field.group), 1, field.id.clone(), Asked::Field(Box::new(field))));
    let mut all: Vec<_> = modes.chain(fields).collect();
    all.sort_by_key(|(group, kind, ..)| (*group, *kind));
    all.into_iter().map(|(_, _, id, asked)| (id, asked)).collect()
}

/// Reads and resolves a whole file.
pub(super) fn product(source: &str) -> Result<Product> {
    resolve(toml::from_str(source)?)
}

/// Looks every id up.
pub(super) fn resolve(file: raw::File) -> Result<Product> {
    let groups: Vec<String> = file.group.iter().map(|group| group.id.clone()).collect();
    let asked = asked(&groups, file.mode, file.field);
    let names = Names {
        steps: file.step.iter().map(|step| step.id.clone()).collect(),
        fields: asked.iter().map(|(id, _)| id.clone()).collect(),
        groups,
        cites: file.cites,
    };
    let groups: Vec<Group> = file.group.into_iter().map(|group| names.group_of(group)).collect::<Result<_>>()?;
    let fields: Vec<Field> = asked
        .into_iter()
        .map(|(_, asked)| match asked {
            Asked::Mode(mode) => names.mode_of(*mode),
            Asked::Field(field) => names.field_of(*field),
        })
        .collect::<Result<_>>()?;
    Ok(Product {
        shape: Shape::of(&groups, &fields),
        errors: file.errors.into_iter().map(|(code, id)| Ok((code, names.field(&id)?))).collect::<Result<_>>()?,
        words: file
            .words
            .into_iter()
            .map(|w| Ok(ErrorWords { words: w.words, field: names.field(&w.field)?, whole: w.whole }))
            .collect::<Result<_>>()?,
        rules: file.rule.into_iter().map(|rule| names.rule(rule)).collect::<Result<_>>()?,
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
    fn the_embedded_product_loads_in_the_order_of_asking() {
        let product = super::super::pkio().unwrap();
        assert_eq!(product.fields[0].id, "org.how");
        assert_eq!(
            product.pointer(product.find("contact.type").unwrap(), Some(2)).unwrap(),
            "/organization/contacts/2/contact_type"
        );
        assert_eq!(product.pointer(product.find("pay.method").unwrap(), None).unwrap(), "/payment_method");
        assert_eq!(product.pointer(product.find("org.how").unwrap(), None), None);
    }

    #[test]
    fn a_word_outside_the_vocabulary_is_refused_with_its_place() {
        let wrong = super::super::PKIO.replace("required = \"yes\"", "required = \"perhaps\"");
        let error = Product::load(&wrong).unwrap_err().to_string();
        assert!(error.contains("line"), "{error}");
        assert!(error.contains("`yes`, `asked`, `advised`, `no`") || error.contains("one of"), "{error}");
    }

    #[test]
    fn an_id_that_is_not_declared_is_refused() {
        let wrong = super::super::PKIO.replace("balance\", field = \"pay.method\"", "balance\", field = \"pay.how\"");
        let error = Product::load(&wrong).unwrap_err().to_string();
        assert_eq!(error, "\"pay.how\" is not declared in this product file");
    }

    #[test]
    fn a_page_has_one_title_or_a_description_in_each_language() {
        let product = super::super::pkio().unwrap();
        let page = |id: &str| product[product.find(id).unwrap()].advice[0].cite.page.clone();
        let rule = product.find("org.id").map(|id| product[id].checks[0].cite.page.clone()).unwrap();
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
        let lines = super::super::PKIO.lines().map(|line| {
            if is_of_others(line) { format!("others = {{ mark = \"sib\", {page} }}\n") } else { format!("{line}\n") }
        });
        let error = Product::load(&lines.collect::<String>()).unwrap_err().to_string();
        let line = super::super::PKIO.lines().position(is_of_others).unwrap() + 1;
        assert!(error.contains(&format!("line {line},")) && error.contains(why), "{error}");
    }
}
