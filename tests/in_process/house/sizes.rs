//! How large functions and files are, and whether each file opens by saying what it is for.
//!
//! Lines are those that a reader sees: from the signature to the closing brace, comments included. Closures count
//! with the function they stand in. It does not judge what a header says, only that there is one of some length.

use crate::in_process::source::{Source, is_punct, levels, live, sources};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::ops::RangeInclusive;
use syn::visit::{self, Visit};

const LONGEST_FUNCTION: usize = 60;
const MEDIAN: usize = 8;
const NINETIETH: usize = 30;
const LONGEST_FILE: usize = 450;
const SENTENCES: RangeInclusive<usize> = 2..=5;

/// Words with a full stop that ends no sentence.
const ABBREVIATIONS: &[&str] = &["e.g.", "i.e.", "cf.", "vs.", "etc.", "approx.", "no.", "p."];

/// A function's lines, and where it is.
type Function = (usize, String);

struct Functions<'a> {
    path: &'a str,
    found: Vec<Function>,
}

impl Functions<'_> {
    fn add(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let first = signature.fn_token.span.start().line;
        let last = body.brace_token.span.close().end().line;
        self.found.push((last + 1 - first, format!("{}:{first} {}", self.path, signature.ident)));
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.add(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }

    /// What stands in a macro, such as `proptest!`, is tokens alone, of which a function is told by its head.
    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        levels(item.tokens.clone(), &mut |trees| {
            for at in 0..trees.len() {
                self.found.extend(function_here(self.path, &trees[at..]));
            }
        });
    }
}

/// The function that begins here, if one does and it has a body.
fn function_here(path: &str, trees: &[TokenTree]) -> Option<Function> {
    let [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Group(_), ..] = trees else { return None };
    let body = trees.iter().take_while(|tree| !is_punct(tree, ';')).find_map(|tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        _ => None,
    });
    let (first, last) = (word.span().start().line, body?.span_close().end().line);
    (word == "fn").then(|| (last + 1 - first, format!("{path}:{first} {name}")))
}

/// The functions among the tokens of a file, longest first.
fn functions(path: &str, tokens: TokenStream) -> Vec<Function> {
    let file: syn::File = syn::parse2(tokens).unwrap_or_else(|error| panic!("{path} could not be read: {error}"));
    let mut functions = Functions { path, found: Vec::new() };
    functions.visit_file(&file);
    functions.found.sort_by(|a, b| b.cmp(a));
    functions.found
}

/// The smallest length that so many hundredths of the functions do not exceed.
fn percentile(functions: &[Function], hundredths: usize) -> usize {
    let mut lengths: Vec<usize> = functions.iter().map(|(lines, _)| *lines).collect();
    lengths.sort_unstable();
    let rank = (lengths.len() * hundredths).div_ceil(100).max(1);
    lengths.get(rank - 1).copied().unwrap_or_default()
}

/// The largest of some things, as lines to print.
fn worst(mut sizes: Vec<(usize, String)>) -> String {
    sizes.sort_by(|a, b| b.cmp(a));
    sizes.iter().take(10).map(|(size, name)| format!("\n{size:5} {name}")).collect::<Vec<_>>().concat()
}

/// What is wrong with the functions of the program: the lengths that half of them, and nine in ten, may have.
fn crowd_faults(functions: Vec<Function>) -> Option<String> {
    let (median, ninetieth) = (percentile(&functions, 50), percentile(&functions, 90));
    let fine = median <= MEDIAN && ninetieth <= NINETIETH;
    (!fine).then(|| {
        format!(
            "median {median} (at most {MEDIAN}), 90th percentile {ninetieth} (at most {NINETIETH}):{}",
            worst(functions)
        )
    })
}

/// How many sentences open a file. Code, headings and link targets are none.
fn header_sentences(text: &str) -> usize {
    let mut code = false;
    let mut words = Vec::new();
    for line in text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim) {
        if line.starts_with("```") {
            code = !code;
        } else if !code && !line.starts_with('#') && !is_link_target(line) {
            words.extend(line.split_whitespace());
        }
    }
    let ends = |at: &usize| is_end(words[*at], words.get(at + 1).copied());
    (0..words.len()).filter(ends).count()
}

fn is_link_target(line: &str) -> bool {
    line.starts_with('[') && line.contains("]: ")
}

/// Whether a word ends a sentence, given the next one. An abbreviation does so only at the very end.
fn is_end(word: &str, next: Option<&str>) -> bool {
    let bare = word.trim_matches(['(', ')', '"', '\'', '*', '_', '`', '”', '’', ']', '[']);
    let stop = bare.ends_with(['.', '!', '?']) && !bare.ends_with("..");
    stop && (next.is_none() || !ABBREVIATIONS.contains(&bare.to_lowercase().as_str()))
}

