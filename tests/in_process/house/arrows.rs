//! Which module may use which: dependencies point one way.
//!
//! The table of layers in `docs/architecture.md` is complete: a module that is missing there, and a path that it does
//! not allow, are faults. The test knows only names and does not follow re-exports.

use super::paths::{Named, Path, paths};
use crate::in_process::source::{Source, sources};
use std::collections::BTreeSet;

/// A module, and the other modules that it may use. A name with `/` is a part of a module with rules of its own.
type Row<'a> = (&'a str, Vec<&'a str>);

/// Parses the table of layers.
fn parse_layers(page: &str) -> Vec<Row<'_>> {
    let layers = page.split("\n## Layers\n").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    let rows = layers.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(name, rest)| {
        let uses = rest.rsplit('|').nth(1).unwrap_or_default();
        (name, uses.split('`').skip(1).step_by(2).collect())
    })
    .collect()
}

fn read_architecture_page() -> String {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    std::fs::read_to_string(page).unwrap()
}

/// Returns the module path of a file: `order/executor.rs` is `crate::order::executor`.
pub(crate) fn module_path(file: &str) -> Path {
    let stem = file.trim_end_matches(".rs").trim_end_matches("/mod");
    let parts: Vec<&str> = match stem {
        "main" => vec!["main"],
        "lib" => vec!["crate"],
        _ => ["crate"].into_iter().chain(stem.split('/')).collect(),
    };
    parts.into_iter().map(str::to_owned).collect()
}

/// Returns the row of a path: the longest one in the table that is a prefix of it, else its top module.
pub(crate) fn module_name(path: &[String], rows: &[&str]) -> String {
    match path {
        [root] if root == "crate" => "lib".to_owned(),
        [root, inner @ ..] if root == "crate" => {
            let parts = (1..=inner.len()).rev().map(|length| inner[..length].join("/"));
            parts.into_iter().find(|part| rows.contains(&part.as_str())).unwrap_or_else(|| inner[0].clone())
        }
        [root, ..] => root.clone(),
        [] => String::new(),
    }
}

fn row_names<'a>(rows: &[Row<'a>]) -> Vec<&'a str> {
    rows.iter().map(|(name, _)| *name).collect()
}

/// Returns the faults in the dependencies of some files.
fn faults(rows: &[Row<'_>], sources: &[Source]) -> Vec<String> {
    let known = row_names(rows);
    let mut faults = BTreeSet::new();
    for source in sources {
        let module = module_path(&source.path);
        if !known.contains(&module_name(&module, &known).as_str()) {
            faults.insert(format!("{}: its module is not in the table", source.path));
        }
        for named in paths(&module, source.live()) {
            let fault = fault(rows, &known, &named);
            faults.extend(fault.map(|fault| format!("{}:{}: {fault}", source.path, named.line)));
        }
    }
    faults.into_iter().collect()
}

/// Returns the fault of one path, if it leads into the library.
fn fault(rows: &[Row<'_>], known: &[&str], named: &Named) -> Option<String> {
    let (from, to) = (module_name(&named.from, known), module_name(&named.to, known));
    let shown = named.to.join("::");
    if named.to[0] != "crate" || from == to && from != "lib" {
        return None;
    }
    if named.sure && (to == "lib" || !known.contains(&to.as_str())) {
        return Some(format!("{from} names {shown}, which is no module of the table"));
    }
    let allowed = rows.iter().any(|(module, uses)| *module == from && uses.contains(&to.as_str()));
    (known.contains(&to.as_str()) && !allowed).then(|| format!("{from} may not use {to} ({shown})"))
}

/// Returns the existing modules, by the names of the table.
fn modules(rows: &[Row<'_>], sources: &[Source]) -> BTreeSet<String> {
    let known = row_names(rows);
    sources.iter().map(|source| module_name(&module_path(&source.path), &known)).collect()
}

/// Returns the rows of a table without a module.
fn leftovers<'a>(rows: &[Row<'a>], sources: &[Source]) -> Vec<&'a str> {
    let modules = modules(rows, sources);
    row_names(rows).into_iter().filter(|name| !modules.contains(*name)).collect()
}

