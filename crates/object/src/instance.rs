//! Attributes of instances: slots by hidden class, overflow chunks, and dict mode.
//!
//! Slot `i` of an object is inside it up to the shape's inline count. Further slots live in a chain of overflow chunks
//! that never move (8, 16, 32 … values each), headed by the *extra* word just before slot 0. In dict mode the extra word
//! is the instance's dict and only the reserved slots (`__slots__`) remain.
//!
//! Nothing here runs Python or looks at classes: descriptors and `__getattr__` are `runtime::attribute`'s.

use crate::array::Array;
use crate::cx::Heap;
use crate::dict::Dict;
use crate::gc::{Gc, Object, Slot, heap_object};
use crate::shape::{RootLayout, Shape, ShapeId};
use crate::string::Str;
use crate::value::Value;
use heap::{Header, OutOfMemory, Tracer};

heap_object! {
    /// The fixed part of an instance of a Python class: nothing but the header.
    pub struct Instance: Instance {}
}

heap_object! {
    /// An instance of a Python subclass of `int`, `str`, `bytes`, `float` or `complex`, or of one of `tuple` with a dict.
    pub struct Payload: Payload {
        /// The exact value of the built-in type.
        pub value: Slot,
    }
}

/// Values in the first overflow chunk; each further one is twice as large. Its last value links to the next chunk.
const FIRST_CHUNK: usize = 8;

/// Inline slots that a class learns to give its instances at most.
const MAX_LEARNED_SLOTS: usize = 40;

/// Scan the extra word and the inline slots in use.
///
/// # Safety
/// `header` is a live object whose shape describes it.
pub(crate) unsafe fn scan_slots(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: the caller's promise.
    let shape = ShapeId::from_raw(unsafe { (*header).shape() }).get();
    shape.trace(tracer);
    if shape.has_dict() {
        // SAFETY: objects whose shape has a dict have the extra word before slot 0.
        tracer.word(unsafe { *(header as *const u8).add(shape.slots_offset() - 8).cast::<u64>() });
    }
    let n = shape.n_slots().min(shape.inline_slots());
    // SAFETY: inline slots are part of the object.
    unsafe { tracer.words((header as *const u8).add(shape.slots_offset()).cast(), n) };
}

/// An object seen as a bag of attributes.
#[derive(Clone, Copy)]
pub struct Attributes {
    object: Value,
}

impl Attributes {
    /// The attributes of a heap object whose shape has slots or a dict.
    #[inline(always)]
    pub fn of(object: Value) -> Option<Attributes> {
        let header = object.header()?;
        let shape = ShapeId::from_raw(header.shape()).get();
        if shape.has_dict() || shape.n_slots() > 0 { Some(Attributes { object }) } else { None }
    }

    #[inline(always)]
    fn gc(self) -> Gc<Instance> {
        // SAFETY: `of` checked that this is a heap object; only its header and slots are used through this pointer.
        unsafe { Gc::from_word_unchecked(self.object.word()) }
    }

    #[inline(always)]
    pub fn shape_id(self) -> ShapeId {
        self.gc().shape_id()
    }

