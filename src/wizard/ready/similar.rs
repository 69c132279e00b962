//! Orders of the account that are under way, and may be the one that somebody is about to place.
//!
//! Only a page of the newest is looked at: before an order is sent its course looks at all of them.

use super::Heard;
use super::find::{Finding, Standing};
use crate::facts::{ListName, OrderRow, Page};
use crate::order;
use crate::wizard::Model;
use crate::wizard::lists::Want;

impl Model {
    pub(super) fn similar_found(&self) -> Finding {
        let title = self.say("ready.similar");
        let Some(id) = self.ready_organization() else { return self.unchosen(title, self.say("ready.unchosen_org")) };
        let heard = self.heard(Want::Orders(Some(id)), self.known.orders.get(&Some(id)));
        let Heard::Told(page) = &heard else { return self.unheard(title, &heard) };
        let mut found = self.open_found(title, page, id);
        let tally = page.tally();
        if let Some(gap) = tally.gap() {
            // Nothing is no good news where it may be a part.
            if found.standing == Standing::Good {
                found.standing = Standing::Unknown;
            }
            return found.and(self.teller().gap_sentence(ListName::Orders, gap));
        }
        if tally.is_ended() {
            return found;
        }
        found.and(self.lang.tell("ready.similar_newest", &[("count", &self.lang.count(page.received))]))
    }

    fn open_found(&self, title: &str, page: &Page<OrderRow>, organization: u64) -> Finding {
        let rows: Vec<&OrderRow> = page.rows.iter().filter(|row| self.is_open(row, organization)).collect();
        // A word that is not known says neither that an order is under way nor that it is not.
        let told = |row: &&OrderRow| row.status.is_empty() || order::is_under_way(&row.status) == Some(true);
        let standing = if rows.iter().any(told) { Standing::Warning } else { Standing::Unknown };
        let open: Vec<String> = rows.into_iter().map(|row| self.open_words(row)).collect();
        let Some((one, more)) = open.split_first() else {
            return Finding::new(title, Standing::Good, self.say("ready.similar_none"));
        };
        let line = match more.len() {
            0 => one.clone(),
            count => self.lang.tell("ready.similar_more", &[("one", one), ("count", &self.lang.count(count))]),
        };
        let found = more.iter().cloned().fold(Finding::new(title, standing, line), Finding::and);
        found.and(self.say("ready.similar_do"))
    }

    /// Whether an order may be one of this product and organization that is under way. What a row does not tell speaks
    /// for it.
    fn is_open(&self, row: &OrderRow, organization: u64) -> bool {
        let ours = row.product.is_empty() || row.product == self.product().name_id;
        ours && row.organization_id.is_none_or(|id| id == organization)
            && order::is_under_way(&row.status) != Some(false)
    }

    fn open_words(&self, row: &OrderRow) -> String {
        let status = self.teller().status_word("order_word.", &row.status);
        let day = self.lang.reported_day(&row.date_created);
        let values = [("id", row.id.to_string()), ("status", status), ("day", day)];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.lang.tell("ready.similar_open", &values).trim_end_matches([' ', '·']).to_owned()
    }
}
