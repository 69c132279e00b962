//! Changing a JSON text so that it says something else, and leaving every other byte of it as it is.
//!
//! What is not changed keeps its spelling and its place; what is new is written in the manner of what stands around
//! it. Of members that stand there more than once the last counts, and the others go. It knows nothing of fields: what
//! may not be shown of the changes that it tells is for who shows them.

use super::spread::{Part, Style, indentation, parts};
use super::{Doc, Name, Value, quote};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A text that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patched {
    /// All of it.
    pub text: String,
    /// What is not as it was.
    pub changes: Vec<Change>,
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where, as a pointer: into what was where something goes, into what is where something stays or comes.
    pub pointer: String,
    /// What.
    pub what: What,
}

/// What is not as it was. Values are spelled as JSON, and each holds no others: what holds some is told by those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It was not there.
    Added(String),
    /// It is there no more.
    Removed(String),
    /// It was the first, and is the second.
    Changed(String, String),
    /// It stood there before another one of its name, and did not count.
    Repeated(String),
    /// Its members stand in another order.
    Reordered,
}

/// The source, changed so that it says what the target says. `doc` is what was read from the source.
pub fn patch(source: &str, doc: &Doc, target: &Doc) -> Patched {
    let style = Style::of(source, doc);
    let indent = (!style.line_end.is_empty()).then(|| indentation(source, doc.at.start));
    let mut patcher = Patcher { source, style, pointer: String::new(), changes: Vec::new() };
    let mut text = source[..doc.at.start].to_owned();
    patcher.value(&mut text, doc, target, indent);
    text.push_str(&source[doc.at.end..]);
    Patched { text, changes: patcher.changes }
}

/// Something that is to stand between two brackets: what it says, and which part of the source it comes from.
struct Piece<'a> {
    name: Option<&'a str>,
    doc: &'a Doc,
    from: Option<usize>,
}

struct Patcher<'a> {
    source: &'a str,
    style: Style<'a>,
    /// Where it is.
    pointer: String,
    changes: Vec<Change>,
}

/// How far lines are indented where something stands; nothing where it stands on one line with what is around it.
type Indent<'a> = Option<&'a str>;

