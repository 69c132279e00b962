//! Before an order: what the account says of itself that decides whether one goes through, shown at Home.
//!
//! It is asked for in the background, one question after another, while Home is in front and nothing lies over it; what
//! was heard stays for the form. It only tells: nothing here keeps anybody from ordering. What each answer means stands
//! in a file of its own beside this one.

mod find;
mod funds;
mod parties;
mod rights;
mod similar;

use super::lists::{State, Want};
use super::{Model, Overlay, Screen};
use crate::facts::Failure;
use crate::form::{Form, Place, Row};
use crate::layout::{Line, Reader, Tone, paragraph};
use crate::text;
use find::{Finding, Standing};

/// For so long, in milliseconds, what was heard is not asked for again by itself.
const FRESH: u64 = 60_000;

/// The code by which a key is told that it may not ask this (certcentral-api.md 1.5).
const NOT_PERMITTED: &str = "missing_permission";

/// What Home has to remember of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Ready {
    /// When it was begun to ask, in milliseconds.
    since: u64,
    /// The newest draft.
    drafted: Option<Form>,
}

/// What was heard of something.
enum Heard<'a, T> {
    Told(T),
    Asking,
    Failed(&'a Failure),
}

impl Model {
    /// What is asked for next. Nothing while something is under way, and where the key or the way to the host fails.
    pub(super) fn ready_want(&self) -> Option<Want> {
        if self.account.is_none() || self.overlay().is_some_and(|overlay| !matches!(overlay, Overlay::Ready(_))) {
            return None;
        }
        let wants = self.ready_questions();
        let under_way = |want: &Want| matches!(self.lists.state(*want), Some(State::Loading { .. }));
        if wants.iter().any(under_way) || self.stopped().is_some() {
            return None;
        }
        wants.into_iter().find(|want| self.lists.state(*want).is_none())
    }

    /// All that is to be known, as far as it is clear by now what that is.
    fn ready_questions(&self) -> Vec<Want> {
        let parties = match self.ready_organization() {
            Some(id) => vec![Want::Organization(id), Want::Validations(id), Want::Orders(Some(id))],
            // The drafts may name one.
            None if self.drafts.stock().is_none() && self.drafts.trouble().is_none() => Vec::new(),
            None => vec![Want::Few],
        };
        let money = [Some(Want::Divisions), self.balance_want()].into_iter().flatten();
        [Want::Me, Want::Product].into_iter().chain(money).chain(parties).collect()
    }

    /// The organization that an order is most likely for: that of the form, else the one that new orders begin with,
    /// else that of the newest draft, else the only one that there is.
    fn ready_organization(&self) -> Option<u64> {
        let typed = self.form.organization_id();
        let drafted = self.ready.drafted.as_ref().and_then(Form::organization_id);
        typed.or_else(|| self.preset_organization()).or(drafted).or(self.known.sole)
    }

    /// The form that names this organization, where one does.
    fn ready_form(&self, organization: u64) -> Option<Form> {
        let mut begun = Form::new(self.ordered());
        begun.preset(&self.around.presets);
        let mut forms = [Some(&self.form), Some(&begun), self.ready.drafted.as_ref()].into_iter().flatten();
        forms.find(|form| form.organization_id() == Some(organization)).cloned()
    }

    fn preset_organization(&self) -> Option<u64> {
        let place = |id: &str| Some(Place { field: self.product().find(id)?, row: Row::ONE });
        let names = |id: &str| place(id).is_some_and(|at| self.form.is_organization(at));
        let (_, text) = self.around.presets.iter().find(|(id, _)| names(id))?;
        text.parse().ok()
    }

    /// Of the drafts that were read the newest tells the organization.
    pub(super) fn ready_for_drafts(&mut self) {
        let newest = self.drafts_here().into_iter().find(|(id, _)| !self.drafts.is_removed(*id));
        let form = newest.and_then(|(_, draft)| Form::from_draft(self.product(), &draft.payload).ok());
        self.ready.drafted = form.map(|kept| kept.form);
    }

    /// Home is in front again: what is old is asked for anew.
    pub(super) fn ready_again(&mut self) {
        if self.ready_is_old() {
            self.ready_anew();
        }
    }

    /// Whether what was heard may no longer hold.
    pub(super) fn ready_is_old(&self) -> bool {
        self.now.saturating_sub(self.ready.since) >= FRESH
    }

    /// Asks for all of it anew, unless that is being done.
    pub(super) fn ready_anew(&mut self) {
        let wants = self.ready_questions();
        let under_way = |want: &Want| matches!(self.lists.state(*want), Some(State::Loading { .. }));
        if !wants.iter().any(under_way) {
            self.lists.forget(|want| wants.contains(&want));
            self.ready.since = self.now;
        }
    }

    /// Why nothing can be had, where that is the key's, the host's or the network's fault: said once.
    fn stopped(&self) -> Option<&Failure> {
        self.ready_questions().into_iter().find_map(|want| match self.lists.state(want) {
            Some(State::Failed(failure)) if is_everywhere(want, failure) => Some(failure),
            _ => None,
        })
    }

