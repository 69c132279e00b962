//! Undo and redo in fields: word by word, whatever set the value, and never for a secret.

use crate::common::quotes::quote;
use crate::common::walk::{Walk, product, setup};
use proptest::prelude::*;
use proptest::sample::select;
use rstest::rstest;
use zegel::form::Form;
use zegel::i18n::Language;
use zegel::tui::app::App;
use zegel::tui::key::{KeyCode, KeyPress};
use zegel::tui::message::{Effect, Message, StoreTask};

#[test]
fn a_word_is_undone_and_redone_at_once() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna<space>de<space>Vries ctrl-_");
    assert_eq!(walk.text("ship.name"), "Anna de ");
    walk.keys("ctrl-/");
    assert_eq!(walk.text("ship.name"), "Anna ");
    walk.keys("alt-r type:X");
    assert_eq!(walk.text("ship.name"), "Anna de X");
    walk.keys("ctrl-_ ctrl-_");
    walk.keys("alt-u alt-u").expect("There is nothing to undo in this field.");
    assert_eq!(walk.text("ship.name"), "");
    walk.keys("alt-r ctrl-alt-_ alt-r");
    assert_eq!(walk.text("ship.name"), "Anna de X");
    walk.keys("alt-r").expect("There is nothing to redo in this field.");
}

#[test]
fn undo_restores_deleted_or_replaced_text_and_the_cursor() {
    let mut walk = Walk::new();
    walk.keys("alt-4 paste:Den<space>Haag left left left left type:Hoge<space> ctrl-u ctrl-_");
    assert_eq!(walk.text("ship.name"), "Den Hoge Haag");
    walk.keys("type:X");
    assert_eq!(walk.text("ship.name"), "Den Hoge XHaag");
    walk.keys("backspace backspace backspace ctrl-_");
    assert_eq!(walk.text("ship.name"), "Den Hoge XHaag");
    walk.keys("ctrl-_ ctrl-_");
    assert_eq!(walk.text("ship.name"), "Den Haag");
    walk.keys("ctrl-_");
    assert_eq!(walk.text("ship.name"), "");
}

#[test]
fn moving_the_cursor_starts_a_new_undo_step() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:ab left type:c ctrl-_");
    assert_eq!(walk.text("ship.name"), "ab");
}

#[test]
fn typing_after_undo_discards_the_redo_steps() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna<space>Vries ctrl-_ type:Smit alt-r").expect("There is nothing to redo");
    assert_eq!(walk.text("ship.name"), "Anna Smit");
    walk.keys("ctrl-_");
    assert_eq!(walk.text("ship.name"), "Anna ");
}

#[test]
fn each_field_has_its_own_history_even_after_trimming() {
    let mut walk = Walk::new();
    walk.keys("alt-4 type:Anna<space>Vries<space> tab type:Weg<space>2 shift-tab ctrl-_");
    assert_eq!((walk.text("ship.name").as_str(), walk.text("ship.addr1").as_str()), ("Anna ", "Weg 2"));
    walk.keys("alt-r");
    assert_eq!(walk.text("ship.name"), "Anna Vries");
    walk.keys("tab ctrl-_");
    assert_eq!(walk.text("ship.addr1"), "Weg ");
}

#[rstest]
#[case::postal_code("alt-4 tab tab tab", "ship.zip", "1234ab", "1234 AB")]
#[case::day_first("alt-5 left left tab", "valid.date", "30-06-2027", "2027-06-30")]
#[case::name_of_the_month("alt-5 left left tab", "valid.date", "1<space>juli<space>2027", "2027-07-01")]
fn normalization_on_leaving_is_its_own_undo_step(
    #[case] there: &str,
    #[case] id: &str,
    #[case] typed: &str,
    #[case] usual: &str,
) {
    let as_typed = typed.replace("<space>", " ");
    let mut walk = Walk::new();
    walk.keys(there).keys(&format!("type:{typed}"));
    assert_eq!(walk.text(id), as_typed, "nothing changes while it is typed");
    walk.keys("tab");
    assert_eq!(walk.text(id), usual);
    walk.keys("shift-tab ctrl-_");
    assert_eq!(walk.text(id), as_typed);
    walk.keys("tab");
    assert_eq!(walk.text(id), as_typed, "what was undone is not written otherwise once more");
    walk.keys("shift-tab alt-r tab");
    assert_eq!(walk.text(id), usual);
    walk.keys("shift-tab").keys("ctrl-_ ctrl-u tab");
    assert_eq!(walk.text(id), "");
}

#[test]
fn visiting_a_field_does_not_normalize_it() {
    let payload = r#"{"ship_info": {"zip": "1234ab", "country": "nl"}}"#;
    let reading = Form::parse_payload(product(), &zegel::json::parse(payload).unwrap()).unwrap();
    let mut walk = Walk::with(App::with_payload(setup(Language::En, 100, 60), reading));
    walk.keys("alt-4 tab tab tab tab");
    assert_eq!(walk.text("ship.zip"), "1234ab");
}

