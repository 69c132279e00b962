//! Going to a field by its label, from any step and from Review.

use crate::common::walk::{TO_REVIEW, Walk};
use zegel::i18n::Language;

#[test]
fn a_field_is_reached_by_a_word_of_its_label() {
    let mut walk = Walk::new();
    walk.keys("wait ctrl-g").expect("› 1 Name or id").expect("2 contact 1 · Person").expect("required");
    walk.keys("type:recip").expect("› 4 Recipient").expect("1 of ");
    walk.keys("enter").expect("Step 4 of 7").expect("› Recipient").expect_not("✗ This field is required");
    walk.keys("type:Anna f3").expect("› 4 Recipient").expect("✓ Anna");
}

#[test]
fn words_match_folded_in_both_languages_and_in_step_names() {
    let mut walk = Walk::new();
    walk.keys("wait ctrl-g type:POSTCODE").expect("› 4 Postal code");
    walk.keys("ctrl-u type:shipping<space>city").expect("› 4 City").expect("1 of ");
    walk.keys("ctrl-u paste:contact<space>1").expect("› 2 contact 1 ·");
    let mut walk = Walk::sized(Language::Nl, 80, 24);
    walk.keys("wait ctrl-g").expect("Veld: ").keys("type:postal").expect("› 4 Postcode");
}

#[test]
fn the_field_search_shows_the_state_of_each_field() {
    let mut walk = Walk::new();
    walk.keys("wait type:zilver enter alt-4 tab ctrl-g").expect("› 4 Address");
    walk.keys("type:recipient")
        .expect("✗ This field is required.")
        .keys("ctrl-u type:name<space>or")
        .expect("✓ 900001");
}

#[test]
fn the_field_search_closes_without_changes_and_reports_no_match() {
    let mut walk = Walk::new();
    walk.keys("wait alt-4 type:Anna ctrl-g type:city").keys("esc").expect("› Recipient").expect("Anna");
    walk.keys("f3 ctrl-g").expect("› Recipient").keys("ctrl-g type:qqqq").expect("No match. Press Backspace to");
    walk.keys("enter").expect("No match. Press").keys("esc");
    assert_eq!(walk.text("ship.name"), "Anna");
}

#[test]
fn hidden_fields_and_fields_of_other_rows_are_found() {
    let mut walk = Walk::new();
    walk.keys("wait type:zilver enter wait ctrl-n wait size:100x50 pagedown shift-tab enter size:80x24");
    walk.keys("alt-1 ctrl-g type:contact<space>2<space>role enter").expect("Step 2 of 7").expect("› Role");
    walk.keys("alt-6 right ctrl-g type:default").expect(" › 6 Set as default card").expect("✓ 0");
    walk.keys("enter").expect("› Set as default card");
    walk.keys("alt-1 ctrl-g type:billing<space>city enter").expect("Step 6 of 7").expect("› City");
}

#[test]
fn continuing_from_a_field_returns_to_review() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys("type:/ type:city enter").expect("Step 4 of 7").expect("› City");
    walk.keys("ctrl-n wait").expect("Step 7 of 7: Review");
}

#[test]
fn the_field_list_scrolls_with_the_choice() {
    let mut walk = Walk::sized(Language::En, 40, 10);
    let chosen = |walk: &Walk| walk.screen().lines().any(|line| line.starts_with(" › "));
    walk.keys("wait ctrl-g ctrl-end enter ctrl-g");
    assert!(chosen(&walk), "{}", walk.screen());
    walk.keys("ctrl-home").expect(" › 1 Existing or new");
    for keys in ["pagedown", "ctrl-n", "ctrl-n", "ctrl-p", "ctrl-end", "size:20x5"] {
        assert!(chosen(walk.keys(keys)), "{keys}: {}", walk.screen());
    }
}

#[test]
fn a_slash_is_text_in_a_text_field() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:a/b");
    assert_eq!(walk.text("ship.name"), "a/b");
    walk.keys("alt-5 type:/").expect("Type part of a field's name. Press Enter");
}

/// A user who starts from a payload knows a field by its member.
#[test]
fn a_field_is_found_by_its_member_of_the_json_too() {
    let mut walk = Walk::new();
    walk.keys("ctrl-g type:addr2").expect("› 4 Address, line 2").expect("1 of ");
}
