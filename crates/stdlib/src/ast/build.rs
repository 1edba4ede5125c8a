//! The compiler's tree as `ast` objects.

use super::{Classes, classes};
use runtime::code_object::{str_from_wtf8, value_of_constant};
use runtime::prelude::*;
use std::rc::Rc;
use syntax::Interner;
use syntax::ast::*;

/// Makes the objects of one tree.
struct Builder<'a> {
    classes: Rc<Classes>,
    names: &'a Interner,
}

/// The objects of a tree, for `compile(…, PyCF_ONLY_AST)`.
pub fn to_python(cx: &mut Cx, module: &Mod, names: &Interner) -> PyResult {
    let builder = Builder { classes: classes(cx)?, names };
    match module {
        Mod::Module(body) => {
            let body = builder.stmts(cx, body)?;
            let ignores = List::empty(&mut cx.heap).value();
            builder.node(cx, "Module", &[("body", body), ("type_ignores", ignores)])
        }
        Mod::Interactive(body) => {
            let body = builder.stmts(cx, body)?;
            builder.node(cx, "Interactive", &[("body", body)])
        }
        Mod::Expression(body) => {
            let body = builder.expr(cx, body)?;
            builder.node(cx, "Expression", &[("body", body)])
        }
    }
}

/// A function type as an `ast` object.
pub fn function_type_to_python(cx: &mut Cx, parsed: &syntax::FunctionType) -> PyResult {
    let builder = Builder { classes: classes(cx)?, names: &parsed.names };
    let arguments = List::empty(&mut cx.heap);
    for argument in &parsed.arguments {
        let argument = builder.expr(cx, argument)?;
        arguments.push(&mut cx.heap, argument).or_raise(cx)?;
    }
    let returns = builder.expr(cx, &parsed.returns)?;
    builder.node(cx, "FunctionType", &[("argtypes", arguments.value()), ("returns", returns)])
}

