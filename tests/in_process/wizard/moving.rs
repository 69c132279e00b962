//! Navigation: problems shown when they are due, back at any time, typed text never lost, quitting.

use crate::common::walk::{ORDER, TO_REVIEW, Walk, of_two};
use rstest::rstest;
use zegel::i18n::Language;
use zegel::tui::app::StartMode;
use zegel::tui::message::{Effect, Message};

#[test]
fn a_problem_is_shown_after_leaving_the_field_and_disappears_once_corrected() {
    let mut walk = Walk::new();
    walk.keys("wait pageup right tab tab tab tab tab tab").expect("› Postal code");
    walk.keys("type:12").expect_not("This format is unusual");
    walk.keys("tab").expect("! This format is unusual for this country. Example: 1234 AB.");
    walk.keys("shift-tab type:34<space>A").expect("! This format is unusual");
    walk.keys("type:B").expect_not("This format is unusual");
}

#[test]
fn a_valid_value_being_edited_shows_no_problem() {
    let mut walk = Walk::new();
    walk.keys("wait pageup right tab tab tab tab tab tab type:1234AB tab shift-tab backspace backspace");
    walk.expect_not("This format is unusual").keys("tab").expect("This format is unusual");
}

#[test]
fn forward_leads_to_the_first_problem() {
    let mut walk = Walk::new();
    walk.keys("wait ctrl-n").expect("Step 1 of 7").expect("› Name or id").expect("✗ This field is required.");
    walk.expect("Fix this before you continue. To go to");
}

#[test]
fn back_is_never_refused_and_loses_nothing() {
    let mut walk = Walk::new();
    walk.keys("wait alt-4 type:Anna esc").expect("Step 3 of 7");
    walk.keys("ctrl-p")
        .expect("Step 2 of 7")
        .keys("esc")
        .expect("Step 1 of 7")
        .keys("esc wait")
        .expect("What would you like to do?");
    walk.keys("down enter alt-4").expect("Anna");
}

#[test]
fn every_step_is_reached_by_its_number() {
    let mut walk = Walk::new();
    for (number, title) in
        ["Organization", "Contacts", "Certificate", "Shipping", "Validity", "Payment"].iter().enumerate()
    {
        walk.keys(&format!("alt-{}", number + 1)).expect(&format!("Step {} of 7: {title}", number + 1));
    }
    walk.keys("alt-7").expect("Review").keys("2").expect("Step 2 of 7").keys("alt-9").expect("step with that number.");
}

#[test]
fn the_header_shows_the_state_of_each_step() {
    let mut walk = Walk::new();
    walk.expect("1› 2· 3· 4· 5· 6· 7·").keys("wait alt-2 alt-5").expect("1✗ 2✗ 3· 4· 5› 6· 7·");
    walk.keys("alt-1 type:zilver enter alt-5").expect("1✓ 2✗");
}

#[test]
fn esc_never_discards_typed_text() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna<space>de<space>Vries esc alt-4").expect("Anna de Vries");
}

#[test]
fn readline_keys_edit_a_line() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna<space>de<space>Vries ctrl-a type:X ctrl-e type:Y");
    assert_eq!(walk.text("ship.name"), "XAnna de VriesY");
    walk.keys("ctrl-w ctrl-a ctrl-y");
    assert_eq!(walk.text("ship.name"), "VriesYXAnna de ");
    walk.keys("ctrl-k alt-b ctrl-d");
    assert_eq!(walk.text("ship.name"), "riesY");
}

#[test]
fn white_space_around_a_value_is_removed_on_leaving() {
    let mut walk = Walk::new();
    walk.keys("alt-4 paste:<space><space>Anna<enter>de<space>Vries<space> tab");
    assert_eq!(walk.text("ship.name"), "Anna de Vries");
}

#[test]
fn a_paste_is_text_and_never_moves_on() {
    let mut walk = Walk::new();
    walk.keys("alt-4 paste:Anna<enter><tab><enter>de<esc>[31m<space>Vries");
    assert_eq!(walk.text("ship.name"), "Anna de[31m Vries");
    walk.expect("› Recipient");
}

