//! Unknown: what the user can type to decide, when, and what the screen says otherwise.

use super::resolve::{lost, row};
use crate::common::walk::{TO_REVIEW, Walk, listing, look};
use rstest::rstest;
use zegel::domain::{Decision, ListGap, Listing, SendResult, TransportErrorKind};
use zegel::i18n::Language;
use zegel::order;
use zegel::order::resolve::{LOOKUP_SCHEDULE_MS, LookupData};
use zegel::tui::message::Effect;

/// The dead end of a key that may not list orders: the user looks elsewhere and types the result.
#[rstest]
#[case::not_placed("not<space>placed:<space>nothing<space>under<space>Orders", Ok(Decision::NotPlaced))]
#[case::an_order("700009:<space>it<space>is<space>in<space>the<space>list", Ok(Decision::Adopted { order: 700_009 }))]
#[case::no_sentence(
    "not<space>placed:<space>quite<space>sure",
    Err("After \"not placed:\", type at least three words about what")
)]
#[case::no_colon("not<space>placed", Err("After \"not placed:\", type at least three words about what"))]
#[case::no_sentence_on_an_order(
    "700009:<space>?<space>?<space>?",
    Err("After \"700009:\", type at least three words about what")
)]
#[case::a_number_alone("700009", Err("Not recognized."))]
#[case::no_decision("nothing:<space>under<space>Orders<space>and<space>Requests", Err("Not recognized."))]
#[case::no_order("0:<space>it<space>is<space>in<space>the<space>list", Err("Not recognized."))]
fn without_a_verdict_the_user_decides_by_a_check(#[case] typed: &str, #[case] decided: Result<Decision, &str>) {
    let blind =
        || LookupData { orders: Listing { gap: Some(ListGap::Repeated), ..listing(Vec::new()) }, ..look(Vec::new()) };
    let mut walk = lost(LOOKUP_SCHEDULE_MS.iter().map(|_| blind()));
    walk.expect("If you can see in CertCentral what happened,").keys(&format!("type:{typed} enter"));
    let stated = walk.seen.iter().find_map(|effect| match effect {
        Effect::Order(order::OrderEffect::Write(order::JournalWrite::Statement(_, decision, sentence))) => {
            Some((decision.clone(), sentence.clone()))
        }
        _ => None,
    });
    assert_eq!(stated.as_ref().map(|(decision, _)| decision), decided.as_ref().ok());
    match decided {
        Ok(_) => {
            let words = typed.split_once(":<space>").unwrap().1.replace("<space>", " ");
            assert_eq!(stated.unwrap().1, words);
        }
        Err(output) => drop(walk.expect(output)),
    }
}

/// What is requested during the looks and after the last one: with or without possible orders, and with complete or
/// incomplete lists.
#[rstest]
#[case::nothing_yet(&[], 1, true, "Nothing to decide yet.", "U hoeft nog niets te doen.")]
#[case::found(&[700_002], 1, true, "Type the number of your order:", "Typ uw bestelnummer:")]
#[case::not_there(&[], 6, true, "Not placed? Type \"not placed\":", "Niet geplaatst? Typ \"niet geplaatst\":")]
#[case::cannot_tell(
    &[], 6, false, "Type \"not placed:\" and why:", "\"niet geplaatst:\" en waarom:"
)]
#[case::found_and_no_more(
    &[700_002], 6, true,
    "Type the order number, or \"not placed:\" and why:",
    "Typ het bestelnummer, of \"niet geplaatst:\" en waarom:"
)]
fn the_prompt_names_the_allowed_input(
    #[case] rows: &[u64],
    #[case] looks: usize,
    #[case] whole: bool,
    #[case] en: &str,
    #[case] nl: &str,
) {
    for (language, word, output) in [(Language::En, "order", en), (Language::Nl, "bestel", nl)] {
        let mut walk = Walk::sized(language, 80, 24);
        walk.server.orders = vec![SendResult::Lost(TransportErrorKind::Broken.into())].into();
        let one = || {
            let mut one = look(rows.iter().map(|id| row(*id)).collect());
            one.orders.gap = (!whole).then_some(ListGap::Repeated);
            one
        };
        walk.server.looks = std::iter::repeat_with(one).take(looks).collect();
        walk.keys(TO_REVIEW).keys(&format!("enter wait pagedown pagedown pagedown wait type:{word} enter wait"));
        walk.expect(output);
        let denies = output.contains("not placed") || output.contains("niet geplaatst");
        let last = walk.app.order_machine().unresolved_order().is_some_and(|open| open.next_lookup_number().is_none());
        assert_eq!(denies, last, "it can be said only after the last look:\n{}", walk.screen());
    }
}
