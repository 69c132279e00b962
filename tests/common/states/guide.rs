//! States of setting up an account, and of switching to another one.

use super::super::walk::{TO_KEY, TO_KEY_TEST, TO_WRITE, Walk, around, guided, of_two, setup};
use super::{State, after, from};
use zegel::domain::{ApiKeyErrorKind, NoKeyring, TransportErrorKind};
use zegel::i18n::Language;
use zegel::tui::app::StartMode;

pub(super) fn states() -> Vec<State> {
    let welcome = guided(setup(Language::En, 80, 24), around());
    let key = after(&welcome, TO_KEY);
    let key_test = after(&key, TO_KEY_TEST);
    let mut alone = welcome.clone();
    alone.server.guiding.keyring = Err(ApiKeyErrorKind::NoKeyring(NoKeyring::NoService).into());
    let failed = |cause: TransportErrorKind| {
        let mut walk = key.clone();
        walk.server.failure = Some(zegel::domain::ApiError::NotConnected(cause.into()));
        walk
    };
    let foreign = "enter wait tab space tab type:https://gateway.example.nl ctrl-n";
    let home = after(&of_two(Language::En, 80, 24, StartMode::Home), "wait");
    vec![
        from("guide, welcome", &welcome, ""),
        from("guide, welcome, Dutch", &guided(setup(Language::Nl, 60, 20), around()), "wait down"),
        from("not a step of an order: the account", &welcome, "enter wait"),
        from("not a step of an order: the key", &key, "paste:MADE-UP-KEY"),
        from("not a step of an order: a file", &key, "pageup left"),
        from("not a step of an order: no keyring", &alone, "enter wait ctrl-n pageup left"),
        from("guide, a foreign host", &after(&welcome, foreign), "paste:MADE-UP-KEY ctrl-n type:gatew"),
        from("guide, asking", &key, "paste:MADE-UP-KEY ctrl-n"),
        from("guide, not connected", &failed(TransportErrorKind::Issuer), TO_KEY_TEST),
        from("guide, tried", &key_test, ""),
        from("not a step of an order: presets", &key_test, "enter wait tab"),
        from("guide, what is written", &key_test, TO_WRITE),
        from("accounts", &home, "a"),
        from("accounts, the last", &home, "a end"),
        from("home, of two accounts", &home, ""),
        from("organization, begun", &begun(), ""),
    ]
}

fn begun() -> Walk {
    after(&of_two(Language::En, 80, 24, StartMode::NewOrder), "wait")
}
