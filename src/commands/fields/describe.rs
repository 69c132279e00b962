//! The words about a field: its kind, when it is required, its values, its limits, and their sources.
//!
//! The texts are in the language of the user. `plain_text`, `markdown` and `json` arrange them.

use crate::i18n::Translations;
use crate::product::catalog::{CatalogEntry, Constraint, ConstraintKind};
use crate::product::{
    AccountFact, AddressPart, Condition, Field, FieldId, FieldOption, Product, Requirement, RuleKind, SecretDisplay,
    Severity, ValueCheck, ValueKind,
};

/// Describes the fields of a product.
pub(super) struct FieldDescriber<'a> {
    pub(super) product: &'a Product,
    pub(super) lang: &'a Translations,
}

impl FieldDescriber<'_> {
    pub(super) fn label_with_id(&self, field: &Field) -> String {
        format!("{} ({})", field.label.in_language(self.lang.language), field.id)
    }

    pub(super) fn kind_text(&self, kind: ValueKind) -> &str {
        self.lang.text(match kind {
            ValueKind::Mode(_) => "fields.kind_mode",
            ValueKind::Text => "fields.kind_text",
            ValueKind::Integer => "fields.kind_integer",
            ValueKind::Bool => "fields.kind_bool",
            ValueKind::Consent => "fields.kind_consent",
            ValueKind::Choice => "fields.kind_choice",
            ValueKind::Date => "fields.kind_date",
            ValueKind::Country => "fields.kind_country",
            ValueKind::Opaque => "fields.kind_opaque",
        })
    }

    /// Returns whether the field is required, and when.
    pub(super) fn requirement_text(&self, entry: &CatalogEntry<'_>) -> String {
        let required = self.lang.text(match (entry.field.required, entry.field.kind) {
            // The field is not sent, so it cannot be missing.
            (_, ValueKind::Mode(_)) => "fields.chosen",
            (Requirement::Yes, _) => "fields.required",
            (Requirement::Asked, _) => "fields.asked",
            (Requirement::Advised, _) => "fields.advised",
            (Requirement::No, _) => "fields.optional",
        });
        self.with_conditions(entry.when.iter().copied(), required.to_owned())
    }

    /// Adds the conditions under which a text applies.
    fn with_conditions<'c>(&self, when: impl Iterator<Item = &'c Condition>, text: String) -> String {
        let conditions: Vec<String> = when.map(|condition| self.condition_text(condition)).collect();
        let all = conditions.join(&self.spaced_word("fields.and"));
        if all.is_empty() { text } else { self.lang.format_text("fields.if", &[("conditions", &all), ("said", &text)]) }
    }

    fn condition_text(&self, condition: &Condition) -> String {
        let field = &self.product[condition.field];
        let value = |id: &&str| {
            field.find_option(id).map_or_else(|| (*id).to_owned(), |option| self.option_text(field, option))
        };
        let values: Vec<String> = condition.is.iter().map(value).collect();
        let values = values.join(&self.spaced_word("fields.or"));
        self.lang
            .format_text("fields.is", &[("field", field.label.in_language(self.lang.language)), ("values", &values)])
    }

    /// Returns the name of an option, with its word if the payload contains it.
    fn option_text(&self, field: &Field, option: &FieldOption) -> String {
        let label = option.label.in_language(self.lang.language);
        if field.is_mode() { format!("\"{label}\"") } else { format!("{} ({label})", option.id) }
    }

    /// Returns the known values, the only value, and the value in a new form.
    pub(super) fn value_texts(&self, entry: &CatalogEntry<'_>) -> Vec<String> {
        let field = entry.field;
        let mut parts: Vec<String> = Vec::new();
        if field.is_mode() {
            parts.extend(field.options.iter().map(|option| self.mode_members_text(entry, option)));
        } else if !field.options.is_empty() {
            let known: Vec<String> = field.options.iter().map(|option| self.option_text(field, option)).collect();
            parts.push(self.lang.format_text("fields.known", &[("values", &known.join(", "))]));
        }
        let fixed = field.fixed.iter().map(|fixed| self.lang.format_text("fields.only", &[("value", fixed)]));
        let default = field.default.iter().filter(|_| !field.is_mode());
        parts
            .extend(fixed.chain(default.map(|default| self.lang.format_text("fields.default", &[("value", default)]))));
        parts
    }

    /// Returns how a payload shows an option of a mode.
    fn mode_members_text(&self, entry: &CatalogEntry<'_>, option: &FieldOption) -> String {
        let value = self.option_text(entry.field, option);
        match option.reads {
            None => self.lang.format_text("fields.untold", &[("value", &value)]),
            Some([]) => self.lang.format_text("fields.told_by_none", &[("value", &value)]),
            Some(reads) => {
                let pointers: Vec<String> = reads.iter().map(|name| entry.group.member_pointer(name)).collect();
                let members = pointers.join(&self.spaced_word("fields.and"));
                self.lang.format_text("fields.told_by", &[("value", &value), ("members", &members)])
            }
        }
    }

    /// Returns the limits of the value, and other special properties of the field.
    pub(super) fn limit_texts(&self, entry: &CatalogEntry<'_>) -> Vec<String> {
        entry.constraints.iter().map(|limit| self.limit_text(entry, limit)).chain(self.property_texts(entry)).collect()
    }

    fn limit_text(&self, entry: &CatalogEntry<'_>, limit: &Constraint<'_>) -> String {
        let id = match limit.level {
            Severity::Error => "fields.error",
            Severity::Warning => "fields.warning",
        };
        let text = self.lang.format_text(id, &[("limit", &self.constraint_text(limit))]);
        // The source of the field itself appears only once, with the field.
        let same = limit.cite.is_confirmed() || *limit.cite == entry.field.cite;
        let text = if same { text } else { format!("{text}; {}", limit.cite.text_with_confirmation(self.lang)) };
        self.with_conditions(limit.when.iter(), text)
    }

    fn property_texts(&self, entry: &CatalogEntry<'_>) -> Vec<String> {
        let field = entry.field;
        let secret = field.secret.map(|show| match show {
            SecretDisplay::Last4 => "fields.secret_last4",
            SecretDisplay::All => "fields.secret_all",
        });
        let blank = (field.blank == crate::product::BlankPolicy::Send).then_some("fields.sent_blank");
        let code = (field.part == Some(AddressPart::Zip)).then_some("fields.numeric_code");
        let expert = field.expert.then_some("fields.expert");
        [secret, blank, code, expert].into_iter().flatten().map(|id| self.lang.text(id).to_owned()).collect()
    }

    pub(super) fn constraint_text(&self, limit: &Constraint<'_>) -> String {
        match limit.is {
            ConstraintKind::Check(check) => self.check_text(check),
            ConstraintKind::Rule(rule) => self.rule_text(rule),
        }
    }

    fn check_text(&self, check: &ValueCheck) -> String {
        let lang = self.lang;
        match check {
            ValueCheck::Max(max) => lang.format_text("limit.max", &[("max", &max.to_string())]),
            ValueCheck::Range(first, last) if *last == i64::MAX.unsigned_abs() => {
                lang.format_text("limit.from", &[("first", &first.to_string())])
            }
            ValueCheck::Range(first, last) => {
                lang.format_text("limit.range", &[("first", &first.to_string()), ("last", &last.to_string())])
            }
            ValueCheck::AtMost(most) => lang.format_text("limit.at_most", &[("most", &most.to_string())]),
            ValueCheck::PostalCode(country) => {
                lang.format_text("limit.postal_code", &[("country", &self.quoted_label(*country))])
            }
            ValueCheck::DaysAhead(first, last) => {
                lang.format_text("limit.days_ahead", &[("first", &first.to_string()), ("last", &last.to_string())])
            }
            check => lang.text(check_text_id(check)).to_owned(),
        }
    }

    fn rule_text(&self, rule: &RuleKind) -> String {
        match rule {
            RuleKind::TotalMax { fields, max } => {
                let fields: Vec<String> = fields.iter().map(|field| self.quoted_label(*field)).collect();
                let fields = fields.join(&self.spaced_word("fields.and"));
                self.lang.format_text("limit.total_max", &[("fields", &fields), ("max", &max.to_string())])
            }
            RuleKind::Distinct => self.lang.text("limit.distinct").to_owned(),
            RuleKind::NotPastMonth(_) => self.lang.text("limit.not_past_month").to_owned(),
            RuleKind::NeedsFact(fact) => self.lang.text(fact_text_id(*fact)).to_owned(),
        }
    }

    /// Returns a word with a space on either side.
    fn spaced_word(&self, id: &str) -> String {
        format!(" {} ", self.lang.text(id))
    }

    fn quoted_label(&self, field: FieldId) -> String {
        format!("\"{}\"", self.product[field].label.in_language(self.lang.language))
    }
}

