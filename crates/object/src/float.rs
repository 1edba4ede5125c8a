//! Boxed floats (exponents that have no tag) and complex numbers.

use crate::cx::Heap;
use crate::gc::{Gc, heap_object};
use crate::value::Value;
use heap::Header;

heap_object! {
    /// A float outside the immediate range.
    pub struct Float: Float {
        value: f64,
    }
}

heap_object! {
    pub struct Complex: Complex {
        pub re: f64,
        pub im: f64,
    }
}

impl Float {
    #[inline(always)]
    pub fn get(&self) -> f64 {
        self.value
    }
}

impl Heap {
    /// A Python float.
    #[inline(always)]
    pub fn float(&mut self, f: f64) -> Value {
        match Value::from_float(f) {
            Some(v) => v,
            None => self.boxed_float(f),
        }
    }

    #[cold]
    #[inline(never)]
    fn boxed_float(&mut self, value: f64) -> Value {
        let shape = self.shapes().float;
        self.new_object(Float { header: Header::new(shape.raw(), Float::KIND as u8), value }).value()
    }

    /// A Python complex.
    pub fn complex(&mut self, re: f64, im: f64) -> Gc<Complex> {
        let shape = self.shapes().complex;
        self.new_object(Complex { header: Header::new(shape.raw(), Complex::KIND as u8), re, im })
    }
}
