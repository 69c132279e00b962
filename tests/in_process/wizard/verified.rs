//! Verified contacts of the organization: who they are, and the note if another person is named.

use crate::common::walk::{TO_REVIEW, Walk, setup};
use rstest::rstest;
use zegel::domain::Person;
use zegel::i18n::Language;
use zegel::tui::app::{App, StartMode, StartOptions};

const NONE_OF: &str = "According to CertCentral, this";

fn known(user_id: Option<u64>, name: &str, email: &str) -> Person {
    Person { user_id, name: name.into(), email: email.into(), ..Person::default() }
}

/// A walk in which Gemeente Zilverdam has these verified contacts.
fn with(verified: Vec<Person>) -> Walk {
    let mut walk = Walk::sized(Language::En, 120, 60);
    walk.server.about.verified = vec![(900_001, verified), (900_002, vec![known(Some(800_002), "Bram Jansen", "")])];
    walk
}

fn bram() -> Vec<Person> {
    vec![known(Some(800_002), "Bram Jansen", "bram@zilverdam.example")]
}

#[rstest]
#[case::another_user(bram(), "type:anna enter", Some("Bram Jansen"))]
#[case::the_user(bram(), "type:bram enter", None)]
#[case::another_by_email(vec![known(None, "", "x@b.nl")], "type:anna enter", Some("x@b.nl"))]
#[case::by_email(vec![known(None, "Anna", "ANNA@zilverdam.example")], "type:anna enter", None)]
#[case::two_of_them(vec![known(Some(5), "X", ""), known(Some(6), "Y", "")], "type:anna enter", Some("X, Y"))]
#[case::nobody_can_be_told(vec![known(None, "Anna", "")], "type:bram enter", None)]
#[case::no_email_to_compare(vec![known(None, "X", "x@b.nl")], "type:12345 enter", None)]
#[case::a_typed_id(bram(), "type:12345 enter", Some("Bram Jansen"))]
#[case::any_user(bram(), "pageup right wait tab type:anna enter", Some("Bram Jansen"))]
#[case::any_user_who_is_one(bram(), "pageup right wait tab type:jansen enter", None)]
#[case::somebody_new(bram(), "pageup right right tab type:A tab type:B tab type:a@b.nl", Some("Bram Jansen"))]
#[case::entered_anew(bram(), "pageup right right tab type:B tab type:J tab type:Bram@zilverdam.example", None)]
#[case::with_details(bram(), "pageup left tab type:anna enter", Some("Bram Jansen"))]
#[case::in_another_role(bram(), "type:anna enter enter type:technical enter", None)]
#[case::in_a_role_that_is_typed(bram(), "type:anna enter enter type:ev_approver enter", None)]
fn an_unverified_contact_is_reported_at_the_field_review_and_confirm(
    #[case] verified: Vec<Person>,
    #[case] keys: &str,
    #[case] names: Option<&str>,
) {
    let mut walk = with(verified);
    walk.keys("wait type:zilver enter wait ctrl-n wait").expect("Step 2 of 7").keys(keys).keys("wait tab");
    let words = names
        .map(|names| format!("{NONE_OF} is not a verified contact of this organization. Known contacts: {names}."));
    let look = |walk: &mut Walk| match &words {
        Some(words) => {
            walk.expect(words);
        }
        None => {
            walk.expect_not(NONE_OF);
        }
    };
    look(&mut walk);
    walk.keys("size:59x90 alt-7 wait");
    look(&mut walk);
}

#[rstest]
#[case(
    bram(),
    Some(
        "contact 1 · Person: According to CertCentral, this is not a verified contact of this organization. Known contacts: Bram Jansen."
    )
)]
#[case(vec![], Some("contact 1 · Person: According to CertCentral, this organization has no verified contacts."))]
#[case(vec![known(Some(800_001), "Anna", "")], None)]
fn confirm_shows_the_full_note_about_verified_contacts(#[case] verified: Vec<Person>, #[case] words: Option<&str>) {
    let mut walk = with(verified);
    walk.keys(TO_REVIEW).keys("wait ctrl-n wait").expect("PKIo Qualified eSeal for");
    match words {
        Some(words) => walk.expect(words),
        None => walk.expect_not(NONE_OF),
    };
    walk.keys("type:order enter wait").expect("Order 700001 was placed");
}

#[test]
fn the_note_depends_on_the_chosen_organization() {
    let mut walk = with(bram());
    walk.keys("wait type:zilver enter wait alt-2 wait type:bram enter").expect_not(NONE_OF);
    walk.server.about.verified = vec![(900_002, vec![known(Some(800_001), "Anna", "")])];
    walk.keys("alt-1 pageup tab type:rijnb enter wait alt-2 wait size:59x90 alt-7")
        .expect(NONE_OF)
        .expect("Known contacts: Anna");
    walk.keys("1 pageup right wait alt-7").expect_not(NONE_OF);
}

#[test]
fn verified_contacts_are_first_in_the_list_and_marked() {
    let mut walk = with(bram());
    walk.keys("wait type:zilver enter wait ctrl-n wait enter wait");
    walk.expect("› 800002  Bram Jansen  ✓ verified contact").expect("800001  Anna de Vries, CISO");
    walk.expect_not("CISO  ✓");
    walk.keys("type:zilverdam").expect("› 800002  Bram Jansen  ✓ verified contact").keys("enter");
    assert_eq!(walk.text("contact.person"), "800002");
    walk.keys("pageup right tab enter wait").expect("› 800002  Bram Jansen").expect("✓ verified contact");
}

#[test]
fn a_verified_contact_missing_in_the_list_is_added() {
    let mut walk = with(vec![known(Some(800_009), "Dirk Vos", "dirk@b.nl"), known(None, "Eva Bos", "eva@b.nl")]);
    walk.keys("wait type:zilver enter wait ctrl-n wait enter wait").expect("› 800009  Dirk Vos  ✓ verified contact");
    walk.expect("(no user)  Eva Bos  ✓ verified contact").keys("type:vos enter");
    assert_eq!(walk.text("contact.person"), "800009");
    walk.expect_not(NONE_OF).keys("shift-tab enter type:eva enter wait").expect("(•) new person").expect_not(NONE_OF);
    assert_eq!(walk.text("contact.email"), "eva@b.nl");
}

#[test]
fn an_unverified_contact_of_a_draft_is_no_success_at_home() {
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 120, 60) }));
    walk.server.about.verified = vec![(900_001, bram())];
    walk.keys("wait enter wait type:zilver enter wait").keys("alt-1 esc wait");
    walk.expect("✓ Verified contact: 1 known for this organization: Bram Jansen");
    walk.keys("esc alt-2 wait type:anna enter alt-1 esc wait")
        .expect("! Verified contact: 1 known for this organization");
    walk.keys("c").expect("Your order names someone else:").expect(NONE_OF);
}
