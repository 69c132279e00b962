//! The query for one order or request, and what every part of the command needs of it.

use super::snapshot::StatusSnapshot;
use crate::commands::order_runner::OrderRunner;
use crate::commands::{EXIT_COULD_NOT_RUN, eprint_line};
use crate::domain::{ApiError, JournalEntry};
use crate::i18n::{Translations, texts, with};
use crate::messages::MessageWriter;
use crate::order::{OrderMachine, OrderPolling};
use crate::product::Product;

/// The query for one order or request: its inputs and its runner.
pub(super) struct StatusQuery<'a> {
    pub(super) lang: &'a Translations,
    pub(super) product: &'static Product,
    /// Host and port of the account.
    pub(super) host: String,
    pub(super) sandbox: bool,
    /// The id of an order or a request.
    pub(super) id: u64,
    pub(super) runner: OrderRunner,
    /// The orders that this computer placed on this account.
    pub(super) journal_entries: Vec<JournalEntry>,
    /// The failure that was printed last.
    pub(super) last_failure: Option<ApiError>,
}

impl StatusQuery<'_> {
    pub(super) fn message_writer(&self) -> MessageWriter<'_> {
        MessageWriter { lang: self.lang, host: &self.host }
    }

    pub(super) fn followed_order(&self) -> Option<&OrderPolling> {
        match &self.runner.machine {
            OrderMachine::Placed(follow) => Some(follow),
            _ => None,
        }
    }

    /// Returns what is known of the followed order.
    pub(super) fn snapshot(&self) -> StatusSnapshot {
        self.followed_order().map(|follow| StatusSnapshot::from_follow(follow, self.runner.now())).unwrap_or_default()
    }

    pub(super) fn print_failure(&self, failure: &ApiError) {
        eprint_line(&self.lang.format(texts::follow::FAILED, with::Why(&self.message_writer().failure_text(failure))));
    }

    /// Prints that neither an order nor a request of this id was found.
    pub(super) fn report_not_found(&self, failure: &ApiError) -> u8 {
        let why = self.message_writer().failure_text(failure);
        if !failure.is_missing() {
            self.print_failure(failure);
            return EXIT_COULD_NOT_RUN;
        }
        eprint_line(
            &self.lang.format(texts::follow::NOTHING, (with::Id(&self.id), with::Host(&self.host), with::Why(&why))),
        );
        eprint_line(self.lang.text(texts::follow::NOTHING_HINT));
        EXIT_COULD_NOT_RUN
    }
}
