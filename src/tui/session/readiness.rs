//! Readiness: what the account says about itself that decides whether an order can go through, shown at Home.
//!
//! It is fetched in the background, one request at a time, while Home is in front and no dialog covers it; the form
//! reuses the answers. It only informs: nothing here stops an order.

use crate::account::readiness::{self, AccountAnswers, AnswerState, Finding, FindingSeverity};
use crate::domain::{AccountData, AccountResource, ApiError};
use crate::form::{FieldPlace, Form, ProblemKind, RowKey};
use crate::i18n::{TextId, texts, with};
use crate::text;
use crate::tone::Tone;
use crate::tui::session::Session;
use crate::tui::session::division::payload_division;
use crate::tui::session::drafts::account_drafts;
use crate::tui::session::fetch::FetchState;
use crate::tui::session::setup::ordered_product;
use crate::tui::widgets::{Line, wrap_paragraph};

/// An answer younger than this, in milliseconds, is not fetched again automatically.
const STALE_AFTER_MS: u64 = 60_000;

#[derive(Debug, Clone, Default)]
pub(crate) struct ReadinessState {
    /// When the last round of requests began, in milliseconds.
    asked_at: u64,
    /// The form of the newest draft.
    newest_draft_form: Option<Form>,
}

impl AccountAnswers for Session {
    fn data(&self) -> &AccountData {
        &self.account_data
    }

    fn answer_state(&self, want: AccountResource) -> AnswerState<'_> {
        match self.fetches.state(want) {
            None => AnswerState::Unasked,
            Some(FetchState::Loading { received: 0, .. }) => AnswerState::Pending,
            Some(FetchState::Failed(failure)) => AnswerState::Failed(failure),
            Some(_) => AnswerState::Answered,
        }
    }
}

/// Returns what to fetch next; None while a request is under way, or if the key or the host fails.
pub(crate) fn next_readiness_resource(session: &Session) -> Option<AccountResource> {
    if session.account.is_none() { None } else { readiness::next_resource(session, &readiness_resources(session)) }
}

/// Returns true if there is an account whose readiness can be shown.
pub(crate) fn can_show_readiness(session: &Session) -> bool {
    !session.account.is_none()
}

impl Session {
    /// Remembers the newest draft, which may name the organization of the next order.
    pub(crate) fn remember_newest_draft(&mut self) {
        let newest = account_drafts(self).into_iter().find(|(id, _)| !self.drafts.is_draft_removed(*id));
        let form = newest.and_then(|(_, draft)| Form::from_draft(self.product(), &draft.payload).ok());
        self.readiness.newest_draft_form = form.map(|kept| kept.form);
    }

    /// Fetches stale answers again when Home is in front again.
    pub(crate) fn refresh_stale_readiness(&mut self) {
        if is_readiness_stale(self) {
            self.refresh_readiness();
        }
    }

    /// Fetches everything again, unless requests are under way.
    pub(crate) fn refresh_readiness(&mut self) {
        let wants = readiness_resources(self);
        if !readiness::is_under_way(self, &wants) {
            self.fetches.forget_matching(|want| wants.contains(&want));
            self.readiness.asked_at = self.now;
        }
    }
}

/// Returns everything to fetch, as far as it is known by now.
fn readiness_resources(session: &Session) -> Vec<AccountResource> {
    let mut wants = readiness::account_resources(session, payload_division(session));
    let organization = readiness_organization(session);
    // The drafts may name an organization, and they may not be read yet.
    if organization.is_some() || session.drafts.snapshot().is_some() || session.drafts.store_error().is_some() {
        wants.extend(readiness::organization_resources(organization));
    }
    wants
}

/// Returns the most likely organization of an order: that of the form, else of the account defaults, else of the
/// newest draft, else the only one of the account.
fn readiness_organization(session: &Session) -> Option<u64> {
    let typed = session.form.organization_id();
    let drafted = session.readiness.newest_draft_form.as_ref().and_then(Form::organization_id);
    typed.or_else(|| preset_organization(session)).or(drafted).or(session.account_data.sole_organization)
}

/// Returns the first form that names this organization: the one in front, a new one, or the newest draft.
fn readiness_form(session: &Session, organization: u64) -> Option<Form> {
    let mut begun = Form::new(ordered_product(session));
    begun.apply_account_defaults(&session.environment.presets);
    let mut forms =
        [Some(&session.form), Some(&begun), session.readiness.newest_draft_form.as_ref()].into_iter().flatten();
    forms.find(|form| form.organization_id() == Some(organization)).cloned()
}

fn preset_organization(session: &Session) -> Option<u64> {
    let place = |id: &str| Some(FieldPlace { field: session.product().find_field(id)?, row: RowKey::SINGLE });
    let names = |id: &str| place(id).is_some_and(|at| session.form.is_organization_field(at));
    let (_, text) = session.environment.presets.iter().find(|(id, _)| names(id))?;
    text.parse().ok()
}

/// Returns true if the answers may be outdated.
pub(crate) fn is_readiness_stale(session: &Session) -> bool {
    session.now.saturating_sub(session.readiness.asked_at) >= STALE_AFTER_MS
}