    fn heard<T>(&self, want: Want, told: Option<T>) -> Heard<'_, T> {
        match (self.lists.state(want), told) {
            (Some(State::Failed(why)), _) => Heard::Failed(why),
            (Some(State::Done), Some(told)) => Heard::Told(told),
            _ => Heard::Asking,
        }
    }

    /// Opens the whole of it.
    pub(super) fn show_ready(&mut self) {
        if self.account.is_none() {
            return self.flash("flash.no_key");
        }
        self.overlays.push(Overlay::Ready(Reader::default()));
    }

    /// All of it in a line each, under a heading.
    pub(super) fn ready_block(&self, width: usize) -> Vec<Line> {
        if self.account.is_none() {
            return Vec::new();
        }
        let mut lines = vec![Line::default(), Line::of(Tone::Heading, format!(" {}", self.say("ready.title")))];
        if let Some(failure) = self.stopped() {
            lines.extend(self.stopped_lines(failure, width));
            return lines;
        }
        lines.extend(self.findings().iter().map(|finding| {
            let room = width.saturating_sub(1);
            Line::default().pad(1).with(finding.standing.tone(), text::clip(&finding.words(), room))
        }));
        lines
    }

    /// All of it in as few words as can be.
    pub(super) fn ready_summary(&self) -> Option<(Tone, String)> {
        if self.account.is_none() {
            return None;
        }
        if self.stopped().is_some() {
            return Some((Tone::Warning, format!("! {}", self.say("ready.stopped_short"))));
        }
        let findings = self.findings();
        let count = |standing| findings.iter().filter(|finding| finding.standing == standing).count();
        let parts = [
            (count(Standing::Good), "ready.good"),
            (count(Standing::Warning), "ready.warnings"),
            (count(Standing::Unknown), "ready.unknown"),
            (count(Standing::Asking), "ready.open"),
        ];
        let parts = parts.into_iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = parts.map(|(count, id)| self.lang.tell(id, &[("count", &count.to_string())])).collect();
        let tone = if count(Standing::Warning) > 0 { Tone::Warning } else { Tone::Dim };
        Some((tone, self.lang.tell("ready.summary", &[("said", &said.join(", "))])))
    }

    fn stopped_lines(&self, failure: &Failure, width: usize) -> Vec<Line> {
        let why = self.teller().failure(failure);
        let said = format!("! {}", self.lang.tell("ready.stopped", &[("why", &why)]));
        let advice = paragraph(Tone::Dim, self.say("ready.stopped_do"), 1, width);
        paragraph(Tone::Warning, &said, 1, width).into_iter().chain(advice).collect()
    }

    /// The whole of it, with what can be done.
    pub(super) fn ready_lines(&self, width: usize) -> Vec<Line> {
        let ago = i64::try_from(self.now.saturating_sub(self.ready.since) / 60_000).ok();
        let lead = self.lang.tell("ready.lead", &[("age", &self.lang.age(ago))]);
        let mut lines = vec![Line::of(Tone::Heading, format!(" {}", self.say("ready.title")))];
        lines.extend(paragraph(Tone::Dim, &lead, 1, width));
        if let Some(failure) = self.stopped() {
            lines.push(Line::default());
            lines.extend(self.stopped_lines(failure, width));
            return lines;
        }
        for finding in self.findings() {
            lines.push(Line::default());
            lines.extend(paragraph(finding.standing.tone(), &finding.words(), 1, width));
            lines.extend(finding.more.iter().flat_map(|text| paragraph(Tone::Plain, text, 3, width)));
        }
        lines
    }

    /// Whether it is shown: at Home, or over it.
    pub(super) fn shows_ready(&self) -> bool {
        matches!(self.screen, Screen::Home(_)) && !self.account.is_none()
    }

    fn findings(&self) -> Vec<Finding> {
        vec![
            self.key_found(),
            self.role_found(),
            self.product_found(),
            self.organization_found(),
            self.contact_found(),
            self.funds_found(),
            self.similar_found(),
        ]
    }
}

/// Whether a failure says that no other question would be answered either. Whoever may not ask who they are may still
/// order.
fn is_everywhere(want: Want, failure: &Failure) -> bool {
    match failure {
        Failure::NotAllowed(_) | Failure::NotConnected(_) => true,
        Failure::Refused { .. } if failure.is_unknown_key() => true,
        Failure::Refused { .. } => want == Want::Me && !has_code(failure, NOT_PERMITTED),
        Failure::Cut(_) | Failure::Unreadable(..) => want == Want::Me,
    }
}

/// Whether a refusal has a code with this part.
fn has_code(failure: &Failure, part: &str) -> bool {
    matches!(failure, Failure::Refused { errors, .. } if errors.iter().any(|error| error.code.contains(part)))
}
