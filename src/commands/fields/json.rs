//! The fields as one JSON document, for programs.
//!
//! The help of the command promises its members: new ones may be added, and none may be renamed. Texts for people are
//! in the requested language, beside stable codes.

use super::describe::FieldDescriber;
use crate::i18n::LocalizedText;
use crate::product::catalog::{CatalogEntry, Constraint, ConstraintKind};
use crate::product::{
    AccountFact, BlankPolicy, Citation, Condition, Evidence, Requirement, RuleKind, SecretDisplay, Severity,
    ValueCheck, ValueKind,
};
use serde_json::{Value, json};

pub(super) fn fields_json(describer: &FieldDescriber<'_>) -> Value {
    let product = describer.product;
    let text = |words: &LocalizedText| words.in_language(describer.lang.language).to_owned();
    let step =
        |step: &crate::product::Step| json!({"id": step.id, "title": text(&step.title), "intro": text(&step.intro)});
    json!({
        "product": product.name_id,
        "title": text(&product.title),
        "endpoint": product.endpoint,
        "language": describer.lang.language.code(),
        "steps": product.steps.iter().map(step).collect::<Vec<_>>(),
        "fields": product.catalog().map(|entry| field_json(describer, &entry)).collect::<Vec<_>>(),
    })
}

fn field_json(describer: &FieldDescriber<'_>, entry: &CatalogEntry<'_>) -> Value {
    let field = entry.field;
    let text = |words: &LocalizedText| words.in_language(describer.lang.language).to_owned();
    json!({
        "id": field.id,
        "step": entry.step.id,
        "pointer": entry.pointer,
        "label": text(&field.label),
        "help": text(&field.help),
        "example": field.example,
        "kind": kind_word(field.kind),
        "required": required_word(field.required),
        "when": entry.when.iter().map(|on| condition_json(describer, on)).collect::<Vec<_>>(),
        "values": values_json(describer, entry),
        "open": field.open,
        "fixed": field.fixed,
        "default": field.default,
        "sent_blank": field.blank == BlankPolicy::Send,
        "rows": entry.group.many.map(|many| json!({"min": many.min, "max": many.max})),
        "secret": field.secret.map(|show| match show {
            SecretDisplay::Last4 => "last4",
            SecretDisplay::All => "all",
        }),
        "expert": field.expert,
        "limits": entry.constraints.iter().map(|each| limit_json(describer, each)).collect::<Vec<_>>(),
        "source": citation_json(describer, &field.cite),
    })
}

fn condition_json(describer: &FieldDescriber<'_>, on: &Condition) -> Value {
    json!({"field": describer.product[on.field].id, "is": on.is})
}

fn values_json(describer: &FieldDescriber<'_>, entry: &CatalogEntry<'_>) -> Vec<Value> {
    let text = |words: &LocalizedText| words.in_language(describer.lang.language).to_owned();
    let options = entry.field.options.iter();
    let value = options.map(|option| {
        let told_by = |reads: &[&str]| reads.iter().map(|name| entry.group.member_pointer(name)).collect::<Vec<_>>();
        let mut value =
            json!({"value": option.id, "label": text(&option.label), "note": option.note.as_ref().map(text)});
        if entry.field.is_mode() {
            value["told_by"] = json!(option.reads.map(told_by));
        }
        value
    });
    value.collect()
}

fn limit_json(describer: &FieldDescriber<'_>, limit: &Constraint<'_>) -> Value {
    let level = match limit.level {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let code = match limit.is {
        ConstraintKind::Check(is) => check_word(is),
        ConstraintKind::Rule(is) => rule_word(is),
    };
    let when = limit.when.iter().map(|on| condition_json(describer, on)).collect::<Vec<_>>();
    let source = citation_json(describer, limit.cite);
    json!({"level": level, "code": code, "when": when, "says": describer.constraint_text(limit), "source": source})
}

fn citation_json(describer: &FieldDescriber<'_>, cite: &Citation) -> Value {
    let mark = match cite.mark {
        Evidence::Own => "own",
        Evidence::Doc => "doc",
        Evidence::Sib => "sib",
        Evidence::Code => "code",
        Evidence::Inf => "inf",
    };
    let page = Some(cite.page.in_language(describer.lang.language)).filter(|page| !page.is_empty());
    let text = cite.text_with_confirmation(describer.lang);
    json!({"mark": mark, "confirmed": cite.is_confirmed(), "page": page, "says": text})
}

fn kind_word(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Mode(_) => "mode",
        ValueKind::Text => "text",
        ValueKind::Integer => "integer",
        ValueKind::Bool => "bool",
        ValueKind::Consent => "consent",
        ValueKind::Choice => "choice",
        ValueKind::Date => "date",
        ValueKind::Country => "country",
        ValueKind::Opaque => "opaque",
    }
}

fn required_word(required: Requirement) -> &'static str {
    match required {
        Requirement::Yes => "yes",
        Requirement::Asked => "asked",
        Requirement::Advised => "advised",
        Requirement::No => "no",
    }
}

/// Returns the name of the check in the product file.
fn check_word(check: &ValueCheck) -> &'static str {
    match check {
        ValueCheck::Max(_) => "max",
        ValueCheck::Range(..) => "range",
        ValueCheck::AtMost(_) => "at_most",
        ValueCheck::OneOf => "one_of",
        ValueCheck::Email => "email",
        ValueCheck::EmailShape => "email_shape",
        ValueCheck::Telephone => "telephone",
        ValueCheck::Luhn => "luhn",
        ValueCheck::Cvv(_) => "cvv",
        ValueCheck::Month => "month",
        ValueCheck::Year4 => "year4",
        ValueCheck::PostalCode(_) => "postal_code",
        ValueCheck::NoPoBox => "no_po_box",
        ValueCheck::HouseNumber(_) => "house_number",
        ValueCheck::Letters => "letters",
        ValueCheck::Person => "person",
        ValueCheck::TwoWords => "two_words",
        ValueCheck::YearMonthDay => "year_month_day",
        ValueCheck::DaysAhead(..) => "days_ahead",
        ValueCheck::KnownCountry => "known_country",
        ValueCheck::Own(_) => "own",
    }
}

/// Returns the name of the rule in the product file, or of the fact that it needs.
fn rule_word(rule: &RuleKind) -> &'static str {
    match rule {
        RuleKind::TotalMax { .. } => "total_max",
        RuleKind::Distinct => "distinct",
        RuleKind::NotPastMonth(_) => "not_past_month",
        RuleKind::NeedsFact(AccountFact::ActiveOrganization) => "active_organization",
        RuleKind::NeedsFact(AccountFact::UserNotVerifiedContact) => "user_not_verified_contact",
        RuleKind::NeedsFact(AccountFact::UserDetails) => "user_details",
        RuleKind::NeedsFact(AccountFact::VerifiedContact) => "verified_contact",
        RuleKind::NeedsFact(AccountFact::ValidityYears) => "validity_years",
        RuleKind::NeedsFact(AccountFact::CustomDate) => "custom_date",
    }
}