impl Patcher<'_> {
    /// Appends what is to stand where `was` stood.
    fn value(&mut self, out: &mut String, was: &Doc, is: &Doc, indent: Indent<'_>) {
        if was == is {
            return out.push_str(&self.source[was.at.clone()]);
        }
        let pieces = match (&was.value, &is.value) {
            (Value::Object(old), Value::Object(new)) if is_once(new) => self.members(old, new),
            (Value::List(old), Value::List(new)) => self.rows(old, new),
            _ => {
                self.tell_changed(was, is);
                return self.write(out, is, indent);
            }
        };
        self.between_brackets(out, was, &pieces, indent);
    }

    /// The members that are to stand there. What goes is told.
    fn members<'b>(&mut self, old: &[(Name, Doc)], new: &'b [(Name, Doc)]) -> Vec<Piece<'b>> {
        let last: BTreeMap<&str, usize> = old.iter().enumerate().map(|(at, (name, _))| (&**name, at)).collect();
        let kept: BTreeSet<&str> = new.iter().map(|(name, _)| &**name).collect();
        for (at, (name, doc)) in old.iter().enumerate() {
            if last.get(&**name) != Some(&at) {
                self.within(name, |patcher| patcher.tell_leaves(doc, What::Repeated));
            } else if !kept.contains(&**name) {
                self.within(name, |patcher| patcher.tell_leaves(doc, What::Removed));
            }
        }
        let pieces: Vec<Piece<'b>> =
            new.iter().map(|(name, doc)| Piece { name: Some(name), doc, from: last.get(&**name).copied() }).collect();
        if !pieces.iter().filter_map(|piece| piece.from).is_sorted() {
            self.tell(What::Reordered);
        }
        pieces
    }

    /// The rows that are to stand there: those at both ends that stay the same, and between them one for one.
    fn rows<'b>(&mut self, old: &[Doc], new: &'b [Doc]) -> Vec<Piece<'b>> {
        let same = |(old, new): &(&Doc, &Doc)| old == new;
        let head = old.iter().zip(new).take_while(same).count();
        let rest = old.len().min(new.len()) - head;
        let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(same).count();
        let (old_end, new_end) = (old.len() - tail, new.len() - tail);
        for (at, doc) in old.iter().enumerate().take(old_end).skip(new_end) {
            self.within(&at.to_string(), |patcher| patcher.tell_leaves(doc, What::Removed));
        }
        let from =
            |at: usize| if at >= new_end { Some(old_end + at - new_end) } else { Some(at).filter(|at| *at < old_end) };
        new.iter().enumerate().map(|(at, doc)| Piece { name: None, doc, from: from(at) }).collect()
    }

    /// Appends the pieces, with what stood between them in the source where that is known.
    fn between_brackets(&mut self, out: &mut String, was: &Doc, pieces: &[Piece<'_>], indent: Indent<'_>) {
        let (source, parts) = (self.source, parts(self.source, was));
        let lead: Cow<'_, str> = match parts.first() {
            Some(first) => source[was.at.start + 1..first.at.start].into(),
            None => self.lead(indent).into(),
        };
        let inner = lead.rsplit_once('\n').map(|(_, inner)| inner);
        out.push_str(&source[was.at.start..=was.at.start]);
        for (at, piece) in pieces.iter().enumerate() {
            match piece.from {
                _ if at == 0 => out.push_str(&lead),
                Some(from) if from > 0 => out.push_str(&source[parts[from - 1].at.end..parts[from].at.start]),
                _ => out.push_str(&self.separator(&parts, &lead)),
            }
            self.piece(out, piece, piece.from.map(|from| &parts[from]), at, inner);
        }
        match (pieces, parts.last()) {
            ([], _) => {}
            (_, Some(last)) => out.push_str(&source[last.at.end..was.at.end - 1]),
            (_, None) => out.push_str(&self.end(indent)),
        }
        out.push_str(&source[was.at.end - 1..was.at.end]);
    }

    fn piece(&mut self, out: &mut String, piece: &Piece<'_>, part: Option<&Part<'_>>, at: usize, indent: Indent<'_>) {
        let step = piece.name.map_or_else(|| at.to_string(), str::to_owned);
        self.within(&step, |patcher| {
            if let Some(part) = part {
                out.push_str(&patcher.source[part.at.start..part.doc.at.start]);
                patcher.value(out, part.doc, piece.doc, indent);
            } else {
                patcher.tell_leaves(piece.doc, What::Added);
                patcher.named(out, piece.name, piece.doc, indent);
            }
        });
    }

    /// What stands behind an opening bracket, where there is nothing to go by.
    fn lead(&self, indent: Indent<'_>) -> String {
        indent.map(|indent| [self.style.line_end, indent, self.style.level].concat()).unwrap_or_default()
    }

    /// What stands before a closing one.
    fn end(&self, indent: Indent<'_>) -> String {
        indent.map(|indent| [self.style.line_end, indent].concat()).unwrap_or_default()
    }

    /// What stands between two things, where one of them is new.
    fn separator(&self, parts: &[Part<'_>], lead: &str) -> String {
        match parts {
            [first, second, ..] => self.source[first.at.end..second.at.start].to_owned(),
            _ if lead.contains('\n') => format!(",{lead}"),
            _ => format!(",{}", self.style.blank),
        }
    }

    /// Appends a value that is new, behind its name where it has one.
    fn named(&self, out: &mut String, name: Option<&str>, doc: &Doc, indent: Indent<'_>) {
        if let Some(name) = name {
            quote(out, name);
            out.extend([":", self.style.blank]);
        }
        self.write(out, doc, indent);
    }

    fn write(&self, out: &mut String, doc: &Doc, indent: Indent<'_>) {
        match &doc.value {
            Value::List(rows) => self.bracketed(out, ['[', ']'], rows.iter().map(|row| (None, row)), indent),
            Value::Object(members) => {
                let members = members.iter().map(|(name, doc)| (Some(&**name), doc));
                self.bracketed(out, ['{', '}'], members, indent);
            }
            _ => super::write(out, doc),
        }
    }

    fn bracketed<'b, I>(&self, out: &mut String, [open, close]: [char; 2], items: I, indent: Indent<'_>)
    where
        I: Iterator<Item = (Option<&'b str>, &'b Doc)>,
    {
        let lead = self.lead(indent);
        let inner = indent.map(|indent| [indent, self.style.level].concat());
        out.push(open);
        let mut end = String::new();
        for (at, (name, doc)) in items.enumerate() {
            out.push_str(if at > 0 { "," } else { "" });
            out.push_str(if at > 0 && indent.is_none() { self.style.blank } else { &lead });
            self.named(out, name, doc, inner.as_deref());
            end = self.end(indent);
        }
        out.push_str(&end);
        out.push(close);
    }

    /// Does something one step further down.
    fn within(&mut self, step: &str, act: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        act(self);
        self.pointer.truncate(length);
    }

    fn tell(&mut self, what: What) {
        self.changes.push(Change { pointer: self.pointer.clone(), what });
    }

    /// Tells that one value stands for another, or what went and what came where one of them holds others.
    fn tell_changed(&mut self, was: &Doc, is: &Doc) {
        if holds(was) || holds(is) {
            self.tell_leaves(was, What::Removed);
            self.tell_leaves(is, What::Added);
        } else {
            self.tell(What::Changed(spelled(was), spelled(is)));
        }
    }

    /// Tells of each value in this one that holds no others.
    fn tell_leaves(&mut self, doc: &Doc, what: fn(String) -> What) {
        match &doc.value {
            Value::Object(members) if holds(doc) => {
                for (name, doc) in members {
                    self.within(name, |patcher| patcher.tell_leaves(doc, what));
                }
            }
            Value::List(rows) if holds(doc) => {
                for (at, doc) in rows.iter().enumerate() {
                    self.within(&at.to_string(), |patcher| patcher.tell_leaves(doc, what));
                }
            }
            _ => self.tell(what(spelled(doc))),
        }
    }
}

