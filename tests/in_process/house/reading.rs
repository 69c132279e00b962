//! Samples for the reading of source files: the tokens of the program without tests and doc comments.
//!
//! The reading itself is in `tests/source`, which other tests share. No rule is tested here.

use crate::in_process::source::{Source, live, mark_tests, sources};
use rstest::rstest;

#[rstest]
#[case("/// Doc.\nfn f() { /** x */ g() }", "fn f() { g() }")]
#[case("//! Doc.\n#![allow(x)]", "#![allow(x)]")]
#[case("#[inline] fn f() {}", "#[inline] fn f() {}")]
#[case("#[cfg(test)] mod tests { fn f() {} } fn g() {}", "fn g() {}")]
#[case("#[cfg(test)] mod tests; fn g() {}", "fn g() {}")]
#[case("#[cfg(test)] use a::{b, c}; fn g() {}", "fn g() {}")]
#[case("/// Doc.\n#[allow(x)] #[cfg(test)] #[y] pub(crate) const X: u8 = 1; fn g() {}", "fn g() {}")]
#[case("impl S { #[cfg(test)] pub fn f() {} fn g() {} }", "impl S { fn g() {} }")]
#[case("struct S { #[cfg(test)] pub x: u8, y: u8 }", "struct S { #[cfg(test)] pub x: u8, y: u8 }")]
#[case("#[cfg(not(test))] mod real { }", "#[cfg(not(test))] mod real { }")]
fn tests_and_doc_comments_are_removed(#[case] text: &str, #[case] left: &str) {
    let tokens: proc_macro2::TokenStream = left.parse().unwrap();
    assert_eq!(live(text.parse().unwrap()).to_string(), tokens.to_string());
}

#[test]
fn a_file_of_a_test_module_is_removed_completely() {
    let declared = "#[cfg(test)] mod tests; mod other;";
    let mut files = [
        Source::sample("lib.rs", "#[cfg(test)]\nmod samples;"),
        Source::sample("samples.rs", "fn f() {}"),
        Source::sample("a.rs", declared),
        Source::sample("a/tests.rs", "fn f() {}"),
        Source::sample("a/tests/deep.rs", "fn f() {}"),
        Source::sample("a/other.rs", "fn f() {}"),
        Source::sample("a/tests_of.rs", "fn f() {}"),
        Source::sample("b/mod.rs", declared),
        Source::sample("b/tests/mod.rs", "fn f() {}"),
        Source::sample("tests.rs", "fn f() {}"),
    ];
    mark_tests(&mut files);
    let left_out: Vec<&str> =
        files.iter().filter(|file| file.live().is_empty()).map(|file| file.path.as_str()).collect();
    assert_eq!(left_out, ["lib.rs", "samples.rs", "a/tests.rs", "a/tests/deep.rs", "b/tests/mod.rs"]);
}

#[test]
fn the_files_of_the_program_are_read() {
    let paths: Vec<String> = sources("src").into_iter().map(|source| source.path).collect();
    for path in ["lib.rs", "main.rs", "i18n/country.rs"] {
        assert!(paths.iter().any(|known| known == path), "{path} is not among {paths:?}");
    }
}
