//! Python functions, native functions, bound methods and closure cells.

use crate::call::NativeDef;
use crate::code::Code;
use crate::cx::Heap;
use crate::dict::Dict;
use crate::gc::{Gc, GcSlot, PlainData, Slot, heap_object};
use crate::string::Str;
use crate::tuple::Tuple;
use crate::value::Value;
use heap::Header;
use std::cell::Cell as StdCell;

heap_object! {
    /// A function made by `def` or `lambda`. Its attributes live behind the extra word.
    pub struct Function: Function {
        pub code: GcSlot<Code>,
        pub globals: GcSlot<Dict>,
        /// The builtins mapping, usually the dict of the `builtins` module.
        pub builtins: GcSlot<Dict>,
        pub name: Slot,
        pub qualname: Slot,
        pub module: Slot,
        pub doc: Slot,
        /// A tuple or unbound.
        pub defaults: Slot,
        /// A dict or unbound.
        pub kwdefaults: Slot,
        /// A tuple of cells or unbound.
        pub closure: Slot,
        pub annotations: Slot,
        pub annotate: Slot,
        pub type_params: Slot,
        /// Identifies what the specialiser relies on (code, defaults); 0 = not assigned or no longer valid.
        pub version: StdCell<u32>,
    }
}

heap_object! {
    /// A native function, or a native method bound to its self.
    pub struct NativeFunction: NativeFunction {
        pub def: StdCell<&'static NativeDef>,
        /// The bound self or unbound.
        pub this: Slot,
        /// The module's name or unbound.
        pub module: Slot,
    }
}

impl PlainData for &'static NativeDef {}

heap_object! {
    /// A function bound to its first argument.
    pub struct BoundMethod: BoundMethod {
        pub function: Slot,
        pub this: Slot,
    }
}

heap_object! {
    /// A variable shared with an inner function.
    pub struct Cell: Cell {
        pub value: Slot,
    }
}

impl Heap {
    pub fn cell(&mut self, value: Value) -> Gc<Cell> {
        let shape = self.shapes().cell;
        self.new_object(Cell { header: Header::new(shape.raw(), Cell::KIND as u8), value: Slot::new(value) })
    }

    #[inline]
    pub fn bound_method(&mut self, function: Value, this: Value) -> Gc<BoundMethod> {
        let shape = self.shapes().method;
        self.new_object(BoundMethod {
            header: Header::new(shape.raw(), BoundMethod::KIND as u8),
            function: Slot::new(function),
            this: Slot::new(this),
        })
    }

    pub fn native_function(&mut self, def: &'static NativeDef, this: Value, module: Value) -> Gc<NativeFunction> {
        let shape = self.shapes().builtin_function_or_method;
        self.new_object(NativeFunction {
            header: Header::new(shape.raw(), NativeFunction::KIND as u8),
            def: StdCell::new(def),
            this: Slot::new(this),
            module: Slot::new(module),
        })
    }

    /// A function without defaults or closure; name and qualified name are the code's.
    pub fn function(&mut self, code: Gc<Code>, globals: Gc<Dict>, builtins: Gc<Dict>, module: Value) -> Gc<Function> {
        let shape = self.shapes().function;
        let doc = code.docstring();
        self.new_object(Function {
            header: Header::new(shape.raw(), Function::KIND as u8),
            code: GcSlot::of(code),
            globals: GcSlot::of(globals),
            builtins: GcSlot::of(builtins),
            name: Slot::new(code.name.get()),
            qualname: Slot::new(code.qualname.get()),
            module: Slot::new(module),
            doc: Slot::new(doc),
            defaults: Slot::new(Value::UNBOUND),
            kwdefaults: Slot::new(Value::UNBOUND),
            closure: Slot::new(Value::UNBOUND),
            annotations: Slot::new(Value::UNBOUND),
            annotate: Slot::new(Value::UNBOUND),
            type_params: Slot::new(Value::UNBOUND),
            version: StdCell::new(0),
        })
    }
}

impl Function {
    pub fn name_text(&self) -> String {
        self.name.get().downcast::<Str>().map_or_else(String::new, |s| s.to_string())
    }

    pub fn defaults_tuple(&self) -> Option<Gc<Tuple>> {
        self.defaults.get().cast()
    }

    pub fn closure_tuple(&self) -> Option<Gc<Tuple>> {
        self.closure.get().cast()
    }
}
