//! Confirm after an exact duplicate: the word that confirms the order, and what the screen says.

use crate::common::walk::{TO_REVIEW, Walk, listing};
use rstest::rstest;
use zegel::domain::{ApiError, ListGap, OrderRow, Organization};
use zegel::i18n::Language;
use zegel::order::{JournalRecords, JournaledOrder, LocalTimes};

/// An order that this journal knows as placed with the same digest.
fn identical_order(order: u64) -> JournaledOrder {
    let sent_here = "2026-11-20T10:00:00Z".parse().unwrap();
    let described = Organization::default();
    JournaledOrder {
        order,
        organization: Some(900_001),
        described_organization: described,
        sent: Some(sent_here),
        sent_local: sent_here,
        same_digest: true,
    }
}

fn row(id: u64, day: u8, status: &str) -> OrderRow {
    OrderRow {
        id,
        status: status.into(),
        product: "pkio_qualified_organisation_services".into(),
        organization_id: Some(900_001),
        organization_name: "Gemeente Zilverdam".into(),
        date_created: format!("2026-11-{day:02}T10:00:00+00:00"),
        ..OrderRow::default()
    }
}

/// At Confirm, with these orders in the account, all of them placed from here with the same digest.
fn confirm(language: Language, rows: Vec<OrderRow>, whole: bool) -> Walk {
    let mut walk = Walk::sized(language, 120, 60);
    let placed = rows.iter().map(|row| identical_order(row.id)).collect();
    walk.server.survey.records = Ok(JournalRecords { blocking_intent: None, placed, ..JournalRecords::default() });
    walk.server.survey.orders = listing(rows);
    if !whole {
        walk.server.survey.orders.gap =
            Some(ListGap::Failed(ApiError::Refused { status: 403, errors: vec![], excerpt: String::new() }));
    }
    walk.keys(TO_REVIEW).keys("enter wait");
    walk
}

#[rstest]
#[case::one(Language::En, vec![row(700_001, 20, "issued")], true, "again 700001")]
#[case::in_dutch(Language::Nl, vec![row(700_001, 20, "issued")], true, "nogmaals 700001")]
#[case::the_newest(Language::En, vec![row(700_001, 20, "issued"), row(700_003, 21, "pending"), row(700_002, 1, "")], true, "again 700003")]
#[case::the_newest_that_holds(Language::En, vec![row(700_001, 20, "issued"), row(700_003, 21, "rejected")], true, "again 700001")]
#[case::none_holds(Language::En, vec![row(700_001, 20, "canceled"), row(700_003, 21, "revoked")], true, "order")]
#[case::none_holds_in_dutch(Language::Nl, vec![row(700_001, 20, "expired")], true, "bestel")]
#[case::a_word_that_is_not_known(Language::En, vec![row(700_001, 20, "on_hold")], true, "again 700001")]
#[case::unprotected(Language::En, vec![row(700_001, 20, "issued")], false, "again 700001 unprotected")]
fn a_duplicate_is_confirmed_by_a_word_with_its_number(
    #[case] language: Language,
    #[case] rows: Vec<OrderRow>,
    #[case] whole: bool,
    #[case] word: &str,
) {
    let mut walk = confirm(language, rows, whole);
    walk.expect(&format!("{word} "));
    let usual = if language == Language::En { "order" } else { "bestel" };
    if word != usual {
        walk.keys(&format!("type:{usual} enter")).expect(word);
        assert_eq!(walk.orders(), 0, "the usual word does not order it");
    }
    walk.keys(&format!("ctrl-u type:{} enter wait", word.replace(' ', "<space>")));
    assert_eq!(walk.orders(), 1);
}

#[test]
fn ended_orders_are_listed_first_and_need_the_usual_word() {
    let ending = OrderRow { valid_till: "2027-01-31".into(), ..row(700_001, 1, "issued") };
    let mut walk = Walk::sized(Language::En, 120, 60);
    walk.server.survey.records = Ok(JournalRecords {
        blocking_intent: None,
        placed: vec![identical_order(700_001)],
        ..JournalRecords::default()
    });
    walk.server.survey.orders = listing(vec![row(700_005, 21, "pending"), ending]);
    walk.keys(TO_REVIEW)
        .keys("enter wait")
        .expect("order 700001 · issued")
        .expect("end date 31 Jan 2027 · an earlier order")
        .expect("identical to this one, placed from this computer");
    let screen = walk.screen();
    assert!(screen.find("order 700001").unwrap() < screen.find("order 700005").unwrap(), "{screen}");
    walk.expect("Type order and press Enter").keys("type:order enter wait");
    assert_eq!(walk.orders(), 1);
}

#[test]
fn differing_clocks_are_reported() {
    let here = "2026-11-22T14:30:00Z".parse().unwrap();
    let mut walk = Walk::sized(Language::En, 120, 60);
    walk.server.survey.extras.local_times = Some(LocalTimes { asked: here, answered: here });
    walk.keys(TO_REVIEW)
        .keys("enter wait")
        .expect("(22 Nov 2026, 14:30 UTC) and the server's clock (22 Nov 2026, 12:00 UTC) differ");
}
