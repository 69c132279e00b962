//! Sentences in the source: the texts for users are in `assets`, in both languages, and nowhere else.
//!
//! The test looks for string literals with two adjacent small words. It skips attributes, log lines and assertions,
//! which no user sees. It does not notice a single word.

use crate::in_process::source::{Source, is_punct, sources};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;

/// Files with sentences that no user sees or that belong to others, with the reason.
const ELSEWHERE: &[(&str, &str)] = &[
    ("certcentral/error.rs", "what errors of libraries begin with, and what a log says of them"),
    ("cli/usage_error.rs", "what a sentence of clap begins with"),
    ("commands.rs", "names of commands"),
    ("form/draft.rs", "why a conversion cannot fail"),
    ("order/outcome.rs", "fixed words of the journal"),
    ("order/executor.rs", "fixed words of the journal"),
    ("tui/event_loop/log_names.rs", "words of the log"),
    ("sandbox", "what CertCentral says, which says it in English"),
    ("store", "SQL, and fixed words of the file"),
    ("keystore/command.rs", "the name of a thread"),
    ("tui/event_loop/setup.rs", "the name of a thread"),
];

/// Macros with texts for a log or for developers.
const UNSEEN: &[&str] = &["debug", "info", "warn", "error", "trace", "assert", "debug_assert", "unreachable", "panic"];

/// Collects the string literals that a user might see, with their lines.
fn literals(stream: TokenStream, found: &mut Vec<(usize, String)>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) if !is_unseen(&trees[..at]) => literals(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let syn::Lit::Str(text) = syn::Lit::new(literal.clone()) {
                    found.push((tree.span().start().line, text.value()));
                }
            }
            _ => {}
        }
    }
}

/// Returns true if the brackets after these tokens belong to an attribute, or to a macro with texts that no user sees.
fn is_unseen(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(name), bang] if is_punct(bang, '!') => UNSEEN.iter().any(|unseen| name == unseen),
        [.., hash, bang] if is_punct(bang, '!') => is_punct(hash, '#'),
        [.., hash] => is_punct(hash, '#'),
        [] => false,
    }
}

/// Returns true if a text has two adjacent small words.
fn is_prose(text: &str) -> bool {
    let is_word = |word: &str| {
        let word = word.trim_matches(|c: char| c.is_ascii_punctuation());
        word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase())
    };
    let words: Vec<&str> = text.split(' ').collect();
    words.windows(2).any(|pair| pair.iter().all(|word| is_word(word) && !word.starts_with(['{', '-'])))
}

/// Returns the sentences of some files that `elsewhere` does not list, and its rows that match none.
fn faults(sources: &[Source], elsewhere: &[(&str, &str)]) -> Vec<String> {
    let mut met = BTreeSet::new();
    let mut faults = Vec::new();
    for source in sources {
        let mut found = Vec::new();
        literals(source.live(), &mut found);
        let here =
            elsewhere.iter().find(|(path, _)| source.path == *path || source.path.starts_with(&format!("{path}/")));
        for (line, text) in found.iter().filter(|(_, text)| is_prose(text)) {
            match here {
                Some((path, _)) => _ = met.insert(*path),
                None => faults.push(format!("{}:{line}: {text:?} belongs in assets/i18n", source.path)),
            }
        }
    }
    let idle = elsewhere.iter().filter(|(path, _)| !met.contains(path));
    faults.extend(idle.map(|(path, _)| format!("{path} is listed, and has no sentence")));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn the_source_contains_no_sentence() {
        let faults = faults(&sources("src"), ELSEWHERE);
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[rstest]
    #[case("fn f() -> String { \"no session bus\".to_owned() }")]
    #[case("fn f() { Trouble::new(Cause::Other, format!(\"locked by {name}, it seems\")) }")]
    #[case("const WORDS: &[&str] = &[\"it gave up\"];")]
    fn a_sentence_is_found(#[case] text: &str) {
        let sample = Source::sample("x.rs", text);
        assert_eq!(faults(&[sample], &[]).len(), 1);
    }

    #[rstest]
    #[case("#![doc = \"no session bus\"]\n#[error(\"no session bus\")]\nstruct X;")]
    #[case("fn f() { tracing::info!(a = 1, \"no session bus\"); assert!(x, \"no session bus\"); }")]
    #[case("fn f() { lang.say(\"vault.no_bus\"); command(\"zegel\", \"--no-bus\", \"no bus-{x}\", \"Session Bus\") }")]
    #[case("#[cfg(test)] mod tests { const X: &str = \"no session bus\"; }")]
    fn other_code_is_accepted(#[case] text: &str) {
        assert_eq!(faults(&[Source::sample("x.rs", text)], &[]), Vec::<String>::new());
    }

    #[test]
    fn every_listed_file_has_a_sentence() {
        let sample = Source::sample("store/rows.rs", "const X: &str = \"not there\";");
        let listed = [("store", "why"), ("vault", "why")];
        assert_eq!(faults(&[sample], &listed), ["vault is listed, and has no sentence"]);
    }
}
