//! Seed orders: a few orders of the same product that colleagues placed before the sandbox started, in various states.
//!
//! Their distances to the start are fixed, so the newest is two hours old at the start. Their ids come before the ids
//! of orders that are placed later. Like the rest of the account they are made up, and they never change.

use super::{FIRST_CERTIFICATE, FIRST_ORDER, FIRST_REQUEST, OrderProgress, SandboxOrder};
use crate::sandbox::account::SandboxAccount;
use jiff::SignedDuration;
use serde_json::json;

/// For each order: hours before the start, index of the user, index of the organization, years, and progress.
const SEED_ROWS: [(i64, usize, usize, u64, OrderProgress); 6] = [
    (24 * 700, 4, 1, 2, OrderProgress::Issued),
    (24 * 380, 7, 0, 1, OrderProgress::Issued),
    (24 * 75, 4, 2, 1, OrderProgress::Canceled),
    (24 * 45, 11, 3, 3, OrderProgress::Rejected),
    (24 * 9, 7, 2, 1, OrderProgress::Approved),
    (2, 11, 1, 1, OrderProgress::Pending),
];

/// Returns the seed orders, oldest first.
pub(super) fn seed_orders(world: &SandboxAccount) -> Vec<SandboxOrder> {
    let far = SEED_ROWS.len() as u64;
    (0..).zip(SEED_ROWS).filter_map(|(n, row)| seed_order(world, n + 1000 - far, row)).collect()
}

/// Makes seed order number `n`. The numbers end at 999: number 1000 would be the first order that is placed later.
fn seed_order(world: &SandboxAccount, n: u64, row: (i64, usize, usize, u64, OrderProgress)) -> Option<SandboxOrder> {
    let (hours, user, organization, years, progress) = row;
    let known = world.organizations().get(organization)?;
    Some(SandboxOrder {
        id: FIRST_ORDER - 1000 + n,
        request_id: FIRST_REQUEST - 1000 + n,
        certificate_id: FIRST_CERTIFICATE - 1000 + n,
        placed_at: -SignedDuration::from_hours(hours),
        organization_id: known.id,
        contact_ids: known.verified_contact_ids.clone(),
        validity: json!({ "years": years }),
        payment_method: "balance".to_owned(),
        user_id: world.users().get(user)?.id,
        alternative: None,
        shown_from_call: 0,
        fixed_progress: Some(progress),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_orders_precede_placed_ones_in_order() {
        let world = SandboxAccount::generate(0);
        let orders = seed_orders(&world);
        assert_eq!(orders.len(), SEED_ROWS.len());
        assert_eq!(orders.last().map(|order| (order.id, order.request_id)), Some((FIRST_ORDER - 1, FIRST_REQUEST - 1)));
        assert!(orders.iter().all(|order| order.user_id != world.current_user().id), "colleagues ordered them");
        assert!(orders.windows(2).all(|two| two[0].placed_at < two[1].placed_at && two[0].id < two[1].id));
        assert!(orders.iter().all(|order| order.placed_at.is_negative()));
    }
}
