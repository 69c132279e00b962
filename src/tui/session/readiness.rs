//! Readiness: what the account says about itself that decides whether an order can go through, shown at Home.
//!
//! It is fetched in the background, one request at a time, while Home is in front and no dialog covers it; the form
//! reuses the answers. It only informs: nothing here stops an order. Each submodule explains one kind of answer.

mod finding;
mod funds;
mod organization;
mod permissions;
mod similar_orders;

use crate::domain::{AccountResource, ApiError};
use crate::form::{FieldPlace, Form, RowKey};
use crate::text;
use crate::tone::Tone;
use crate::tui::session::Session;
use crate::tui::session::division::balance_resource;
use crate::tui::session::drafts::account_drafts;
use crate::tui::session::fetch::FetchState;
use crate::tui::session::readiness::funds::funds_finding;
use crate::tui::session::readiness::organization::{contact_finding, organization_finding};
use crate::tui::session::readiness::permissions::{key_finding, product_finding, role_finding};
use crate::tui::session::readiness::similar_orders::similar_orders_finding;
use crate::tui::session::setup::ordered_product;
use crate::tui::widgets::{Line, wrap_paragraph};
use finding::{FindingStatus, ReadinessFinding};

/// An answer younger than this, in milliseconds, is not fetched again automatically.
const STALE_AFTER_MS: u64 = 60_000;

/// The error code for a key without the permission for a request (certcentral-api.md 1.5).
const MISSING_PERMISSION_CODE: &str = "missing_permission";

#[derive(Debug, Clone, Default)]
pub(crate) struct ReadinessState {
    /// When the last round of requests began, in milliseconds.
    asked_at: u64,
    /// The form of the newest draft.
    newest_draft_form: Option<Form>,
}

/// The state of the answer to a request.
enum AnswerState<'a, T> {
    Known(T),
    Loading,
    Failed(&'a ApiError),
}

/// Returns what to fetch next; None while a request is under way, or if the key or the host fails.
pub(crate) fn next_readiness_resource(session: &Session) -> Option<AccountResource> {
    if session.account.is_none() {
        return None;
    }
    let wants = readiness_resources(session);
    let under_way = |want: &AccountResource| matches!(session.fetches.state(*want), Some(FetchState::Loading { .. }));
    if wants.iter().any(under_way) || blocking_failure(session).is_some() {
        return None;
    }
    wants.into_iter().find(|want| session.fetches.state(*want).is_none())
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
        let under_way = |want: &AccountResource| matches!(self.fetches.state(*want), Some(FetchState::Loading { .. }));
        if !wants.iter().any(under_way) {
            self.fetches.forget_matching(|want| wants.contains(&want));
            self.readiness.asked_at = self.now;
        }
    }
}

/// Returns everything to fetch, as far as it is known by now.
fn readiness_resources(session: &Session) -> Vec<AccountResource> {
    let parties = match readiness_organization(session) {
        Some(id) => {
            vec![AccountResource::Organization(id), AccountResource::Validations(id), AccountResource::Orders(Some(id))]
        }
        // The drafts may name an organization, and they are not read yet.
        None if session.drafts.snapshot().is_none() && session.drafts.store_error().is_none() => Vec::new(),
        None => vec![AccountResource::SoleOrganization],
    };
    let money = [Some(AccountResource::Divisions), balance_resource(session)].into_iter().flatten();
    [AccountResource::Me, AccountResource::Product].into_iter().chain(money).chain(parties).collect()
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

/// Returns the failure of the key, the host or the network that blocks all requests. It is shown only once.
fn blocking_failure(session: &Session) -> Option<&ApiError> {
    readiness_resources(session).into_iter().find_map(|want| match session.fetches.state(want) {
        Some(FetchState::Failed(failure)) if is_blocking_failure(want, failure) => Some(failure),
        _ => None,
    })
}

fn answer_state<T>(session: &Session, want: AccountResource, told: Option<T>) -> AnswerState<'_, T> {
    match (session.fetches.state(want), told) {
        (Some(FetchState::Failed(why)), _) => AnswerState::Failed(why),
        (Some(FetchState::Done), Some(told)) => AnswerState::Known(told),
        _ => AnswerState::Loading,
    }
}

