//! Small layouts of built-in types: iterators, views, descriptors, modules. Their methods are `runtime`'s.

use crate::array::Array;
use crate::bytes::Bytes;
use crate::call::{GetSetDef, NativeDef};
use crate::class::Class;
use crate::cx::Heap;
use crate::dict::Dict;
use crate::gc::{Gc, GcSlot, PlainData, Slot, heap_object};
use crate::set::Set;
use crate::string::Str;
use crate::tuple::Tuple;
use crate::value::Value;
use heap::Header;
use std::cell::Cell;

heap_object! {
    pub struct Slice: Slice {
        pub start: Slot,
        pub stop: Slot,
        pub step: Slot,
    }
}

heap_object! {
    /// Bounds and length as Python ints.
    pub struct Range: Range {
        pub start: Slot,
        pub stop: Slot,
        pub step: Slot,
        pub length: Slot,
    }
}

heap_object! {
    /// A range iterator whose numbers fit in machine words.
    pub struct RangeIter: RangeIter {
        pub next: Cell<i64>,
        pub step: Cell<i64>,
        pub remaining: Cell<i64>,
    }
}

heap_object! {
    /// A range iterator over big ints: `start + index * step` for `index < length`.
    pub struct LongRangeIter: LongRangeIter {
        pub start: Slot,
        pub step: Slot,
        pub length: Slot,
        pub index: Slot,
    }
}

heap_object! {
    pub struct Enumerate: Enumerate {
        pub iterator: Slot,
        pub index: Slot,
    }
}

heap_object! {
    pub struct Zip: Zip {
        /// The iterators.
        pub iterators: GcSlot<Tuple>,
        pub strict: Cell<bool>,
    }
}

heap_object! {
    pub struct Map: Map {
        pub function: Slot,
        pub iterators: GcSlot<Tuple>,
        pub strict: Cell<bool>,
    }
}

heap_object! {
    pub struct Filter: Filter {
        pub function: Slot,
        pub iterator: Slot,
    }
}

heap_object! {
    /// `reversed` of a sequence, and of a list; `index` counts down to -1.
    pub struct ReversedIter: ReversedIter {
        pub sequence: Slot,
        pub index: Cell<i64>,
    }
}

heap_object! {
    /// Iterates by `__getitem__` with 0, 1, 2 …
    pub struct SequenceIter: SequenceIter {
        pub sequence: Slot,
        pub index: Cell<i64>,
    }
}

heap_object! {
    /// `iter(callable, sentinel)`.
    pub struct CallableIter: CallableIter {
        pub callable: Slot,
        pub sentinel: Slot,
    }
}

heap_object! {
    pub struct StrIter: StrIter {
        pub string: GcSlot<Str>,
        pub index: Cell<usize>,
    }
}

heap_object! {
    /// Over `bytes` or `bytearray`.
    pub struct BytesIter: BytesIter {
        pub bytes: Slot,
        pub index: Cell<usize>,
    }
}

heap_object! {
    pub struct SetIter: SetIter {
        /// Empty once exhausted.
        pub set: GcSlot<Set>,
        /// Next table slot.
        pub slot: Cell<usize>,
        /// Length at the start: a change is an error.
        pub expected: Cell<usize>,
        pub remaining: Cell<usize>,
    }
}

/// Which part of a dict a view or iterator shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum DictPart {
    Keys,
    Values,
    Items,
}
impl PlainData for DictPart {}

heap_object! {
    /// `keys()`, `values()`, `items()`.
    pub struct DictView: DictView {
        pub dict: GcSlot<Dict>,
        pub part: Cell<DictPart>,
    }
}

heap_object! {
    pub struct DictIter: DictIter {
        /// Empty once exhausted.
        pub dict: GcSlot<Dict>,
        pub part: Cell<DictPart>,
        pub reversed: Cell<bool>,
        /// Next entry (or one past it, when reversed).
        pub position: Cell<usize>,
        /// Length at the start: a change is an error.
        pub expected: Cell<usize>,
        pub remaining: Cell<usize>,
    }
}

heap_object! {
    /// `types.MappingProxyType`.
    pub struct MappingProxy: MappingProxy {
        pub mapping: Slot,
    }
}

heap_object! {
    /// `types.SimpleNamespace`: its attributes live behind the extra word.
    pub struct NamespaceObject: Namespace {}
}

heap_object! {
    /// A module; `dict` is a cell dict.
    pub struct Module: Module {
        pub dict: GcSlot<Dict>,
        /// Rust-side state of native modules.
        pub state: Slot,
    }
}

heap_object! {
    pub struct Property: Property {
        pub get: Slot,
        pub set: Slot,
        pub delete: Slot,
        pub doc: Slot,
        pub name: Slot,
        /// The doc came from the getter.
        pub getter_doc: Cell<bool>,
    }
}

