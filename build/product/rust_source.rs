//! A product file as Rust source: an expression of the model in `src/product.rs`, with every id resolved to an index.
//!
//! It rejects an id that is not declared. The finer invariants (unique pointers, earlier conditions, both languages)
//! are tests over all products.

use super::super::vocabulary::{RowFact, ValueCheck};
use super::{
    Check, Citation, Condition, Field, FieldOption, Group, ListSource, Mode, PersonWithoutId, ProductFile, Rule,
    RuleKind,
};
use std::collections::BTreeMap;
use std::fmt::Debug;

type Result<T> = std::result::Result<T, String>;

/// A member of the file that is asked.
#[derive(Clone, Copy)]
enum Asked<'a> {
    Mode(&'a Mode),
    Field(&'a Field),
}

impl<'a> Asked<'a> {
    fn id(self) -> &'a str {
        match self {
            Self::Mode(mode) => &mode.id,
            Self::Field(field) => &field.id,
        }
    }

    fn group(self) -> &'a str {
        match self {
            Self::Mode(mode) => &mode.group,
            Self::Field(field) => &field.group,
        }
    }
}

/// The ids of a file, for resolving them.
struct DeclaredIds<'a> {
    steps: Vec<&'a str>,
    groups: Vec<&'a str>,
    /// Fields and modes, in the order in which they are asked.
    fields: Vec<&'a str>,
    cites: &'a BTreeMap<String, Citation>,
}

impl ProductFile {
    /// Returns the expression of the product.
    pub(super) fn to_rust(&self) -> Result<String> {
        let groups: Vec<&str> = self.group.iter().map(|group| group.id.as_str()).collect();
        let asked = self.order_modes_and_fields(&groups)?;
        let ids = DeclaredIds {
            steps: self.step.iter().map(|step| step.id.as_str()).collect(),
            groups,
            fields: asked.iter().map(|(_, asked)| asked.id()).collect(),
            cites: &self.cites,
        };
        let steps = self.step.iter().map(|step| {
            let texts = [("id", debug(&step.id)), ("title", debug(&step.title)), ("intro", debug(&step.intro))];
            Ok(record("Step", &texts))
        });
        let fields = asked.iter().map(|(group, asked)| match asked {
            Asked::Mode(mode) => ids.mode(*group, mode),
            Asked::Field(field) => ids.field(*group, field),
        });
        let words = self.words.iter().map(|words| {
            let (field, whole) = (ids.field_id(&words.field)?, debug(&words.whole));
            Ok(record("ErrorKeywords", &[("words", debug(&words.word)), ("field", field), ("whole", whole)]))
        });
        let errors = self.errors.iter().map(|(code, id)| Ok(format!("({code:?}, {})", ids.field_id(id)?)));
        Ok(record(
            "Product",
            &[
                ("name_id", debug(&self.name_id)),
                ("title", debug(&self.title)),
                ("endpoint", debug(&self.endpoint)),
                ("elsewhere", strings(&self.elsewhere)),
                ("errors", list(errors)?),
                ("words", list(words)?),
                ("steps", list(steps)?),
                ("groups", list(self.group.iter().map(|group| ids.group(group)))?),
                ("fields", list(fields)?),
                ("rules", list(self.rule.iter().map(|rule| ids.rule(rule)))?),
                ("shape", shape(&self.members(&asked))),
            ],
        ))
    }

    /// Returns modes and fields, each with the index of its group: by group in file order, and in each group the modes
    /// first.
    fn order_modes_and_fields(&self, groups: &[&str]) -> Result<Vec<(usize, Asked<'_>)>> {
        let asked = self.mode.iter().map(Asked::Mode).chain(self.field.iter().map(Asked::Field));
        let with_group = asked.map(|asked| Ok((index_of(groups, asked.group())?, asked)));
        let mut all = with_group.collect::<Result<Vec<_>>>()?;
        all.sort_by_key(|(group, _)| *group);
        Ok(all)
    }

    /// Returns the members of the payload, in the order in which their fields are asked.
    fn members<'a>(&'a self, asked: &[(usize, Asked<'a>)]) -> Vec<Member<'a>> {
        let fields = asked.iter().enumerate().filter_map(|(index, (group, asked))| {
            let Asked::Field(field) = asked else { return None };
            let at = &self.group[*group];
            let path = at.at.split('/').skip(1).chain([field.at.as_str()]).collect();
            Some(Member { path, list: at.many.map(|_| *group), field: index })
        });
        fields.collect()
    }
}

/// A member of the payload, or of an object in it.
#[derive(Clone)]
struct Member<'a> {
    /// The names that lead to it.
    path: Vec<&'a str>,
    /// The index of its group, if the last object that leads to it is a row of a list.
    list: Option<usize>,
    /// The index of its field.
    field: usize,
}

/// Returns the shape of an object. A name has its place where the first field that it leads to is asked.
fn shape(members: &[Member<'_>]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in members.iter().filter_map(|member| member.path.first()) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let shapes = names.iter().map(|name| {
        let below = members.iter().filter(|member| member.path.first() == Some(name));
        let below = below.map(|member| Member { path: member.path[1..].to_vec(), ..member.clone() });
        format!("({name:?}, PayloadMember::{})", member_shape(&below.collect::<Vec<_>>()))
    });
    format!("PayloadShape {{ members: &[{}] }}", shapes.collect::<Vec<_>>().join(", "))
}

