//! Hidden classes: which names an instance has, in which slots, and how large the object is.
//!
//! A shape lives in the VM's metadata region below 4 GB and never moves, so its 32-bit id *is* its address and a guard
//! compares one 32-bit immediate. A slot index belongs to one name as long as instances have it: who deletes an attribute
//! gets a shape in which that slot has no name, so that one added again comes last. Shapes of one
//! chain share one append-only [`PropertyTable`]; a fork copies it.

use crate::class::Class;
use crate::gc::Gc;
use crate::kind::Kind;
use crate::string::Str;
use heap::{MetadataRegion, Tracer, Word};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// The address of a [`Shape`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(transparent)]
pub struct ShapeId(u32);

impl ShapeId {
    pub const NONE: ShapeId = ShapeId(0);

    #[inline(always)]
    pub const fn from_raw(raw: u32) -> ShapeId {
        ShapeId(raw)
    }

    #[inline(always)]
    pub const fn raw(self) -> u32 {
        self.0
    }

    #[inline(always)]
    pub fn get(self) -> &'static Shape {
        debug_assert!(self.0 != 0);
        // SAFETY: ids are only made by `ShapeSpace`, whose region lives as long as the VM's heap; no reference outlives
        // the objects that carry the id.
        unsafe { &*(self.0 as usize as *const Shape) }
    }
}

/// One hidden class.
#[repr(C)]
pub struct Shape {
    class: Cell<Word>,
    epoch: Cell<u32>,
    /// Size of the object in bytes, a multiple of 16.
    instance_size: u32,
    /// Byte offset of slot 0; the *extra* word (dict or overflow chunk) is just before it.
    slots_offset: u16,
    inline_slots: u16,
    n_slots: u16,
    kind: u8,
    flags: u8,
    parent: ShapeId,
    /// The name that this shape adds to its parent.
    name: Cell<Word>,
    table: *const PropertyTable,
    transitions: RefCell<Transitions>,
    /// The dict-mode twin of the tree's root; created when first needed.
    dict_twin: Cell<u32>,
}

/// What a new root shape is made from.
#[derive(Clone, Copy, Debug)]
pub struct RootLayout {
    pub kind: Kind,
    /// Size of the fixed part, without the extra word.
    pub base_size: usize,
    pub has_dict: bool,
    /// `__slots__` of the class and its bases: slots with an index but no name in `__dict__`.
    pub reserved_slots: usize,
    /// Slots inside the object, reserved ones included.
    pub inline_slots: usize,
}

const HAS_DICT: u8 = 1;
const DICT_MODE: u8 = 2;

/// The names of a chain of shapes; index = slot.
#[derive(Default)]
struct PropertyTable {
    names: RefCell<Vec<Word>>,
    index: RefCell<HashMap<Word, u16>>,
}

/// By the name that is gained, or by one more than its address when it is lost.
#[derive(Default)]
enum Transitions {
    #[default]
    None,
    One(Word, ShapeId),
    Many(HashMap<Word, ShapeId>),
}

/// Names up to which a table is searched without its index.
const LINEAR: usize = 8;
/// Slots up to which an instance keeps its hidden class; beyond, it turns to a dict as a mapping in disguise.
pub const MAX_SLOTS: usize = 512;
/// Slots without a name up to which an instance that loses attributes keeps its hidden class.
const MAX_NAMELESS: usize = 16;

impl Shape {
    #[inline(always)]
    pub fn class(&self) -> Gc<Class> {
        // SAFETY: set at creation to a class that the shape's tracing keeps alive.
        unsafe { Gc::from_word_unchecked(self.class.get()) }
    }

    #[inline(always)]
    pub fn instance_size(&self) -> usize {
        self.instance_size as usize
    }

    #[inline(always)]
    pub fn kind_byte(&self) -> u8 {
        self.kind
    }

    #[inline(always)]
    pub fn slots_offset(&self) -> usize {
        self.slots_offset as usize
    }

    #[inline(always)]
    pub fn inline_slots(&self) -> usize {
        self.inline_slots as usize
    }

    #[inline(always)]
    pub fn n_slots(&self) -> usize {
        self.n_slots as usize
    }

    #[inline(always)]
    pub fn has_dict(&self) -> bool {
        self.flags & HAS_DICT != 0
    }

