//! Status: what is known of the placed order, and how old that is.
//!
//! Unknown words of the server are shown as they are.

use crate::domain::Validity;
use crate::i18n::{TextId, texts, with};
use crate::order::{OrderEvent, OrderMachine, OrderPolling};
use crate::product::{ValidityUnit, ValueKind};
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ScreenRoute, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::session::Session;
use crate::tui::session::drafts::unrecorded_outcome_note;
use crate::tui::session::field_text::product_text;
use crate::tui::session::order_text::order_organization_text;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

/// The screen of a placed order.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatusScreen {
    scroll: ScrollPosition,
}

impl Component for StatusScreen {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::Status
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        status_lines(session, width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Action(Action::Refresh) => Transition::Order(Box::new(OrderEvent::Refresh(session.now))),
            ComponentEvent::Action(Action::Back) => Transition::Go(ScreenRoute::Home),
            _ => Transition::Stay,
        }
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, session.text(texts::help::STATUS).to_owned())]
    }

    fn redraw_in(&self, session: &Session) -> Option<u64> {
        Some(if seconds_since_answer(session) < 60 { 1_000 } else { 60_000 })
    }
}

fn order_polling(session: &Session) -> Option<&OrderPolling> {
    match &session.order_machine {
        OrderMachine::Placed(follow) => Some(follow),
        _ => None,
    }
}

/// Returns the seconds since the last reply.
fn seconds_since_answer(session: &Session) -> u64 {
    order_polling(session).map_or(0, |follow| session.now.saturating_sub(follow.last_reply_at()) / 1000)
}

fn status_lines(session: &Session, width: usize) -> Vec<Line> {
    let Some(follow) = order_polling(session) else { return Vec::new() };
    let notes = status_notes(session, follow);
    notes.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
}

fn status_notes(session: &Session, follow: &OrderPolling) -> Vec<(Tone, String)> {
    let placed = follow.placed_order();
    let id = placed.id.to_string();
    let mut notes = vec![(Tone::Good, format!("✓ {}", session.lang.format(texts::status::PLACED, with::Id(&id))))];
    notes.push((
        Tone::Plain,
        session.lang.format(
            texts::confirm::WHAT,
            (
                with::Product(&product_text(session, &session.product().title)),
                with::Who(&order_organization_text(session)),
            ),
        ),
    ));
    notes.extend(unrecorded_outcome_note(session));
    notes.extend(new_organization_note(session, follow));
    notes.extend(session.message_writer().request_lines(follow.requests()));
    notes.extend(session.message_writer().order_lines(
        follow.order(),
        follow.certificate_id(),
        Some(&requested_validity_text(session)),
    ));
    notes.extend(session.message_writer().heard_lines(follow, seconds_since_answer(session)));
    notes
}

/// Returns the note on a new organization. If the reply names none, the order's own details do (certcentral-api.md 3:
/// the order may be tied to one that exists).
fn new_organization_note(session: &Session, follow: &OrderPolling) -> Option<(Tone, String)> {
    let new = !session.form.visible_places().any(|at| session.form.is_organization_field(at));
    let order = follow.order().filter(|order| order.organization_id.is_some());
    let named = order.map(|order| (order.organization_id.unwrap_or_default().to_string(), &order.organization_name));
    let tell = |text_id: TextId<(with::Id<'_>, with::Name<'_>)>| {
        let (id, name) = named.as_ref()?;
        Some(session.lang.format(text_id, (with::Id(&id), with::Name(&name))).trim_end().to_owned())
    };
    match (new, follow.placed_order().organization_id) {
        (_, Some(id)) => Some((Tone::Plain, session.lang.format(texts::status::NEW_ORGANIZATION, with::Id(&id)))),
        // The journal does not record the organization, so it is unknown if it is new.
        (true, None) if session.placed_orders.looked_up_order.is_some() => {
            Some((Tone::Plain, tell(texts::status::ORGANIZATION)?))
        }
        (true, None) => Some((
            Tone::Warning,
            format!(
                "! {}",
                tell(texts::status::TIED)
                    .unwrap_or_else(|| session.text(texts::status::NO_NEW_ORGANIZATION).to_owned())
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
