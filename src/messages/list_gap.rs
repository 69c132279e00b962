//! Messages about a list that is incomplete, or may be: which list, and what the server sent.
//!
//! The server's own words appear as received: callers must make them visible.

use super::{MessageWriter, server_error_text};
use crate::domain::{ListGap, ListName, PageFlaw};

impl MessageWriter<'_> {
    /// Returns for example "the list of orders: the server counts 7 rows and sent 5".
    pub fn list_gap_text(&self, list: ListName, gap: &ListGap) -> String {
        self.format_text("gap.of", &[("list", self.list_name(list)), ("why", &self.gap_text(gap))])
    }

    /// Returns the same facts as a sentence.
    pub fn list_gap_sentence(&self, list: ListName, gap: &ListGap) -> String {
        let why = self.gap_text(gap);
        self.format_text("gap.sentence", &[("list", self.list_name(list)), ("why", why.trim_end_matches('.'))])
    }

    pub(super) fn list_name(&self, list: ListName) -> &str {
        self.text(match list {
            ListName::Orders => "gap.orders",
            ListName::Requests => "gap.requests",
            ListName::Organizations => "gap.organizations",
            ListName::Users => "gap.users",
            ListName::Approvers => "gap.approvers",
            ListName::Divisions => "gap.divisions",
            ListName::Profiles => "gap.profiles",
            ListName::Validations => "gap.validations",
        })
    }

    fn gap_text(&self, gap: &ListGap) -> String {
        let id = match gap {
            ListGap::Failed(failure) => return self.failure_text(failure),
            ListGap::Flawed(flaw) => return self.page_flaw_text(flaw),
            ListGap::Miscounted { sent, total } => {
                let (sent, total) = (self.lang.format_count(sent), self.lang.format_count(total));
                return self.format_text("gap.miscounted", &[("sent", &sent), ("total", &total)]);
            }
            ListGap::UnreadableRow => "gap.nameless",
            ListGap::Repeated => "gap.repeated",
            ListGap::TotalChanged => "gap.moved",
            ListGap::TooMany => "gap.too_many",
        };
        self.text(id).to_owned()
    }

    fn page_flaw_text(&self, flaw: &PageFlaw) -> String {
        match flaw {
            PageFlaw::Status(status) => self.format_text("gap.status", &[("status", &status.to_string())]),
            PageFlaw::Errors(errors) if errors.is_empty() => self.text("gap.errors").to_owned(),
            PageFlaw::Errors(errors) => {
                let said = errors.iter().map(server_error_text).collect::<Vec<_>>().join("; ");
                self.format_text("gap.errors_said", &[("said", &said)])
            }
            PageFlaw::Total(came) => self.format_text("gap.total", &[("came", came)]),
        }
    }
}
