//! Changes to the tree before anything else: what depends on `-O`, `%` formatting that is an f-string in disguise, negative
//! and complex numbers in patterns. Also warns about leaving a `finally` block early (PEP 765).

use bytecode::{Constant, Wtf8Buf};
use syntax::ast::*;
use syntax::{Interner, SyntaxWarning};

use crate::fold;

/// Settings of the pass.
#[derive(Clone, Copy)]
pub struct Preprocess {
    pub optimize: u8,
    pub future_annotations: bool,
}

/// Runs the pass.
pub fn run(module: &mut Mod, settings: Preprocess, names: &mut Interner) -> Vec<SyntaxWarning> {
    let debug = names.intern("__debug__");
    let mut pass = Pass { settings, debug, contexts: Vec::new(), warnings: Vec::new() };
    match module {
        Mod::Module(body) => pass.body(body),
        Mod::Interactive(body) => pass.stmts(body),
        Mod::Expression(body) => pass.expr(body),
    }
    pass.warnings
}

/// What a statement that leaves something is innermost in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Finally,
    Function,
    Loop,
}

struct Pass {
    settings: Preprocess,
    debug: Name,
    contexts: Vec<Context>,
    warnings: Vec<SyntaxWarning>,
}

impl Pass {
    /// A body that may begin with a docstring.
    fn body(&mut self, body: &mut Vec<Stmt>) {
        let mut had_docstring = docstring(body).is_some();
        if had_docstring && self.settings.optimize >= 2 {
            // A body is never empty.
            if body.len() == 1 {
                let Location { line, column, .. } = body[0].loc;
                let end_column = column + "pass".len() as i32;
                body[0] = Stmt { loc: Location { line, end_line: line, column, end_column }, node: StmtKind::Pass };
            } else {
                body.remove(0);
            }
            had_docstring = false;
        }
        self.stmts(body);
        // A string that only now comes first is no docstring.
        if !had_docstring
            && docstring(body).is_some()
            && let Some(Stmt { loc, node: StmtKind::Expr(value) }) = body.first_mut()
        {
            let text = Expr { loc: value.loc, node: ExprKind::Constant { value: Constant::None, is_u: false } };
            let text = std::mem::replace(&mut **value, text);
            **value = Expr { loc: *loc, node: ExprKind::JoinedStr(vec![text]) };
        }
    }

    fn stmts(&mut self, body: &mut [Stmt]) {
        body.iter_mut().for_each(|stmt| self.stmt(stmt));
    }

    fn within(&mut self, context: Context, visit: impl FnOnce(&mut Self)) {
        self.contexts.push(context);
        visit(self);
        self.contexts.pop();
    }

    fn warn_in_finally(&mut self, keyword: &str, loc: Location) {
        if self.contexts.last() == Some(&Context::Finally) {
            self.warnings.push(SyntaxWarning { message: format!("'{keyword}' in a 'finally' block"), loc });
        }
    }

    fn annotation(&mut self, annotation: &mut Expr) {
        if !self.settings.future_annotations {
            self.expr(annotation);
        }
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        crate::with_stack(|| self.stmt_inner(stmt));
    }

