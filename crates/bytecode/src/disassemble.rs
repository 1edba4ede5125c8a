//! A code object as text, for tests and for people.

use std::fmt::Write;

use crate::{
    BINARY_OPERATORS, COMMON_CONSTANTS, COMPARE_OPERATORS, CodeObject, Constant, ExceptionEntries, INTRINSICS_1,
    INTRINSICS_2, Instruction, LocationEntries, Opcode, SPECIAL_METHODS,
};

/// One line an instruction: source line, byte offset, name, operand and its meaning; then the exception table; then the
/// same for each nested code object.
pub fn disassemble(code: &CodeObject) -> String {
    let mut out = String::new();
    write_code(&mut out, code);
    out
}

fn write_code(out: &mut String, code: &CodeObject) {
    _ = writeln!(out, "{}: flags {:?}, stack {}", code.qualname, code.flags, code.stacksize);
    let mut locations = LocationEntries::new(&code.linetable, code.firstlineno).peekable();
    let mut last_line = None;
    for instruction in code.instructions() {
        while locations.next_if(|entry| entry.end <= instruction.start).is_some() {}
        let line = locations.peek().and_then(|entry| entry.position.line);
        let shown = match line {
            Some(line) if Some(line) != last_line => line.to_string(),
            None => "--".into(),
            Some(_) => String::new(),
        };
        last_line = line.or(last_line);
        _ = write!(out, "{shown:>5} {:>6} {}", instruction.offset, instruction.opcode.name());
        if instruction.opcode.has_arg() {
            _ = write!(out, " {}", instruction.oparg);
            if let Some(meaning) = meaning(code, &instruction) {
                _ = write!(out, " ({meaning})");
            }
        }
        out.push('\n');
    }
    for entry in ExceptionEntries::new(&code.exceptiontable) {
        let lasti = if entry.push_lasti { " lasti" } else { "" };
        _ = writeln!(out, "  {} to {} -> {} [{}]{lasti}", entry.start, entry.end, entry.target, entry.depth);
    }
    for constant in &code.consts {
        if let Constant::Code(nested) = constant {
            out.push('\n');
            write_code(out, nested);
        }
    }
}

fn meaning(code: &CodeObject, instruction: &Instruction) -> Option<String> {
    use Opcode as O;
    let oparg = instruction.oparg as usize;
    let opcode = instruction.opcode.base();
    if let Some(target) = instruction.jump_target() {
        return Some(format!("to {target}"));
    }
    if opcode.has_name() {
        return code.names.get(opcode.name_index(instruction.oparg) as usize).map(|name| name.to_string());
    }
    let local = |i: usize| code.localsplusnames.get(i).map(|name| name.to_string());
    match opcode {
        O::LOAD_CONST => code.consts.get(oparg).map(Constant::repr),
        O::LOAD_FAST_LOAD_FAST
        | O::LOAD_FAST_BORROW_LOAD_FAST_BORROW
        | O::STORE_FAST_LOAD_FAST
        | O::STORE_FAST_STORE_FAST => Some(format!("{}, {}", local(oparg >> 4)?, local(oparg & 15)?)),
        op if op.has_local() || op.has_free() => local(oparg),
        O::BINARY_OP => BINARY_OPERATORS.get(oparg).map(|s| s.to_string()),
        O::COMPARE_OP => COMPARE_OPERATORS.get(oparg >> 5).map(|s| s.to_string()),
        O::CALL_INTRINSIC_1 => INTRINSICS_1.get(oparg).map(|s| s.to_string()),
        O::CALL_INTRINSIC_2 => INTRINSICS_2.get(oparg).map(|s| s.to_string()),
        O::LOAD_COMMON_CONSTANT => COMMON_CONSTANTS.get(oparg).map(|s| s.to_string()),
        O::LOAD_SPECIAL => SPECIAL_METHODS.get(oparg).map(|s| s.to_string()),
        _ => None,
    }
}
