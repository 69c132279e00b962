//! Pickers with long lists: rows while others arrive, leaving and coming back, missing rows, and typing errors.

use crate::common::walk::Walk;
use rstest::rstest;
use zegel::domain::{
    AccountAnswer, AccountResource, ApiError, Organization, Page, PageFlaw, Person, TransportErrorKind,
};
use zegel::i18n::{Language, Translations};
use zegel::tui::message::{Effect, EffectReply, Message, Ticket};

/// Returns the open requests for pages of organizations, with their offsets.
fn open_requests(walk: &Walk) -> Vec<(Ticket, u64)> {
    let page = |effect: &Effect| match effect {
        Effect::Fetch(ticket, AccountResource::Organizations, range) => Some((*ticket, range.offset)),
        _ => None,
    };
    walk.open.iter().filter_map(page).collect()
}

/// Answers the request for the page at this offset.
fn answer(walk: &mut Walk, offset: u64, answer: Result<(u64, u64), ApiError>) {
    let (ticket, _) = open_requests(walk).into_iter().find(|(_, there)| *there == offset).unwrap();
    walk.open.retain(|effect| !matches!(effect, Effect::Fetch(open, ..) if *open == ticket));
    let page = answer.map(|(rows, total)| {
        let name = |id| format!("Organization {id}");
        let row = |id| Organization { id, name: name(id), city: "Zilverdam".into(), ..Organization::default() };
        Page { rows: (offset + 1..=offset + rows).map(row).collect(), received: rows, total: Some(total), flaw: None }
    });
    walk.handle_message(Message::Reply(ticket, Box::new(EffectReply::Fetched(page.map(AccountAnswer::Organizations)))));
}

/// An open list with only the first page.
fn begin_list(total: u64) -> Walk {
    let mut walk = Walk::new();
    walk.keys("enter").expect("Loading: 0 of ?");
    answer(&mut walk, 0, Ok((100, total)));
    walk
}

#[test]
fn rows_are_shown_as_they_arrive_and_the_chosen_one_stays() {
    let mut walk = begin_list(4_150);
    walk.keys("down down").expect("› 3  Organization 3").expect("Loading: 100 of 4,150 · 100 matching");
    assert_eq!(open_requests(&walk).iter().map(|(_, offset)| *offset).collect::<Vec<_>>(), [100, 1_100, 2_100]);
    answer(&mut walk, 1_100, Ok((1_000, 4_150)));
    walk.expect("Loading: 100 of 4,150");
    answer(&mut walk, 100, Ok((1_000, 4_150)));
    walk.expect("› 3  Organization 3").expect("Loading: 2,100 of 4,150 · 2,100 matching");
    answer(&mut walk, 2_100, Ok((1_000, 4_150)));
    answer(&mut walk, 3_100, Ok((1_000, 4_150)));
    answer(&mut walk, 4_100, Ok((50, 4_150)));
    walk.expect("› 3  Organization 3").expect("4,150 of 4,150");
    walk.keys("type:organization<space>414").expect("› 414  Organization 414").expect("Organization 4149");
    walk.keys("enter");
    assert_eq!(walk.text("org.id"), "414");
}

#[test]
fn typed_text_is_found_among_rows_that_arrive_later() {
    let mut walk = begin_list(1_100);
    walk.keys("type:1099").expect("› Use id 1099");
    answer(&mut walk, 100, Ok((1_000, 1_100)));
    walk.expect("1099  Organization 1099");
}

#[test]
fn leaving_stops_loading_and_returning_continues() {
    let mut walk = begin_list(9_000);
    walk.keys("esc").expect_not("Loading");
    assert_eq!(open_requests(&walk).len(), 1, "the first thousand are there before somebody looks for one");
    answer(&mut walk, 100, Ok((1_000, 9_000)));
    assert_eq!(open_requests(&walk), [], "and the others are not");
    walk.keys("enter").expect("Loading: 1,100 of 9,000");
    assert_eq!(open_requests(&walk).iter().map(|(_, offset)| *offset).collect::<Vec<_>>(), [1_100, 2_100, 3_100]);
    walk.keys("esc alt-4");
    assert_eq!(open_requests(&walk), []);
}