#[test]
fn undoing_a_list_choice_restores_all_its_fields() {
    let mut walk = Walk::new();
    walk.keys("wait type:zilver enter");
    assert_eq!(walk.text("org.id"), "900001");
    walk.keys("alt-1 pageup tab ctrl-_");
    assert_eq!(walk.text("org.id"), "");
    walk.keys("alt-r");
    assert_eq!(walk.text("org.id"), "900001");
    walk.keys("alt-2 wait type:carla enter");
    assert_eq!((walk.text("contact.how").as_str(), walk.text("contact.first").as_str()), ("new", "Carla"));
    walk.keys("shift-tab ctrl-_");
    for id in ["contact.first", "contact.last", "contact.email", "contact.title"] {
        assert_eq!(walk.text(id), "", "{id}");
    }
    assert_eq!(walk.text("contact.how"), "person");
}

#[test]
fn options_and_boxes_can_be_undone_but_not_the_agreement() {
    let mut walk = Walk::new();
    walk.keys("wait pageup right ctrl-_");
    assert_eq!(walk.text("org.how"), "existing");
    walk.keys("alt-3").expect("[ ] I agree").keys("space ctrl-_").expect("zegel does not keep track of changes");
    assert_eq!(walk.text("order.csa"), "true");
}

#[test]
fn no_history_is_kept_for_secrets_and_their_neighbors() {
    let mut walk = Walk::new();
    walk.keys("alt-6 right tab type:4111 ctrl-u ctrl-_").expect("zegel does not keep track of changes in");
    assert!(!walk.app.form().has_secrets());
    walk.keys("f1 end").expect_not(quote("key.undo", "undo in this field")).keys("esc");
    walk.keys("tab type:9 ctrl-_").expect("zegel does not keep track of changes in");
    assert_eq!(walk.text("card.month"), "9");
}

#[test]
fn undone_values_are_saved_like_typed_ones() {
    let mut walk = Walk::new();
    walk.keys("wait alt-4 type:Anna<space>Vries tick:2000 wait ctrl-_ tick:2000");
    let last = walk.seen.iter().rev().find_map(|effect| match effect {
        Effect::Store(StoreTask::SaveDraft(_, draft)) => Some(draft.payload.clone()),
        _ => None,
    });
    let last = last.unwrap();
    assert!(last.contains("Anna") && !last.contains("Vries"), "{last}");
}

#[test]
fn another_order_has_no_history() {
    let mut walk = Walk::new();
    walk.keys("wait alt-4 type:Anna tick:2000 wait alt-1 esc wait pageup enter wait alt-4 ctrl-_");
    walk.expect("There is nothing to undo in this field.");
    assert_eq!(walk.text("ship.name"), "");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn full_undo_restores_the_start_and_full_redo_the_end(
        keys in proptest::collection::vec(select(vec![
            "type:a", "type:<space>", "type:e\u{301}", "type:de<space>Vries", "paste:Den<space>Haag", "paste:<space>x<space>",
            "backspace", "delete", "left", "right", "home", "end", "ctrl-w", "ctrl-u", "ctrl-k", "ctrl-y", "alt-b",
            "tab shift-tab", "ctrl-_", "alt-r",
        ]), 0..40),
    ) {
        let mut walk = Walk::new();
        walk.keys("alt-4 paste:Anna tab shift-tab").keys(&keys.join(" "));
        let mut stood = vec![walk.text("ship.name")];
        for _ in 0..50 {
            walk.keys("ctrl-_");
            stood.push(walk.text("ship.name"));
        }
        prop_assert_eq!(stood.last().map(String::as_str), Some(""));
        for before in stood.iter().rev().skip_while(|text| text.is_empty()) {
            while walk.text("ship.name") != *before {
                let last = walk.text("ship.name");
                walk.keys("alt-r");
                prop_assert_ne!(walk.text("ship.name"), last, "{:?} did not come back", before);
            }
        }
    }
}

/// A paste may arrive as many keys at once. They have the same effect as single keys, on the screen and for undo.
#[rstest]
fn a_burst_of_characters_equals_single_ones(
    #[values("alt-4 tab", "alt-4 tab type:Piet<space> left", "tab", "alt-5", "alt-7", "esc", "f1")] keys: &str,
    #[values("Anna de Vries", "  x  y ", "é東 🙂", "/")] text: &str,
) {
    let (mut single, mut together) = (Walk::new(), Walk::new());
    single.keys(keys);
    together.keys(keys);
    text.chars().for_each(|c| single.handle_message(Message::Key(KeyPress::plain(KeyCode::Char(c)))));
    together.handle_message(Message::Typed(text.to_owned().into()));
    for _ in 0..4 {
        assert_eq!(together.screen(), single.screen());
        single.keys("ctrl-_");
        together.keys("ctrl-_");
    }
}

#[test]
fn an_overlong_burst_is_cut_and_reported() {
    let (mut single, mut together) = (Walk::new(), Walk::new());
    let text = format!("{} and more", "x".repeat(1_995));
    single.keys("alt-4 tab");
    together.keys("alt-4 tab");
    text.chars().for_each(|c| single.handle_message(Message::Key(KeyPress::plain(KeyCode::Char(c)))));
    together.handle_message(Message::Typed(text.into()));
    together.expect("Too long: the rest was cut off.");
    for _ in 0..4 {
        assert_eq!(together.text("ship.name"), single.text("ship.name"));
        single.keys("ctrl-_");
        together.keys("ctrl-_");
    }
}
