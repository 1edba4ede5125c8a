//! `from __future__ import ...`

use bytecode::CodeFlags;
use syntax::ast::{Alias, Location, Mod, StmtKind, docstring};
use syntax::{Interner, SyntaxError};

/// What a source asks for, and the last import that did.
#[derive(Clone, Copy, Debug)]
pub struct Future {
    pub features: CodeFlags,
    pub loc: Location,
}

/// Reads the future imports at the beginning of a source.
pub fn find(module: &Mod, names: &Interner) -> Result<Future, Box<SyntaxError>> {
    let mut future = Future { features: CodeFlags::default(), loc: Location::NONE };
    let (Mod::Module(body) | Mod::Interactive(body)) = module else { return Ok(future) };
    let skip = usize::from(docstring(body).is_some());
    for stmt in &body[skip..] {
        let StmtKind::ImportFrom { module: Some(module), names: imported, level: 0 } = &stmt.node else { break };
        if names.text(*module) != "__future__" {
            break;
        }
        for alias in imported {
            future.features |= feature(alias, names)?;
        }
        future.loc = stmt.loc;
    }
    Ok(future)
}

fn feature(alias: &Alias, names: &Interner) -> Result<CodeFlags, Box<SyntaxError>> {
    let message = match names.text(alias.name) {
        "annotations" => return Ok(CodeFlags::FUTURE_ANNOTATIONS),
        "barry_as_FLUFL" => return Ok(CodeFlags::FUTURE_BARRY_AS_BDFL),
        "nested_scopes" | "generators" | "division" | "absolute_import" | "with_statement" | "print_function"
        | "unicode_literals" | "generator_stop" => return Ok(CodeFlags::default()),
        "braces" => "not a chance".into(),
        name => format!("future feature {name} is not defined"),
    };
    Err(Box::new(SyntaxError::at(alias.loc, message)))
}
