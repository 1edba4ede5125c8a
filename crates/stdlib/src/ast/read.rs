//! `ast` objects as the compiler's tree.
//!
//! Fields are read with CPython's complaints about what is missing or of the wrong kind. What a tree must fulfil beyond the
//! kinds of its fields is checked here where it concerns one node, and in [`super::validate`] for the rest.

use super::validate::{Complaint, validate};
use super::{Classes, classes};
use bytecode::Constant;
use runtime::prelude::*;
use std::rc::Rc;
use syntax::Interner;
use syntax::ast::*;

/// Whether `value` is a node.
pub fn is_tree(cx: &mut Cx, value: Value) -> PyResult<bool> {
    let class = runtime::native::class_of_spec(cx, &super::base::class::SPEC)?;
    Ok(cx.is_instance(value, class))
}

/// Check that a node is of the class that the mode wants.
pub fn check_root(cx: &mut Cx, object: Value, root: &str) -> PyResult<()> {
    let wanted = classes(cx)?.class(root);
    if cx.is_instance(object, wanted) {
        return Ok(());
    }
    let class = cx.class_of(object).display_name();
    Err(type_error(cx, format_args!("expected {root} node, got {class}")))
}

/// The tree that an object is, for `compile(node, …)`; `root` is the class that the mode wants.
pub fn from_python(cx: &mut Cx, object: Value, root: &str) -> PyResult<(Mod, Interner)> {
    check_root(cx, object, root)?;
    let classes = classes(cx)?;
    let mut reader = Reader { classes, names: Interner::new() };
    let module = match root {
        "Expression" => Mod::Expression(reader.boxed(cx, object, "Expression", "body")?),
        "Interactive" => Mod::Interactive(reader.stmts(cx, object, "Interactive", "body")?),
        _ => Mod::Module(reader.stmts(cx, object, "Module", "body")?),
    };
    match validate(&module, &reader.names) {
        Ok(()) => Ok((module, reader.names)),
        Err(Complaint::Value(message)) => Err(value_error(cx, message)),
        Err(Complaint::Type(message)) => Err(type_error(cx, message)),
    }
}

struct Reader {
    classes: Rc<Classes>,
    names: Interner,
}

impl Reader {
    /// A field; absent and None are told apart by `UNBOUND`.
    fn get(&self, cx: &mut Cx, object: Value, field: &str) -> PyResult {
        let name = cx.heap.intern(field);
        Ok(get_attr_opt(cx, object, name)?.unwrap_or(Value::UNBOUND))
    }

    fn required(&self, cx: &mut Cx, object: Value, class: &str, field: &str) -> PyResult {
        let value = self.get(cx, object, field)?;
        if value.is_unbound() {
            return Err(type_error(cx, format_args!("required field \"{field}\" missing from {class}")));
        }
        Ok(value)
    }

    fn list(&self, cx: &mut Cx, object: Value, class: &str, field: &str) -> PyResult<Option<Gc<List>>> {
        let value = self.get(cx, object, field)?;
        if value.is_unbound() {
            return Ok(None);
        }
        match value.downcast::<List>() {
            Some(list) => Ok(Some(list)),
            None => {
                let actual = type_name(cx, value);
                Err(type_error(cx, format_args!("{class} field \"{field}\" must be a list, not a {actual}")))
            }
        }
    }

    fn each<T>(
        &mut self,
        cx: &mut Cx,
        object: Value,
        (class, field): (&str, &str),
        mut read: impl FnMut(&mut Self, &mut Cx, Value) -> PyResult<T>,
    ) -> PyResult<Vec<T>> {
        let Some(list) = self.list(cx, object, class, field)? else { return Ok(Vec::new()) };
        let n = list.len();
        let mut out = Vec::with_capacity(n);
        for i in 0..n {
            let item = list.get(i).unwrap_or(Value::NONE);
            out.push(read(self, cx, item)?);
            if list.len() != n {
                let message = format!("{class} field \"{field}\" changed size during iteration");
                return Err(runtime_error(cx, message));
            }
        }
        Ok(out)
    }