    #[inline(always)]
    pub fn shape(self) -> &'static Shape {
        self.shape_id().get()
    }

    fn extra(&self) -> &Slot {
        debug_assert!(self.shape().has_dict());
        // SAFETY: the extra word of objects with a dict is before slot 0.
        unsafe { &*((self.object.word() as usize + self.shape().slots_offset() - 8) as *const Slot) }
    }

    #[inline(always)]
    fn inline_slot(&self, i: usize) -> &Slot {
        debug_assert!(i < self.shape().inline_slots());
        // SAFETY: within the object.
        unsafe { &*((self.object.word() as usize + self.shape().slots_offset() + i * 8) as *const Slot) }
    }

    /// Where slot `i` beyond the inline ones lives: chunk and index in it.
    fn overflow(&self, i: usize) -> Option<(Gc<Array>, usize)> {
        let mut i = i - self.shape().inline_slots();
        let mut chunk = self.extra().get().cast::<Array>()?;
        loop {
            let n = chunk.capacity() - 1;
            if i < n {
                return Some((chunk, i));
            }
            i -= n;
            chunk = chunk.get(n).cast::<Array>()?;
        }
    }

    /// The value in slot `i`; unbound when never set.
    #[inline(always)]
    pub fn slot(self, i: usize) -> Value {
        if i < self.shape().inline_slots() {
            self.inline_slot(i).get()
        } else {
            self.overflow(i).map_or(Value::UNBOUND, |(chunk, i)| chunk.get(i))
        }
    }

    /// Store into slot `i`, which exists already.
    #[inline(always)]
    pub fn set_slot(self, i: usize, value: Value) {
        if i < self.shape().inline_slots() {
            self.inline_slot(i).set(self.gc(), value);
        } else if let Some((chunk, i)) = self.overflow(i) {
            chunk.set(i, value);
        }
    }

    /// Make sure that slot `i` has memory.
    fn grow(self, heap: &mut Heap, i: usize) -> Result<(), OutOfMemory> {
        if i < self.shape().inline_slots() || self.overflow(i).is_some() {
            return Ok(());
        }
        let Some(mut last) = self.extra().get().cast::<Array>() else {
            let chunk = Array::new(heap, FIRST_CHUNK)?;
            self.extra().set(self.gc(), chunk);
            self.learn(heap, i + 1);
            return Ok(());
        };
        while let Some(next) = last.get(last.capacity() - 1).cast::<Array>() {
            last = next;
        }
        let chunk = Array::new(heap, last.capacity() * 2)?;
        last.set(last.capacity() - 1, chunk.value());
        Ok(())
    }

    /// An instance outgrew its inline slots: future instances of its class get room for `n` attributes and some more.
    fn learn(self, heap: &mut Heap, n: usize) {
        let shape = self.shape();
        let class = shape.class();
        let newest = class.instance_shape.get().get();
        if newest.inline_slots() > shape.inline_slots() || shape.inline_slots() >= MAX_LEARNED_SLOTS {
            return;
        }
        let layout = RootLayout {
            kind: class.instance_kind.get(),
            base_size: class.base_size.get() as usize,
            has_dict: shape.has_dict(),
            reserved_slots: class.reserved_slots.get() as usize,
            inline_slots: (n + n / 2 + 1).min(MAX_LEARNED_SLOTS),
        };
        class.instance_shape.set(heap.vm().shape_space().root(class.word(), layout));
    }

    /// The instance's dict object, when it is in dict mode.
    #[inline(always)]
    pub fn dict(self) -> Option<Gc<Dict>> {
        if self.shape().is_dict_mode() { self.extra().get().cast() } else { None }
    }

    /// The attribute `name` (interned) of the instance itself.
    #[inline]
    pub fn get(self, name: Gc<Str>) -> Option<Value> {
        let shape = self.shape();
        if shape.is_dict_mode() {
            return self.dict()?.get_str(name);
        }
        self.slot(shape.lookup(name)?).bound()
    }

    /// Set attribute `name` (interned); the class has been asked already.
    pub fn set(self, heap: &mut Heap, name: Gc<Str>, value: Value) -> Result<(), OutOfMemory> {
        let shape = self.shape();
        if shape.is_dict_mode() {
            return match self.dict() {
                Some(dict) => dict.set_str(heap, name, value),
                None => Ok(()),
            };
        }
        if let Some(i) = shape.lookup(name) {
            self.set_slot(i, value);
            return Ok(());
        }
        debug_assert!(shape.has_dict(), "the caller checks that the instance has a dict");
        match heap.vm().shape_space().child(self.shape_id(), name) {
            Some(child) => self.add(heap, child, value),
            None => {
                let dict = self.materialize(heap)?;
                dict.set_str(heap, name, value)
            }
        }
    }

    /// Store the attribute that shape `child` adds to the present one.
    pub fn add(self, heap: &mut Heap, child: ShapeId, value: Value) -> Result<(), OutOfMemory> {
        let i = self.shape().n_slots();
        self.grow(heap, i)?;
        self.set_slot(i, value);
        self.gc().header().set_shape(child.raw());
        Ok(())
    }

    /// Delete attribute `name` of the instance itself; false when there is none.
    pub fn delete(self, heap: &mut Heap, name: Gc<Str>) -> Result<bool, OutOfMemory> {
        if self.get(name).is_none() {
            return Ok(false);
        }
        let shape = self.shape();
        if !shape.is_dict_mode()
            && let Some(slot) = shape.lookup(name)
            && let Some(lesser) = heap.vm().shape_space().without(self.shape_id(), name, slot)
        {
            self.set_slot(slot, Value::UNBOUND);
            self.gc().header().set_shape(lesser.raw());
            return Ok(true);
        }
        let dict = self.materialize(heap)?;
        Ok(dict.remove_str(name).is_some())
    }

    /// The instance's dict as an object, turning it to dict mode. The caller checks that its class gives it a dict.
    pub fn materialize(self, heap: &mut Heap) -> Result<Gc<Dict>, OutOfMemory> {
        if let Some(dict) = self.dict() {
            return Ok(dict);
        }
        let dict = Dict::new(heap);
        self.copy_attributes(heap, dict)?;
        self.install_dict(heap, dict);
        Ok(dict)
    }

    /// Put the named attributes into `dict`, in order.
    pub fn copy_attributes(self, heap: &mut Heap, dict: Gc<Dict>) -> Result<(), OutOfMemory> {
        if let Some(own) = self.dict() {
            for (key, value) in own.iter() {
                if let Some(key) = key.cast::<Str>() {
                    dict.set_str(heap, key, value)?;
                }
            }
            return Ok(());
        }
        let shape = self.shape();
        for i in 0..shape.n_slots() {
            if let (Some(name), Some(value)) = (shape.name_at(i), self.slot(i).bound()) {
                dict.set_str(heap, name, value)?;
            }
        }
        Ok(())
    }

    /// Make `dict` the instance's dict (`obj.__dict__ = dict`).
    pub fn install_dict(self, heap: &mut Heap, dict: Gc<Dict>) {
        let shape = self.shape();
        let reserved = heap.vm().shape_space().dict_mode(self.shape_id());
        let keep = reserved.get().n_slots();
        for i in keep..shape.n_slots().min(shape.inline_slots()) {
            self.inline_slot(i).clear();
        }
        self.extra().set(self.gc(), dict);
        self.gc().header().set_shape(reserved.raw());
    }

    /// Whether the instance has no attributes of its own.
    pub fn is_empty(self) -> bool {
        match self.dict() {
            Some(dict) => dict.is_empty(),
            None => {
                let shape = self.shape();
                (0..shape.n_slots()).all(|i| shape.name_at(i).is_none() || self.slot(i).is_unbound())
            }
        }
    }
}

