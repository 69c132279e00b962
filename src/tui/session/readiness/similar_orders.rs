//! Open orders of the account that may be the same as the one that the person is about to place.
//!
//! Only the first page of the newest orders is checked here: the preflight checks all of them before an order is
//! sent.

use super::AnswerState;
use super::finding::{FindingStatus, ReadinessFinding};
use crate::domain::{AccountResource, ListName, OrderRow, Page};
use crate::order;
use crate::tui::session::Session;
use crate::tui::session::readiness::finding::unanswered_finding;
use crate::tui::session::readiness::organization::no_organization_finding;
use crate::tui::session::readiness::{answer_state, readiness_organization};

pub(super) fn similar_orders_finding(session: &Session) -> ReadinessFinding {
    let title = session.text("ready.similar");
    let Some(id) = readiness_organization(session) else {
        return no_organization_finding(session, title, session.text("ready.unchosen_org"));
    };
    let heard = answer_state(session, AccountResource::Orders(Some(id)), session.account_data.orders.get(&Some(id)));
    let AnswerState::Known(page) = &heard else { return unanswered_finding(session, title, &heard) };
    let mut found = open_orders_finding(session, title, page, id);
    let tally = page.tally();
    if let Some(gap) = tally.gap() {
        // No match is not good news if the list may be incomplete.
        if found.status == FindingStatus::Good {
            found.status = FindingStatus::Unknown;
        }
        return found.with_detail(session.message_writer().list_gap_sentence(ListName::Orders, gap));
    }
    if tally.is_ended() {
        return found;
    }
    found.with_detail(
        session.lang.format_text("ready.similar_newest", &[("count", &session.lang.format_count(page.received))]),
    )
}

fn open_orders_finding(session: &Session, title: &str, page: &Page<OrderRow>, organization: u64) -> ReadinessFinding {
    let rows: Vec<&OrderRow> =
        page.rows.iter().filter(|row| is_similar_open_order(session, row, organization)).collect();
    // An unknown status word says neither that an order is open nor that it is closed.
    let told = |row: &&OrderRow| row.status.is_empty() || order::is_status_under_way(&row.status) == Some(true);
    let standing = if rows.iter().any(told) { FindingStatus::Warning } else { FindingStatus::Unknown };
    let open: Vec<String> = rows.into_iter().map(|row| open_order_text(session, row)).collect();
    let Some((one, more)) = open.split_first() else {
        return ReadinessFinding::new(title, FindingStatus::Good, session.text("ready.similar_none"));
    };
    let line = match more.len() {
        0 => one.clone(),
        count => session
            .lang
            .format_text("ready.similar_more", &[("one", one), ("count", &session.lang.format_count(count))]),
    };
    let found = more.iter().cloned().fold(ReadinessFinding::new(title, standing, line), ReadinessFinding::with_detail);
    found.with_detail(session.text("ready.similar_do"))
}

/// Returns true if an order may be an open one for this product and organization. Values that a row lacks count as a
/// match.
fn is_similar_open_order(session: &Session, row: &OrderRow, organization: u64) -> bool {
    let ours = row.product.is_empty() || row.product == session.product().name_id;
    ours && row.organization_id.is_none_or(|id| id == organization)
        && order::is_status_under_way(&row.status) != Some(false)
}

fn open_order_text(session: &Session, row: &OrderRow) -> String {
    let status = session.message_writer().status_word("order_word.", &row.status);
    let day = session.lang.format_reported_day(&row.date_created);
    let values = [("id", row.id.to_string()), ("status", status), ("day", day)];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    session.lang.format_text("ready.similar_open", &values).trim_end_matches([' ', '·']).to_owned()
}