/// Returns a module that depends on itself, directly or not.
fn circle<'a>(rows: &[Row<'a>]) -> Option<&'a str> {
    let reached = |start: &'a str| {
        let mut seen = BTreeSet::new();
        let mut open = vec![start];
        while let Some(module) = open.pop() {
            let uses = rows.iter().filter(|(name, _)| *name == module).flat_map(|(_, uses)| uses);
            open.extend(uses.copied().filter(|next| seen.insert(*next)));
        }
        seen
    };
    row_names(rows).into_iter().find(|name| reached(name).contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn every_arrow_is_in_the_table() {
        let page = read_architecture_page();
        let faults = faults(&parse_layers(&page), &sources("src"));
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    }

    #[test]
    fn every_row_of_the_table_is_for_a_module() {
        let page = read_architecture_page();
        assert_eq!(leftovers(&parse_layers(&page), &sources("src")), Vec::<&str>::new());
    }

    #[test]
    fn the_table_names_only_its_own_rows_and_each_once() {
        let page = read_architecture_page();
        let rows = parse_layers(&page);
        let known = row_names(&rows);
        assert!(known.len() > 30, "{known:?}");
        assert_eq!(known.iter().collect::<BTreeSet<_>>().len(), known.len());
        for name in rows.iter().flat_map(|(_, uses)| uses) {
            assert!(known.contains(name), "{name} has no row");
        }
    }

    /// The screens and dialogs, by the names of their rows.
    fn components(sources: &[Source]) -> BTreeSet<String> {
        let parts = sources.iter().filter_map(|source| {
            let parts: Vec<&str> = source.path.trim_end_matches(".rs").split('/').collect();
            match parts.as_slice() {
                ["tui", "screens", "setup", name, ..] => Some(format!("tui/screens/setup/{name}")),
                ["tui", "screens", "setup"] => None,
                ["tui", kind @ ("screens" | "dialogs"), name, ..] => Some(format!("tui/{kind}/{name}")),
                _ => None,
            }
        });
        parts.collect()
    }

    #[test]
    fn each_component_has_a_row_and_names_no_other_one() {
        let page = read_architecture_page();
        let rows = parse_layers(&page);
        let components = components(&sources("src"));
        assert!(components.len() > 20, "{components:?}");
        for component in &components {
            let row = rows.iter().find(|(name, _)| name == component);
            let (_, uses) = row.unwrap_or_else(|| panic!("{component} has no row"));
            assert!(!uses.iter().any(|name| components.contains(*name)), "{component} may use another component");
        }
        let shared = rows.iter().find(|(name, _)| *name == "tui").unwrap();
        assert!(!shared.1.iter().any(|name| components.contains(*name)), "what components share names one of them");
    }

    #[test]
    fn arrows_point_one_way() {
        let page = read_architecture_page();
        assert_eq!(circle(&parse_layers(&page)), None);
    }

    const SAMPLE: &str = "\n## Layers\n\n| Module | What | May use |\n|---|---|---|\n| `lib` | x | nothing |\n| `main` | x | `a` |\n\
        | `a` | x | `b` |\n| `b` | x | nothing |\n| `b/inner` | x | `b` |\n| `c` | x | `b/inner` |\n\n## Next\n| `d` | x | `a` |\n";

    #[test]
    fn the_table_is_read_from_the_page() {
        let rows = [
            ("lib", vec![]),
            ("main", vec!["a"]),
            ("a", vec!["b"]),
            ("b", vec![]),
            ("b/inner", vec!["b"]),
            ("c", vec!["b/inner"]),
        ];
        assert_eq!(parse_layers(SAMPLE), rows);
    }

    #[rstest]
    #[case("a.rs", "use crate::b::inner::X;", "a.rs:1: a may not use b/inner (crate::b::inner::X)")]
    #[case("a.rs", "\nfn f() { x!(crate::c::g()) }", "a.rs:2: a may not use c (crate::c::g)")]
    #[case("a/deep/er.rs", "use super::super::super::c;", "a/deep/er.rs:1: a may not use c (crate::c)")]
    #[case("a.rs", "mod m { use super::super::c; }", "a.rs:1: a may not use c (crate::c)")]
    #[case("a.rs", "use crate::{b, b::{self as d}, c::X};", "a.rs:1: a may not use c (crate::c::X)")]
    #[case("a.rs", "use crate::b as x; fn f() { x::inner::g() }", "a.rs:1: a may not use b/inner (crate::b::inner::g)")]
    #[case("a.rs", "use crate::b::*; fn f() { inner::g() }", "a.rs:1: a may not use b/inner (crate::b::inner::g)")]
    #[case("a.rs", "use crate::*;", "a.rs:1: a names crate::*, which is no module of the table")]
    #[case("a.rs", "use super as x;", "a.rs:1: a names crate, which is no module of the table")]
    #[case("a.rs", "use crate::Thing;", "a.rs:1: a names crate::Thing, which is no module of the table")]
    #[case("b.rs", "pub mod inner; pub use inner::X;", "b.rs:1: b may not use b/inner (crate::b::inner::X)")]
    #[case("b.rs", "fn f() { self::inner::g() }", "b.rs:1: b may not use b/inner (crate::b::inner::g)")]
    #[case("b/other.rs", "use super::inner;", "b/other.rs:1: b may not use b/inner (crate::b::inner)")]
    #[case("b/inner.rs", "use crate::a;", "b/inner.rs:1: b/inner may not use a (crate::a)")]
    #[case("lib.rs", "pub mod a; pub use a::X;", "lib.rs:1: lib may not use a (crate::a::X)")]
    #[case("main.rs", "fn main() { zegel::c::run() }", "main.rs:1: main may not use c (crate::c::run)")]
    #[case("d.rs", "", "d.rs: its module is not in the table")]
    fn a_forbidden_arrow_is_found(#[case] path: &str, #[case] text: &str, #[case] fault: &str) {
        let faults = faults(&parse_layers(SAMPLE), &[Source::sample(path, text)]);
        assert!(faults.contains(&fault.to_owned()), "{faults:?}");
    }

    #[rstest]
    #[case("a.rs", "use crate::b::X; use super::b; mod m { use super::Y; }")]
    #[case("a/deep.rs", "use super::Z; use crate::a; #[cfg(test)] mod tests { use crate::c; }")]
    #[case("b.rs", "pub mod inner;")]
    #[case("b/inner/more.rs", "use super::X; use super::super::Y;")]
    #[case("c.rs", "use crate::b::inner; fn f() { inner::g() }")]
    #[case("lib.rs", "pub mod a; pub mod b;")]
    #[case("main.rs", "use zegel::a; fn main() { a::f(crate::own::x()) }")]
    fn an_allowed_arrow_is_accepted(#[case] path: &str, #[case] text: &str) {
        assert_eq!(faults(&parse_layers(SAMPLE), &[Source::sample(path, text)]), Vec::<String>::new());
    }

    #[test]
    fn a_row_without_a_module_and_a_circle_are_found() {
        let sources = ["lib.rs", "main.rs", "a/x.rs", "b/inner.rs"].map(|path| Source::sample(path, ""));
        assert_eq!(leftovers(&parse_layers(SAMPLE), &sources), ["b", "c"]);
        assert_eq!(circle(&parse_layers(SAMPLE)), None);
        assert_eq!(circle(&[("a", vec!["b"]), ("b", vec!["c"]), ("c", vec!["b"])]), Some("b"));
    }
}
