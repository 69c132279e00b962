//! What the code base does without: `unsafe`, macros of its own, global state, and placeholders.
//!
//! The tests read tokens, so words in comments and strings do not count. Only the proof that an `unwrap` cannot fail is
//! a comment, expected in the line before. `arrows` and `purity` check which names a module may use.

use crate::in_process::source::{Source, is_punct, levels, sources};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Types that make a `static` mutable.
const CHANGING: &[&str] = &[
    "OnceLock",
    "LazyLock",
    "OnceCell",
    "LazyCell",
    "Mutex",
    "RwLock",
    "Cell",
    "RefCell",
    "UnsafeCell",
    "lazy_static",
    "thread_local",
];

/// Macros that are placeholders, or that hide source from these tests.
const MACROS: &[&str] = &["todo", "unimplemented", "lazy_static", "thread_local", "include"];

/// Returns where tokens match a rule, and the fault. The rule gets all tokens and a position in them.
fn found(tokens: TokenStream, rule: impl Fn(&[TokenTree], usize) -> Option<String>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    levels(tokens, &mut |trees| {
        let faults = (0..trees.len()).filter_map(|at| Some((trees[at].span().start().line, rule(trees, at)?)));
        found.extend(faults);
    });
    found
}

/// Returns a fault that is forbidden everywhere, also in tests.
fn anywhere(trees: &[TokenTree], at: usize) -> Option<String> {
    match &trees[at..] {
        [TokenTree::Ident(word), ..] if word == "unsafe" => Some("unsafe".to_owned()),
        [TokenTree::Ident(word), bang, ..] if word == "macro_rules" && is_punct(bang, '!') => {
            Some("a macro of our own".to_owned())
        }
        _ => None,
    }
}

/// Returns a fault that is forbidden in the program and in the tests beside its code.
fn in_program(trees: &[TokenTree], at: usize) -> Option<String> {
    match &trees[at..] {
        [TokenTree::Ident(word), bang, rest @ ..] if is_punct(bang, '!') && MACROS.iter().any(|name| word == name) => {
            let generated = word == "include" && rest.first().is_some_and(is_generated);
            (!generated).then(|| format!("{word}!"))
        }
        [TokenTree::Ident(word), rest @ ..] if word == "static" && !is_lifetime(trees, at) => global(rest),
        [TokenTree::Ident(word), TokenTree::Ident(next), ..] if word == "extern" && next == "crate" => {
            Some("extern crate".to_owned())
        }
        [hash, TokenTree::Group(group), ..] if is_punct(hash, '#') && group.delimiter() == Delimiter::Bracket => {
            let first = group.stream().into_iter().next()?.to_string();
            (first == "path").then(|| "a module whose file is elsewhere".to_owned())
        }
        _ => None,
    }
}

/// Whether the arguments of `include!` name a file that the build script wrote.
fn is_generated(arguments: &TokenTree) -> bool {
    arguments.to_string().replace(' ', "").starts_with("(concat!(env!(\"OUT_DIR\"),\"/")
}

fn is_lifetime(trees: &[TokenTree], at: usize) -> bool {
    at > 0 && is_punct(&trees[at - 1], '\'')
}

/// Returns the fault of a `static`, from the word after it.
fn global(rest: &[TokenTree]) -> Option<String> {
    let kind = rest.iter().take_while(|tree| !is_punct(tree, '=') && !is_punct(tree, ';'));
    let mut words = kind.map(ToString::to_string);
    words
        .find(|word| word == "mut" || CHANGING.contains(&word.as_str()) || word.starts_with("Atomic"))
        .map(|word| format!("a static that changes ({word})"))
}

/// Returns `unwrap` and similar calls, as a call or as a path.
fn unwrapped(trees: &[TokenTree], at: usize) -> Option<String> {
    let TokenTree::Ident(word) = &trees[at] else { return None };
    let named = ["unwrap", "expect", "unwrap_err", "expect_err"].iter().any(|name| word == name);
    let called = at > 0 && (is_punct(&trees[at - 1], '.') || is_punct(&trees[at - 1], ':'));
    (named && called).then(|| format!("{word} without a line `// … cannot fail …` before it"))
}

/// Returns true if the line before is a comment that says that this cannot fail.
fn is_proven(text: &str, line: usize) -> bool {
    let before = line.checked_sub(2).and_then(|before| text.lines().nth(before)).unwrap_or_default().trim();
    before.starts_with("//") && !before.starts_with("///") && before.contains("cannot fail")
}