impl Builder<'_> {
    fn node(&self, cx: &mut Cx, class: &str, fields: &[(&str, Value)]) -> PyResult {
        let class = self.classes.class(class);
        let object = cx.heap.instance(class.instance_shape.get());
        let attributes = Attributes::of(object).expect("nodes have attributes");
        for &(name, value) in fields {
            let name = cx.heap.intern(name);
            attributes.set(&mut cx.heap, name, value).or_raise(cx)?;
        }
        Ok(object)
    }

    fn located(&self, cx: &mut Cx, class: &str, loc: Location, fields: &[(&str, Value)]) -> PyResult {
        let object = self.node(cx, class, fields)?;
        let attributes = Attributes::of(object).expect("nodes have attributes");
        let places = [
            ("lineno", loc.line),
            ("col_offset", loc.column),
            ("end_lineno", loc.end_line),
            ("end_col_offset", loc.end_column),
        ];
        for (name, number) in places {
            let name = cx.heap.intern(name);
            let number = int::BigInt::from_i64(&mut cx.heap, i64::from(number));
            attributes.set(&mut cx.heap, name, number).or_raise(cx)?;
        }
        Ok(object)
    }

    fn list<T>(&self, cx: &mut Cx, items: &[T], make: impl Fn(&Self, &mut Cx, &T) -> PyResult) -> PyResult {
        let list = List::empty(&mut cx.heap);
        for item in items {
            let item = make(self, cx, item)?;
            list.push(&mut cx.heap, item).or_raise(cx)?;
        }
        Ok(list.value())
    }

    fn name(&self, cx: &mut Cx, name: Name) -> Value {
        cx.heap.intern(self.names.text(name)).value()
    }

    fn opt_name(&self, cx: &mut Cx, name: Option<Name>) -> Value {
        name.map_or(Value::NONE, |name| self.name(cx, name))
    }

    fn names(&self, cx: &mut Cx, names: &[Name]) -> PyResult {
        self.list(cx, names, |this, cx, &name| Ok(this.name(cx, name)))
    }

    fn opt_expr(&self, cx: &mut Cx, expr: Option<&Expr>) -> PyResult {
        expr.map_or(Ok(Value::NONE), |expr| self.expr(cx, expr))
    }

    fn exprs(&self, cx: &mut Cx, exprs: &[Expr]) -> PyResult {
        self.list(cx, exprs, Self::expr)
    }

    fn stmts(&self, cx: &mut Cx, stmts: &[Stmt]) -> PyResult {
        self.list(cx, stmts, Self::stmt)
    }

    fn context(&self, ctx: ExprContext) -> Value {
        self.classes.singleton(match ctx {
            ExprContext::Load => "Load",
            ExprContext::Store => "Store",
            ExprContext::Del => "Del",
        })
    }

    fn operator(&self, op: Operator) -> Value {
        self.classes.singleton(match op {
            Operator::Add => "Add",
            Operator::Sub => "Sub",
            Operator::Mult => "Mult",
            Operator::MatMult => "MatMult",
            Operator::Div => "Div",
            Operator::Mod => "Mod",
            Operator::Pow => "Pow",
            Operator::LShift => "LShift",
            Operator::RShift => "RShift",
            Operator::BitOr => "BitOr",
            Operator::BitXor => "BitXor",
            Operator::BitAnd => "BitAnd",
            Operator::FloorDiv => "FloorDiv",
        })
    }

    fn stmt(&self, cx: &mut Cx, stmt: &Stmt) -> PyResult {
        check_depth(cx)?;
        let loc = stmt.loc;
        match &stmt.node {
            StmtKind::FunctionDef(f) => {
                let name = self.name(cx, f.name);
                let args = self.arguments(cx, &f.args)?;
                let body = self.stmts(cx, &f.body)?;
                let decorators = self.exprs(cx, &f.decorators)?;
                let returns = self.opt_expr(cx, f.returns.as_deref())?;
                let type_params = self.list(cx, &f.type_params, Self::type_param)?;
                let class = if f.is_async { "AsyncFunctionDef" } else { "FunctionDef" };
                let fields = [
                    ("name", name),
                    ("args", args),
                    ("body", body),
                    ("decorator_list", decorators),
                    ("returns", returns),
                    ("type_comment", Value::NONE),
                    ("type_params", type_params),
                ];
                self.located(cx, class, loc, &fields)
            }
            StmtKind::ClassDef(c) => {
                let name = self.name(cx, c.name);
                let bases = self.exprs(cx, &c.bases)?;
                let keywords = self.list(cx, &c.keywords, Self::keyword)?;
                let body = self.stmts(cx, &c.body)?;
                let decorators = self.exprs(cx, &c.decorators)?;
                let type_params = self.list(cx, &c.type_params, Self::type_param)?;
                let fields = [
                    ("name", name),
                    ("bases", bases),
                    ("keywords", keywords),
                    ("body", body),
                    ("decorator_list", decorators),
                    ("type_params", type_params),
                ];
                self.located(cx, "ClassDef", loc, &fields)
            }
            StmtKind::Return(value) => {
                let value = self.opt_expr(cx, value.as_deref())?;
                self.located(cx, "Return", loc, &[("value", value)])
            }
            StmtKind::Delete(targets) => {
                let targets = self.exprs(cx, targets)?;
                self.located(cx, "Delete", loc, &[("targets", targets)])
            }
            StmtKind::Assign { targets, value } => {
                let targets = self.exprs(cx, targets)?;
                let value = self.expr(cx, value)?;
                let fields = [("targets", targets), ("value", value), ("type_comment", Value::NONE)];
                self.located(cx, "Assign", loc, &fields)
            }
            StmtKind::TypeAlias { name, type_params, value } => {
                let name = self.expr(cx, name)?;
                let type_params = self.list(cx, type_params, Self::type_param)?;
                let value = self.expr(cx, value)?;
                self.located(cx, "TypeAlias", loc, &[("name", name), ("type_params", type_params), ("value", value)])
            }
            StmtKind::AugAssign { target, op, value } => {
                let target = self.expr(cx, target)?;
                let value = self.expr(cx, value)?;
                let fields = [("target", target), ("op", self.operator(*op)), ("value", value)];
                self.located(cx, "AugAssign", loc, &fields)
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                let target = self.expr(cx, target)?;
                let annotation = self.expr(cx, annotation)?;
                let value = self.opt_expr(cx, value.as_deref())?;
                let simple = Int::from_len(*simple as usize).value();
                let fields = [("target", target), ("annotation", annotation), ("value", value), ("simple", simple)];
                self.located(cx, "AnnAssign", loc, &fields)
            }
            StmtKind::For(f) => {
                let target = self.expr(cx, &f.target)?;
                let iter = self.expr(cx, &f.iter)?;
                let body = self.stmts(cx, &f.body)?;
                let orelse = self.stmts(cx, &f.orelse)?;
                let class = if f.is_async { "AsyncFor" } else { "For" };
                let fields = [
                    ("target", target),
                    ("iter", iter),
                    ("body", body),
                    ("orelse", orelse),
                    ("type_comment", Value::NONE),
                ];
                self.located(cx, class, loc, &fields)
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                let test = self.expr(cx, test)?;
                let body = self.stmts(cx, body)?;
                let orelse = self.stmts(cx, orelse)?;
                let class = if matches!(stmt.node, StmtKind::If { .. }) { "If" } else { "While" };
                self.located(cx, class, loc, &[("test", test), ("body", body), ("orelse", orelse)])
            }
            StmtKind::With { items, body, is_async } => {
                let items = self.list(cx, items, Self::with_item)?;
                let body = self.stmts(cx, body)?;
                let class = if *is_async { "AsyncWith" } else { "With" };
                self.located(cx, class, loc, &[("items", items), ("body", body), ("type_comment", Value::NONE)])
            }
            StmtKind::Match { subject, cases } => {
                let subject = self.expr(cx, subject)?;
                let cases = self.list(cx, cases, Self::match_case)?;
                self.located(cx, "Match", loc, &[("subject", subject), ("cases", cases)])
            }
            StmtKind::Raise { exc, cause } => {
                let exc = self.opt_expr(cx, exc.as_deref())?;
                let cause = self.opt_expr(cx, cause.as_deref())?;
                self.located(cx, "Raise", loc, &[("exc", exc), ("cause", cause)])
            }
            StmtKind::Try(t) => {
                let body = self.stmts(cx, &t.body)?;
                let handlers = self.list(cx, &t.handlers, Self::handler)?;
                let orelse = self.stmts(cx, &t.orelse)?;
                let finalbody = self.stmts(cx, &t.finalbody)?;
                let class = if t.is_star { "TryStar" } else { "Try" };
                let fields = [("body", body), ("handlers", handlers), ("orelse", orelse), ("finalbody", finalbody)];
                self.located(cx, class, loc, &fields)
            }
            StmtKind::Assert { test, msg } => {
                let test = self.expr(cx, test)?;
                let msg = self.opt_expr(cx, msg.as_deref())?;
                self.located(cx, "Assert", loc, &[("test", test), ("msg", msg)])
            }
            StmtKind::Import(names) => {
                let names = self.list(cx, names, Self::alias)?;
                self.located(cx, "Import", loc, &[("names", names)])
            }
            StmtKind::ImportFrom { module, names, level } => {
                let module = self.opt_name(cx, *module);
                let names = self.list(cx, names, Self::alias)?;
                let level = Int::from_len(*level as usize).value();
                self.located(cx, "ImportFrom", loc, &[("module", module), ("names", names), ("level", level)])
            }
            StmtKind::Global(names) | StmtKind::Nonlocal(names) => {
                let names = self.names(cx, names)?;
                let class = if matches!(stmt.node, StmtKind::Global(_)) { "Global" } else { "Nonlocal" };
                self.located(cx, class, loc, &[("names", names)])
            }
            StmtKind::Expr(value) => {
                let value = self.expr(cx, value)?;
                self.located(cx, "Expr", loc, &[("value", value)])
            }
            StmtKind::Pass => self.located(cx, "Pass", loc, &[]),
            StmtKind::Break => self.located(cx, "Break", loc, &[]),
            StmtKind::Continue => self.located(cx, "Continue", loc, &[]),
        }
    }

    fn handler(&self, cx: &mut Cx, handler: &ExceptHandler) -> PyResult {
        let ty = self.opt_expr(cx, handler.type_.as_deref())?;
        let name = self.opt_name(cx, handler.name);
        let body = self.stmts(cx, &handler.body)?;
        self.located(cx, "ExceptHandler", handler.loc, &[("type", ty), ("name", name), ("body", body)])
    }

    fn with_item(&self, cx: &mut Cx, item: &WithItem) -> PyResult {
        let context = self.expr(cx, &item.context_expr)?;
        let vars = self.opt_expr(cx, item.optional_vars.as_deref())?;
        self.node(cx, "withitem", &[("context_expr", context), ("optional_vars", vars)])
    }

    fn alias(&self, cx: &mut Cx, alias: &Alias) -> PyResult {
        let name = self.name(cx, alias.name);
        let asname = self.opt_name(cx, alias.asname);
        self.located(cx, "alias", alias.loc, &[("name", name), ("asname", asname)])
    }

    fn keyword(&self, cx: &mut Cx, keyword: &Keyword) -> PyResult {
        let arg = self.opt_name(cx, keyword.arg);
        let value = self.expr(cx, &keyword.value)?;
        self.located(cx, "keyword", keyword.loc, &[("arg", arg), ("value", value)])
    }

    fn arg(&self, cx: &mut Cx, arg: &Arg) -> PyResult {
        let name = self.name(cx, arg.arg);
        let annotation = self.opt_expr(cx, arg.annotation.as_deref())?;
        let fields = [("arg", name), ("annotation", annotation), ("type_comment", Value::NONE)];
        self.located(cx, "arg", arg.loc, &fields)
    }

    fn opt_arg(&self, cx: &mut Cx, arg: Option<&Arg>) -> PyResult {
        arg.map_or(Ok(Value::NONE), |arg| self.arg(cx, arg))
    }

    fn arguments(&self, cx: &mut Cx, a: &Arguments) -> PyResult {
        let posonlyargs = self.list(cx, &a.posonlyargs, Self::arg)?;
        let args = self.list(cx, &a.args, Self::arg)?;
        let vararg = self.opt_arg(cx, a.vararg.as_deref())?;
        let kwonlyargs = self.list(cx, &a.kwonlyargs, Self::arg)?;
        let kw_defaults = self.list(cx, &a.kw_defaults, |this, cx, e| this.opt_expr(cx, e.as_ref()))?;
        let kwarg = self.opt_arg(cx, a.kwarg.as_deref())?;
        let defaults = self.exprs(cx, &a.defaults)?;
        let fields = [
            ("posonlyargs", posonlyargs),
            ("args", args),
            ("vararg", vararg),
            ("kwonlyargs", kwonlyargs),
            ("kw_defaults", kw_defaults),
            ("kwarg", kwarg),
            ("defaults", defaults),
        ];
        self.node(cx, "arguments", &fields)
    }

    fn comprehension(&self, cx: &mut Cx, c: &Comprehension) -> PyResult {
        let target = self.expr(cx, &c.target)?;
        let iter = self.expr(cx, &c.iter)?;
        let ifs = self.exprs(cx, &c.ifs)?;
        let is_async = Int::from_len(c.is_async as usize).value();
        self.node(cx, "comprehension", &[("target", target), ("iter", iter), ("ifs", ifs), ("is_async", is_async)])
    }

    fn type_param(&self, cx: &mut Cx, p: &TypeParam) -> PyResult {
        let name = self.name(cx, p.name);
        let default = self.opt_expr(cx, p.default.as_deref())?;
        match &p.kind {
            TypeParamKind::TypeVar { bound } => {
                let bound = self.opt_expr(cx, bound.as_deref())?;
                let fields = [("name", name), ("bound", bound), ("default_value", default)];
                self.located(cx, "TypeVar", p.loc, &fields)
            }
            TypeParamKind::ParamSpec => {
                self.located(cx, "ParamSpec", p.loc, &[("name", name), ("default_value", default)])
            }
            TypeParamKind::TypeVarTuple => {
                self.located(cx, "TypeVarTuple", p.loc, &[("name", name), ("default_value", default)])
            }
        }
    }

    fn match_case(&self, cx: &mut Cx, case: &MatchCase) -> PyResult {
        let pattern = self.pattern(cx, &case.pattern)?;
        let guard = self.opt_expr(cx, case.guard.as_deref())?;
        let body = self.stmts(cx, &case.body)?;
        self.node(cx, "match_case", &[("pattern", pattern), ("guard", guard), ("body", body)])
    }

    fn patterns(&self, cx: &mut Cx, patterns: &[Pattern]) -> PyResult {
        self.list(cx, patterns, Self::pattern)
    }

    fn pattern(&self, cx: &mut Cx, pattern: &Pattern) -> PyResult {
        check_depth(cx)?;
        let loc = pattern.loc;
        match &pattern.node {
            PatternKind::Value(value) => {
                let value = self.expr(cx, value)?;
                self.located(cx, "MatchValue", loc, &[("value", value)])
            }
            PatternKind::Singleton(value) => {
                let value = value_of_constant(cx, value)?;
                self.located(cx, "MatchSingleton", loc, &[("value", value)])
            }
            PatternKind::Sequence(patterns) => {
                let patterns = self.patterns(cx, patterns)?;
                self.located(cx, "MatchSequence", loc, &[("patterns", patterns)])
            }
            PatternKind::Mapping { keys, patterns, rest } => {
                let keys = self.exprs(cx, keys)?;
                let patterns = self.patterns(cx, patterns)?;
                let rest = self.opt_name(cx, *rest);
                self.located(cx, "MatchMapping", loc, &[("keys", keys), ("patterns", patterns), ("rest", rest)])
            }
            PatternKind::Class { cls, patterns, kwd_attrs, kwd_patterns } => {
                let cls = self.expr(cx, cls)?;
                let patterns = self.patterns(cx, patterns)?;
                let kwd_attrs = self.names(cx, kwd_attrs)?;
                let kwd_patterns = self.patterns(cx, kwd_patterns)?;
                let fields =
                    [("cls", cls), ("patterns", patterns), ("kwd_attrs", kwd_attrs), ("kwd_patterns", kwd_patterns)];
                self.located(cx, "MatchClass", loc, &fields)
            }
            PatternKind::Star(name) => {
                let name = self.opt_name(cx, *name);
                self.located(cx, "MatchStar", loc, &[("name", name)])
            }
            PatternKind::As { pattern, name } => {
                let pattern = pattern.as_deref().map_or(Ok(Value::NONE), |p| self.pattern(cx, p))?;
                let name = self.opt_name(cx, *name);
                self.located(cx, "MatchAs", loc, &[("pattern", pattern), ("name", name)])
            }
            PatternKind::Or(patterns) => {
                let patterns = self.patterns(cx, patterns)?;
                self.located(cx, "MatchOr", loc, &[("patterns", patterns)])
            }
        }
    }

    fn conversion(conversion: Conversion) -> Value {
        let number = match conversion {
            Conversion::None => -1,
            Conversion::Str => i64::from(b's'),
            Conversion::Repr => i64::from(b'r'),
            Conversion::Ascii => i64::from(b'a'),
        };
        Int::new(number).expect("a small number").value()
    }

    fn expr(&self, cx: &mut Cx, expr: &Expr) -> PyResult {
        check_depth(cx)?;
        let loc = expr.loc;
        match &expr.node {
            ExprKind::BoolOp { op, values } => {
                let op = self.classes.singleton(if *op == BoolOp::And { "And" } else { "Or" });
                let values = self.exprs(cx, values)?;
                self.located(cx, "BoolOp", loc, &[("op", op), ("values", values)])
            }
            ExprKind::NamedExpr { target, value } => {
                let target = self.expr(cx, target)?;
                let value = self.expr(cx, value)?;
                self.located(cx, "NamedExpr", loc, &[("target", target), ("value", value)])
            }
            ExprKind::BinOp { left, op, right } => {
                let left = self.expr(cx, left)?;
                let right = self.expr(cx, right)?;
                self.located(cx, "BinOp", loc, &[("left", left), ("op", self.operator(*op)), ("right", right)])
            }
            ExprKind::UnaryOp { op, operand } => {
                let op = self.classes.singleton(match op {
                    UnaryOp::Invert => "Invert",
                    UnaryOp::Not => "Not",
                    UnaryOp::UAdd => "UAdd",
                    UnaryOp::USub => "USub",
                });
                let operand = self.expr(cx, operand)?;
                self.located(cx, "UnaryOp", loc, &[("op", op), ("operand", operand)])
            }
            ExprKind::Lambda { args, body } => {
                let args = self.arguments(cx, args)?;
                let body = self.expr(cx, body)?;
                self.located(cx, "Lambda", loc, &[("args", args), ("body", body)])
            }
            ExprKind::IfExp { test, body, orelse } => {
                let test = self.expr(cx, test)?;
                let body = self.expr(cx, body)?;
                let orelse = self.expr(cx, orelse)?;
                self.located(cx, "IfExp", loc, &[("test", test), ("body", body), ("orelse", orelse)])
            }
            ExprKind::Dict { keys, values } => {
                let keys = self.list(cx, keys, |this, cx, key| this.opt_expr(cx, key.as_ref()))?;
                let values = self.exprs(cx, values)?;
                self.located(cx, "Dict", loc, &[("keys", keys), ("values", values)])
            }
            ExprKind::Set(elts) => {
                let elts = self.exprs(cx, elts)?;
                self.located(cx, "Set", loc, &[("elts", elts)])
            }
            ExprKind::ListComp { elt, generators }
            | ExprKind::SetComp { elt, generators }
            | ExprKind::GeneratorExp { elt, generators } => {
                let elt = self.expr(cx, elt)?;
                let generators = self.list(cx, generators, Self::comprehension)?;
                let class = match expr.node {
                    ExprKind::ListComp { .. } => "ListComp",
                    ExprKind::SetComp { .. } => "SetComp",
                    _ => "GeneratorExp",
                };
                self.located(cx, class, loc, &[("elt", elt), ("generators", generators)])
            }
            ExprKind::DictComp { key, value, generators } => {
                let key = self.expr(cx, key)?;
                let value = self.expr(cx, value)?;
                let generators = self.list(cx, generators, Self::comprehension)?;
                self.located(cx, "DictComp", loc, &[("key", key), ("value", value), ("generators", generators)])
            }
            ExprKind::Await(value) | ExprKind::YieldFrom(value) => {
                let value = self.expr(cx, value)?;
                let class = if matches!(expr.node, ExprKind::Await(_)) { "Await" } else { "YieldFrom" };
                self.located(cx, class, loc, &[("value", value)])
            }
            ExprKind::Yield(value) => {
                let value = self.opt_expr(cx, value.as_deref())?;
                self.located(cx, "Yield", loc, &[("value", value)])
            }
            ExprKind::Compare { left, ops, comparators } => {
                let left = self.expr(cx, left)?;
                let ops = self.list(cx, ops, |this, _, &op| Ok(this.classes.singleton(compare_name(op))))?;
                let comparators = self.exprs(cx, comparators)?;
                self.located(cx, "Compare", loc, &[("left", left), ("ops", ops), ("comparators", comparators)])
            }
            ExprKind::Call { func, args, keywords } => {
                let func = self.expr(cx, func)?;
                let args = self.exprs(cx, args)?;
                let keywords = self.list(cx, keywords, Self::keyword)?;
                self.located(cx, "Call", loc, &[("func", func), ("args", args), ("keywords", keywords)])
            }
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                let value = self.expr(cx, value)?;
                let spec = self.opt_expr(cx, format_spec.as_deref())?;
                let fields = [("value", value), ("conversion", Self::conversion(*conversion)), ("format_spec", spec)];
                self.located(cx, "FormattedValue", loc, &fields)
            }
            ExprKind::Interpolation { value, text, conversion, format_spec } => {
                let value = self.expr(cx, value)?;
                let text = value_of_constant(cx, text)?;
                let spec = self.opt_expr(cx, format_spec.as_deref())?;
                let fields = [
                    ("value", value),
                    ("str", text),
                    ("conversion", Self::conversion(*conversion)),
                    ("format_spec", spec),
                ];
                self.located(cx, "Interpolation", loc, &fields)
            }
            ExprKind::JoinedStr(values) | ExprKind::TemplateStr(values) => {
                let values = self.exprs(cx, values)?;
                let class = if matches!(expr.node, ExprKind::JoinedStr(_)) { "JoinedStr" } else { "TemplateStr" };
                self.located(cx, class, loc, &[("values", values)])
            }
            ExprKind::Constant { value, is_u } => {
                let value = match value {
                    bytecode::Constant::Str(text) => str_from_wtf8(&mut cx.heap, text).or_raise(cx)?.value(),
                    value => value_of_constant(cx, value)?,
                };
                let kind = if *is_u { cx.heap.str("u") } else { Value::NONE };
                self.located(cx, "Constant", loc, &[("value", value), ("kind", kind)])
            }
            ExprKind::Attribute { value, attr, ctx } => {
                let value = self.expr(cx, value)?;
                let attr = self.name(cx, *attr);
                let fields = [("value", value), ("attr", attr), ("ctx", self.context(*ctx))];
                self.located(cx, "Attribute", loc, &fields)
            }
            ExprKind::Subscript { value, slice, ctx } => {
                let value = self.expr(cx, value)?;
                let slice = self.expr(cx, slice)?;
                let fields = [("value", value), ("slice", slice), ("ctx", self.context(*ctx))];
                self.located(cx, "Subscript", loc, &fields)
            }
            ExprKind::Starred { value, ctx } => {
                let value = self.expr(cx, value)?;
                self.located(cx, "Starred", loc, &[("value", value), ("ctx", self.context(*ctx))])
            }
            ExprKind::Name { id, ctx } => {
                let id = self.name(cx, *id);
                self.located(cx, "Name", loc, &[("id", id), ("ctx", self.context(*ctx))])
            }
            ExprKind::List { elts, ctx } | ExprKind::Tuple { elts, ctx } => {
                let elts = self.exprs(cx, elts)?;
                let class = if matches!(expr.node, ExprKind::List { .. }) { "List" } else { "Tuple" };
                self.located(cx, class, loc, &[("elts", elts), ("ctx", self.context(*ctx))])
            }
            ExprKind::Slice { lower, upper, step } => {
                let lower = self.opt_expr(cx, lower.as_deref())?;
                let upper = self.opt_expr(cx, upper.as_deref())?;
                let step = self.opt_expr(cx, step.as_deref())?;
                self.located(cx, "Slice", loc, &[("lower", lower), ("upper", upper), ("step", step)])
            }
        }
    }
}

pub fn compare_name(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => "Eq",
        CmpOp::NotEq => "NotEq",
        CmpOp::Lt => "Lt",
        CmpOp::LtE => "LtE",
        CmpOp::Gt => "Gt",
        CmpOp::GtE => "GtE",
        CmpOp::Is => "Is",
        CmpOp::IsNot => "IsNot",
        CmpOp::In => "In",
        CmpOp::NotIn => "NotIn",
    }
}

fn check_depth(cx: &mut Cx) -> PyResult<()> {
    if cx.has_native_stack() {
        Ok(())
    } else {
        Err(recursion_error(cx, "maximum recursion depth exceeded during ast construction"))
    }
}