/// Returns the id of the text for a check without numbers.
fn check_text_id(check: &ValueCheck) -> &'static str {
    match check {
        ValueCheck::OneOf => "limit.one_of",
        ValueCheck::Email => "limit.email",
        ValueCheck::EmailShape => "limit.email_shape",
        ValueCheck::YearMonthDay => "limit.year_month_day",
        ValueCheck::Telephone => "limit.telephone",
        ValueCheck::Luhn => "limit.luhn",
        ValueCheck::Cvv(_) => "limit.cvv",
        ValueCheck::Month => "limit.month",
        ValueCheck::Year4 => "limit.year4",
        ValueCheck::NoPoBox => "limit.no_po_box",
        ValueCheck::HouseNumber(_) => "limit.house_number",
        ValueCheck::Letters => "limit.letters",
        ValueCheck::Person => "limit.person",
        ValueCheck::TwoWords => "limit.two_words",
        _ => "limit.known_country",
    }
}

/// Returns the id of the text for a fact about the account.
fn fact_text_id(fact: AccountFact) -> &'static str {
    match fact {
        AccountFact::ActiveOrganization => "limit.active_organization",
        AccountFact::UserNotVerifiedContact => "limit.user_not_verified_contact",
        AccountFact::UserDetails => "limit.user_details",
        AccountFact::VerifiedContact => "limit.verified_contact",
        AccountFact::ValidityYears => "limit.validity_years",
        AccountFact::CustomDate => "limit.custom_date",
    }
}
