//! Texts about the order in front: for whom it is, at which account, and how to find it in CertCentral.

use crate::i18n::{texts, with};
use crate::tone::Tone;
use crate::tui::session::Session;
use crate::tui::session::field_text::{display_value, product_text};

/// Returns which order to look for in `CertCentral`.
pub(crate) fn order_lookup_text(session: &Session) -> String {
    let since = session.order_machine.sending_since().or(session.placed_orders.sent_at).unwrap_or(session.now);
    let minutes = session.now.saturating_sub(since) / 60_000;
    let ago = match (session.placed_orders.sent_on, minutes) {
        (None, _) => session.text(texts::unknown::BEFORE).to_owned(),
        (_, 0) => session.text(texts::unknown::JUST_NOW).to_owned(),
        (_, minutes) => {
            let age = session.lang.format_age(i64::try_from(minutes).ok());
            session.lang.format(texts::unknown::MINUTES_AGO, with::Age(&age))
        }
    };
    let written = session
        .order_machine
        .unresolved_order()
        .map(|open| session.lang.format_day_of_millis(open.intent().local_time));
    let day = session.placed_orders.sent_on.map(|day| session.lang.format_date(day)).or(written).unwrap_or_default();
    let product = product_text(session, &session.product().title);
    session.lang.format(
        texts::unknown::LOOK,
        (with::Product(&product), with::Who(&order_organization_text(session)), with::Day(&day), with::Ago(&ago)),
    )
}

pub(crate) fn order_organization_text(session: &Session) -> String {
    match session.form.subject_place() {
        Some(at) if session.form.is_organization_field(at) => display_value(session, at),
        Some(at) => session.lang.format(texts::confirm::NEW_ORGANIZATION, with::Name(&session.form.text(at))),
        None => String::new(),
    }
}

/// Returns which account it is, and whether an order costs money.
pub(crate) fn account_text(session: &Session) -> String {
    let id = if session.account.is_sandbox { texts::confirm::SANDBOX } else { texts::confirm::HOST };
    session.lang.format(id, with::Host(&session.account.label()))
}

pub(crate) fn account_tone(session: &Session) -> Tone {
    if session.account.is_sandbox { Tone::Sandbox } else { Tone::Production }
}
