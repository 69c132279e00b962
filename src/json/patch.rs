//! Patching: changes the values of a JSON text and leaves every other byte unchanged.
//!
//! An unchanged value keeps its spelling and its place; a new one is laid out like its neighbors. Of duplicate
//! members the last counts, and the others are removed. Fields do not belong here: the caller masks the changes that
//! must not be shown.
//!
//! The concrete syntax tree of `jsonc-parser` does not do this: to insert a member it breaks up an object that is on
//! one line, so `{"a":1}` gets three lines; it removes blank lines after a bracket; and it writes a bidirectional
//! control as it is.

use super::style::{JsonChild, JsonStyle, children, line_indentation};
use super::{JsonNode, JsonValue, MemberName, write_one_line, write_quoted};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A patched text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchedText {
    /// The whole text.
    pub text: String,
    /// The differences from the source.
    pub changes: Vec<JsonChange>,
}

/// A difference between the source and the patched text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonChange {
    /// The JSON pointer: into the source for a removed value, otherwise into the patched text.
    pub pointer: String,
    pub kind: JsonChangeKind,
}

/// The kind of a change. Values are spelled as JSON, and none contains others: a list or object is reported by the
/// values in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonChangeKind {
    /// The value was added.
    Added(String),
    /// The value was removed.
    Removed(String),
    /// The first value became the second.
    Changed(String, String),
    /// A duplicate that did not count was removed: a later member has the same name.
    DuplicateRemoved(String),
    /// The members have another order.
    Reordered,
}

/// Patches the source so that it has the values of the target. `doc` is what was parsed from the source.
pub fn patch_text(source: &str, doc: &JsonNode, target: &JsonNode) -> PatchedText {
    let style = JsonStyle::detect_style(source, doc);
    let indent = (!style.line_end.is_empty()).then(|| line_indentation(source, doc.span.start));
    let mut patcher = JsonPatcher { source, style, pointer: String::new(), changes: Vec::new() };
    let mut text = source[..doc.span.start].to_owned();
    patcher.patch_value(&mut text, Some(doc), target, indent);
    text.push_str(&source[doc.span.end..]);
    PatchedText { text, changes: patcher.changes }
}

/// An item between two brackets, and the index of the source item that it replaces.
struct PatchPiece<'a> {
    child: JsonChild<'a>,
    source_index: Option<usize>,
}

struct JsonPatcher<'a> {
    source: &'a str,
    style: JsonStyle<'a>,
    /// The JSON pointer to the current node.
    pointer: String,
    changes: Vec<JsonChange>,
}

/// The indentation of the lines around a value; `None` if the value is on one line with its parent.
type Indent<'a> = Option<&'a str>;