    #[inline(always)]
    pub fn is_dict_mode(&self) -> bool {
        self.flags & DICT_MODE != 0
    }

    /// The shape before the last name was added, or lost.
    pub fn parent(&self) -> ShapeId {
        self.parent
    }

    /// The slot of `name`, an interned string.
    pub fn lookup(&self, name: Gc<Str>) -> Option<usize> {
        if self.n_slots == 0 {
            return None;
        }
        // SAFETY: tables belong to the shape space and live as long as their shapes.
        let table = unsafe { &*self.table };
        let names = table.names.borrow();
        let n = self.n_slots();
        if n <= LINEAR {
            return names[..n].iter().position(|&w| w == name.word());
        }
        let mut index = table.index.borrow_mut();
        if index.len() < names.len() {
            index.extend(names.iter().enumerate().filter(|(_, w)| **w != 0).map(|(i, &w)| (w, i as u16)));
        }
        index.get(&name.word()).map(|&i| i as usize).filter(|&i| i < n)
    }

    /// The name in slot `i`; `None` for a reserved slot, and for one whose attribute was deleted.
    pub fn name_at(&self, i: usize) -> Option<Gc<Str>> {
        // SAFETY: as in `lookup`.
        let word = unsafe { &*self.table }.names.borrow()[i];
        // SAFETY: only interned strings are stored, and `trace` keeps them alive.
        if word == 0 { None } else { Some(unsafe { Gc::from_word_unchecked(word) }) }
    }

    /// Slot 0's byte offset plus `i` slots, when slot `i` is inside the object.
    #[inline(always)]
    pub fn inline_offset(&self, i: usize) -> Option<usize> {
        if i < self.inline_slots() { Some(self.slots_offset() + i * 8) } else { None }
    }

    /// The child that adds `name`, when it exists already.
    pub fn existing_child(&self, name: Gc<Str>) -> Option<ShapeId> {
        self.existing(name.word())
    }

    fn existing(&self, step: Word) -> Option<ShapeId> {
        match &*self.transitions.borrow() {
            Transitions::None => None,
            Transitions::One(one, id) => (*one == step).then_some(*id),
            Transitions::Many(map) => map.get(&step).copied(),
        }
    }

    fn add_transition(&self, step: Word, to: ShapeId) {
        let mut transitions = self.transitions.borrow_mut();
        match &mut *transitions {
            Transitions::None => *transitions = Transitions::One(step, to),
            Transitions::One(other, id) => {
                *transitions = Transitions::Many(HashMap::from([(*other, *id), (step, to)]));
            }
            Transitions::Many(map) => {
                map.insert(step, to);
            }
        }
    }

    /// A shape like this one, without relatives of its own.
    fn relative(&self) -> Shape {
        Shape {
            class: Cell::new(self.class.get()),
            epoch: Cell::new(0),
            name: Cell::new(0),
            transitions: RefCell::default(),
            dict_twin: Cell::new(0),
            ..*self
        }
    }

    /// Keep the class (and the names) alive; once a full collection.
    #[inline(always)]
    pub fn trace(&self, tracer: &mut Tracer) {
        if self.epoch.get() != tracer.epoch() {
            self.epoch.set(tracer.epoch());
            self.trace_slow(tracer);
        }
    }

    #[cold]
    fn trace_slow(&self, tracer: &mut Tracer) {
        tracer.word(self.class.get());
        if !self.table.is_null() {
            // SAFETY: as in `lookup`.
            for &word in unsafe { &*self.table }.names.borrow().iter() {
                tracer.word(word);
            }
        }
    }
}

/// The shapes of one VM.
pub struct ShapeSpace {
    region: MetadataRegion,
    // Boxed: shapes hold the tables' addresses.
    #[allow(clippy::vec_box, reason = "shapes point at the tables, which must not move")]
    tables: RefCell<Vec<Box<PropertyTable>>>,
    n_shapes: Cell<usize>,
}

impl ShapeSpace {
    pub fn new(region: MetadataRegion) -> ShapeSpace {
        ShapeSpace { region, tables: RefCell::default(), n_shapes: Cell::new(0) }
    }

    fn add(&self, shape: Shape) -> ShapeId {
        let id = self.region.alloc(size_of::<Shape>(), align_of::<Shape>());
        // SAFETY: fresh, aligned, exclusive memory of the metadata region.
        unsafe { std::ptr::write(id as usize as *mut Shape, shape) };
        self.n_shapes.set(self.n_shapes.get() + 1);
        ShapeId(id)
    }

