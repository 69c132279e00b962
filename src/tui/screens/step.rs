//! A step of the form: what the keys do on its page, such as pressing buttons, choosing, and adding and removing rows.
//!
//! The last copy of an address or removal of a row can be undone once. `focus` moves between fields and steps, and
//! `page` makes the lines.

pub(crate) mod focus;
pub(crate) mod page;
mod progress;
pub(crate) mod similar_organization;

use crate::domain::AccountResource;
use crate::form::{FieldPlace, RowKey};
use crate::i18n::{texts, with};
use crate::product::{GroupId, OptionDetail, StepId};
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, DialogRoute, Transition, View};
use crate::tui::key::{KeyCode, KeyPress};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::screens::step::page::focus_target_help;
use crate::tui::session::Session;
use crate::tui::session::account_defaults::default_value_note;
use crate::tui::session::division::funds_resources;
use crate::tui::session::feedback::form_values;
use crate::tui::session::field_text::is_consent_field;
use crate::tui::session::field_widgets::{FieldWidget, field_widget};
use crate::tui::session::page_items::{FocusTarget, GroupUndo};
use crate::tui::session::similar_organizations::similar_organization_resource;
use crate::tui::widgets::Area;

/// A step of the form.
#[derive(Debug, Clone, Copy)]
pub struct StepScreen {
    step: StepId,
    /// The first visible line of the page.
    top: usize,
}

impl Component for StepScreen {
    fn key_context(&self, session: &Session) -> KeyContext {
        let Some(at) = self.focused_field(session) else { return KeyContext::Button };
        match field_widget(session, at) {
            FieldWidget::Fixed => KeyContext::Button,
            FieldWidget::Line => KeyContext::Line,
            FieldWidget::Secret => KeyContext::Secret,
            FieldWidget::Check => KeyContext::Check,
            FieldWidget::Radio => KeyContext::Radio,
            FieldWidget::Pick => KeyContext::Pick,
        }
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        let action = match event {
            ComponentEvent::Action(action) => action,
            ComponentEvent::Text(text) => return self.type_text(session, text, false),
            ComponentEvent::Paste(text) => return self.type_text(session, text, true),
        };
        match (action, self.focused_field(session)) {
            (Action::Focus(forward), _) => self.move_focus(session, forward),
            (Action::FocusEnd(last), _) => self.move_focus_to_end(session, last),
            (Action::Enter, _) => return self.press_focused_target(session),
            (Action::NextStep, _) => return self.go_on(session),
            (Action::Back, _) => return self.go_back(session),
            (Action::ToggleCheckbox, Some(at)) => session.toggle_checkbox(at),
            (Action::ChooseOption(forward), Some(at)) => session.choose_option(at, forward),
            (Action::Edit(request), Some(at)) => session.edit_field_text(at, request),
            (Action::SwapCharacters, Some(at)) => session.swap_characters(at),
            (Action::EraseSecret(all), Some(at)) => session.erase_secret(at, all),
            (Action::Undo | Action::Redo, Some(at)) => {
                session.undo_in_field(at, action == Action::Redo);
                self.restore_focus(session);
            }
            _ => {}
        }
        Transition::Stay
    }

    /// The page, scrolled so that the focus is visible.
    fn view(&self, session: &Session, area: Area) -> View {
        let lines = self.page_lines(session, area.width.into()).into_iter().map(|(_, line)| line).collect();
        View::scrolled(area, lines, self.top)
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        let Some(target) = self.focused_target(session) else { return Vec::new() };
        let mut notes = vec![(Tone::Dim, focus_target_help(session, target))];
        if let FocusTarget::Field(at) = target {
            let example = &session.product()[at.field].example;
            let example =
                (!example.is_empty()).then(|| session.lang.format(texts::help::EXAMPLE, with::Example(&example)));
            let more: Vec<String> = default_value_note(session, at).into_iter().chain(example).collect();
            notes.push((Tone::Dim, more.join(" · ")));
        }
        notes
    }

    fn is_action_active(&self, action: Action, session: &Session) -> bool {
        // These keys still show a message that secrets have no undo history.
        !matches!(action, Action::Undo | Action::Redo) || self.key_context(session) != KeyContext::Secret
    }

    fn focused_field(&self, session: &Session) -> Option<FieldPlace> {
        match self.focused_target(session) {
            Some(FocusTarget::Field(at)) => Some(at),
            _ => None,
        }
    }

    fn takes_text(&self, session: &Session) -> bool {
        !matches!(self.key_context(session), KeyContext::Radio | KeyContext::Check)
    }

    fn needed_resources(&self, session: &Session, _is_covered: bool) -> Vec<AccountResource> {
        let mut resources: Vec<AccountResource> =
            similar_organization_resource(session, self.step).into_iter().collect();
        for at in session.form.visible_places_in_step(self.step) {
            let field = &session.product()[at.field];
            resources.extend(field.source.as_ref().and_then(|source| AccountResource::for_list(source.list)));
            if is_consent_field(session, at) {
                resources.push(AccountResource::Product);
            }
            if field.options.iter().any(|option| option.tells == Some(OptionDetail::Funds)) {
                resources.extend(funds_resources(session));
            }
        }
        resources
    }

