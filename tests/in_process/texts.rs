//! The texts of the interface: both languages have the same texts, and code and texts agree.
//!
//! Ids are string literals in the code, `"section.name"`. Each check is a function over two sets of texts and some
//! source, with samples that break it. The tests do not judge the quality of the texts.

use crate::in_process::source::{Source, is_punct, levels, sources};
use proc_macro2::{Delimiter, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use zegel::i18n::{Language, TextTable, Translations};

/// Beginnings of ids whose end comes from a word of the server or from a code of an enum, such as `status_word.`, or
/// that have variants for terminals without a character. Some literal of the code and some id of a text begin with
/// each.
const FAMILIES: &[&str] = &[
    "fault.",
    "address.",
    "in_file.",
    "type.",
    "keyname.",
    "request_word.",
    "order_word.",
    "state_word.",
    "validation_word.",
    "format.euros",
];

/// Texts that are rightly the same in both languages.
const SAME: &[&str] = &[
    "accounts.row",
    "agreement.title",
    "cause.via",
    "key.try_sandbox",
    "doctor.check_account",
    "doctor.check_name",
    "doctor.check_product",
    "doctor.check_proxy",
    "doctor.check_terminal",
    "doctor.config_wrong",
    "doctor.key_failed",
    "doctor.state_failed",
    "doctor.terminal_is",
    "doctor.version_is",
    "format.euros_negative_plain",
    "format.euros_plain",
    "keyname.alt",
    "keyname.backspace",
    "keyname.ctrl",
    "keyname.delete",
    "keyname.down",
    "keyname.end",
    "keyname.enter",
    "keyname.esc",
    "keyname.home",
    "keyname.insert",
    "keyname.left",
    "keyname.pagedown",
    "keyname.pageup",
    "keyname.right",
    "keyname.shift",
    "keyname.tab",
    "keyname.up",
    "page.row",
    "ready.organization_status",
    "ready.product",
    "screen.account",
    "screen.sandbox",
    "summary.status",
    "screen.status",
    "setup.account",
    "status.order_status",
    "summary.account",
    "system.detail",
];

/// Literals of the code that resemble the id of a text and are something else, such as the id of a field.
const OTHERWISE: &[&str] = &["config.toml"];

/// A string literal of the program.
#[derive(Debug, PartialEq, Eq)]
struct Literal {
    text: String,
    /// File and line.
    place: String,
    /// The method with this literal as its first argument, and the names of the values, as far as they are written
    /// there.
    call: Option<(String, Vec<String>)>,
}

/// Returns all texts of one language by their full ids.
fn by_id(texts: &TextTable) -> BTreeMap<String, &str> {
    let all = texts.iter().flat_map(|(section, names)| {
        names.iter().map(move |(name, text)| (format!("{section}.{name}"), text.as_str()))
    });
    all.collect()
}

fn string(tree: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = tree else { return None };
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(string) => Some(string.value()),
        _ => None,
    }
}

/// Returns all string literals of the program, including those in macro bodies.
fn literals(sources: &[Source]) -> Vec<Literal> {
    let mut found = Vec::new();
    for source in sources {
        levels(source.live(), &mut |trees| {
            // The first argument of a call is found twice: here with its call, and alone at the level below.
            found.extend(trees.windows(3).filter_map(|window| call(source, window)));
            found.extend(trees.iter().filter_map(|tree| plain(source, tree)));
        });
    }
    found
}

fn place(source: &Source, tree: &TokenTree) -> String {
    format!("{}:{}", source.path, tree.span().start().line)
}

fn plain(source: &Source, tree: &TokenTree) -> Option<Literal> {
    Some(Literal { text: string(tree)?, place: place(source, tree), call: None })
}

/// Returns the first argument of `.method("…", …)`.
fn call(source: &Source, window: &[TokenTree]) -> Option<Literal> {
    let [dot, TokenTree::Ident(method), TokenTree::Group(arguments)] = window else { return None };
    let arguments: Vec<TokenTree> = arguments.stream().into_iter().collect();
    let first = arguments.first().filter(|_| is_punct(dot, '.'))?;
    let call = Some((method.to_string(), filled(&arguments)));
    Some(Literal { text: string(first)?, place: place(source, first), call })
}

