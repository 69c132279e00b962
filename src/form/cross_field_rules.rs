//! Rules across fields: checks of one value against another, or against the data of the account.
//!
//! A rule reports its problem at the field where it can be fixed, and only while that field is asked and not empty. A
//! rule whose account fact is not known yet reports nothing. The validity years are the exception: without the
//! account's data, the only known value is the one year of the documentation.

use super::dates;
use super::validate::RuleViolation;
use super::{FieldPlace, Form, ProblemKind, ValidationContext};
use crate::domain::{AccountData, Person, PersonRef};
use crate::product::{AccountFact, RowFact, Rule, RuleKind};
use crate::text;
use jiff::civil::Date;

/// Finds the violations of the product's rules at this place.
pub(super) fn find_rule_problems(form: &Form, at: FieldPlace, context: &ValidationContext<'_>) -> Vec<RuleViolation> {
    if form.text(at).is_empty() {
        return Vec::new();
    }
    let counts =
        |rule: &&Rule| rule.at == at.field && rule.when.iter().all(|condition| form.is_condition_met(condition, at));
    let rules = form.product.rules.iter().filter(counts);
    rules
        .filter_map(|rule| Some(RuleViolation::of(&rule.cite, rule.level, check_rule(form, &rule.is, at, context)?)))
        .collect()
}

fn check_rule(form: &Form, rule: &RuleKind, at: FieldPlace, context: &ValidationContext<'_>) -> Option<ProblemKind> {
    match rule {
        RuleKind::TotalMax { fields, max } => {
            let count = fields.iter().map(|field| form.text(FieldPlace { field: *field, ..at }).chars().count()).sum();
            (count > *max).then_some(ProblemKind::TotalTooLong(*max, count))
        }
        RuleKind::Distinct => {
            let rows = form.rows(form.product[at.field].group).iter();
            let mut others = rows.take_while(|row| **row != at.row).map(|row| FieldPlace { row: *row, ..at });
            others.any(|other| form.text(other) == form.text(at)).then_some(ProblemKind::Duplicate)
        }
        RuleKind::NotPastMonth(month) => check_past_month(form, at, FieldPlace { field: *month, ..at }, context.today),
        RuleKind::NeedsFact(fact) => check_account_fact(form, *fact, at, context),
    }
}

fn check_past_month(form: &Form, year: FieldPlace, month: FieldPlace, today: Date) -> Option<ProblemKind> {
    let year: i16 = form.text(year).parse().ok()?;
    let month: i8 = form.text(month).parse().ok()?;
    ((year, month) < (today.year(), today.month())).then_some(ProblemKind::PastMonth)
}

fn check_account_fact(
    form: &Form,
    fact: AccountFact,
    at: FieldPlace,
    context: &ValidationContext<'_>,
) -> Option<ProblemKind> {
    let known = context.known;
    let id = form.text(at).parse::<u64>().ok();
    match fact {
        AccountFact::ActiveOrganization => {
            (known.organization(id?)?.is_active() == Some(false)).then_some(ProblemKind::Inactive)
        }
        AccountFact::UserNotVerifiedContact => known.is_verified_contact_id(id?).then_some(ProblemKind::ContactId),
        AccountFact::UserDetails => {
            let person = known.person(id?)?;
            (text::is_blank(&person.job_title) || text::is_blank(&person.telephone)).then_some(ProblemKind::NoDetails)
        }
        AccountFact::VerifiedContact => check_verified_contact(form, at, known),
        AccountFact::ValidityYears => check_validity_years(id?, context),
        AccountFact::CustomDate => {
            (known.product.as_ref()?.custom_date == Some(false)).then_some(ProblemKind::NoCustomDate)
        }
    }
}

/// The most verified contacts that a message names.
const MAX_NAMED_PEOPLE: usize = 8;

fn check_verified_contact(form: &Form, at: FieldPlace, known: &AccountData) -> Option<ProblemKind> {
    let organization = form.organization_id()?;
    // "0" means a person who is not a user.
    let user_id = form.product[at.field].source.as_ref().and_then(|_| form.text(at).parse().ok()).filter(|id| *id > 0);
    let email =
        form.email_place_in_row(at).filter(|email| form.is_visible(*email)).map_or("", |email| form.text(email));
    if known.is_verified_contact(organization, PersonRef { user_id, email })? {
        return None;
    }
    let people = known.verified_people(organization)?;
    let mut names: Vec<String> = people.iter().take(MAX_NAMED_PEOPLE).map(Person::short_name).collect();
    names.extend((people.len() > MAX_NAMED_PEOPLE).then(|| "…".to_owned()));
    Some(if names.is_empty() { ProblemKind::NoneVerified } else { ProblemKind::NotVerified(names.join(", ")) })
}

fn check_validity_years(years: u64, context: &ValidationContext<'_>) -> Option<ProblemKind> {
    let Some(allowed) = context.known.product.as_ref().and_then(|product| product.years.as_ref()) else {
        return (years != 1).then_some(ProblemKind::YearsUnknown);
    };
    let words: Vec<String> = allowed.iter().map(u32::to_string).collect();
    (!allowed.iter().any(|year| u64::from(*year) == years)).then(|| ProblemKind::Years(words.join(", ")))
}

impl Form {
    /// Returns the place of a person's e-mail address, in the row of this place.
    fn email_place_in_row(&self, at: FieldPlace) -> Option<FieldPlace> {
        let fields = self.product.fields_of(self.product[at.field].group);
        let mut without = fields.filter_map(|field| self.product[field].source.as_ref()?.without_id.as_ref());
        let email = without.find_map(|without| without.fills.iter().find(|(_, fact)| *fact == RowFact::Email))?;
        Some(FieldPlace { field: email.0, ..at })
    }

    /// Returns the earliest end date of a validity that counts from the day of issue: the earliest day of issue is
    /// today.
    pub fn earliest_end_date(&self, at: FieldPlace, today: Date) -> Option<Date> {
        use crate::product::ValidityUnit;
        use jiff::ToSpan;
        let count: i32 = self.text(at).parse().ok()?;
        match self.product[at.field].from_issue? {
            ValidityUnit::Years => today.checked_add(i16::try_from(count).ok()?.years()).ok(),
            ValidityUnit::Days => today.checked_add(count.days()).ok(),
        }
    }

    /// Returns the typed date, if the text can mean exactly one date.
    pub fn entered_date(&self, at: FieldPlace) -> Option<Date> {
        match dates::possible_dates(self.text(at)).as_slice() {
            [date] => Some(*date),
            _ => None,
        }
    }

    /// Returns the fields whose default is a guess and that still hold this default.
    pub fn guessed_defaults(&self) -> impl Iterator<Item = FieldPlace> + '_ {
        self.visible_places().filter(|at| {
            let field = &self.product[at.field];
            field.guess.is_some() && field.default == Some(self.text(*at))
        })
    }
}