fn member_shape(members: &[Member<'_>]) -> String {
    match members {
        [Member { path, .. }, ..] if path.is_empty() => {
            let fields: Vec<String> = members.iter().map(|member| format!("FieldId({})", member.field)).collect();
            format!("Leaf(&[{}])", fields.join(", "))
        }
        [Member { path, list: Some(group), .. }, ..] if path.len() == 1 => {
            format!("List(GroupId({group}), {})", shape(members))
        }
        _ => format!("Object({})", shape(members)),
    }
}

fn index_of(known: &[&str], id: &str) -> Result<usize> {
    known.iter().position(|name| *name == id).ok_or_else(|| unknown_id(id))
}

fn unknown_id(id: &str) -> String {
    format!("\"{id}\" is not declared in this product file")
}

impl DeclaredIds<'_> {
    fn field_id(&self, id: &str) -> Result<String> {
        Ok(format!("FieldId({})", index_of(&self.fields, id)?))
    }

    fn group_id(&self, id: &str) -> Result<String> {
        Ok(format!("GroupId({})", index_of(&self.groups, id)?))
    }

    fn citation(&self, id: &str) -> Result<String> {
        let cite = self.cites.get(id).ok_or_else(|| unknown_id(id))?;
        Ok(record("Citation", &[("mark", word("Evidence", cite.mark)), ("page", debug(&cite.page))]))
    }

    fn conditions(&self, conditions: &[Condition]) -> Result<String> {
        list(conditions.iter().map(|condition| {
            let (field, is) = (self.field_id(&condition.field)?, strings(&condition.is));
            Ok(record("Condition", &[("field", field), ("is", is)]))
        }))
    }

    fn fills(&self, fills: &BTreeMap<String, RowFact>) -> Result<String> {
        list(fills.iter().map(|(id, fact)| Ok(format!("({}, RowFact::{fact:?})", self.field_id(id)?))))
    }

    fn checks(&self, checks: &[Check]) -> Result<String> {
        list(checks.iter().map(|check| {
            let (is, cite) = (self.check(&check.is)?, self.citation(&check.cite)?);
            Ok(record("Cited", &[("is", is), ("cite", cite)]))
        }))
    }

    fn check(&self, check: &ValueCheck<String>) -> Result<String> {
        Ok(match check {
            ValueCheck::Cvv(id) => format!("ValueCheck::Cvv({})", self.field_id(id)?),
            ValueCheck::PostalCode(id) => format!("ValueCheck::PostalCode({})", self.field_id(id)?),
            ValueCheck::HouseNumber(id) => format!("ValueCheck::HouseNumber({})", self.field_id(id)?),
            ValueCheck::Own(own) => format!("ValueCheck::Own(SetupCheck::{own:?})"),
            other => format!("ValueCheck::{other:?}"),
        })
    }

    fn source(&self, source: &ListSource) -> Result<String> {
        let without_id = source.without_id.as_ref().map(|without| self.without_id(without)).transpose()?;
        let list = word("PickList", source.list);
        let fills = self.fills(&source.fills)?;
        Ok(record("ListSource", &[("list", list), ("fills", fills), ("without_id", option(without_id))]))
    }

    fn without_id(&self, without: &PersonWithoutId) -> Result<String> {
        let (mode, fills) = (self.field_id(&without.mode)?, self.fills(&without.fills)?);
        Ok(record("PersonWithoutId", &[("mode", mode), ("option", debug(&without.option)), ("fills", fills)]))
    }

    fn rule(&self, rule: &Rule) -> Result<String> {
        let is = match &rule.is {
            RuleKind::TotalMax { fields, max } => {
                let fields = list(fields.iter().map(|id| self.field_id(id)))?;
                record("RuleKind::TotalMax", &[("fields", fields), ("max", debug(max))])
            }
            RuleKind::Distinct => "RuleKind::Distinct".to_owned(),
            RuleKind::NotPastMonth(month) => format!("RuleKind::NotPastMonth({})", self.field_id(month)?),
            RuleKind::NeedsFact(fact) => format!("RuleKind::NeedsFact(AccountFact::{fact:?})"),
        };
        let parts = [
            ("at", self.field_id(&rule.at)?),
            ("level", word("Severity", rule.level)),
            ("is", is),
            ("when", self.conditions(&rule.when)?),
            ("cite", self.citation(&rule.cite)?),
        ];
        Ok(record("Rule", &parts))
    }

    fn group(&self, group: &Group) -> Result<String> {
        let parts = [
            ("id", debug(&group.id)),
            ("step", format!("StepId({})", index_of(&self.steps, &group.step)?)),
            ("at", debug(&group.at)),
            ("many", debug(&group.many)),
            ("when", self.conditions(&group.when)?),
            ("keep", debug(&group.keep)),
            ("title", debug(&group.title)),
            ("row", debug(&group.row)),
            ("copies", list(group.copies.iter().map(|id| self.group_id(id)))?),
        ];
        Ok(record("Group", &parts))
    }

    fn mode(&self, group: usize, mode: &Mode) -> Result<String> {
        let default = mode.default.as_ref().or(mode.options.first().map(|option| &option.id));
        let none = || "None".to_owned();
        let parts = [
            ("id", debug(&mode.id)),
            ("group", format!("GroupId({group})")),
            ("at", none()),
            ("kind", format!("ValueKind::Mode(ModeConflict::{:?})", mode.conflict)),
            ("label", debug(&mode.label)),
            ("help", debug(&mode.help)),
            ("example", debug("")),
            ("required", "Requirement::Yes".to_owned()),
            ("blank", "BlankPolicy::Omit".to_owned()),
            ("fixed", none()),
            ("default", debug(&default)),
            ("preset", debug(&mode.preset)),
            ("open", debug(&false)),
            ("expert", debug(&false)),
            ("checks", strings(&[])),
            ("advice", strings(&[])),
            ("when", strings(&[])),
            ("source", none()),
            ("part", none()),
            ("secret", none()),
            ("options", list(mode.options.iter().map(|option| Ok(field_option(option))))?),
            ("from_issue", none()),
            ("guess", none()),
            ("subject", debug(&false)),
            ("cite", self.citation(&mode.cite)?),
        ];
        Ok(record("Field", &parts))
    }

    fn field(&self, group: usize, field: &Field) -> Result<String> {
        let parts = [
            ("id", debug(&field.id)),
            ("group", format!("GroupId({group})")),
            ("at", debug(&Some(&field.at))),
            ("kind", word("ValueKind", field.kind)),
            ("label", debug(&field.label)),
            ("help", debug(&field.help)),
            ("example", debug(&field.example)),
            ("required", word("Requirement", field.required)),
            ("blank", word("BlankPolicy", field.blank)),
            ("fixed", debug(&field.fixed)),
            ("default", debug(&field.default)),
            ("preset", debug(&field.preset)),
            ("open", debug(&field.open)),
            ("expert", debug(&field.expert)),
            ("checks", self.checks(&field.checks)?),
            ("advice", self.checks(&field.advice)?),
            ("when", self.conditions(&field.when)?),
            ("source", option(field.source.as_ref().map(|source| self.source(source)).transpose()?)),
            ("part", option(field.part.map(|part| word("AddressPart", part)))),
            ("secret", option(field.secret.map(|secret| word("SecretDisplay", secret)))),
            ("options", list(field.options.iter().map(|option| Ok(field_option(option))))?),
            ("from_issue", option(field.from_issue.map(|unit| word("ValidityUnit", unit)))),
            ("guess", debug(&field.guess)),
            ("subject", debug(&field.subject)),
            ("cite", self.citation(&field.cite)?),
        ];
        Ok(record("Field", &parts))
    }
}

