//! Every path that a file names, as far as names show where it leads.
//!
//! The module reads tokens, so bodies, macros and attributes count as much as `use` items. Imported names, also renamed
//! ones, are followed within the file. It has no rules about allowed paths.

use crate::in_process::source::is_punct;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The segments of a path. One that begins with `crate` leads into the library, and one with `main` into the binary;
/// any other begins with the name of another crate or of an item in the file.
pub(crate) type Path = Vec<String>;

/// A path that a file names.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// The module that names it.
    pub(crate) from: Path,
    /// Where it leads; the last segment is `*` for a glob import.
    pub(crate) to: Path,
    /// The line in the file.
    pub(crate) line: usize,
    /// Whether it surely leads there. Otherwise it does so only if such an item exists: a child module, or a name from
    /// a glob import.
    pub(crate) sure: bool,
}

/// Words that cannot begin a path.
const WORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "extern", "false", "fn", "for", "if",
    "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "static", "struct", "trait",
    "true", "type", "unsafe", "use", "where", "while",
];

/// Returns all paths in the tokens of a module's file, and where each leads.
pub(crate) fn paths(module: &[String], tokens: TokenStream) -> Vec<Named> {
    let mut scan = Scan::default();
    scan.walk(tokens, module, false);
    let written = std::mem::take(&mut scan.named);
    written.iter().flat_map(|named| scan.resolve(named, 0)).collect()
}

#[derive(Default)]
struct Scan {
    named: Vec<Named>,
    /// A name in the file, and the path that it means.
    imports: Vec<(String, Path)>,
    /// The paths of the glob imports.
    globs: Vec<Path>,
}

impl Scan {
    fn walk(&mut self, tokens: TokenStream, module: &[String], attribute: bool) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < trees.len() {
            at += self.step(&trees, at, module, attribute);
        }
    }

    /// Reads the item at one tree. Returns the number of trees in it.
    fn step(&mut self, trees: &[TokenTree], at: usize, module: &[String], attribute: bool) -> usize {
        match &trees[at..] {
            [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Group(body), ..] if word == "mod" => {
                self.walk(body.stream(), &[module, &[name.to_string()]].concat(), false);
                3
            }
            // `use<'a>` is a bound, not an import.
            [TokenTree::Ident(word), next, ..] if word == "use" && !is_punct(next, '<') => {
                let end = trees[at..].iter().position(|tree| is_punct(tree, ';')).unwrap_or(trees.len() - at);
                self.import(&trees[at + 1..at + end], &[], module);
                end
            }
            [TokenTree::Ident(word), ..] if WORDS.iter().any(|known| word == known) => 1,
            [TokenTree::Ident(_), ..] => self.path(&trees[at..], module),
            [hash, TokenTree::Group(group), ..] if is_punct(hash, '#') => {
                self.walk(group.stream(), module, true);
                2
            }
            [TokenTree::Group(group), ..] => {
                self.walk(group.stream(), module, attribute);
                1
            }
            [TokenTree::Literal(literal), ..] if attribute => {
                self.quoted(&literal.to_string(), module);
                1
            }
            [quote, TokenTree::Ident(_), ..] if is_punct(quote, '\'') => 2,
            _ if is_continued(trees, at) => 2 + segments(&trees[at + 2..]).1,
            _ => 1,
        }
    }

    /// Reads a path within the string of an attribute, such as serde's `with`.
    fn quoted(&mut self, literal: &str, module: &[String]) {
        let inner = literal.trim_start_matches(['r', '#']).trim_end_matches('#').trim_matches('"');
        if inner.contains("::")
            && let Ok(tokens) = inner.parse()
        {
            self.walk(tokens, module, false);
        }
    }

    fn path(&mut self, trees: &[TokenTree], module: &[String]) -> usize {
        let (words, length) = segments(trees);
        if words.len() > 1 {
            let to = words.iter().fold(Path::new(), |path, word| extended(path, word, module));
            self.name(to, &trees[0], module);
        }
        length
    }

    /// Reads the branches of a `use` item or of one of its groups, each after the path of the group.
    fn import(&mut self, trees: &[TokenTree], base: &[String], module: &[String]) {
        for branch in trees.split(|tree| is_punct(tree, ',')).filter(|branch| !branch.is_empty()) {
            let mut path = base.to_vec();
            let mut alias = None;
            for tree in branch {
                match tree {
                    TokenTree::Ident(word) if word == "as" => alias = branch.last().map(plain),
                    TokenTree::Ident(_) if alias.is_none() => path = extended(path, &plain(tree), module),
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                        self.import(&group.stream().into_iter().collect::<Vec<_>>(), &path, module);
                    }
                    _ if is_punct(tree, '*') => self.glob(&path, tree, module),
                    _ => {}
                }
            }
            if let Some(last @ TokenTree::Ident(_)) = branch.last() {
                let name = alias.or_else(|| path.last().cloned()).unwrap_or_default();
                self.imports.push((name, path.clone()));
                self.name(path, last, module);
            }
        }
    }

    fn glob(&mut self, base: &[String], tree: &TokenTree, module: &[String]) {
        self.globs.push(base.to_vec());
        self.name([base, &["*".to_owned()]].concat(), tree, module);
    }

    fn name(&mut self, to: Path, tree: &TokenTree, module: &[String]) {
        let line = tree.span().start().line;
        self.named.push(Named { from: module.to_vec(), to, line, sure: true });
    }

    /// Returns a path as written, and all paths that its first name may lead to.
    fn resolve(&self, named: &Named, depth: usize) -> Vec<Named> {
        let Some((first, rest)) = named.to.split_first() else { return Vec::new() };
        let rooted = matches!(first.as_str(), "crate" | "main");
        let mut found = vec![named.clone()];
        // An import of a name by the same name would recurse forever.
        if rooted || depth > 3 {
            return found;
        }
        let imports = self.imports.iter().filter(|(name, to)| name == first && to[..] != named.to);
        for (_, to) in imports {
            let to = [to, rest].concat();
            found.extend(self.resolve(&Named { to, ..named.clone() }, depth + 1));
        }
        for base in self.globs.iter().chain([&named.from]) {
            found.push(Named { to: [&base[..], &named.to].concat(), sure: false, ..named.clone() });
        }
        found
    }
}

