//! A journal with losses: Home and Confirm name them, and an order needs another word.

use crate::common::quotes::quote;
use crate::common::walk::{TO_REVIEW, Walk, setup};
use rstest::rstest;
use zegel::domain::{DatabaseDamage, JournalLoss};
use zegel::i18n::Language;
use zegel::order::{self, JournalRecords};
use zegel::tui::app::{App, StartMode, StartOptions};
use zegel::tui::message::Effect;

fn loss(id: i64, file: &str, gone: bool) -> JournalLoss {
    let mark = (!gone).then_some((4096, 1_795_000_000_000));
    JournalLoss {
        id,
        file: file.into(),
        fingerprint: mark,
        damage: "set aside as damaged".into(),
        time: 1_795_000_000_000,
    }
}

#[rstest]
#[case::damaged(
    Language::En,
    loss(4, "/state/zegel.sqlite3.damaged-1", false),
    "was damaged; the damaged file was kept as /state/zegel.sqlite3.damaged-1",
    "journal<space>lost"
)]
#[case::gone(
    Language::En,
    loss(4, "/state/zegel.sqlite3", true),
    "/state/zegel.sqlite3, is missing or was emptied",
    "journal<space>lost"
)]
#[case::a_file(
    Language::En,
    loss(4, "/state/intent-1.json", false),
    "/state/intent-1.json belongs to an order",
    "journal<space>lost"
)]
#[case::in_dutch(
    Language::Nl,
    loss(4, "/state/zegel.sqlite3.damaged-1", false),
    "bewaard als /state/zegel.sqlite3.damaged-1",
    "logboek<space>kwijt"
)]
fn a_journal_loss_requires_its_own_word(
    #[case] language: Language,
    #[case] lost: JournalLoss,
    #[case] output: &str,
    #[case] word: &str,
) {
    let mut walk = Walk::sized(language, 120, 60);
    walk.server.survey.records = Ok(JournalRecords { losses: vec![lost], ..JournalRecords::default() });
    walk.keys(TO_REVIEW).keys("enter wait").expect(output);
    let usual = if language == Language::En { "order" } else { "bestel" };
    walk.keys(&format!("type:{usual} enter"));
    assert_eq!(walk.orders(), 0, "the usual word is not enough");
    walk.keys(&format!("ctrl-u type:{word} enter wait"));
    let report = walk.seen.iter().find_map(|effect| match effect {
        Effect::Order(order::OrderEffect::Write(order::JournalWrite::Intent(_, report))) => Some(report.losses.clone()),
        _ => None,
    });
    assert_eq!(report, Some(vec![4]), "that is written down with the order");
}

#[test]
fn home_names_what_the_journal_has_lost() {
    let mut walk = Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 120, 60) }));
    walk.server.stored.journal_losses = vec![loss(1, "/state/zegel.sqlite3.damaged-1", false)];
    walk.server.stored.quarantined_file = Some(("/state/zegel.sqlite3.damaged-1".into(), DatabaseDamage::Schema));
    walk.keys("wait")
        .expect("was damaged; the damaged file was kept as /state/zegel.sqlite3.damaged-1")
        .expect("longer knows which orders were sent from here");
    walk.expect_not(quote("home.set_aside", "a copy was kept as"));
}