    fn stmt_inner(&mut self, stmt: &mut Stmt) {
        match &mut stmt.node {
            StmtKind::FunctionDef(def) => {
                self.type_params(&mut def.type_params);
                self.arguments(&mut def.args);
                self.within(Context::Function, |this| this.body(&mut def.body));
                self.exprs(&mut def.decorators);
                if let Some(returns) = &mut def.returns {
                    self.annotation(returns);
                }
            }
            StmtKind::ClassDef(def) => {
                self.type_params(&mut def.type_params);
                self.exprs(&mut def.bases);
                def.keywords.iter_mut().for_each(|keyword| self.expr(&mut keyword.value));
                self.body(&mut def.body);
                self.exprs(&mut def.decorators);
            }
            StmtKind::Return(value) => {
                self.opt_expr(value);
                self.warn_in_finally("return", stmt.loc);
            }
            StmtKind::Delete(targets) => self.exprs(targets),
            StmtKind::Assign { targets, value } => {
                self.exprs(targets);
                self.expr(value);
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target);
                self.expr(value);
            }
            StmtKind::AnnAssign { target, annotation, value, .. } => {
                self.expr(target);
                self.annotation(annotation);
                self.opt_expr(value);
            }
            StmtKind::TypeAlias { name, type_params, value } => {
                self.expr(name);
                self.type_params(type_params);
                self.expr(value);
            }
            StmtKind::For(node) => {
                self.expr(&mut node.target);
                self.expr(&mut node.iter);
                self.within(Context::Loop, |this| this.stmts(&mut node.body));
                self.stmts(&mut node.orelse);
            }
            StmtKind::While { test, body, orelse } => {
                self.expr(test);
                self.within(Context::Loop, |this| this.stmts(body));
                self.stmts(orelse);
            }
            StmtKind::If { test, body, orelse } => {
                self.expr(test);
                self.stmts(body);
                self.stmts(orelse);
            }
            StmtKind::With { items, body, .. } => {
                for item in items {
                    self.expr(&mut item.context_expr);
                    self.opt_expr(&mut item.optional_vars);
                }
                self.stmts(body);
            }
            StmtKind::Raise { exc, cause } => {
                self.opt_expr(exc);
                self.opt_expr(cause);
            }
            StmtKind::Try(node) => {
                self.stmts(&mut node.body);
                for handler in &mut node.handlers {
                    self.opt_expr(&mut handler.type_);
                    self.stmts(&mut handler.body);
                }
                self.stmts(&mut node.orelse);
                self.within(Context::Finally, |this| this.stmts(&mut node.finalbody));
            }
            StmtKind::Assert { test, msg } => {
                self.expr(test);
                self.opt_expr(msg);
            }
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Match { subject, cases } => {
                self.expr(subject);
                for case in cases {
                    self.pattern(&mut case.pattern);
                    self.opt_expr(&mut case.guard);
                    self.stmts(&mut case.body);
                }
            }
            StmtKind::Break => self.warn_in_finally("break", stmt.loc),
            StmtKind::Continue => self.warn_in_finally("continue", stmt.loc),
            StmtKind::Import(_)
            | StmtKind::ImportFrom { .. }
            | StmtKind::Global(_)
            | StmtKind::Nonlocal(_)
            | StmtKind::Pass => {}
        }
    }

    fn type_params(&mut self, params: &mut [TypeParam]) {
        for param in params {
            if let TypeParamKind::TypeVar { bound } = &mut param.kind {
                self.opt_expr(bound);
            }
            self.opt_expr(&mut param.default);
        }
    }

    fn arguments(&mut self, args: &mut Arguments) {
        let all = args.posonlyargs.iter_mut().chain(&mut args.args).chain(args.vararg.as_deref_mut());
        for arg in all.chain(&mut args.kwonlyargs).chain(args.kwarg.as_deref_mut()) {
            if let Some(annotation) = &mut arg.annotation {
                self.annotation(annotation);
            }
        }
        args.kw_defaults.iter_mut().flatten().for_each(|default| self.expr(default));
        self.exprs(&mut args.defaults);
    }

    fn exprs(&mut self, exprs: &mut [Expr]) {
        exprs.iter_mut().for_each(|expr| self.expr(expr));
    }

    fn opt_expr(&mut self, expr: &mut Option<Box<Expr>>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn comprehensions(&mut self, generators: &mut [Comprehension]) {
        for generator in generators {
            self.expr(&mut generator.target);
            self.expr(&mut generator.iter);
            self.exprs(&mut generator.ifs);
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        match &expr.node {
            ExprKind::Constant { .. } => {}
            ExprKind::Name { id, ctx: ExprContext::Load } if *id == self.debug => {
                let value = Constant::Bool(self.settings.optimize == 0);
                expr.node = ExprKind::Constant { value, is_u: false };
            }
            ExprKind::Name { .. } => {}
            _ => crate::with_stack(|| self.compound(expr)),
        }
    }

    fn compound(&mut self, expr: &mut Expr) {
        match &mut expr.node {
            ExprKind::BoolOp { values, .. } => self.exprs(values),
            ExprKind::NamedExpr { value, .. } => self.expr(value),
            ExprKind::BinOp { left, op, right } => {
                self.expr(left);
                self.expr(right);
                if *op == Operator::Mod
                    && let Some(Constant::Str(format)) = left.as_constant()
                    && let ExprKind::Tuple { elts, .. } = &mut right.node
                    && !elts.iter().any(Expr::is_starred)
                    && let Some(values) = percent_format(format, elts)
                {
                    expr.node = ExprKind::JoinedStr(values);
                }
            }
            ExprKind::UnaryOp { operand, .. } => self.expr(operand),
            ExprKind::Lambda { args, body } => {
                self.arguments(args);
                self.expr(body);
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test);
                self.expr(body);
                self.expr(orelse);
            }
            ExprKind::Dict { keys, values } => {
                keys.iter_mut().flatten().for_each(|key| self.expr(key));
                self.exprs(values);
            }
            ExprKind::Set(elts) | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => self.exprs(elts),
            ExprKind::ListComp { elt, generators }
            | ExprKind::SetComp { elt, generators }
            | ExprKind::GeneratorExp { elt, generators } => {
                self.expr(elt);
                self.comprehensions(generators);
            }
            ExprKind::DictComp { key, value, generators } => {
                self.expr(key);
                self.expr(value);
                self.comprehensions(generators);
            }
            ExprKind::Await(value) | ExprKind::YieldFrom(value) => self.expr(value),
            ExprKind::Yield(value) => self.opt_expr(value),
            ExprKind::Compare { left, comparators, .. } => {
                self.expr(left);
                self.exprs(comparators);
            }
            ExprKind::Call { func, args, keywords } => {
                self.expr(func);
                self.exprs(args);
                keywords.iter_mut().for_each(|keyword| self.expr(&mut keyword.value));
            }
            ExprKind::FormattedValue { value, format_spec, .. }
            | ExprKind::Interpolation { value, format_spec, .. } => {
                self.expr(value);
                self.opt_expr(format_spec);
            }
            ExprKind::JoinedStr(values) | ExprKind::TemplateStr(values) => self.exprs(values),
            ExprKind::Attribute { value, .. } | ExprKind::Starred { value, .. } => self.expr(value),
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value);
                self.expr(slice);
            }
            ExprKind::Slice { lower, upper, step } => {
                self.opt_expr(lower);
                self.opt_expr(upper);
                self.opt_expr(step);
            }
            ExprKind::Constant { .. } | ExprKind::Name { .. } => {}
        }
    }

    fn pattern(&mut self, pattern: &mut Pattern) {
        crate::with_stack(|| match &mut pattern.node {
            PatternKind::Value(value) => fold_pattern_number(value),
            PatternKind::Singleton(_) | PatternKind::Star(_) => {}
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => {
                patterns.iter_mut().for_each(|pattern| self.pattern(pattern));
            }
            PatternKind::Mapping { keys, patterns, .. } => {
                keys.iter_mut().for_each(fold_pattern_number);
                patterns.iter_mut().for_each(|pattern| self.pattern(pattern));
            }
            PatternKind::Class { cls, patterns, kwd_patterns, .. } => {
                self.expr(cls);
                patterns.iter_mut().chain(kwd_patterns).for_each(|pattern| self.pattern(pattern));
            }
            PatternKind::As { pattern: inner, .. } => {
                if let Some(inner) = inner {
                    self.pattern(inner);
                }
            }
        });
    }
}

