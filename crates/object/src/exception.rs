//! Exceptions and tracebacks.

use crate::array::Array;
use crate::cx::Heap;
use crate::frame::FrameObject;
use crate::gc::{Gc, GcSlot, Slot, heap_object};
use crate::shape::ShapeId;
use crate::tuple::Tuple;
use crate::value::Value;
use heap::Header;
use std::cell::Cell;

heap_object! {
    /// An instance of `BaseException` or a subclass.
    pub struct Exception: Exception {
        pub args: GcSlot<Tuple>,
        /// A traceback or unbound.
        pub traceback: Slot,
        pub context: Slot,
        pub cause: Slot,
        pub suppress_context: Cell<bool>,
        /// Fields of `OSError`, `SyntaxError`, `StopIteration` and the like, in the order of `runtime::exceptions`.
        pub fields: GcSlot<Array>,
    }
}

heap_object! {
    pub struct Traceback: Traceback {
        /// The next entry (towards where the exception was raised) or unbound.
        pub next: Slot,
        pub frame: GcSlot<FrameObject>,
        /// Where the instruction is in the code's bytes; what Python code says it is where that made the entry.
        pub lasti: Cell<i32>,
        /// Line, computed from `lasti` when -1.
        pub line: Cell<i32>,
    }
}

impl Heap {
    pub fn exception(&mut self, shape: ShapeId, args: Gc<Tuple>) -> Gc<Exception> {
        self.new_object(Exception {
            header: Header::new(shape.raw(), Exception::KIND as u8),
            args: GcSlot::of(args),
            traceback: Slot::new(Value::UNBOUND),
            context: Slot::new(Value::UNBOUND),
            cause: Slot::new(Value::UNBOUND),
            suppress_context: Cell::new(false),
            fields: GcSlot::new(None),
        })
    }

    pub fn traceback(&mut self, next: Value, frame: Gc<FrameObject>, lasti: i32, line: i32) -> Gc<Traceback> {
        let shape = self.shapes().traceback;
        self.new_object(Traceback {
            header: Header::new(shape.raw(), Traceback::KIND as u8),
            next: Slot::new(next),
            frame: GcSlot::of(frame),
            lasti: Cell::new(lasti),
            line: Cell::new(line),
        })
    }
}

impl Exception {
    /// Field `i`; unbound when never set.
    pub fn field(&self, i: usize) -> Value {
        self.fields.get().map_or(Value::UNBOUND, |f| f.try_get(i))
    }
}

impl Gc<Exception> {
    pub fn set_field(self, heap: &mut Heap, i: usize, value: Value) {
        let fields = match self.fields.get() {
            Some(fields) if i < fields.capacity() => fields,
            old => {
                let fields = Array::new(heap, (i + 1).next_multiple_of(5)).expect("a few words");
                if let Some(old) = old {
                    fields.copy_from(0, old, 0, old.capacity());
                }
                self.fields.set(self, fields);
                fields
            }
        };
        fields.set(i, value);
    }
}
