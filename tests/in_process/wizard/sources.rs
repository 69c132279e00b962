//! Facts without documentation: on the help page of a field and beside a problem, not in the help line.

use crate::common::walk::{Walk, around, guided, setup};
use rstest::rstest;
use zegel::i18n::Language;

/// A walk with the focus on the field of this label, in the step of this number.
fn at_field(language: Language, start: &str, label: &str) -> Walk {
    let mut walk = Walk::sized(language, 100, 40);
    walk.keys(start);
    for _ in 0..40 {
        if walk.shows(&format!("› {label}")) {
            return walk;
        }
        walk.keys("tab");
    }
    panic!("there is no {label}:\n{}", walk.screen());
}

#[rstest]
#[case::checks_assumed(
    Language::En,
    "wait alt-4 pageup",
    "Address",
    "Street and number where parcels can be delivered; not a P.O. box.",
    "Source of this field: documented (order-pkio-qualified-eseal).",
    "Source of these checks: an assumption by zegel. Not confirmed for this product."
)]
#[case::documented_elsewhere(
    Language::En,
    "wait pageup right",
    "Legal name",
    "The name as registered with KVK, or as in the law that created the organization. At most 64 characters.",
    "Source of this field: documented elsewhere (create-organization). Not confirmed for this product.",
    "Source of these checks: documented elsewhere (create-organization). Not confirmed for this product."
)]
#[case::of_other_programs(
    Language::En,
    "wait pageup right",
    "E-mail",
    "This person's business e-mail address.",
    "Source of this field: taken from other programs. Not confirmed for this product.",
    "Source of these checks: taken from other programs. Not confirmed for this product."
)]
#[case::in_dutch(
    Language::Nl,
    "wait alt-4 pageup",
    "Verzendwijze",
    "Laat \"standaard\" staan, tenzij het haast heeft.",
    "Bron van dit veld: gedocumenteerd (order-pkio-qualified-eseal).",
    "Bron van deze controles: elders gedocumenteerd (bestellingen van andere producten). Niet bevestigd voor dit product."
)]
fn unconfirmed_facts_are_noted_on_the_help_page_only(
    #[case] language: Language,
    #[case] start: &str,
    #[case] label: &str,
    #[case] help: &str,
    #[case] field: &str,
    #[case] checks: &str,
) {
    let mut walk = at_field(language, start, label);
    walk.expect(help);
    for note in ["onfirmed", "evestigd", "documented", "gedocumenteerd", "assumption", "other programs"] {
        walk.expect_not(note);
    }
    walk.keys("f1").expect(help).expect(field).expect(checks);
}

#[test]
fn a_documented_field_is_not_called_unconfirmed() {
    let mut walk = at_field(Language::En, "wait alt-4 pageup", "Recipient");
    walk.keys("f1").expect("Source of this field: documented (order-pkio-qualified-eseal).");
    walk.expect("Source of these checks: documented (order-pkio-qualified-eseal).").expect_not("onfirmed");
}

#[test]
fn rules_of_zegel_are_not_called_unconfirmed() {
    let mut walk = guided(setup(Language::En, 80, 40), around());
    walk.keys("wait enter wait").expect("› Account name").keys("ctrl-u type:Not<space>A<space>Name tab");
    walk.expect("✗ Use at most 32 characters: lowercase letters, digits and hyphens.").expect_not("onfirmed");
    walk.keys("shift-tab f1").expect("Source of this field: zegel's own rule.").expect_not("onfirmed");
}

/// The arguments include the typed text, its message, and the note beside that.
#[rstest]
#[case::assumed(
    Language::En,
    "wait alt-4 pageup",
    "City",
    "ctrl-u type:1015 tab",
    "! This is a number. Enter a name. This check is not confirmed: an assumption by zegel."
)]
#[case::of_other_programs(
    Language::En,
    "wait pageup right",
    "E-mail",
    "type:anna tab",
    "✗ This is not an e-mail address. It needs an @ with text on both sides, as in name@example.nl. This check is not \
     confirmed: taken from other programs."
)]
#[case::of_two_fields(
    Language::En,
    "wait pageup right tab type:<50> tab",
    "Trade name",
    "type:<12> tab",
    "✗ Together with the legal name, this has 62 characters; the maximum is 61. This check is not confirmed: documented \
     elsewhere (create-organization)."
)]
#[case::of_the_account(
    Language::En,
    "wait alt-5 wait",
    "Years",
    "type:5 enter",
    "! Years allowed for your account: 1, 2. This check is not confirmed: documented elsewhere (GET /product/{name_id})."
)]
#[case::in_dutch(
    Language::Nl,
    "wait alt-4 pageup",
    "Plaats",
    "ctrl-u type:1015 tab",
    "! Dit is een getal. Vul een naam in. Deze controle is niet bevestigd: een aanname van Zegel."
)]
fn a_problem_notes_its_unconfirmed_check(
    #[case] language: Language,
    #[case] start: &str,
    #[case] label: &str,
    #[case] typed: &str,
    #[case] output: &str,
) {
    let written_out = |script: &str| script.replace("<50>", &"x".repeat(50)).replace("<12>", &"x".repeat(12));
    let mut walk = at_field(language, &written_out(start), label);
    walk.keys(&written_out(typed)).expect(output);
    let listed = output.trim_start_matches(['✗', '!', ' ']);
    walk.keys("size:100x90 alt-7 wait");
    // Review shows its list on the left, beside the JSON.
    let rows = walk.rows();
    let list = rows.iter().filter_map(|row| row.split_once('│')).flat_map(|(list, _)| list.split_whitespace());
    assert!(list.collect::<Vec<_>>().join(" ").contains(listed), "{listed:?} is not listed:\n{}", walk.screen());
}

#[rstest]
#[case::documented("wait alt-4 pageup", "Recipient", "ctrl-u type:Anna tab", "! Enter a first and a last name.")]
#[case::blank("wait alt-4 pageup", "City", "ctrl-u tab", "✗ This field is required.")]
fn a_documented_problem_has_no_note(
    #[case] start: &str,
    #[case] label: &str,
    #[case] typed: &str,
    #[case] output: &str,
) {
    let mut walk = at_field(Language::En, start, label);
    walk.keys(typed).expect(output).expect_not("This check is not confirmed");
}

#[test]
fn the_field_list_shows_problems_without_the_note() {
    let mut walk = at_field(Language::En, "wait alt-4 pageup", "City");
    walk.keys("ctrl-u type:1015 tab ctrl-g type:city");
    walk.expect("! 1015 · This is a number. Enter a name.").expect_not("This check is not confirmed");
}
