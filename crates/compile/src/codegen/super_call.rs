//! `super().method` without making the `super` object.

use syntax::ast::*;

use super::{Compiler, Result};
use crate::symtable::Scope;

/// Whether a call has positional arguments.
pub(super) fn has_args(call: &Expr) -> bool {
    matches!(&call.node, ExprKind::Call { args, .. } if !args.is_empty())
}

impl<'a> Compiler<'a> {
    /// Whether `value.attr` is an attribute of `super()` or `super(a, b)`, as far as can be seen.
    pub(super) fn can_optimize_super_call(&self, value: &Expr, attr: Name) -> bool {
        let ExprKind::Call { func, args, keywords } = &value.node else { return false };
        let ExprKind::Name { id, .. } = func.node else { return false };
        if id != self.known.super_ || attr == self.known.class || !keywords.is_empty() {
            return false;
        }
        let shadowed = self.scope_of(id) != Scope::GlobalImplicit
            || self.table.block(self.table.top).symbol(id).scope != Scope::Unknown;
        if shadowed {
            return false;
        }
        match args.len() {
            2 => !args.iter().any(Expr::is_starred),
            0 => {
                let counts = self.unit_ref().args;
                (counts.positional > 0 || counts.posonly > 0) && self.scope_of(self.known.class) == Scope::Free
            }
            _ => false,
        }
    }

    /// Pushes `super`, the class and the object.
    pub(super) fn load_super_args(&mut self, call: &'a Expr) -> Result<()> {
        let ExprKind::Call { func, args, .. } = &call.node else { return Ok(()) };
        self.load_name(self.known.super_, func.loc)?;
        if let [class, object] = &args[..] {
            self.expr(class)?;
            return self.expr(object);
        }
        self.load_name(self.known.class, call.loc)?;
        let first = self.unit_ref().varnames.iter().next();
        match first {
            Some(first) => self.load_name(first, call.loc),
            None => Ok(()),
        }
    }
}
