//! Rules across fields: what one value means beside another, or beside what the account knows.
//!
//! A rule speaks at the field where it can be mended, and only while that field is asked and not empty. A fact
//! that is not known yet is silent, but for the years: there the documentation's one year is all that is known.

use super::dates;
use super::problems::Breach;
use super::{Context, Fault, Form, Place};
use crate::facts::{Known, Named, Person};
use crate::product::{Fact, RowFact, Rule, RuleKind};
use crate::text;
use jiff::civil::Date;

/// What the rules of the product find wrong at this place.
pub(super) fn faults(form: &Form, at: Place, context: &Context<'_>) -> Vec<Breach> {
    if form.text(at).is_empty() {
        return Vec::new();
    }
    let counts = |rule: &&Rule| rule.at == at.field && rule.when.iter().all(|condition| form.holds(condition, at));
    let rules = form.product.rules.iter().filter(counts);
    rules.filter_map(|rule| Some(Breach::of(&rule.cite, rule.level, broken(form, &rule.is, at, context)?))).collect()
}

fn broken(form: &Form, rule: &RuleKind, at: Place, context: &Context<'_>) -> Option<Fault> {
    match rule {
        RuleKind::TotalMax { fields, max } => {
            let count = fields.iter().map(|field| form.text(Place { field: *field, ..at }).chars().count()).sum();
            (count > *max).then_some(Fault::TotalTooLong(*max, count))
        }
        RuleKind::Distinct => {
            let rows = form.rows(form.product[at.field].group).iter();
            let mut others = rows.take_while(|row| **row != at.row).map(|row| Place { row: *row, ..at });
            others.any(|other| form.text(other) == form.text(at)).then_some(Fault::Twice)
        }
        RuleKind::NotPastMonth(month) => past_month(form, at, Place { field: *month, ..at }, context.today),
        RuleKind::NeedsFact(fact) => denied(form, *fact, at, context),
    }
}

fn past_month(form: &Form, year: Place, month: Place, today: Date) -> Option<Fault> {
    let year: i16 = form.text(year).parse().ok()?;
    let month: i8 = form.text(month).parse().ok()?;
    ((year, month) < (today.year(), today.month())).then_some(Fault::PastMonth)
}

fn denied(form: &Form, fact: Fact, at: Place, context: &Context<'_>) -> Option<Fault> {
    let known = context.known;
    let id = form.text(at).parse::<u64>().ok();
    match fact {
        Fact::ActiveOrganization => (known.organization(id?)?.is_active() == Some(false)).then_some(Fault::Inactive),
        Fact::UserNotVerifiedContact => known.is_verified_contact_id(id?).then_some(Fault::ContactId),
        Fact::UserDetails => {
            let person = known.person(id?)?;
            (text::is_blank(&person.job_title) || text::is_blank(&person.telephone)).then_some(Fault::NoDetails)
        }
        Fact::VerifiedContact => unverified(form, at, known),
        Fact::ValidityYears => years(id?, context),
        Fact::CustomDate => (known.product.as_ref()?.custom_date == Some(false)).then_some(Fault::NoCustomDate),
    }
}

/// So many verified contacts are named at most.
const NAMED: usize = 8;

fn unverified(form: &Form, at: Place, known: &Known) -> Option<Fault> {
    let organization = form.organization_id()?;
    // "0" stands for somebody who is no user.
    let user_id = form.product[at.field].source.as_ref().and_then(|_| form.text(at).parse().ok()).filter(|id| *id > 0);
    let email = form.email_beside(at).filter(|email| form.visible(*email)).map_or("", |email| form.text(email));
    if known.is_verified_contact(organization, Named { user_id, email })? {
        return None;
    }
    let people = known.verified_people(organization)?;
    let mut names: Vec<String> = people.iter().take(NAMED).map(Person::short_name).collect();
    names.extend((people.len() > NAMED).then(|| "…".to_owned()));
    Some(if names.is_empty() { Fault::NoneVerified } else { Fault::NotVerified(names.join(", ")) })
}

fn years(years: u64, context: &Context<'_>) -> Option<Fault> {
    let Some(allowed) = context.known.product.as_ref().and_then(|product| product.years.as_ref()) else {
        return (years != 1).then_some(Fault::YearsUnknown);
    };
    let words: Vec<String> = allowed.iter().map(u32::to_string).collect();
    (!allowed.iter().any(|year| u64::from(*year) == years)).then(|| Fault::Years(words.join(", ")))
}

impl Form {
    /// Where the e-mail address of a person stands, in the row in which this place is.
    fn email_beside(&self, at: Place) -> Option<Place> {
        let fields = self.product.fields_of(self.product[at.field].group);
        let mut without = fields.filter_map(|field| self.product[field].source.as_ref()?.without_id.as_ref());
        let email = without.find_map(|without| without.fills.iter().find(|(_, fact)| *fact == RowFact::Email))?;
        Some(Place { field: email.0, ..at })
    }

    /// The earliest day on which what is asked here could end, if it counts from the day of issue: issue can be
    /// today at the earliest.
    pub fn not_before(&self, at: Place, today: Date) -> Option<Date> {
        use crate::product::FromIssue;
        use jiff::ToSpan;
        let count: i32 = self.text(at).parse().ok()?;
        match self.product[at.field].from_issue? {
            FromIssue::Years => today.checked_add(i16::try_from(count).ok()?.years()).ok(),
            FromIssue::Days => today.checked_add(count.days()).ok(),
        }
    }

    /// A typed date, if it is one, and no other can be meant.
    pub fn date(&self, at: Place) -> Option<Date> {
        match dates::readings(self.text(at)).as_slice() {
            [date] => Some(*date),
            _ => None,
        }
    }

    /// The fields whose default is a guess and is sent as it stands.
    pub fn guesses(&self) -> impl Iterator<Item = Place> + '_ {
        self.all_asked().filter(|at| {
            let field = &self.product[at.field];
            field.guess.is_some() && field.default.as_deref() == Some(self.text(*at))
        })
    }
}
