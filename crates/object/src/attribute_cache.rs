//! What attribute lookups by hidden class and name have found: the fast path of sites that meet many shapes.
//!
//! An entry holds for as long as the class of its shape keeps its version: every change of the class or of a base gives
//! that up (`runtime::typing::class_modified`). The class keeps alive what was found in it for so long; full collections,
//! which may free classes and names, empty the cache. Filled by `runtime::attribute`, which knows descriptors.

use crate::cx::Cx;
use crate::gc::Gc;
use crate::instance::{Shaped, SlotOffset};
use crate::shape::ShapeId;
use crate::string::Str;
use crate::value::Value;
use std::cell::Cell;

const ENTRIES: usize = 512;

/// Where the attribute is.
#[derive(Clone, Copy)]
pub enum Found {
    /// In a slot inside the object; its class may be asked for nothing before that.
    Slot(SlotOffset),
    /// In the class: a function or method that is called with the object as its first argument.
    Method(Value),
    /// In the class: an object without `__get__`.
    Constant(Value),
}

#[derive(Clone, Copy)]
struct Entry {
    shape: u32,
    version: u32,
    name: u64,
    found: Found,
}

const EMPTY: Entry = Entry { shape: 0, version: 0, name: 0, found: Found::Constant(Value::UNBOUND) };

pub struct AttributeCache(Box<[Cell<Entry>]>);

impl Default for AttributeCache {
    fn default() -> AttributeCache {
        AttributeCache(vec![Cell::new(EMPTY); ENTRIES].into_boxed_slice())
    }
}

impl AttributeCache {
    #[inline(always)]
    fn entry(&self, shape: u32, name: Gc<Str>) -> &Cell<Entry> {
        // Shapes are multiples of 16 and far apart, names are 16-byte aligned.
        let hash = (shape as usize >> 5) ^ (name.word() as usize >> 4);
        &self.0[hash % ENTRIES]
    }

    /// Forget everything.
    pub fn clear(&self) {
        self.0.iter().for_each(|entry| entry.set(EMPTY));
    }
}

impl Cx {
    /// What the last lookup of `name` (interned) in an object of this shape found, if it still holds.
    #[inline(always)]
    pub fn cached_attribute(&self, object: Value, name: Gc<Str>) -> Option<(Shaped, Found)> {
        let shape = ShapeId::from_raw(object.header()?.shape());
        let entry = self.vm().attribute_cache.entry(shape.raw(), name).get();
        if entry.shape == shape.raw() && entry.name == name.word() && entry.version == shape.get().class().version.get()
        {
            Some((Shaped::check(object, shape)?, entry.found))
        } else {
            None
        }
    }

    /// Say what a lookup of `name` (interned) in objects of this shape finds while the shape's class stays as it is.
    pub fn cache_attribute(&self, shape: ShapeId, name: Gc<Str>, found: Found) {
        let version = shape.get().class().version.get();
        // 0: the class has changed and was not asked since.
        if version != 0 {
            let entry = Entry { shape: shape.raw(), version, name: name.word(), found };
            self.vm().attribute_cache.entry(shape.raw(), name).set(entry);
        }
    }
}
