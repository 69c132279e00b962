//! All that a product says of its fields, one after the other in the order of asking, for whoever lists them.
//!
//! It is one walk over the product, and adds nothing but what hangs together: pointers that hold for every row, all
//! conditions down to the last, checks and rules in one list. It does not know how any of it is told or used.

use super::raw::{Check, Level};
use super::{Cite, Condition, Field, FieldId, Group, Mark, Product, RuleKind, Step, StepId};
use crate::lang::Lang;

/// Stands in a pointer for the place of every row of a list.
pub const ROW: &str = "*";

/// One field or mode, with everything that is said of it.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Its index.
    pub id: FieldId,
    /// Itself.
    pub field: &'a Field,
    /// Its group.
    pub group: &'a Group,
    /// The step that asks for it.
    pub step: &'a Step,
    /// Pointer to it from the payload's root, with [`ROW`] for each row of a list. A mode has none.
    pub pointer: Option<String>,
    /// All must hold for it to be asked.
    pub when: Vec<&'a Condition>,
    /// What its value is held to.
    pub limits: Vec<Limit<'a>>,
}

/// Something that a value is held to.
#[derive(Debug)]
pub struct Limit<'a> {
    /// What a value that breaks it is.
    pub level: Level,
    /// What it says.
    pub is: LimitKind<'a>,
    /// All must hold for it to count.
    pub when: &'a [Condition],
    /// Where it comes from.
    pub cite: &'a Cite,
}

/// What a value is held to.
#[derive(Debug, Clone, Copy)]
pub enum LimitKind<'a> {
    /// It by itself.
    Check(&'a Check),
    /// It beside others, or beside what the account knows.
    Rule(&'a RuleKind),
}

impl Product {
    /// All fields and modes in the order of asking.
    pub fn catalog(&self) -> impl Iterator<Item = Entry<'_>> {
        let groups = (0..self.steps.len()).flat_map(|step| self.groups_of(StepId(step)));
        groups.flat_map(|group| self.fields_of(group)).map(|id| self.entry(id))
    }

    fn entry(&self, id: FieldId) -> Entry<'_> {
        let (field, group) = (&self[id], self.group_of(id));
        Entry {
            id,
            field,
            group,
            step: &self[group.step],
            pointer: field.at.as_ref().map(|name| group.pointer(name)),
            when: self.conditions(id),
            limits: self.limits(id),
        }
    }

    /// All conditions under which a field is asked: its own, its group's, and those of the fields that they name.
    pub fn conditions(&self, id: FieldId) -> Vec<&Condition> {
        let mut all: Vec<&Condition> = Vec::new();
        for condition in self.group_of(id).when.iter().chain(&self[id].when) {
            for each in self.conditions(condition.field).into_iter().chain([condition]) {
                if !all.contains(&each) {
                    all.push(each);
                }
            }
        }
        all
    }

    fn limits(&self, id: FieldId) -> Vec<Limit<'_>> {
        let field = &self[id];
        let checks = field.checks.iter().map(|ruling| (Level::Error, ruling));
        let advice = field.advice.iter().map(|ruling| (Level::Warning, ruling));
        let held = checks.chain(advice).map(|(level, ruling)| Limit {
            level,
            is: LimitKind::Check(&ruling.is),
            when: &[],
            cite: &ruling.cite,
        });
        let rules = self.rules.iter().filter(|rule| rule.at == id).map(|rule| Limit {
            level: rule.level,
            is: LimitKind::Rule(&rule.is),
            when: &rule.when,
            cite: &rule.cite,
        });
        held.chain(rules).collect()
    }
}

impl Group {
    /// Pointer to a member of its object, with [`ROW`] for each row of a list.
    pub fn pointer(&self, name: &str) -> String {
        match self.many {
            Some(_) => format!("{}/{ROW}/{name}", self.at),
            None => format!("{}/{name}", self.at),
        }
    }
}

impl Cite {
    /// Whether the page of the endpoint itself says it.
    pub fn confirmed(&self) -> bool {
        self.mark == Mark::Doc
    }

    /// Whether it is told of the API and the page of the endpoint itself does not say it. What zegel itself decides is
    /// no claim about the API.
    pub fn is_doubtful(&self) -> bool {
        !matches!(self.mark, Mark::Doc | Mark::Own)
    }

    /// Where it comes from, in words; what that page does not say reads "not confirmed".
    pub fn judged(&self, lang: &Lang) -> String {
        let from = self.say(lang);
        if self.confirmed() { from } else { lang.tell("cite.unconfirmed", &[("from", &from)]) }
    }

    /// Where it comes from, in words.
    pub fn say(&self, lang: &Lang) -> String {
        let id = match self.mark {
            Mark::Own => "cite.own",
            Mark::Doc => "cite.documented",
            Mark::Sib => "cite.elsewhere",
            Mark::Code => "cite.programs",
            Mark::Inf => "cite.guess",
        };
        lang.tell(id, &[("page", self.page.in_language(lang.language))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::pkio;
    use rstest::rstest;

    #[test]
    fn every_field_is_there_once_in_the_order_of_asking() {
        let product = pkio().unwrap();
        let ids: Vec<FieldId> = product.catalog().map(|entry| entry.id).collect();
        assert_eq!(ids, product.ids().collect::<Vec<_>>());
    }

    #[rstest]
    #[case("org.how", None, &[])]
    #[case("org.name", Some("/organization/name"), &["org.how"])]
    #[case("orgc.email", Some("/organization/organization_contact/email"), &["org.how"])]
    #[case("contact.first", Some("/organization/contacts/*/first_name"), &["contact.how"])]
    #[case("pay.method", Some("/payment_method"), &[])]
    #[case("card.cvv", Some("/credit_card/cvv"), &["pay.method"])]
    fn pointers_and_conditions(#[case] id: &str, #[case] pointer: Option<&str>, #[case] when: &[&str]) {
        let product = pkio().unwrap();
        let entry = product.catalog().find(|entry| entry.field.id == id).unwrap();
        assert_eq!(entry.pointer.as_deref(), pointer);
        let on: Vec<&str> = entry.when.iter().map(|on| product[on.field].id.as_str()).collect();
        assert_eq!(on, when);
    }

    #[test]
    fn checks_advice_and_rules_stand_in_one_list() {
        let product = pkio().unwrap();
        let levels = |id: &str| {
            let entry = product.catalog().find(|entry| entry.field.id == id).unwrap();
            entry.limits.iter().map(|limit| limit.level).collect::<Vec<_>>()
        };
        assert_eq!(levels("contact.email"), [Level::Error, Level::Warning, Level::Warning, Level::Warning]);
        assert_eq!(levels("valid.date"), [Level::Error, Level::Warning, Level::Warning]);
        assert_eq!(levels("org.assumed"), [Level::Error]);
        assert_eq!(levels("pay.method"), [Level::Warning]);
    }
}
