//! The methods of one type: files of it do not call each other in a circle, and no type has too many.
//!
//! A table of imports cannot see such a circle, because a method needs no import. A function that takes `&mut App` or
//! `&mut Session` counts as a method of that type, so that it is no way around the rule. The test goes by names: a
//! call counts if its receiver is `self`, `Self`, or a variable or field that is named like the type.

use crate::in_process::source::{Source, sources};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Expr, FnArg, ImplItem, Item, ItemFn, Type};

/// The largest number of methods that one type may have.
const MAX_METHODS: usize = 90;

/// The types of which every function that changes them counts as a method.
const SHARED_STATE: [&str; 2] = ["App", "Session"];

/// The methods of each type, with the file of each and what it calls.
#[derive(Default)]
struct Methods(BTreeMap<String, Vec<Method>>);

struct Method {
    name: String,
    file: String,
    calls: BTreeSet<String>,
}

impl Methods {
    fn of(sources: &[Source]) -> Self {
        let mut methods = Self::default();
        for source in sources.iter().filter(|source| !source.test_only) {
            let file = syn::parse_file(&source.text).unwrap_or_else(|error| panic!("{}: {error}", source.path));
            file.items.iter().for_each(|item| methods.add_item(item, &source.path));
        }
        methods
    }

    fn add_item(&mut self, item: &Item, file: &str) {
        match item {
            Item::Impl(block) => {
                let Some(name) = type_name(&block.self_ty) else { return };
                for method in &block.items {
                    if let ImplItem::Fn(method) = method {
                        self.add(&name, method.sig.ident.to_string(), file, |calls| calls.visit_block(&method.block));
                    }
                }
            }
            Item::Fn(function) => {
                for name in SHARED_STATE.iter().filter(|name| changes(function, name)) {
                    self.add(name, function.sig.ident.to_string(), file, |calls| calls.visit_block(&function.block));
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, type_name: &str, name: String, file: &str, visit: impl FnOnce(&mut Calls)) {
        let mut calls = Calls { receiver: type_name.to_lowercase(), found: BTreeSet::new() };
        visit(&mut calls);
        let method = Method { name, file: file.to_owned(), calls: calls.found };
        self.0.entry(type_name.to_owned()).or_default().push(method);
    }

    /// The types with more methods than allowed.
    fn oversized(&self) -> Vec<String> {
        let large = self.0.iter().filter(|(_, methods)| methods.len() > MAX_METHODS);
        large.map(|(name, methods)| format!("{name} has {} methods", methods.len())).collect()
    }

    /// The files of one type that call each other in a circle.
    fn circles(&self) -> Vec<String> {
        self.0
            .iter()
            .flat_map(|(name, methods)| file_circles(methods).map(move |file| format!("{name}: {file}")))
            .collect()
    }
}

/// The files from which calls lead back to them.
fn file_circles(methods: &[Method]) -> impl Iterator<Item = String> {
    let file_of: BTreeMap<&str, &str> =
        methods.iter().map(|method| (method.name.as_str(), method.file.as_str())).collect();
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for method in methods {
        let called = method.calls.iter().filter_map(|name| file_of.get(name.as_str()).copied());
        arrows.entry(&method.file).or_default().extend(called.filter(|file| *file != method.file));
    }
    let leads_back = |start: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(file) = open.pop() {
            open.extend(arrows.get(file).into_iter().flatten().copied().filter(|next| seen.insert(*next)));
        }
        seen.contains(start)
    };
    let found: Vec<String> = arrows.keys().filter(|file| leads_back(file)).map(ToString::to_string).collect();
    found.into_iter()
}

fn type_name(of: &Type) -> Option<String> {
    let Type::Path(path) = of else { return None };
    Some(path.path.segments.last()?.ident.to_string())
}

/// Whether a function takes `&mut` to a type of this name.
fn changes(function: &ItemFn, name: &str) -> bool {
    function.sig.inputs.iter().any(|input| match input {
        FnArg::Typed(input) => match &*input.ty {
            Type::Reference(reference) => {
                reference.mutability.is_some() && type_name(&reference.elem).as_deref() == Some(name)
            }
            _ => false,
        },
        FnArg::Receiver(_) => false,
    })
}

/// The names of methods that a body calls on a value of its own type, and of all functions.
struct Calls {
    /// How a variable or field of the type is named.
    receiver: String,
    found: BTreeSet<String>,
}

impl Calls {
    fn is_own(&self, receiver: &Expr) -> bool {
        match receiver {
            Expr::Path(path) => path.path.is_ident("self") || path.path.is_ident(&self.receiver),
            Expr::Field(field) => {
                matches!(&field.member, syn::Member::Named(name) if *name == self.receiver)
            }
            _ => false,
        }
    }
}

impl<'ast> Visit<'ast> for Calls {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if self.is_own(&call.receiver) {
            self.found.insert(call.method.to_string());
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let segments: Vec<String> = path.path.segments.iter().map(|part| part.ident.to_string()).collect();
        match segments.as_slice() {
            [name] => drop(self.found.insert(name.clone())),
            [.., owner, name] if owner == "Self" => drop(self.found.insert(name.clone())),
            _ => {}
        }
        visit::visit_expr_path(self, path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn the_files_of_a_type_do_not_call_each_other_in_a_circle() {
        let circles = Methods::of(&sources("src")).circles();
        assert!(circles.is_empty(), "\n{}", circles.join("\n"));
    }

    #[test]
    fn no_type_has_too_many_methods() {
        let methods = Methods::of(&sources("src"));
        assert!(methods.0.len() > 100, "{}", methods.0.len());
        assert_eq!(methods.oversized(), Vec::<String>::new());
    }

    #[rstest]
    #[case("impl A { fn f(&self) { self.g() } }", "impl A { fn g(&self) { self.f() } }", "A: a.rs")]
    #[case("impl A { fn f() { Self::g() } }", "impl A { fn g(&self) { x(a.f()) } }", "A: b.rs")]
    #[case("impl A { fn f(&self) { self.g() } }", "impl T for A { fn g(&self) { self.f() } }", "A: b.rs")]
    #[case("impl App { fn f(&mut self) { g(self) } }", "fn g(app: &mut App) { app.f() }", "App: a.rs")]
    #[case("impl Session { fn f(&self) { g(x) } }", "fn g(x: &mut Session) { y.session.f() }", "Session: b.rs")]
    fn a_circle_is_found(#[case] a: &str, #[case] b: &str, #[case] circle: &str) {
        let methods = Methods::of(&[Source::sample("a.rs", a), Source::sample("b.rs", b)]);
        assert!(methods.circles().contains(&circle.to_owned()), "{:?}", methods.circles());
    }

    #[rstest]
    #[case("impl A { fn f(&self) { self.g() } }", "impl A { fn g(&self) { self.h() } fn h(&self) {} }")]
    #[case("impl A { fn f(&self) { self.g() } }", "impl A { fn g(&self) { other.f() } }")]
    #[case("impl App { fn f(&mut self) { g(self) } }", "fn g(app: &App) { app.f() }")]
    fn calls_in_one_direction_are_let_through(#[case] a: &str, #[case] b: &str) {
        let methods = Methods::of(&[Source::sample("a.rs", a), Source::sample("b.rs", b)]);
        assert_eq!(methods.circles(), Vec::<String>::new());
    }

    #[test]
    fn too_many_methods_are_found() {
        let body: Vec<String> = (0..=MAX_METHODS).map(|number| format!("fn f{number}(&self) {{}}")).collect();
        let methods = Methods::of(&[Source::sample("a.rs", &format!("impl A {{ {} }}", body.join(" ")))]);
        assert_eq!(methods.oversized(), ["A has 91 methods"]);
    }
}
