//! What the keys do on the page of a step: press buttons, tick, choose, add and remove rows, copy addresses.
//!
//! The last copy of an address or removal of a row can be undone once. `focus` moves between fields and steps.

pub(crate) mod defaults;
pub(crate) mod division;
pub(crate) mod focus;
pub(crate) mod outdated_copies;
pub(crate) mod page;
pub(crate) mod similar_organization;
pub(crate) mod stored_card;
pub(crate) mod values;

use crate::form::{Address, FieldPlace, OriginSource, RowKey};
use crate::product::GroupId;
use crate::tui::app::{App, Dialog, FocusTarget};
use crate::tui::dialogs::agreement::AgreementDialog;
use crate::tui::screens::step::outdated_copies::has_more_than_country;
use crate::tui::screens::step::outdated_copies::picked_organization_in;
use crate::tui::session::Session;
use crate::tui::session::field_widgets::{FieldWidget, field_widget};
use crate::tui::session::page_items::GroupUndo;

impl App {
    /// Presses the focused target: a button does what its label says, a list opens, and all else moves the focus on.
    pub(crate) fn press_focused_target(&mut self) {
        match self.focused_target() {
            Some(FocusTarget::Field(at)) => self.press_field(at),
            Some(FocusTarget::Agreement) => self.dialogs.push(Dialog::Agreement(AgreementDialog::default())),
            Some(FocusTarget::AddRow(group)) => self.add_row(group),
            Some(FocusTarget::RemoveRow(group, row)) => {
                let before = self.session.form_values();
                if let Some(removed) = self.session.form.remove_row(group, row) {
                    self.session.group_undo = Some(GroupUndo::RowRemoved(group, Box::new(removed)));
                    self.session.mark_changed_fields(&before);
                    self.set_focus(FocusTarget::GroupUndo);
                }
            }
            Some(FocusTarget::CopyAddress { to, from }) => self.session.copy_address(to, from),
            Some(FocusTarget::CopyAgain(group, row)) => self.repeat_copy(group, row),
            Some(FocusTarget::KeepCopy(group, row)) => self.keep_outdated_copy(group, row),
            Some(FocusTarget::UseOrganization(id)) => self.use_existing_organization(id),
            Some(FocusTarget::GroupUndo) => self.undo_group_change(),
            Some(FocusTarget::ExpertFields) => self.session.toggle_expert_fields(),
            Some(FocusTarget::NextStep) => self.go_to_next_step(),
            None => {}
        }
    }

    fn press_field(&mut self, at: FieldPlace) {
        match field_widget(&self.session, at) {
            FieldWidget::Fixed => {
                self.session.accept_initial_value(at);
                self.restore_focus();
            }
            _ if needs_initial_value(&self.session, at) => self.session.accept_initial_value(at),
            FieldWidget::Pick => self.open_picker(at, ""),
            _ => self.move_focus(true),
        }
    }

    fn add_row(&mut self, group: GroupId) {
        let before = self.session.form_values();
        let row = self.session.form.add_row(group);
        self.session.mark_changed_fields(&before);
        self.focus_row(group, row);
    }

    fn focus_row(&mut self, group: GroupId, row: RowKey) {
        if let Some(field) = self.session.product().fields_of(group).next() {
            self.set_focus(FocusTarget::Field(FieldPlace { field, row }));
        }
    }

    fn undo_group_change(&mut self) {
        let before = self.session.form_values();
        match self.session.group_undo.take() {
            Some(GroupUndo::AddressCopied(group, before)) => {
                self.session.form.restore_address(before);
                let part =
                    self.session.form.group_places(group).find(|at| self.session.product()[at.field].part.is_some());
                if let Some(at) = part {
                    self.set_focus(FocusTarget::Field(at));
                }
            }
            Some(GroupUndo::RowRemoved(group, removed)) => {
                let row = removed.row();
                self.session.form.restore_row(*removed);
                self.focus_row(group, row);
            }
            None => {}
        }
        self.session.mark_changed_fields(&before);
        self.restore_focus();
    }
}

impl Session {
    /// Shows or hides the expert fields.
    fn toggle_expert_fields(&mut self) {
        self.shows_expert_fields = !self.shows_expert_fields;
        if self.shows_expert_fields {
            self.show_flash("flash.experts");
        }
    }

    /// Copies the address of one group into another, or shows a message if there is no address to copy.
    pub(crate) fn copy_address(&mut self, to: GroupId, from: GroupId) {
        let (address, organization) = address_to_copy(self, from);
        if address.is_empty() {
            return self.show_flash("flash.no_address");
        }
        let earlier = match &self.group_undo {
            Some(GroupUndo::AddressCopied(group, replaced)) if *group == to => Some(replaced),
            _ => None,
        };
        let before = self.form_values();
        let replaced = self.form.paste_address(to, &address, earlier);
        self.form.set_address_origin(to, OriginSource::Address { of: from, organization });
        self.group_undo = Some(GroupUndo::AddressCopied(to, replaced));
        self.mark_changed_fields(&before);
        self.show_flash("flash.copied");
    }
}

/// Returns true if a field has no value, and the page says that Enter puts the initial value in.
fn needs_initial_value(session: &Session, at: FieldPlace) -> bool {
    session.form.is_blank(at)
        && session.form.field_value(at).is_none()
        && session.form.initial_value(at.field).is_some()
}

/// Returns the address that can be copied from a group: the typed address, or else that of the organization picked
/// there. In the second case the id of the organization comes with it.
fn address_to_copy(session: &Session, group: GroupId) -> (Address, Option<u64>) {
    let typed = session.form.address(group);
    if has_more_than_country(&typed) {
        return (typed, None);
    }
    let id = picked_organization_in(session, group);
    (id.and_then(|id| session.account_data.organization(id)).map(Address::from).unwrap_or_default(), id)
}
