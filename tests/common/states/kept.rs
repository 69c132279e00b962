//! States with stored data: Home, a read-only draft, the preflight of an order, and the looks for an unresolved one.

use super::super::walk::{Walk, listing, look, setup};
use super::{State, TO_REVIEW, after, by_card, ending, from};
use crate::common::replies::{Ending, HOSTILE, Manner, wide};
use zegel::domain::{
    ApiError, DatabaseDamage, DraftId, Intent, IntentId, JournalEntry, KnownSet, ListGap, OrderRow, PersistenceError,
    PersistenceErrorKind, RecordedOutcome, StoredDraft, TransportErrorKind, Validity,
};
use zegel::i18n::Language;
use zegel::order::JournalRecords;
use zegel::order::resolve::LOOKUP_SCHEDULE_MS;
use zegel::tui::app::{App, StartMode, StartOptions};
use zegel::tui::message::Message;

pub(super) fn states() -> Vec<State> {
    [homes(), before(), looks()].into_iter().flatten().collect()
}

/// A wizard that starts at Home and stores what is typed.
fn home(prepare: impl FnOnce(&mut Walk)) -> Walk {
    let app = App::new(StartOptions { mode: StartMode::Home, ..setup(Language::En, 80, 24) });
    let mut walk = Walk::with(app);
    prepare(&mut walk);
    walk
}

fn unkept() -> PersistenceError {
    PersistenceError { path: "/var/lib/zegel".into(), kind: PersistenceErrorKind::Full }
}

/// A draft as the wizard itself stores it.
fn draft(title: &str) -> StoredDraft {
    let walk = after(&Walk::new(), "wait type:zilver enter ctrl-n tick:1000 wait");
    let (_, draft) = walk.server.stored.drafts[0].clone();
    StoredDraft { title: title.to_owned(), ..draft }
}

/// A placed order as the journal has it.
fn placed(order: u64, organization: Option<u64>) -> JournalEntry {
    let mut walk = after(&Walk::new(), TO_REVIEW);
    if organization.is_none() {
        walk.keys("alt-1 left tab");
        walk.handle_message(Message::Paste(HOSTILE.to_owned().into()));
    }
    let body = walk.app.form().payload_text().text_without_secrets().to_owned();
    let entry = open_entry();
    let intent = Intent { organization, body, ..entry.intent };
    let outcome = Some(RecordedOutcome::Placed { order, requests: vec![5_001] });
    JournalEntry { id: IntentId(order.cast_signed()), intent, outcome, ..JournalEntry::default() }
}

fn homes() -> Vec<State> {
    let drafts = |walk: &mut Walk| {
        let titles = ["Gemeente Zilverdam", "", HOSTILE, &wide()];
        let drafts = titles.iter().zip(11..).map(|(title, id)| (DraftId(id), draft(title)));
        walk.server.stored.drafts = drafts.collect();
        walk.server.stored.placed = vec![placed(700_009, Some(900_001)), placed(700_008, None)];
        walk.server.stored.other_hosts = vec!["certcentral.example".into()];
        (walk.server.stored.busy_orders, walk.server.stored.read_at) = (1, 1_795_000_000_000);
        walk.server.stored.quarantined_file =
            Some(("/var/lib/zegel/zegel.sqlite3.damaged-1".into(), DatabaseDamage::Schema));
    };
    let full = after(&home(drafts), "wait");
    let mut shared = full.clone();
    shared.server.elsewhere = vec![DraftId(11)];
    let mut opening = full.clone();
    let text = after(&Walk::new(), TO_REVIEW).app.form().file_text();
    opening.server.files.kept.insert("order-a.json".into(), text);
    opening.server.files.kept.insert("order-b.json".into(), "{".into());
    opening.server.files.kept.insert(format!("order-{HOSTILE}{}.json", wide()).into(), "{}".into());
    let mut failed = home(|walk| {
        (walk.server.unkept, walk.server.unread) = (Some(unkept()), Some(unkept()));
    });
    failed.keys("wait");
    let mut asked = home(|_| {});
    asked.reply(Manner::Hostile).keys("wait");
    let mut hostile = full.clone();
    hostile.keys("r");
    for _ in 0..7 {
        hostile.reply(Manner::Hostile);
    }
    let stopped = home(|walk| walk.server.failure = Some(ApiError::NotConnected(TransportErrorKind::Issuer.into())));
    vec![
        from("home, reading", &home(|_| {}), ""),
        from("home, an account that cannot be asked", &stopped, "wait"),
        from("home, hostile answers", &hostile, ""),
        from("ready, all there is", &full, "c down"),
        from("ready, an account that cannot be asked", &stopped, "wait c"),
        from("ready, hostile answers", &hostile, "c down"),
        from("ready, some of it hostile", &asked, "c end"),
        from("home, nothing there", &home(|_| {}), "wait"),
        from("home, drafts", &full, ""),
        from("home, a draft removed", &full, "down d wait"),
        from("home, orders of before", &full, "end"),
        from("status, of before", &full, "end up enter wait"),
        from("review, of before", &full, "end n wait"),
        from("compare, the last one", &full, "end n wait d"),
        from("compare, none", &full, "enter wait alt-7 d"),
        from("open, a path", &opening, "o"),
        from("open, half a path", &opening, "o type:or tab wait"),
        from("open, a moment", &opening, "o type:order-a.json enter"),
        from("open, a moment, a new order", &opening, "o type:order-a.json ctrl-n"),
        from("open, no order", &opening, "o type:order-b.json enter wait"),
        from("home, not kept", &failed, ""),
        from("organization, not kept", &failed, "enter wait type:zilver enter tick:1000 wait"),
        from("contacts, from a draft", &full, "down enter wait"),
        from("review, only read", &shared, "down enter wait"),
    ]
}