/// Returns the findings with the ids of their titles, or the failure that blocks all requests.
fn readiness_findings(session: &Session) -> Result<[(TextId, Finding<'_>); 7], &ApiError> {
    if let Some(failure) = readiness::blocking_failure(session, &readiness_resources(session)) {
        return Err(failure);
    }
    let organization = readiness_organization(session);
    let contacts = readiness::find_contacts(session, organization, |id| unverified_contact_text(session, id));
    Ok([
        (texts::ready::KEY, readiness::find_key(session)),
        (texts::ready::ROLE, readiness::find_role(session)),
        (texts::ready::PRODUCT, readiness::find_product(session)),
        (texts::ready::ORGANIZATION, readiness::find_organization(session, organization, session.today)),
        (texts::ready::CONTACT, contacts),
        (texts::ready::FUNDS, readiness::find_funds(session, payload_division(session))),
        (texts::ready::SIMILAR, readiness::find_similar_orders(session, organization, session.product().name_id)),
    ])
}

/// Returns one line per finding, under a heading.
pub(crate) fn readiness_block_lines(session: &Session, width: usize) -> Vec<Line> {
    if session.account.is_none() {
        return Vec::new();
    }
    let mut lines = vec![Line::default(), Line::new(Tone::Heading, format!(" {}", session.text(texts::ready::TITLE)))];
    match readiness_findings(session) {
        Err(failure) => lines.extend(blocking_failure_lines(session, failure, width)),
        Ok(findings) => lines.extend(findings.iter().map(|(title, finding)| {
            let (tone, summary, _) = session.message_writer().readiness_text(*title, finding);
            Line::default().pad_to(1).with_span(tone, text::clip(&summary, width.saturating_sub(1)))
        })),
    }
    lines
}

/// Returns the number of findings of each kind, on one line.
pub(crate) fn readiness_summary_note(session: &Session) -> Option<(Tone, String)> {
    if session.account.is_none() {
        return None;
    }
    let Ok(findings) = readiness_findings(session) else {
        return Some((Tone::Warning, format!("! {}", session.text(texts::ready::STOPPED_SHORT))));
    };
    let count = |ranks: &[FindingSeverity]| findings.iter().filter(|(_, finding)| ranks.contains(&finding.0)).count();
    let warnings = count(&[FindingSeverity::Warning, FindingSeverity::Blocking]);
    let parts = [
        (count(&[FindingSeverity::Good, FindingSeverity::Limited]), texts::ready::GOOD),
        (warnings, texts::ready::WARNINGS),
        (count(&[FindingSeverity::Unknown]), texts::ready::UNKNOWN),
        (count(&[FindingSeverity::Loading]), texts::ready::OPEN),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = parts.map(|(count, id)| session.lang.format(id, with::Count(&count))).collect();
    let tone = if warnings > 0 { Tone::Warning } else { Tone::Dim };
    Some((tone, session.lang.format(texts::ready::SUMMARY, with::Said(&counts.join(", ")))))
}

fn blocking_failure_lines(session: &Session, failure: &ApiError, width: usize) -> Vec<Line> {
    let why = session.message_writer().failure_text(failure);
    let text = format!("! {}", session.lang.format(texts::ready::STOPPED, with::Why(&why)));
    let advice = wrap_paragraph(Tone::Dim, session.text(texts::ready::STOPPED_DO), 1, width);
    wrap_paragraph(Tone::Warning, &text, 1, width).into_iter().chain(advice).collect()
}

/// Returns all findings with their details.
pub(crate) fn readiness_lines(session: &Session, width: usize) -> Vec<Line> {
    let ago = i64::try_from(session.now.saturating_sub(session.readiness.asked_at) / 60_000).ok();
    let lead = session.lang.format(texts::ready::LEAD, with::Age(&session.lang.format_age(ago)));
    let mut lines = vec![Line::new(Tone::Heading, format!(" {}", session.text(texts::ready::TITLE)))];
    lines.extend(wrap_paragraph(Tone::Dim, &lead, 1, width));
    let findings = match readiness_findings(session) {
        Ok(findings) => findings,
        Err(failure) => {
            lines.push(Line::default());
            lines.extend(blocking_failure_lines(session, failure, width));
            return lines;
        }
    };
    for (title, finding) in &findings {
        let (tone, summary, details) = session.message_writer().readiness_text(*title, finding);
        lines.push(Line::default());
        lines.extend(wrap_paragraph(tone, &summary, 1, width));
        lines.extend(details.iter().flat_map(|text| wrap_paragraph(Tone::Plain, text, 3, width)));
    }
    lines
}

/// Returns the problem with a contact that is not verified, if a form for this organization names one.
fn unverified_contact_text(session: &Session, organization: u64) -> Option<String> {
    let problems = readiness_form(session, organization)?.find_problems(&session.validation_context());
    let mut unverified = problems.iter().filter(|problem| matches!(problem.kind, ProblemKind::NotVerified(_)));
    unverified.next().map(|problem| problem.message(&session.lang))
}
