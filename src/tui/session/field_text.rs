//! Values as a person reads them: names beside ids, labels in place of words, masked secrets.
//!
//! Whether a value is valid does not belong here.

use crate::domain::{AccountResource, Person};
use crate::form::{FieldPlace, FieldValue, payload_text};
use crate::i18n::{LocalizedText, TextId, country, texts, with};
use crate::json::{JsonNode, JsonValue};
use crate::product::{Citation, GroupId, PickList, SecretDisplay, Severity, ValueKind};
use crate::tui::session::Session;
use crate::tui::session::fetch::FetchState;
use crate::tui::session::field_widgets::{FieldWidget, field_widget, is_ticked};

/// Returns a text of the product file in the language of the wizard.
pub(crate) fn product_text<'a>(session: &Session, words: &'a LocalizedText) -> &'a str {
    words.in_language(session.lang.language)
}

pub(crate) fn field_label(session: &Session, at: FieldPlace) -> &'static str {
    product_text(session, &session.product()[at.field].label)
}

/// Returns the value of a field as a person reads it; "" if it has none.
pub(crate) fn display_value(session: &Session, at: FieldPlace) -> String {
    if let Some(FieldValue::RawJson(doc)) = session.form.field_value(at) {
        return json_value_text(doc);
    }
    let field = &session.product()[at.field];
    let text = session.form.text(at);
    match field_widget(session, at) {
        FieldWidget::Secret => masked_secret(session, at, field.secret.unwrap_or(SecretDisplay::All)),
        FieldWidget::Check => {
            session.text(if is_ticked(session, at) { texts::value::YES } else { texts::value::NO }).to_owned()
        }
        FieldWidget::Line | FieldWidget::Fixed => text.to_owned(),
        FieldWidget::Radio | FieldWidget::Pick if text.is_empty() => String::new(),
        FieldWidget::Radio | FieldWidget::Pick => match field.find_option(text) {
            Some(option) => product_text(session, &option.label).to_owned(),
            None => picked_value_text(session, at, text),
        },
    }
}

/// Masks a secret: of a card number the last four digits stay readable, of a CVV only the length.
fn masked_secret(session: &Session, at: FieldPlace, show: SecretDisplay) -> String {
    match (session.form.secret(at), show) {
        (Some(secret), SecretDisplay::Last4) => payload_text::mask_secret(secret, show),
        (Some(secret), SecretDisplay::All) => "*".repeat(secret.char_count()),
        (None, _) => String::new(),
    }
}

/// Returns a value that was picked from a list, with its name if that is known.
fn picked_value_text(session: &Session, at: FieldPlace, text: &str) -> String {
    let id = text.parse::<u64>().ok();
    match session.product()[at.field].source.as_ref().map(|source| source.list) {
        Some(PickList::Organizations) => match id.and_then(|id| session.account_data.organization(id)) {
            Some(found) => format!("{text}  {}", found.name),
            None => format!("{text}  {}", missing_name_text(session, id.map(AccountResource::Organization))),
        },
        Some(PickList::Approvers | PickList::Users) => match id.and_then(|id| session.account_data.person(id)) {
            Some(person) => format!("{text}  {}", person_text(person)),
            None => format!("{text}  {}", missing_name_text(session, id.map(AccountResource::User))),
        },
        Some(PickList::Countries) => match country::find_country(text) {
            Some(country) => format!("{} ({text})", country.name(session.lang.language)),
            None => text.to_owned(),
        },
        Some(PickList::ValidityYears) | None => text.to_owned(),
    }
}

/// Returns the text in place of a name that is missing.
fn missing_name_text(session: &Session, want: Option<AccountResource>) -> &str {
    match want.and_then(|want| session.fetches.state(want)) {
        Some(FetchState::Loading { .. }) => session.text(texts::value::LOOKING_UP),
        _ => session.text(texts::value::UNNAMED),
    }
}

/// Returns the sources of a field: of its parameter and of its checks. Each says if it is not confirmed.
pub(crate) fn source_texts(session: &Session, at: FieldPlace) -> Vec<String> {
    let source = |id: TextId<with::From<'_>>, cite: &Citation| {
        let text = session.lang.format(id, with::From(&cite.source_text(&session.lang)));
        if cite.is_doubtful() { format!("{text} {}", session.text(texts::help::UNCONFIRMED)) } else { text }
    };
    let parameter = source(texts::help::COMES_FROM, &session.product()[at.field].cite);
    let checks = weakest_cite(session, at).map(|cite| source(texts::help::CHECKS_FROM, cite));
    std::iter::once(parameter).chain(checks).collect()
}

/// Returns the citation of the least certain check or rule of a field.
fn weakest_cite(session: &Session, at: FieldPlace) -> Option<&Citation> {
    let field = &session.product()[at.field];
    let checks = field.checks.iter().chain(field.advice).map(|check| &check.cite);
    let rules = session.product().rules.iter().filter(|rule| rule.at == at.field).map(|rule| &rule.cite);
    checks.chain(rules).max_by_key(|cite| cite.mark)
}

pub(crate) fn is_optional(session: &Session, at: FieldPlace) -> bool {
    use crate::product::Requirement;
    matches!(session.product()[at.field].required, Requirement::No | Requirement::Advised)
}

/// Returns how long the requested validity lasts at least, if it counts from the day of issue and is without error.
pub(crate) fn duration_text(session: &Session, at: FieldPlace) -> Option<String> {
    if session.feedback.worst_problem_at(at).is_some_and(|problem| problem.level == Severity::Error) {
        return None;
    }
    let end = session.lang.format_date(session.form.earliest_end_date(at, session.today)?);
    let count = session.form.text(at);
    let (one, several) = match session.product()[at.field].from_issue? {
        crate::product::ValidityUnit::Years => (texts::value::ONE_YEAR, texts::value::YEARS),
        crate::product::ValidityUnit::Days => (texts::value::ONE_DAY, texts::value::DAYS),
    };
    Some(match count {
        "1" => session.lang.format(one, with::End(&end)),
        count => session.lang.format(several, (with::Count(&count), with::End(&end))),
    })
}

/// Returns true if the field holds the consent to the agreement.
pub(crate) fn is_consent_field(session: &Session, at: FieldPlace) -> bool {
    session.product()[at.field].kind == ValueKind::Consent
}

/// Returns the name and the job title of a person on one line.
pub(crate) fn person_text(person: &Person) -> String {
    let name = person.full_name();
    if person.job_title.is_empty() { name } else { format!("{name}, {}", person.job_title) }
}

/// Returns JSON that was read from a payload on one line; lists and objects are abbreviated.
fn json_value_text(doc: &JsonNode) -> String {
    match &doc.value {
        JsonValue::Null => "null".to_owned(),
        JsonValue::Bool(value) => value.to_string(),
        JsonValue::Number(number) => number.clone(),
        JsonValue::Text(text) => text.clone(),
        JsonValue::List(_) => "[…]".to_owned(),
        JsonValue::Object(_) => "{…}".to_owned(),
    }
}

/// Returns the word for a row of a list.
pub(crate) fn row_word(session: &Session, group: GroupId) -> &'static str {
    session.product()[group].row.as_ref().map_or("", |row| product_text(session, row))
}