/// What is wrong with the header of a file, if anything.
fn header_fault(source: &Source) -> Option<String> {
    let count = header_sentences(&source.text);
    let enough = match source.path.as_str() {
        "lib.rs" | "main.rs" => count >= 1,
        _ => SENTENCES.contains(&count),
    };
    (!enough).then(|| format!("{}: {count} sentences in its header", source.path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("src")]
    #[case("tests")]
    #[case("benches")]
    fn no_function_is_too_long(#[case] folder: &str) {
        let all = sources(folder).into_iter().flat_map(|source| functions(&source.path, source.tokens()));
        let long: Vec<Function> = all.filter(|(lines, _)| *lines > LONGEST_FUNCTION).collect();
        assert!(long.is_empty(), "over {LONGEST_FUNCTION} lines:{}", worst(long));
    }

    #[test]
    fn most_functions_are_short() {
        let all: Vec<Function> =
            sources("src").iter().flat_map(|source| functions(&source.path, source.live())).collect();
        assert!(!all.is_empty());
        let fault = crowd_faults(all);
        assert!(fault.is_none(), "{}", fault.unwrap_or_default());
    }

    #[rstest]
    #[case("src")]
    #[case("tests")]
    #[case("benches")]
    fn no_file_is_too_long(#[case] folder: &str) {
        let sizes = sources(folder).into_iter().map(|source| (source.text.lines().count(), source.path));
        let long: Vec<_> = sizes.filter(|(lines, _)| *lines > LONGEST_FILE).collect();
        assert!(long.is_empty(), "over {LONGEST_FILE} lines:{}", worst(long));
    }

    #[test]
    fn every_file_opens_with_a_header() {
        let faults: Vec<String> = sources("src").iter().filter_map(header_fault).collect();
        assert!(faults.is_empty(), "two to five sentences of `//!` are wanted: {faults:#?}");
    }

    #[rstest]
    #[case("fn f() {}", &[(1, "x.rs:1 f")])]
    #[case("/// Doc.\n#[inline]\npub fn f(\n    x: u8,\n) -> u8 {\n    // why\n    x\n}", &[(6, "x.rs:3 f")])]
    #[case("impl S {\n    fn f() {\n        fn g() {\n        }\n    }\n}", &[(4, "x.rs:2 f"), (2, "x.rs:3 g")])]
    #[case("trait T {\n    fn f();\n    fn g() {\n    }\n}", &[(2, "x.rs:3 g")])]
    #[case("const X: fn() = || {\n};\n", &[])]
    #[case("mod m {\n    async fn f() {\n        || {\n        };\n    }\n}", &[(4, "x.rs:2 f")])]
    #[case("m! {\n    #![x(y)]\n    fn f(a in b()) {\n        g! { fn h() {} }\n    }\n}", &[(3, "x.rs:3 f"), (1, "x.rs:4 h")])]
    fn lines_are_counted_by_function(#[case] text: &str, #[case] expected: &[(usize, &str)]) {
        let found = functions("x.rs", text.parse().unwrap());
        assert_eq!(found.iter().map(|(lines, name)| (*lines, name.as_str())).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_tests_is_not_in_the_crowd() {
        let text = "fn f() {}\n#[cfg(test)]\nuse a::{b};\n#[cfg(test)]\nmod tests {\n fn g() {}\n}\n";
        assert_eq!(functions("x.rs", live(text.parse().unwrap())), [(1, "x.rs:1 f".to_owned())]);
    }

    fn crowd(lengths: &[usize]) -> Vec<Function> {
        lengths.iter().map(|lines| (*lines, format!("f{lines}"))).collect()
    }

    #[rstest]
    #[case(&[8, 8, 8, 8, 8, 30, 30, 30, 30, 60], false)]
    #[case(&[8, 8, 8, 8, 9, 30, 30, 30, 30, 60], true)]
    #[case(&[8, 8, 8, 8, 8, 30, 30, 30, 31, 60], true)]
    #[case(&[], false)]
    fn half_are_short_and_nine_in_ten_are_not_long(#[case] lengths: &[usize], #[case] wrong: bool) {
        assert_eq!(crowd_faults(crowd(lengths)).is_some(), wrong);
    }

    #[test]
    fn the_worst_are_named_first_and_ten_at_most() {
        assert_eq!(worst(crowd(&[3, 12])), "\n   12 f12\n    3 f3");
        assert_eq!(worst(crowd(&[1; 11])).lines().count(), 11, "an empty line and ten");
    }

    #[rstest]
    #[case("use x;", 0)]
    #[case("\n//! Late.\n", 0)]
    #[case("//! No stop", 0)]
    #[case("//! One of v1.2, e.g. `a.b`, and x.y... so on.", 1)]
    #[case("//! One: see (two.)\n//! Is *three?* Yes!\n//!\n//! zegel is five.\nfn f() {} // Six.", 4)]
    #[case("//! One.\n//! ```\n//! No. No.\n//! ```\n//! Two, etc.", 2)]
    #[case("//! # Heading.\n//! [x]: http://a.b.\n//! One [`x`].", 1)]
    fn sentences_of_a_header_are_counted(#[case] text: &str, #[case] count: usize) {
        assert_eq!(header_sentences(text), count);
    }

    #[rstest]
    #[case("lib.rs", 1, false)]
    #[case("main.rs", 7, false)]
    #[case("lib.rs", 0, true)]
    #[case("a.rs", 1, true)]
    #[case("a.rs", 2, false)]
    #[case("a.rs", 5, false)]
    #[case("a.rs", 6, true)]
    fn a_header_has_two_to_five_sentences(#[case] path: &str, #[case] count: usize, #[case] wrong: bool) {
        let source = Source::sample(path, &"//! It is.\n".repeat(count));
        assert_eq!(header_fault(&source).is_some(), wrong);
    }
}
