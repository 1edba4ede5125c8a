//! Patterns of `case`.

use bytecode::Constant;
use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Lowered, Lowerer};
use crate::SyntaxError;
use crate::ast::{Pattern, PatternKind};

impl Lowerer<'_> {
    pub(super) fn pattern(&mut self, pattern: &ruff::Pattern) -> Lowered<Pattern> {
        self.deeper(pattern.range(), |this| {
            let loc = this.loc(pattern.range());
            let node = match pattern {
                ruff::Pattern::MatchValue(p) if is_value(&p.value) => PatternKind::Value(this.boxed(&p.value)?),
                ruff::Pattern::MatchValue(_) => {
                    let message = "patterns may only match literals and attribute lookups";
                    return Err(Box::new(SyntaxError::at(loc, message)));
                }
                ruff::Pattern::MatchSingleton(p) => PatternKind::Singleton(match p.value {
                    ruff::Singleton::None => Constant::None,
                    ruff::Singleton::True => Constant::Bool(true),
                    ruff::Singleton::False => Constant::Bool(false),
                }),
                ruff::Pattern::MatchSequence(p) => PatternKind::Sequence(this.patterns(&p.patterns)?),
                ruff::Pattern::MatchMapping(p) => PatternKind::Mapping {
                    keys: this.exprs(&p.keys)?,
                    patterns: this.patterns(&p.patterns)?,
                    rest: p.rest.as_ref().map(|name| this.name(name)),
                },
                ruff::Pattern::MatchClass(p) => {
                    let cls = this.boxed(&p.cls)?;
                    let patterns = this.patterns(&p.arguments.patterns)?;
                    let mut kwd_attrs = Vec::new();
                    let mut kwd_patterns = Vec::new();
                    for keyword in &p.arguments.keywords {
                        kwd_attrs.push(this.name(&keyword.attr));
                        kwd_patterns.push(this.pattern(&keyword.pattern)?);
                    }
                    PatternKind::Class { cls, patterns, kwd_attrs, kwd_patterns }
                }
                ruff::Pattern::MatchStar(p) => PatternKind::Star(p.name.as_ref().map(|name| this.name(name))),
                ruff::Pattern::MatchAs(p) => PatternKind::As {
                    pattern: p.pattern.as_deref().map(|p| this.pattern(p).map(Box::new)).transpose()?,
                    name: p.name.as_ref().map(|name| this.name(name)),
                },
                ruff::Pattern::MatchOr(p) => PatternKind::Or(this.patterns(&p.patterns)?),
            };
            Ok(Pattern { loc, node })
        })
    }

    fn patterns(&mut self, patterns: &[ruff::Pattern]) -> Lowered<Vec<Pattern>> {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect()
    }
}

/// Whether an expression can be a pattern: what the grammar has, which the parser does not look at.
fn is_value(expr: &ruff::Expr) -> bool {
    let is_number = |expr: &ruff::Expr| matches!(expr, ruff::Expr::NumberLiteral(_));
    let is_signed = |expr: &ruff::Expr| match expr {
        ruff::Expr::UnaryOp(node) => node.op == ruff::UnaryOp::USub && is_number(&node.operand),
        _ => is_number(expr),
    };
    match expr {
        ruff::Expr::BinOp(node) => {
            matches!(node.op, ruff::Operator::Add | ruff::Operator::Sub)
                && is_signed(&node.left)
                && is_number(&node.right)
        }
        ruff::Expr::UnaryOp(_) => is_signed(expr),
        _ => true,
    }
}