/// Returns the faults of a file of the program.
fn faults(source: &Source) -> Vec<String> {
    let unproven = found(source.live(), unwrapped).into_iter().filter(|(line, _)| !is_proven(&source.text, *line));
    let all = found(source.tokens(), anywhere).into_iter().chain(found(source.tokens(), in_program)).chain(unproven);
    all.map(|(line, fault)| format!("{}:{line}: {fault}", source.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn the_program_has_no_banned_code() {
        let faults: Vec<_> = sources("src").iter().flat_map(faults).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[rstest]
    #[case("tests")]
    #[case("benches")]
    #[case("build")]
    fn tests_and_the_build_have_no_unsafe_code_and_no_macros(#[case] folder: &str) {
        for source in sources(folder) {
            assert_eq!(found(source.tokens(), anywhere), [], "in {}", source.path);
        }
    }

    #[rstest]
    #[case("fn f() { unsafe { g() } }", "unsafe")]
    #[case("#[cfg(test)] mod tests { unsafe fn f() {} }", "unsafe")]
    #[case("fn f() { call!(unsafe { g() }) }", "unsafe")]
    #[case("macro_rules! m { () => {} }", "a macro of our own")]
    #[case("static mut X: u8 = 0;", "a static that changes (mut)")]
    #[case("pub static X: std::sync::LazyLock<u8> = y();", "a static that changes (LazyLock)")]
    #[case("fn f() { static X: OnceLock<u8> = OnceLock::new(); }", "a static that changes (OnceLock)")]
    #[case("static X: AtomicBool = AtomicBool::new(false);", "a static that changes (AtomicBool)")]
    #[case("lazy_static! { static ref X: u8 = 0; }", "lazy_static!")]
    #[case("lazy_static::lazy_static! { }", "lazy_static!")]
    #[case("fn f() { todo!() }", "todo!")]
    #[case("fn f() { unimplemented!(\"later\") }", "unimplemented!")]
    #[case("include!(\"x.rs\");", "include!")]
    #[case("include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/x.rs\"));", "include!")]
    #[case("#[path = \"x.rs\"] mod y;", "a module whose file is elsewhere")]
    #[case("extern crate std as s;", "extern crate")]
    #[case("fn f() { g().unwrap() }", "unwrap without a line `// … cannot fail …` before it")]
    #[case("fn f() { g(x.expect(\"why\")) }", "expect without a line `// … cannot fail …` before it")]
    #[case("fn f() { x.map(Result::unwrap) }", "unwrap without a line `// … cannot fail …` before it")]
    fn banned_code_is_found(#[case] text: &str, #[case] fault: &str) {
        assert_eq!(faults(&Source::sample("x.rs", text)), [format!("x.rs:1: {fault}")]);
    }

    #[rstest]
    #[case("// unsafe, todo!()\n/// x.unwrap()\nfn f() { \"unsafe todo!()\"; }")]
    #[case("static X: &[&'static str] = &[]; fn f(x: &'static Mutex<u8>) {}")]
    #[case("#![forbid(unsafe_code)]\nconst X: &str = include_str!(\"x\");")]
    #[case("include!(concat!(env!(\"OUT_DIR\"), \"/x.rs\"));")]
    #[case("#[cfg(test)] mod tests { fn f() { x.unwrap() } }")]
    #[case("#[expect(clippy::x)]\nfn f() { x.unwrap_or_default(); unwrap(); }")]
    #[case("fn f() {\n    // A digit, so this cannot fail.\n    x.unwrap()\n}")]
    #[case("fn f() {\n    x\n        // This cannot fail: it is one of ours.\n        .expect(\"one of ours\")\n}")]
    fn other_code_is_accepted(#[case] text: &str) {
        assert_eq!(faults(&Source::sample("x.rs", text)), Vec::<String>::new());
    }

    #[rstest]
    #[case("/// cannot fail\nfn f() { x.unwrap() }")]
    #[case("// cannot fail\n\nfn f() { x.unwrap() }")]
    #[case("let s = \"cannot fail\";\nx.unwrap()")]
    #[case("// should never fail\nx.unwrap()")]
    fn a_proof_is_a_comment_in_the_line_before(#[case] text: &str) {
        assert_eq!(faults(&Source::sample("x.rs", text)).len(), 1);
    }
}