/// Returns the names that are joined by `::`, and the number of trees in them.
fn segments(trees: &[TokenTree]) -> (Path, usize) {
    let mut words = Path::new();
    let mut at = 0;
    while let Some(tree @ TokenTree::Ident(_)) = trees.get(at) {
        words.push(plain(tree));
        at += 1;
        let more = is_colons(&trees[at..]) && matches!(trees.get(at + 2), Some(TokenTree::Ident(_)));
        if !more {
            break;
        }
        at += 2;
    }
    (words, at)
}

/// Returns true if the `::` at this position continues a path that began with `<…>`. Otherwise it may begin one.
fn is_continued(trees: &[TokenTree], at: usize) -> bool {
    let before = |steps| at.checked_sub(steps).map(|at: usize| &trees[at]);
    let arrow = before(2).is_some_and(|tree| is_punct(tree, '-') || is_punct(tree, '='));
    is_colons(&trees[at..]) && before(1).is_some_and(|tree| is_punct(tree, '>')) && !arrow
}

fn is_colons(trees: &[TokenTree]) -> bool {
    matches!(trees, [a, b, ..] if is_punct(a, ':') && is_punct(b, ':'))
}

/// Returns a name without the prefix of a raw identifier.
fn plain(tree: &TokenTree) -> String {
    tree.to_string().trim_start_matches("r#").to_owned()
}

/// Returns a path with one more word, which may be `self`, `super` or `crate`.
fn extended(mut path: Path, word: &str, module: &[String]) -> Path {
    let from = if path.is_empty() { module } else { &path[..] };
    match word {
        "crate" if path.is_empty() => module[..1].to_vec(),
        "zegel" if path.is_empty() => vec!["crate".to_owned()],
        "self" => from.to_vec(),
        "super" => from[..from.len().saturating_sub(1).max(1)].to_vec(),
        _ => {
            path.push(word.to_owned());
            path
        }
    }
}

