//! Faults of the wizard that random runs and odd sizes once found: a test for each.

use crate::common::look;
use crate::common::states::state;
use crate::common::walk::Walk;
use zegel::form::{ProblemKind, ProblemTarget};
use zegel::i18n::Language;
use zegel::tui::app::FocusTarget;

/// Continues a named state with a script.
fn from(name: &str, script: &str) -> Walk {
    let mut walk = state(name).walk.clone();
    walk.keys(script);
    walk
}

#[test]
fn the_account_is_told_on_eight_columns_too() {
    assert_eq!(Walk::sized(Language::En, 8, 2).rows()[0], "SANDBOX…");
    assert_eq!(Walk::sized(Language::En, 22, 2).rows()[0], "SANDBOX 127.0.0.1:4711");
    assert_eq!(Walk::sized(Language::En, 24, 2).rows()[0], " SANDBOX 127.0.0.1:4711");
}

#[test]
fn while_the_outcome_is_unknown_no_card_can_be_typed() {
    let mut walk = from("unknown, the form", "alt-6 pageup tab type:378282246310005");
    walk.expect("It is not yet known whether this order was placed.");
    assert!(!walk.model.form().has_secrets());
}

#[test]
fn while_an_order_is_under_way_the_card_is_kept_and_nobody_woken_for_it() {
    let walk = from("sending, paid by card", "tick:600000");
    assert!(walk.model.form().has_secrets(), "a refused order is mended with it");
    assert_eq!(walk.model.next_wake_in(), Some(1_000), "it counts seconds, and does not spin");
}

#[test]
fn a_choice_of_which_nothing_is_chosen_has_a_cursor() {
    let walk = from("payload, bare", "alt-4 pagedown shift-tab");
    walk.clone().expect("› Shipping method          ( ) standard  ( ) expedited");
    let (_, cursor) = walk.buffer();
    let row = walk.rows().iter().position(|row| row.starts_with(" › Shipping method")).unwrap();
    assert_eq!(cursor, Some((29, u16::try_from(row).unwrap())));
}

#[test]
fn enter_puts_in_what_it_is_said_to_put_in() {
    let mut put_in = 0;
    for step in 1..=6 {
        let mut walk = from("payload, bare", &format!("alt-{step} pageup"));
        for _ in 0..40 {
            match missing(&walk) {
                Some(said) => {
                    walk.keys("enter");
                    assert_ne!(missing(&walk).as_ref(), Some(&said), "{}", walk.screen());
                    put_in += 1;
                }
                None => {
                    walk.keys("tab");
                }
            }
        }
    }
    assert!(put_in >= 5, "{put_in}");
}

/// Returns the focus, if the screen says that Enter fills it in.
fn missing(walk: &Walk) -> Option<FocusTarget> {
    let spot = look::spot(&walk.model)?;
    let FocusTarget::Field(at) = spot else { return None };
    let missing =
        walk.model.feedback().problems.iter().any(|problem| {
            problem.target == ProblemTarget::Field(at) && matches!(problem.kind, ProblemKind::Missing(_))
        });
    missing.then_some(spot)
}