/// Returns the names in a second argument such as `&[("count", &count)]`.
fn filled(arguments: &[TokenTree]) -> Vec<String> {
    let [_, comma, reference, TokenTree::Group(list), ..] = arguments else { return Vec::new() };
    let written = is_punct(comma, ',') && is_punct(reference, '&') && list.delimiter() == Delimiter::Bracket;
    let first = |tree: TokenTree| match tree {
        TokenTree::Group(pair) => string(&pair.stream().into_iter().next()?),
        _ => None,
    };
    list.stream().into_iter().filter(|_| written).filter_map(first).collect()
}

/// Returns the `{name}`s of a text, or the fault of its braces.
fn placeholders(text: &str) -> Result<BTreeSet<&str>, &str> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (name, after) = rest[at..].strip_prefix('{').and_then(|inner| inner.split_once('}')).ok_or(&rest[at..])?;
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
            return Err(&rest[at..]);
        }
        names.insert(name);
        rest = after;
    }
    Ok(names)
}

/// Returns the faults of single texts of a language.
fn text_faults(texts: &TextTable) -> Vec<String> {
    let judge = |text: &str| match text {
        _ if text.trim().is_empty() => Some("is blank".to_owned()),
        _ if text.chars().any(|c| c.is_control() && c != '\n') => Some("has a control character".to_owned()),
        _ if text.ends_with(char::is_whitespace) => Some("ends with white space".to_owned()),
        _ => placeholders(text).err().map(|rest| format!("has a brace that is no placeholder: {rest}")),
    };
    by_id(texts).iter().filter_map(|(id, text)| Some(format!("{id} {}", judge(text)?))).collect()
}

/// Returns where the two languages do not match.
fn language_faults(en: &TextTable, nl: &TextTable, same: &[&str]) -> Vec<String> {
    let (en, nl) = (by_id(en), by_id(nl));
    let mut faults = Vec::new();
    for id in en.keys().chain(nl.keys()).chain(&same.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()) {
        let fault = match (en.get(id), nl.get(id)) {
            (None, None) => "is in the list of equal texts, and is no text",
            (None, _) => "is not in English",
            (_, None) => "is not in Dutch",
            (Some(en), Some(nl)) if placeholders(en) != placeholders(nl) => "does not fill in the same",
            (Some(en), Some(nl)) if en == nl && !same.contains(&id.as_str()) => "is the same in both languages",
            (Some(en), Some(nl)) if en != nl && same.contains(&id.as_str()) => "is not the same, though it is listed",
            _ => continue,
        };
        faults.push(format!("{id} {fault}"));
    }
    faults.sort();
    faults.dedup();
    faults
}

/// Returns the texts that the program never names, and the families without texts.
fn unused(texts: &TextTable, literals: &[Literal], families: &[&str]) -> Vec<String> {
    let texts = by_id(texts);
    let named: BTreeSet<&str> = literals.iter().map(|literal| literal.text.as_str()).collect();
    let is_used = |id: &str| named.contains(id) || families.iter().any(|family| id.starts_with(family));
    let unused = texts.keys().filter(|id| !is_used(id)).map(|id| format!("{id} is used nowhere"));
    let is_family = |family: &str| {
        family.contains('.')
            && texts.keys().any(|id| id.starts_with(family))
            && named.iter().any(|text| text.starts_with(family))
    };
    let idle = families.iter().filter(|family| !is_family(family));
    unused.chain(idle.map(|family| format!("{family} is a family without texts or without a literal"))).collect()
}

/// Returns true if a literal looks like the id of a text.
fn is_id(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
    };
    text.split_once('.').is_some_and(|(section, name)| is_word(section) && is_word(name))
}

/// Returns the literals that should be the id of a text and are not, and the calls that leave a placeholder open.
fn missing(texts: &TextTable, literals: &[Literal], otherwise: &[&str]) -> Vec<String> {
    let known = by_id(texts);
    let asked = |literal: &Literal| matches!(&literal.call, Some((method, _)) if method == "say" || method == "tell");
    let alike = |text: &str| is_id(text) && texts.contains_key(text.split('.').next().unwrap_or_default());
    let mut faults = BTreeSet::new();
    for literal in literals {
        let Literal { text, place, call } = literal;
        let excused = otherwise.contains(&text.as_str());
        match known.get(text) {
            None if asked(literal) || alike(text) && !excused => {
                faults.insert(format!("{place}: there is no text {text:?}"));
            }
            Some(known) => {
                let open = call.iter().filter_map(|(method, filled)| open(known, method, filled));
                faults.extend(open.map(|name| format!("{place}: {text:?} is told without {name}")));
            }
            None => {}
        }
    }
    let idle = otherwise.iter().filter(|id| known.contains_key(**id) || literals.iter().all(|l| l.text != **id));
    faults.extend(idle.map(|id| format!("{id} is listed as no text, and is one or is nowhere")));
    faults.into_iter().collect()
}

