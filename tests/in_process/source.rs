//! The source of the program, as the tests of the code base read it: files and their tokens.
//!
//! Tokens rather than lines, so that comments and strings are never mistaken for code, and macro bodies are included.
//! The tests that use this module have the rules.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The words that begin an item.
const ITEMS: &[&str] = &["mod", "fn", "async", "impl", "trait", "struct", "enum", "type", "use", "const", "static"];

/// One source file.
#[derive(Clone)]
pub(crate) struct Source {
    /// The path below the directory that was read, with `/` between the parts.
    pub(crate) path: String,
    /// The content.
    pub(crate) text: String,
    /// Whether it is compiled only for tests: it, or a file above it, is declared by `#[cfg(test)] mod name;`.
    pub(crate) test_only: bool,
}

impl Source {
    /// A file that is part of the program.
    pub(crate) fn sample(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), test_only: false }
    }

    /// Returns all tokens, including tests and doc comments.
    pub(crate) fn tokens(&self) -> TokenStream {
        self.text.parse().unwrap_or_else(|error| panic!("{} could not be read: {error}", self.path))
    }

    /// Returns the tokens of the program: without doc comments and items under `#[cfg(test)]`.
    pub(crate) fn live(&self) -> TokenStream {
        if self.test_only { TokenStream::new() } else { live(self.tokens()) }
    }
}

/// Returns all Rust files below a directory of the repository, by path. A missing directory has none.
///
/// Each directory is read once for all tests.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    static READ: Mutex<BTreeMap<String, Vec<Source>>> = Mutex::new(BTreeMap::new());
    let mut folders = READ.lock().unwrap_or_else(PoisonError::into_inner);
    folders.entry(folder.to_owned()).or_insert_with(|| read_folder(folder)).clone()
}

fn read_folder(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    collect(&root, "", &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    mark_tests(&mut found);
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{path}/"), found);
        } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(entry.path()).unwrap_or_else(|error| panic!("{path}: {error}"));
            found.push(Source { path, text, test_only: false });
        }
    }
}

/// Marks the files that are compiled only for tests.
pub(crate) fn mark_tests(sources: &mut [Source]) {
    let stems: Vec<String> = sources.iter().flat_map(test_modules).collect();
    for source in sources {
        let module = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
        source.test_only = stems.iter().any(|stem| module == stem || module.starts_with(&format!("{stem}/")));
    }
}

/// Returns the modules that a file declares by `#[cfg(test)] mod name;`, as paths without `.rs`.
fn test_modules(source: &Source) -> Vec<String> {
    if !source.text.contains("cfg(test)") {
        return Vec::new();
    }
    let trees: Vec<TokenTree> = source.tokens().into_iter().collect();
    let tests = (0..trees.len()).filter_map(|at| test_item(&trees[at..]).map(|length| &trees[at..at + length]));
    let named = tests.filter_map(|item| match item {
        [.., TokenTree::Ident(word), TokenTree::Ident(name), end] if word == "mod" && is_punct(end, ';') => {
            Some(format!("{}{name}", folder_of(&source.path)))
        }
        _ => None,
    });
    named.collect()
}

/// Returns the directory of the modules that a file declares, with a final `/`.
fn folder_of(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let stem = name.trim_end_matches(".rs");
    let is_root = matches!((folder, stem), ("", "lib" | "main") | (_, "mod"));
    let parts = [folder, if is_root { "" } else { stem }];
    parts.iter().filter(|part| !part.is_empty()).flat_map(|part| [part, "/"]).collect()
}

/// Returns the tokens without doc comments and without items under `#[cfg(test)]`.
pub(crate) fn live(stream: TokenStream) -> TokenStream {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut out = TokenStream::new();
    let mut at = 0;
    while at < trees.len() {
        let rest = &trees[at..];
        if let Some(length) = test_item(rest).or_else(|| doc_comment(rest)) {
            at += length;
            continue;
        }
        out.extend([match &rest[0] {
            TokenTree::Group(group) => regroup(group),
            tree => tree.clone(),
        }]);
        at += 1;
    }
    out
}

fn regroup(group: &Group) -> TokenTree {
    let mut inner = Group::new(group.delimiter(), live(group.stream()));
    inner.set_span(group.span());
    inner.into()
}

/// Returns the number of trees in the inner or outer doc comment that begins here, if one does.
fn doc_comment(trees: &[TokenTree]) -> Option<usize> {
    let length = match trees {
        [hash, bang, ..] if is_punct(hash, '#') && is_punct(bang, '!') => 3,
        [hash, ..] if is_punct(hash, '#') => 2,
        _ => return None,
    };
    let TokenTree::Group(group) = trees.get(length - 1)? else { return None };
    matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(word)) if word == "doc").then_some(length)
}

/// Returns the number of trees in the item under `#[cfg(test)]` that begins here, with its attributes, if one does.
fn test_item(trees: &[TokenTree]) -> Option<usize> {
    let mut at = 0;
    let mut test = false;
    while let [hash, TokenTree::Group(group), ..] = &trees[at..]
        && is_punct(hash, '#')
        && group.delimiter() == Delimiter::Bracket
    {
        test |= group.stream().to_string().replace(' ', "") == "cfg(test)";
        at += 2;
    }
    if test { Some(at + item(&trees[at..])?) } else { None }
}

/// Returns the number of trees in an item: up to its body or semicolon, whichever comes first. A field is no item.
fn item(trees: &[TokenTree]) -> Option<usize> {
    let at = match trees {
        [TokenTree::Ident(word), TokenTree::Group(_), ..] if word == "pub" => 2,
        [TokenTree::Ident(word), ..] if word == "pub" => 1,
        _ => 0,
    };
    let TokenTree::Ident(word) = trees.get(at)? else { return None };
    ITEMS.iter().find(|known| word == *known)?;
    let is_body = |tree: &TokenTree| matches!(tree, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
    let end = trees.iter().position(|tree| is_body(tree) || is_punct(tree, ';'))?;
    let closed = is_body(&trees[end]) && trees.get(end + 1).is_some_and(|next| is_punct(next, ';'));
    Some(end + 1 + usize::from(closed))
}

/// Returns true if a tree is this punctuation mark.
pub(crate) fn is_punct(tree: &TokenTree, mark: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// Calls `see` with the trees of every level: the outermost, and the content of every pair of brackets.
pub(crate) fn levels(stream: TokenStream, see: &mut impl FnMut(&[TokenTree])) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    see(&trees);
    for tree in trees {
        if let TokenTree::Group(group) = tree {
            levels(group.stream(), see);
        }
    }
}