fn field_option(from: &FieldOption) -> String {
    let parts = [
        ("id", debug(&from.id)),
        ("label", debug(&from.label)),
        ("note", debug(&from.note)),
        ("tells", option(from.tells.map(|tells| word("OptionDetail", tells)))),
        ("reads", option(from.reads.as_deref().map(strings))),
        ("expert", debug(&from.expert)),
    ];
    record("FieldOption", &parts)
}

fn record(name: &str, parts: &[(&str, String)]) -> String {
    let parts: Vec<String> = parts.iter().map(|(field, value)| format!("{field}: {value}")).collect();
    format!("{name} {{ {} }}", parts.join(", "))
}

/// What `Debug` prints of strings, numbers, tables of them and options is Rust.
fn debug(value: &(impl Debug + ?Sized)) -> String {
    format!("{value:?}")
}

fn strings(values: &[String]) -> String {
    format!("&{values:?}")
}

fn word(kind: &str, value: impl Debug + Copy) -> String {
    format!("{kind}::{value:?}")
}

fn option(value: Option<String>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})"))
}

fn list(items: impl Iterator<Item = Result<String>>) -> Result<String> {
    Ok(format!("&[\n{}]", items.map(|item| Ok(item? + ",\n")).collect::<Result<String>>()?))
}