/// Byte offset of an inline slot, as inline caches hold it: valid for objects of the shape that the cache guards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlotOffset(u16);

impl SlotOffset {
    /// # Safety
    /// Only used with objects whose shape has a slot at this offset.
    #[inline(always)]
    pub unsafe fn new(offset: u16) -> SlotOffset {
        SlotOffset(offset)
    }

    /// Where slot `i` of instances of `shape` is; `None` when it is not inside the object or too far.
    pub fn of(shape: ShapeId, i: usize) -> Option<SlotOffset> {
        shape.get().inline_offset(i).and_then(|n| u16::try_from(n).ok()).map(SlotOffset)
    }

    #[inline(always)]
    pub fn get(self) -> u16 {
        self.0
    }
}

/// An object whose shape has just been compared with the one in an inline cache.
#[derive(Clone, Copy)]
pub struct Shaped(Value);

impl Shaped {
    /// `object`, when it has this shape.
    #[inline(always)]
    pub fn check(object: Value, shape: ShapeId) -> Option<Shaped> {
        match object.header() {
            Some(header) if header.shape() == shape.raw() => Some(Shaped(object)),
            _ => {
                std::hint::cold_path();
                None
            }
        }
    }

    #[inline(always)]
    pub fn value(self) -> Value {
        self.0
    }