impl JsonPatcher<'_> {
    /// Appends `is` in the place of `was`, or as a new value.
    fn patch_value(&mut self, out: &mut String, was: Option<&JsonNode>, is: &JsonNode, indent: Indent<'_>) {
        match was {
            Some(was) if was == is => return out.push_str(&self.source[was.span.clone()]),
            _ => {}
        }
        let (was, pieces) = match (was.map(|was| &was.value), &is.value) {
            (Some(JsonValue::Object(old)), JsonValue::Object(new)) if has_unique_names(new) => {
                (was, self.match_members(old, new))
            }
            (Some(JsonValue::List(old)), JsonValue::List(new)) => (was, self.match_rows(old, new)),
            _ if self.record_replacement(was, is) => return write_one_line(out, is),
            _ => (None, children(is).into_iter().map(|child| PatchPiece { child, source_index: None }).collect()),
        };
        self.write_between_brackets(out, was, is, &pieces, indent);
    }

    /// Returns the members of the patched object, and records the removed ones.
    fn match_members<'b>(
        &mut self,
        old: &[(MemberName, JsonNode)],
        new: &'b [(MemberName, JsonNode)],
    ) -> Vec<PatchPiece<'b>> {
        let last: BTreeMap<&str, usize> = old.iter().enumerate().map(|(at, (name, _))| (&**name, at)).collect();
        let kept: BTreeSet<&str> = new.iter().map(|(name, _)| &**name).collect();
        for (at, (name, doc)) in old.iter().enumerate() {
            if last.get(&**name) != Some(&at) {
                self.with_step(name, |patcher| patcher.record_leaves(doc, JsonChangeKind::DuplicateRemoved));
            } else if !kept.contains(&**name) {
                self.with_step(name, |patcher| patcher.record_leaves(doc, JsonChangeKind::Removed));
            }
        }
        let pieces: Vec<PatchPiece<'b>> = new
            .iter()
            .map(|(name, node)| PatchPiece {
                child: JsonChild { name: Some(name), node },
                source_index: last.get(&**name).copied(),
            })
            .collect();
        if !pieces.iter().filter_map(|piece| piece.source_index).is_sorted() {
            self.record_change(JsonChangeKind::Reordered);
        }
        pieces
    }

    /// Returns the rows of the patched list: the equal rows at both ends, and between them row for row.
    fn match_rows<'b>(&mut self, old: &[JsonNode], new: &'b [JsonNode]) -> Vec<PatchPiece<'b>> {
        let same = |(old, new): &(&JsonNode, &JsonNode)| old == new;
        let head = old.iter().zip(new).take_while(same).count();
        let rest = old.len().min(new.len()) - head;
        let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(same).count();
        let (old_end, new_end) = (old.len() - tail, new.len() - tail);
        for (at, doc) in old.iter().enumerate().take(old_end).skip(new_end) {
            self.with_step(&at.to_string(), |patcher| patcher.record_leaves(doc, JsonChangeKind::Removed));
        }
        let from =
            |at: usize| if at >= new_end { Some(old_end + at - new_end) } else { Some(at).filter(|at| *at < old_end) };
        let child = |node| JsonChild { name: None, node };
        new.iter().enumerate().map(|(at, doc)| PatchPiece { child: child(doc), source_index: from(at) }).collect()
    }

    /// Appends the items, with the text that separates them in the source if there is any.
    fn write_between_brackets(
        &mut self,
        out: &mut String,
        was: Option<&JsonNode>,
        is: &JsonNode,
        pieces: &[PatchPiece<'_>],
        indent: Indent<'_>,
    ) {
        let (source, parts) = (self.source, was.map(children).unwrap_or_default());
        let lead: Cow<'_, str> = match (was, parts.first()) {
            (Some(was), Some(first)) => source[was.span.start + 1..first.start()].into(),
            _ => self.break_line(indent, self.style.indent).into(),
        };
        let inner = lead.rsplit_once('\n').map(|(_, inner)| inner);
        let [open, close] = if matches!(is.value, JsonValue::List(_)) { ['[', ']'] } else { ['{', '}'] };
        out.push(open);
        for (at, piece) in pieces.iter().enumerate() {
            match piece.source_index {
                _ if at == 0 => out.push_str(&lead),
                Some(from) if from > 0 => out.push_str(&source[parts[from - 1].node.span.end..parts[from].start()]),
                _ => out.push_str(&self.separator_text(&parts, &lead)),
            }
            self.write_piece(out, piece, piece.source_index.map(|from| &parts[from]), at, inner);
        }
        match (was, parts.last()) {
            _ if pieces.is_empty() => {}
            (Some(was), Some(last)) => out.push_str(&source[last.node.span.end..was.span.end - 1]),
            _ => out.push_str(&self.break_line(indent, "")),
        }
        out.push(close);
    }

    fn write_piece(
        &mut self,
        out: &mut String,
        PatchPiece { child, .. }: &PatchPiece<'_>,
        part: Option<&JsonChild<'_>>,
        at: usize,
        indent: Indent<'_>,
    ) {
        match (part, child.name) {
            (Some(part), _) => out.push_str(&self.source[part.start()..part.node.span.start]),
            (None, Some(name)) => {
                write_quoted(out, name);
                out.extend([":", self.style.space]);
            }
            (None, None) => {}
        }
        let was = part.map(|part| part.node);
        self.with_step(&child.pointer_step(at), |patcher| patcher.patch_value(out, was, child.node, indent));
    }

    /// Returns the white space beside a bracket, if the source has no example.
    fn break_line(&self, indent: Indent<'_>, deeper: &str) -> String {
        match (self.style.line_end, indent) {
            ("", _) | (_, None) => String::new(),
            (line_end, Some(indent)) => [line_end, indent, deeper].concat(),
        }
    }

    /// Returns the text between two items if one of them is new.
    fn separator_text(&self, parts: &[JsonChild<'_>], lead: &str) -> String {
        match parts {
            [first, second, ..] => self.source[first.node.span.end..second.start()].to_owned(),
            _ if lead.contains('\n') => format!(",{lead}"),
            _ => format!(",{}", self.style.space),
        }
    }

    /// Runs `act` one step down in the tree.
    fn with_step(&mut self, step: &str, act: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        act(self);
        self.pointer.truncate(length);
    }

    fn record_change(&mut self, what: JsonChangeKind) {
        self.changes.push(JsonChange { pointer: self.pointer.clone(), kind: what });
    }

    /// Records that a value is new, or replaces another of another kind. Returns true if it contains no others.
    /// Otherwise the values in it are recorded when they are written.
    fn record_replacement(&mut self, was: Option<&JsonNode>, is: &JsonNode) -> bool {
        let is_leaf = children(is).is_empty();
        match was {
            Some(was) if is_leaf && children(was).is_empty() => {
                self.record_change(JsonChangeKind::Changed(json_text(was), json_text(is)));
                return true;
            }
            Some(was) => self.record_leaves(was, JsonChangeKind::Removed),
            None => {}
        }
        if is_leaf {
            self.record_change(JsonChangeKind::Added(json_text(is)));
        }
        is_leaf
    }

    /// Records each value in this one that contains no others.
    fn record_leaves(&mut self, doc: &JsonNode, what: fn(String) -> JsonChangeKind) {
        let children = children(doc);
        if children.is_empty() {
            self.record_change(what(json_text(doc)));
        }
        for (at, child) in children.iter().enumerate() {
            self.with_step(&child.pointer_step(at), |patcher| patcher.record_leaves(child.node, what));
        }
    }
}

