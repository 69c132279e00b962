//! What stands on the page of a step, in order: fields, headings, buttons. And which of it can have the focus.

use super::Model;
use crate::form::{Place, Removed, Replaced, Row};
use crate::product::{GroupId, Kind, StepId};

/// Something that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// A field or mode.
    Field(Place),
    /// Reads the agreement.
    Agreement,
    /// Adds a row to a list.
    Add(GroupId),
    /// Takes a row out of a list.
    Remove(GroupId, Row),
    /// Copies an address.
    Copy {
        /// Where to.
        to: GroupId,
        /// Where from.
        from: GroupId,
    },
    /// Copies or fills in a row again, as its source is now.
    CopyAgain(GroupId, Row),
    /// Keeps a row as it was copied or filled in.
    KeepCopy(GroupId, Row),
    /// Orders for this organization, which there is, in place of a new one.
    Take(u64),
    /// Takes back the last copy or removal.
    TakeBack,
    /// Unfolds or folds what is for experts.
    Experts,
    /// On to the next step.
    Forward,
}

/// Something that stands on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// What the step is about.
    Intro,
    /// The heading of a group.
    Heading(GroupId),
    /// The heading of a row, counted from one.
    RowHeading(GroupId, usize),
    /// That the source of a row says something else now.
    Outdated(GroupId, Row),
    /// Something that can have the focus, or a field with a fixed value.
    Spot(Spot),
}

/// What can be taken back.
#[derive(Debug, Clone)]
pub(super) enum Undo {
    /// An address that was copied over another.
    Copied(GroupId, Replaced),
    /// A row that was taken out.
    Removed(GroupId, Box<Removed>),
}

impl Undo {
    /// What the button says that takes it back.
    pub(super) fn text(&self) -> &'static str {
        match self {
            Self::Copied(..) => "button.undo_copy",
            Self::Removed(..) => "button.undo_removal",
        }
    }

    fn group(&self) -> GroupId {
        match self {
            Self::Copied(group, _) | Self::Removed(group, _) => *group,
        }
    }
}

impl Model {
    /// Everything on the page of a step.
    pub(super) fn items(&self, step: StepId) -> Vec<Item> {
        let mut items = vec![Item::Intro];
        for group in self.product().groups_of(step) {
            self.group_items(group, &mut items);
        }
        if self.undo.as_ref().is_some_and(|undo| self.product()[undo.group()].step == step) {
            items.push(Item::Spot(Spot::TakeBack));
        }
        if self.form.asked(step).any(|at| self.product()[at.field].has_expert()) {
            items.push(Item::Spot(Spot::Experts));
        }
        items.push(Item::Spot(Spot::Forward));
        items
    }

    fn group_items(&self, group: GroupId, items: &mut Vec<Item>) {
        let declared = &self.product()[group];
        if declared.many.is_none() && !self.form.places(group).any(|at| self.form.visible(at)) {
            return;
        }
        if declared.title.is_some() {
            items.push(Item::Heading(group));
        }
        items.extend(declared.copies.iter().map(|from| Item::Spot(Spot::Copy { to: group, from: *from })));
        for (index, row) in self.form.rows(group).iter().enumerate() {
            if declared.many.is_some() {
                items.push(Item::RowHeading(group, index + 1));
            }
            self.outdated_items(group, *row, items);
            self.row_items(group, *row, items);
        }
        if declared.many.is_some_and(|many| self.form.rows(group).len() < many.max) {
            items.push(Item::Spot(Spot::Add(group)));
        }
    }

    fn outdated_items(&self, group: GroupId, row: Row, items: &mut Vec<Item>) {
        let Some(one) = self.outdated_in(group, row) else { return };
        items.push(Item::Outdated(group, row));
        items.extend(one.has_source().then_some(Item::Spot(Spot::CopyAgain(group, row))));
        items.push(Item::Spot(Spot::KeepCopy(group, row)));
    }

    fn row_items(&self, group: GroupId, row: Row, items: &mut Vec<Item>) {
        for field in self.product().fields_of(group) {
            let at = Place { field, row };
            if self.form.visible(at) && !self.is_folded(at) {
                if self.product()[field].kind == Kind::Consent {
                    items.push(Item::Spot(Spot::Agreement));
                }
                items.push(Item::Spot(Spot::Field(at)));
                if self.has_alikes(at) {
                    items.extend(self.alikes().map(Item::Spot));
                }
            }
        }
        if self.product()[group].many.is_some_and(|many| self.form.rows(group).len() > many.min) {
            items.push(Item::Spot(Spot::Remove(group, row)));
        }
    }

    /// Whether a field is not shown: what nobody is asked, and what is for experts while nothing is wrong with it.
    fn is_folded(&self, at: Place) -> bool {
        let field = &self.product()[at.field];
        field.kind == Kind::Opaque || field.expert && !self.experts && self.marks.problem_at(at).is_none()
    }

    /// What can have the focus on the page of a step, in order. A fixed value can where something is wrong with
    /// it: then it can be accepted.
    pub(super) fn spots(&self, step: StepId) -> Vec<Spot> {
        let reachable = |spot: &Spot| match spot {
            Spot::Field(at) => self.product()[at.field].fixed.is_none() || self.marks.problem_at(*at).is_some(),
            _ => true,
        };
        let spots = self.items(step).into_iter().filter_map(|item| match item {
            Item::Spot(spot) => Some(spot),
            _ => None,
        });
        spots.filter(reachable).collect()
    }
}
