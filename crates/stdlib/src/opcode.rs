//! `_opcode`: what `dis` and `opcode` ask about instructions.

use bytecode::{self as table, Opcode};

use runtime::native::set_module_attr;
use runtime::prelude::*;

/// Instructions that exist only inside the compiler, by CPython's numbers, with what `dis` asks about them.
struct Pseudo {
    number: i32,
    effect: i32,
    has_arg: bool,
    has_jump: bool,
    has_local: bool,
    /// Sets up a handler: its effect is that of the jump.
    has_exc: bool,
}

const fn pseudo(number: i32, effect: i32) -> Pseudo {
    Pseudo { number, effect, has_arg: false, has_jump: false, has_local: false, has_exc: false }
}

const PSEUDO: [Pseudo; 11] = [
    pseudo(256, 0),
    Pseudo { has_arg: true, has_jump: true, ..pseudo(257, 0) },
    Pseudo { has_arg: true, has_jump: true, ..pseudo(258, 0) },
    Pseudo { has_arg: true, has_jump: true, ..pseudo(259, 0) },
    Pseudo { has_arg: true, has_jump: true, ..pseudo(260, 0) },
    Pseudo { has_arg: true, has_local: true, ..pseudo(261, 1) },
    pseudo(262, 0),
    Pseudo { has_arg: true, has_exc: true, ..pseudo(263, 2) },
    Pseudo { has_arg: true, has_exc: true, ..pseudo(264, 1) },
    Pseudo { has_arg: true, has_exc: true, ..pseudo(265, 1) },
    Pseudo { has_arg: true, has_local: true, ..pseudo(266, -1) },
];

fn real(number: i32) -> Option<Opcode> {
    Opcode::from_u8(u8::try_from(number).ok()?)
}

fn pseudo_of(number: i32) -> Option<&'static Pseudo> {
    PSEUDO.iter().find(|p| p.number == number)
}

fn has(number: i32, of_real: fn(Opcode) -> bool, of_pseudo: fn(&Pseudo) -> bool) -> bool {
    real(number).map_or_else(|| pseudo_of(number).is_some_and(of_pseudo), of_real)
}

fn str_list(cx: &mut Cx, items: &[&str]) -> PyResult<Gc<List>> {
    let list = List::empty(&mut cx.heap);
    for item in items {
        let item = cx.heap.intern(item).value();
        list.push(&mut cx.heap, item).or_raise(cx)?;
    }
    Ok(list)
}

#[macros::native_module(name = "_opcode", doc = "Opcode support module.")]
pub mod module {
    use super::*;

    /// Compute the stack effect of the opcode.
    #[function("stack_effect(opcode, oparg=None, /, *, jump=None)")]
    fn stack_effect(cx: &mut Cx, opcode: i32, oparg: Value, jump: Value) -> PyResult<i64> {
        let oparg = if oparg.is_none() { 0 } else { runtime::number::as_i64(cx, oparg)? as u32 };
        let jumps = match jump {
            Value::NONE | Value::TRUE => true,
            Value::FALSE => false,
            _ => return Err(value_error(cx, "stack_effect: jump must be False, True or None")),
        };
        if let Some(pseudo) = pseudo_of(opcode) {
            return Ok(i64::from(if pseudo.has_exc && !jumps { 0 } else { pseudo.effect }));
        }
        // Specialised forms have no effect of their own.
        let known = real(opcode).filter(|&op| op.base() == op || opcode >= i32::from(table::MIN_INSTRUMENTED));
        match known.filter(|&op| op != Opcode::RESERVED) {
            Some(op) => Ok(i64::from(bytecode::stack_effect(op, oparg))),
            None => Err(value_error(cx, "invalid opcode or oparg")),
        }
    }

    /// Return True if opcode is valid, False otherwise.
    #[function("is_valid(opcode)")]
    fn is_valid(opcode: i32) -> bool {
        real(opcode).is_some() || pseudo_of(opcode).is_some()
    }

    /// Return True if the opcode uses its oparg, False otherwise.
    #[function("has_arg(opcode)")]
    fn has_arg(opcode: i32) -> bool {
        has(opcode, Opcode::has_arg, |p| p.has_arg)
    }

