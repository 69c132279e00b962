//! What the session asks of the account, and what it does with the answers.

use crate::product::PickList;
use crate::tui::message::{EffectReply, Ticket};
use crate::tui::session::Session;
use crate::tui::session::fetch::{AccountResource, FetchQueue};
use crate::tui::session::paging::FetchExtent;
use crate::tui::session::setup::ordered_product;

impl Session {
    /// Takes data of the account, and requests what follows from it, such as the next page of a list.
    pub(in crate::tui) fn take_account_reply(&mut self, ticket: Ticket, reply: EffectReply) {
        let name_id = &ordered_product(self).name_id;
        let mut queue = FetchQueue { last_ticket: &mut self.last_ticket, name_id, effects: Vec::new() };
        self.fetches.take_reply(&mut self.account_data, ticket, reply, &mut queue);
        self.queued_effects.extend(queue.effects);
    }

    /// Requests what was not requested yet, and more pages of the lists that are needed or searched.
    pub(in crate::tui) fn request_resources(&mut self, needed: &[AccountResource], searched: &[AccountResource]) {
        let extent = |resource| match resource {
            _ if searched.contains(&resource) => FetchExtent::All,
            _ if needed.contains(&resource) => FetchExtent::Start,
            _ => FetchExtent::None,
        };
        let name_id = &ordered_product(self).name_id;
        let mut queue = FetchQueue { last_ticket: &mut self.last_ticket, name_id, effects: Vec::new() };
        for resource in needed {
            self.fetches.request_once(*resource, &mut queue);
        }
        self.fetches.request_pages(extent, &mut queue);
        self.queued_effects.extend(queue.effects);
    }
}

/// The organization and people that were chosen by id and whose names are still needed.
pub(in crate::tui) fn picked_name_resources(session: &Session) -> impl Iterator<Item = AccountResource> + '_ {
    let chosen = session.form.visible_places().filter_map(|at| {
        let list = session.product()[at.field].source.as_ref()?.list;
        Some((list, session.form.text(at).parse::<u64>().ok().filter(|id| *id > 0)?))
    });
    chosen.filter_map(|(list, id)| match list {
        PickList::Organizations => Some(AccountResource::Organization(id)),
        PickList::Approvers | PickList::Users
            if session.account_data.person(id).is_none() && has_settled_people_lists(session) =>
        {
            Some(AccountResource::User(id))
        }
        _ => None,
    })
}

/// Returns true if the lists of people have arrived or failed. Only then is a single person requested.
pub(in crate::tui) fn has_settled_people_lists(session: &Session) -> bool {
    use crate::tui::session::fetch::FetchState;
    let settled = |want| !matches!(session.fetches.state(want), Some(FetchState::Loading { .. }));
    settled(AccountResource::Approvers) && settled(AccountResource::Users)
}