#[cfg(test)]
mod tests {
    use super::paths;
    use crate::in_process::source::live;
    use rstest::rstest;

    /// Returns the places that a file of the module `a::b` surely leads to.
    fn named(source: &str) -> Vec<String> {
        let module = ["crate", "a", "b"].map(str::to_owned);
        let tokens = live(source.parse().unwrap());
        let mut found: Vec<_> =
            paths(&module, tokens).into_iter().filter(|named| named.sure).map(|named| named.to.join("::")).collect();
        found.sort();
        found
    }

    #[rstest]
    #[case("use crate::x;", &["crate::x"])]
    #[case("use crate::{x, y::z};", &["crate::x", "crate::y::z"])]
    #[case("use crate::{x::{self, v as w}, y::{z::{p, q}}};", &["crate::x", "crate::x::v", "crate::y::z::p", "crate::y::z::q"])]
    #[case("use super::super::x::y;", &["crate::x::y"])]
    #[case("use self::super::x;", &["crate::a::x"])]
    #[case("use super::{super::x};", &["crate::x"])]
    #[case("use crate::*;", &["crate::*"])]
    #[case("use super::super as root;", &["crate"])]
    #[case("pub use crate::x::Y;", &["crate::x::Y"])]
    #[case("fn f() -> super::super::x::Y { crate::z::g() }", &["crate::x::Y", "crate::z::g"])]
    #[case("fn f() { println!(\"{}\", vec![crate::x::y()]); }", &["crate::x::y"])]
    #[case("fn f() { let v = Vec::<crate::x::Y>::new(); }", &["crate::x::Y"])]
    #[case("#[derive(crate::x::D)] struct S;", &["crate::x::D"])]
    #[case("#[serde(with = \"crate::x::hex\")] struct S;", &["crate::x::hex"])]
    #[case("mod m { use super::x; mod n { fn f() { super::super::super::y::g() } } }", &["crate::a::b::x", "crate::a::y::g"])]
    #[case("use std::{fs, io as i}; fn f() { fs::read(i::E) }", &["fs::read", "i::E", "std::fs", "std::fs::read", "std::io", "std::io::E"])]
    #[case("use std::time; use time::Instant; fn f() { Instant::now() }", &["Instant::now", "std::time", "std::time::Instant", "std::time::Instant::now", "time::Instant", "time::Instant::now"])]
    #[case("fn f() -> ::std::fs::File { ::std::net::x() }", &["std::fs::File", "std::net::x"])]
    #[case("fn f() { <u8 as T>::x::y(); a::b::<u8>::c::d(); }", &["a::b"])]
    #[case("use r#std::r#fs;", &["std::fs"])]
    #[case("use zegel::x;", &["crate::x"])]
    fn a_path_is_seen_and_resolved(#[case] source: &str, #[case] expected: &[&str]) {
        assert_eq!(named(source), expected);
    }

    #[rstest]
    #[case("/// [`crate::x::y`]\npub(crate) fn f() { } // crate::x::y")]
    #[case("//! crate::x::y\nconst S: &str = \"crate::x::y\";")]
    #[case("#[cfg(test)] mod tests { use crate::x::y; }")]
    #[case("#[cfg(test)] use crate::{x, y};")]
    #[case("#[allow(unused)] #[cfg(test)] pub(super) fn f() { crate::x::y() }")]
    #[case("fn f<'a>() -> impl Fn() + use<'a> { x.y(); z }")]
    fn a_path_outside_the_program_is_ignored(#[case] source: &str) {
        assert_eq!(named(source), Vec::<String>::new());
    }

    #[rstest]
    #[case("fn f() { c::g() }", "crate::a::b::c::g")]
    #[case("use crate::x::*; fn f() { y::g() }", "crate::x::y::g")]
    fn an_uncertain_path_is_marked_as_such(#[case] source: &str, #[case] expected: &str) {
        let module = ["crate", "a", "b"].map(str::to_owned);
        let found = paths(&module, source.parse().unwrap());
        assert!(found.iter().any(|named| !named.sure && named.to.join("::") == expected), "{found:?}");
    }
}
