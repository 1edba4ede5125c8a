//! Rules that need the syntax tree: unsafe code, rooting, unwrap, unfinished bodies.
//!
//! Types are read as they are written; an alias hides what it stands for, and a type that is only inferred is not seen.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Type};

use super::{Finding, Source};

/// The crates that may contain unsafe code; all others forbid it in their root.
const UNSAFE_CRATES: [&str; 4] = ["heap", "object", "interp", "jit"];
/// The crates that never see a Python value: a `Value` there is something else.
const WITHOUT_VALUES: [&str; 5] = ["base", "syntax", "bytecode", "compile", "macros"];
/// Containers whose contents the collector does not scan.
const UNSCANNED: [&str; 18] = [
    "Vec",
    "VecDeque",
    "Box",
    "Rc",
    "Arc",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "IndexMap",
    "IndexSet",
    "SmallVec",
    "ArrayVec",
    "FxHashMap",
    "FxHashSet",
    "Sender",
    "Mutex",
];
const VALUES: [&str; 2] = ["Value", "Gc"];

pub fn check(source: &Source) -> Vec<Finding> {
    let file = match syn::parse_file(&source.text) {
        Ok(file) => file,
        Err(error) => {
            return vec![Finding::error(&source.path, error.span().start().line, "syntax", error.to_string())];
        }
    };
    let name = source.crate_name();
    let mut checker = Checker {
        source,
        lines: source.text.lines().collect(),
        has_values: name.is_some_and(|name| !WITHOUT_VALUES.contains(&name)),
        may_be_unsafe: name.is_some_and(|name| UNSAFE_CRATES.contains(&name)),
        in_test: source.is_test(),
        findings: Vec::new(),
    };
    let is_root = ["lib.rs", "main.rs"].iter().any(|root| source.path.ends_with(&format!("/src/{root}")));
    if is_root && !checker.may_be_unsafe && !file.attrs.iter().any(forbids_unsafe) {
        checker.report(1, "unsafe", "the crate's root says `#![forbid(unsafe_code)]`");
    }
    checker.visit_file(&file);
    checker.findings
}

fn forbids_unsafe(attribute: &Attribute) -> bool {
    attribute.path().is_ident("forbid") && mentions(&attribute.meta, &["unsafe_code"])
}

struct Checker<'a> {
    source: &'a Source,
    lines: Vec<&'a str>,
    has_values: bool,
    may_be_unsafe: bool,
    in_test: bool,
    findings: Vec<Finding>,
}

impl Checker<'_> {
    fn report(&mut self, line: usize, rule: &'static str, message: impl Into<String>) {
        if !self.findings.iter().any(|finding| finding.line == line && finding.rule == rule) {
            self.findings.push(Finding::error(&self.source.path, line, rule, message));
        }
    }

    fn in_tests(&mut self, is_test: bool, visit: impl FnOnce(&mut Self)) {
        let before = self.in_test;
        self.in_test |= is_test;
        visit(self);
        self.in_test = before;
    }

    /// An `unsafe` at `line` needs its place and a reason in the comment above the statement it is in.
    fn unsafe_at(&mut self, line: usize) {
        if self.source.is_generated() {
            return;
        }
        if !self.may_be_unsafe && self.source.crate_name().is_some() {
            self.report(line, "unsafe", "unsafe code belongs into heap, object, interp or jit");
        }
        let is_argued = self.has_safety_comment(line) || (self.in_test && self.argues_for_whole_file());
        if !is_argued {
            self.report(
                line,
                "safety",
                "an unsafe block needs a `// SAFETY:` comment: the fact, and who guarantees it",
            );
        }
    }

    /// Test code may state once, in the file's opening, why its unsafe blocks hold.
    fn argues_for_whole_file(&self) -> bool {
        self.lines.iter().take_while(|line| line.starts_with("//!")).any(|line| line.contains("SAFETY:"))
    }

    /// A SAFETY comment on the line, or in the comment above the statement: at most three lines of code in between.
    fn has_safety_comment(&self, line: usize) -> bool {
        let says = |text: &str| text.contains("SAFETY:") || text.contains("# Safety");
        if self.lines.get(line - 1).is_some_and(|text| says(text)) {
            return true;
        }
        let mut code_lines = 0;
        for text in self.lines[..line - 1].iter().rev() {
            let trimmed = text.trim_start();
            if says(trimmed) {
                return true;
            }
            if !trimmed.starts_with("//") && !trimmed.starts_with("#[") {
                code_lines += 1;
                if code_lines > 3 || trimmed.ends_with(';') || trimmed == "}" {
                    return false;
                }
            }
        }
        false
    }

    fn stored_type(&mut self, ty: &Type, place: &str) {
        if self.has_values && !self.in_test && holds_value(ty) {
            let message = format!("a Python value in a {place} is invisible to the collector");
            self.report(ty.span().start().line, "roots", message);
        }
    }
}

