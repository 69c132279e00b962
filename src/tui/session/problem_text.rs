//! Texts about problems: the field that a problem is about, and what the server remarked.

use crate::domain::ServerError;
use crate::form::{FieldPlace, ProblemTarget};
use crate::i18n::texts;
use crate::product::ValueKind;
use crate::tui::session::Session;
use crate::tui::session::field_text::{field_label, is_optional, product_text};

/// Returns what a problem is about.
pub(crate) fn problem_label(session: &Session, target: &ProblemTarget) -> String {
    match target {
        ProblemTarget::Field(at) => full_field_label(session, *at),
        ProblemTarget::Group(group) => {
            product_text(session, &session.product()[session.product()[*group].step].title).to_owned()
        }
        ProblemTarget::Pointer(pointer) => pointer.clone(),
    }
}

/// Returns the label of a field with its group or step: an address, for example, is asked in more than one step.
pub(in crate::tui) fn full_field_label(session: &Session, at: FieldPlace) -> String {
    format!("{} · {}", field_row_label(session, at), field_label(session, at))
}

/// Returns the name of the row, group or step of a field.
pub(crate) fn field_row_label(session: &Session, at: FieldPlace) -> String {
    let group = &session.product()[session.product()[at.field].group];
    let number = session.form.rows(session.product()[at.field].group).iter().position(|row| *row == at.row);
    match (&group.row, &group.title) {
        (Some(row), _) => format!("{} {}", product_text(session, row), number.unwrap_or_default() + 1),
        (None, Some(title)) => product_text(session, title).to_owned(),
        (None, None) => product_text(session, &session.product()[group.step].title).to_owned(),
    }
}

/// Returns true if a field has a value or should have one.
pub(crate) fn is_in_summary(session: &Session, at: FieldPlace) -> bool {
    let expected = session.product()[at.field].kind != ValueKind::Opaque && !is_optional(session, at);
    expected || !session.form.is_blank(at)
}

/// Returns the message of the server with its code.
pub(crate) fn server_remark_text(session: &Session, error: &ServerError) -> String {
    let parts = [error.message.as_str(), error.code.as_str()];
    let parts: Vec<&str> = parts.into_iter().filter(|text| !text.is_empty()).collect();
    format!("{}: {}", session.text(texts::review::SERVER), parts.join(" · "))
}
