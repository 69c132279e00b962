//! The texts of the interface as Rust: a constant for each text, a type for each placeholder, and the words of each
//! language. So a text that is missing, unused or without its values does not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// The texts of one language, by section and name.
pub(crate) type TextTable = BTreeMap<String, BTreeMap<String, String>>;

/// The sections whose names are words of the server. They are found by name while the program runs.
const WORD_SECTIONS: [&str; 4] = ["order_word", "request_word", "state_word", "validation_word"];

/// The end of the name of a text that replaces another one on a terminal with few characters.
const PLAIN: &str = "_plain";

/// Reads `assets/i18n` and writes `texts.rs` for `src/i18n.rs`.
pub(crate) fn write_module() -> Result<(), String> {
    let code = generate(&read_table("assets/i18n/en.toml")?, &read_table("assets/i18n/nl.toml")?)?;
    let out = env::var_os("OUT_DIR").ok_or("cargo names no directory for generated files")?;
    fs::write(Path::new(&out).join("texts.rs"), code).map_err(|error| format!("texts.rs: {error}"))
}

fn read_table(path: &str) -> Result<TextTable, String> {
    println!("cargo::rerun-if-changed={path}");
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    toml::from_str(&text).map_err(|error| format!("{path}: {error}"))
}

/// A text in both languages.
struct Text<'a> {
    section: &'a str,
    name: &'a str,
    en: &'a str,
    nl: &'a str,
    placeholders: BTreeSet<&'a str>,
}

/// Returns the module, or what is wrong with the texts, a line for each fault.
pub(crate) fn generate(en: &TextTable, nl: &TextTable) -> Result<String, String> {
    let texts = pair_texts(en, nl)?;
    let mut code = String::new();
    write_constants(&mut code, &texts);
    write_placeholders(&mut code, &texts);
    write_tables(&mut code, &texts);
    Ok(code)
}

fn pair_texts<'a>(en: &'a TextTable, nl: &'a TextTable) -> Result<Vec<Text<'a>>, String> {
    let ids =
        |table: &'a TextTable| table.iter().flat_map(|(section, names)| names.keys().map(move |name| (section, name)));
    let ids: BTreeSet<_> = ids(en).chain(ids(nl)).collect();
    let (mut texts, mut faults) = (Vec::new(), Vec::new());
    for (section, name) in ids {
        let in_language = |table: &'a TextTable| table.get(section)?.get(name);
        match pair_text(section, name, in_language(en), in_language(nl)) {
            Ok(text) => texts.push(text),
            Err(fault) => faults.push(format!("{section}.{name} {fault}")),
        }
    }
    faults.extend(texts.iter().filter_map(|text| {
        let base = find_base(text, &texts)?;
        let fault = text.placeholders != base.placeholders;
        fault.then(|| format!("{}.{} has not the placeholders of {}", text.section, text.name, base.name))
    }));
    if faults.is_empty() { Ok(texts) } else { Err(faults.join("\n")) }
}

fn pair_text<'a>(
    section: &'a str,
    name: &'a str,
    en: Option<&'a String>,
    nl: Option<&'a String>,
) -> Result<Text<'a>, String> {
    if !is_name(section) || !is_name(name) {
        return Err("has a name with other characters than a-z, 0-9 and _".to_owned());
    }
    let (en, nl) = (en.ok_or("is not in English")?, nl.ok_or("is not in Dutch")?);
    let placeholders = find_placeholders(en)?;
    if find_placeholders(nl)? != placeholders {
        return Err("has other placeholders in Dutch than in English".to_owned());
    }
    Ok(Text { section, name, en, nl, placeholders })
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Returns the `{name}`s of a text, or what is wrong with its braces.
fn find_placeholders(text: &str) -> Result<BTreeSet<&str>, String> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let inner = rest[at..].strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let (name, after) = inner
            .filter(|(name, _)| is_name(name))
            .ok_or_else(|| format!("has a brace that is no placeholder: {}", &rest[at..]))?;
        names.insert(name);
        rest = after;
    }
    Ok(names)
}

/// Returns the text that this one replaces on a terminal with few characters.
fn find_base<'t>(text: &Text<'_>, texts: &'t [Text<'t>]) -> Option<&'t Text<'t>> {
    let base = text.name.strip_suffix(PLAIN)?;
    texts.iter().find(|other| other.section == text.section && other.name == base)
}

