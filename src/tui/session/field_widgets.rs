//! Field widgets: how a field is filled in (typed, toggled, chosen or picked). The product file determines all of it.

use super::undo::EditKind;
use crate::form::{FieldPlace, FieldValue};
use crate::product::{FieldOption, ValueKind};
use crate::tui::session::Session;

/// How a field takes its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldWidget {
    /// The field has one allowed value, which is already set.
    Fixed,
    /// A line of text.
    Line,
    /// A line of text that is never shown.
    Secret,
    Check,
    /// One of a few options.
    Radio,
    /// A value from a list, or a typed value.
    Pick,
}

pub(crate) fn field_widget(session: &Session, at: FieldPlace) -> FieldWidget {
    let field = &session.product()[at.field];
    match field.kind {
        _ if field.fixed.is_some() => FieldWidget::Fixed,
        _ if field.secret.is_some() => FieldWidget::Secret,
        ValueKind::Bool | ValueKind::Consent => FieldWidget::Check,
        ValueKind::Mode(_) => FieldWidget::Radio,
        ValueKind::Choice if !field.open => FieldWidget::Radio,
        ValueKind::Choice => FieldWidget::Pick,
        _ if field.source.is_some() => FieldWidget::Pick,
        _ => FieldWidget::Line,
    }
}

impl Session {
    /// Ticks a box, or clears it. A cleared box is not sent, so the server's default applies.
    pub(crate) fn toggle_checkbox(&mut self, at: FieldPlace) {
        let text = if is_ticked(self, at) { "" } else { "true" };
        self.set_field_value(at, text);
    }

    /// Sets the value of a field, as one undo step.
    pub(crate) fn set_field_value(&mut self, at: FieldPlace, text: &str) {
        self.edit_with_undo(at, EditKind::Standalone, |model| {
            model.form.set_text(at, text);
            model.mark_field_changed(at);
        });
    }

    /// Chooses the next option or the previous one, and wraps around at the ends.
    pub(crate) fn choose_option(&mut self, at: FieldPlace, forward: bool) {
        let options = shown_options(self, at);
        let current = options.iter().position(|option| option.id == self.form.text(at));
        let next = match (current, forward) {
            (None, true) => 0,
            (None, false) => options.len() - 1,
            (Some(index), true) => (index + 1) % options.len(),
            (Some(index), false) => (index + options.len() - 1) % options.len(),
        };
        self.set_field_value(at, options[next].id);
    }

    /// Sets the only allowed value of a field that a payload left out or had wrong.
    pub(crate) fn accept_initial_value(&mut self, at: FieldPlace) {
        if let Some(text) = self.form.initial_value(at.field) {
            self.set_field_value(at, text);
        }
    }
}

pub(crate) fn is_ticked(session: &Session, at: FieldPlace) -> bool {
    session.form.text(at) == "true"
}

/// The options of a field that are shown. An expert option is shown if expert fields are, or if it is chosen.
pub(crate) fn shown_options(session: &Session, at: FieldPlace) -> Vec<&'static FieldOption> {
    let chosen = session.form.text(at);
    let options = session.product()[at.field].options.iter();
    options.filter(|option| !option.expert || session.shows_expert_fields || option.id == chosen).collect()
}

/// Returns true if the field holds a value of a payload that its widget cannot represent.
pub(crate) fn has_unsupported_value(session: &Session, at: FieldPlace) -> bool {
    matches!(session.form.field_value(at), Some(FieldValue::RawJson(_)))
}
