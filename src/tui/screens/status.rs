//! Status: what is known of the placed order, and how old that is.
//!
//! Unknown words of the server are shown as they are.

use crate::domain::Validity;
use crate::form::Form;
use crate::order::{OrderEvent, OrderMachine, OrderPolling};
use crate::product::{StepId, ValidityUnit, ValueKind};
use crate::tone::Tone;
use crate::tui::app::{App, Screen};
use crate::tui::dialogs::quit::placed_id_lines;
use crate::tui::message::{Effect, StoreTask};
use crate::tui::screens::confirm::order_organization_text;
use crate::tui::screens::home::readiness::is_readiness_stale;
use crate::tui::screens::step::values::product_text;
use crate::tui::session::Session;
use crate::tui::session::fetch::AccountResource;
use crate::tui::widgets::{Line, wrap_paragraph};

impl App {
    pub(crate) fn refresh_order(&mut self) -> Vec<Effect> {
        self.handle_order_event(OrderEvent::Refresh(self.session.now))
    }

    /// Starts a new order. It takes over neither values nor the consent.
    pub(crate) fn start_new_order(&mut self) {
        self.session.reset_form_to_defaults();
        self.session.close_draft(StoreTask::ReleaseDraft);
        // There may be another order to resolve.
        self.session.queued_effects.push(Effect::Store(StoreTask::ReadAll));
        self.screen = Screen::Step(StepId(0));
        self.go_to_step(StepId(0));
    }
}

impl Session {
    /// Puts this form in front, and clears everything that belonged to the previous one.
    pub(crate) fn reset_with_form(&mut self, form: Form) {
        let ids = placed_id_lines(self);
        self.placed_orders.earlier_ids.extend(ids);
        let paid = !matches!(self.order_machine, OrderMachine::Ready);
        self.form = form;
        self.account_defaults.clear();
        self.forget_order_file();
        self.order_machine = OrderMachine::Ready;
        (self.focus, self.visited_steps, self.feedback, self.group_undo, self.undo_history) = Default::default();
        self.shows_expert_fields = false;
        // The previous order may have been paid from the balance.
        if paid || is_readiness_stale(self) {
            self.account_data.balances.clear();
            self.fetches.forget_matching(|want| matches!(want, AccountResource::Balance(_)));
        }
        self.field_editor = None;
        (self.placed_orders.record_error, self.placed_orders.looked_up_order) = (None, None);
        self.validate_form();
    }
}

fn order_polling(session: &Session) -> Option<&OrderPolling> {
    match &session.order_machine {
        OrderMachine::Placed(follow) => Some(follow),
        _ => None,
    }
}

/// Returns the seconds since the last reply.
pub(crate) fn seconds_since_answer(session: &Session) -> u64 {
    order_polling(session).map_or(0, |follow| session.now.saturating_sub(follow.last_reply_at()) / 1000)
}

pub(crate) fn status_lines(session: &Session, width: usize) -> Vec<Line> {
    let Some(follow) = order_polling(session) else { return Vec::new() };
    let said = status_notes(session, follow);
    said.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
}

fn status_notes(session: &Session, follow: &OrderPolling) -> Vec<(Tone, String)> {
    let placed = follow.placed_order();
    let id = placed.id.to_string();
    let mut said = vec![(Tone::Good, format!("✓ {}", session.lang.format_text("status.placed", &[("id", &id)])))];
    said.push((
        Tone::Plain,
        session.lang.format_text(
            "confirm.what",
            &[("product", product_text(session, &session.product().title)), ("who", &order_organization_text(session))],
        ),
    ));
    said.extend(session.unrecorded_outcome_note());
    said.extend(new_organization_note(session, follow));
    said.extend(session.message_writer().request_lines(follow.requests()));
    said.extend(session.message_writer().order_lines(
        follow.order(),
        follow.certificate_id(),
        Some(&requested_validity_text(session)),
    ));
    said.extend(session.message_writer().heard_lines(follow, seconds_since_answer(session)));
    said
}

/// Returns the note on a new organization. If the reply names none, the order's own details do (certcentral-api.md 3:
/// the order may be tied to one that exists).
fn new_organization_note(session: &Session, follow: &OrderPolling) -> Option<(Tone, String)> {
    let new = !session.form.visible_places().any(|at| session.form.is_organization_field(at));
    let order = follow.order().filter(|order| order.organization_id.is_some());
    let named = order.map(|order| (order.organization_id.unwrap_or_default().to_string(), &order.organization_name));
    let tell = |id: &str| {
        let (number, name) = named.as_ref()?;
        Some(session.lang.format_text(id, &[("id", number), ("name", name)]).trim_end().to_owned())
    };
    match (new, follow.placed_order().organization_id) {
        (_, Some(id)) => {
            Some((Tone::Plain, session.lang.format_text("status.new_organization", &[("id", &id.to_string())])))
        }
        // The journal does not record the organization, so it is unknown if it is new.
        (true, None) if session.placed_orders.looked_up_order.is_some() => {
            Some((Tone::Plain, tell("status.organization")?))
        }
        (true, None) => Some((
            Tone::Warning,
            format!(
                "! {}",
                tell("status.tied").unwrap_or_else(|| session.text("status.no_new_organization").to_owned())
            ),
        )),
        (false, None) => None,
    }
}

/// Returns the requested validity; an empty one if none was requested.
fn requested_validity_text(session: &Session) -> Validity {
    let asked = session.form.visible_places().find_map(|at| {
        let (field, text) = (&session.product()[at.field], session.form.text(at));
        match field.from_issue {
            Some(ValidityUnit::Years) => Some(Validity { years: text.parse().ok(), ..Validity::default() }),
            Some(ValidityUnit::Days) => Some(Validity { days: text.parse().ok(), ..Validity::default() }),
            // A date in a form that was read from a payload counts too, as it was sent.
            None if field.kind == ValueKind::Date => Some(Validity { date: text.to_owned(), ..Validity::default() }),
            None => None,
        }
    });
    asked.unwrap_or_default()
}
