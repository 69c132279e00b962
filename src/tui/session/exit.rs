//! The end of a session: what would be lost, and what is printed on the way out.
//!
//! The ids of placed orders are for a script, the notices for the person. This module prints nothing itself.

use crate::i18n::{texts, with};
use crate::order::OrderMachine;
use crate::tui::session::Session;
use crate::tui::session::order_file::is_form_in_file;
use crate::tui::session::order_text::order_lookup_text;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// The exit code: 0 for success, 1 if the last order was refused or never left, 3 if the outcome of an order is
    /// unknown, else that of the signal that ended the program.
    pub code: u8,
    /// For standard output: the ids of the placed orders.
    pub placed_ids: Vec<String>,
    /// For the person: what is still unknown.
    pub notices: Vec<String>,
    /// For the person: says that the form was saved; `None` if it was not.
    pub draft_notice: Option<String>,
    /// What to open next; `None` to end the program.
    pub next: Option<NextSession>,
}

/// What to open after this session has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextSession {
    /// The embedded sandbox.
    Demo,
    /// This account of the configuration, which was just set up, at a new order.
    NewOrder(String),
    /// This account of the configuration, at Home.
    SwitchAccount(String),
    /// The setup of another account.
    SetUpAccount,
}

/// Returns true if quitting loses typed values or leaves an order with an unknown outcome.
pub(crate) fn quitting_loses_something(session: &Session) -> bool {
    // A saved form can be resumed. It is lost if it cannot be saved, or not permanently.
    let is_kept = session.drafts.can_resume_later() || session.drafts.is_read_only() || is_form_in_file(session);
    session.drafts.is_dirty && !is_kept || session.order_machine.is_outcome_open()
}

/// Returns how the program ends. An unknown outcome of an order takes precedence over the exit code.
pub(crate) fn session_exit(session: &Session, code: u8) -> Exit {
    let background: Vec<String> =
        session.background_orders.unresolved().map(|order| order.intent_id().to_string()).collect();
    let is_unknown = session.order_machine.is_outcome_open() || !background.is_empty();
    let mut notices = Vec::new();
    if is_unknown {
        notices.push(session.text(texts::exit::UNKNOWN).to_owned());
    }
    if session.order_machine.is_outcome_open() {
        notices.extend([order_lookup_text(session), session.text(texts::unknown::REQUEST).to_owned()]);
    }
    notices.extend(background.iter().map(|id| session.lang.format(texts::submit::RESOLVE, with::Intent(&id))));
    let is_draft_kept =
        !is_unknown && session.drafts.can_resume_later() && session.drafts.is_dirty && !session.drafts.is_read_only();
    let code = match (is_unknown, code) {
        (true, _) => 3,
        (false, 0) => u8::from(session.placed_orders.was_refused),
        (false, code) => code,
    };
    Exit {
        code,
        placed_ids: session.placed_orders.earlier_ids.iter().cloned().chain(placed_id_lines(session)).collect(),
        notices,
        draft_notice: is_draft_kept.then(|| session.text(texts::exit::KEPT).to_owned()),
        next: None,
    }
}

/// The ids of the order that was placed last, one per line, for a script to read.
pub(crate) fn placed_id_lines(session: &Session) -> Vec<String> {
    let OrderMachine::Placed(follow) = &session.order_machine else { return Vec::new() };
    let placed = follow.placed_order();
    // A script takes these ids for an order placed now, so an order that was only looked up is left out.
    if session.placed_orders.looked_up_order == Some(placed.id) {
        return Vec::new();
    }
    let requests = follow.requests().iter().map(|request| format!("request {} {}", request.id, request.status));
    let organization = placed.organization_id.map(|id| format!("organization {id}"));
    let certificate = follow.certificate_id().map(|id| format!("certificate {id}"));
    std::iter::once(format!("order {}", placed.id)).chain(requests).chain(organization).chain(certificate).collect()
}