    fn integer(&self, cx: &mut Cx, value: Value) -> PyResult<i32> {
        if !runtime::number::int::is_int(value) {
            let repr = repr_of(cx, value)?;
            return Err(value_error(cx, format_args!("invalid integer value: {repr}")));
        }
        let number = runtime::number::as_i64(cx, value)?;
        match i32::try_from(number) {
            Ok(number) => Ok(number),
            Err(_) => Err(overflow_error(cx, "Python int too large to convert to C int")),
        }
    }

    fn location(&self, cx: &mut Cx, object: Value, sum: &str) -> PyResult<Location> {
        let line = self.required(cx, object, sum, "lineno")?;
        let line = self.integer(cx, line)?;
        let column = self.required(cx, object, sum, "col_offset")?;
        let column = self.integer(cx, column)?;
        let mut end = |field: &str, default: i32| -> PyResult<i32> {
            let value = self.get(cx, object, field)?;
            if value.is_unbound() || value.is_none() { Ok(default) } else { self.integer(cx, value) }
        };
        let (end_line, end_column) = (end("end_lineno", line)?, end("end_col_offset", column)?);
        if line > end_line {
            let message = format!("AST node line range ({line}, {end_line}) is not valid");
            return Err(value_error(cx, message));
        }
        if line == end_line && column > end_column {
            let message = format!("line {line}, column {column}-{end_column} is not a valid range");
            return Err(value_error(cx, message));
        }
        Ok(Location { line, end_line, column, end_column })
    }

    fn name_of(&mut self, cx: &mut Cx, value: Value) -> PyResult<Name> {
        match value.cast::<Str>() {
            Some(text) if ["None", "True", "False"].into_iter().any(|constant| text.eq_str(constant)) => {
                Err(value_error(cx, format_args!("identifier field can't represent '{text}' constant")))
            }
            Some(text) => Ok(self.names.intern(&text.to_string())),
            None => Err(type_error(cx, "AST identifier must be of type str")),
        }
    }

    fn name(&mut self, cx: &mut Cx, object: Value, class: &str, field: &str) -> PyResult<Name> {
        let value = self.required(cx, object, class, field)?;
        if value.is_none() {
            return Err(value_error(cx, format_args!("field '{field}' is required for {class}")));
        }
        self.name_of(cx, value)
    }

    fn opt_name(&mut self, cx: &mut Cx, object: Value, field: &str) -> PyResult<Option<Name>> {
        let value = self.get(cx, object, field)?;
        if value.is_unbound() || value.is_none() { Ok(None) } else { self.name_of(cx, value).map(Some) }
    }

    fn names(&mut self, cx: &mut Cx, object: Value, class: &str, field: &str) -> PyResult<Vec<Name>> {
        self.each(cx, object, (class, field), Self::name_of)
    }

    fn expr_field(&mut self, cx: &mut Cx, object: Value, class: &str, field: &str) -> PyResult<Expr> {
        let value = self.required(cx, object, class, field)?;
        if value.is_none() {
            return Err(value_error(cx, format_args!("field '{field}' is required for {class}")));
        }
        self.expr(cx, value)
    }

    fn boxed(&mut self, cx: &mut Cx, object: Value, class: &str, field: &str) -> PyResult<Box<Expr>> {
        self.expr_field(cx, object, class, field).map(Box::new)
    }

    fn opt_boxed(&mut self, cx: &mut Cx, object: Value, field: &str) -> PyResult<Option<Box<Expr>>> {
        let value = self.get(cx, object, field)?;
        if value.is_unbound() || value.is_none() { Ok(None) } else { Ok(Some(Box::new(self.expr(cx, value)?))) }
    }

    fn exprs(&mut self, cx: &mut Cx, object: Value, class: &str, field: &str) -> PyResult<Vec<Expr>> {
        self.each(cx, object, (class, field), |this, cx, item| {
            if item.is_none() {
                return Err(value_error(cx, "None disallowed in expression list"));
            }
            this.expr(cx, item)
        })
    }

    fn opt_exprs(&mut self, cx: &mut Cx, object: Value, class: &str, field: &str) -> PyResult<Vec<Option<Expr>>> {
        self.each(
            cx,
            object,
            (class, field),
            |this, cx, item| {
                if item.is_none() { Ok(None) } else { this.expr(cx, item).map(Some) }
            },
        )
    }

    fn stmts(&mut self, cx: &mut Cx, object: Value, class: &str, field: &str) -> PyResult<Vec<Stmt>> {
        self.each(cx, object, (class, field), |this, cx, item| {
            if item.is_none() {
                return Err(value_error(cx, "None disallowed in statement list"));
            }
            this.stmt(cx, item)
        })
    }

