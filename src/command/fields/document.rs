//! The fields as one JSON document, for programs.
//!
//! Its members are promised by the help of the command: one may be added, and none renamed. Words for people are in the
//! language that was asked for, and stand beside codes that do not change.

use super::words::Teller;
use crate::lang::Words;
use crate::product::catalog::{Entry, Limit, LimitKind};
use crate::product::{Blank, Check, Cite, Condition, Fact, Kind, Level, Mark, Required, RuleKind, Show};
use serde_json::{Value, json};

/// The whole document.
pub(super) fn document(teller: &Teller<'_>) -> Value {
    let product = teller.product;
    let said = |words: &Words| words.in_language(teller.lang.language).to_owned();
    let step =
        |step: &crate::product::Step| json!({"id": step.id, "title": said(&step.title), "intro": said(&step.intro)});
    json!({
        "product": product.name_id,
        "title": said(&product.title),
        "endpoint": product.endpoint,
        "language": teller.lang.language.code(),
        "steps": product.steps.iter().map(step).collect::<Vec<_>>(),
        "fields": product.catalog().map(|entry| field(teller, &entry)).collect::<Vec<_>>(),
    })
}

fn field(teller: &Teller<'_>, entry: &Entry<'_>) -> Value {
    let field = entry.field;
    let said = |words: &Words| words.in_language(teller.lang.language).to_owned();
    json!({
        "id": field.id,
        "step": entry.step.id,
        "pointer": entry.pointer,
        "label": said(&field.label),
        "help": said(&field.help),
        "example": field.example,
        "kind": kind(field.kind),
        "required": required(field.required),
        "when": entry.when.iter().map(|on| condition(teller, on)).collect::<Vec<_>>(),
        "values": values(teller, entry),
        "open": field.open,
        "fixed": field.fixed,
        "default": field.default,
        "sent_blank": field.blank == Blank::Send,
        "rows": entry.group.many.map(|many| json!({"min": many.min, "max": many.max})),
        "secret": field.secret.map(|show| match show {
            Show::Last4 => "last4",
            Show::All => "all",
        }),
        "expert": field.expert,
        "limits": entry.limits.iter().map(|each| limit(teller, each)).collect::<Vec<_>>(),
        "source": source(teller, &field.cite),
    })
}

fn condition(teller: &Teller<'_>, on: &Condition) -> Value {
    json!({"field": teller.product[on.field].id, "is": on.is})
}

fn values(teller: &Teller<'_>, entry: &Entry<'_>) -> Vec<Value> {
    let said = |words: &Words| words.in_language(teller.lang.language).to_owned();
    let options = entry.field.options.iter();
    let value = options.map(|option| {
        let told_by = |reads: &Vec<String>| reads.iter().map(|name| entry.group.pointer(name)).collect::<Vec<_>>();
        let mut value =
            json!({"value": option.id, "label": said(&option.label), "note": option.note.as_ref().map(said)});
        if entry.field.is_mode() {
            value["told_by"] = json!(option.reads.as_ref().map(told_by));
        }
        value
    });
    value.collect()
}

fn limit(teller: &Teller<'_>, limit: &Limit<'_>) -> Value {
    let level = match limit.level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    let code = match limit.is {
        LimitKind::Check(is) => check(is),
        LimitKind::Rule(is) => rule(is),
    };
    let when = limit.when.iter().map(|on| condition(teller, on)).collect::<Vec<_>>();
    json!({"level": level, "code": code, "when": when, "says": teller.says(limit), "source": source(teller, limit.cite)})
}

fn source(teller: &Teller<'_>, cite: &Cite) -> Value {
    let mark = match cite.mark {
        Mark::Own => "own",
        Mark::Doc => "doc",
        Mark::Sib => "sib",
        Mark::Code => "code",
        Mark::Inf => "inf",
    };
    let page = Some(cite.page.in_language(teller.lang.language)).filter(|page| !page.is_empty());
    json!({"mark": mark, "confirmed": cite.confirmed(), "page": page, "says": cite.judged(teller.lang)})
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Mode(_) => "mode",
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Bool => "bool",
        Kind::Consent => "consent",
        Kind::Choice => "choice",
        Kind::Date => "date",
        Kind::Country => "country",
        Kind::Opaque => "opaque",
    }
}

fn required(required: Required) -> &'static str {
    match required {
        Required::Yes => "yes",
        Required::Asked => "asked",
        Required::Advised => "advised",
        Required::No => "no",
    }
}

/// The word of the product file.
fn check(check: &Check) -> &'static str {
    match check {
        Check::Max(_) => "max",
        Check::Range(..) => "range",
        Check::AtMost(_) => "at_most",
        Check::OneOf => "one_of",
        Check::Email => "email",
        Check::EmailShape => "email_shape",
        Check::Telephone => "telephone",
        Check::Luhn => "luhn",
        Check::Cvv(_) => "cvv",
        Check::Month => "month",
        Check::Year4 => "year4",
        Check::PostalCode(_) => "postal_code",
        Check::NoPoBox => "no_po_box",
        Check::HouseNumber(_) => "house_number",
        Check::Letters => "letters",
        Check::Person => "person",
        Check::TwoWords => "two_words",
        Check::YearMonthDay => "year_month_day",
        Check::DaysAhead(..) => "days_ahead",
        Check::KnownCountry => "known_country",
        Check::Own(_) => "own",
    }
}

/// The word of the product file, or of the fact that is needed.
fn rule(rule: &RuleKind) -> &'static str {
    match rule {
        RuleKind::TotalMax { .. } => "total_max",
        RuleKind::Distinct => "distinct",
        RuleKind::NotPastMonth(_) => "not_past_month",
        RuleKind::NeedsFact(Fact::ActiveOrganization) => "active_organization",
        RuleKind::NeedsFact(Fact::UserNotVerifiedContact) => "user_not_verified_contact",
        RuleKind::NeedsFact(Fact::UserDetails) => "user_details",
        RuleKind::NeedsFact(Fact::VerifiedContact) => "verified_contact",
        RuleKind::NeedsFact(Fact::ValidityYears) => "validity_years",
        RuleKind::NeedsFact(Fact::CustomDate) => "custom_date",
    }
}