    /// Return True if the opcode accesses a constant, False otherwise.
    #[function("has_const(opcode)")]
    fn has_const(opcode: i32) -> bool {
        has(opcode, Opcode::has_const, |_| false)
    }

    /// Return True if the opcode accesses an attribute by name, False otherwise.
    #[function("has_name(opcode)")]
    fn has_name(opcode: i32) -> bool {
        has(opcode, Opcode::has_name, |_| false)
    }

    /// Return True if the opcode has a jump target, False otherwise.
    #[function("has_jump(opcode)")]
    fn has_jump(opcode: i32) -> bool {
        has(opcode, Opcode::has_jump, |p| p.has_jump)
    }

    /// Return True if the opcode accesses a free variable, False otherwise.
    ///
    /// Note that this does not include cell variables.
    #[function("has_free(opcode)")]
    fn has_free(opcode: i32) -> bool {
        has(opcode, Opcode::has_free, |_| false)
    }

    /// Return True if the opcode accesses a local variable, False otherwise.
    #[function("has_local(opcode)")]
    fn has_local(opcode: i32) -> bool {
        has(opcode, Opcode::has_local, |p| p.has_local)
    }

    /// Return True if the opcode sets an exception handler, False otherwise.
    #[function("has_exc(opcode)")]
    fn has_exc(opcode: i32) -> bool {
        pseudo_of(opcode).is_some_and(|p| p.has_exc)
    }

    /// Return the specialization stats
    #[function("get_specialization_stats()")]
    fn get_specialization_stats() {}

    /// Return array of symbols of binary ops.
    ///
    /// Indexed by the BINARY_OP oparg value.
    #[function("get_nb_ops()")]
    fn get_nb_ops(cx: &mut Cx) -> PyResult<Gc<List>> {
        const NAMES: [&str; 13] = [
            "ADD",
            "AND",
            "FLOOR_DIVIDE",
            "LSHIFT",
            "MATRIX_MULTIPLY",
            "MULTIPLY",
            "REMAINDER",
            "OR",
            "POWER",
            "RSHIFT",
            "SUBTRACT",
            "TRUE_DIVIDE",
            "XOR",
        ];
        let list = List::empty(&mut cx.heap);
        for (i, symbol) in table::BINARY_OPERATORS.iter().enumerate() {
            let name = match NAMES.get(i % 13) {
                _ if i == 26 => "NB_SUBSCR".to_owned(),
                Some(name) if i >= 13 => format!("NB_INPLACE_{name}"),
                Some(name) => format!("NB_{name}"),
                None => continue,
            };
            let (name, symbol) = (cx.heap.str(&name), cx.heap.str(symbol));
            let pair = cx.heap.tuple(&[name, symbol]).value();
            list.push(&mut cx.heap, pair).or_raise(cx)?;
        }
        Ok(list)
    }

    /// Return a list of names of the unary intrinsics.
    #[function("get_intrinsic1_descs()")]
    fn get_intrinsic1_descs(cx: &mut Cx) -> PyResult<Gc<List>> {
        str_list(cx, &table::INTRINSICS_1)
    }

    /// Return a list of names of the binary intrinsics.
    #[function("get_intrinsic2_descs()")]
    fn get_intrinsic2_descs(cx: &mut Cx) -> PyResult<Gc<List>> {
        str_list(cx, &table::INTRINSICS_2)
    }

    /// Return a list of special method names.
    #[function("get_special_method_names()")]
    fn get_special_method_names(cx: &mut Cx) -> PyResult<Gc<List>> {
        str_list(cx, &table::SPECIAL_METHODS)
    }

    /// Return the executor object at offset in code if exists, None otherwise.
    #[function("get_executor(code, offset)")]
    fn get_executor(cx: &mut Cx, code: Value, offset: i32) -> PyResult {
        let _ = offset;
        if !code.is_a::<Code>() {
            let class = type_name(cx, code);
            return Err(type_error(cx, format_args!("expected a code object, not '{class}'")));
        }
        Err(value_error(cx, "no executor at given byte offset"))
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let one = Int::from_len(1).value();
        set_module_attr(cx, module, "ENABLE_SPECIALIZATION", one)?;
        set_module_attr(cx, module, "ENABLE_SPECIALIZATION_FT", one)
    }
}
