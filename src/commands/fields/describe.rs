//! The words about a field: its kind, when it is required, its values, its limits, and their sources.
//!
//! The texts are in the language of the user. `plain_text`, `markdown` and `json` arrange them.

use crate::i18n::{TextId, Translations, texts, with};
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
            ValueKind::Mode(_) => texts::fields::KIND_MODE,
            ValueKind::Text => texts::fields::KIND_TEXT,
            ValueKind::Integer => texts::fields::KIND_INTEGER,
            ValueKind::Bool => texts::fields::KIND_BOOL,
            ValueKind::Consent => texts::fields::KIND_CONSENT,
            ValueKind::Choice => texts::fields::KIND_CHOICE,
            ValueKind::Date => texts::fields::KIND_DATE,
            ValueKind::Country => texts::fields::KIND_COUNTRY,
            ValueKind::Opaque => texts::fields::KIND_OPAQUE,
        })
    }

    /// Returns whether the field is required, and when.
    pub(super) fn requirement_text(&self, entry: &CatalogEntry<'_>) -> String {
        let required = self.lang.text(match (entry.field.required, entry.field.kind) {
            // The field is not sent, so it cannot be missing.
            (_, ValueKind::Mode(_)) => texts::fields::CHOSEN,
            (Requirement::Yes, _) => texts::fields::REQUIRED,
            (Requirement::Asked, _) => texts::fields::ASKED,
            (Requirement::Advised, _) => texts::fields::ADVISED,
            (Requirement::No, _) => texts::fields::OPTIONAL,
        });
        self.with_conditions(entry.when.iter().copied(), required.to_owned())
    }

    /// Adds the conditions under which a text applies.
    fn with_conditions<'c>(&self, when: impl Iterator<Item = &'c Condition>, text: String) -> String {
        let conditions: Vec<String> = when.map(|condition| self.condition_text(condition)).collect();
        let all = conditions.join(&self.spaced_word(texts::fields::AND));
        if all.is_empty() {
            text
        } else {
            self.lang.format(texts::fields::IF, (with::Conditions(&all), with::Said(&text)))
        }
    }

    fn condition_text(&self, condition: &Condition) -> String {
        let field = &self.product[condition.field];
        let value = |id: &&str| {
            field.find_option(id).map_or_else(|| (*id).to_owned(), |option| self.option_text(field, option))
        };
        let values: Vec<String> = condition.is.iter().map(value).collect();
        let values = values.join(&self.spaced_word(texts::fields::OR));
        self.lang.format(
            texts::fields::IS,
            (with::Field(&field.label.in_language(self.lang.language)), with::Values(&values)),
        )
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
            parts.push(self.lang.format(texts::fields::KNOWN, with::Values(&known.join(", "))));
        }
        let fixed = field.fixed.iter().map(|fixed| self.lang.format(texts::fields::ONLY, with::Value(&fixed)));
        let default = field.default.iter().filter(|_| !field.is_mode());
        parts.extend(
            fixed.chain(default.map(|default| self.lang.format(texts::fields::DEFAULT, with::Value(&default)))),
        );
        parts
    }

    /// Returns how a payload shows an option of a mode.
    fn mode_members_text(&self, entry: &CatalogEntry<'_>, option: &FieldOption) -> String {
        let value = self.option_text(entry.field, option);
        match option.reads {
            None => self.lang.format(texts::fields::UNTOLD, with::Value(&value)),
            Some([]) => self.lang.format(texts::fields::TOLD_BY_NONE, with::Value(&value)),
            Some(reads) => {
                let pointers: Vec<String> = reads.iter().map(|name| entry.group.member_pointer(name)).collect();
                let members = pointers.join(&self.spaced_word(texts::fields::AND));
                self.lang.format(texts::fields::TOLD_BY, (with::Value(&value), with::Members(&members)))
            }
        }
    }

    /// Returns the limits of the value, and other special properties of the field.
    pub(super) fn limit_texts(&self, entry: &CatalogEntry<'_>) -> Vec<String> {
        entry.constraints.iter().map(|limit| self.limit_text(entry, limit)).chain(self.property_texts(entry)).collect()
    }

    fn limit_text(&self, entry: &CatalogEntry<'_>, limit: &Constraint<'_>) -> String {
        let id = match limit.level {
            Severity::Error => texts::fields::ERROR,
            Severity::Warning => texts::fields::WARNING,
        };
        let text = self.lang.format(id, with::Limit(&self.constraint_text(limit)));
        // The source of the field itself appears only once, with the field.
        let same = limit.cite.is_confirmed() || *limit.cite == entry.field.cite;
        let text = if same { text } else { format!("{text}; {}", limit.cite.text_with_confirmation(self.lang)) };
        self.with_conditions(limit.when.iter(), text)
    }

    fn property_texts(&self, entry: &CatalogEntry<'_>) -> Vec<String> {
        let field = entry.field;
        let secret = field.secret.map(|show| match show {
            SecretDisplay::Last4 => texts::fields::SECRET_LAST4,
            SecretDisplay::All => texts::fields::SECRET_ALL,
        });
        let blank = (field.blank == crate::product::BlankPolicy::Send).then_some(texts::fields::SENT_BLANK);
        let code = (field.part == Some(AddressPart::Zip)).then_some(texts::fields::NUMERIC_CODE);
        let expert = field.expert.then_some(texts::fields::EXPERT);
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
            ValueCheck::Max(max) => lang.format(texts::limit::MAX, with::Max(&max)),
            ValueCheck::Range(first, last) if *last == i64::MAX.unsigned_abs() => {
                lang.format(texts::limit::FROM, with::First(&first))
            }
            ValueCheck::Range(first, last) => {
                lang.format(texts::limit::RANGE, (with::First(&first), with::Last(&last)))
            }
            ValueCheck::AtMost(most) => lang.format(texts::limit::AT_MOST, with::Most(&most)),
            ValueCheck::PostalCode(country) => {
                lang.format(texts::limit::POSTAL_CODE, with::Country(&self.quoted_label(*country)))
            }
            ValueCheck::DaysAhead(first, last) => {
                lang.format(texts::limit::DAYS_AHEAD, (with::First(&first), with::Last(&last)))
            }
            check => lang.text(check_text_id(check)).to_owned(),
        }
    }

    fn rule_text(&self, rule: &RuleKind) -> String {
        match rule {
            RuleKind::TotalMax { fields, max } => {
                let fields: Vec<String> = fields.iter().map(|field| self.quoted_label(*field)).collect();
                let fields = fields.join(&self.spaced_word(texts::fields::AND));
                self.lang.format(texts::limit::TOTAL_MAX, (with::Fields(&fields), with::Max(&max)))
            }
            RuleKind::Distinct => self.lang.text(texts::limit::DISTINCT).to_owned(),
            RuleKind::NotPastMonth(_) => self.lang.text(texts::limit::NOT_PAST_MONTH).to_owned(),
            RuleKind::NeedsFact(fact) => self.lang.text(fact_text_id(*fact)).to_owned(),
        }
    }

    /// Returns a word with a space on either side.
    fn spaced_word(&self, id: TextId) -> String {
        format!(" {} ", self.lang.text(id))
    }

    fn quoted_label(&self, field: FieldId) -> String {
        format!("\"{}\"", self.product[field].label.in_language(self.lang.language))
    }
}

