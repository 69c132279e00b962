//! Which open orders stand in the way of a new one.
//!
//! While the outcome of an order is unknown, no other order that could be the same can start.

use crate::domain::PersistenceErrorKind;
use crate::domain::{Intent, JournalEntry};
use crate::store::journal::{OPEN_CONDITION, find_first_entry};
use rusqlite::{Connection, params};

/// Fails if an open intent blocks this one. The check runs in the transaction of the write, so that of two windows
/// only one succeeds.
pub(in crate::store) fn refuse_if_blocked(
    connection: &Connection,
    intent: &Intent,
) -> Result<(), PersistenceErrorKind> {
    let Intent { host, account, product, organization, .. } = intent;
    match find_blocking_intent(connection, host, account, product, *organization)? {
        Some(entry) => Err(PersistenceErrorKind::Blocked(entry.id)),
        None => Ok(()),
    }
}

/// Returns the oldest open intent that blocks such an order. A new organization may turn out to be an existing one,
/// so it conflicts with all orders of the product. In the same way, an unknown account conflicts with all accounts of
/// the host. A dot at the end of a full host name, before the port, makes no difference.
pub(in crate::store) fn find_blocking_intent(
    connection: &Connection,
    host: &str,
    account: &str,
    product: &str,
    organization: Option<u64>,
) -> Result<Option<JournalEntry>, PersistenceErrorKind> {
    let same = "replace(host || ':', '.:', ':') = replace(?1 || ':', '.:', ':') AND (account = ?2 OR account = '' OR ?2 = '') AND product = ?3 AND (?4 IS NULL OR organization IS NULL OR organization = ?4)";
    let organization = organization.map(u64::cast_signed);
    find_first_entry(
        connection,
        &format!("{OPEN_CONDITION} AND {same} ORDER BY intent.id"),
        params![host, account, product, organization],
    )
}
