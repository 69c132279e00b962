//! What is said of a list that is not whole, or may not be: which one it is, and what came.
//!
//! The server's own words are in it as they came: whoever shows them makes them visible.

use super::{Teller, error};
use crate::facts::{Gap, ListName, PageFlaw};

impl Teller<'_> {
    /// "the list of orders: the server counts 7 rows and sent 5".
    pub fn gap_of(&self, list: ListName, gap: &Gap) -> String {
        self.tell("gap.of", &[("list", self.list(list)), ("why", &self.gap(gap))])
    }

    /// The same as a sentence.
    pub fn gap_sentence(&self, list: ListName, gap: &Gap) -> String {
        let why = self.gap(gap);
        self.tell("gap.sentence", &[("list", self.list(list)), ("why", why.trim_end_matches('.'))])
    }

    /// What a list is called.
    pub(super) fn list(&self, list: ListName) -> &str {
        self.say(match list {
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

    fn gap(&self, gap: &Gap) -> String {
        let id = match gap {
            Gap::Failed(failure) => return self.failure(failure),
            Gap::Flawed(flaw) => return self.flaw(flaw),
            Gap::Miscounted { sent, total } => {
                let (sent, total) = (self.lang.count(sent), self.lang.count(total));
                return self.tell("gap.miscounted", &[("sent", &sent), ("total", &total)]);
            }
            Gap::Nameless => "gap.nameless",
            Gap::Repeated => "gap.repeated",
            Gap::Moved => "gap.moved",
            Gap::TooMany => "gap.too_many",
        };
        self.say(id).to_owned()
    }

    fn flaw(&self, flaw: &PageFlaw) -> String {
        match flaw {
            PageFlaw::Status(status) => self.tell("gap.status", &[("status", &status.to_string())]),
            PageFlaw::Errors(errors) if errors.is_empty() => self.say("gap.errors").to_owned(),
            PageFlaw::Errors(errors) => {
                let said = errors.iter().map(error).collect::<Vec<_>>().join("; ");
                self.tell("gap.errors_said", &[("said", &said)])
            }
            PageFlaw::Total(came) => self.tell("gap.total", &[("came", came)]),
        }
    }
}
