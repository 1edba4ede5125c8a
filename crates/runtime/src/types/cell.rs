//! `cell`: a variable shared with inner functions.

use crate::prelude::*;
use macros::native_class;

#[native_class(
    name = "cell",
    layout = Cell,
    flags = HAVE_GC,
    signature = "([contents])",
    doc = "Create a new cell object.\n\n  contents\n    the contents of the cell. If not specified, the cell will be empty,\n    and \n further attempts to access its cell_contents attribute will\n    raise a ValueError."
)]
pub mod class {
    use super::*;

    #[slot(new, "cell(contents=<unrepresentable>, /)")]
    fn new(cx: &mut Cx, _class: Gc<Class>, contents: Option<Value>) -> PyResult {
        Ok(cx.heap.cell(contents.unwrap_or(Value::UNBOUND)).value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Cell>) -> String {
        let at = this.value().id();
        match this.value.get().bound() {
            Some(content) => {
                format!("<cell at {at:#x}: {} object at {:#x}>", type_name(cx, content), content.id())
            }
            None => format!("<cell at {at:#x}: empty>"),
        }
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Cell>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Cell>() else { return Ok(Value::NOT_IMPLEMENTED) };
        match (this.value.get().bound(), other.value.get().bound()) {
            (Some(a), Some(b)) => compare(cx, a, b, op),
            // An empty cell is less than any other.
            (a, b) => Ok(Value::bool(op.holds(a.is_some().cmp(&b.is_some())))),
        }
    }

    #[getter]
    fn cell_contents(cx: &mut Cx, this: Gc<Cell>) -> PyResult {
        match this.value.get().bound() {
            Some(content) => Ok(content),
            None => Err(value_error(cx, "cell is empty")),
        }
    }

    #[setter(cell_contents)]
    fn set_cell_contents(this: Gc<Cell>, value: Option<Value>) -> PyResult<()> {
        this.value.set(this, value.unwrap_or(Value::UNBOUND));
        Ok(())
    }
}
