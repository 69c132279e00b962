//! The catalog: all that a product says of its fields, one after the other in the order in which they are asked.
//!
//! It walks over the product once and adds only what follows from it: pointers that apply to every row, all
//! transitive conditions, and checks and rules in one list. Its callers decide how to show or use them.

use super::vocabulary::{Severity, ValueCheck};
use super::{Citation, Condition, Evidence, Field, FieldId, Group, Product, RuleKind, Step, StepId};
use crate::i18n::{TextId, Translations, texts, with};

/// The step of a JSON pointer that means every row of a list.
pub const ANY_ROW: &str = "*";

/// One field or mode, with all its properties.
#[derive(Debug)]
pub struct CatalogEntry<'a> {
    pub id: FieldId,
    pub field: &'a Field,
    pub group: &'a Group,
    pub step: &'a Step,
    /// Pointer from the payload's root, with [`ANY_ROW`] for each row of a list. A mode has none.
    pub pointer: Option<String>,
    /// The conditions that must all hold for it to be asked.
    pub when: Vec<&'a Condition>,
    pub constraints: Vec<Constraint<'a>>,
}

/// A check or rule that a value must pass.
#[derive(Debug)]
pub struct Constraint<'a> {
    /// The severity of a violation.
    pub level: Severity,
    pub is: ConstraintKind<'a>,
    /// The conditions that must all hold for it to apply.
    pub when: &'a [Condition],
    pub cite: &'a Citation,
}

/// The kind of a constraint.
#[derive(Debug, Clone, Copy)]
pub enum ConstraintKind<'a> {
    /// A check of the value alone.
    Check(&'a ValueCheck),
    /// A rule about the value and others, or the data of the account.
    Rule(&'a RuleKind),
}

impl Product {
    /// Returns all fields and modes in the order in which they are asked.
    pub fn catalog(&self) -> impl Iterator<Item = CatalogEntry<'_>> {
        let groups = (0..self.steps.len()).flat_map(|step| self.groups_of(StepId(step)));
        groups.flat_map(|group| self.fields_of(group)).map(|id| self.catalog_entry(id))
    }

    fn catalog_entry(&self, id: FieldId) -> CatalogEntry<'_> {
        let (field, group) = (&self[id], self.group_of(id));
        CatalogEntry {
            id,
            field,
            group,
            step: &self[group.step],
            pointer: field.at.map(|name| group.member_pointer(name)),
            when: self.all_conditions(id),
            constraints: self.field_constraints(id),
        }
    }

    /// Returns all conditions under which a field is asked: its own, its group's, and those of the fields that they
    /// name.
    pub fn all_conditions(&self, id: FieldId) -> Vec<&Condition> {
        let mut all: Vec<&Condition> = Vec::new();
        for condition in self.group_of(id).when.iter().chain(self[id].when) {
            for each in self.all_conditions(condition.field).into_iter().chain([condition]) {
                if !all.contains(&each) {
                    all.push(each);
                }
            }
        }
        all
    }

    fn field_constraints(&self, id: FieldId) -> Vec<Constraint<'_>> {
        let field = &self[id];
        let checks = field.checks.iter().map(|ruling| (Severity::Error, ruling));
        let advice = field.advice.iter().map(|ruling| (Severity::Warning, ruling));
        let held = checks.chain(advice).map(|(level, ruling)| Constraint {
            level,
            is: ConstraintKind::Check(&ruling.is),
            when: &[],
            cite: &ruling.cite,
        });
        let rules = self.rules.iter().filter(|rule| rule.at == id).map(|rule| Constraint {
            level: rule.level,
            is: ConstraintKind::Rule(&rule.is),
            when: rule.when,
            cite: &rule.cite,
        });
        held.chain(rules).collect()
    }
}

impl Group {
    /// Returns the pointer to a member of its object, with [`ANY_ROW`] for each row of a list.
    pub fn member_pointer(&self, name: &str) -> String {
        match self.many {
            Some(_) => format!("{}/{ANY_ROW}/{name}", self.at),
            None => format!("{}/{name}", self.at),
        }
    }
}

impl Citation {
    /// Returns true if the page of the endpoint itself documents it.
    pub fn is_confirmed(&self) -> bool {
        self.mark == Evidence::Doc
    }

    /// Returns true if it is a fact about the API that the page of the endpoint itself does not document. A decision
    /// of zegel itself is not a claim about the API.
    pub fn is_doubtful(&self) -> bool {
        !matches!(self.mark, Evidence::Doc | Evidence::Own)
    }

    /// Returns the source in words; "not confirmed" marks a fact that the page of the endpoint does not document.
    pub fn text_with_confirmation(&self, lang: &Translations) -> String {
        let from = self.source_text(lang);
        if self.is_confirmed() { from } else { lang.format(texts::cite::UNCONFIRMED, with::From(&from)) }
    }

    /// Returns the source in words.
    pub fn source_text(&self, lang: &Translations) -> String {
        let with_page = |id: TextId<with::Page<'_>>| lang.format(id, with::Page(&self.page.in_language(lang.language)));
        match self.mark {
            Evidence::Own => lang.text(texts::cite::OWN).to_owned(),
            Evidence::Doc => with_page(texts::cite::DOCUMENTED),
            Evidence::Sib => with_page(texts::cite::ELSEWHERE),
            Evidence::Code => lang.text(texts::cite::PROGRAMS).to_owned(),
            Evidence::Inf => lang.text(texts::cite::GUESS).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::PKIO;
    use rstest::rstest;

    #[test]
    fn every_field_occurs_once_in_focus_order() {
        let product = PKIO;
        let ids: Vec<FieldId> = product.catalog().map(|entry| entry.id).collect();
        assert_eq!(ids, product.field_ids().collect::<Vec<_>>());
    }

    #[rstest]
    #[case("org.how", None, &[])]
    #[case("org.name", Some("/organization/name"), &["org.how"])]
    #[case("orgc.email", Some("/organization/organization_contact/email"), &["org.how"])]
    #[case("contact.first", Some("/organization/contacts/*/first_name"), &["contact.how"])]
    #[case("pay.method", Some("/payment_method"), &[])]
    #[case("card.cvv", Some("/credit_card/cvv"), &["pay.method"])]
    fn pointers_and_conditions(#[case] id: &str, #[case] pointer: Option<&str>, #[case] when: &[&str]) {
        let product = PKIO;
        let entry = product.catalog().find(|entry| entry.field.id == id).unwrap();
        assert_eq!(entry.pointer.as_deref(), pointer);
        let on: Vec<&str> = entry.when.iter().map(|on| product[on.field].id).collect();
        assert_eq!(on, when);
    }

    #[test]
    fn checks_advice_and_rules_are_in_one_list() {
        let product = PKIO;
        let levels = |id: &str| {
            let entry = product.catalog().find(|entry| entry.field.id == id).unwrap();
            entry.constraints.iter().map(|limit| limit.level).collect::<Vec<_>>()
        };
        assert_eq!(levels("contact.email"), [Severity::Error, Severity::Warning, Severity::Warning, Severity::Warning]);
        assert_eq!(levels("valid.date"), [Severity::Error, Severity::Warning, Severity::Warning]);
        assert_eq!(levels("org.assumed"), [Severity::Error]);
        assert_eq!(levels("pay.method"), [Severity::Warning]);
    }
}
