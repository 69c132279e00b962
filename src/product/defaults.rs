//! The defaults product: the part of an order that can be filled in once for all new orders.
//!
//! It is made from the same product file, so that a field is declared once. No field in it is required, and a field
//! whose condition names a field that is left out is always asked.

use super::file_format::{self, RawRuleKind, Requirement};
use super::{Product, ProductFileError, load};
use std::collections::BTreeSet;

/// Parses a product file for the fields that can be preset.
///
/// # Errors
/// As for the whole file.
pub(super) fn parse_defaults_product(source: &str) -> Result<Product, ProductFileError> {
    let mut file: file_format::RawProductFile = toml::from_str(source)?;
    file.field.retain(|field| field.preset);
    file.mode.retain(|mode| mode.preset);
    let fields = file.field.iter().map(|field| &field.id).chain(file.mode.iter().map(|mode| &mode.id));
    let kept: BTreeSet<String> = fields.cloned().collect();
    let groups = file.field.iter().map(|field| &field.group).chain(file.mode.iter().map(|mode| &mode.group));
    let groups: BTreeSet<String> = groups.cloned().collect();
    file.group.retain(|group| groups.contains(&group.id));
    let steps: BTreeSet<&String> = file.group.iter().map(|group| &group.step).collect();
    file.step.retain(|step| steps.contains(&step.id));
    file.group.iter_mut().for_each(|group| loosen_group(group, &kept, &groups));
    file.field.iter_mut().for_each(|field| loosen_field(field, &kept));
    file.rule.retain(|rule| kept.contains(&rule.at) && other_fields(&rule.is).iter().all(|id| kept.contains(*id)));
    file.rule.iter_mut().for_each(|rule| rule.when.retain(|condition| kept.contains(&condition.field)));
    file.errors.clear();
    file.words.clear();
    load::resolve_file(file)
}

fn loosen_group(group: &mut file_format::RawGroup, kept: &BTreeSet<String>, groups: &BTreeSet<String>) {
    group.when.retain(|condition| kept.contains(&condition.field));
    group.copies.retain(|from| groups.contains(from));
    // Of a list only the one row is asked that a new order begins with.
    group.many = group.many.map(|_| file_format::RowLimits { min: 1, max: 1 });
}

fn loosen_field(field: &mut file_format::RawField, kept: &BTreeSet<String>) {
    field.required = Requirement::No;
    field.when.retain(|condition| kept.contains(&condition.field));
    if let Some(source) = &mut field.source {
        source.fills.retain(|id, _| kept.contains(id));
        source.without_id.take_if(|without| !kept.contains(&without.mode));
        source.without_id.iter_mut().for_each(|without| without.fills.retain(|id, _| kept.contains(id)));
    }
}

/// Returns the other fields that a rule names.
fn other_fields(rule: &RawRuleKind) -> Vec<&String> {
    match rule {
        RawRuleKind::TotalMax(total) => total.fields.iter().collect(),
        RawRuleKind::NotPastMonth(month) => vec![month],
        RawRuleKind::Distinct | RawRuleKind::NeedsFact(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::form::Form;
    use crate::product::{Requirement, load_defaults_product, load_pkio_product, load_setup_product};

    #[test]
    fn the_defaults_form_has_only_presettable_fields_and_requires_none() {
        let (whole, part) = (load_pkio_product().unwrap(), load_defaults_product().unwrap());
        let expected: Vec<&str> =
            whole.fields.iter().filter(|field| field.preset).map(|field| field.id.as_str()).collect();
        let found: Vec<&str> = part.fields.iter().map(|field| field.id.as_str()).collect();
        assert_eq!(found, expected);
        assert!(part.fields.iter().all(|field| field.is_mode() || field.required == Requirement::No));
        assert!(part.fields.iter().all(|field| field.secret.is_none()));
        let steps: Vec<&str> = part.steps.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(steps, ["organization", "contacts", "shipping", "payment"]);
    }

    #[test]
    fn a_new_order_takes_the_saved_defaults() {
        let values = [("org.id", "900001"), ("contact.person", "800001"), ("ship.city", "Zilverdam")];
        let values = values.map(|(id, text)| (id.to_owned(), text.to_owned()));
        let mut part = Form::new(load_defaults_product().unwrap());
        assert_eq!(part.apply_account_defaults(&values).rejected, []);
        let told = part.account_defaults();
        assert!(values.iter().all(|value| told.contains(value)), "{told:?}");
        let mut whole = Form::new(load_pkio_product().unwrap());
        assert_eq!(whole.apply_account_defaults(&told).rejected, []);
    }

    #[test]
    fn setup_has_its_own_form() {
        let setup = load_setup_product().unwrap();
        let steps: Vec<&str> = setup.steps.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(steps, ["account", "key"]);
        assert!(setup.fields.iter().all(|field| !field.preset));
        let secrets: Vec<&str> =
            setup.fields.iter().filter(|field| field.secret.is_some()).map(|field| field.id.as_str()).collect();
        assert_eq!(secrets, ["keep.key"]);
    }
}
