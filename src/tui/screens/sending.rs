//! Sending: the screen while an order is under way, and what follows each outcome.

use crate::domain::{PersistenceError, PersistenceErrorKind, ServerError};
use crate::order::{OrderEvent, OrderTransition};
use crate::tone::Tone;
use crate::tui::app::{App, Screen};
use crate::tui::message::{Effect, StoreTask};
use crate::tui::session::Session;
use crate::tui::session::feedback::{ReviewNotice, ServerRemark};
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};
use jiff::civil::Date;

/// What is remembered of the orders of this session.
#[derive(Debug, Clone, Default)]
pub(crate) struct SessionOrders {
    /// The ids of orders that were placed before the one in front, one per line.
    pub(crate) earlier_ids: Vec<String>,
    /// The day on which the last order was sent from here.
    pub(crate) sent_on: Option<Date>,
    /// The time at which the last order was sent, in milliseconds since the start.
    pub(crate) sent_at: Option<u64>,
    /// Why the outcome of the order could not be recorded.
    pub(crate) record_error: Option<PersistenceError>,
    /// The id of the order in front, if it is a past order that is only looked at.
    pub(crate) looked_up_order: Option<u64>,
    /// True if the last order was refused or not sent.
    pub(crate) was_refused: bool,
}

impl App {
    /// Passes an event to the order machine, and shows what follows from it.
    pub(crate) fn handle_order_event(&mut self, event: OrderEvent) -> Vec<Effect> {
        if let Some(effects) = self.session.handle_background_event(&event) {
            return effects;
        }
        if matches!(event, OrderEvent::DecisionRecorded(Ok(()), _)) {
            self.session.placed_orders.record_error = None;
        }
        let followed = matches!(event, OrderEvent::PollingRequested(..));
        // An order that is known only from its intent file has no form.
        let formless = self.session.order_machine.unresolved_order().is_some_and(|open| open.intent().body.is_empty());
        let (turn, effects) = self.session.order_machine.handle_event(event);
        match turn {
            OrderTransition::Stay => {}
            OrderTransition::PreflightExpired => self.restart_confirm(),
            OrderTransition::Sent => {
                self.session.feedback.attempt_outcome = None;
                self.session.feedback.remarks.clear();
                (self.session.placed_orders.sent_on, self.session.placed_orders.sent_at) =
                    (Some(self.session.today), Some(self.session.now));
                (self.session.placed_orders.was_refused, self.session.placed_orders.record_error) = (false, None);
                self.screen = Screen::Sending;
            }
            OrderTransition::Placed => {
                self.session.form.wipe_secrets();
                // A past order has nothing to do with the current draft.
                self.session.close_draft(if followed { StoreTask::ReleaseDraft } else { StoreTask::DiscardDraft });
                self.dialogs.clear();
                self.screen = Screen::Status(ScrollPosition::default());
            }
            OrderTransition::Refused(status, errors) => {
                // The server may have refused the marker. The next attempt gets a new one if it is to have one.
                self.session.form.remove_own_order_marker();
                self.handle_order_refused(status, errors);
            }
            OrderTransition::NotSent(reason) => {
                let values = [
                    ("host", self.session.account.host.as_str()),
                    ("why", &self.session.message_writer().reason_text(&reason)),
                ];
                self.show_review_with_outcome(self.session.lang.format_text("notice.not_sent", &values), Vec::new());
            }
            OrderTransition::Unknown => {
                self.session.form.wipe_secrets();
                self.show_unresolved();
            }
            OrderTransition::NotRecorded(unkept) => self.handle_intent_not_recorded(&unkept),
            OrderTransition::NotSaved(unkept) => {
                self.session.placed_orders.record_error = Some(unkept);
                if matches!(self.screen, Screen::Review(_)) {
                    let said = self.session.unrecorded_outcome_note().map(|(_, text)| ReviewNotice::Lasting(text));
                    self.session.feedback.notices.extend(said);
                }
            }
            OrderTransition::NotPlaced => self.handle_not_placed(formless),
        }
        effects.into_iter().map(Effect::Order).collect()
    }

    /// Handles the decision that the order was not placed. If it has no form, Home opens, where the drafts are.
    fn handle_not_placed(&mut self, formless: bool) {
        if formless {
            self.session.reset_form_to_defaults();
            self.session.close_draft(StoreTask::ReleaseDraft);
            self.show_home();
            return self.session.show_flash("notice.not_placed");
        }
        // The next order gets a new marker.
        self.session.form.remove_own_order_marker();
        self.show_review_with_outcome(self.session.text("notice.not_placed").to_owned(), Vec::new());
        self.session.continue_after_denial();
    }

    /// Returns to Review, with a notice and the server's remarks at its top.
    fn show_review_with_outcome(&mut self, notice: String, remarks: Vec<ServerRemark>) {
        (self.session.feedback.attempt_outcome, self.session.feedback.remarks) = (Some(notice), remarks);
        self.session.placed_orders.was_refused = true;
        self.show_review();
    }

    /// Returns to Review: without its intent on disk, an order is not sent.
    fn handle_intent_not_recorded(&mut self, unkept: &PersistenceError) {
        let blocked = matches!(
            unkept.kind,
            PersistenceErrorKind::Blocked(_)
                | PersistenceErrorKind::JournalLost
                | PersistenceErrorKind::SendingElsewhere
                | PersistenceErrorKind::PlacedMeanwhile(_)
        );
        let id = if blocked { "notice.blocked" } else { "notice.not_recorded" };
        self.show_review_with_outcome(
            self.session.lang.format_text(id, &[("why", &self.session.message_writer().store_failure_text(unkept))]),
            Vec::new(),
        );
    }

    /// Puts the server's remarks at the fields that they point at; the others stay at the top of Review.
    fn handle_order_refused(&mut self, status: u16, errors: Vec<ServerError>) {
        let remarks = errors
            .into_iter()
            .map(|error| ServerRemark { about: self.session.form.place_server_error(&error), error })
            .collect();
        self.show_review_with_outcome(
            self.session.lang.format_text("notice.refused", &[("status", &status.to_string())]),
            remarks,
        );
    }
}

pub(crate) fn sending_lines(session: &Session, width: usize) -> Vec<Line> {
    let since = session.order_machine.sending_since().unwrap_or(session.now);
    let seconds = (session.now.saturating_sub(since) / 1000).to_string();
    let said = [
        (Tone::Heading, session.lang.format_text("sending.title", &[("host", &session.account.host)])),
        (Tone::Plain, session.lang.format_text("sending.seconds", &[("seconds", &seconds)])),
        (Tone::Dim, session.text("sending.wait").to_owned()),
    ];
    said.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
}
