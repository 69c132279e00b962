//! What a walk's server keeps: drafts, the journal, and what there is in the account before an order.
//!
//! It writes nothing: what is asked for is answered as the test says.

use super::Server;
use zegel::facts::{DraftId, Entry, Intent, IntentId, Listing, Me, OrderRow};
use zegel::order::resolve::Look;
use zegel::order::{self, Beside, Records, Survey, Write};
use zegel::wizard::msg::{Keep, Kept, Taken};

impl Server {
    /// What comes of something that is to be written down.
    pub(super) fn write(&self, write: Write, now: u64) -> order::Event {
        let done = self.unkept.clone().map_or(Ok(()), Err);
        match write {
            Write::Intent(intent, _) => order::Event::Recorded(done.map(|()| {
                let intent = Intent { local_time: 1_795_000_000_000, ..*intent };
                Box::new(Entry { id: IntentId(1), intent, ..Entry::default() })
            })),
            Write::Ended(..) => order::Event::Kept(done),
            Write::Decision(..) | Write::Statement(..) => order::Event::DecisionKept(done, now),
        }
    }

    /// What comes of something that is to be kept.
    pub(crate) fn keep(&mut self, keep: Keep) -> Option<Kept> {
        let done = self.unkept.clone().map_or(Ok(()), Err);
        Some(match keep {
            Keep::Read => Kept::Read(self.unread.clone().map_or_else(|| Ok(Box::new(self.stock.clone())), Err)),
            Keep::Save(form, draft) => Kept::Saved(
                form,
                done.map(|()| {
                    self.stock.drafts.retain(|(id, _)| *id != DraftId(7));
                    self.stock.drafts.insert(0, (DraftId(7), *draft));
                    DraftId(7)
                }),
            ),
            Keep::Release | Keep::Hold(_) => return None,
            Keep::Discard => Kept::Closed(done),
            Keep::Take(id) => Kept::Taken(done.map(|()| {
                let draft = self.stock.drafts.iter().find(|(known, _)| *known == id).map(|(_, draft)| draft.clone());
                Box::new(Taken { id, draft, mine: !self.elsewhere.contains(&id) })
            })),
            Keep::Mark => Kept::Marked(done.map(|()| "zegel-1f".to_owned())),
            Keep::Remove(id) => Kept::Removed(id, done.map(|()| true)),
            Keep::Restore(id) => Kept::Removed(id, done.map(|()| false)),
        })
    }
}

/// A list that came whole.
pub(crate) fn listing<T>(rows: Vec<T>) -> Listing<T> {
    Listing { rows, gap: None, date: "Sun, 22 Nov 2026 12:00:00 GMT".into() }
}

/// Who the key belongs to.
pub(crate) fn me() -> Me {
    Me { user_id: 800_001, name: "Anna de Vries".into(), account_id: Some(7001), ..Me::default() }
}

/// An account without any order, and a journal in which nothing stands in the way.
pub(crate) fn nothing_before() -> Survey {
    let records = Ok(Records::default());
    Survey {
        me: Ok(me()),
        orders: listing(Vec::new()),
        requests: listing(Vec::new()),
        records,
        beside: Beside::default(),
    }
}

/// A look that brings these orders.
pub(crate) fn look(orders: Vec<OrderRow>) -> Look {
    Look { orders: listing(orders), requests: listing(Vec::new()), me: Ok(me()), unkept: None }
}