/// Returns one line per finding, under a heading.
pub(crate) fn readiness_block_lines(session: &Session, width: usize) -> Vec<Line> {
    if session.account.is_none() {
        return Vec::new();
    }
    let mut lines = vec![Line::default(), Line::new(Tone::Heading, format!(" {}", session.text("ready.title")))];
    if let Some(failure) = blocking_failure(session) {
        lines.extend(blocking_failure_lines(session, failure, width));
        return lines;
    }
    lines.extend(readiness_findings(session).iter().map(|finding| {
        let room = width.saturating_sub(1);
        Line::default().pad_to(1).with_span(finding.status.tone(), text::clip(&finding.summary_text(), room))
    }));
    lines
}

/// Returns the number of findings of each status, on one line.
pub(crate) fn readiness_summary_note(session: &Session) -> Option<(Tone, String)> {
    if session.account.is_none() {
        return None;
    }
    if blocking_failure(session).is_some() {
        return Some((Tone::Warning, format!("! {}", session.text("ready.stopped_short"))));
    }
    let findings = readiness_findings(session);
    let count = |standing| findings.iter().filter(|finding| finding.status == standing).count();
    let parts = [
        (count(FindingStatus::Good), "ready.good"),
        (count(FindingStatus::Warning), "ready.warnings"),
        (count(FindingStatus::Unknown), "ready.unknown"),
        (count(FindingStatus::Loading), "ready.open"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let said: Vec<String> =
        parts.map(|(count, id)| session.lang.format_text(id, &[("count", &count.to_string())])).collect();
    let tone = if count(FindingStatus::Warning) > 0 { Tone::Warning } else { Tone::Dim };
    Some((tone, session.lang.format_text("ready.summary", &[("said", &said.join(", "))])))
}

fn blocking_failure_lines(session: &Session, failure: &ApiError, width: usize) -> Vec<Line> {
    let why = session.message_writer().failure_text(failure);
    let said = format!("! {}", session.lang.format_text("ready.stopped", &[("why", &why)]));
    let advice = wrap_paragraph(Tone::Dim, session.text("ready.stopped_do"), 1, width);
    wrap_paragraph(Tone::Warning, &said, 1, width).into_iter().chain(advice).collect()
}

/// Returns all findings with their details.
pub(crate) fn readiness_lines(session: &Session, width: usize) -> Vec<Line> {
    let ago = i64::try_from(session.now.saturating_sub(session.readiness.asked_at) / 60_000).ok();
    let lead = session.lang.format_text("ready.lead", &[("age", &session.lang.format_age(ago))]);
    let mut lines = vec![Line::new(Tone::Heading, format!(" {}", session.text("ready.title")))];
    lines.extend(wrap_paragraph(Tone::Dim, &lead, 1, width));
    if let Some(failure) = blocking_failure(session) {
        lines.push(Line::default());
        lines.extend(blocking_failure_lines(session, failure, width));
        return lines;
    }
    for finding in readiness_findings(session) {
        lines.push(Line::default());
        lines.extend(wrap_paragraph(finding.status.tone(), &finding.summary_text(), 1, width));
        lines.extend(finding.details.iter().flat_map(|text| wrap_paragraph(Tone::Plain, text, 3, width)));
    }
    lines
}

fn readiness_findings(session: &Session) -> Vec<ReadinessFinding> {
    vec![
        key_finding(session),
        role_finding(session),
        product_finding(session),
        organization_finding(session),
        contact_finding(session),
        funds_finding(session),
        similar_orders_finding(session),
    ]
}

/// Returns true if a failure means that every other request would fail too. A key that lacks only the permission to
/// read its own user can still order.
fn is_blocking_failure(want: AccountResource, failure: &ApiError) -> bool {
    match failure {
        ApiError::NotAllowed(_) | ApiError::NotConnected(_) => true,
        ApiError::Refused { .. } if failure.is_unknown_key() => true,
        ApiError::Refused { .. } => want == AccountResource::Me && !has_error_code(failure, MISSING_PERMISSION_CODE),
        ApiError::ResponseCut(_) | ApiError::Unreadable(..) => want == AccountResource::Me,
    }
}

/// Returns true if a refusal has an error code that contains `part`.
fn has_error_code(failure: &ApiError, part: &str) -> bool {
    matches!(failure, ApiError::Refused { errors, .. } if errors.iter().any(|error| error.code.contains(part)))
}
