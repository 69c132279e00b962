//! Key scripts against the wizard: every screen, back and forth, refusal, unknown outcome.

mod common {
    pub(crate) mod walk;
}

use common::walk::{ORDER, TO_REVIEW, Walk};

#[test]
fn an_order_from_the_first_key_to_its_status() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).expect("Review").expect("0 to mend · 0 to look at");
    walk.keys(ORDER).expect("Order 700001 was placed").expect("request 5001: waiting for approval (pending)");
    assert_eq!(walk.orders(), 1);
}
