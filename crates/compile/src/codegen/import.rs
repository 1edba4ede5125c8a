//! Imports.

use bytecode::Constant;
use syntax::ast::*;

use super::{Compiler, Result};
use crate::op::{Op, intrinsic_1};

impl Compiler<'_> {
    pub(super) fn import(&mut self, names: &[Alias], loc: Location) -> Result<()> {
        for alias in names {
            self.load_const(Constant::Int(0), loc);
            self.load_none(loc);
            self.emit_name(Op::IMPORT_NAME, alias.name, loc);
            let text = self.names.text(alias.name).to_owned();
            match alias.asname {
                Some(asname) => self.import_as(&text, asname, loc)?,
                None => {
                    let top = text.split('.').next().map_or(alias.name, |top| self.names.intern(top));
                    self.store_name(top, loc)?;
                }
            }
        }
        Ok(())
    }

    /// `import a.b.c as d`: goes down from `a` to `c`.
    fn import_as(&mut self, path: &str, asname: Name, loc: Location) -> Result<()> {
        let mut parts = path.split('.').skip(1).peekable();
        let dotted = parts.peek().is_some();
        while let Some(part) = parts.next() {
            let part = self.names.intern(part);
            self.emit_plain_name(Op::IMPORT_FROM, part, loc);
            if parts.peek().is_some() {
                self.emit_i(Op::SWAP, 2, loc);
                self.emit(Op::POP_TOP, loc);
            }
        }
        self.store_name(asname, loc)?;
        if dotted {
            self.emit(Op::POP_TOP, loc);
        }
        Ok(())
    }

    pub(super) fn import_from(
        &mut self,
        module: Option<Name>,
        names: &[Alias],
        level: u32,
        loc: Location,
    ) -> Result<()> {
        self.load_const(Constant::Int(level.into()), loc);
        let from_list = names.iter().map(|alias| self.name_constant(alias.name)).collect();
        self.load_const(Constant::Tuple(from_list), loc);
        self.emit_name(Op::IMPORT_NAME, module.unwrap_or(self.known.empty), loc);
        for alias in names {
            if alias.name == self.known.star {
                self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::IMPORT_STAR, loc);
                self.emit(Op::POP_TOP, Location::NONE);
                return Ok(());
            }
            self.emit_name(Op::IMPORT_FROM, alias.name, loc);
            self.store_name(alias.asname.unwrap_or(alias.name), loc)?;
        }
        self.emit(Op::POP_TOP, loc);
        Ok(())
    }
}
