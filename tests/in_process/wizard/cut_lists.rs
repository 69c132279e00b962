//! Unknown, with an incomplete list: the screen names the list and its rows, at every size and in both languages.

use crate::common::walk::{ORDER, TO_REVIEW, Walk, look, setup};
use rstest::rstest;
use zegel::domain::{ApiError, ListGap, ListName, OrderRow, PageFlaw, SendResult, ServerError, TransportErrorKind};
use zegel::i18n::Language;
use zegel::order::resolve::{LOOKUP_SCHEDULE_MS, LookupData};
use zegel::tui::app::App;

fn with(list: ListName, gap: ListGap) -> LookupData {
    let mut look = look(vec![]);
    match list {
        ListName::Requests => look.requests.gap = Some(gap),
        _ => look.orders.gap = Some(gap),
    }
    look
}

fn refused(errors: Vec<ServerError>) -> ListGap {
    ListGap::Failed(ApiError::Refused { status: 403, errors, excerpt: String::new() })
}

/// A walk after an order without a response, with these looks for it.
fn lost(language: Language, looks: impl IntoIterator<Item = LookupData>) -> Walk {
    let mut walk = Walk::with(App::new(setup(language, 120, 60)));
    walk.server.orders = vec![SendResult::Lost(TransportErrorKind::Broken.into())].into();
    walk.server.looks = looks.into_iter().collect();
    let order = if language == Language::En { ORDER.to_owned() } else { ORDER.replace("order", "bestel") };
    walk.keys(TO_REVIEW).keys(&order);
    walk
}

/// Returns true if the text is there at all, however far below.
fn shows_below(walk: &mut Walk, text: &str) -> bool {
    (0..60).any(|_| {
        let shown = walk.shows(text);
        walk.keys("down");
        shown
    })
}

#[rstest]
#[case::miscounted(ListName::Orders, ListGap::Miscounted { sent: 5, total: 7 },
    "The list of orders could not be loaded completely: the server reported a total of 7 but sent 5.",
    "De lijst met bestellingen kon niet volledig")]
#[case::of_requests(ListName::Requests, ListGap::Miscounted { sent: 5, total: 7 },
    "The list of requests could not be loaded completely: the server reported a total of 7 but sent 5.",
    "De lijst met aanvragen kon niet volledig")]
#[case::an_odd_status(
    ListName::Orders,
    ListGap::Flawed(PageFlaw::Status(206)),
    "The list of orders could not be loaded completely: the server sent HTTP 206 instead of 200",
    "HTTP 206"
)]
#[case::an_odd_total(ListName::Requests, ListGap::Flawed(PageFlaw::Total("1.0".into())),
    "page.total is 1.0", "page.total")]
#[case::refused(ListName::Orders, refused(vec![ServerError { code: "access_denied".into(), message: "No.".into() }]),
    "The list of orders could not be loaded completely: refused (HTTP 403) access_denied No.", "access_denied No.")]
fn the_screen_names_the_incomplete_list_and_its_rows(
    #[case] list: ListName,
    #[case] gap: ListGap,
    #[case] english: &str,
    #[case] dutch: &str,
) {
    for (language, text) in [(Language::En, english), (Language::Nl, dutch)] {
        for size in ["80x24", "40x10"] {
            let mut walk = lost(language, LOOKUP_SCHEDULE_MS.map(|_| with(list, gap.clone())));
            walk.keys(&format!("size:{size}"));
            assert!(shows_below(&mut walk, text), "{text} at {size}:\n{}", walk.screen());
        }
    }
}

/// The first list counts: later failures may be consequences. A new series of looks starts afresh.
#[test]
fn the_first_incomplete_list_is_named_until_the_next_look() {
    let first = with(ListName::Requests, ListGap::Repeated);
    let others = LOOKUP_SCHEDULE_MS.iter().skip(1).map(|_| with(ListName::Orders, ListGap::UnreadableRow));
    let mut walk = lost(Language::En, [first].into_iter().chain(others));
    walk.expect("The list of requests could not be loaded completely").expect_not("The list of orders");
    walk.server.looks = LOOKUP_SCHEDULE_MS.map(|_| with(ListName::Orders, ListGap::TooMany)).into();
    walk.keys("f5 wait")
        .expect("The list of orders could not be loaded completely: there are more rows than zegel can read.");
    walk.expect_not("The list of requests").expect("Press F5 to keep checking for another ten minutes.");
}

/// No list is named if none was incomplete: an order that disappears from a list contradicts an earlier look.
#[test]
fn contradicting_lists_are_reported() {
    let there = look(vec![OrderRow { id: 700_002, organization_id: Some(900_001), ..OrderRow::default() }]);
    let gone = LOOKUP_SCHEDULE_MS.iter().skip(1).map(|_| look(vec![]));
    let mut walk = lost(Language::En, [there].into_iter().chain(gone));
    walk.expect("incomplete or contradicted an").expect_not("be loaded completely:");
}