fn order(id: u64) -> OrderRow {
    OrderRow {
        id,
        status: "needs_approval".into(),
        organization_id: Some(900_001),
        organization_name: "Gemeente Zilverdam".into(),
        user_id: Some(800_001),
        user_name: "Anna de Vries".into(),
        date_created: "2026-11-22T11:30:00+00:00".into(),
        validity: Validity { years: Some(1), ..Validity::default() },
        ..OrderRow::default()
    }
}

/// At Confirm with the preflight done, after a change of its data.
fn confirm(prepare: impl FnOnce(&mut Walk)) -> Walk {
    let mut walk = after(&Walk::new(), TO_REVIEW);
    prepare(&mut walk);
    after(&walk, "enter wait")
}

fn open_entry() -> JournalEntry {
    let intent = Intent {
        draft: None,
        host: "127.0.0.1:4711".into(),
        account: "7001".into(),
        product: "pkio_qualified_organisation_services".into(),
        organization: Some(900_001),
        digest: "0".repeat(64),
        body: "{}".into(),
        user: Some(800_001),
        known_set: KnownSet { orders: Some(vec![]), requests: Some(vec![]) },
        server_time: None,
        local_time: 1_795_000_000_000,
    };
    JournalEntry { id: IntentId(3), intent, ..JournalEntry::default() }
}

fn before() -> Vec<State> {
    let strange = OrderRow { user_name: HOSTILE.into(), organization_name: wide(), status: HOSTILE.into(), ..order(3) };
    let alike = confirm(|walk| {
        let rows = (1..7).map(order).chain([strange]);
        walk.server.survey.orders = listing(rows.collect());
    });
    let unprotected = confirm(|walk| {
        walk.server.survey.orders.gap =
            Some(ListGap::Failed(ApiError::Refused { status: 403, errors: vec![], excerpt: String::new() }));
    });
    let blocked = confirm(|walk| {
        walk.server.survey.records =
            Ok(JournalRecords { blocking_intent: Some(open_entry()), placed: vec![], ..JournalRecords::default() });
    });
    let no_journal = confirm(|walk| walk.server.survey.records = Err(unkept()));
    let surveying = after(&after(&Walk::new(), TO_REVIEW), "enter");
    vec![
        from("confirm, looking", &surveying, ""),
        from("confirm, orders alike", &alike, "pagedown"),
        from("confirm, unprotected, armed", &unprotected, "size:80x60 wait"),
        from("confirm, blocked", &blocked, ""),
        from("confirm, no journal", &no_journal, ""),
    ]
}

fn looks() -> Vec<State> {
    let strange = OrderRow { user_name: HOSTILE.into(), organization_name: wide(), user_id: Some(9), ..order(700_003) };
    let lost = |looks: Vec<_>| {
        let mut walk = by_card();
        walk.server.looks = looks.into();
        ending(&walk, Ending::Lost)
    };
    let found = lost(vec![look(vec![order(700_002), strange])]);
    let nothing = lost(LOOKUP_SCHEDULE_MS.map(|_| look(vec![])).into());
    let blind = lost(
        LOOKUP_SCHEDULE_MS
            .map(|_| {
                let mut look = look(vec![]);
                look.current_user = Err(ApiError::ResponseCut(TransportErrorKind::Slow.into()));
                look
            })
            .into(),
    );
    vec![
        from("unknown, waiting for a look", &lost(vec![look(vec![])]), "tick:1000"),
        from("unknown, found", &found, ""),
        from("unknown, found, half a number", &found, "type:7000"),
        from("unknown, not there, half a word", &nothing, "type:not<space>pla"),
        from("unknown, cannot be told", &blind, "down"),
    ]
}
