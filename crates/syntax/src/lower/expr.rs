//! Expressions.

use bytecode::Constant;
use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Lowered, Lowerer};
use crate::ast::*;

impl Lowerer<'_> {
    pub(super) fn exprs(&mut self, expressions: &[ruff::Expr]) -> Lowered<Vec<Expr>> {
        expressions.iter().map(|expression| self.expr(expression)).collect()
    }

    pub(super) fn boxed(&mut self, expression: &ruff::Expr) -> Lowered<Box<Expr>> {
        self.expr(expression).map(Box::new)
    }

    pub(super) fn opt_expr(&mut self, expression: Option<&ruff::Expr>) -> Lowered<Option<Box<Expr>>> {
        expression.map(|expression| self.boxed(expression)).transpose()
    }

    pub(super) fn expr(&mut self, expression: &ruff::Expr) -> Lowered<Expr> {
        match expression {
            ruff::Expr::Name(e) => {
                let id = self.names.intern(e.id.as_str());
                Ok(Expr { loc: self.loc(e.range), node: ExprKind::Name { id, ctx: context(e.ctx) } })
            }
            _ => self.deeper(expression.range(), |this| this.compound_expr(expression)),
        }
    }

    fn compound_expr(&mut self, expression: &ruff::Expr) -> Lowered<Expr> {
        let loc = self.loc(expression.range());
        let node = match expression {
            ruff::Expr::BoolOp(e) => ExprKind::BoolOp {
                op: match e.op {
                    ruff::BoolOp::And => BoolOp::And,
                    ruff::BoolOp::Or => BoolOp::Or,
                },
                values: self.exprs(&e.values)?,
            },
            ruff::Expr::Named(e) => {
                ExprKind::NamedExpr { target: self.boxed(&e.target)?, value: self.boxed(&e.value)? }
            }
            ruff::Expr::BinOp(e) => {
                ExprKind::BinOp { left: self.boxed(&e.left)?, op: operator(e.op), right: self.boxed(&e.right)? }
            }
            ruff::Expr::UnaryOp(e) => ExprKind::UnaryOp {
                op: match e.op {
                    ruff::UnaryOp::Invert => UnaryOp::Invert,
                    ruff::UnaryOp::Not => UnaryOp::Not,
                    ruff::UnaryOp::UAdd => UnaryOp::UAdd,
                    ruff::UnaryOp::USub => UnaryOp::USub,
                },
                operand: self.boxed(&e.operand)?,
            },
            ruff::Expr::Lambda(e) => ExprKind::Lambda {
                args: Box::new(match &e.parameters {
                    Some(parameters) => self.arguments(parameters)?,
                    None => Arguments::default(),
                }),
                body: self.boxed(&e.body)?,
            },
            ruff::Expr::If(e) => ExprKind::IfExp {
                test: self.boxed(&e.test)?,
                body: self.boxed(&e.body)?,
                orelse: self.boxed(&e.orelse)?,
            },
            ruff::Expr::Dict(e) => {
                let mut keys = Vec::with_capacity(e.items.len());
                let mut values = Vec::with_capacity(e.items.len());
                for item in &e.items {
                    keys.push(item.key.as_ref().map(|key| self.expr(key)).transpose()?);
                    values.push(self.expr(&item.value)?);
                }
                ExprKind::Dict { keys, values }
            }
            ruff::Expr::Set(e) => ExprKind::Set(self.exprs(&e.elts)?),
            ruff::Expr::ListComp(e) => {
                ExprKind::ListComp { elt: self.boxed(&e.elt)?, generators: self.comprehensions(&e.generators)? }
            }
            ruff::Expr::SetComp(e) => {
                ExprKind::SetComp { elt: self.boxed(&e.elt)?, generators: self.comprehensions(&e.generators)? }
            }
            ruff::Expr::DictComp(e) => ExprKind::DictComp {
                key: self.boxed(e.key.as_deref().unwrap_or(&e.value))?,
                value: self.boxed(&e.value)?,
                generators: self.comprehensions(&e.generators)?,
            },
            ruff::Expr::Generator(e) => {
                ExprKind::GeneratorExp { elt: self.boxed(&e.elt)?, generators: self.comprehensions(&e.generators)? }
            }
            ruff::Expr::Await(e) => ExprKind::Await(self.boxed(&e.value)?),
            ruff::Expr::Yield(e) => ExprKind::Yield(self.opt_expr(e.value.as_deref())?),
            ruff::Expr::YieldFrom(e) => ExprKind::YieldFrom(self.boxed(&e.value)?),
            ruff::Expr::Compare(e) => ExprKind::Compare {
                left: self.boxed(&e.left)?,
                ops: e.ops.iter().map(|&op| comparison(op)).collect(),
                comparators: self.exprs(&e.comparators)?,
            },
            ruff::Expr::Call(e) => self.call(e)?,
            ruff::Expr::FString(e) => return self.f_string(e),
            ruff::Expr::TString(e) => return self.t_string(e),
            ruff::Expr::StringLiteral(e) => self.string_literal(e)?,
            ruff::Expr::BytesLiteral(e) => self.bytes_literal(e)?,
            ruff::Expr::NumberLiteral(e) => ExprKind::Constant { value: self.number(&e.value, e.range)?, is_u: false },
            ruff::Expr::BooleanLiteral(e) => constant(Constant::Bool(e.value)),
            ruff::Expr::NoneLiteral(_) | ruff::Expr::IpyEscapeCommand(_) => constant(Constant::None),
            ruff::Expr::EllipsisLiteral(_) => constant(Constant::Ellipsis),
            ruff::Expr::Attribute(e) => {
                ExprKind::Attribute { value: self.boxed(&e.value)?, attr: self.name(&e.attr), ctx: context(e.ctx) }
            }
            ruff::Expr::Subscript(e) => {
                ExprKind::Subscript { value: self.boxed(&e.value)?, slice: self.boxed(&e.slice)?, ctx: context(e.ctx) }
            }
            ruff::Expr::Starred(e) => ExprKind::Starred { value: self.boxed(&e.value)?, ctx: context(e.ctx) },
            ruff::Expr::Name(e) => ExprKind::Name { id: self.names.intern(e.id.as_str()), ctx: context(e.ctx) },
            ruff::Expr::List(e) => ExprKind::List { elts: self.exprs(&e.elts)?, ctx: context(e.ctx) },
            ruff::Expr::Tuple(e) => ExprKind::Tuple { elts: self.exprs(&e.elts)?, ctx: context(e.ctx) },
            ruff::Expr::Slice(e) => ExprKind::Slice {
                lower: self.opt_expr(e.lower.as_deref())?,
                upper: self.opt_expr(e.upper.as_deref())?,
                step: self.opt_expr(e.step.as_deref())?,
            },
        };
        Ok(Expr { loc, node })
    }

    fn call(&mut self, call: &ruff::ExprCall) -> Lowered<ExprKind> {
        let func = self.boxed(&call.func)?;
        let arguments = &call.arguments;
        let mut args = self.exprs(&arguments.args)?;
        // The brackets of `f(x for x in y)` belong to the generator.
        if let ([ruff::Expr::Generator(generator)], [arg]) = (&*arguments.args, &mut args[..])
            && !generator.parenthesized
        {
            arg.loc = self.loc(arguments.range);
        }
        Ok(ExprKind::Call { func, args, keywords: self.keywords(&arguments.keywords)? })
    }

    pub(super) fn keywords(&mut self, keywords: &[ruff::Keyword]) -> Lowered<Vec<Keyword>> {
        keywords
            .iter()
            .map(|keyword| {
                Ok(Keyword {
                    loc: self.loc(keyword.range),
                    arg: keyword.arg.as_ref().map(|arg| self.name(arg)),
                    value: self.expr(&keyword.value)?,
                })
            })
            .collect()
    }

    fn comprehensions(&mut self, generators: &[ruff::Comprehension]) -> Lowered<Vec<Comprehension>> {
        generators
            .iter()
            .map(|generator| {
                Ok(Comprehension {
                    target: self.expr(&generator.target)?,
                    iter: self.expr(&generator.iter)?,
                    ifs: self.exprs(&generator.ifs)?,
                    is_async: generator.is_async,
                })
            })
            .collect()
    }
}