    fn new_table(&self, names: Vec<Word>) -> *const PropertyTable {
        let table = Box::new(PropertyTable { names: RefCell::new(names), index: RefCell::default() });
        let pointer = &raw const *table;
        self.tables.borrow_mut().push(table);
        pointer
    }

    /// A new tree's root for instances of `class`.
    pub fn root(&self, class: Word, layout: RootLayout) -> ShapeId {
        let slots_offset = layout.base_size + if layout.has_dict { 8 } else { 0 };
        let inline = layout.inline_slots.max(layout.reserved_slots);
        let size = (slots_offset + inline * 8).next_multiple_of(16);
        let table = self.new_table(vec![0; layout.reserved_slots]);
        self.add(Shape {
            class: Cell::new(class),
            epoch: Cell::new(0),
            instance_size: size as u32,
            slots_offset: slots_offset as u16,
            inline_slots: inline as u16,
            n_slots: layout.reserved_slots as u16,
            kind: layout.kind as u8,
            flags: if layout.has_dict { HAS_DICT } else { 0 },
            parent: ShapeId::NONE,
            name: Cell::new(0),
            table,
            transitions: RefCell::default(),
            dict_twin: Cell::new(0),
        })
    }

    /// The class of a shape made before its class existed (start-up only).
    pub fn set_class(&self, id: ShapeId, class: Gc<Class>) {
        id.get().class.set(class.word());
    }

    /// The shape of an instance of `id` that gains `name` (interned). `None` when instances with so many names should
    /// go to dict mode.
    pub fn child(&self, id: ShapeId, name: Gc<Str>) -> Option<ShapeId> {
        let shape = id.get();
        if let Some(child) = shape.existing_child(name) {
            return Some(child);
        }
        if shape.n_slots() >= MAX_SLOTS {
            return None;
        }
        // SAFETY: tables live as long as the space.
        let table = unsafe { &*shape.table };
        let table = if table.names.borrow().len() == shape.n_slots() {
            table.names.borrow_mut().push(name.word());
            shape.table
        } else {
            let mut names = table.names.borrow()[..shape.n_slots()].to_vec();
            names.push(name.word());
            self.new_table(names)
        };
        let child =
            Shape { n_slots: shape.n_slots + 1, parent: id, name: Cell::new(name.word()), table, ..shape.relative() };
        let child = self.add(child);
        shape.add_transition(name.word(), child);
        Some(child)
    }

    /// The shape of an instance of `id` that loses `name`, which is in `slot`: the slot stays, without a name. `None` when
    /// instances that lose so many names should go to dict mode.
    pub fn without(&self, id: ShapeId, name: Gc<Str>, slot: usize) -> Option<ShapeId> {
        let shape = id.get();
        if shape.name.get() == name.word() && slot + 1 == shape.n_slots() {
            return Some(shape.parent);
        }
        // Names are aligned: the lowest bit tells a loss from a gain.
        let step = name.word() | 1;
        if let Some(lesser) = shape.existing(step) {
            return Some(lesser);
        }
        // SAFETY: tables live as long as the space.
        let mut names = unsafe { &*shape.table }.names.borrow()[..shape.n_slots()].to_vec();
        names[slot] = 0;
        if names.iter().filter(|&&name| name == 0).count() > MAX_NAMELESS {
            return None;
        }
        let table = self.new_table(names);
        let lesser = self.add(Shape { parent: id, table, ..shape.relative() });
        shape.add_transition(step, lesser);
        Some(lesser)
    }

    /// The shape of the same instance once its attributes live in a dict: only reserved slots remain.
    pub fn dict_mode(&self, id: ShapeId) -> ShapeId {
        let shape = id.get();
        if shape.is_dict_mode() {
            return id;
        }
        let mut root = id;
        while root.get().parent != ShapeId::NONE {
            root = root.get().parent;
        }
        let root = root.get();
        if root.dict_twin.get() == 0 {
            let twin = self.add(Shape { flags: root.flags | DICT_MODE, ..root.relative() });
            root.dict_twin.set(twin.raw());
        }
        ShapeId(root.dict_twin.get())
    }

    pub fn n_shapes(&self) -> usize {
        self.n_shapes.get()
    }
}
