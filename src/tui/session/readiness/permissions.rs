//! What the answers on key, role and product mean for an order.
//!
//! The roles are those of certcentral-api.md 1.2. A restriction of a key shows in no answer except a refusal, so the
//! permissions of a key are never stated as certain.

use super::AnswerState;
use super::finding::{FindingStatus, ReadinessFinding};
use crate::domain::{AccountResource, CurrentUser, ProductInfo, Role};
use crate::tui::session::Session;
use crate::tui::session::readiness::answer_state;
use crate::tui::session::readiness::finding::{failure_text, unanswered_finding};

/// The roles with a known meaning for an order (certcentral-api.md 1.2).
const ADMINISTRATOR_ROLE: u64 = 1;
const MANAGER_ROLE: u64 = 4;
const STANDARD_USER_ROLE: u64 = 5;

fn key_user_answer_state(session: &Session) -> AnswerState<'_, &CurrentUser> {
    answer_state(session, AccountResource::Me, session.account_data.current_user.as_ref())
}

pub(super) fn key_finding(session: &Session) -> ReadinessFinding {
    let title = session.text("ready.key");
    let heard = key_user_answer_state(session);
    match &heard {
        AnswerState::Known(me) => key_user_finding(session, title, me),
        // The server knows a key even if the key may not read its own user.
        AnswerState::Failed(failure) => {
            ReadinessFinding::new(title, FindingStatus::Good, session.text("ready.key_narrow"))
                .with_detail(session.text("ready.key_narrow_means"))
                .with_detail(failure_text(session, failure))
        }
        AnswerState::Loading => unanswered_finding(session, title, &heard),
    }
}

fn key_user_finding(session: &Session, title: &str, me: &CurrentUser) -> ReadinessFinding {
    let id = me.user_id.to_string();
    let who = if me.name.is_empty() { &id } else { &me.name };
    let account = me.account_id.map(|id| session.lang.format_text("ready.key_account", &[("id", &id.to_string())]));
    let (id, standing) = match me.status.as_str() {
        "" | "active" => ("ready.key_works", FindingStatus::Good),
        "inactive" => ("ready.user_status", FindingStatus::Warning),
        // Which other words exist is not documented.
        _ => ("ready.user_word", FindingStatus::Unknown),
    };
    let status = session.message_writer().status_word("state_word.", &me.status);
    let line = session.lang.format_text(id, &[("who", who), ("status", &status)]);
    if standing != FindingStatus::Good {
        return ReadinessFinding::new(title, standing, line).with_detail(session.text("ready.user_status_do"));
    }
    let found = ReadinessFinding::new(title, standing, line);
    account.into_iter().fold(found, ReadinessFinding::with_detail)
}

pub(super) fn role_finding(session: &Session) -> ReadinessFinding {
    let title = session.text("ready.role");
    let heard = key_user_answer_state(session);
    let found = match &heard {
        AnswerState::Known(me) => order_permission_finding(session, title, &me.roles),
        // The finding on the key gives the reason.
        AnswerState::Failed(_) => ReadinessFinding::new(title, FindingStatus::Unknown, session.text("ready.not_told")),
        AnswerState::Loading => unanswered_finding(session, title, &heard),
    };
    if found.status == FindingStatus::Loading { found } else { found.with_detail(session.text("ready.view_only")) }
}

fn order_permission_finding(session: &Session, title: &str, roles: &[Role]) -> ReadinessFinding {
    let has = |ids: &[u64]| roles.iter().any(|role| role.id.is_some_and(|id| ids.contains(&id)));
    let names: Vec<String> = roles.iter().map(role_name).collect();
    let role = names.join(", ");
    let line = |id| session.lang.format_text(id, &[("role", &role)]);
    if has(&[ADMINISTRATOR_ROLE, MANAGER_ROLE]) {
        ReadinessFinding::new(title, FindingStatus::Good, line("ready.role_orders"))
    } else if has(&[STANDARD_USER_ROLE]) {
        ReadinessFinding::new(title, FindingStatus::Warning, line("ready.role_waits"))
            .with_detail(session.text("ready.role_waits_do"))
    } else if roles.is_empty() {
        ReadinessFinding::new(title, FindingStatus::Unknown, session.text("ready.not_told"))
            .with_detail(session.text("ready.role_unclear_do"))
    } else {
        ReadinessFinding::new(title, FindingStatus::Unknown, line("ready.role_unclear"))
            .with_detail(session.text("ready.role_unclear_do"))
    }
}

pub(super) fn product_finding(session: &Session) -> ReadinessFinding {
    let title = session.text("ready.product");
    let heard = answer_state(session, AccountResource::Product, session.account_data.product.as_ref());
    match &heard {
        AnswerState::Known(product) => {
            ReadinessFinding::new(title, FindingStatus::Good, product_years_text(session, product))
        }
        AnswerState::Failed(failure) if failure.is_missing() => {
            ReadinessFinding::new(title, FindingStatus::Warning, session.text("ready.product_missing"))
                .with_detail(session.text("ready.product_missing_do"))
                .with_detail(failure_text(session, failure))
        }
        _ => unanswered_finding(session, title, &heard),
    }
}

fn product_years_text(session: &Session, product: &ProductInfo) -> String {
    match product.years.as_deref() {
        Some(years) if !years.is_empty() => {
            let years: Vec<String> = years.iter().map(u32::to_string).collect();
            session.lang.format_text("ready.product_years", &[("years", &years.join(", "))])
        }
        _ => session.text("ready.product_sold").to_owned(),
    }
}

/// Returns the name of a role, or else its id.
fn role_name(role: &Role) -> String {
    match (role.name.as_str(), role.id) {
        ("", Some(id)) => id.to_string(),
        (name, _) => name.to_owned(),
    }
}
