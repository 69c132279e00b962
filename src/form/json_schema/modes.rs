//! The options of a mode as a schema: an option shows by members that are present and by members that are absent.
//!
//! Parsing uses the same rule: of the options whose members are all present, the one with most members wins, and
//! among equals the first one. This module sees one object of the payload, and no values.

use crate::product::{Field, FieldOption, ModeConflict, ValueKind};
use serde_json::{Value, json};

/// An option, with the members that show it.
type RankedOption<'a> = (&'a FieldOption, &'a [&'static str]);

/// One way to show an option: the members that are present, and the sets that are not present as a whole.
#[derive(Debug, PartialEq, Eq)]
struct OptionPattern<'a> {
    present: &'a [&'static str],
    absent: Vec<&'a [&'static str]>,
}

impl OptionPattern<'_> {
    /// Returns true if every object that matches the other pattern matches this one.
    fn is_superset_of(&self, other: &Self) -> bool {
        self.present.iter().all(|name| other.present.contains(name))
            && self.absent.iter().all(|names| other.absent.contains(names))
    }

    fn into_value(self) -> Value {
        let mut value = required_schema(self.present);
        match self.absent.as_slice() {
            [] => {}
            [names] => value["not"] = required_schema(names),
            several => {
                value["not"] = json!({"anyOf": several.iter().map(|names| required_schema(names)).collect::<Vec<_>>()});
            }
        }
        value
    }
}

/// Returns the schema of an object that shows one of these options; `None` if none of them can be shown.
pub(super) fn option_schema(mode: &Field, is: &[&str]) -> Option<Value> {
    let ways: Vec<Value> = option_patterns(mode, is).into_iter().map(OptionPattern::into_value).collect();
    (!ways.is_empty()).then(|| any_of_schema(ways))
}

/// Returns the rules for every object that a mode is read from.
pub(super) fn mode_rules(mode: &Field) -> Vec<Value> {
    let ranked = rank_options(mode);
    let mut rules = Vec::new();
    // If every option is shown by members, the object must have the members of one of them.
    if !mode.options.iter().any(|option| option.reads.is_some_and(<[_]>::is_empty)) {
        let ways = ranked.iter().map(|(_, with)| OptionPattern { present: with, absent: Vec::new() });
        rules.push(any_of_schema(
            drop_covered_patterns(ways.collect()).into_iter().map(OptionPattern::into_value).collect(),
        ));
    }
    if mode.kind == ValueKind::Mode(ModeConflict::Error) {
        rules.extend(conflict_schemas(&ranked));
    }
    rules
}

/// Returns the options that members show, the strongest first.
fn rank_options(mode: &Field) -> Vec<RankedOption<'_>> {
    let readable = mode.options.iter().filter_map(|option| Some((option, option.reads?)));
    let mut ranked: Vec<RankedOption<'_>> = readable.filter(|(_, reads)| !reads.is_empty()).collect();
    // Equals stay in the order of the file.
    ranked.sort_by_key(|(_, reads)| std::cmp::Reverse(reads.len()));
    ranked
}

/// Forbids two of the strongest options at once.
fn conflict_schemas(ranked: &[RankedOption<'_>]) -> Vec<Value> {
    let most = ranked.first().map_or(0, |(_, reads)| reads.len());
    let strongest: Vec<&[&str]> = ranked.iter().map(|(_, reads)| *reads).filter(|reads| reads.len() == most).collect();
    let pairs =
        strongest.iter().enumerate().flat_map(|(at, one)| strongest[at + 1..].iter().map(move |two| [*one, *two]));
    pairs.map(|pair| json!({"not": required_schema(&pair.concat())})).collect()
}

/// Returns the patterns of these options. A pattern needs the option's own members, and the absence of every stronger
/// option, unless both together show one of these options that is stronger still.
fn option_patterns<'a>(mode: &'a Field, is: &[&str]) -> Vec<OptionPattern<'a>> {
    let ranked = rank_options(mode);
    let wanted = |option: &RankedOption<'_>| is.contains(&option.0.id);
    let overruled = |rank: usize, with: &[&str]| {
        let together = |name: &&str| with.contains(name) || ranked[rank].1.contains(name);
        ranked[..rank].iter().any(|option| wanted(option) && option.1.iter().all(together))
    };
    let way = |(rank, option): (usize, &RankedOption<'a>)| {
        let stronger = (0..rank).filter(|other| !wanted(&ranked[*other]) && !overruled(*other, option.1));
        OptionPattern { present: option.1, absent: stronger.map(|other| ranked[other].1).collect() }
    };
    drop_covered_patterns(ranked.iter().enumerate().filter(|(_, option)| wanted(option)).map(way).collect())
}