/// Returns true if no two members have the same name.
fn has_unique_names(members: &[(MemberName, JsonNode)]) -> bool {
    members.iter().map(|(name, _)| &**name).collect::<BTreeSet<&str>>().len() == members.len()
}

fn json_text(doc: &JsonNode) -> String {
    let mut text = String::new();
    write_one_line(&mut text, doc);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use proptest::prelude::*;
    use rstest::rstest;

    fn patched(source: &str, target: &str) -> PatchedText {
        patch_text(source, &parse(source).unwrap(), &parse(target).unwrap())
    }

    #[rstest]
    #[case::a_value("{\"a\" : 1,\n \"b\":2}", r#"{"a": 1, "b": 3}"#, "{\"a\" : 1,\n \"b\":3}")]
    #[case::another_kind("{\"id\": \"7\"}", r#"{"id": 7}"#, "{\"id\": 7}")]
    #[case::escapes_stay(r#"{"a": "\u00e9", "b": 1}"#, r#"{"a": "é", "b": 2}"#, r#"{"a": "\u00e9", "b": 2}"#)]
    #[case::the_first_goes("{\n  \"a\": 1,\n  \"b\": 2\n}", r#"{"b": 2}"#, "{\n  \"b\": 2\n}")]
    #[case::the_last_goes("{\n  \"a\": 1,\n  \"b\": 2\n}", r#"{"a": 1}"#, "{\n  \"a\": 1\n}")]
    #[case::all_goes("{ \"a\": 1 }", "{}", "{}")]
    #[case::one_comes("{\n\t\"a\": 1\n}\n", r#"{"a": 1, "b": 2}"#, "{\n\t\"a\": 1,\n\t\"b\": 2\n}\n")]
    #[case::one_comes_first("{\r\n  \"b\": 2\r\n}", r#"{"a": 1, "b": 2}"#, "{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}")]
    #[case::on_one_line(r#"{"a":1}"#, r#"{"a": 1, "b": {"c": [1, 2]}}"#, r#"{"a":1,"b":{"c":[1,2]}}"#)]
    #[case::in_an_empty_one("{}", r#"{"a": 1, "b": 2}"#, r#"{"a": 1, "b": 2}"#)]
    #[case::an_object_comes(
        "{\n    \"a\": 1\n}",
        r#"{"a": 1, "b": {"c": [], "d": [2]}}"#,
        "{\n    \"a\": 1,\n    \"b\": {\n        \"c\": [],\n        \"d\": [\n            2\n        ]\n    }\n}"
    )]
    #[case::into_an_empty_object("{\n  \"a\": {}\n}", r#"{"a": {"b": 1}}"#, "{\n  \"a\": {\n    \"b\": 1\n  }\n}")]
    #[case::into_one_on_a_line(
        "{\n  \"a\": {\"b\": 1}\n}",
        r#"{"a": {"b": 1, "c": [2]}}"#,
        "{\n  \"a\": {\"b\": 1, \"c\": [2]}\n}"
    )]
    #[case::a_row_goes("[1, 2, 3]", "[1, 3]", "[1, 3]")]
    #[case::a_row_comes("[\n  1,\n  3\n]", "[1, 2, 3]", "[\n  1,\n  2,\n  3\n]")]
    #[case::in_a_row(r#"[{"a": 1}, {"a" :2}]"#, r#"[{"a": 1}, {"a": 3}]"#, r#"[{"a": 1}, {"a" :3}]"#)]
    #[case::repeated(
        "{\n  \"a\": 1,\n  \"b\": 2,\n  \"a\": 3\n}",
        r#"{"b": 2, "a": 3}"#,
        "{\n  \"b\": 2,\n  \"a\": 3\n}"
    )]
    #[case::another_order("{\n  \"a\": 1,\n  \"b\": 2\n}", r#"{"b": 2, "a": 1}"#, "{\n  \"b\": 2,\n  \"a\": 1\n}")]
    #[case::commas_first("{ \"a\": 1\n, \"b\": 2\n, \"c\": 3 }", r#"{"a": 1, "c": 3}"#, "{ \"a\": 1\n, \"c\": 3 }")]
    #[case::byte_order_mark("\u{feff} {\"a\": 1} \r\n", r#"{"a": 2}"#, "\u{feff} {\"a\": 2} \r\n")]
    fn a_patch_changes_only_different_values(#[case] source: &str, #[case] target: &str, #[case] expected: &str) {
        assert_eq!(patched(source, target).text, expected);
    }

    #[test]
    fn every_change_is_reported_once() {
        let source = r#"{"a": {"x": 1}, "b": [1, 2], "a": {"y": [true, {}]}, "c": "old", "d": 1, "e": 1}"#;
        let found = patched(source, r#"{"b": [2], "d": {"z": 1}, "c": "new", "e": 1, "f": []}"#).changes;
        let found: Vec<(&str, &JsonChangeKind)> =
            found.iter().map(|change| (change.pointer.as_str(), &change.kind)).collect();
        let (one, two) = (|| "1".to_owned(), |a: &str, b: &str| JsonChangeKind::Changed(a.into(), b.into()));
        let expected = [
            ("/a/x", &JsonChangeKind::DuplicateRemoved(one())),
            ("/a/y/0", &JsonChangeKind::Removed("true".into())),
            ("/a/y/1", &JsonChangeKind::Removed("{}".into())),
            ("", &JsonChangeKind::Reordered),
            ("/b/0", &JsonChangeKind::Removed(one())),
            ("/d", &JsonChangeKind::Removed(one())),
            ("/d/z", &JsonChangeKind::Added(one())),
            ("/c", &two("\"old\"", "\"new\"")),
            ("/f", &JsonChangeKind::Added("[]".into())),
        ];
        assert_eq!(found, expected);
    }

    /// A JSON text in any layout.
    fn laid_out(depth: u32) -> BoxedStrategy<String> {
        let leaf = prop_oneof![
            "null|true|-?[1-9][0-9]{0,3}(\\.[0-9])?".prop_map(String::from),
            "\"[a-e é\\u{202e}]{0,4}\"".prop_map(String::from)
        ];
        if depth == 0 {
            return leaf.boxed();
        }
        let gap = "[ \\n\\t]{0,2}|\\r\\n  ";
        let member = (gap, "[a-d]", gap, gap, laid_out(depth - 1), gap);
        let row = (gap, laid_out(depth - 1), gap);
        let object = proptest::collection::vec(member, 0..5).prop_map(|members| {
            let members = members.iter().map(|(a, name, b, c, value, d)| format!("{a}\"{name}\"{b}:{c}{value}{d}"));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        });
        let list = proptest::collection::vec(row, 0..4).prop_map(|rows| {
            format!("[{}]", rows.iter().map(|(a, value, b)| format!("{a}{value}{b}")).collect::<Vec<_>>().join(","))
        });
        prop_oneof![1 => leaf, 2 => list, 4 => object].boxed()
    }

    /// The node without the duplicate members that do not count.
    fn once(doc: &JsonNode) -> JsonNode {
        let value = match &doc.value {
            JsonValue::List(rows) => JsonValue::List(rows.iter().map(once).collect()),
            JsonValue::Object(members) => {
                let last = |at: usize| members[at + 1..].iter().all(|(name, _)| *name != members[at].0);
                let kept = (0..members.len()).filter(|at| last(*at));
                JsonValue::Object(kept.map(|at| (members[at].0.clone(), once(&members[at].1))).collect())
            }
            value => value.clone(),
        };
        JsonNode { span: doc.span.clone(), value }
    }

    proptest! {
        #[test]
        fn a_patched_text_has_the_target_value(source in laid_out(3), target in laid_out(3)) {
            let (doc, target) = (parse(&source).unwrap(), once(&parse(&target).unwrap()));
            let patched = patch_text(&source, &doc, &target);
            prop_assert_eq!(&parse(&patched.text).unwrap(), &target, "{}", patched.text);
            prop_assert_eq!(patched.changes.is_empty(), doc == target);
            // A second patch changes nothing.
            let again = patch_text(&patched.text, &parse(&patched.text).unwrap(), &target);
            prop_assert_eq!((again.text, again.changes.len()), (patched.text, 0));
        }

        #[test]
        fn patching_with_an_equal_value_changes_nothing(source in laid_out(3)) {
            let doc = parse(&source).unwrap();
            let patched = patch_text(&source, &doc, &doc);
            prop_assert_eq!(patched, PatchedText { text: source, changes: Vec::new() });
        }
    }
}