/// Whether no two members have one name.
fn is_once(members: &[(Name, Doc)]) -> bool {
    members.iter().map(|(name, _)| &**name).collect::<BTreeSet<&str>>().len() == members.len()
}

/// Whether there is something in it.
fn holds(doc: &Doc) -> bool {
    match &doc.value {
        Value::Object(members) => !members.is_empty(),
        Value::List(rows) => !rows.is_empty(),
        _ => false,
    }
}

fn spelled(doc: &Doc) -> String {
    let mut text = String::new();
    super::write(&mut text, doc);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use proptest::prelude::*;
    use rstest::rstest;

    fn patched(source: &str, target: &str) -> Patched {
        patch(source, &parse(source).unwrap(), &parse(target).unwrap())
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
    fn only_what_changes_changes(#[case] source: &str, #[case] target: &str, #[case] expected: &str) {
        assert_eq!(patched(source, target).text, expected);
    }

    #[test]
    fn every_change_is_told_once() {
        let source = r#"{"a": {"x": 1}, "b": [1, 2], "a": {"y": [true, {}]}, "c": "old", "d": 1, "e": 1}"#;
        let told = patched(source, r#"{"b": [2], "d": {"z": 1}, "c": "new", "e": 1, "f": []}"#).changes;
        let told: Vec<(&str, &What)> = told.iter().map(|change| (change.pointer.as_str(), &change.what)).collect();
        let (one, two) = (|| "1".to_owned(), |a: &str, b: &str| What::Changed(a.into(), b.into()));
        let expected = [
            ("/a/x", &What::Repeated(one())),
            ("/a/y/0", &What::Removed("true".into())),
            ("/a/y/1", &What::Removed("{}".into())),
            ("", &What::Reordered),
            ("/b/0", &What::Removed(one())),
            ("/d", &What::Removed(one())),
            ("/d/z", &What::Added(one())),
            ("/c", &two("\"old\"", "\"new\"")),
            ("/f", &What::Added("[]".into())),
        ];
        assert_eq!(told, expected);
    }

    /// JSON laid out in any way: the text, and what it says.
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

    /// The same without the members that do not count.
    fn once(doc: &Doc) -> Doc {
        let value = match &doc.value {
            Value::List(rows) => Value::List(rows.iter().map(once).collect()),
            Value::Object(members) => {
                let last = |at: usize| members[at + 1..].iter().all(|(name, _)| *name != members[at].0);
                let kept = (0..members.len()).filter(|at| last(*at));
                Value::Object(kept.map(|at| (members[at].0.clone(), once(&members[at].1))).collect())
            }
            value => value.clone(),
        };
        Doc { at: doc.at.clone(), value }
    }

    proptest! {
        #[test]
        fn what_comes_out_says_what_it_is_to_say(source in laid_out(3), target in laid_out(3)) {
            let (doc, target) = (parse(&source).unwrap(), once(&parse(&target).unwrap()));
            let patched = patch(&source, &doc, &target);
            prop_assert_eq!(&parse(&patched.text).unwrap(), &target, "{}", patched.text);
            prop_assert_eq!(patched.changes.is_empty(), doc == target);
            // And then nothing is left to change.
            let again = patch(&patched.text, &parse(&patched.text).unwrap(), &target);
            prop_assert_eq!((again.text, again.changes.len()), (patched.text, 0));
        }

        #[test]
        fn what_says_the_same_stays_as_it_is(source in laid_out(3)) {
            let doc = parse(&source).unwrap();
            let patched = patch(&source, &doc, &doc);
            prop_assert_eq!(patched, Patched { text: source, changes: Vec::new() });
        }
    }
}
