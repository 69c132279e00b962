//! Modules without terminal, network, clock, file or environment, so that a run of them can be replayed.
//!
//! The test checks the names that a file uses, however it imports them. It does not see the abilities of a value that
//! another module passes in: that is how time, files and replies are meant to come in.

use super::arrows::{module_name, module_path};
use super::paths::paths;
use crate::in_process::source::{Source, sources};
use std::collections::BTreeSet;

/// The modules that only compute. Their parts in [`IMPURE`] are excluded.
const PURE: &[&str] = &[
    "product",
    "form",
    "order",
    "account/readiness",
    "tui",
    "text",
    "tone",
    "domain",
    "certcentral/decode",
    "json",
    "i18n",
    "secret",
    "redact",
    "search",
    "similarity",
    "messages",
];

/// The parts of pure modules that do input and output or draw.
const IMPURE: &[&str] = &["order/executor", "tui/event_loop", "tui/terminal", "tui/draw", "tui/canvas", "tui/theme"];

/// Names that reach outside the program.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::process",
    "std::time::SystemTime",
    "std::time::Instant",
    "jiff::Zoned::now",
    "jiff::Timestamp::now",
    "tokio",
    "reqwest",
    "axum",
    "rustix",
    "crossterm",
    "ratatui::crossterm",
];

/// Names that draw.
const DRAWING: &[&str] = &["ratatui"];

/// Returns where files of some modules name something forbidden.
fn faults(modules: &[&str], forbidden: &[&str], sources: &[Source]) -> BTreeSet<String> {
    let mut faults = BTreeSet::new();
    for source in sources {
        let path = module_path(&source.path);
        let module = module_name(&path, &[IMPURE, &["certcentral/decode", "account/readiness"]].concat());
        if !modules.contains(&module.as_str()) {
            continue;
        }
        for named in paths(&path, source.live()) {
            let to = named.to.join("::");
            if forbidden.iter().any(|name| leads_to(&to, name)) {
                faults.insert(format!("{}:{}: {module} names {to}", source.path, named.line));
            }
        }
    }
    faults
}

/// Returns true if a path leads to a name, into it, or is a glob import of a module that contains it.
fn leads_to(path: &str, name: &str) -> bool {
    let within = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with("::"));
    path == name || within(path, name) || path.strip_suffix("::*").is_some_and(|base| within(name, base))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn pure_modules_use_nothing_outside() {
        let faults = faults(PURE, &[OUTSIDE, DRAWING].concat(), &sources("src"));
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn drawing_modules_use_nothing_outside() {
        let faults = faults(&["tui/draw", "tui/canvas", "tui/theme"], OUTSIDE, &sources("src"));
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[rstest]
    #[case("use std::fs;", "std::fs")]
    #[case("use std::{fmt, fs::File};", "std::fs::File")]
    #[case("fn f() { std::env::var(\"X\"); }", "std::env::var")]
    #[case("fn f() { log!(::std::process::id()) }", "std::process::id")]
    #[case("use std::time::{Duration, SystemTime};", "std::time::SystemTime")]
    #[case("use std::time::{self as t}; fn f() { t::Instant::now(); }", "std::time::Instant::now")]
    #[case("use std::time::*;", "std::time::*")]
    #[case("use std as s; fn f() { s::thread::yield_now() }", "std::thread::yield_now")]
    #[case("use jiff::Zoned; fn f() { Zoned::now(); }", "jiff::Zoned::now")]
    #[case("use jiff::{Timestamp as T}; fn f() { (T::now)() }", "jiff::Timestamp::now")]
    #[case("#[tokio::main] async fn f() {}", "tokio::main")]
    #[case("use ratatui::crossterm::event::Event;", "ratatui::crossterm::event::Event")]
    #[case("mod inner { pub fn f() -> axum::Router { todo() } }", "axum::Router")]
    fn reaching_outside_is_found(#[case] text: &str, #[case] name: &str) {
        let faults = faults(&["form"], OUTSIDE, &[Source::sample("form/part.rs", text)]);
        assert!(faults.contains(&format!("form/part.rs:1: form names {name}")), "{faults:?}");
    }

    #[rstest]
    #[case("order/executor.rs", "use std::fs;")]
    #[case("order.rs", "use std::time::Duration; use jiff::Zoned; fn f(z: &Zoned) { z.now() }")]
    #[case("order.rs", "/// [`std::fs`] and `tokio::spawn`\nfn f() { \"std::fs::read\"; }")]
    #[case("order.rs", "#[cfg(test)] mod tests { use std::fs; }")]
    #[case("order.rs", "struct Env { env: u8, fs: u8 } fn f(e: Env) -> u8 { e.fs }")]
    #[case("order.rs", "use std::fs_like; use tokio_like::x;")]
    fn other_code_is_accepted(#[case] path: &str, #[case] text: &str) {
        let faults = faults(&["order"], OUTSIDE, &[Source::sample(path, text)]);
        assert!(faults.is_empty(), "{faults:?}");
    }
}