    fn settle(&mut self, session: &mut Session, _is_covered: bool) {
        self.restore_focus(session);
        self.scroll_to_focus(session);
    }

    fn leave(&mut self, session: &mut Session) {
        self.leave_focused_field(session);
    }
}

impl StepScreen {
    /// Takes characters into the focused field, or opens its list with them.
    fn type_text(&self, session: &mut Session, text: &str, is_paste: bool) -> Transition {
        match (self.key_context(session), self.focused_field(session)) {
            (KeyContext::Line | KeyContext::Secret, Some(at)) => session.type_into_field(at, text),
            (KeyContext::Pick, Some(at)) => return Transition::Open(DialogRoute::Picker(at, text.to_owned())),
            _ if is_paste => session.show_flash(texts::flash::IDLE_PASTE),
            _ => text.chars().take(1).for_each(|c| {
                session.flash_about_key(texts::flash::BUTTON, &KeyPress::plain(KeyCode::Char(c)));
            }),
        }
        Transition::Stay
    }

    /// Presses the focused target: a button does what its label says, a list opens, and all else moves the focus on.
    fn press_focused_target(&mut self, session: &mut Session) -> Transition {
        match self.focused_target(session) {
            Some(FocusTarget::Field(at)) => return self.press_field(session, at),
            Some(FocusTarget::Agreement) => return Transition::Open(DialogRoute::Agreement),
            Some(FocusTarget::NextStep) => return self.go_on(session),
            Some(FocusTarget::AddRow(group)) => self.add_row(session, group),
            Some(FocusTarget::RemoveRow(group, row)) => self.remove_row(session, group, row),
            Some(FocusTarget::CopyAddress { to, from }) => session.copy_address(to, from),
            Some(FocusTarget::CopyAgain(group, row)) => {
                let first = session.repeat_copy(group, row);
                self.focus_decided_copy(session, first);
            }
            Some(FocusTarget::KeepCopy(group, row)) => {
                let first = session.keep_outdated_copy(group, row);
                self.focus_decided_copy(session, first);
            }
            Some(FocusTarget::UseOrganization(id)) => self.use_existing_organization(session, id),
            Some(FocusTarget::GroupUndo) => self.undo_group_change(session),
            Some(FocusTarget::ExpertFields) => {
                session.shows_expert_fields = !session.shows_expert_fields;
                if session.shows_expert_fields {
                    session.show_flash(texts::flash::EXPERTS);
                }
            }
            None => {}
        }
        Transition::Stay
    }

    fn press_field(&mut self, session: &mut Session, at: FieldPlace) -> Transition {
        match field_widget(session, at) {
            FieldWidget::Fixed => {
                session.accept_initial_value(at);
                self.restore_focus(session);
            }
            _ if needs_initial_value(session, at) => session.accept_initial_value(at),
            FieldWidget::Pick => return Transition::Open(DialogRoute::Picker(at, String::new())),
            _ => self.move_focus(session, true),
        }
        Transition::Stay
    }

    /// Moves the focus to the field whose copy was repeated or kept. The message about that stays.
    fn focus_decided_copy(&mut self, session: &mut Session, first: Option<FieldPlace>) {
        let flash = session.feedback.flash.take();
        if let Some(at) = first {
            self.set_focus(session, FocusTarget::Field(at));
        }
        session.feedback.flash = flash;
    }

    fn add_row(&mut self, session: &mut Session, group: GroupId) {
        let before = form_values(session);
        let row = session.form.add_row(group);
        session.mark_changed_fields(&before);
        self.focus_row(session, group, row);
    }

    fn remove_row(&mut self, session: &mut Session, group: GroupId, row: RowKey) {
        let before = form_values(session);
        if let Some(removed) = session.form.remove_row(group, row) {
            session.group_undo = Some(GroupUndo::RowRemoved(group, Box::new(removed)));
            session.mark_changed_fields(&before);
            self.set_focus(session, FocusTarget::GroupUndo);
        }
    }

    fn focus_row(&mut self, session: &mut Session, group: GroupId, row: RowKey) {
        if let Some(field) = session.product().fields_of(group).next() {
            self.set_focus(session, FocusTarget::Field(FieldPlace { field, row }));
        }
    }

    fn undo_group_change(&mut self, session: &mut Session) {
        let before = form_values(session);
        match session.group_undo.take() {
            Some(GroupUndo::AddressCopied(group, replaced)) => {
                session.form.restore_address(replaced);
                let part = session.form.group_places(group).find(|at| session.product()[at.field].part.is_some());
                if let Some(at) = part {
                    self.set_focus(session, FocusTarget::Field(at));
                }
            }
            Some(GroupUndo::RowRemoved(group, removed)) => {
                let row = removed.row();
                session.form.restore_row(*removed);
                self.focus_row(session, group, row);
            }
            None => {}
        }
        session.mark_changed_fields(&before);
        self.restore_focus(session);
    }
}

/// Returns true if a field has no value, and the page says that Enter puts the initial value in.
fn needs_initial_value(session: &Session, at: FieldPlace) -> bool {
    session.form.is_blank(at)
        && session.form.field_value(at).is_none()
        && session.form.initial_value(at.field).is_some()
}