/// Drops the patterns that another pattern covers.
fn drop_covered_patterns(ways: Vec<OptionPattern<'_>>) -> Vec<OptionPattern<'_>> {
    let mut patterns: Vec<OptionPattern<'_>> = Vec::new();
    for way in ways {
        if !patterns.iter().any(|other| other.is_superset_of(&way)) {
            patterns.retain(|other| !way.is_superset_of(other));
            patterns.push(way);
        }
    }
    patterns
}

fn required_schema(names: &[&str]) -> Value {
    json!({"required": names})
}

fn any_of_schema(mut ways: Vec<Value>) -> Value {
    if ways.len() == 1 { ways.remove(0) } else { json!({"anyOf": ways}) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::PKIO;
    use rstest::rstest;

    #[rstest]
    #[case("org.how", &["existing"], r#"{"required":["id"]}"#)]
    #[case("org.how", &["new"], r#"{"required":["name"],"not":{"required":["id"]}}"#)]
    #[case("contact.how", &["person", "both"], r#"{"required":["user_id"]}"#)]
    #[case("contact.how", &["new", "both"], r#"{"required":["first_name"]}"#)]
    #[case("contact.how", &["both"], r#"{"required":["user_id","first_name"]}"#)]
    #[case("contact.how", &["person"], r#"{"required":["user_id"],"not":{"required":["user_id","first_name"]}}"#)]
    #[case("valid.how", &["date"], r#"{"required":["custom_expiration_date"]}"#)]
    #[case("valid.how", &["days"], r#"{"required":["days"],"not":{"required":["custom_expiration_date"]}}"#)]
    #[case(
        "valid.how",
        &["years"],
        r#"{"required":["years"],"not":{"anyOf":[{"required":["custom_expiration_date"]},{"required":["days"]}]}}"#
    )]
    #[case("valid.how", &["days", "date"], r#"{"anyOf":[{"required":["custom_expiration_date"]},{"required":["days"]}]}"#)]
    fn the_schema_detects_an_option_by_its_members(#[case] mode: &str, #[case] is: &[&str], #[case] schema: &str) {
        let product = PKIO;
        let shown = option_schema(&product[product.find_field(mode).unwrap()], is);
        assert_eq!(shown, Some(serde_json::from_str(schema).unwrap()));
    }

    #[rstest]
    #[case("contact.how", "user")]
    #[case("valid.how", "none")]
    fn the_schema_cannot_detect_an_option_without_members(#[case] mode: &str, #[case] is: &str) {
        let product = PKIO;
        assert_eq!(option_schema(&product[product.find_field(mode).unwrap()], &[is]), None);
    }

    #[rstest]
    #[case("org.how", r#"[{"anyOf":[{"required":["id"]},{"required":["name"]}]},{"not":{"required":["id","name"]}}]"#)]
    #[case("contact.how", r#"[{"anyOf":[{"required":["user_id"]},{"required":["first_name"]}]}]"#)]
    #[case("valid.how", "[]")]
    fn the_schema_applies_common_rules_to_every_object(#[case] mode: &str, #[case] rules_are: &str) {
        let product = PKIO;
        let found = mode_rules(&product[product.find_field(mode).unwrap()]);
        assert_eq!(Value::from(found), serde_json::from_str::<Value>(rules_are).unwrap());
    }
}