impl<'ast> Visit<'ast> for Checker<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.in_tests(item.attrs.iter().any(is_cfg_test), |checker| visit::visit_item_mod(checker, item));
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let is_test = item.attrs.iter().any(|attribute| attribute.path().is_ident("test") || is_cfg_test(attribute));
        self.in_tests(is_test, |checker| visit::visit_item_fn(checker, item));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if let Some(keyword) = &item.unsafety {
            self.unsafe_at(keyword.span().start().line);
        }
        self.in_tests(item.attrs.iter().any(is_cfg_test), |checker| visit::visit_item_impl(checker, item));
    }

    fn visit_expr_unsafe(&mut self, block: &'ast syn::ExprUnsafe) {
        self.unsafe_at(block.unsafe_token.span().start().line);
        visit::visit_expr_unsafe(self, block);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("ignore") {
            self.report(attribute.span().start().line, "leftover", "no test is ignored: assert today's answer");
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if !self.in_test && call.args.is_empty() && call.method == "unwrap" {
            self.report(call.method.span().start().line, "unwrap", "say why it holds: `expect(\"…\")`");
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let line = call.path.span().start().line;
        if matches!(name.as_str(), "todo" | "unimplemented" | "dbg") {
            self.report(line, "leftover", format!("`{name}!` is not finished work"));
        }
        if name == "thread_local" && self.has_values && !self.in_test && tokens_mention(&call.tokens, &VALUES) {
            self.report(line, "roots", "a Python value in a thread-local is invisible to the collector");
        }
        if !self.in_test && has_unwrap(&call.tokens) {
            self.report(line, "unwrap", "say why it holds: `expect(\"…\")`");
        }
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.stored_type(&item.ty, "static");
        visit::visit_item_static(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        for segment in &path.segments {
            if !UNSCANNED.iter().any(|name| segment.ident == name) {
                continue;
            }
            if let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments {
                for argument in &arguments.args {
                    if let syn::GenericArgument::Type(ty) = argument {
                        self.stored_type(ty, &segment.ident.to_string());
                    }
                }
            }
        }
        visit::visit_path(self, path);
    }
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") && mentions(&attribute.meta, &["test"])
}

/// Does the type store a value? What a function pointer or a closure takes and returns is not stored.
fn holds_value(ty: &Type) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
            self.0 |= VALUES.iter().any(|name| segment.ident == name);
            visit::visit_path_segment(self, segment);
        }
        fn visit_parenthesized_generic_arguments(&mut self, _: &'ast syn::ParenthesizedGenericArguments) {}
        fn visit_type_bare_fn(&mut self, _: &'ast syn::TypeBareFn) {}
    }
    let mut finder = Finder(false);
    finder.visit_type(ty);
    finder.0
}

fn mentions(meta: &syn::Meta, names: &[&str]) -> bool {
    match meta {
        syn::Meta::List(list) => tokens_mention(&list.tokens, names),
        _ => false,
    }
}

fn tokens_mention(tokens: &TokenStream, names: &[&str]) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.iter().any(|name| ident == name),
        TokenTree::Group(group) => tokens_mention(&group.stream(), names),
        _ => false,
    })
}

/// `.unwrap()` among a macro's tokens, which are not parsed.
fn has_unwrap(tokens: &TokenStream) -> bool {
    let mut after_dot = false;
    for token in tokens.clone() {
        match &token {
            TokenTree::Ident(ident) if after_dot && ident == "unwrap" => return true,
            TokenTree::Group(group) if has_unwrap(&group.stream()) => return true,
            _ => {}
        }
        after_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
    }
    false
}
