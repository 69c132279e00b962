//! What is remembered of the orders of this session.

use crate::domain::PersistenceError;
use crate::tui::session::Session;
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

impl Session {
    /// Notes that the order has been sent.
    pub(crate) fn note_order_sent(&mut self) {
        self.feedback.attempt_outcome = None;
        self.feedback.remarks.clear();
        let orders = &mut self.placed_orders;
        (orders.sent_on, orders.sent_at) = (Some(self.today), Some(self.now));
        (orders.was_refused, orders.record_error) = (false, None);
    }
}
