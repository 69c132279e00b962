//! What is told of a field: its kind, when it is required, its values, what it is held to, and where that comes from.
//!
//! Each answers with words in the language of the person. It does not know how they are laid out.

use crate::lang::Lang;
use crate::product::catalog::{Entry, Limit, LimitKind};
use crate::product::{
    Check, Choice, Condition, Fact, Field, FieldId, Kind, Level, Part, Product, Required, RuleKind, Show,
};

/// Tells of the fields of a product.
pub(super) struct Teller<'a> {
    pub(super) product: &'a Product,
    pub(super) lang: &'a Lang,
}

impl Teller<'_> {
    /// The field's label with its id.
    pub(super) fn name(&self, field: &Field) -> String {
        format!("{} ({})", field.label.in_language(self.lang.language), field.id)
    }

    /// What kind of value it takes.
    pub(super) fn kind(&self, kind: Kind) -> &str {
        self.lang.say(match kind {
            Kind::Mode(_) => "fields.kind_mode",
            Kind::Text => "fields.kind_text",
            Kind::Integer => "fields.kind_integer",
            Kind::Bool => "fields.kind_bool",
            Kind::Consent => "fields.kind_consent",
            Kind::Choice => "fields.kind_choice",
            Kind::Date => "fields.kind_date",
            Kind::Country => "fields.kind_country",
            Kind::Opaque => "fields.kind_opaque",
        })
    }

    /// Whether it is required, and when.
    pub(super) fn required(&self, entry: &Entry<'_>) -> String {
        let required = self.lang.say(match (entry.field.required, entry.field.kind) {
            // It is not sent, so nothing can be missing.
            (_, Kind::Mode(_)) => "fields.chosen",
            (Required::Yes, _) => "fields.required",
            (Required::Asked, _) => "fields.asked",
            (Required::Advised, _) => "fields.advised",
            (Required::No, _) => "fields.optional",
        });
        self.where_it_holds(entry.when.iter().copied(), required.to_owned())
    }

    /// What is said only where these conditions hold.
    fn where_it_holds<'c>(&self, when: impl Iterator<Item = &'c Condition>, said: String) -> String {
        let conditions: Vec<String> = when.map(|condition| self.condition(condition)).collect();
        let all = conditions.join(&self.word("fields.and"));
        if all.is_empty() { said } else { self.lang.tell("fields.if", &[("conditions", &all), ("said", &said)]) }
    }

    fn condition(&self, condition: &Condition) -> String {
        let field = &self.product[condition.field];
        let value = |id: &String| field.option(id).map_or_else(|| id.clone(), |option| self.value(field, option));
        let values: Vec<String> = condition.is.iter().map(value).collect();
        let values = values.join(&self.word("fields.or"));
        self.lang.tell("fields.is", &[("field", field.label.in_language(self.lang.language)), ("values", &values)])
    }

    /// An option: by its word and name where it is sent, by its name where it is not.
    fn value(&self, field: &Field, option: &Choice) -> String {
        let label = option.label.in_language(self.lang.language);
        if field.is_mode() { format!("\"{label}\"") } else { format!("{} ({label})", option.id) }
    }

    /// Its values: those that are known, the only one, the one that a new form has.
    pub(super) fn values(&self, entry: &Entry<'_>) -> Vec<String> {
        let field = entry.field;
        let mut told: Vec<String> = Vec::new();
        if field.is_mode() {
            told.extend(field.options.iter().map(|option| self.told_by(entry, option)));
        } else if !field.options.is_empty() {
            let known: Vec<String> = field.options.iter().map(|option| self.value(field, option)).collect();
            told.push(self.lang.tell("fields.known", &[("values", &known.join(", "))]));
        }
        let fixed = field.fixed.iter().map(|fixed| self.lang.tell("fields.only", &[("value", fixed)]));
        let default = field.default.iter().filter(|_| !field.is_mode());
        told.extend(fixed.chain(default.map(|default| self.lang.tell("fields.default", &[("value", default)]))));
        told
    }

    /// How a payload shows an option of a mode.
    fn told_by(&self, entry: &Entry<'_>, option: &Choice) -> String {
        let value = self.value(entry.field, option);
        match option.reads.as_deref() {
            None => self.lang.tell("fields.untold", &[("value", &value)]),
            Some([]) => self.lang.tell("fields.told_by_none", &[("value", &value)]),
            Some(reads) => {
                let pointers: Vec<String> = reads.iter().map(|name| entry.group.pointer(name)).collect();
                let members = pointers.join(&self.word("fields.and"));
                self.lang.tell("fields.told_by", &[("value", &value), ("members", &members)])
            }
        }
    }

    /// What it is held to, and what else is special about it.
    pub(super) fn limits(&self, entry: &Entry<'_>) -> Vec<String> {
        entry.limits.iter().map(|limit| self.limit(entry, limit)).chain(self.manners(entry)).collect()
    }

    fn limit(&self, entry: &Entry<'_>, limit: &Limit<'_>) -> String {
        let id = match limit.level {
            Level::Error => "fields.error",
            Level::Warning => "fields.warning",
        };
        let said = self.lang.tell(id, &[("limit", &self.says(limit))]);
        // Where the field itself comes from is told once, with it.
        let same = limit.cite.confirmed() || *limit.cite == entry.field.cite;
        let said = if same { said } else { format!("{said}; {}", limit.cite.judged(self.lang)) };
        self.where_it_holds(limit.when.iter(), said)
    }

    fn manners(&self, entry: &Entry<'_>) -> Vec<String> {
        let field = entry.field;
        let secret = field.secret.map(|show| match show {
            Show::Last4 => "fields.secret_last4",
            Show::All => "fields.secret_all",
        });
        let blank = (field.blank == crate::product::Blank::Send).then_some("fields.sent_blank");
        let code = (field.part == Some(Part::Zip)).then_some("fields.numeric_code");
        let expert = field.expert.then_some("fields.expert");
        [secret, blank, code, expert].into_iter().flatten().map(|id| self.lang.say(id).to_owned()).collect()
    }

    /// What a value is held to.
    pub(super) fn says(&self, limit: &Limit<'_>) -> String {
        match limit.is {
            LimitKind::Check(check) => self.check(check),
            LimitKind::Rule(rule) => self.rule(rule),
        }
    }

    fn check(&self, check: &Check) -> String {
        let lang = self.lang;
        match check {
            Check::Max(max) => lang.tell("limit.max", &[("max", &max.to_string())]),
            Check::Range(first, last) if *last == i64::MAX.unsigned_abs() => {
                lang.tell("limit.from", &[("first", &first.to_string())])
            }
            Check::Range(first, last) => {
                lang.tell("limit.range", &[("first", &first.to_string()), ("last", &last.to_string())])
            }
            Check::AtMost(most) => lang.tell("limit.at_most", &[("most", &most.to_string())]),
            Check::PostalCode(country) => lang.tell("limit.postal_code", &[("country", &self.label(*country))]),
            Check::DaysAhead(first, last) => {
                lang.tell("limit.days_ahead", &[("first", &first.to_string()), ("last", &last.to_string())])
            }
            check => lang.say(plain(check)).to_owned(),
        }
    }

    fn rule(&self, rule: &RuleKind) -> String {
        match rule {
            RuleKind::TotalMax { fields, max } => {
                let fields: Vec<String> = fields.iter().map(|field| self.label(*field)).collect();
                let fields = fields.join(&self.word("fields.and"));
                self.lang.tell("limit.total_max", &[("fields", &fields), ("max", &max.to_string())])
            }
            RuleKind::Distinct => self.lang.say("limit.distinct").to_owned(),
            RuleKind::NotPastMonth(_) => self.lang.say("limit.not_past_month").to_owned(),
            RuleKind::NeedsFact(fact) => self.lang.say(needed(*fact)).to_owned(),
        }
    }

    /// A word to stand between two others.
    fn word(&self, id: &str) -> String {
        format!(" {} ", self.lang.say(id))
    }

    fn label(&self, field: FieldId) -> String {
        format!("\"{}\"", self.product[field].label.in_language(self.lang.language))
    }
}

/// The text of a check that has no numbers in it.
fn plain(check: &Check) -> &'static str {
    match check {
        Check::OneOf => "limit.one_of",
        Check::Email => "limit.email",
        Check::EmailShape => "limit.email_shape",
        Check::YearMonthDay => "limit.year_month_day",
        Check::Telephone => "limit.telephone",
        Check::Luhn => "limit.luhn",
        Check::Cvv(_) => "limit.cvv",
        Check::Month => "limit.month",
        Check::Year4 => "limit.year4",
        Check::NoPoBox => "limit.no_po_box",
        Check::HouseNumber(_) => "limit.house_number",
        Check::Letters => "limit.letters",
        Check::Person => "limit.person",
        Check::TwoWords => "limit.two_words",
        _ => "limit.known_country",
    }
}

/// The text of what only the account can tell.
fn needed(fact: Fact) -> &'static str {
    match fact {
        Fact::ActiveOrganization => "limit.active_organization",
        Fact::UserNotVerifiedContact => "limit.user_not_verified_contact",
        Fact::UserDetails => "limit.user_details",
        Fact::VerifiedContact => "limit.verified_contact",
        Fact::ValidityYears => "limit.validity_years",
        Fact::CustomDate => "limit.custom_date",
    }
}