fn write_constants(code: &mut String, texts: &[Text<'_>]) {
    let doc = |text: &str| text.replace('\n', " ");
    *code += "/// The ids of all texts.\n#[allow(clippy::doc_markdown)]\npub(crate) mod texts {\n";
    for section in texts.chunk_by(|one, next| one.section == next.section) {
        let module = section[0].section;
        let needs_values = section.iter().any(|text| !text.placeholders.is_empty());
        let imports = if needs_values { "{TextId, with}" } else { "TextId" };
        write_line(code, format_args!("pub(crate) mod {module} {{\nuse crate::i18n::{imports};"));
        let first = texts.iter().take_while(|text| text.section != module).count();
        let mut arms = String::new();
        for (at, text) in section.iter().enumerate() {
            if find_base(text, texts).is_some() {
                continue;
            }
            let (name, values) = (text.name.to_uppercase(), values_type(&text.placeholders));
            write_line(code, format_args!("#[doc = {:?}]", doc(text.en)));
            write_line(code, format_args!("pub(crate) const {name}: TextId{values} = TextId::new({});", first + at));
            write_line(&mut arms, format_args!("{:?} => {name},", text.name));
        }
        if WORD_SECTIONS.contains(&module) {
            *code += "pub(crate) fn find(word: &str) -> Option<TextId> {\nSome(match word {\n";
            *code += &arms;
            *code += "_ => return None,\n})\n}\n";
        }
        *code += "}\n";
    }
    *code += "}\n";
}

/// Returns the type arguments of a text's id: nothing, one value, or a tuple.
fn values_type(placeholders: &BTreeSet<&str>) -> String {
    let types: Vec<_> = placeholders.iter().map(|name| format!("with::{}<'static>", type_name(name))).collect();
    match types.as_slice() {
        [] => String::new(),
        [one] => format!("<{one}>"),
        several => format!("<({})>", several.join(", ")),
    }
}

/// Converts `some_name` to `SomeName`.
fn type_name(name: &str) -> String {
    let capitalized = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('_').filter(|word| !word.is_empty()).map(capitalized).collect()
}

fn write_placeholders(code: &mut String, texts: &[Text<'_>]) {
    let names: BTreeSet<&str> = texts.iter().flat_map(|text| text.placeholders.iter().copied()).collect();
    *code += "/// The values for placeholders, a type for each name.\npub mod with {\n";
    for name in names {
        let value = type_name(name);
        write_line(
            code,
            format_args!("#[derive(Clone, Copy)]\npub struct {value}<'a>(pub &'a dyn std::fmt::Display);"),
        );
        write_line(
            code,
            format_args!(
                "impl crate::i18n::NamedValues for {value}<'_> {{\n\
                 fn named_values(&self) -> Vec<(&'static str, &dyn std::fmt::Display)> {{ vec![({name:?}, self.0)] }}\n}}"
            ),
        );
        write_line(code, format_args!("impl<'a> crate::i18n::ValuesFor<{value}<'a>> for {value}<'a> {{}}"));
    }
    let several: BTreeSet<_> = texts.iter().map(|text| &text.placeholders).filter(|names| names.len() > 1).collect();
    for names in several {
        let names: Vec<_> = names.iter().map(|name| format!("{}<'a>", type_name(name))).collect();
        for order in permutations(&names) {
            let (expected, given) = (names.join(", "), order.join(", "));
            write_line(code, format_args!("impl<'a> crate::i18n::ValuesFor<({expected})> for ({given}) {{}}"));
        }
    }
    *code += "}\n";
}

fn permutations(names: &[String]) -> Vec<Vec<String>> {
    let Some((first, rest)) = names.split_first() else { return vec![Vec::new()] };
    let insert = |order: Vec<String>| {
        (0..=order.len())
            .map(move |at| [&order[..at], std::slice::from_ref(first), &order[at..]].concat())
            .collect::<Vec<_>>()
    };
    permutations(rest).into_iter().flat_map(insert).collect()
}

fn write_tables(code: &mut String, texts: &[Text<'_>]) {
    for (table, words) in [
        ("EN", texts.iter().map(|text| text.en).collect::<Vec<_>>()),
        ("NL", texts.iter().map(|text| text.nl).collect()),
    ] {
        write_line(code, format_args!("static {table}: [&str; {}] = {words:?};", texts.len()));
    }
    let names: Vec<_> = texts.iter().map(|text| format!("{}.{}", text.section, text.name)).collect();
    *code += "/// The names of all texts, a line for each, in the order of their ids.\n";
    write_line(code, format_args!("static NAMES: &str = {:?};", names.join("\n")));
    let plain = texts.iter().enumerate().filter_map(|(at, text)| {
        let base = find_base(text, texts)?;
        let of = texts.iter().position(|other| std::ptr::eq(other, base))?;
        Some((of, at))
    });
    *code += "/// The texts that another one replaces on a terminal with few characters, with that one.\n";
    write_line(code, format_args!("static PLAIN_VARIANTS: &[(usize, usize)] = &{:?};", plain.collect::<Vec<_>>()));
}

fn write_line(code: &mut String, line: std::fmt::Arguments<'_>) {
    // A string takes all that is written to it.
    let _ = writeln!(code, "{line}");
}
