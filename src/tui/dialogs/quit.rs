//! Quitting: a question if something would be lost, and what is printed on the way out.
//!
//! The ids of placed orders are for a script, the notices for the person. This module prints nothing itself.

use crate::order::OrderMachine;
use crate::tone::Tone;
use crate::tui::app::{App, Dialog};
use crate::tui::dialogs::save_file::is_form_in_file;
use crate::tui::message::Effect;
use crate::tui::screens::unresolved::order_lookup_text;
use crate::tui::session::Session;
use crate::tui::widgets::{Line, wrap_paragraph};

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

impl App {
    /// Quits, or asks first if something would be lost. A second quit does not ask again.
    pub(crate) fn quit_or_ask(&mut self) -> Vec<Effect> {
        let asked = matches!(self.top_dialog(), Some(Dialog::Quit));
        // A saved form can be resumed. It is lost if it cannot be saved, or not permanently.
        let kept = self.session.drafts.can_resume_later() || self.session.drafts.is_read_only();
        let kept = kept || is_form_in_file(&self.session);
        let loses = self.session.is_dirty && !kept || self.session.order_machine.is_outcome_open();
        if loses && !asked {
            self.session.close_field_editor();
            self.dialogs.push(Dialog::Quit);
            return Vec::new();
        }
        self.quit_now(0)
    }

    /// Quits with this exit code. An unknown outcome of an order takes precedence over it.
    pub(crate) fn quit_now(&mut self, code: u8) -> Vec<Effect> {
        let saved = self.save_draft_now();
        self.session.wipe_secrets();
        let aside: Vec<String> = self.session.unresolved_orders().map(|open| open.intent_id().to_string()).collect();
        let open = self.session.order_machine.is_outcome_open() || !aside.is_empty();
        let mut words = Vec::new();
        if open {
            words.push(self.session.text("exit.unknown").to_owned());
        }
        if self.session.order_machine.is_outcome_open() {
            words.extend([order_lookup_text(&self.session), self.session.text("unknown.request").to_owned()]);
        }
        words.extend(aside.iter().map(|id| self.session.lang.format_text("submit.resolve", &[("intent", id)])));
        let keeps = !open
            && self.session.drafts.can_resume_later()
            && self.session.is_dirty
            && !self.session.drafts.is_read_only();
        let kept = keeps.then(|| self.session.text("exit.kept").to_owned());
        let code = match (open, code) {
            (true, _) => 3,
            (false, 0) => u8::from(self.session.placed_orders.was_refused),
            (false, code) => code,
        };
        let ids =
            self.session.placed_orders.earlier_ids.iter().cloned().chain(placed_id_lines(&self.session)).collect();
        self.exit = Some(Exit { code, placed_ids: ids, notices: words, draft_notice: kept, next: None });
        saved.into_iter().chain([Effect::Quit]).collect()
    }

    /// Ends this session to open something else. The form is saved as with any other quit.
    pub(crate) fn quit_and_open(&mut self, next: NextSession) -> Vec<Effect> {
        let effects = self.quit_now(0);
        if let Some(exit) = &mut self.exit {
            exit.next = Some(next);
        }
        effects
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

pub(crate) fn quit_dialog_lines(session: &Session, width: usize) -> Vec<Line> {
    let what = match session.order_machine {
        OrderMachine::Recording(..) | OrderMachine::Sending(..) => "leave.sending",
        OrderMachine::Unknown(_) => "leave.unknown",
        _ if session.drafts.is_persistent() => "leave.unsaved",
        _ => "leave.typed",
    };
    let said = [
        (Tone::Heading, session.text("leave.title")),
        (Tone::Plain, session.text(what)),
        (Tone::Dim, session.text("leave.keys")),
    ];
    said.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, text, 1, width)).collect()
}
