//! The connections within a product file: ids, pointers, conditions, groups, rules.

use super::products;
use std::collections::BTreeSet;
use zegel::product::{Field, FieldId, GroupId, PickList, Product, Requirement, RuleKind, StepId, ValueKind};

#[test]
fn ids_are_unique() {
    for (_, product, _) in products() {
        for ids in [
            product.steps.iter().map(|step| &step.id).collect::<Vec<_>>(),
            product.groups.iter().map(|group| &group.id).collect(),
            product.fields.iter().map(|field| &field.id).collect(),
        ] {
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        }
        for field in product.fields {
            let words: BTreeSet<_> = field.options.iter().map(|option| &option.id).collect();
            assert_eq!(words.len(), field.options.len(), "{}", field.id);
        }
    }
}

/// Returns true if no form can show both: both depend on a mode or choice without a common value.
fn exclude_each_other(product: &Product, a: FieldId, b: FieldId) -> bool {
    let conditions = |id: FieldId| product[product[id].group].when.iter().chain(product[id].when);
    conditions(a)
        .any(|on| conditions(b).any(|other| on.field == other.field && on.is.iter().all(|w| !other.is.contains(w))))
}

#[test]
fn pointers_are_unique_unless_their_conditions_exclude_each_other() {
    let mut shared = 0;
    for (_, product, _) in products() {
        for a in product.field_ids() {
            for b in product.field_ids().filter(|b| a < *b) {
                let (one, other) = (product.json_pointer(a, None), product.json_pointer(b, None));
                if one.is_some() && one == other {
                    shared += 1;
                    assert!(exclude_each_other(product, a, b), "{one:?} is declared twice");
                }
            }
        }
    }
    assert!(shared > 0, "the rule is tried on at least one pair");
}

#[test]
fn no_pointer_runs_through_a_value() {
    for (_, product, _) in products() {
        let pointers: Vec<String> = product.field_ids().filter_map(|id| product.json_pointer(id, None)).collect();
        for group in product.groups {
            assert!(!pointers.iter().any(|pointer| pointer == group.at), "{} is a value and an object", group.at);
        }
    }
}

/// Returns the possible values of a mode, choice or bool.
fn words_of(field: &Field) -> Vec<&str> {
    match field.kind {
        ValueKind::Bool | ValueKind::Consent => vec!["true", "false"],
        _ => field.options.iter().map(|option| option.id).collect(),
    }
}

#[test]
fn conditions_name_an_earlier_field_and_one_of_its_values() {
    for (_, product, _) in products() {
        for (index, field) in product.fields.iter().enumerate() {
            for condition in product[field.group].when.iter().chain(field.when) {
                let on = &product[condition.field];
                assert!(condition.field.0 < index, "{} looks ahead at {}", field.id, on.id);
                assert!(
                    matches!(on.kind, ValueKind::Mode(_) | ValueKind::Choice | ValueKind::Bool),
                    "{} depends on {}",
                    field.id,
                    on.id
                );
                for word in condition.is {
                    assert!(words_of(on).contains(word), "{}: {} cannot be {word}", field.id, on.id);
                }
                let many = product[on.group].many.is_some();
                assert!(!many || on.group == field.group, "{} depends on a row of another list", field.id);
            }
        }
    }
}

#[test]
fn modes_read_members_of_their_own_group() {
    for (_, product, _) in products() {
        for mode in product.fields.iter().filter(|field| field.is_mode()) {
            assert!(mode.options.len() > 1, "{}", mode.id);
            for name in mode.options.iter().filter_map(|option| option.reads).flatten() {
                let mut fields = product.fields_of(mode.group).map(|id| &product[id]);
                assert!(fields.any(|field| field.at.as_ref() == Some(name)), "{} reads {name}", mode.id);
            }
        }
    }
}

#[test]
fn secrets_are_never_saved() {
    for (_, product, _) in products() {
        for field in product.fields.iter().filter(|field| field.secret.is_some()) {
            assert!(!product[field.group].keep, "{}", field.id);
        }
    }
}

/// A default of an account is neither secret nor a deliberate act of the user in each order, and does not depend on the
/// day.
#[test]
fn a_presettable_field_may_be_saved() {
    for (_, product, _) in products() {
        let preset: Vec<_> = product.fields.iter().filter(|field| field.preset).collect();
        assert!(!preset.is_empty());
        for field in preset {
            let fit = matches!(
                field.kind,
                ValueKind::Mode(_) | ValueKind::Text | ValueKind::Integer | ValueKind::Choice | ValueKind::Country
            );
            assert!(fit && field.secret.is_none() && field.fixed.is_none(), "{}", field.id);
            assert!(product[field.group].keep && field.from_issue.is_none(), "{}", field.id);
        }
    }
}

#[test]
fn every_step_group_and_source_has_a_use() {
    for (_, product, _) in products() {
        for step in (0..product.steps.len()).map(StepId) {
            assert!(product.groups_of(step).count() > 0, "{}", product[step].id);
        }
        for group in (0..product.groups.len()).map(GroupId) {
            assert!(product.fields_of(group).count() > 0, "{}", product[group].id);
            assert_eq!(product[group].many.is_some(), product[group].row.is_some(), "{}", product[group].id);
            for from in product[group].copies {
                let parts =
                    |id: GroupId| product.fields_of(id).filter_map(|f| product[f].part).collect::<BTreeSet<_>>();
                assert_eq!(parts(group), parts(*from), "{}", product[group].id);
            }
        }
        for field in product.fields {
            assert_eq!(
                field.kind == ValueKind::Country,
                field.source.as_ref().is_some_and(|s| s.list == PickList::Countries)
            );
        }
    }
}

#[test]
fn rules_are_attached_to_a_field_that_can_correct_them() {
    for (_, product, _) in products() {
        for rule in product.rules {
            let group = product[rule.at].group;
            match &rule.is {
                RuleKind::TotalMax { fields, .. } => {
                    assert!(fields.contains(&rule.at));
                    assert!(fields.iter().all(|field| product[*field].group == group));
                }
                RuleKind::NotPastMonth(month) => assert_eq!(product[*month].group, group),
                RuleKind::Distinct => assert!(product[group].many.is_some()),
                RuleKind::NeedsFact(_) => {}
            }
        }
    }
}

/// Returns true if a field at this member of the mode's object is required while this option is chosen.
fn is_required(product: &Product, mode: FieldId, option: &str, name: &str) -> bool {
    let mut fields = product.fields_of(product[mode].group).map(|id| &product[id]);
    fields.any(|field| {
        let asked = field.when.iter().any(|on| on.field == mode && on.is.contains(&option));
        asked && field.at == Some(name) && field.required == Requirement::Yes
    })
}

#[test]
fn the_member_that_indicates_an_option_is_required_with_it() {
    for (_, product, _) in products() {
        for id in product.field_ids().filter(|id| product[*id].is_mode()) {
            let mode = &product[id];
            let report = || mode.options.iter().filter_map(|option| Some((option, option.reads?)));
            if report().any(|(_, reads)| reads.is_empty()) {
                continue;
            }
            for (option, reads) in report() {
                assert!(reads.iter().all(|name| is_required(product, id, option.id, name)), "{}", option.id);
            }
            // An option that no member indicates needs a member that would indicate another one.
            for option in mode.options.iter().filter(|option| option.reads.is_none()) {
                let needs = |name: &&str| is_required(product, id, option.id, name);
                assert!(report().any(|(_, reads)| reads.len() == 1 && needs(&reads[0])), "{}", option.id);
            }
        }
    }
}