pub(super) fn constant(value: Constant) -> ExprKind {
    ExprKind::Constant { value, is_u: false }
}

fn context(ctx: ruff::ExprContext) -> ExprContext {
    match ctx {
        ruff::ExprContext::Load | ruff::ExprContext::Invalid => ExprContext::Load,
        ruff::ExprContext::Store => ExprContext::Store,
        ruff::ExprContext::Del => ExprContext::Del,
    }
}

pub(super) fn operator(op: ruff::Operator) -> Operator {
    match op {
        ruff::Operator::Add => Operator::Add,
        ruff::Operator::Sub => Operator::Sub,
        ruff::Operator::Mult => Operator::Mult,
        ruff::Operator::MatMult => Operator::MatMult,
        ruff::Operator::Div => Operator::Div,
        ruff::Operator::Mod => Operator::Mod,
        ruff::Operator::Pow => Operator::Pow,
        ruff::Operator::LShift => Operator::LShift,
        ruff::Operator::RShift => Operator::RShift,
        ruff::Operator::BitOr => Operator::BitOr,
        ruff::Operator::BitXor => Operator::BitXor,
        ruff::Operator::BitAnd => Operator::BitAnd,
        ruff::Operator::FloorDiv => Operator::FloorDiv,
    }
}

fn comparison(op: ruff::CmpOp) -> CmpOp {
    match op {
        ruff::CmpOp::Eq => CmpOp::Eq,
        ruff::CmpOp::NotEq => CmpOp::NotEq,
        ruff::CmpOp::Lt => CmpOp::Lt,
        ruff::CmpOp::LtE => CmpOp::LtE,
        ruff::CmpOp::Gt => CmpOp::Gt,
        ruff::CmpOp::GtE => CmpOp::GtE,
        ruff::CmpOp::Is => CmpOp::Is,
        ruff::CmpOp::IsNot => CmpOp::IsNot,
        ruff::CmpOp::In => CmpOp::In,
        ruff::CmpOp::NotIn => CmpOp::NotIn,
    }
}
