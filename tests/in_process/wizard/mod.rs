//! Key scripts against the wizard: every screen, back and forth, refusal, unknown outcome.

mod accounts;
mod again;
mod alike;
mod buttons;
mod confirm;
mod contacts;
mod corrected;
mod cut_lists;
mod deciding;
mod files;
mod finding;
mod guide;
mod kept;
mod lost_journal;
mod moving;
mod newcomers;
mod opening;
mod organization;
mod origin;
mod outcome;
mod payment;
mod pickers;
mod placed;
mod ready;
mod resolve;
mod review;
mod rules;
mod sources;
mod status;
mod steps;
mod undo;
mod verified;

use crate::common::walk::{ORDER, TO_REVIEW, Walk};

#[test]
fn an_order_from_the_first_key_to_its_status() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).expect("Review").expect("errors: 0 · warnings: 0");
    walk.keys(ORDER).expect("Order 700001 was placed").expect("request 5001: waiting for approval (pending)");
    assert_eq!(walk.orders(), 1);
    let body: serde_json::Value = serde_json::from_str(&walk.server.sent[0]).unwrap();
    assert_eq!(body["organization"]["id"], 900_001);
    assert_eq!(body["organization"]["contacts"][0]["user_id"], 800_001);
    assert_eq!(body["ship_info"]["addr1"], "Raadhuisplein 1");
    assert_eq!(body["order_validity"]["years"], 1);
}
