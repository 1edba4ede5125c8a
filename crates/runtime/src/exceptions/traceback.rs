//! The `traceback` type, and where in the source an entry points.

use crate::prelude::*;
use bytecode::Position;
use macros::native_class;

#[native_class(
    name = "traceback",
    module = "builtins",
    layout = Traceback,
    flags = object::class::flags::HAVE_GC,
    doc = "Create a new traceback object."
)]
pub mod class {
    use super::*;

    #[slot(new, "traceback(tb_next, tb_frame, tb_lasti, tb_lineno)")]
    fn new(
        cx: &mut Cx,
        _class: Gc<Class>,
        tb_next: Value,
        tb_frame: Gc<FrameObject>,
        tb_lasti: i32,
        tb_lineno: i32,
    ) -> PyResult {
        if !tb_next.is_none() && !tb_next.is_a::<Traceback>() {
            let name = type_name(cx, tb_next);
            return Err(type_error(cx, format_args!("expected traceback object or None, got '{name}'")));
        }
        let next = if tb_next.is_none() { Value::UNBOUND } else { tb_next };
        Ok(cx.heap.traceback(next, tb_frame, tb_lasti, tb_lineno).value())
    }

    #[getter]
    fn tb_next(_cx: &mut Cx, this: Gc<Traceback>) -> Value {
        this.next.get().bound().unwrap_or(Value::NONE)
    }

    #[setter(tb_next)]
    fn set_tb_next(cx: &mut Cx, this: Gc<Traceback>, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(type_error(cx, "can't delete tb_next attribute")) };
        if value.is_none() {
            this.next.clear();
            return Ok(());
        }
        if !value.is_a::<Traceback>() {
            let name = type_name(cx, value);
            return Err(type_error(cx, format_args!("expected traceback object, got '{name}'")));
        }
        let mut at = value.cast::<Traceback>();
        while let Some(entry) = at {
            if entry == this {
                return Err(value_error(cx, "traceback loop detected"));
            }
            at = entry.next.get().cast();
        }
        this.next.set(this, value);
        Ok(())
    }

    #[getter]
    fn tb_frame(_cx: &mut Cx, this: Gc<Traceback>) -> Gc<FrameObject> {
        this.frame.expect()
    }

    #[getter]
    fn tb_lasti(_cx: &mut Cx, this: Gc<Traceback>) -> i64 {
        i64::from(this.lasti.get())
    }

    #[getter]
    fn tb_lineno(_cx: &mut Cx, this: Gc<Traceback>) -> Value {
        line(this).map_or(Value::NONE, |line| Int::new(i64::from(line)).expect("a 32-bit number").value())
    }

    #[method("__dir__($self, /)")]
    fn dir(cx: &mut Cx, _this: Gc<Traceback>) -> PyResult {
        let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"];
        let list = List::empty(&mut cx.heap);
        for name in names {
            let name = cx.heap.intern(name).value();
            list.push(&mut cx.heap, name).or_raise(cx)?;
        }
        Ok(list.value())
    }
}

/// The line that an entry points at.
pub fn line(entry: Gc<Traceback>) -> Option<i32> {
    match entry.line.get() {
        -1 => position(entry).line.map(|line| line as i32),
        line => Some(line),
    }
}

/// The source range that an entry points at.
pub fn position(entry: Gc<Traceback>) -> Position {
    match usize::try_from(entry.lasti.get()) {
        Ok(lasti) => position_in(entry.frame.expect().code.expect(), lasti / 2),
        Err(_) => Position::default(),
    }
}

/// The line of the instruction at `unit` of `code`; who asks in a loop asks for the same.
pub fn line_in(code: Gc<Code>, unit: usize) -> Option<u32> {
    if code.asked_unit.get() as usize != unit + 1 {
        let line = position_in(code, unit).line;
        code.asked_line.set(line.map_or(0, |line| line + 1));
        code.asked_unit.set(unit as u32 + 1);
    }
    code.asked_line.get().checked_sub(1)
}

/// The source range of the instruction at `unit` of `code`.
pub fn position_in(code: Gc<Code>, unit: usize) -> Position {
    bytecode::position_at(code.linetable.expect().as_slice(), code.firstlineno, unit * 2)
}
