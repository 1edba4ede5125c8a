//! Expressions back to source, for annotations that are kept as strings.

use bytecode::{Constant, Wtf8Buf};
use syntax::Interner;
use syntax::ast::*;

/// The source of an expression, in CPython's one form for each.
pub fn unparse(expr: &Expr, names: &Interner) -> Wtf8Buf {
    let mut unparser = Unparser { names, out: Wtf8Buf::new() };
    unparser.expr(expr, Level::Test);
    unparser.out
}

/// How tightly operators bind: an operand that binds less gets brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    const ALL: [Level; 16] = [
        Level::Tuple,
        Level::Test,
        Level::Or,
        Level::And,
        Level::Not,
        Level::Compare,
        Level::BitOr,
        Level::BitXor,
        Level::BitAnd,
        Level::Shift,
        Level::Arith,
        Level::Term,
        Level::Factor,
        Level::Power,
        Level::Await,
        Level::Atom,
    ];

    fn next(self) -> Level {
        Level::ALL[(self as usize + 1).min(Level::ALL.len() - 1)]
    }
}

struct Unparser<'n> {
    names: &'n Interner,
    out: Wtf8Buf,
}

impl Unparser<'_> {
    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn name(&mut self, name: Name) {
        self.out.push_str(self.names.text(name));
    }

    fn bracketed(&mut self, brackets: bool, write: impl FnOnce(&mut Self)) {
        if brackets {
            self.text("(");
        }
        write(self);
        if brackets {
            self.text(")");
        }
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.text(", ");
            }
            write(self, item);
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        self.list(exprs, |this, expr| this.expr(expr, Level::Test));
    }

    fn expr(&mut self, expr: &Expr, level: Level) {
        crate::with_stack(|| self.expr_inner(expr, level));
    }

    fn expr_inner(&mut self, expr: &Expr, level: Level) {
        match &expr.node {
            ExprKind::BoolOp { op, values } => {
                let (text, own) = match op {
                    BoolOp::And => (" and ", Level::And),
                    BoolOp::Or => (" or ", Level::Or),
                };
                self.bracketed(level > own, |this| {
                    for (i, value) in values.iter().enumerate() {
                        if i > 0 {
                            this.text(text);
                        }
                        this.expr(value, own.next());
                    }
                });
            }
            ExprKind::BinOp { left, op, right } => {
                let (text, own) = binary_operator(*op);
                let (left_level, right_level) =
                    if *op == Operator::Pow { (own.next(), own) } else { (own, own.next()) };
                self.bracketed(level > own, |this| {
                    this.expr(left, left_level);
                    this.text(text);
                    this.expr(right, right_level);
                });
            }
            ExprKind::UnaryOp { op, operand } => {
                let (text, own) = match op {
                    UnaryOp::Invert => ("~", Level::Factor),
                    UnaryOp::Not => ("not ", Level::Not),
                    UnaryOp::UAdd => ("+", Level::Factor),
                    UnaryOp::USub => ("-", Level::Factor),
                };
                self.bracketed(level > own, |this| {
                    this.text(text);
                    this.expr(operand, own);
                });
            }
            ExprKind::Lambda { args, body } => self.bracketed(level > Level::Test, |this| {
                let has_positional = !args.args.is_empty() || !args.posonlyargs.is_empty();
                this.text(if has_positional { "lambda " } else { "lambda" });
                this.arguments(args);
                this.text(": ");
                this.expr(body, Level::Test);
            }),
            ExprKind::IfExp { test, body, orelse } => self.bracketed(level > Level::Test, |this| {
                this.expr(body, Level::Or);
                this.text(" if ");
                this.expr(test, Level::Or);
                this.text(" else ");
                this.expr(orelse, Level::Test);
            }),
            ExprKind::Dict { keys, values } => {
                self.text("{");
                let items: Vec<_> = keys.iter().zip(values).collect();
                self.list(&items, |this, (key, value)| match key {
                    Some(key) => {
                        this.expr(key, Level::Test);
                        this.text(": ");
                        this.expr(value, Level::Test);
                    }
                    None => {
                        this.text("**");
                        this.expr(value, Level::BitOr);
                    }
                });
                self.text("}");
            }
            ExprKind::Set(elts) => {
                self.text("{");
                self.exprs(elts);
                self.text("}");
            }
            ExprKind::List { elts, .. } => {
                self.text("[");
                self.exprs(elts);
                self.text("]");
            }
            ExprKind::Tuple { elts, .. } if elts.is_empty() => self.text("()"),
            ExprKind::Tuple { elts, .. } => self.bracketed(level > Level::Tuple, |this| {
                this.exprs(elts);
                if elts.len() == 1 {
                    this.text(",");
                }
            }),
            ExprKind::GeneratorExp { elt, generators } => self.comprehension("(", elt, None, generators, ")"),
            ExprKind::ListComp { elt, generators } => self.comprehension("[", elt, None, generators, "]"),
            ExprKind::SetComp { elt, generators } => self.comprehension("{", elt, None, generators, "}"),
            ExprKind::DictComp { key, value, generators } => {
                self.comprehension("{", key, Some(value), generators, "}");
            }
            ExprKind::Yield(None) => self.text("(yield)"),
            ExprKind::Yield(Some(value)) => {
                self.text("(yield ");
                self.expr(value, Level::Test);
                self.text(")");
            }
            ExprKind::YieldFrom(value) => {
                self.text("(yield from ");
                self.expr(value, Level::Test);
                self.text(")");
            }
            ExprKind::Await(value) => self.bracketed(level > Level::Await, |this| {
                this.text("await ");
                this.expr(value, Level::Atom);
            }),
            ExprKind::Compare { left, ops, comparators } => self.bracketed(level > Level::Compare, |this| {
                this.expr(left, Level::BitOr);
                for (op, comparator) in ops.iter().zip(comparators) {
                    this.text(comparison(*op));
                    this.expr(comparator, Level::BitOr);
                }
            }),
            ExprKind::Call { func, args, keywords } => self.call(func, args, keywords),
            ExprKind::Constant { value, is_u } => {
                if *is_u {
                    self.text("u");
                }
                self.constant(value);
            }
            ExprKind::JoinedStr(values) => self.interpolated("f", values),
            ExprKind::TemplateStr(values) => self.interpolated("t", values),
            ExprKind::FormattedValue { .. } | ExprKind::Interpolation { .. } => self.fstring_part(expr),
            ExprKind::Attribute { value, attr, .. } => {
                self.expr(value, Level::Atom);
                let is_int = matches!(value.as_constant(), Some(Constant::Int(_) | Constant::BigInt(_)));
                self.text(if is_int { " ." } else { "." });
                self.name(*attr);
            }
            ExprKind::Starred { value, .. } => {
                self.text("*");
                self.expr(value, Level::BitOr);
            }
            ExprKind::Name { id, .. } => self.name(*id),
            ExprKind::Slice { lower, upper, step } => {
                if let Some(lower) = lower {
                    self.expr(lower, Level::Test);
                }
                self.text(":");
                if let Some(upper) = upper {
                    self.expr(upper, Level::Test);
                }
                if let Some(step) = step {
                    self.text(":");
                    self.expr(step, Level::Test);
                }
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value, Level::Atom);
                self.text("[");
                self.expr(slice, Level::Tuple);
                self.text("]");
            }
            ExprKind::NamedExpr { target, value } => self.bracketed(level > Level::Tuple, |this| {
                this.expr(target, Level::Atom);
                this.text(" := ");
                this.expr(value, Level::Atom);
            }),
        }
    }

    fn comprehension(
        &mut self,
        open: &str,
        elt: &Expr,
        value: Option<&Expr>,
        generators: &[Comprehension],
        close: &str,
    ) {
        self.text(open);
        self.expr(elt, Level::Test);
        if let Some(value) = value {
            self.text(": ");
            self.expr(value, Level::Test);
        }
        for generator in generators {
            self.text(if generator.is_async { " async for " } else { " for " });
            self.expr(&generator.target, Level::Tuple);
            self.text(" in ");
            self.expr(&generator.iter, Level::Or);
            for condition in &generator.ifs {
                self.text(" if ");
                self.expr(condition, Level::Or);
            }
        }
        self.text(close);
    }

    fn call(&mut self, func: &Expr, args: &[Expr], keywords: &[Keyword]) {
        self.expr(func, Level::Atom);
        if let ([generator @ Expr { node: ExprKind::GeneratorExp { .. }, .. }], []) = (args, keywords) {
            return self.expr(generator, Level::Test);
        }
        self.text("(");
        self.exprs(args);
        if !args.is_empty() && !keywords.is_empty() {
            self.text(", ");
        }
        self.list(keywords, |this, keyword| {
            match keyword.arg {
                Some(arg) => {
                    this.name(arg);
                    this.text("=");
                }
                None => this.text("**"),
            }
            this.expr(&keyword.value, Level::Test);
        });
        self.text(")");
    }

    fn arguments(&mut self, args: &Arguments) {
        let mut first = true;
        let mut separate = |this: &mut Self| {
            if !std::mem::take(&mut first) {
                this.text(", ");
            }
        };
        let n = args.posonlyargs.len() + args.args.len();
        for (i, arg) in args.posonlyargs.iter().chain(&args.args).enumerate() {
            separate(self);
            self.arg(arg);
            if let Some(default) = (i + args.defaults.len()).checked_sub(n).and_then(|i| args.defaults.get(i)) {
                self.text("=");
                self.expr(default, Level::Test);
            }
            if i + 1 == args.posonlyargs.len() {
                self.text(", /");
            }
        }
        if args.vararg.is_some() || !args.kwonlyargs.is_empty() {
            separate(self);
            self.text("*");
            if let Some(arg) = &args.vararg {
                self.arg(arg);
            }
        }
        for (i, arg) in args.kwonlyargs.iter().enumerate() {
            separate(self);
            self.arg(arg);
            if let Some(Some(default)) = args.kw_defaults.get(i) {
                self.text("=");
                self.expr(default, Level::Test);
            }
        }
        if let Some(arg) = &args.kwarg {
            separate(self);
            self.text("**");
            self.arg(arg);
        }
    }

    fn arg(&mut self, arg: &Arg) {
        self.name(arg.arg);
        if let Some(annotation) = &arg.annotation {
            self.text(": ");
            self.expr(annotation, Level::Test);
        }
    }

    fn constant(&mut self, value: &Constant) {
        match value {
            Constant::Ellipsis => self.text("..."),
            Constant::Tuple(items) => {
                self.text("(");
                self.list(items, |this, item| this.constant(item));
                self.text(if items.len() == 1 { ",)" } else { ")" });
            }
            // "inf" is a name; 1e309 is too big for a float.
            Constant::Float(f) if f.is_infinite() => self.text(&value.repr().replace("inf", "1e309")),
            Constant::Complex { .. } => self.text(&value.repr().replace("inf", "1e309")),
            _ => self.text(&value.repr()),
        }
    }

    /// An f-string or t-string: its body as if it were a plain string's.
    fn interpolated(&mut self, prefix: &str, values: &[Expr]) {
        let mut body = Unparser { names: self.names, out: Wtf8Buf::new() };
        values.iter().for_each(|value| body.fstring_part(value));
        self.text(prefix);
        self.text(&Constant::Str(body.out).repr());
    }

    fn fstring_part(&mut self, part: &Expr) {
        match &part.node {
            ExprKind::Constant { value: Constant::Str(text), .. } => {
                for c in text.code_points() {
                    self.out.push_code_point(c);
                    if c == '{' as u32 || c == '}' as u32 {
                        self.out.push_code_point(c);
                    }
                }
            }
            ExprKind::JoinedStr(values) => values.iter().for_each(|value| self.fstring_part(value)),
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                let mut inner = Unparser { names: self.names, out: Wtf8Buf::new() };
                inner.expr(value, Level::Or);
                self.replacement(&inner.out, *conversion, format_spec);
            }
            ExprKind::Interpolation { text: Constant::Str(text), conversion, format_spec, .. } => {
                self.replacement(text, *conversion, format_spec);
            }
            _ => self.expr(part, Level::Test),
        }
    }

    fn replacement(&mut self, value: &Wtf8Buf, conversion: Conversion, format_spec: &Option<Box<Expr>>) {
        self.text(if value.as_bytes().first() == Some(&b'{') { "{ " } else { "{" });
        self.out.push_wtf8(value);
        self.text(match conversion {
            Conversion::None => "",
            Conversion::Str => "!s",
            Conversion::Repr => "!r",
            Conversion::Ascii => "!a",
        });
        if let Some(spec) = format_spec {
            self.text(":");
            self.fstring_part(spec);
        }
        self.text("}");
    }
}

fn binary_operator(op: Operator) -> (&'static str, Level) {
    match op {
        Operator::Add => (" + ", Level::Arith),
        Operator::Sub => (" - ", Level::Arith),
        Operator::Mult => (" * ", Level::Term),
        Operator::MatMult => (" @ ", Level::Term),
        Operator::Div => (" / ", Level::Term),
        Operator::Mod => (" % ", Level::Term),
        Operator::LShift => (" << ", Level::Shift),
        Operator::RShift => (" >> ", Level::Shift),
        Operator::BitOr => (" | ", Level::BitOr),
        Operator::BitXor => (" ^ ", Level::BitXor),
        Operator::BitAnd => (" & ", Level::BitAnd),
        Operator::FloorDiv => (" // ", Level::Term),
        Operator::Pow => (" ** ", Level::Power),
    }
}

fn comparison(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}