/// `-1` and `1+2j` in patterns are constants.
fn fold_pattern_number(expr: &mut Expr) {
    let folded = match &mut expr.node {
        ExprKind::UnaryOp { op: UnaryOp::USub, operand } => operand.as_constant().and_then(fold::negative),
        ExprKind::BinOp { left, op: op @ (Operator::Add | Operator::Sub), right } => {
            fold_pattern_number(left);
            match (left.as_constant(), right.as_constant()) {
                (Some(left), Some(right)) => fold::binary(left, *op, right),
                _ => None,
            }
        }
        _ => None,
    };
    if let Some(value) = folded {
        expr.node = ExprKind::Constant { value, is_u: false };
    }
}

/// `'%s: %r' % (a, b)` as the values of an f-string, if the format has nothing but `%s`, `%r` and `%a`.
fn percent_format(format: &Wtf8Buf, elts: &mut Vec<Expr>) -> Option<Vec<Expr>> {
    const PERCENT: u32 = '%' as u32;
    let chars: Vec<u32> = format.code_points().collect();
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    loop {
        let mut literal = Wtf8Buf::new();
        while let Some(&c) = chars.get(at) {
            if c == PERCENT && chars.get(at + 1) != Some(&PERCENT) {
                break;
            }
            at += if c == PERCENT { 2 } else { 1 };
            literal.push_code_point(c);
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        if at >= chars.len() {
            break;
        }
        parts.push(format_unit(&chars, &mut at)?);
    }
    let n_units = parts.iter().filter(|part| matches!(part, Part::Unit(..))).count();
    if n_units != elts.len() {
        return None;
    }
    let mut args = std::mem::take(elts).into_iter();
    let text = |text: Wtf8Buf| ExprKind::Constant { value: Constant::Str(text), is_u: false };
    let values = parts.into_iter().filter_map(|part| match part {
        Part::Literal(literal) => Some(Expr { loc: Location::NONE, node: text(literal) }),
        Part::Unit(conversion, spec) => {
            let value = Box::new(args.next()?);
            let format_spec =
                (!spec.is_empty()).then(|| Box::new(Expr { loc: Location::NONE, node: text(spec.into()) }));
            Some(Expr { loc: value.loc, node: ExprKind::FormattedValue { value, conversion, format_spec } })
        }
    });
    Some(values.collect())
}

enum Part {
    Literal(Wtf8Buf),
    Unit(Conversion, String),
}

/// One `%...` unit with `at` at its `%`, as a conversion and a format specification.
fn format_unit(chars: &[u32], at: &mut usize) -> Option<Part> {
    let mut left = false;
    let mut c = next_char(chars, at)?;
    while matches!(c, '-' | '+' | ' ' | '#' | '0') {
        left |= c == '-';
        c = next_char(chars, at)?;
    }
    let width = number(chars, at, &mut c)?;
    let precision = if c == '.' {
        c = next_char(chars, at)?;
        Some(number(chars, at, &mut c)?.unwrap_or(0))
    } else {
        None
    };
    let conversion = match c {
        's' => Conversion::Str,
        'r' => Conversion::Repr,
        'a' => Conversion::Ascii,
        _ => return None,
    };
    *at += 1;
    let mut spec = String::new();
    if let Some(width) = width {
        if !left && width > 0 {
            spec.push('>');
        }
        spec += &width.to_string();
    }
    if let Some(precision) = precision {
        spec += &format!(".{precision}");
    }
    Some(Part::Unit(conversion, spec))
}

fn next_char(chars: &[u32], at: &mut usize) -> Option<char> {
    *at += 1;
    chars.get(*at).copied().and_then(char::from_u32)
}

/// A number that starts with `c`, if one does; no longer than two digits.
fn number(chars: &[u32], at: &mut usize, c: &mut char) -> Option<Option<u32>> {
    const MAX_DIGITS: usize = 3;
    let mut value = None;
    let mut n_digits = 0;
    while let Some(digit) = c.to_digit(10) {
        value = Some(value.unwrap_or(0) * 10 + digit);
        *c = next_char(chars, at)?;
        n_digits += 1;
        if n_digits >= MAX_DIGITS {
            return None;
        }
    }
    Some(value)
}
