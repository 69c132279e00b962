//! Values as a person reads them: names beside ids, labels in place of words, secrets masked.
//!
//! It says nothing of whether they are right.

use super::Model;
use super::fields::Style;
use super::lists::{State, Want};
use crate::facts::Person;
use crate::form::{Held, Place, body};
use crate::json::{Doc, Value};
use crate::lang::{Words, country};
use crate::product::{Cite, Kind, Level, List, Show};

impl Model {
    /// A text of the product file in the language of the wizard.
    pub(super) fn words<'a>(&self, words: &'a Words) -> &'a str {
        words.in_language(self.lang.language)
    }

    /// The label of a field.
    pub(super) fn label(&self, at: Place) -> &'static str {
        self.words(&self.product()[at.field].label)
    }

    /// The value of a field as a person reads it; blank where there is none.
    pub(super) fn value(&self, at: Place) -> String {
        if let Some(Held::Odd(doc)) = self.form.held(at) {
            return spelled(doc);
        }
        let field = &self.product()[at.field];
        let text = self.form.text(at);
        match self.style(at) {
            Style::Secret => self.secret_value(at, field.secret.unwrap_or(Show::All)),
            Style::Check => self.say(if self.ticked(at) { "value.yes" } else { "value.no" }).to_owned(),
            Style::Line | Style::Fixed => text.to_owned(),
            Style::Radio | Style::Pick if text.is_empty() => String::new(),
            Style::Radio | Style::Pick => match field.option(text) {
                Some(option) => self.words(&option.label).to_owned(),
                None => self.picked(at, text),
            },
        }
    }

    /// A secret: the card number but for its last four, of the CVV how many were typed.
    fn secret_value(&self, at: Place, show: Show) -> String {
        match (self.form.secret(at), show) {
            (Some(secret), Show::Last4) => body::masked(secret, show),
            (Some(secret), Show::All) => "*".repeat(secret.chars()),
            (None, _) => String::new(),
        }
    }

    /// Something picked from a list, with what is known of it.
    fn picked(&self, at: Place, text: &str) -> String {
        let id = text.parse::<u64>().ok();
        match self.product()[at.field].source.as_ref().map(|source| source.list) {
            Some(List::Organizations) => match id.and_then(|id| self.known.organization(id)) {
                Some(found) => format!("{text}  {}", found.name),
                None => format!("{text}  {}", self.unnamed(id.map(Want::Organization))),
            },
            Some(List::Approvers | List::Users) => match id.and_then(|id| self.known.person(id)) {
                Some(person) => format!("{text}  {}", described(person)),
                None => format!("{text}  {}", self.unnamed(id.map(Want::User))),
            },
            Some(List::Countries) => match country::find(text) {
                Some(country) => format!("{} ({text})", country.name(self.lang.language)),
                None => text.to_owned(),
            },
            Some(List::ValidityYears) | None => text.to_owned(),
        }
    }

    /// What stands in the place of a name that is not there.
    fn unnamed(&self, want: Option<Want>) -> &str {
        match want.and_then(|want| self.lists.state(want)) {
            Some(State::Loading { .. }) => self.say("value.looking_up"),
            _ => self.say("value.unnamed"),
        }
    }

    /// Where what is known of a field comes from: its parameter, and what it is checked for. Each says whether it is not
    /// confirmed.
    pub(super) fn sources(&self, at: Place) -> Vec<String> {
        let source = |id: &str, cite: &Cite| {
            let said = self.lang.tell(id, &[("from", &cite.say(&self.lang))]);
            if cite.is_doubtful() { format!("{said} {}", self.say("help.unconfirmed")) } else { said }
        };
        let parameter = source("help.comes_from", &self.product()[at.field].cite);
        let checks = self.weakest(at).map(|cite| source("help.checks_from", cite));
        std::iter::once(parameter).chain(checks).collect()
    }

    /// Where the least certain check or rule of a field comes from.
    fn weakest(&self, at: Place) -> Option<&Cite> {
        let field = &self.product()[at.field];
        let checks = field.checks.iter().chain(&field.advice).map(|check| &check.cite);
        let rules = self.product().rules.iter().filter(|rule| rule.at == at.field).map(|rule| &rule.cite);
        checks.chain(rules).max_by_key(|cite| cite.mark)
    }

    /// Whether a field may be left blank.
    pub(super) fn optional(&self, at: Place) -> bool {
        use crate::product::Required;
        matches!(self.product()[at.field].required, Required::No | Required::Advised)
    }

    /// A short line on how long what is asked here lasts at least, if it counts from the day of issue.
    pub(super) fn since_issue(&self, at: Place) -> Option<String> {
        if self.marks.problem_at(at).is_some_and(|problem| problem.level == Level::Error) {
            return None;
        }
        let end = self.lang.date(self.form.not_before(at, self.today)?);
        let count = self.form.text(at);
        let id = match (self.product()[at.field].from_issue?, count) {
            (crate::product::FromIssue::Years, "1") => "value.one_year",
            (crate::product::FromIssue::Years, _) => "value.years",
            (crate::product::FromIssue::Days, "1") => "value.one_day",
            (crate::product::FromIssue::Days, _) => "value.days",
        };
        Some(self.lang.tell(id, &[("count", count), ("end", &end)]))
    }

    /// Whether a field takes an agreement.
    pub(super) fn is_consent(&self, at: Place) -> bool {
        self.product()[at.field].kind == Kind::Consent
    }
}

/// A person in one line.
pub(super) fn described(person: &Person) -> String {
    let name = person.full_name();
    if person.job_title.is_empty() { name } else { format!("{name}, {}", person.job_title) }
}

/// What stood in a payload, on one line.
fn spelled(doc: &Doc) -> String {
    match &doc.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.clone(),
        Value::Text(text) => text.clone(),
        Value::List(_) => "[…]".to_owned(),
        Value::Object(_) => "{…}".to_owned(),
    }
}