    #[inline(always)]
    fn slot(&self, offset: SlotOffset) -> &Slot {
        // SAFETY: the offset is one of the guarded shape (see `SlotOffset::new`).
        unsafe { &*((self.0.word() as usize + offset.0 as usize) as *const Slot) }
    }

    #[inline(always)]
    fn owner(self) -> Gc<Instance> {
        // SAFETY: a heap object; only its header is used through this pointer.
        unsafe { Gc::from_word_unchecked(self.0.word()) }
    }

    /// The slot's value; unbound when never set.
    #[inline(always)]
    pub fn load(self, offset: SlotOffset) -> Value {
        self.slot(offset).get()
    }

    #[inline(always)]
    pub fn store(self, offset: SlotOffset, value: Value) {
        self.slot(offset).set(self.owner(), value);
    }

    /// `object`, when its shape is the one of which `child` is made by a further attribute.
    #[inline(always)]
    pub fn check_parent(object: Value, child: ShapeId) -> Option<Shaped> {
        Shaped::check(object, child.get().parent())
    }

    /// Store the attribute by which `child` is more than this object's shape, in its slot inside the object.
    #[inline(always)]
    pub fn add(self, child: ShapeId, offset: SlotOffset, value: Value) {
        self.store(offset, value);
        self.owner().header().set_shape(child.raw());
    }

    /// Store an attribute that the guarded shape does not have and of which it has a child, inside the object; false
    /// when that is not so.
    #[inline]
    pub fn add_existing(self, name: Gc<Str>, value: Value) -> bool {
        let id = self.owner().shape_id();
        let shape = id.get();
        let Some(child) = shape.existing_child(name) else { return false };
        let Some(offset) = SlotOffset::of(id, shape.n_slots()) else { return false };
        self.add(child, offset, value);
        true
    }
}

/// Gives an object a shape of another class, of the same layout. A collector looks at an old object's shape only when it is
/// told to, and the class may be young.
pub fn change_class(object: &Header, shape: ShapeId) {
    object.set_shape(shape.raw());
    // SAFETY: the caller's reference says that the object is alive; the thread has the turn, as everyone who changes objects.
    unsafe { heap::remember(object) };
}

impl Heap {
    /// A fresh instance of `shape` (a root shape of a class whose instances are plain).
    #[inline(always)]
    pub fn instance(&mut self, shape: ShapeId) -> Value {
        let object = self.raw.allocate(shape.get().instance_size(), shape.raw(), shape.get().kind_byte());
        Value::from_word(object.as_ptr() as u64)
    }

    /// An instance of a subclass of a variable-size built-in type, holding `value`.
    pub fn payload(&mut self, shape: ShapeId, value: Value) -> Gc<Payload> {
        let header = Header::new(shape.raw(), Payload::KIND as u8);
        self.new_object(Payload { header, value: Slot::new(value) })
    }
}

impl Value {
    /// The exact built-in value inside an instance of a subclass; anything else unchanged.
    #[inline(always)]
    pub fn unwrap_payload(self) -> Value {
        match self.cast::<Payload>() {
            Some(payload) => payload.value.get(),
            None => self,
        }
    }

    /// As a `T`, looking through subclass instances.
    #[inline(always)]
    pub fn downcast<T: Object>(self) -> Option<Gc<T>> {
        if T::is_or_extends(self.header()?) {
            // SAFETY: `T::is_or_extends` has verified the object's layout.
            return Some(unsafe { Gc::from_word_unchecked(self.word()) });
        }
        self.cast::<Payload>()?.value.get().cast::<T>()
    }
}
