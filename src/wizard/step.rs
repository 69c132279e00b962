//! What the keys do on the page of a step: press buttons, tick, choose, add and take out, copy.
//!
//! What was copied over or taken out can be taken back once. Moving about is the matter of `focus`.

use super::fields::Style;
use super::items::Undo;
use super::outdated::is_place;
use super::{Model, Overlay, Spot};
use crate::form::{Address, Place, Row, Source};
use crate::layout::Reader;
use crate::product::GroupId;

impl Model {
    /// Presses what has the focus: a button does what it says, a list opens, everything else goes on.
    pub(super) fn press(&mut self) {
        match self.spot() {
            Some(Spot::Field(at)) => self.press_field(at),
            Some(Spot::Agreement) => self.overlays.push(Overlay::Agreement(Reader::default())),
            Some(Spot::Add(group)) => self.add_row(group),
            Some(Spot::Remove(group, row)) => {
                let before = self.entered();
                if let Some(removed) = self.form.remove_row(group, row) {
                    self.undo = Some(Undo::Removed(group, Box::new(removed)));
                    self.mark_changes(&before);
                    self.focus_on(Spot::TakeBack);
                }
            }
            Some(Spot::Copy { to, from }) => self.copy(to, from),
            Some(Spot::CopyAgain(group, row)) => self.copy_again(group, row),
            Some(Spot::KeepCopy(group, row)) => self.keep_copy(group, row),
            Some(Spot::Take(id)) => self.take_alike(id),
            Some(Spot::TakeBack) => self.take_back(),
            Some(Spot::Experts) => self.fold_experts(),
            Some(Spot::Forward) => self.forward(),
            None => {}
        }
    }

    fn press_field(&mut self, at: Place) {
        match self.style(at) {
            Style::Fixed => {
                self.accept(at);
                self.keep_focus();
            }
            _ if self.is_missing(at) => self.accept(at),
            Style::Pick => self.open_picker(at, ""),
            _ => self.move_focus(true),
        }
    }

    /// Whether a field lacks a value of which it is said that Enter puts it in.
    fn is_missing(&self, at: Place) -> bool {
        self.form.is_blank(at) && self.form.held(at).is_none() && self.form.initial(at.field).is_some()
    }

    /// Shows what is for experts in its place, or folds it away.
    fn fold_experts(&mut self) {
        self.experts = !self.experts;
        if self.experts {
            self.flash("flash.experts");
        }
    }

    fn add_row(&mut self, group: GroupId) {
        let before = self.entered();
        let row = self.form.add_row(group);
        self.mark_changes(&before);
        self.focus_on_row(group, row);
    }

    fn focus_on_row(&mut self, group: GroupId, row: Row) {
        if let Some(field) = self.product().fields_of(group).next() {
            self.focus_on(Spot::Field(Place { field, row }));
        }
    }

    /// The address that can be copied from a group, and the organization whose it is: what stands in the group, or that
    /// of the organization picked there.
    fn address_of(&self, group: GroupId) -> (Address, Option<u64>) {
        let typed = self.form.address(group);
        if is_place(&typed) {
            return (typed, None);
        }
        let id = self.picked_in(group);
        (id.and_then(|id| self.known.organization(id)).map(Address::from).unwrap_or_default(), id)
    }

    /// Copies the address of one group into another.
    pub(super) fn copy(&mut self, to: GroupId, from: GroupId) {
        let (address, organization) = self.address_of(from);
        if address.is_empty() {
            return self.flash("flash.no_address");
        }
        let earlier = match &self.undo {
            Some(Undo::Copied(group, replaced)) if *group == to => Some(replaced),
            _ => None,
        };
        let before = self.entered();
        let replaced = self.form.paste_address(to, &address, earlier);
        self.form.set_address_origin(to, Source::Address { of: from, organization });
        self.undo = Some(Undo::Copied(to, replaced));
        self.mark_changes(&before);
        self.flash("flash.copied");
    }

    fn take_back(&mut self) {
        let before = self.entered();
        match self.undo.take() {
            Some(Undo::Copied(group, before)) => {
                self.form.restore(before);
                let part = self.form.places(group).find(|at| self.product()[at.field].part.is_some());
                if let Some(at) = part {
                    self.focus_on(Spot::Field(at));
                }
            }
            Some(Undo::Removed(group, removed)) => {
                let row = removed.row();
                self.form.put_back(*removed);
                self.focus_on_row(group, row);
            }
            None => {}
        }
        self.mark_changes(&before);
        self.keep_focus();
    }
}