/// Returns a placeholder that a call with literal names does not fill in.
fn open(text: &str, method: &str, filled: &[String]) -> Option<String> {
    let names = placeholders(text).ok().filter(|_| method == "tell" && !filled.is_empty())?;
    names.into_iter().find(|name| !filled.iter().any(|known| known == name)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::quotes::quote;
    use rstest::rstest;

    fn texts(language: Language) -> TextTable {
        Translations::load(language).unwrap().all_texts().clone()
    }

    #[rstest]
    #[case(Language::En)]
    #[case(Language::Nl)]
    fn every_text_is_clean(#[case] language: Language) {
        assert_eq!(text_faults(&texts(language)), Vec::<String>::new());
    }

    #[test]
    fn both_languages_have_matching_texts() {
        assert_eq!(language_faults(&texts(Language::En), &texts(Language::Nl), SAME), Vec::<String>::new());
    }

    #[test]
    fn every_text_is_used() {
        let literals = literals(&sources("src"));
        assert!(!literals.is_empty());
        assert_eq!(unused(&texts(Language::En), &literals, FAMILIES), Vec::<String>::new());
    }

    #[test]
    fn every_id_in_the_code_is_a_text() {
        let faults = missing(&texts(Language::En), &literals(&sources("src")), OTHERWISE);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn a_quote_agrees_with_its_text() {
        assert_eq!(quote("status.validity", "requested"), "requested");
    }

    #[rstest]
    #[case::of_other_words("status.validity", "asked for")]
    #[case::of_no_text("status.no_such_text", "requested")]
    #[should_panic(expected = "status.")]
    fn a_quote_absent_from_its_text_fails(#[case] id: &str, #[case] words: &str) {
        quote(id, words);
    }

    /// Makes texts from lines of `section.name = text`.
    fn sample(lines: &str) -> TextTable {
        let mut texts = TextTable::new();
        for line in lines.lines() {
            let (id, text) = line.split_once(" = ").unwrap();
            let (section, name) = id.split_once('.').unwrap();
            texts.entry(section.to_owned()).or_default().insert(name.to_owned(), text.to_owned());
        }
        texts
    }

    fn code(text: &str) -> Vec<Literal> {
        literals(&[Source::sample("x.rs", text)])
    }

    #[rstest]
    #[case("a.b = Fine, {count} of {all_2}", "")]
    #[case("a.b =  ", "a.b is blank")]
    #[case("a.b = tab\there", "a.b has a control character")]
    #[case("a.b = space ", "a.b ends with white space")]
    #[case("a.b = {open", "a.b has a brace that is no placeholder: {open")]
    #[case("a.b = {a} } {b}", "a.b has a brace that is no placeholder: } {b}")]
    #[case("a.b = {}", "a.b has a brace that is no placeholder: {}")]
    #[case("a.b = {Two words}", "a.b has a brace that is no placeholder: {Two words}")]
    fn a_text_that_is_not_clean_is_found(#[case] lines: &str, #[case] fault: &str) {
        assert_eq!(text_faults(&sample(lines)).join("\n"), fault);
    }

    #[rstest]
    #[case("a.b = Yes", "a.b = Ja", &[], "")]
    #[case("a.b = {x} of {y}", "a.b = van {y}: {x}", &[], "")]
    #[case("a.b = Status", "a.b = Status", &["a.b"], "")]
    #[case("", "", &[], "")]
    #[case("a.b = Yes", "", &[], "a.b is not in Dutch")]
    #[case("", "a.b = Ja", &[], "a.b is not in English")]
    #[case("a.b = {x}", "a.b = {y}.", &[], "a.b does not fill in the same")]
    #[case("a.b = Status", "a.b = Status", &[], "a.b is the same in both languages")]
    #[case("a.b = Yes", "a.b = Ja", &["a.b"], "a.b is not the same, though it is listed")]
    #[case("", "", &["a.b"], "a.b is in the list of equal texts, and is no text")]
    fn languages_that_differ_are_found(#[case] en: &str, #[case] nl: &str, #[case] same: &[&str], #[case] fault: &str) {
        assert_eq!(language_faults(&sample(en), &sample(nl), same).join("\n"), fault);
    }

    #[rstest]
    #[case("a.b = Yes", "fn f() { lang.say(\"a.b\") }", &[], "")]
    #[case("a.b = Yes", "const KEYS: &[&str] = &[r\"a.b\"];", &[], "")]
    #[case("a.b = Yes", "fn f() { write!(out, \"{}\", [lang.say(\"a.b\")]) }", &[], "")]
    #[case("a.b = Yes", "fn f(w: &str) { find(&format!(\"a.{w}\")) }", &["a."], "")]
    #[case("a.b = Yes", "", &[], "a.b is used nowhere")]
    #[case("a.b = Yes", "/// \"a.b\"\nfn f() {} // \"a.b\"", &[], "a.b is used nowhere")]
    #[case("a.b = Yes", "#[cfg(test)] mod tests { const X: &str = \"a.b\"; }", &[], "a.b is used nowhere")]
    #[case("a.b = Yes", "const X: &str = \"a.b.c\";", &[], "a.b is used nowhere")]
    #[case("a.b = Yes", "const X: &str = \"a.b\";", &["c."], "c. is a family without texts or without a literal")]
    #[case("a.b = Yes", "", &["a."], "a. is a family without texts or without a literal")]
    #[case("a.b = Yes", "const X: &str = \"a.b\";", &["a"], "a is a family without texts or without a literal")]
    fn an_unused_text_is_found(
        #[case] lines: &str,
        #[case] text: &str,
        #[case] families: &[&str],
        #[case] fault: &str,
    ) {
        assert_eq!(unused(&sample(lines), &code(text), families).join("\n"), fault);
    }

    #[rstest]
    #[case("lang.say(\"a.b\")", &[], "")]
    #[case("lang.tell(\"a.n\", &[(\"x\", &x), (\"more\", y)])", &[], "")]
    #[case("lang.tell(\"a.n\", &values)", &[], "")]
    #[case("other.name; x.find(\"q\"); \"z.q\"; \"a.B\"; \"a.\"; \"a.b.c\"; b\"a.q\"", &[], "")]
    #[case("\"a.q\"", &["a.q"], "")]
    #[case("lang.say(\"z.q\")", &[], "x.rs:1: there is no text \"z.q\"")]
    #[case("lang.say(\"b\")", &[], "x.rs:1: there is no text \"b\"")]
    #[case("html! { p { (self.lang.tell(\"z.q\", &[])) } }", &[], "x.rs:1: there is no text \"z.q\"")]
    #[case("\n[Key::Enter, \"a.q\"]", &[], "x.rs:2: there is no text \"a.q\"")]
    #[case("lang.find(\"a.q\")", &[], "x.rs:1: there is no text \"a.q\"")]
    #[case("lang.tell(\"a.n\", &[(\"y\", &x)])", &[], "x.rs:1: \"a.n\" is told without x")]
    #[case("lang.say(\"z.q\")", &["z.q"], "x.rs:1: there is no text \"z.q\"")]
    #[case("", &["a.q"], "a.q is listed as no text, and is one or is nowhere")]
    #[case("\"a.b\"", &["a.b"], "a.b is listed as no text, and is one or is nowhere")]
    fn an_id_that_is_no_text_is_found(#[case] body: &str, #[case] otherwise: &[&str], #[case] fault: &str) {
        assert_eq!(missing(&sample("a.b = Yes\na.n = {x}"), &code(body), otherwise).join("\n"), fault);
    }

    #[test]
    fn an_empty_set_of_texts_has_no_fault() {
        let none = TextTable::new();
        assert_eq!(text_faults(&none), Vec::<String>::new());
        assert_eq!(unused(&none, &[], &[]), Vec::<String>::new());
        assert_eq!(missing(&none, &code("\"a.b\""), &[]), Vec::<String>::new());
    }
}