heap_object! {
    pub struct StaticMethod: StaticMethod {
        pub function: Slot,
    }
}

heap_object! {
    pub struct ClassMethod: ClassMethod {
        pub function: Slot,
    }
}

heap_object! {
    pub struct Super: Super {
        pub class: Slot,
        pub object: Slot,
        pub object_class: Slot,
    }
}

heap_object! {
    /// A name of `__slots__`.
    pub struct MemberDescriptor: MemberDescriptor {
        pub class: GcSlot<Class>,
        pub name: GcSlot<Str>,
        pub slot: Cell<usize>,
        /// A field of a native class; Python code cannot set it.
        pub read_only: Cell<bool>,
    }
}

heap_object! {
    /// A computed attribute of a native type.
    pub struct GetSetDescriptor: GetSetDescriptor {
        pub class: GcSlot<Class>,
        pub def: Cell<&'static GetSetDef>,
    }
}
impl PlainData for &'static GetSetDef {}

heap_object! {
    /// A method of a native type, unbound.
    pub struct MethodDescriptor: MethodDescriptor {
        pub class: GcSlot<Class>,
        pub def: Cell<&'static NativeDef>,
    }
}

heap_object! {
    /// A slot of a native type as a dunder method.
    pub struct SlotWrapper: SlotWrapper {
        pub class: GcSlot<Class>,
        pub def: Cell<&'static NativeDef>,
    }
}

heap_object! {
    /// A slot wrapper bound to an object.
    pub struct MethodWrapper: MethodWrapper {
        pub wrapper: GcSlot<SlotWrapper>,
        pub this: Slot,
    }
}

heap_object! {
    /// `weakref.ref` and proxies. The target is not traced; the VM clears it.
    pub struct WeakRef: WeakRef {
        pub(crate) target: Cell<u64>,
        pub callback: Slot,
        pub hash: Cell<i64>,
    }
}

impl WeakRef {
    /// The target, while it is alive.
    pub fn target(&self) -> Option<Value> {
        Value::from_word(self.target.get()).bound()
    }
}

impl Heap {
    /// A weak reference to `target`, registered with the VM. `shape` tells references and proxies apart.
    pub fn weak_reference(&mut self, shape: crate::ShapeId, target: Value, callback: Value) -> Gc<WeakRef> {
        let reference = self.new_object(WeakRef {
            header: Header::new(shape.raw(), WeakRef::KIND as u8),
            target: Cell::new(0),
            callback: Slot::new(callback),
            hash: Cell::new(-1),
        });
        self.vm().lifetimes.register_weak(reference, target);
        reference
    }

    pub fn slice(&mut self, start: Value, stop: Value, step: Value) -> Gc<Slice> {
        let shape = self.shapes().slice;
        self.new_object(Slice {
            header: Header::new(shape.raw(), Slice::KIND as u8),
            start: Slot::new(start),
            stop: Slot::new(stop),
            step: Slot::new(step),
        })
    }

    pub fn range(&mut self, start: Value, stop: Value, step: Value, length: Value) -> Gc<Range> {
        let shape = self.shapes().range;
        self.new_object(Range {
            header: Header::new(shape.raw(), Range::KIND as u8),
            start: Slot::new(start),
            stop: Slot::new(stop),
            step: Slot::new(step),
            length: Slot::new(length),
        })
    }

    pub fn range_iter(&mut self, next: i64, step: i64, remaining: i64) -> Gc<RangeIter> {
        let shape = self.shapes().range_iterator;
        self.new_object(RangeIter {
            header: Header::new(shape.raw(), RangeIter::KIND as u8),
            next: Cell::new(next),
            step: Cell::new(step),
            remaining: Cell::new(remaining),
        })
    }

    pub fn long_range_iter(&mut self, start: Value, step: Value, length: Value) -> Gc<LongRangeIter> {
        let shape = self.shapes().longrange_iterator;
        self.new_object(LongRangeIter {
            header: Header::new(shape.raw(), LongRangeIter::KIND as u8),
            start: Slot::new(start),
            step: Slot::new(step),
            length: Slot::new(length),
            index: Slot::new(crate::value::Int::ZERO.value()),
        })
    }

    pub fn enumerate(&mut self, shape: crate::ShapeId, iterator: Value, index: Value) -> Gc<Enumerate> {
        let header = Header::new(shape.raw(), Enumerate::KIND as u8);
        self.new_object(Enumerate { header, iterator: Slot::new(iterator), index: Slot::new(index) })
    }

    pub fn zip(&mut self, shape: crate::ShapeId, iterators: Gc<Tuple>, strict: bool) -> Gc<Zip> {
        let header = Header::new(shape.raw(), Zip::KIND as u8);
        self.new_object(Zip { header, iterators: GcSlot::of(iterators), strict: Cell::new(strict) })
    }

