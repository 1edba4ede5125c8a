//! Statements.

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Lowered, Lowerer};
use crate::ast::*;

impl Lowerer<'_> {
    pub(super) fn body(&mut self, statements: &[ruff::Stmt]) -> Lowered<Vec<Stmt>> {
        statements.iter().map(|statement| self.stmt(statement)).collect()
    }

    fn stmt(&mut self, statement: &ruff::Stmt) -> Lowered<Stmt> {
        self.deeper(statement.range(), |this| {
            let range = this.statement_range(statement);
            let mut loc = this.loc(range);
            let node = match statement {
                ruff::Stmt::FunctionDef(def) => {
                    loc = this.after_decorators(range, &def.decorator_list);
                    this.function_def(def)?
                }
                ruff::Stmt::ClassDef(def) => {
                    loc = this.after_decorators(range, &def.decorator_list);
                    this.class_def(def)?
                }
                ruff::Stmt::Return(s) => StmtKind::Return(this.opt_expr(s.value.as_deref())?),
                ruff::Stmt::Delete(s) => StmtKind::Delete(this.exprs(&s.targets)?),
                ruff::Stmt::TypeAlias(s) => StmtKind::TypeAlias {
                    name: this.boxed(&s.name)?,
                    type_params: this.type_params(s.type_params.as_deref())?,
                    value: this.boxed(&s.value)?,
                },
                ruff::Stmt::Assign(s) => {
                    StmtKind::Assign { targets: this.exprs(&s.targets)?, value: this.boxed(&s.value)? }
                }
                ruff::Stmt::AugAssign(s) => StmtKind::AugAssign {
                    target: this.boxed(&s.target)?,
                    op: super::expr::operator(s.op),
                    value: this.boxed(&s.value)?,
                },
                ruff::Stmt::AnnAssign(s) => StmtKind::AnnAssign {
                    target: this.boxed(&s.target)?,
                    annotation: this.boxed(&s.annotation)?,
                    value: this.opt_expr(s.value.as_deref())?,
                    simple: s.simple,
                },
                ruff::Stmt::For(s) => StmtKind::For(Box::new(For {
                    target: this.expr(&s.target)?,
                    iter: this.expr(&s.iter)?,
                    body: this.body(&s.body)?,
                    orelse: this.body(&s.orelse)?,
                    is_async: s.is_async,
                })),
                ruff::Stmt::While(s) => StmtKind::While {
                    test: this.boxed(&s.test)?,
                    body: this.body(&s.body)?,
                    orelse: this.body(&s.orelse)?,
                },
                ruff::Stmt::If(s) => this.if_stmt(s, range.end())?,
                ruff::Stmt::With(s) => StmtKind::With {
                    items: s.items.iter().map(|item| this.with_item(item)).collect::<Lowered<_>>()?,
                    body: this.body(&s.body)?,
                    is_async: s.is_async,
                },
                ruff::Stmt::Match(s) => StmtKind::Match {
                    subject: this.boxed(&s.subject)?,
                    cases: s.cases.iter().map(|case| this.match_case(case)).collect::<Lowered<_>>()?,
                },
                ruff::Stmt::Raise(s) => {
                    StmtKind::Raise { exc: this.opt_expr(s.exc.as_deref())?, cause: this.opt_expr(s.cause.as_deref())? }
                }
                ruff::Stmt::Try(s) => StmtKind::Try(Box::new(Try {
                    body: this.body(&s.body)?,
                    handlers: s.handlers.iter().map(|h| this.except_handler(h)).collect::<Lowered<_>>()?,
                    orelse: this.body(&s.orelse)?,
                    finalbody: this.body(&s.finalbody)?,
                    is_star: s.is_star,
                })),
                ruff::Stmt::Assert(s) => {
                    StmtKind::Assert { test: this.boxed(&s.test)?, msg: this.opt_expr(s.msg.as_deref())? }
                }
                ruff::Stmt::Import(s) => StmtKind::Import(this.aliases(&s.names)),
                ruff::Stmt::ImportFrom(s) => StmtKind::ImportFrom {
                    module: s.module.as_ref().map(|module| this.name(module)),
                    names: this.aliases(&s.names),
                    level: s.level,
                },
                ruff::Stmt::Global(s) => StmtKind::Global(s.names.iter().map(|name| this.name(name)).collect()),
                ruff::Stmt::Nonlocal(s) => StmtKind::Nonlocal(s.names.iter().map(|name| this.name(name)).collect()),
                ruff::Stmt::Expr(s) => StmtKind::Expr(this.boxed(&s.value)?),
                ruff::Stmt::Pass(_) | ruff::Stmt::IpyEscapeCommand(_) => StmtKind::Pass,
                ruff::Stmt::Break(_) => StmtKind::Break,
                ruff::Stmt::Continue(_) => StmtKind::Continue,
            };
            Ok(Stmt { loc, node })
        })
    }

    /// A semicolon after the last statement of a body belongs to the statement that has the body.
    fn statement_range(&self, statement: &ruff::Stmt) -> TextRange {
        match statement {
            ruff::Stmt::FunctionDef(_)
            | ruff::Stmt::ClassDef(_)
            | ruff::Stmt::For(_)
            | ruff::Stmt::While(_)
            | ruff::Stmt::If(_)
            | ruff::Stmt::With(_)
            | ruff::Stmt::Match(_)
            | ruff::Stmt::Try(_) => self.with_semicolon(statement.range()),
            _ => statement.range(),
        }
    }

    fn with_semicolon(&self, range: TextRange) -> TextRange {
        let rest = &self.source[usize::from(range.end())..];
        let trimmed = rest.trim_start_matches([' ', '\t', '\x0C']);
        match trimmed.strip_prefix(';') {
            Some(after) => {
                TextRange::new(range.start(), range.end() + TextSize::from((rest.len() - after.len()) as u32))
            }
            None => range,
        }
    }

    /// The position of a definition: from `def` or `class`, while the parser's begins at the first decorator.
    fn after_decorators(&self, range: TextRange, decorators: &[ruff::Decorator]) -> Location {
        let Some(last) = decorators.last() else { return self.loc(range) };
        let mut rest = &self.source[usize::from(last.range().end())..usize::from(range.end())];
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\n', '\x0C', '\\', ')']);
            match rest.strip_prefix('#') {
                Some(comment) => rest = comment.trim_start_matches(|c| c != '\n'),
                None => break,
            }
        }
        let start = TextSize::from(u32::from(range.end()) - rest.len() as u32);
        self.loc(TextRange::new(start, range.end()))
    }

    fn function_def(&mut self, def: &ruff::StmtFunctionDef) -> Lowered<StmtKind> {
        Ok(StmtKind::FunctionDef(Box::new(FunctionDef {
            decorators: self.decorators(&def.decorator_list)?,
            name: self.name(&def.name),
            type_params: self.type_params(def.type_params.as_deref())?,
            args: self.arguments(&def.parameters)?,
            returns: self.opt_expr(def.returns.as_deref())?,
            body: self.body(&def.body)?,
            is_async: def.is_async,
        })))
    }

    fn class_def(&mut self, def: &ruff::StmtClassDef) -> Lowered<StmtKind> {
        let decorators = self.decorators(&def.decorator_list)?;
        let name = self.name(&def.name);
        let type_params = self.type_params(def.type_params.as_deref())?;
        let (bases, keywords) = match def.arguments.as_deref() {
            Some(arguments) => (self.exprs(&arguments.args)?, self.keywords(&arguments.keywords)?),
            None => (Vec::new(), Vec::new()),
        };
        let body = self.body(&def.body)?;
        Ok(StmtKind::ClassDef(Box::new(ClassDef { name, bases, keywords, body, decorators, type_params })))
    }

    fn decorators(&mut self, decorators: &[ruff::Decorator]) -> Lowered<Vec<Expr>> {
        decorators.iter().map(|decorator| self.expr(&decorator.expression)).collect()
    }

    /// `elif` is an `if` in the `else`, ending where the whole statement ends.
    fn if_stmt(&mut self, statement: &ruff::StmtIf, end: TextSize) -> Lowered<StmtKind> {
        let test = self.boxed(&statement.test)?;
        let body = self.body(&statement.body)?;
        let mut orelse = Vec::new();
        for clause in statement.elif_else_clauses.iter().rev() {
            let clause_body = self.body(&clause.body)?;
            orelse = match &clause.test {
                None => clause_body,
                Some(clause_test) => {
                    let loc = self.loc(TextRange::new(clause.range.start(), end));
                    let test = self.boxed(clause_test)?;
                    vec![Stmt { loc, node: StmtKind::If { test, body: clause_body, orelse } }]
                }
            };
        }
        Ok(StmtKind::If { test, body, orelse })
    }

    fn with_item(&mut self, item: &ruff::WithItem) -> Lowered<WithItem> {
        Ok(WithItem {
            context_expr: self.expr(&item.context_expr)?,
            optional_vars: self.opt_expr(item.optional_vars.as_deref())?,
        })
    }

    fn match_case(&mut self, case: &ruff::MatchCase) -> Lowered<MatchCase> {
        Ok(MatchCase {
            pattern: self.pattern(&case.pattern)?,
            guard: self.opt_expr(case.guard.as_deref())?,
            body: self.body(&case.body)?,
        })
    }

    fn except_handler(&mut self, handler: &ruff::ExceptHandler) -> Lowered<ExceptHandler> {
        let ruff::ExceptHandler::ExceptHandler(handler) = handler;
        Ok(ExceptHandler {
            loc: self.loc(self.with_semicolon(handler.range)),
            type_: self.opt_expr(handler.type_.as_deref())?,
            name: handler.name.as_ref().map(|name| self.name(name)),
            body: self.body(&handler.body)?,
        })
    }

    fn aliases(&mut self, aliases: &[ruff::Alias]) -> Vec<Alias> {
        aliases
            .iter()
            .map(|alias| Alias {
                loc: self.loc_of(alias),
                name: self.name(&alias.name),
                asname: alias.asname.as_ref().map(|name| self.name(name)),
            })
            .collect()
    }

    fn type_params(&mut self, params: Option<&ruff::TypeParams>) -> Lowered<Vec<TypeParam>> {
        let Some(params) = params else { return Ok(Vec::new()) };
        params.type_params.iter().map(|param| self.type_param(param)).collect()
    }

    fn type_param(&mut self, param: &ruff::TypeParam) -> Lowered<TypeParam> {
        let loc = self.loc(param.range());
        Ok(match param {
            ruff::TypeParam::TypeVar(p) => TypeParam {
                loc,
                name: self.name(&p.name),
                kind: TypeParamKind::TypeVar { bound: self.opt_expr(p.bound.as_deref())? },
                default: self.opt_expr(p.default.as_deref())?,
            },
            ruff::TypeParam::TypeVarTuple(p) => TypeParam {
                loc,
                name: self.name(&p.name),
                kind: TypeParamKind::TypeVarTuple,
                default: self.opt_expr(p.default.as_deref())?,
            },
            ruff::TypeParam::ParamSpec(p) => TypeParam {
                loc,
                name: self.name(&p.name),
                kind: TypeParamKind::ParamSpec,
                default: self.opt_expr(p.default.as_deref())?,
            },
        })
    }

    pub(super) fn arguments(&mut self, parameters: &ruff::Parameters) -> Lowered<Arguments> {
        let mut arguments = Arguments::default();
        for parameter in &parameters.posonlyargs {
            arguments.posonlyargs.push(self.arg(&parameter.parameter)?);
        }
        for parameter in &parameters.args {
            arguments.args.push(self.arg(&parameter.parameter)?);
        }
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            if let Some(default) = &parameter.default {
                arguments.defaults.push(self.expr(default)?);
            }
        }
        for parameter in &parameters.kwonlyargs {
            arguments.kwonlyargs.push(self.arg(&parameter.parameter)?);
            arguments.kw_defaults.push(parameter.default.as_deref().map(|default| self.expr(default)).transpose()?);
        }
        if let Some(parameter) = &parameters.vararg {
            let loc_start = parameter.name.range.start();
            let mut arg = self.arg(parameter)?;
            arg.loc = self.loc(TextRange::new(loc_start, parameter.range.end()));
            arguments.vararg = Some(Box::new(arg));
        }
        if let Some(parameter) = &parameters.kwarg {
            let loc_start = parameter.name.range.start();
            let mut arg = self.arg(parameter)?;
            arg.loc = self.loc(TextRange::new(loc_start, parameter.range.end()));
            arguments.kwarg = Some(Box::new(arg));
        }
        Ok(arguments)
    }

    fn arg(&mut self, parameter: &ruff::Parameter) -> Lowered<Arg> {
        Ok(Arg {
            loc: self.loc(parameter.range),
            arg: self.name(&parameter.name),
            annotation: self.opt_expr(parameter.annotation.as_deref())?,
        })
    }
}
