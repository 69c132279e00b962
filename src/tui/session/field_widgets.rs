//! How a field is filled in: typed, toggled, chosen or picked. All of it derives from what the product file says.

use super::undo::EditKind;
use crate::form::{FieldPlace, FieldValue};
use crate::product::{FieldOption, ValueKind};
use crate::tui::session::Session;

/// How a field takes its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldWidget {
    /// It has the one value that is allowed.
    Fixed,
    /// A line of text.
    Line,
    /// A line that is never shown.
    Secret,
    /// A box to tick.
    Check,
    /// One of a few options.
    Radio,
    /// Something from a list, or typed.
    Pick,
}

impl Session {
    /// How a field takes its value.
    pub(crate) fn field_widget(&self, at: FieldPlace) -> FieldWidget {
        let field = &self.product()[at.field];
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

    /// Whether a box is ticked.
    pub(crate) fn is_ticked(&self, at: FieldPlace) -> bool {
        self.form.text(at) == "true"
    }

    /// Ticks a box, or takes the tick out: then nothing is sent, and the server's default holds.
    pub(crate) fn toggle_checkbox(&mut self, at: FieldPlace) {
        let text = if self.is_ticked(at) { "" } else { "true" };
        self.set_field_value(at, text);
    }

    /// Puts a value into a field, to be undone as one step.
    pub(crate) fn set_field_value(&mut self, at: FieldPlace, text: &str) {
        self.edit_with_undo(at, EditKind::Standalone, |model| {
            model.form.set_text(at, text);
            model.mark_field_changed(at);
        });
    }

    /// The options of a field that are shown: those for experts once they are unfolded, or one is chosen.
    pub(crate) fn shown_options(&self, at: FieldPlace) -> Vec<&'static FieldOption> {
        let chosen = self.form.text(at);
        let options = self.product()[at.field].options.iter();
        options.filter(|option| !option.expert || self.shows_expert_fields || option.id == chosen).collect()
    }

    /// Goes to the next option, or the one before; at the ends it goes round.
    pub(crate) fn choose_option(&mut self, at: FieldPlace, forward: bool) {
        let options = self.shown_options(at);
        let current = options.iter().position(|option| option.id == self.form.text(at));
        let next = match (current, forward) {
            (None, true) => 0,
            (None, false) => options.len() - 1,
            (Some(index), true) => (index + 1) % options.len(),
            (Some(index), false) => (index + options.len() - 1) % options.len(),
        };
        self.set_field_value(at, &options[next].id);
    }

    /// Puts in the value that a payload lacks or has wrong, where there is only one.
    pub(crate) fn accept_initial_value(&mut self, at: FieldPlace) {
        if let Some(text) = self.form.initial_value(at.field) {
            self.set_field_value(at, text);
        }
    }

    /// Whether what a field holds is something that it cannot hold, read from a payload.
    pub(crate) fn has_unsupported_value(&self, at: FieldPlace) -> bool {
        matches!(self.form.field_value(at), Some(FieldValue::RawJson(_)))
    }
}
