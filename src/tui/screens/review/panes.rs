//! Where summary and preview are, and what both need to know of the order.

use super::{ReviewPane, ReviewScreen};
use crate::tui::session::Session;
use crate::tui::widgets::{Area, MIN_WIDE_COLUMNS};
use std::path::Path;

impl ReviewScreen {
    /// Returns the areas of summary and preview, without their titles. On a narrow screen only the pane in front has
    /// one.
    pub(in crate::tui) fn pane_areas(&self, session: &Session) -> (Option<Area>, Option<Area>) {
        let (_, body) = session.frame().body.split_top(1);
        if body.width >= MIN_WIDE_COLUMNS {
            let (left, rest) = body.split_left(body.width / 2 - 2);
            return (Some(left), Some(rest.split_left(1).1));
        }
        match self.pane {
            ReviewPane::Summary => (Some(body), None),
            ReviewPane::Preview => (None, Some(body)),
        }
    }

    /// Returns the file that this order was read from and its digest there. None if the order has changed since,
    /// apart from the consent.
    pub(super) fn opened_file_digest<'s>(&self, session: &'s Session) -> Option<(&'s Path, &'s str)> {
        session.order_file.as_ref()?.matching_digest(&self.digest_without_consent)
    }

    pub(super) fn summary_area(&self, session: &Session) -> Area {
        self.pane_areas(session).0.unwrap_or_default()
    }

    pub(super) fn preview_area(&self, session: &Session) -> Area {
        self.pane_areas(session).1.unwrap_or_default()
    }
}
