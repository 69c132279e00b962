//! What the session asks of the account, and what it does with the answers.

use crate::domain::AccountResource;
use crate::product::PickList;
use crate::tui::session::Session;
use crate::tui::session::paging::FetchExtent;

impl Session {
    /// Requests what was not requested yet, and more pages of the lists that are needed or searched.
    pub(in crate::tui) fn request_resources(&mut self, needed: &[AccountResource], searched: &[AccountResource]) {
        let extent = |resource| match resource {
            _ if searched.contains(&resource) => FetchExtent::All,
            _ if needed.contains(&resource) => FetchExtent::Start,
            _ => FetchExtent::None,
        };
        let effects = self.fetches.request(needed, extent, &mut self.last_ticket);
        self.queue_effects(effects);
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