/// A list that failed continues at the same offset. One that is incomplete at the server is read again.
#[rstest]
#[case::failed(Err(ApiError::ResponseCut(TransportErrorKind::Slow.into())), "no complete response (timed out)", 100)]
#[case::cut(Ok((0, 9_000)), "The list of organizations could not be loaded completely: the server reported a total of 9,000 but sent", 0)]
fn missing_rows_are_reported_below_the_list_and_can_be_loaded(
    #[case] second: Result<(u64, u64), ApiError>,
    #[case] output: &str,
    #[case] next: u64,
) {
    let mut walk = begin_list(9_000);
    answer(&mut walk, 100, second);
    walk.expect("› 1  Organization 1").expect(&format!("✗ {output}")).expect("try again, or type").expect("F5");
    assert_eq!(open_requests(&walk), [], "it is for the person to ask again");
    walk.keys("pagedown pagedown pagedown pagedown pagedown pagedown pagedown pagedown pagedown")
        .expect("› 100  Organization 100")
        .expect(output);
    walk.keys("f5").expect("› 100  Organization 100").expect(&format!("Loading: {next} of"));
    answer(&mut walk, next, Ok((1_000, 9_000)));
    let received = Translations::new(Language::En).format_count(next + 1_000);
    walk.expect(&format!("Loading: {received} of 9,000"));
}

/// The list of possible contacts comes in one piece, and has the same rule.
#[rstest]
#[case::whole(2, None, None)]
#[case::not_counted_as_it_is(
    7,
    None,
    Some("could not be loaded completely: the server reported a total of 7 but sent 2.")
)]
#[case::of_another_status(
    2,
    Some(PageFlaw::Status(206)),
    Some("could not be loaded completely: the server sent HTTP 206")
)]
fn missing_people_are_reported_below_the_list(
    #[case] total: u64,
    #[case] flaw: Option<PageFlaw>,
    #[case] output: Option<&str>,
) {
    let mut walk = Walk::new();
    walk.keys("wait type:zilver enter wait ctrl-n");
    let is_asked = |effect: &&Effect| matches!(effect, Effect::Fetch(_, AccountResource::Approvers, _));
    let Some(Effect::Fetch(ticket, ..)) = walk.open.iter().find(is_asked).cloned() else { panic!("{:?}", walk.open) };
    walk.open.retain(|effect| !is_asked(&effect));
    let person = |id| Person { user_id: Some(id), name: format!("Person {id}"), ..Person::default() };
    let page = Page { rows: vec![person(1), person(2)], received: 2, total: Some(total), flaw };
    walk.handle_message(Message::Reply(ticket, Box::new(EffectReply::Fetched(Ok(AccountAnswer::People(page))))));
    walk.keys("wait enter").expect("Person 2");
    match output {
        Some(output) => walk.expect("The list of possible verified contacts").expect(output),
        None => walk.expect_not("be loaded completely:"),
    };
}

#[rstest]
#[case("zilvredam", "› 900001  Gemeente Zilverdam")]
#[case("watrschap<space>rijnbeemd", "› 900002  Waterschap Rijnbeemd")]
fn a_typing_error_finds_the_intended_row(#[case] typed: &str, #[case] found: &str) {
    let mut walk = Walk::new();
    walk.keys(&format!("wait type:{typed}")).expect("No exact match. Looking for");
    walk.keys("wait").expect(found).expect("No exact match. Similar results:");
    walk.keys("enter").expect(found.trim_start_matches("› "));
}

#[test]
fn exact_matches_hide_approximate_ones() {
    let mut walk = Walk::new();
    walk.keys("wait type:zilverdam wait").expect("1 of 3").expect_not("Rijnbeemd").expect_not("Similar results");
    walk.keys("type:xx wait").expect("No exact match. Similar results:");
    walk.keys("backspace backspace").expect("1 of 3").expect_not("Similar results");
    walk.keys("ctrl-u type:qqqqqqqq wait").expect("No match. Press Backspace to").expect("0 of 3");
}

