//! The defaults product: the part of an order that can be filled in once for all new orders.
//!
//! It is made from the same product file, so that a field is declared once. No field in it is required, and a field
//! whose condition names a field that is left out is always asked.

use super::super::vocabulary::{Requirement, RowLimits};
use super::{Field, Group, ProductFile, RuleKind};
use std::collections::BTreeSet;

impl ProductFile {
    /// Keeps what can be preset.
    pub(super) fn keep_presets(&mut self) {
        self.field.retain(|field| field.preset);
        self.mode.retain(|mode| mode.preset);
        let fields = self.field.iter().map(|field| &field.id).chain(self.mode.iter().map(|mode| &mode.id));
        let kept: BTreeSet<String> = fields.cloned().collect();
        let groups = self.field.iter().map(|field| &field.group).chain(self.mode.iter().map(|mode| &mode.group));
        let groups: BTreeSet<String> = groups.cloned().collect();
        self.group.retain(|group| groups.contains(&group.id));
        let steps: BTreeSet<&String> = self.group.iter().map(|group| &group.step).collect();
        self.step.retain(|step| steps.contains(&step.id));
        self.group.iter_mut().for_each(|group| loosen_group(group, &kept, &groups));
        self.field.iter_mut().for_each(|field| loosen_field(field, &kept));
        self.rule.retain(|rule| kept.contains(&rule.at) && other_fields(&rule.is).iter().all(|id| kept.contains(id)));
        self.rule.iter_mut().for_each(|rule| rule.when.retain(|condition| kept.contains(&condition.field)));
        self.errors.clear();
        self.words.clear();
    }
}

fn loosen_group(group: &mut Group, kept: &BTreeSet<String>, groups: &BTreeSet<String>) {
    group.when.retain(|condition| kept.contains(&condition.field));
    group.copies.retain(|from| groups.contains(from));
    // Of a list only the one row is asked that a new order begins with.
    group.many = group.many.map(|_| RowLimits { min: 1, max: 1 });
}

fn loosen_field(field: &mut Field, kept: &BTreeSet<String>) {
    field.required = Requirement::No;
    field.when.retain(|condition| kept.contains(&condition.field));
    if let Some(source) = &mut field.source {
        source.fills.retain(|id, _| kept.contains(id));
        source.without_id.take_if(|without| !kept.contains(&without.mode));
        source.without_id.iter_mut().for_each(|without| without.fills.retain(|id, _| kept.contains(id)));
    }
}

/// Returns the other fields that a rule names.
fn other_fields(rule: &RuleKind) -> &[String] {
    match rule {
        RuleKind::TotalMax { fields, .. } => fields,
        RuleKind::NotPastMonth(month) => std::slice::from_ref(month),
        RuleKind::Distinct | RuleKind::NeedsFact(_) => &[],
    }
}