#[test]
fn graphemes_are_deleted_as_a_whole() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:e\u{301}東🇳🇱");
    let (_, cursor) = walk.buffer();
    assert_eq!(cursor, Some((28 + 1 + 2 + 2, 7)), "{}", walk.screen());
    walk.keys("backspace");
    assert_eq!(walk.text("ship.name"), "e\u{301}東");
    walk.keys("left left delete");
    assert_eq!(walk.text("ship.name"), "東");
}

#[test]
fn a_key_without_effect_is_reported() {
    let mut walk = Walk::new();
    walk.keys("pageup type:x").expect("x does nothing here. Press F1 to see the keys that work.");
    walk.keys("tab").expect_not("does nothing here");
    for (keys, name) in [("f7", "F7"), ("insert", "Ins"), ("ctrl-x", "Ctrl-X"), ("ctrl-alt-left", "Ctrl-Alt-←")] {
        walk.keys(keys).expect(&format!("{name} does nothing here."));
    }
    walk.keys("alt-7 type:# alt-#").expect("Alt-# does nothing here.");
    walk.keys("f1 type:x")
        .expect("x does nothing here. Press Esc to close this page.")
        .keys("space")
        .expect_not("does nothing");
    walk.keys("esc alt-4 pageup paste:x").expect("You cannot type or paste here.");
}

#[test]
fn help_shows_the_active_keys_and_loses_nothing() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna f1")
        .expect("Keys you can use here")
        .keys("end")
        .expect("Ctrl-W")
        .expect("delete previous word");
    walk.keys("esc").expect("Anna").keys("alt-5 f1").expect("next option").expect_not("delete previous word");
}

#[rstest]
#[case::home(StartMode::Home, "wait")]
#[case::accounts(StartMode::Home, "wait a")]
#[case::review(StartMode::TemporaryOrder, "alt-7")]
#[case::preview(StartMode::TemporaryOrder, "alt-7 tab")]
#[case::picker(StartMode::TemporaryOrder, "wait enter")]
#[case::field_search(StartMode::TemporaryOrder, "ctrl-g")]
fn help_lists_both_directions_of_a_list(#[case] start: StartMode, #[case] keys: &str) {
    let mut walk = of_two(Language::En, 100, 60, start);
    walk.keys(keys).keys("f1").expect("↑").expect("↓");
}

#[test]
fn an_untouched_form_is_closed_at_once() {
    let mut walk = Walk::new();
    walk.keys("wait ctrl-c");
    assert!(walk.seen.contains(&Effect::Quit));
    assert_eq!(walk.app.exit().unwrap().code, 0);
}

#[rstest]
#[case("y")]
#[case("ctrl-c")]
fn quitting_asks_if_something_would_be_lost(#[case] key: &str) {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna ctrl-c").expect("Quit zegel?").expect("What you entered will not be saved.");
    walk.keys("esc").expect("Anna");
    assert!(walk.app.exit().is_none());
    walk.keys("ctrl-c").keys(key);
    assert!(walk.app.exit().is_some());
}

#[rstest]
#[case::english(Language::En, "y quit now", &["y", "Y"], &["j", "J"])]
#[case::dutch(Language::Nl, "j nu stoppen", &["j", "J"], &["y", "Y"])]
fn yes_is_pressed_in_the_language_of_the_wizard(
    #[case] language: Language,
    #[case] footer: &str,
    #[case] yes: &[&str],
    #[case] others: &[&str],
) {
    for key in yes.iter().chain(others) {
        let mut walk = Walk::sized(language, 80, 24);
        walk.keys("alt-4 type:Anna ctrl-c").expect(footer).keys(key);
        assert_eq!(walk.app.exit().is_some(), yes.contains(key), "{key}");
    }
}

#[test]
fn enter_does_not_confirm_quitting() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna ctrl-c enter").expect("Anna");
    assert!(walk.app.exit().is_none());
}

#[test]
fn quitting_after_an_order_prints_its_ids() {
    let mut walk = Walk::new();
    walk.keys(TO_REVIEW).keys(ORDER).keys("q");
    let exit = walk.app.exit().unwrap();
    assert_eq!(
        (exit.code, exit.placed_ids.as_slice()),
        (0, ["order 700001".to_owned(), "request 5001 pending".to_owned()].as_slice())
    );
}

