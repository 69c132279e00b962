//! How a field is filled in: typed, toggled, chosen or picked. All of it derives from what the product file says.

use super::Model;
use super::history::Run;
use crate::form::{Held, Place};
use crate::product::{Choice, Kind};

/// How a field takes its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
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

impl Model {
    /// How a field takes its value.
    pub(super) fn style(&self, at: Place) -> Style {
        let field = &self.product()[at.field];
        match field.kind {
            _ if field.fixed.is_some() => Style::Fixed,
            _ if field.secret.is_some() => Style::Secret,
            Kind::Bool | Kind::Consent => Style::Check,
            Kind::Mode(_) => Style::Radio,
            Kind::Choice if !field.open => Style::Radio,
            Kind::Choice => Style::Pick,
            _ if field.source.is_some() => Style::Pick,
            _ => Style::Line,
        }
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, at: Place) -> bool {
        self.form.text(at) == "true"
    }

    /// Ticks a box, or takes the tick out: then nothing is sent, and the server's default holds.
    pub(super) fn toggle(&mut self, at: Place) {
        let text = if self.ticked(at) { "" } else { "true" };
        self.put(at, text);
    }

    /// Puts a value into a field, to be undone as one step.
    pub(super) fn put(&mut self, at: Place, text: &str) {
        self.remembering(at, Run::Alone, |model| {
            model.form.set(at, text);
            model.mark_changed(at);
        });
    }

    /// The options of a field that are shown: those for experts once they are unfolded, or one is chosen.
    pub(super) fn options(&self, at: Place) -> Vec<&'static Choice> {
        let chosen = self.form.text(at);
        let options = self.product()[at.field].options.iter();
        options.filter(|option| !option.expert || self.experts || option.id == chosen).collect()
    }

    /// Goes to the next option, or the one before; at the ends it goes round.
    pub(super) fn choose(&mut self, at: Place, forward: bool) {
        let options = self.options(at);
        let current = options.iter().position(|option| option.id == self.form.text(at));
        let next = match (current, forward) {
            (None, true) => 0,
            (None, false) => options.len() - 1,
            (Some(index), true) => (index + 1) % options.len(),
            (Some(index), false) => (index + options.len() - 1) % options.len(),
        };
        self.put(at, &options[next].id);
    }

    /// Puts in the value that a payload lacks or has wrong, where there is only one.
    pub(super) fn accept(&mut self, at: Place) {
        if let Some(text) = self.form.initial(at.field) {
            self.put(at, text);
        }
    }

    /// Whether what a field holds is something that it cannot hold, read from a payload.
    pub(super) fn is_odd(&self, at: Place) -> bool {
        matches!(self.form.held(at), Some(Held::Odd(_)))
    }
}