    pub fn map(&mut self, shape: crate::ShapeId, function: Value, iterators: Gc<Tuple>, strict: bool) -> Gc<Map> {
        let header = Header::new(shape.raw(), Map::KIND as u8);
        self.new_object(Map {
            header,
            function: Slot::new(function),
            iterators: GcSlot::of(iterators),
            strict: Cell::new(strict),
        })
    }

    pub fn filter(&mut self, shape: crate::ShapeId, function: Value, iterator: Value) -> Gc<Filter> {
        let header = Header::new(shape.raw(), Filter::KIND as u8);
        self.new_object(Filter { header, function: Slot::new(function), iterator: Slot::new(iterator) })
    }

    /// `shape` tells `reversed` from `list_reverseiterator`.
    pub fn reversed_iter(&mut self, shape: crate::ShapeId, sequence: Value, index: i64) -> Gc<ReversedIter> {
        let header = Header::new(shape.raw(), ReversedIter::KIND as u8);
        self.new_object(ReversedIter { header, sequence: Slot::new(sequence), index: Cell::new(index) })
    }

    pub fn sequence_iter(&mut self, sequence: Value) -> Gc<SequenceIter> {
        let shape = self.shapes().iterator;
        self.new_object(SequenceIter {
            header: Header::new(shape.raw(), SequenceIter::KIND as u8),
            sequence: Slot::new(sequence),
            index: Cell::new(0),
        })
    }

    pub fn callable_iter(&mut self, callable: Value, sentinel: Value) -> Gc<CallableIter> {
        let shape = self.shapes().callable_iterator;
        self.new_object(CallableIter {
            header: Header::new(shape.raw(), CallableIter::KIND as u8),
            callable: Slot::new(callable),
            sentinel: Slot::new(sentinel),
        })
    }

    pub fn str_iter(&mut self, string: Gc<Str>) -> Gc<StrIter> {
        let shapes = self.shapes();
        let shape = if string.is_ascii() { shapes.str_ascii_iterator } else { shapes.str_iterator };
        self.new_object(StrIter {
            header: Header::new(shape.raw(), StrIter::KIND as u8),
            string: GcSlot::of(string),
            index: Cell::new(0),
        })
    }

    /// `shape` tells the iterators of `bytes` and `bytearray` apart.
    pub fn bytes_iter(&mut self, shape: crate::ShapeId, bytes: Value) -> Gc<BytesIter> {
        let header = Header::new(shape.raw(), BytesIter::KIND as u8);
        self.new_object(BytesIter { header, bytes: Slot::new(bytes), index: Cell::new(0) })
    }

    pub fn set_iter(&mut self, set: Gc<Set>) -> Gc<SetIter> {
        let shape = self.shapes().set_iterator;
        self.new_object(SetIter {
            header: Header::new(shape.raw(), SetIter::KIND as u8),
            set: GcSlot::of(set),
            slot: Cell::new(0),
            expected: Cell::new(set.len()),
            remaining: Cell::new(set.len()),
        })
    }

    pub fn dict_view(&mut self, dict: Gc<Dict>, part: DictPart) -> Gc<DictView> {
        let shapes = self.shapes();
        let shape = match part {
            DictPart::Keys => shapes.dict_keys,
            DictPart::Values => shapes.dict_values,
            DictPart::Items => shapes.dict_items,
        };
        self.new_object(DictView {
            header: Header::new(shape.raw(), DictView::KIND as u8),
            dict: GcSlot::of(dict),
            part: Cell::new(part),
        })
    }

    pub fn dict_iter(&mut self, dict: Gc<Dict>, part: DictPart, reversed: bool) -> Gc<DictIter> {
        let shapes = self.shapes();
        let shape = match (part, reversed) {
            (DictPart::Keys, false) => shapes.dict_keyiterator,
            (DictPart::Values, false) => shapes.dict_valueiterator,
            (DictPart::Items, false) => shapes.dict_itemiterator,
            (DictPart::Keys, true) => shapes.dict_reversekeyiterator,
            (DictPart::Values, true) => shapes.dict_reversevalueiterator,
            (DictPart::Items, true) => shapes.dict_reverseitemiterator,
        };
        self.new_object(DictIter {
            header: Header::new(shape.raw(), DictIter::KIND as u8),
            dict: GcSlot::of(dict),
            part: Cell::new(part),
            reversed: Cell::new(reversed),
            position: Cell::new(if reversed { dict.n_entries() } else { 0 }),
            expected: Cell::new(dict.len()),
            remaining: Cell::new(dict.len()),
        })
    }

