//! What colleagues ordered before the sandbox began: a few orders of the same product, in states of all kinds.
//!
//! They stand at fixed distances in time, so that the youngest is always two hours old, and their ids come before
//! those that are placed. They are made up like the rest of the account and never change.

use super::{FIRST_CERTIFICATE, FIRST_ORDER, FIRST_REQUEST, Order, Progress};
use crate::sandbox::world::World;
use jiff::SignedDuration;
use serde_json::json;

/// Hours before the beginning, which user and which organization of the account, years, and what came of it.
const ROWS: [(i64, usize, usize, u64, Progress); 6] = [
    (24 * 700, 4, 1, 2, Progress::Issued),
    (24 * 380, 7, 0, 1, Progress::Issued),
    (24 * 75, 4, 2, 1, Progress::Canceled),
    (24 * 45, 11, 3, 3, Progress::Rejected),
    (24 * 9, 7, 2, 1, Progress::Approved),
    (2, 11, 1, 1, Progress::Pending),
];

/// The orders, the oldest first.
pub(super) fn orders(world: &World) -> Vec<Order> {
    let far = ROWS.len() as u64;
    (0..).zip(ROWS).filter_map(|(n, row)| order(world, n + 1000 - far, row)).collect()
}

/// The order of this number: 999 is the one right before a thousand, which would be the first that is placed.
fn order(world: &World, n: u64, row: (i64, usize, usize, u64, Progress)) -> Option<Order> {
    let (hours, user, organization, years, progress) = row;
    let known = world.organizations().get(organization)?;
    Some(Order {
        id: FIRST_ORDER - 1000 + n,
        request: FIRST_REQUEST - 1000 + n,
        certificate: FIRST_CERTIFICATE - 1000 + n,
        placed: -SignedDuration::from_hours(hours),
        organization: known.id,
        contacts: known.verified.clone(),
        validity: json!({ "years": years }),
        payment_method: "balance".to_owned(),
        user: world.users().get(user)?.id,
        alternative: None,
        shown_from: 0,
        settled: Some(progress),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_come_before_all_that_are_placed_and_in_their_order() {
        let world = World::build(0);
        let orders = orders(&world);
        assert_eq!(orders.len(), ROWS.len());
        assert_eq!(orders.last().map(|order| (order.id, order.request)), Some((FIRST_ORDER - 1, FIRST_REQUEST - 1)));
        assert!(orders.iter().all(|order| order.user != world.me().id), "colleagues ordered them");
        assert!(orders.windows(2).all(|two| two[0].placed < two[1].placed && two[0].id < two[1].id));
        assert!(orders.iter().all(|order| order.placed.is_negative()));
    }
}