#[test]
fn a_signal_to_end_ends_at_once() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna");
    walk.handle_message(Message::Terminate(143));
    assert!(walk.seen.contains(&Effect::Quit));
    assert_eq!(walk.app.exit().unwrap().code, 143);
}

#[test]
fn suspending_and_redrawing_are_effects() {
    let mut walk = Walk::new();
    walk.keys("ctrl-z ctrl-l");
    assert!(walk.seen.contains(&Effect::Suspend) && walk.seen.contains(&Effect::Repaint));
}

#[test]
fn every_screen_is_available_in_dutch() {
    let mut walk = Walk::sized(Language::Nl, 80, 24);
    walk.keys("wait")
        .expect("Stap 1 van 7: Organisatie")
        .expect("Naam of nummer")
        .keys("ctrl-n")
        .expect("✗ Dit veld is verplicht.");
    walk.keys("alt-7").expect("Fouten: 8").keys("f1").expect("Toetsen op dit scherm");
}

#[test]
fn the_cursor_is_in_the_field() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna");
    assert_eq!(walk.buffer().1, Some((32, 7)));
    walk.keys("left left");
    assert_eq!(walk.buffer().1, Some((30, 7)));
}

#[test]
fn words_and_characters_are_moved_over_deleted_and_swapped() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna<space>de<space>Vries ctrl-left alt-left type:X ctrl-right alt-right");
    assert_eq!(walk.text("ship.name"), "Anna Xde Vries");
    walk.keys("alt-backspace");
    assert_eq!(walk.text("ship.name"), "Anna Xde ");
    walk.keys("home alt-d");
    assert_eq!(walk.text("ship.name"), "Xde ");
    walk.keys("ctrl-y left ctrl-t end ctrl-t");
    assert_eq!(walk.text("ship.name"), "Ann aXd e");
}

#[test]
fn pages_and_lists_scroll_with_vim_keys_and_by_page() {
    let mut walk = Walk::new();
    walk.keys("wait alt-7 tab g");
    let top = walk.screen();
    for (on, back) in [("j", "k"), ("ctrl-d", "ctrl-u"), ("ctrl-f", "ctrl-b"), ("G", "g"), ("ctrl-end", "ctrl-home")] {
        walk.keys(on);
        assert_ne!(walk.screen(), top, "{on}");
        assert_eq!(walk.keys(back).screen(), top, "{back}");
    }
    walk.keys("f1");
    let help = walk.screen();
    assert_ne!(walk.keys("space").screen(), help, "a page down");
    assert_eq!(walk.keys("ctrl-u ctrl-u ctrl-u").screen(), help);
    walk.keys("?").expect("Review");
}

#[test]
fn home_and_end_reach_the_ends_of_a_page_outside_text() {
    let mut walk = Walk::new();
    walk.keys("wait end").expect("› [ Continue to").keys("home").expect("› Existing or new");
    walk.keys("ctrl-end").expect("› [ Continue to").keys("ctrl-home").expect("› Existing or new");
}

#[test]
fn a_list_can_be_moved_through_while_typing() {
    let mut walk = Walk::new();
    walk.keys("wait enter ctrl-n").expect("› 900002").keys("ctrl-p").expect("› 900001");
    walk.keys("ctrl-end").expect("› 900003").keys("ctrl-home").expect("› 900001");
}

#[rstest]
#[case::save("wait alt-7", "S", "Save this order to a file")]
#[case::ready("wait alt-1 esc wait", "C", "Before you order")]
#[case::open("wait alt-1 esc wait", "O", "Open an order file")]
#[case::stay("wait alt-4 type:Anna ctrl-c", "N", "Recipient")]
#[case::scroll("wait alt-7 tab", "J", "›")]
#[case::undo("wait alt-4 type:Anna", "alt-U", "Recipient")]
#[case::word_left("wait alt-4 type:Anna<space>Vries", "alt-B", "Anna Vries")]
fn letters_are_commands_in_both_cases(#[case] to: &str, #[case] letter: &str, #[case] then: &str) {
    let [mut upper, mut lower] = [Walk::new(), Walk::new()];
    upper.keys(to).keys(letter);
    lower.keys(to).keys(&letter.to_lowercase());
    assert_eq!((upper.screen(), upper.buffer().1), (lower.screen(), lower.buffer().1));
    upper.expect(then).expect_not("does nothing here");
}
