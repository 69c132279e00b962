//! Contacts: people who can be verified contacts, users, typed ids, new people.

use crate::common::walk::Walk;
use rstest::rstest;
use zegel::i18n::Language;

/// At Contacts, with an organization chosen.
fn contacts() -> Walk {
    let mut walk = Walk::new();
    walk.keys("wait type:zilver enter wait ctrl-n wait").expect("Step 2 of 7: Contacts");
    walk
}

#[test]
fn a_possible_verified_contact_can_be_chosen() {
    let mut walk = contacts();
    walk.keys("type:anna").expect("› 800001  Anna de Vries, CISO");
    walk.keys("enter").expect("800001  Anna de Vries, CISO");
    assert_eq!((walk.text("contact.person"), walk.text("contact.type")), ("800001".into(), "verified_contact".into()));
}

#[test]
fn a_person_without_a_user_id_is_entered_with_all_details() {
    let mut walk = contacts();
    walk.keys("type:carla").expect("› (no user)  Carla Smit, CFO");
    walk.keys("enter").expect("(•) new person").expect("Carla").expect("carla@zilverdam.example");
    assert_eq!(walk.text("contact.person"), "");
    assert_eq!(walk.text("contact.last"), "Smit");
}

#[test]
fn a_contact_without_a_user_id_needs_no_further_details() {
    let mut walk = contacts();
    walk.keys("type:carla enter ctrl-n wait").expect("Step 3 of 7");
}

#[test]
fn any_user_can_be_chosen() {
    let mut walk = contacts();
    walk.keys("pageup right wait tab type:jansen").expect("› 800002  Bram Jansen  bram@zilverdam.example");
    walk.keys("enter");
    assert_eq!((walk.text("contact.user"), walk.text("contact.person")), ("800002".into(), String::new()));
}

#[test]
fn a_user_without_title_or_telephone_causes_a_warning() {
    let mut walk = contacts();
    walk.keys("pageup right wait tab type:jansen enter").expect("! This user's job title or telephone number");
    walk.keys("ctrl-n wait").expect("Step 3 of 7");
}

#[test]
fn a_user_id_can_be_typed_and_shows_the_name() {
    let mut walk = contacts();
    walk.keys("type:800002 enter wait").expect("800002  Bram Jansen");
    walk.keys("shift-tab enter type:999 enter wait").expect("999  name unknown");
}

#[test]
fn the_id_of_a_verified_contact_is_refused_as_a_user_id() {
    let mut walk = contacts();
    walk.keys("type:810001 enter").expect("✗ This is the id of a verified contact, not of");
    walk.keys("ctrl-n wait").expect("Step 2 of 7").expect("Fix this before you continue.");
}

#[test]
fn a_new_contact_needs_all_five_details() {
    let mut walk = contacts();
    walk.keys("pageup right right").expect("(•) new person");
    walk.keys("ctrl-n").expect("✗ This field is required.").expect("› First name");
    walk.keys("type:Bram tab type:Jansen tab type:bram tab").expect("✗ This is not an e-mail address");
    walk.keys("shift-tab type:@zilverdam.example").expect_not("✗ This is not an e-mail address");
    walk.keys("tab type:CISO tab type:+31<space>88<space>555<space>0102 ctrl-n wait").expect("Step 3 of 7");
}

#[test]
fn details_can_be_added_to_a_user_id_as_an_advanced_option() {
    let mut walk = contacts();
    walk.keys("pageup left").expect("(•) user plus details").expect("Only needed if DigiCert");
    walk.expect("First name");
}

#[test]
fn contacts_are_added_edited_removed_and_restored() {
    let mut walk = contacts();
    walk.keys("size:100x50 type:anna enter pagedown shift-tab").expect("› [ Add a contact ]");
    walk.keys("enter").expect("Contact 2");
    walk.keys("tab type:jansen enter tab shift-tab").expect("! Another contact already has this role");
    walk.keys("enter type:technical enter").expect_not("! Another contact already has this role");
    walk.expect("› [ Remove this contact ]").keys("enter").expect_not("Contact 2").expect("› [ Undo removal ]");
    walk.keys("enter").expect("Contact 2").expect("technical contact").expect("800002  Bram Jansen");
}

#[test]
fn the_last_contact_cannot_be_removed() {
    let mut walk = contacts();
    walk.expect_not("Remove this contact");
}

#[test]
fn another_role_can_be_typed() {
    let mut walk = contacts();
    walk.keys("tab enter type:ev_approver").expect("› Use \"ev_approver\" as typed");
    walk.keys("enter tab").expect("! Not a known value");
    assert_eq!(walk.text("contact.type"), "ev_approver");
}

#[rstest]
#[case(
    Language::En,
    "Adds another contact to the end of the list.",
    "Removes this contact and all of its details. You can undo this."
)]
#[case(
    Language::Nl,
    "Voegt onderaan nog een contactpersoon toe.",
    "Verwijdert deze contactpersoon met alle gegevens. U kunt dit ongedaan maken."
)]
fn the_help_of_a_button_names_the_added_or_removed_item(
    #[case] language: Language,
    #[case] add: &str,
    #[case] remove: &str,
) {
    let mut walk = Walk::sized(language, 100, 50);
    walk.keys("wait alt-2 wait pagedown shift-tab")
        .expect(add)
        .keys("enter pagedown shift-tab shift-tab")
        .expect(remove);
}
