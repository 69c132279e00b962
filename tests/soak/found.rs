//! Faults of the wizard that random runs and odd sizes once found: a test for each.

use crate::common::look;
use crate::common::states::state;
use crate::common::walk::Walk;
use zegel::form::{ProblemKind, ProblemTarget};
use zegel::i18n::Language;
use zegel::tui::app::FocusTarget;

/// Continues a named state with a script.
fn walk_from(name: &str, script: &str) -> Walk {
    let mut walk = state(name).walk.clone();
    walk.keys(script);
    walk
}

#[test]
fn the_account_is_shown_on_eight_columns_too() {
    assert_eq!(Walk::sized(Language::En, 8, 2).rows()[0], "SANDBOX…");
    assert_eq!(Walk::sized(Language::En, 22, 2).rows()[0], "SANDBOX 127.0.0.1:4711");
    assert_eq!(Walk::sized(Language::En, 24, 2).rows()[0], " SANDBOX 127.0.0.1:4711");
}

#[test]
fn while_the_outcome_is_unknown_no_card_can_be_typed() {
    let mut walk = walk_from("unknown, the form", "alt-6 pageup tab type:378282246310005");
    walk.expect("It is not yet known whether this order was placed.");
    assert!(!walk.app.form().has_secrets());
}

#[test]
fn while_sending_the_card_is_kept_without_a_timer() {
    let walk = walk_from("sending, paid by card", "tick:600000");
    assert!(walk.app.form().has_secrets(), "a refused order is mended with it");
    assert_eq!(walk.app.next_wake_in(), Some(1_000), "it counts seconds, and does not spin");
}

#[test]
fn a_choice_without_a_selection_has_a_cursor() {
    let walk = walk_from("payload, bare", "alt-4 pagedown shift-tab");
    walk.clone().expect("› Shipping method          ( ) standard  ( ) expedited");
    let (_, cursor) = walk.buffer();
    let row = walk.rows().iter().position(|row| row.starts_with(" › Shipping method")).unwrap();
    assert_eq!(cursor, Some((29, u16::try_from(row).unwrap())));
}

#[test]
fn enter_fills_in_the_announced_value() {
    let mut put_in = 0;
    for step in 1..=6 {
        let mut walk = walk_from("payload, bare", &format!("alt-{step} pageup"));
        for _ in 0..40 {
            match fill_in_target(&walk) {
                Some(output) => {
                    walk.keys("enter");
                    assert_ne!(fill_in_target(&walk).as_ref(), Some(&output), "{}", walk.screen());
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
fn fill_in_target(walk: &Walk) -> Option<FocusTarget> {
    let target = look::focused_target(&walk.app)?;
    let FocusTarget::Field(at) = target else { return None };
    let missing =
        walk.app.feedback().problems.iter().any(|problem| {
            problem.target == ProblemTarget::Field(at) && matches!(problem.kind, ProblemKind::Missing(_))
        });
    missing.then_some(target)
}