/// Returns the id of the text for a check without numbers.
fn check_text_id(check: &ValueCheck) -> TextId {
    match check {
        ValueCheck::OneOf => texts::limit::ONE_OF,
        ValueCheck::Email => texts::limit::EMAIL,
        ValueCheck::EmailShape => texts::limit::EMAIL_SHAPE,
        ValueCheck::YearMonthDay => texts::limit::YEAR_MONTH_DAY,
        ValueCheck::Telephone => texts::limit::TELEPHONE,
        ValueCheck::Luhn => texts::limit::LUHN,
        ValueCheck::Cvv(_) => texts::limit::CVV,
        ValueCheck::Month => texts::limit::MONTH,
        ValueCheck::Year4 => texts::limit::YEAR4,
        ValueCheck::NoPoBox => texts::limit::NO_PO_BOX,
        ValueCheck::HouseNumber(_) => texts::limit::HOUSE_NUMBER,
        ValueCheck::Letters => texts::limit::LETTERS,
        ValueCheck::Person => texts::limit::PERSON,
        ValueCheck::TwoWords => texts::limit::TWO_WORDS,
        _ => texts::limit::KNOWN_COUNTRY,
    }
}

/// Returns the id of the text for a fact about the account.
fn fact_text_id(fact: AccountFact) -> TextId {
    match fact {
        AccountFact::ActiveOrganization => texts::limit::ACTIVE_ORGANIZATION,
        AccountFact::UserNotVerifiedContact => texts::limit::USER_NOT_VERIFIED_CONTACT,
        AccountFact::UserDetails => texts::limit::USER_DETAILS,
        AccountFact::VerifiedContact => texts::limit::VERIFIED_CONTACT,
        AccountFact::ValidityYears => texts::limit::VALIDITY_YEARS,
        AccountFact::CustomDate => texts::limit::CUSTOM_DATE,
    }
}
