//! The items on the page of a step, in order: fields, headings and buttons; and which of them can have the focus.

use crate::form::{FieldPlace, RemovedRow, ReplacedAddress, RowKey};
use crate::i18n::{TextId, texts};
use crate::product::{GroupId, StepId, ValueKind};
use crate::tui::session::Session;
use crate::tui::session::outdated_copies::outdated_copy_in;
use crate::tui::session::similar_organizations::{has_similar_organizations, similar_organization_targets};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FocusTarget {
    /// A field or mode.
    Field(FieldPlace),
    /// Opens the agreement.
    Agreement,
    /// Adds a row to a list.
    AddRow(GroupId),
    /// Removes a row from a list.
    RemoveRow(GroupId, RowKey),
    CopyAddress {
        to: GroupId,
        from: GroupId,
    },
    /// Copies or fills in a row again from the present values of its source.
    CopyAgain(GroupId, RowKey),
    /// Keeps a row as it was copied or filled in.
    KeepCopy(GroupId, RowKey),
    /// Orders for this existing organization instead of a new one.
    UseOrganization(u64),
    /// Undoes the last copy or removal.
    GroupUndo,
    /// Shows or hides the expert fields.
    ExpertFields,
    NextStep,
}

/// An item on the page of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageItem {
    /// The introduction of the step.
    Intro,
    GroupHeading(GroupId),
    /// The heading of a row; the number starts at one.
    RowHeading(GroupId, usize),
    /// A note that the source of a row has other values now.
    OutdatedNote(GroupId, RowKey),
    /// A focus target, or a field with a fixed value.
    Focusable(FocusTarget),
}

/// A change of a group that can be undone.
#[derive(Debug, Clone)]
pub(crate) enum GroupUndo {
    /// An address that was copied over another.
    AddressCopied(GroupId, ReplacedAddress),
    RowRemoved(GroupId, Box<RemovedRow>),
}

impl GroupUndo {
    /// The text id of the button that undoes the change.
    pub(crate) fn button_text_id(&self) -> TextId {
        match self {
            Self::AddressCopied(..) => texts::button::UNDO_COPY,
            Self::RowRemoved(..) => texts::button::UNDO_REMOVAL,
        }
    }

    fn group(&self) -> GroupId {
        match self {
            Self::AddressCopied(group, _) | Self::RowRemoved(group, _) => *group,
        }
    }
}

/// All items on the page of a step.
pub(crate) fn page_items(session: &Session, step: StepId) -> Vec<PageItem> {
    let mut items = vec![PageItem::Intro];
    for group in session.product().groups_of(step) {
        push_group_items(session, group, &mut items);
    }
    if session.group_undo.as_ref().is_some_and(|undo| session.product()[undo.group()].step == step) {
        items.push(PageItem::Focusable(FocusTarget::GroupUndo));
    }
    if session.form.visible_places_in_step(step).any(|at| session.product()[at.field].has_expert_part()) {
        items.push(PageItem::Focusable(FocusTarget::ExpertFields));
    }
    items.push(PageItem::Focusable(FocusTarget::NextStep));
    items
}

fn push_group_items(session: &Session, group: GroupId, items: &mut Vec<PageItem>) {
    let declared = &session.product()[group];
    if declared.many.is_none() && !session.form.group_places(group).any(|at| session.form.is_visible(at)) {
        return;
    }
    if declared.title.is_some() {
        items.push(PageItem::GroupHeading(group));
    }
    items.extend(
        declared.copies.iter().map(|from| PageItem::Focusable(FocusTarget::CopyAddress { to: group, from: *from })),
    );
    for (index, row) in session.form.rows(group).iter().enumerate() {
        if declared.many.is_some() {
            items.push(PageItem::RowHeading(group, index + 1));
        }
        push_outdated_items(session, group, *row, items);
        push_row_items(session, group, *row, items);
    }
    if declared.many.is_some_and(|many| session.form.rows(group).len() < many.max) {
        items.push(PageItem::Focusable(FocusTarget::AddRow(group)));
    }
}

fn push_outdated_items(session: &Session, group: GroupId, row: RowKey, items: &mut Vec<PageItem>) {
    let Some(one) = outdated_copy_in(session, group, row) else { return };
    items.push(PageItem::OutdatedNote(group, row));
    items.extend(one.has_source().then_some(PageItem::Focusable(FocusTarget::CopyAgain(group, row))));
    items.push(PageItem::Focusable(FocusTarget::KeepCopy(group, row)));
}

fn push_row_items(session: &Session, group: GroupId, row: RowKey, items: &mut Vec<PageItem>) {
    for field in session.product().fields_of(group) {
        let at = FieldPlace { field, row };
        if session.form.is_visible(at) && !is_field_hidden(session, at) {
            if session.product()[field].kind == ValueKind::Consent {
                items.push(PageItem::Focusable(FocusTarget::Agreement));
            }
            items.push(PageItem::Focusable(FocusTarget::Field(at)));
            if has_similar_organizations(session, at) {
                items.extend(similar_organization_targets(session).map(PageItem::Focusable));
            }
        }
    }
    if session.product()[group].many.is_some_and(|many| session.form.rows(group).len() > many.min) {
        items.push(PageItem::Focusable(FocusTarget::RemoveRow(group, row)));
    }
}

/// Returns true for a field that nobody is asked, and for a hidden expert field without problems.
fn is_field_hidden(session: &Session, at: FieldPlace) -> bool {
    let field = &session.product()[at.field];
    field.kind == ValueKind::Opaque
        || field.expert && !session.shows_expert_fields && session.feedback.worst_problem_at(at).is_none()
}

/// The focus targets on the page of a step, in order. A fixed value is among them only if it has a problem,
/// because the person can then accept the right value.
pub(crate) fn focus_targets(session: &Session, step: StepId) -> Vec<FocusTarget> {
    let reachable = |target: &FocusTarget| match target {
        FocusTarget::Field(at) => {
            session.product()[at.field].fixed.is_none() || session.feedback.worst_problem_at(*at).is_some()
        }
        _ => true,
    };
    let spots = page_items(session, step).into_iter().filter_map(|item| match item {
        PageItem::Focusable(target) => Some(target),
        _ => None,
    });
    spots.filter(reachable).collect()
}