    /// Statements of which there must be one.
    fn body(&mut self, cx: &mut Cx, object: Value, class: &str) -> PyResult<Vec<Stmt>> {
        let body = self.stmts(cx, object, class, "body")?;
        if body.is_empty() {
            return Err(value_error(cx, format_args!("empty body on {class}")));
        }
        Ok(body)
    }

    fn non_empty<T>(&self, cx: &mut Cx, items: Vec<T>, class: &str, field: &str) -> PyResult<Vec<T>> {
        if items.is_empty() {
            return Err(value_error(cx, format_args!("empty {field} on {class}")));
        }
        Ok(items)
    }

    /// The constructor of `sum` that `object` is.
    fn constructor(&self, cx: &mut Cx, object: Value, sum: &str) -> PyResult<&'static str> {
        if !cx.has_native_stack() {
            return Err(recursion_error(cx, "maximum recursion depth exceeded during ast construction"));
        }
        if let Some(name) = self.classes.constructor_of(cx, object, sum) {
            return Ok(name);
        }
        let repr = repr_of(cx, object)?;
        Err(type_error(cx, format_args!("expected some sort of {sum}, but got {repr}")))
    }

    fn context(&self, cx: &mut Cx, object: Value, class: &str) -> PyResult<ExprContext> {
        let value = self.get(cx, object, "ctx")?;
        if value.is_unbound() {
            return Ok(ExprContext::Load);
        }
        let _ = class;
        Ok(match self.constructor(cx, value, "expr_context")? {
            "Store" => ExprContext::Store,
            "Del" => ExprContext::Del,
            _ => ExprContext::Load,
        })
    }

    fn operator(&self, cx: &mut Cx, object: Value, class: &str) -> PyResult<Operator> {
        let value = self.required(cx, object, class, "op")?;
        Ok(match self.constructor(cx, value, "operator")? {
            "Add" => Operator::Add,
            "Sub" => Operator::Sub,
            "Mult" => Operator::Mult,
            "MatMult" => Operator::MatMult,
            "Div" => Operator::Div,
            "Mod" => Operator::Mod,
            "Pow" => Operator::Pow,
            "LShift" => Operator::LShift,
            "RShift" => Operator::RShift,
            "BitOr" => Operator::BitOr,
            "BitXor" => Operator::BitXor,
            "BitAnd" => Operator::BitAnd,
            _ => Operator::FloorDiv,
        })
    }

    fn stmt(&mut self, cx: &mut Cx, object: Value) -> PyResult<Stmt> {
        let class = self.constructor(cx, object, "stmt")?;
        let loc = self.location(cx, object, "stmt")?;
        let node = match class {
            "FunctionDef" | "AsyncFunctionDef" => StmtKind::FunctionDef(Box::new(FunctionDef {
                name: self.name(cx, object, class, "name")?,
                args: self.arguments_field(cx, object, class)?,
                body: self.body(cx, object, class)?,
                decorators: self.exprs(cx, object, class, "decorator_list")?,
                returns: self.opt_boxed(cx, object, "returns")?,
                type_params: self.each(cx, object, (class, "type_params"), Self::type_param)?,
                is_async: class == "AsyncFunctionDef",
            })),
            "ClassDef" => StmtKind::ClassDef(Box::new(ClassDef {
                name: self.name(cx, object, class, "name")?,
                bases: self.exprs(cx, object, class, "bases")?,
                keywords: self.each(cx, object, (class, "keywords"), Self::keyword)?,
                body: self.body(cx, object, class)?,
                decorators: self.exprs(cx, object, class, "decorator_list")?,
                type_params: self.each(cx, object, (class, "type_params"), Self::type_param)?,
            })),
            "Return" => StmtKind::Return(self.opt_boxed(cx, object, "value")?),
            "Delete" => {
                let targets = self.exprs(cx, object, class, "targets")?;
                StmtKind::Delete(self.non_empty(cx, targets, class, "targets")?)
            }
            "Assign" => {
                let targets = self.exprs(cx, object, class, "targets")?;
                let targets = self.non_empty(cx, targets, class, "targets")?;
                StmtKind::Assign { targets, value: self.boxed(cx, object, class, "value")? }
            }
            "TypeAlias" => StmtKind::TypeAlias {
                name: self.boxed(cx, object, class, "name")?,
                type_params: self.each(cx, object, (class, "type_params"), Self::type_param)?,
                value: self.boxed(cx, object, class, "value")?,
            },
            "AugAssign" => StmtKind::AugAssign {
                target: self.boxed(cx, object, class, "target")?,
                op: self.operator(cx, object, class)?,
                value: self.boxed(cx, object, class, "value")?,
            },
            "AnnAssign" => {
                let simple = self.required(cx, object, class, "simple")?;
                StmtKind::AnnAssign {
                    target: self.boxed(cx, object, class, "target")?,
                    annotation: self.boxed(cx, object, class, "annotation")?,
                    value: self.opt_boxed(cx, object, "value")?,
                    simple: self.integer(cx, simple)? != 0,
                }
            }
            "For" | "AsyncFor" => StmtKind::For(Box::new(For {
                target: self.expr_field(cx, object, class, "target")?,
                iter: self.expr_field(cx, object, class, "iter")?,
                body: self.body(cx, object, class)?,
                orelse: self.stmts(cx, object, class, "orelse")?,
                is_async: class == "AsyncFor",
            })),
            "While" => StmtKind::While {
                test: self.boxed(cx, object, class, "test")?,
                body: self.body(cx, object, class)?,
                orelse: self.stmts(cx, object, class, "orelse")?,
            },
            "If" => StmtKind::If {
                test: self.boxed(cx, object, class, "test")?,
                body: self.body(cx, object, class)?,
                orelse: self.stmts(cx, object, class, "orelse")?,
            },
            "With" | "AsyncWith" => {
                let items = self.each(cx, object, (class, "items"), Self::with_item)?;
                StmtKind::With {
                    items: self.non_empty(cx, items, class, "items")?,
                    body: self.body(cx, object, class)?,
                    is_async: class == "AsyncWith",
                }
            }
            "Match" => {
                let cases = self.each(cx, object, (class, "cases"), Self::match_case)?;
                StmtKind::Match {
                    subject: self.boxed(cx, object, class, "subject")?,
                    cases: self.non_empty(cx, cases, class, "cases")?,
                }
            }
            "Raise" => {
                let exc = self.opt_boxed(cx, object, "exc")?;
                let cause = self.opt_boxed(cx, object, "cause")?;
                if exc.is_none() && cause.is_some() {
                    return Err(value_error(cx, "Raise with cause but no exception"));
                }
                StmtKind::Raise { exc, cause }
            }
            "Try" | "TryStar" => {
                let parts = Try {
                    body: self.body(cx, object, class)?,
                    handlers: self.each(cx, object, (class, "handlers"), Self::handler)?,
                    orelse: self.stmts(cx, object, class, "orelse")?,
                    finalbody: self.stmts(cx, object, class, "finalbody")?,
                    is_star: class == "TryStar",
                };
                if parts.handlers.is_empty() && parts.finalbody.is_empty() {
                    let message = format!("{class} has neither except handlers nor finalbody");
                    return Err(value_error(cx, message));
                }
                if parts.handlers.is_empty() && !parts.orelse.is_empty() {
                    return Err(value_error(cx, format_args!("{class} has orelse but no except handlers")));
                }
                StmtKind::Try(Box::new(parts))
            }
            "Assert" => StmtKind::Assert {
                test: self.boxed(cx, object, class, "test")?,
                msg: self.opt_boxed(cx, object, "msg")?,
            },
            "Import" => {
                let names = self.each(cx, object, (class, "names"), Self::alias)?;
                StmtKind::Import(self.non_empty(cx, names, class, "names")?)
            }
            "ImportFrom" => {
                let level = self.get(cx, object, "level")?;
                let level = if level.is_unbound() || level.is_none() { 0 } else { self.integer(cx, level)? };
                let Ok(level) = u32::try_from(level) else {
                    return Err(value_error(cx, "Negative ImportFrom level"));
                };
                let names = self.each(cx, object, (class, "names"), Self::alias)?;
                StmtKind::ImportFrom {
                    module: self.opt_name(cx, object, "module")?,
                    names: self.non_empty(cx, names, class, "names")?,
                    level,
                }
            }
            "Global" => {
                let names = self.names(cx, object, class, "names")?;
                StmtKind::Global(self.non_empty(cx, names, class, "names")?)
            }
            "Nonlocal" => {
                let names = self.names(cx, object, class, "names")?;
                StmtKind::Nonlocal(self.non_empty(cx, names, class, "names")?)
            }
            "Expr" => StmtKind::Expr(self.boxed(cx, object, class, "value")?),
            "Pass" => StmtKind::Pass,
            "Break" => StmtKind::Break,
            _ => StmtKind::Continue,
        };
        Ok(Stmt { loc, node })
    }

    fn handler(&mut self, cx: &mut Cx, object: Value) -> PyResult<ExceptHandler> {
        let class = self.constructor(cx, object, "excepthandler")?;
        Ok(ExceptHandler {
            loc: self.location(cx, object, "excepthandler")?,
            type_: self.opt_boxed(cx, object, "type")?,
            name: self.opt_name(cx, object, "name")?,
            body: self.body(cx, object, class)?,
        })
    }

    fn with_item(&mut self, cx: &mut Cx, object: Value) -> PyResult<WithItem> {
        Ok(WithItem {
            context_expr: self.expr_field(cx, object, "withitem", "context_expr")?,
            optional_vars: self.opt_boxed(cx, object, "optional_vars")?,
        })
    }

    fn alias(&mut self, cx: &mut Cx, object: Value) -> PyResult<Alias> {
        Ok(Alias {
            loc: self.location(cx, object, "alias")?,
            name: self.name(cx, object, "alias", "name")?,
            asname: self.opt_name(cx, object, "asname")?,
        })
    }

    fn keyword(&mut self, cx: &mut Cx, object: Value) -> PyResult<Keyword> {
        Ok(Keyword {
            loc: self.location(cx, object, "keyword")?,
            arg: self.opt_name(cx, object, "arg")?,
            value: self.expr_field(cx, object, "keyword", "value")?,
        })
    }

    fn arg(&mut self, cx: &mut Cx, object: Value) -> PyResult<Arg> {
        Ok(Arg {
            loc: self.location(cx, object, "arg")?,
            arg: self.name(cx, object, "arg", "arg")?,
            annotation: self.opt_boxed(cx, object, "annotation")?,
        })
    }

    fn opt_arg(&mut self, cx: &mut Cx, object: Value, field: &str) -> PyResult<Option<Box<Arg>>> {
        let value = self.get(cx, object, field)?;
        if value.is_unbound() || value.is_none() { Ok(None) } else { Ok(Some(Box::new(self.arg(cx, value)?))) }
    }

    fn arguments_field(&mut self, cx: &mut Cx, object: Value, class: &str) -> PyResult<Arguments> {
        let object = self.required(cx, object, class, "args")?;
        let class = "arguments";
        let arguments = Arguments {
            posonlyargs: self.each(cx, object, (class, "posonlyargs"), Self::arg)?,
            args: self.each(cx, object, (class, "args"), Self::arg)?,
            vararg: self.opt_arg(cx, object, "vararg")?,
            kwonlyargs: self.each(cx, object, (class, "kwonlyargs"), Self::arg)?,
            kw_defaults: self.opt_exprs(cx, object, class, "kw_defaults")?,
            kwarg: self.opt_arg(cx, object, "kwarg")?,
            defaults: self.exprs(cx, object, class, "defaults")?,
        };
        Ok(arguments)
    }

    fn comprehension(&mut self, cx: &mut Cx, object: Value) -> PyResult<Comprehension> {
        let class = "comprehension";
        let is_async = self.required(cx, object, class, "is_async")?;
        Ok(Comprehension {
            target: self.expr_field(cx, object, class, "target")?,
            iter: self.expr_field(cx, object, class, "iter")?,
            ifs: self.exprs(cx, object, class, "ifs")?,
            is_async: self.integer(cx, is_async)? != 0,
        })
    }

    fn generators(&mut self, cx: &mut Cx, object: Value, class: &str) -> PyResult<Vec<Comprehension>> {
        let generators = self.each(cx, object, (class, "generators"), Self::comprehension)?;
        if generators.is_empty() {
            return Err(value_error(cx, "comprehension with no generators"));
        }
        Ok(generators)
    }

    fn type_param(&mut self, cx: &mut Cx, object: Value) -> PyResult<TypeParam> {
        let class = self.constructor(cx, object, "type_param")?;
        let kind = match class {
            "TypeVar" => TypeParamKind::TypeVar { bound: self.opt_boxed(cx, object, "bound")? },
            "ParamSpec" => TypeParamKind::ParamSpec,
            _ => TypeParamKind::TypeVarTuple,
        };
        Ok(TypeParam {
            loc: self.location(cx, object, "type_param")?,
            name: self.name(cx, object, class, "name")?,
            kind,
            default: self.opt_boxed(cx, object, "default_value")?,
        })
    }

    fn match_case(&mut self, cx: &mut Cx, object: Value) -> PyResult<MatchCase> {
        let pattern = self.required(cx, object, "match_case", "pattern")?;
        Ok(MatchCase {
            pattern: self.pattern(cx, pattern)?,
            guard: self.opt_boxed(cx, object, "guard")?,
            body: self.body(cx, object, "match_case")?,
        })
    }

    fn patterns(&mut self, cx: &mut Cx, object: Value, class: &str, field: &str) -> PyResult<Vec<Pattern>> {
        self.each(cx, object, (class, field), Self::pattern)
    }

    fn pattern(&mut self, cx: &mut Cx, object: Value) -> PyResult<Pattern> {
        let class = self.constructor(cx, object, "pattern")?;
        let loc = self.location(cx, object, "pattern")?;
        let node = match class {
            "MatchValue" => PatternKind::Value(self.boxed(cx, object, class, "value")?),
            "MatchSingleton" => {
                let value = self.required(cx, object, class, "value")?;
                if !value.is_none() && !value.is_bool() {
                    return Err(value_error(cx, "MatchSingleton can only contain True, False and None"));
                }
                PatternKind::Singleton(constant(cx, value)?)
            }
            "MatchSequence" => PatternKind::Sequence(self.patterns(cx, object, class, "patterns")?),
            "MatchMapping" => {
                let keys = self.exprs(cx, object, class, "keys")?;
                let patterns = self.patterns(cx, object, class, "patterns")?;
                if keys.len() != patterns.len() {
                    let message = "MatchMapping doesn't have the same number of keys as patterns";
                    return Err(value_error(cx, message));
                }
                PatternKind::Mapping { keys, patterns, rest: self.opt_name(cx, object, "rest")? }
            }
            "MatchClass" => {
                let kwd_attrs = self.names(cx, object, class, "kwd_attrs")?;
                let kwd_patterns = self.patterns(cx, object, class, "kwd_patterns")?;
                if kwd_attrs.len() != kwd_patterns.len() {
                    let message = "MatchClass doesn't have the same number of keyword attributes as patterns";
                    return Err(value_error(cx, message));
                }
                PatternKind::Class {
                    cls: self.boxed(cx, object, class, "cls")?,
                    patterns: self.patterns(cx, object, class, "patterns")?,
                    kwd_attrs,
                    kwd_patterns,
                }
            }
            "MatchStar" => PatternKind::Star(self.opt_name(cx, object, "name")?),
            "MatchAs" => {
                let pattern = self.get(cx, object, "pattern")?;
                let pattern = if pattern.is_unbound() || pattern.is_none() {
                    None
                } else {
                    Some(Box::new(self.pattern(cx, pattern)?))
                };
                let name = self.opt_name(cx, object, "name")?;
                if pattern.is_some() && name.is_none() {
                    let message = "MatchAs must specify a target name if a pattern is given";
                    return Err(value_error(cx, message));
                }
                PatternKind::As { pattern, name }
            }
            _ => {
                let patterns = self.patterns(cx, object, class, "patterns")?;
                if patterns.len() < 2 {
                    return Err(value_error(cx, "MatchOr requires at least 2 patterns"));
                }
                PatternKind::Or(patterns)
            }
        };
        Ok(Pattern { loc, node })
    }

    fn conversion(&mut self, cx: &mut Cx, object: Value, class: &str) -> PyResult<Conversion> {
        let value = self.required(cx, object, class, "conversion")?;
        match self.integer(cx, value)? {
            115 => Ok(Conversion::Str),
            114 => Ok(Conversion::Repr),
            97 => Ok(Conversion::Ascii),
            -1 => Ok(Conversion::None),
            other => Err(system_error(cx, format_args!("Unrecognized conversion character {other}"))),
        }
    }

    fn expr(&mut self, cx: &mut Cx, object: Value) -> PyResult<Expr> {
        let class = self.constructor(cx, object, "expr")?;
        let loc = self.location(cx, object, "expr")?;
        let node = match class {
            "BoolOp" => {
                let op = self.required(cx, object, class, "op")?;
                let op = if self.constructor(cx, op, "boolop")? == "And" { BoolOp::And } else { BoolOp::Or };
                let values = self.exprs(cx, object, class, "values")?;
                if values.len() < 2 {
                    return Err(value_error(cx, "BoolOp with less than 2 values"));
                }
                ExprKind::BoolOp { op, values }
            }
            "NamedExpr" => ExprKind::NamedExpr {
                target: self.boxed(cx, object, class, "target")?,
                value: self.boxed(cx, object, class, "value")?,
            },
            "BinOp" => ExprKind::BinOp {
                left: self.boxed(cx, object, class, "left")?,
                op: self.operator(cx, object, class)?,
                right: self.boxed(cx, object, class, "right")?,
            },
            "UnaryOp" => {
                let op = self.required(cx, object, class, "op")?;
                let op = match self.constructor(cx, op, "unaryop")? {
                    "Invert" => UnaryOp::Invert,
                    "Not" => UnaryOp::Not,
                    "UAdd" => UnaryOp::UAdd,
                    _ => UnaryOp::USub,
                };
                ExprKind::UnaryOp { op, operand: self.boxed(cx, object, class, "operand")? }
            }
            "Lambda" => ExprKind::Lambda {
                args: Box::new(self.arguments_field(cx, object, class)?),
                body: self.boxed(cx, object, class, "body")?,
            },
            "IfExp" => ExprKind::IfExp {
                test: self.boxed(cx, object, class, "test")?,
                body: self.boxed(cx, object, class, "body")?,
                orelse: self.boxed(cx, object, class, "orelse")?,
            },
            "Dict" => {
                let keys = self.opt_exprs(cx, object, class, "keys")?;
                let values = self.exprs(cx, object, class, "values")?;
                if keys.len() != values.len() {
                    return Err(value_error(cx, "Dict doesn't have the same number of keys as values"));
                }
                ExprKind::Dict { keys, values }
            }
            "Set" => {
                let elts = self.exprs(cx, object, class, "elts")?;
                ExprKind::Set(self.non_empty(cx, elts, class, "elts")?)
            }
            "ListComp" => ExprKind::ListComp {
                elt: self.boxed(cx, object, class, "elt")?,
                generators: self.generators(cx, object, class)?,
            },
            "SetComp" => ExprKind::SetComp {
                elt: self.boxed(cx, object, class, "elt")?,
                generators: self.generators(cx, object, class)?,
            },
            "GeneratorExp" => ExprKind::GeneratorExp {
                elt: self.boxed(cx, object, class, "elt")?,
                generators: self.generators(cx, object, class)?,
            },
            "DictComp" => ExprKind::DictComp {
                key: self.boxed(cx, object, class, "key")?,
                value: self.boxed(cx, object, class, "value")?,
                generators: self.generators(cx, object, class)?,
            },
            "Await" => ExprKind::Await(self.boxed(cx, object, class, "value")?),
            "Yield" => ExprKind::Yield(self.opt_boxed(cx, object, "value")?),
            "YieldFrom" => ExprKind::YieldFrom(self.boxed(cx, object, class, "value")?),
            "Compare" => {
                let left = self.boxed(cx, object, class, "left")?;
                let ops = self.each(cx, object, (class, "ops"), |this, cx, op| this.compare_op(cx, op))?;
                let comparators = self.exprs(cx, object, class, "comparators")?;
                if comparators.is_empty() {
                    return Err(value_error(cx, "Compare with no comparators"));
                }
                if comparators.len() != ops.len() {
                    let message = "Compare has a different number of comparators and operands";
                    return Err(value_error(cx, message));
                }
                ExprKind::Compare { left, ops, comparators }
            }
            "Call" => ExprKind::Call {
                func: self.boxed(cx, object, class, "func")?,
                args: self.exprs(cx, object, class, "args")?,
                keywords: self.each(cx, object, (class, "keywords"), Self::keyword)?,
            },
            "FormattedValue" => ExprKind::FormattedValue {
                value: self.boxed(cx, object, class, "value")?,
                conversion: self.conversion(cx, object, class)?,
                format_spec: self.opt_boxed(cx, object, "format_spec")?,
            },
            "Interpolation" => {
                let text = self.required(cx, object, class, "str")?;
                ExprKind::Interpolation {
                    value: self.boxed(cx, object, class, "value")?,
                    text: constant(cx, text)?,
                    conversion: self.conversion(cx, object, class)?,
                    format_spec: self.opt_boxed(cx, object, "format_spec")?,
                }
            }
            "JoinedStr" => ExprKind::JoinedStr(self.exprs(cx, object, class, "values")?),
            "TemplateStr" => ExprKind::TemplateStr(self.exprs(cx, object, class, "values")?),
            "Constant" => {
                let value = self.required(cx, object, class, "value")?;
                let kind = self.get(cx, object, "kind")?;
                let is_u = kind.downcast::<Str>().is_some_and(|k| k.eq_str("u"));
                ExprKind::Constant { value: constant(cx, value)?, is_u }
            }
            "Attribute" => ExprKind::Attribute {
                value: self.boxed(cx, object, class, "value")?,
                attr: self.name(cx, object, class, "attr")?,
                ctx: self.context(cx, object, class)?,
            },
            "Subscript" => ExprKind::Subscript {
                value: self.boxed(cx, object, class, "value")?,
                slice: self.boxed(cx, object, class, "slice")?,
                ctx: self.context(cx, object, class)?,
            },
            "Starred" => ExprKind::Starred {
                value: self.boxed(cx, object, class, "value")?,
                ctx: self.context(cx, object, class)?,
            },
            "Name" => {
                let id = self.name(cx, object, class, "id")?;
                let text = self.names.text(id);
                if matches!(text, "None" | "True" | "False") {
                    let message = format!("identifier field can't represent '{text}' constant");
                    return Err(value_error(cx, message));
                }
                ExprKind::Name { id, ctx: self.context(cx, object, class)? }
            }
            "List" => {
                ExprKind::List { elts: self.exprs(cx, object, class, "elts")?, ctx: self.context(cx, object, class)? }
            }
            "Tuple" => {
                ExprKind::Tuple { elts: self.exprs(cx, object, class, "elts")?, ctx: self.context(cx, object, class)? }
            }
            _ => ExprKind::Slice {
                lower: self.opt_boxed(cx, object, "lower")?,
                upper: self.opt_boxed(cx, object, "upper")?,
                step: self.opt_boxed(cx, object, "step")?,
            },
        };
        Ok(Expr { loc, node })
    }

    fn compare_op(&self, cx: &mut Cx, op: Value) -> PyResult<CmpOp> {
        Ok(match self.constructor(cx, op, "cmpop")? {
            "Eq" => CmpOp::Eq,
            "NotEq" => CmpOp::NotEq,
            "Lt" => CmpOp::Lt,
            "LtE" => CmpOp::LtE,
            "Gt" => CmpOp::Gt,
            "GtE" => CmpOp::GtE,
            "Is" => CmpOp::Is,
            "IsNot" => CmpOp::IsNot,
            "In" => CmpOp::In,
            _ => CmpOp::NotIn,
        })
    }
}

/// A constant's value.
fn constant(cx: &mut Cx, value: Value) -> PyResult<Constant> {
    if !cx.has_native_stack() {
        return Err(recursion_error(cx, "maximum recursion depth exceeded during compilation"));
    }
    if let Some(plain) = crate::marshal::plain_constant(value) {
        return Ok(plain);
    }
    let class = cx.class_of(value);
    if let Some(tuple) = value.cast::<Tuple>().filter(|_| !class.is_heap_type()) {
        let items = tuple.iter().map(|item| constant(cx, item)).collect::<PyResult<_>>()?;
        Ok(Constant::Tuple(items))
    } else if value.is_a::<Set>() && class == cx.types().frozenset {
        let items = to_tuple(cx, value)?;
        let items = items.iter().map(|item| constant(cx, item)).collect::<PyResult<_>>()?;
        Ok(Constant::FrozenSet(items))
    } else {
        let class = type_name(cx, value);
        Err(type_error(cx, format_args!("got an invalid type in Constant: {class}")))
    }
}
