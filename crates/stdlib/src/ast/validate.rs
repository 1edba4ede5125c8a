//! What a tree made by a program must fulfil beyond the kinds of its fields, before it is compiled: contexts, lengths,
//! names and patterns. Trees that the parser made are right and never come here.

use bytecode::Constant;
use syntax::Interner;
use syntax::ast::*;

/// What is wrong, and with which exception it is said.
pub enum Complaint {
    Value(String),
    Type(&'static str),
}

type Checked = Result<(), Complaint>;

fn wrong<T>(message: impl Into<String>) -> Result<T, Complaint> {
    Err(Complaint::Value(message.into()))
}

/// Check a whole tree.
pub fn validate(module: &Mod, names: &Interner) -> Checked {
    let validator = Validator { names };
    match module {
        Mod::Module(body) | Mod::Interactive(body) => validator.stmts(body),
        Mod::Expression(body) => validator.expr(body, ExprContext::Load),
    }
}

struct Validator<'a> {
    names: &'a Interner,
}

impl Validator<'_> {
    fn position(&self, loc: Location) -> Checked {
        let Location { line, end_line, column, end_column } = loc;
        if (line < 0 && end_line != line) || (column < 0 && column != end_column) {
            return wrong(format!(
                "AST node column range ({column}, {end_column}) for line range ({line}, {end_line}) is not valid"
            ));
        }
        Ok(())
    }

    fn load(&self, expr: &Expr) -> Checked {
        self.expr(expr, ExprContext::Load)
    }

    fn loads(&self, exprs: &[Expr]) -> Checked {
        exprs.iter().try_for_each(|expr| self.load(expr))
    }

    fn opt_load(&self, expr: &Option<Box<Expr>>) -> Checked {
        expr.as_deref().map_or(Ok(()), |expr| self.load(expr))
    }

    fn stmts(&self, body: &[Stmt]) -> Checked {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&self, stmt: &Stmt) -> Checked {
        self.position(stmt.loc)?;
        match &stmt.node {
            StmtKind::FunctionDef(def) => {
                self.stmts(&def.body)?;
                self.type_params(&def.type_params)?;
                self.arguments(&def.args)?;
                self.loads(&def.decorators)?;
                self.opt_load(&def.returns)
            }
            StmtKind::ClassDef(def) => {
                self.stmts(&def.body)?;
                self.type_params(&def.type_params)?;
                self.loads(&def.bases)?;
                def.keywords.iter().try_for_each(|keyword| self.load(&keyword.value))?;
                self.loads(&def.decorators)
            }
            StmtKind::Return(value) => self.opt_load(value),
            StmtKind::Delete(targets) => targets.iter().try_for_each(|target| self.expr(target, ExprContext::Del)),
            StmtKind::Assign { targets, value } => {
                targets.iter().try_for_each(|target| self.expr(target, ExprContext::Store))?;
                self.load(value)
            }
            StmtKind::TypeAlias { name, type_params, value } => {
                if !matches!(name.node, ExprKind::Name { .. }) {
                    return Err(Complaint::Type("TypeAlias with non-Name name"));
                }
                self.expr(name, ExprContext::Store)?;
                self.type_params(type_params)?;
                self.load(value)
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target, ExprContext::Store)?;
                self.load(value)
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                if *simple && !matches!(target.node, ExprKind::Name { .. }) {
                    return Err(Complaint::Type("AnnAssign with simple non-Name target"));
                }
                self.expr(target, ExprContext::Store)?;
                self.opt_load(value)?;
                self.load(annotation)
            }
            StmtKind::For(node) => {
                self.expr(&node.target, ExprContext::Store)?;
                self.load(&node.iter)?;
                self.stmts(&node.body)?;
                self.stmts(&node.orelse)
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.load(test)?;
                self.stmts(body)?;
                self.stmts(orelse)
            }
            StmtKind::With { items, body, .. } => {
                for item in items {
                    self.load(&item.context_expr)?;
                    if let Some(target) = &item.optional_vars {
                        self.expr(target, ExprContext::Store)?;
                    }
                }
                self.stmts(body)
            }
            StmtKind::Match { subject, cases } => {
                self.load(subject)?;
                for case in cases {
                    self.pattern(&case.pattern, Star::Refused)?;
                    self.opt_load(&case.guard)?;
                    self.stmts(&case.body)?;
                }
                Ok(())
            }
            StmtKind::Raise { exc, cause } => {
                self.opt_load(exc)?;
                self.opt_load(cause)
            }
            StmtKind::Try(node) => {
                self.stmts(&node.body)?;
                for handler in &node.handlers {
                    self.position(handler.loc)?;
                    self.opt_load(&handler.type_)?;
                    self.stmts(&handler.body)?;
                }
                self.stmts(&node.finalbody)?;
                self.stmts(&node.orelse)
            }
            StmtKind::Assert { test, msg } => {
                self.load(test)?;
                self.opt_load(msg)
            }
            StmtKind::Expr(value) => self.load(value),
            StmtKind::Import(_)
            | StmtKind::ImportFrom { .. }
            | StmtKind::Global(_)
            | StmtKind::Nonlocal(_)
            | StmtKind::Pass
            | StmtKind::Break
            | StmtKind::Continue => Ok(()),
        }
    }

    fn type_params(&self, params: &[TypeParam]) -> Checked {
        for param in params {
            self.position(param.loc)?;
            if let TypeParamKind::TypeVar { bound } = &param.kind {
                self.opt_load(bound)?;
            }
            self.opt_load(&param.default)?;
        }
        Ok(())
    }

    fn arguments(&self, args: &Arguments) -> Checked {
        let optional = |arg: &Option<Box<Arg>>| arg.as_deref().map_or(Ok(()), |arg| self.opt_load(&arg.annotation));
        let all = |args: &[Arg]| {
            args.iter().try_for_each(|arg| {
                self.position(arg.loc)?;
                self.opt_load(&arg.annotation)
            })
        };
        all(&args.posonlyargs)?;
        all(&args.args)?;
        optional(&args.vararg)?;
        all(&args.kwonlyargs)?;
        optional(&args.kwarg)?;
        if args.defaults.len() > args.posonlyargs.len() + args.args.len() {
            return wrong("more positional defaults than args on arguments");
        }
        if args.kw_defaults.len() != args.kwonlyargs.len() {
            return wrong("length of kwonlyargs is not the same as kw_defaults on arguments");
        }
        self.loads(&args.defaults)?;
        args.kw_defaults.iter().flatten().try_for_each(|value| self.load(value))
    }

    fn comprehension(&self, generators: &[Comprehension]) -> Checked {
        if generators.is_empty() {
            return wrong("comprehension with no generators");
        }
        for generator in generators {
            self.expr(&generator.target, ExprContext::Store)?;
            self.load(&generator.iter)?;
            self.loads(&generator.ifs)?;
        }
        Ok(())
    }

    fn expr(&self, expr: &Expr, wanted: ExprContext) -> Checked {
        self.position(expr.loc)?;
        let actual = match &expr.node {
            ExprKind::Attribute { ctx, .. }
            | ExprKind::Subscript { ctx, .. }
            | ExprKind::Starred { ctx, .. }
            | ExprKind::List { ctx, .. }
            | ExprKind::Tuple { ctx, .. } => Some(*ctx),
            ExprKind::Name { ctx, .. } => Some(*ctx),
            _ => None,
        };
        match actual {
            Some(actual) if actual != wanted => {
                return wrong(format!("expression must have {wanted:?} context but has {actual:?} instead"));
            }
            None if wanted != ExprContext::Load => {
                return wrong(format!("expression which can't be assigned to in {wanted:?} context"));
            }
            _ => {}
        }
        match &expr.node {
            ExprKind::BoolOp { values, .. } => {
                if values.len() < 2 {
                    return wrong("BoolOp with less than 2 values");
                }
                self.loads(values)
            }
            ExprKind::NamedExpr { target, value } => {
                if !matches!(target.node, ExprKind::Name { .. }) {
                    return Err(Complaint::Type("NamedExpr target must be a Name"));
                }
                self.expr(target, ExprContext::Store)?;
                self.load(value)
            }
            ExprKind::BinOp { left, right, .. } => {
                self.load(left)?;
                self.load(right)
            }
            ExprKind::UnaryOp { operand, .. } => self.load(operand),
            ExprKind::Lambda { args, body } => {
                self.arguments(args)?;
                self.load(body)
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.load(test)?;
                self.load(body)?;
                self.load(orelse)
            }
            ExprKind::Dict { keys, values } => {
                if keys.len() != values.len() {
                    return wrong("Dict doesn't have the same number of keys as values");
                }
                keys.iter().flatten().try_for_each(|key| self.load(key))?;
                self.loads(values)
            }
            ExprKind::Set(elts) | ExprKind::JoinedStr(elts) | ExprKind::TemplateStr(elts) => self.loads(elts),
            ExprKind::ListComp { elt, generators }
            | ExprKind::SetComp { elt, generators }
            | ExprKind::GeneratorExp { elt, generators } => {
                self.comprehension(generators)?;
                self.load(elt)
            }
            ExprKind::DictComp { key, value, generators } => {
                self.comprehension(generators)?;
                self.load(key)?;
                self.load(value)
            }
            ExprKind::Await(value) | ExprKind::YieldFrom(value) => self.load(value),
            ExprKind::Yield(value) => self.opt_load(value),
            ExprKind::Compare { left, ops, comparators } => {
                if comparators.is_empty() {
                    return wrong("Compare with no comparators");
                }
                if comparators.len() != ops.len() {
                    return wrong("Compare has a different number of comparators and operands");
                }
                self.loads(comparators)?;
                self.load(left)
            }
            ExprKind::Call { func, args, keywords } => {
                self.load(func)?;
                self.loads(args)?;
                keywords.iter().try_for_each(|keyword| self.load(&keyword.value))
            }
            ExprKind::FormattedValue { value, format_spec, .. }
            | ExprKind::Interpolation { value, format_spec, .. } => {
                self.load(value)?;
                self.opt_load(format_spec)
            }
            ExprKind::Attribute { value, .. } => self.load(value),
            ExprKind::Subscript { value, slice, .. } => {
                self.load(slice)?;
                self.load(value)
            }
            ExprKind::Starred { value, .. } => self.expr(value, wanted),
            ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => {
                elts.iter().try_for_each(|elt| self.expr(elt, wanted))
            }
            ExprKind::Slice { lower, upper, step } => {
                self.opt_load(lower)?;
                self.opt_load(upper)?;
                self.opt_load(step)
            }
            ExprKind::Constant { .. } | ExprKind::Name { .. } => Ok(()),
        }
    }

    fn patterns(&self, patterns: &[Pattern], star: Star) -> Checked {
        patterns.iter().try_for_each(|pattern| self.pattern(pattern, star))
    }

    fn capture(&self, name: Name) -> Checked {
        if self.names.text(name) == "_" {
            return wrong("can't capture name '_' in patterns");
        }
        Ok(())
    }

    fn pattern(&self, pattern: &Pattern, star: Star) -> Checked {
        self.position(pattern.loc)?;
        match &pattern.node {
            PatternKind::Value(value) => self.match_value(value),
            PatternKind::Singleton(Constant::None | Constant::Bool(_)) => Ok(()),
            PatternKind::Singleton(_) => wrong("MatchSingleton can only contain True, False and None"),
            PatternKind::Sequence(patterns) => self.patterns(patterns, Star::Allowed),
            PatternKind::Mapping { keys, patterns, rest } => {
                if keys.len() != patterns.len() {
                    return wrong("MatchMapping doesn't have the same number of keys as patterns");
                }
                if let Some(rest) = rest {
                    self.capture(*rest)?;
                }
                for key in keys {
                    if !matches!(key.as_constant(), Some(Constant::None | Constant::Bool(_))) {
                        self.match_value(key)?;
                    }
                }
                self.patterns(patterns, Star::Refused)
            }
            PatternKind::Class { cls, patterns, kwd_attrs, kwd_patterns } => {
                if kwd_attrs.len() != kwd_patterns.len() {
                    return wrong("MatchClass doesn't have the same number of keyword attributes as patterns");
                }
                self.load(cls)?;
                let mut at = &**cls;
                while let ExprKind::Attribute { value, .. } = &at.node {
                    at = value;
                }
                if !matches!(at.node, ExprKind::Name { .. }) {
                    return wrong("MatchClass cls field can only contain Name or Attribute nodes.");
                }
                self.patterns(patterns, Star::Refused)?;
                self.patterns(kwd_patterns, Star::Refused)
            }
            PatternKind::Star(name) => {
                if star == Star::Refused {
                    return wrong("can't use MatchStar here");
                }
                name.map_or(Ok(()), |name| self.capture(name))
            }
            PatternKind::As { pattern, name } => {
                if let Some(name) = name {
                    self.capture(*name)?;
                }
                match (pattern, name) {
                    (None, _) => Ok(()),
                    (Some(_), None) => wrong("MatchAs must specify a target name if a pattern is given"),
                    (Some(pattern), Some(_)) => self.pattern(pattern, Star::Refused),
                }
            }
            PatternKind::Or(patterns) => {
                if patterns.len() < 2 {
                    return wrong("MatchOr requires at least 2 patterns");
                }
                self.patterns(patterns, Star::Refused)
            }
        }
    }

    /// A pattern that compares: a literal or a dotted name.
    fn match_value(&self, value: &Expr) -> Checked {
        self.load(value)?;
        let is_literal = match &value.node {
            ExprKind::Constant { value, .. } => {
                let fits = matches!(
                    value,
                    Constant::Int(_)
                        | Constant::BigInt(_)
                        | Constant::Float(_)
                        | Constant::Complex { .. }
                        | Constant::Str(_)
                        | Constant::Bytes(_)
                );
                if !fits {
                    return wrong("unexpected constant inside of a literal pattern");
                }
                true
            }
            ExprKind::Attribute { .. } | ExprKind::JoinedStr(_) | ExprKind::TemplateStr(_) => true,
            ExprKind::UnaryOp { .. } => is_signed(value, Numbers::All),
            ExprKind::BinOp { left, op: Operator::Add | Operator::Sub, right } => {
                is_signed(left, Numbers::Real) && matches!(right.as_constant(), Some(Constant::Complex { .. }))
            }
            _ => false,
        };
        if is_literal { Ok(()) } else { wrong("patterns may only match literals and attribute lookups") }
    }
}

/// Whether a pattern may be `*name`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Star {
    Allowed,
    Refused,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Real,
    All,
}

/// A number, perhaps behind a minus.
fn is_signed(expr: &Expr, numbers: Numbers) -> bool {
    let number = match &expr.node {
        ExprKind::UnaryOp { op: UnaryOp::USub, operand } => operand.as_constant(),
        _ => expr.as_constant(),
    };
    match number {
        Some(Constant::Int(_) | Constant::BigInt(_) | Constant::Float(_)) => true,
        Some(Constant::Complex { .. }) => numbers == Numbers::All,
        _ => false,
    }
}