#[test]
fn countries_and_people_tolerate_typing_errors() {
    let mut walk = Walk::new();
    walk.keys("wait alt-4 wait tab tab tab tab tab tab type:nehterlands wait").expect("› nl  Netherlands");
    walk.keys("esc alt-2 wait type:jansne wait").expect("› 800002  Bram Jansen");
}

#[test]
fn a_row_shows_city_and_validation_of_the_organization() {
    let mut walk = Walk::new();
    walk.keys("wait enter").expect("Zilverdam nl").expect("OV until 2 Jan 2028").expect("OV being validated");
    walk.expect("inactive");
    walk.keys("size:40x10").expect("› 900001  Gemeente Zilverdam").expect("Zilverdam nl").expect("OV until 2 Jan 2028");
    walk.keys("down").expect("› 900002").keys("down").expect("› 900003  Stichting Súdwâld").expect("inactive");
}

/// A new organization is compared with very many others in portions, so that keys are handled in between.
#[test]
fn a_new_organization_is_compared_with_many_in_portions() {
    let mut walk = begin_list(12_100);
    for offset in std::iter::once(100).chain((1..12).map(|page| page * 1_000 + 100)) {
        answer(&mut walk, offset, Ok((1_000, 12_100)));
    }
    walk.expect("12,100 of 12,100")
        .keys("esc shift-tab right tab type:Organisation<space>12077 tab")
        .expect_not("23 more");
    assert_eq!(walk.app.next_wake_in(), Some(1), "more of them are still to be looked at");
    walk.keys("tick:1 tick:1 tick:1 tick:1").expect("(23 more not shown)");
    assert_ne!(walk.app.next_wake_in(), Some(1), "all were looked at");
}

/// Opening the list and taking the chosen row changes nothing, however late the page with that row arrives.
#[test]
fn the_value_of_the_field_is_chosen_before_and_after_its_row_arrives() {
    let mut walk = begin_list(3_000);
    walk.keys("type:2999 enter").expect("2999").keys("shift-tab enter").expect("› 2999  ").expect("1  Organization 1");
    answer(&mut walk, 100, Ok((1_000, 3_000)));
    walk.expect("› 2999  ");
    answer(&mut walk, 1_100, Ok((1_000, 3_000)));
    answer(&mut walk, 2_100, Ok((900, 3_000)));
    walk.expect("› 2999  Organization 2999").expect("3,000 of 3,000").keys("enter");
    assert_eq!(walk.text("org.id"), "2999");
    let mut walk = begin_list(3_000);
    walk.keys("type:2999 enter shift-tab enter enter");
    assert_eq!(walk.text("org.id"), "2999");
    walk.keys("shift-tab enter down enter");
    assert_eq!(walk.text("org.id"), "1", "who chooses another row has chosen it");
}

/// A later row may match the words better than the rows that were found before.
#[test]
fn a_typing_error_finds_rows_that_arrive_later() {
    let mut walk = begin_list(2_000);
    walk.keys("type:organizatoin<space>1555").expect("Loading: 100 of 2,000 · 0 matching");
    let near = walk.open.iter().position(|effect| matches!(effect, Effect::FindNearMatches(..))).unwrap();
    let Effect::FindNearMatches(ticket, words, typed) = walk.open.remove(near) else { unreachable!() };
    assert_eq!(words.len(), 100);
    answer(&mut walk, 100, Ok((1_000, 2_000)));
    answer(&mut walk, 1_100, Ok((900, 2_000)));
    walk.handle_message(Message::Reply(
        ticket,
        Box::new(EffectReply::NearMatches(zegel::search::find_near_matches(&words, &typed))),
    ));
    walk.keys("wait").expect("› 1555  Organization 1555").expect("match. Similar results:");
}