    pub fn mapping_proxy(&mut self, mapping: Value) -> Gc<MappingProxy> {
        let shape = self.shapes().mappingproxy;
        self.new_object(MappingProxy {
            header: Header::new(shape.raw(), MappingProxy::KIND as u8),
            mapping: Slot::new(mapping),
        })
    }

    pub fn namespace(&mut self, shape: crate::ShapeId) -> Gc<NamespaceObject> {
        self.new_object(NamespaceObject { header: Header::new(shape.raw(), NamespaceObject::KIND as u8) })
    }

    /// A module with this cell dict; the caller fills in `__name__` and the like.
    pub fn module(&mut self, shape: crate::ShapeId, dict: Gc<Dict>) -> Gc<Module> {
        let header = Header::new(shape.raw(), Module::KIND as u8);
        self.new_object(Module { header, dict: GcSlot::of(dict), state: Slot::new(Value::UNBOUND) })
    }

    pub fn property(&mut self, shape: crate::ShapeId) -> Gc<Property> {
        self.new_object(Property {
            header: Header::new(shape.raw(), Property::KIND as u8),
            get: Slot::new(Value::NONE),
            set: Slot::new(Value::NONE),
            delete: Slot::new(Value::NONE),
            doc: Slot::new(Value::NONE),
            name: Slot::new(Value::UNBOUND),
            getter_doc: Cell::new(false),
        })
    }

    pub fn static_method(&mut self, shape: crate::ShapeId, function: Value) -> Gc<StaticMethod> {
        let header = Header::new(shape.raw(), StaticMethod::KIND as u8);
        self.new_object(StaticMethod { header, function: Slot::new(function) })
    }

    pub fn class_method(&mut self, shape: crate::ShapeId, function: Value) -> Gc<ClassMethod> {
        let header = Header::new(shape.raw(), ClassMethod::KIND as u8);
        self.new_object(ClassMethod { header, function: Slot::new(function) })
    }

    pub fn super_object(
        &mut self,
        shape: crate::ShapeId,
        class: Value,
        object: Value,
        object_class: Value,
    ) -> Gc<Super> {
        self.new_object(Super {
            header: Header::new(shape.raw(), Super::KIND as u8),
            class: Slot::new(class),
            object: Slot::new(object),
            object_class: Slot::new(object_class),
        })
    }

    pub fn member_descriptor(&mut self, class: Gc<Class>, name: Gc<Str>, slot: usize) -> Gc<MemberDescriptor> {
        let shape = self.shapes().member_descriptor;
        self.new_object(MemberDescriptor {
            header: Header::new(shape.raw(), MemberDescriptor::KIND as u8),
            class: GcSlot::of(class),
            name: GcSlot::of(name),
            slot: Cell::new(slot),
            read_only: Cell::new(false),
        })
    }

    pub fn getset_descriptor(&mut self, class: Gc<Class>, def: &'static GetSetDef) -> Gc<GetSetDescriptor> {
        let shape = self.shapes().getset_descriptor;
        self.new_object(GetSetDescriptor {
            header: Header::new(shape.raw(), GetSetDescriptor::KIND as u8),
            class: GcSlot::of(class),
            def: Cell::new(def),
        })
    }

    /// `shape` tells `method_descriptor` from `classmethod_descriptor`.
    pub fn method_descriptor(
        &mut self,
        shape: crate::ShapeId,
        class: Gc<Class>,
        def: &'static NativeDef,
    ) -> Gc<MethodDescriptor> {
        self.new_object(MethodDescriptor {
            header: Header::new(shape.raw(), MethodDescriptor::KIND as u8),
            class: GcSlot::of(class),
            def: Cell::new(def),
        })
    }

    pub fn slot_wrapper(&mut self, class: Gc<Class>, def: &'static NativeDef) -> Gc<SlotWrapper> {
        let shape = self.shapes().wrapper_descriptor;
        self.new_object(SlotWrapper {
            header: Header::new(shape.raw(), SlotWrapper::KIND as u8),
            class: GcSlot::of(class),
            def: Cell::new(def),
        })
    }

    pub fn method_wrapper(&mut self, wrapper: Gc<SlotWrapper>, this: Value) -> Gc<MethodWrapper> {
        let shape = self.shapes().method_wrapper;
        self.new_object(MethodWrapper {
            header: Header::new(shape.raw(), MethodWrapper::KIND as u8),
            wrapper: GcSlot::of(wrapper),
            this: Slot::new(this),
        })
    }
}

/// Bytes or the content of a bytearray, for iteration.
pub fn byte_at(value: Value, i: usize) -> Option<u8> {
    if let Some(b) = value.downcast::<Bytes>() {
        return b.as_slice().get(i).copied();
    }
    value.cast::<crate::bytes::ByteArray>()?.data.borrow().get(i).copied()
}

/// Unused capacity marker for arrays handed to native code.
pub type ValueArray = Gc<Array>;
