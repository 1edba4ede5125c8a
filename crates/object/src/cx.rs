//! The context of a running thread, the heap as native code sees it, and the state that all threads of a VM share.
//!
//! Effects are visible in signatures: no context = cannot allocate or run Python; `&mut Heap` = may allocate; `&mut Cx` =
//! may run Python. Nothing reaches the interpreter through a global, so that several VMs live in one process.

use crate::attribute_cache::AttributeCache;
use crate::bytes::Bytes;
use crate::class::{Class, PyResult};
use crate::dict::Dict;
use crate::exception::Exception;
use crate::frame::{FRAME_WORDS, Frame, FrameOwner, FrameRef};
use crate::function::Function;
use crate::gc::{Gc, Object, RootCells, RootVec};
use crate::generator::Generator;
use crate::hash::AddressHasher;
use crate::instance::Instance;
use crate::interner::Interner;
use crate::kind::KINDS;
use crate::lifetime::Lifetimes;
use crate::list::List;
use crate::names::Names;
use crate::native::{StateKey, TypeSpec};
use crate::shape::{RootLayout, ShapeId, ShapeSpace};
use crate::string::Str;
use crate::tuple::Tuple;
use crate::types::{GLOBAL_CELL, Shapes, Types};
use crate::value::Value;
use heap::{CollectionStats, Config, DataStack, Header, Hooks, MetadataRegion, OutOfMemory, SharedHeap, Tracer};
use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::rc::{Rc, Weak};
use std::sync::Arc;

/// Proof that an exception is set in the context. Made by [`Cx::raise`] alone.
#[derive(Debug)]
#[must_use]
pub struct Raised(());

/// The heap as native code sees it: allocation, the built-in types and names.
#[repr(C)]
pub struct Heap {
    pub raw: heap::Heap,
    vm: NonNull<Vm>,
}

impl Heap {
    /// What all threads share.
    #[inline(always)]
    pub fn vm<'a>(&self) -> &'a Vm {
        // SAFETY: the VM outlives the contexts of its threads, and what is called with a context ends before it.
        unsafe { self.vm.as_ref() }
    }

    #[inline(always)]
    pub fn types<'a>(&self) -> &'a Types {
        // SAFETY: filled when the VM is made, before anyone has a context (`Vm::start`).
        unsafe { self.vm().types.get().unwrap_unchecked() }
    }

    #[inline(always)]
    pub fn shapes<'a>(&self) -> &'a Shapes {
        // SAFETY: filled when the VM is made, before anyone has a context (`Vm::start`).
        unsafe { self.vm().shapes.get().unwrap_unchecked() }
    }

    #[inline(always)]
    pub fn names<'a>(&self) -> &'a Names {
        // SAFETY: filled when the VM is made, before anyone has a context (`Vm::start`).
        unsafe { self.vm().names.get().unwrap_unchecked() }
    }

    /// Memory of any size, zeroed behind the header.
    #[inline(always)]
    pub fn allocate(&mut self, size: usize, shape: u32, kind: u8) -> Result<NonNull<Header>, OutOfMemory> {
        if size <= heap::LARGE_OBJECT {
            Ok(self.raw.allocate(size, shape, kind))
        } else {
            self.raw.allocate_large(size, shape, kind)
        }
    }

    /// Move a layout (whose header is filled in) onto the heap. The object gets the size that its shape says: slots
    /// behind the fixed part are unbound.
    #[inline(always)]
    pub fn new_object<T: Object>(&mut self, init: T) -> Gc<T> {
        // SAFETY: every `Object` starts with a header.
        let header = unsafe { &*(&raw const init as *const Header) };
        let (shape, kind) = (header.shape(), header.kind());
        let size = ShapeId::from_raw(shape).get().instance_size();
        debug_assert!(size >= size_of::<T>());
        let object = self.raw.allocate(size, shape, kind).cast::<T>();
        // SAFETY: fresh memory of at least the layout's size; no collection happens before it is written.
        unsafe {
            object.as_ptr().write(init);
            Gc::from_word_unchecked(object.as_ptr() as u64)
        }
    }

    /// The interned string of this text.
    pub fn intern(&mut self, text: &str) -> Gc<Str> {
        if let Some(s) = self.vm().interner.borrow().find(text) {
            return s;
        }
        let s = Str::from_utf8(self, text).expect("identifiers are small");
        self.intern_str(s)
    }

    /// The interned string equal to `s`, which becomes it when there is none.
    #[inline]
    pub fn intern_str(&mut self, s: Gc<Str>) -> Gc<Str> {
        if s.is_interned() { s } else { self.vm().interner.borrow_mut().intern(s) }
    }

    /// A string of UTF-8 text; sizes that fit a Rust string on this machine always fit the heap's reserve.
    pub fn str(&mut self, text: &str) -> Value {
        Str::from_utf8(self, text).expect("text built by the runtime is small").value()
    }

    /// A new tuple of a few values.
    pub fn tuple(&mut self, items: &[Value]) -> Gc<Tuple> {
        Tuple::new(self, items).expect("a few values")
    }

    /// A new list of a few values.
    pub fn list(&mut self, items: &[Value]) -> Gc<List> {
        List::new(self, items).expect("a few values")
    }

    pub fn bytes(&mut self, data: &[u8]) -> Result<Gc<Bytes>, OutOfMemory> {
        Bytes::new(self, data)
    }
}

/// Runs a frame to its end; installed by the interpreter.
pub type RunFrame = fn(&mut Cx, FrameRef) -> PyResult;

/// One thread's context.
#[repr(C)]
pub struct Cx {
    pub heap: Heap,
    /// The innermost frame.
    frame: Cell<Option<FrameRef>>,
    /// First free word of the data stack.
    stack_top: Cell<*mut Value>,
    stack_end: *mut Value,
    /// Native stack below this address raises RecursionError.
    native_limit: Cell<usize>,
    /// Python frames that may still be pushed before RecursionError.
    remaining_depth: Cell<i64>,
    /// The exception being raised, or unbound.
    raised: Cell<Value>,
    /// The exception being handled by the innermost generator or by the thread, or unbound.
    handled: Cell<Value>,
    /// The running generator whose `handled` is above; unbound = the thread's own.
    handled_owner: Cell<Option<Gc<Generator>>>,
    run_frame: Cell<Option<RunFrame>>,
    /// The iterator that has ended last with a value, and the value.
    stopped: Cell<Value>,
    stop_value: Cell<Value>,
    /// Thread functions of `sys.settrace` and `sys.setprofile`.
    pub trace_function: Cell<Value>,
    pub profile_function: Cell<Value>,
    /// The number of the event of which one of them is being told (`runtime::tracing`); 0 = none.
    pub trace_event: Cell<u8>,
    /// The current `contextvars` context.
    pub context: Cell<Value>,
    /// Hooks of async generators.
    pub async_gen_firstiter: Cell<Value>,
    pub async_gen_finalizer: Cell<Value>,
    /// Coroutine origin tracking depth.
    pub origin_depth: Cell<i64>,
    /// `id`s of containers whose `repr` is under way.
    pub repr_stack: RefCell<Vec<u64>>,
    pub thread_id: Cell<u64>,
    /// This thread started the VM.
    pub is_main_thread: Cell<bool>,
    recursion_limit: Cell<i64>,
    stack: DataStack,
}

/// What all threads of a VM share.
pub struct Vm {
    types: OnceCell<Types>,
    shapes: OnceCell<Shapes>,
    names: OnceCell<Names>,
    interner: RefCell<Interner>,
    empty_tuple: Cell<Option<Gc<Tuple>>>,
    empty_str: Cell<Option<Gc<Str>>>,
    empty_bytes: Cell<Option<Gc<Bytes>>>,
    /// Some tool of `sys.monitoring` wants events.
    pub monitored: Cell<bool>,
    latin1: RefCell<Vec<u64>>,
    shared_heap: Arc<SharedHeap>,
    roots: RefCell<Vec<Weak<RootCells>>>,
    threads: RefCell<Vec<*const Cx>>,
    pub lifetimes: Lifetimes,
    /// `sys.modules`.
    pub modules: Cell<Value>,
    /// The dict of `builtins`.
    pub builtins: Cell<Option<Gc<Dict>>>,
    pub sys_module: Cell<Value>,
    /// Next class version and function version.
    pub next_class_version: Cell<u32>,
    pub next_function_version: Cell<u32>,
    /// Entries `(class version, name, value)` of the method cache.
    pub method_cache: RefCell<Vec<(u32, u64, u64)>>,
    pub attribute_cache: AttributeCache,
    /// Classes of native type definitions outside the built-in list, by the definition's index; 0 = not made.
    native_classes: RefCell<Vec<u64>>,
    /// A collection has run since the built-in types were made.
    types_are_old: Cell<bool>,
    /// Rust-side state of the runtime's parts and of native modules, by type.
    extensions: RefCell<HashMap<std::any::TypeId, Rc<dyn Any>, AddressHasher>>,
    /// The same by the index of a [`StateKey`].
    states: RefCell<Vec<Option<Rc<dyn Any>>>>,
    /// A thread other than the first has been started.
    pub multi_threaded: Cell<bool>,
    pub turn: Arc<crate::thread::Turn>,
    /// Tickets and arguments of threads that are starting or running (roots).
    pub(crate) starting: RefCell<Vec<(u64, u64)>>,
    pub(crate) next_ticket: Cell<u64>,
    /// Last, since the heap reads shapes while it goes down.
    shape_space: ShapeSpace,
}

/// Bits of the safepoint word.
pub mod safepoint {
    use heap::Safepoint;
    pub const MEMORY_PRESSURE: u32 = Safepoint::MEMORY_PRESSURE;
    pub const FINALIZERS: u32 = Safepoint::FIRST_VM_BIT;
    pub const SIGNALS: u32 = Safepoint::FIRST_VM_BIT << 1;
    pub const SWITCH_THREAD: u32 = Safepoint::FIRST_VM_BIT << 2;
    pub const ASYNC_EXCEPTION: u32 = Safepoint::FIRST_VM_BIT << 3;
    pub const PENDING_CALL: u32 = Safepoint::FIRST_VM_BIT << 4;
    /// Some thread is traced; stays set while it is.
    pub const TRACING: u32 = Safepoint::FIRST_VM_BIT << 5;
}

/// Entries of the method cache.
const METHOD_CACHE: usize = 4096;
/// Native stack kept free for unwinding and the code that reports the error.
const NATIVE_RESERVE: usize = 256 << 10;

impl Vm {
    #[inline(always)]
    pub fn shape_space(&self) -> &ShapeSpace {
        &self.shape_space
    }

    #[inline(always)]
    pub fn empty_tuple(&self) -> Gc<Tuple> {
        self.empty_tuple.get().expect("made at start-up")
    }

    #[inline(always)]
    pub fn empty_str(&self) -> Gc<Str> {
        self.empty_str.get().expect("made at start-up")
    }

    pub fn empty_bytes(&self) -> Option<Gc<Bytes>> {
        self.empty_bytes.get()
    }

    /// The one-character string of a Latin-1 code point.
    #[inline(always)]
    pub fn latin1_char(&self, c: u8) -> Gc<Str> {
        // SAFETY: the table is filled at start-up and is a root.
        unsafe { Gc::from_word_unchecked(self.latin1.borrow()[c as usize]) }
    }

    pub fn shared_heap(&self) -> &Arc<SharedHeap> {
        &self.shared_heap
    }

    pub fn types(&self) -> &Types {
        self.types.get().expect("types exist since start-up")
    }

    /// A list of values that Rust code may hold on to; scanned precisely.
    pub fn root_vec(&self) -> RootVec {
        let cells = Rc::new(RootCells::default());
        let mut roots = self.roots.borrow_mut();
        if roots.len() == roots.capacity() {
            roots.retain(|r| r.strong_count() > 0);
        }
        roots.push(Rc::downgrade(&cells));
        RootVec { cells }
    }

    /// State of type `T`, made by `make` on first use.
    pub fn extension<T: 'static>(&self, make: impl FnOnce() -> T) -> Rc<T> {
        let key = std::any::TypeId::of::<T>();
        if let Some(found) = self.extensions.borrow().get(&key) {
            return found.clone().downcast().expect("keyed by type");
        }
        let made: Rc<T> = Rc::new(make());
        self.extensions.borrow_mut().insert(key, made.clone());
        made
    }

    #[inline]
    pub fn native_class(&self, spec: &TypeSpec) -> Option<Gc<Class>> {
        let word = self.native_classes.borrow().get(spec.index.get()).copied().filter(|&word| word != 0)?;
        // SAFETY: only classes are stored, and they are roots.
        Some(unsafe { Gc::from_word_unchecked(word) })
    }

    pub fn set_native_class(&self, spec: &TypeSpec, class: Gc<Class>) {
        let (mut classes, index) = (self.native_classes.borrow_mut(), spec.index.get());
        if classes.len() <= index {
            classes.resize(index + 1, 0);
        }
        classes[index] = class.word();
    }

    /// State that is asked for so often that looking it up by its type takes too long, made by `make` on first use.
    #[inline]
    pub fn state<T: 'static>(&self, key: &'static StateKey<T>, make: impl FnOnce() -> T) -> Rc<T> {
        let found = self.states.borrow().get(key.0.get()).and_then(Clone::clone);
        match found {
            Some(found) => found.downcast().expect("a key has one type"),
            None => self.make_state(key, make),
        }
    }

    #[cold]
    fn make_state<T: 'static>(&self, key: &'static StateKey<T>, make: impl FnOnce() -> T) -> Rc<T> {
        let made = Rc::new(make());
        let (mut states, index) = (self.states.borrow_mut(), key.0.get());
        if states.len() <= index {
            states.resize(index + 1, None);
        }
        states[index] = Some(made.clone());
        made
    }

    /// In the child of a fork: contexts other than `own` are gone.
    pub(crate) fn forget_other_threads(&self, own: *const Cx) {
        self.threads.borrow_mut().retain(|&cx| cx == own);
        self.multi_threaded.set(false);
        self.starting.borrow_mut().clear();
    }

    /// Ids and innermost frames of the threads that have a context. The caller has the turn.
    pub fn thread_frames(&self) -> Vec<(u64, Option<FrameRef>)> {
        let threads = self.threads.borrow();
        // SAFETY: contexts unregister before they go; threads without the turn leave theirs alone.
        threads.iter().map(|&cx| unsafe { ((*cx).thread_id.get(), (*cx).frame()) }).collect()
    }

    /// Number of interned strings.
    pub fn n_interned(&self) -> usize {
        self.interner.borrow().len()
    }

    /// All native classes beyond the built-in list (roots).
    fn trace(&self, tracer: &mut Tracer) {
        let minor = tracer.is_minor();
        if let Some(types) = self.types.get().filter(|_| !minor || !self.types_are_old.replace(true)) {
            types.all().iter().for_each(|&(_, w)| tracer.word(w));
        }
        self.interner.borrow_mut().trace(tracer);
        self.latin1.borrow().iter().for_each(|&w| tracer.word(w));
        for word in [
            self.empty_tuple.get().map(Gc::word),
            self.empty_str.get().map(Gc::word),
            self.empty_bytes.get().map(Gc::word),
            self.builtins.get().map(Gc::word),
            Some(self.modules.get().word()),
            Some(self.sys_module.get().word()),
        ] {
            tracer.word(word.unwrap_or(0));
        }
        self.native_classes.borrow().iter().for_each(|&w| tracer.word(w));
        // Entries hold while their class has the name; nothing can die in between but what a full collection finds.
        if !minor {
            self.method_cache.borrow_mut().fill((0, 0, 0));
            self.attribute_cache.clear();
        }
        self.starting.borrow().iter().for_each(|&(_, w)| tracer.word(w));
        for root in self.roots.borrow().iter().filter_map(Weak::upgrade) {
            root.values.borrow().iter().for_each(|&w| tracer.word(w));
        }
        for &cx in self.threads.borrow().iter() {
            // SAFETY: contexts unregister before they go; all other threads are parked during a collection.
            unsafe { (*cx).trace(tracer) };
        }
    }
}

/// The collector's way into the VM.
struct VmHooks(NonNull<Vm>);

impl Hooks for VmHooks {
    fn roots(&self, tracer: &mut Tracer) {
        // SAFETY: the VM outlives its heap's collections.
        let vm = unsafe { self.0.as_ref() };
        vm.trace(tracer);
        vm.lifetimes.trace(tracer);
    }

    fn after_mark(&self, tracer: &mut Tracer, minor: bool) {
        // SAFETY: as above.
        unsafe { self.0.as_ref() }.lifetimes.after_mark(tracer, minor);
    }

    fn after_sweep(&self, _: &CollectionStats) {
        // SAFETY: as above.
        let vm = unsafe { self.0.as_ref() };
        if vm.lifetimes.has_pending() {
            vm.shared_heap.safepoint().request(safepoint::FINALIZERS);
        }
    }
}

/// Owns a VM's shared state; dropped after all its contexts.
pub struct VmHandle(NonNull<Vm>);

impl VmHandle {
    /// A VM with empty type objects, its first thread's context attached. `runtime::start` completes it.
    pub fn new(mut config: Config) -> Result<(VmHandle, Box<Cx>), OutOfMemory> {
        // The roots are only known once the start-up is through: until then nothing may be collected.
        let checks = std::mem::take(&mut config.checks);
        let region = MetadataRegion::new(MetadataRegion::DEFAULT_SIZE)?;
        let shared_heap = SharedHeap::new(config, &KINDS)?;
        let vm = NonNull::from(Box::leak(Box::new(Vm {
            types: OnceCell::new(),
            shapes: OnceCell::new(),
            names: OnceCell::new(),
            shape_space: ShapeSpace::new(region),
            interner: RefCell::default(),
            empty_tuple: Cell::new(None),
            empty_str: Cell::new(None),
            empty_bytes: Cell::new(None),
            monitored: Cell::new(false),
            latin1: RefCell::default(),
            shared_heap: shared_heap.clone(),
            roots: RefCell::default(),
            threads: RefCell::default(),
            lifetimes: Lifetimes::default(),
            modules: Cell::new(Value::UNBOUND),
            builtins: Cell::new(None),
            sys_module: Cell::new(Value::UNBOUND),
            next_class_version: Cell::new(1),
            next_function_version: Cell::new(1),
            method_cache: RefCell::new(vec![(0, 0, 0); METHOD_CACHE]),
            attribute_cache: AttributeCache::default(),
            native_classes: RefCell::default(),
            types_are_old: Cell::new(false),
            extensions: RefCell::default(),
            states: RefCell::default(),
            multi_threaded: Cell::new(false),
            turn: Arc::default(),
            starting: RefCell::default(),
            next_ticket: Cell::new(1),
        })));
        let handle = VmHandle(vm);
        let mut cx = handle.attach_thread()?;
        cx.bootstrap();
        shared_heap.install_hooks(Box::new(VmHooks(vm)));
        cx.heap.raw.set_checks(checks);
        Ok((handle, cx))
    }

    /// A context for the calling thread, which has the turn.
    pub fn attach_thread(&self) -> Result<Box<Cx>, OutOfMemory> {
        // SAFETY: the VM lives as long as its handle.
        let vm = unsafe { self.0.as_ref() };
        Cx::attach(vm)
    }

    pub fn vm(&self) -> &Vm {
        // SAFETY: as above.
        unsafe { self.0.as_ref() }
    }
}

impl Drop for VmHandle {
    fn drop(&mut self) {
        // SAFETY: as in `vm`.
        if !unsafe { self.0.as_ref() }.starting.borrow().is_empty() {
            // Threads still run (daemons at exit): the VM stays.
            return;
        }
        // SAFETY: the handle is the only owner; contexts hold the address but are dropped before (the `vm` crate keeps
        // them in front of the handle).
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

impl Cx {
    /// A context for the calling thread of `vm`; the thread has the turn.
    pub fn attach(vm: &Vm) -> Result<Box<Cx>, OutOfMemory> {
        let base = heap::current_stack_base();
        let stack = DataStack::new(DataStack::DEFAULT_SIZE)?;
        let here = &raw const stack as usize;
        let native_size = native_stack_size(base, here);
        let cx = Box::new(Cx {
            heap: Heap { raw: heap::Heap::attach(vm.shared_heap(), base), vm: NonNull::from(vm) },
            frame: Cell::new(None),
            stack_top: Cell::new(stack.base() as *mut Value),
            stack_end: stack.end() as *mut Value,
            native_limit: Cell::new(base - native_size + NATIVE_RESERVE),
            remaining_depth: Cell::new(DEFAULT_RECURSION_LIMIT),
            raised: Cell::new(Value::UNBOUND),
            handled: Cell::new(Value::UNBOUND),
            handled_owner: Cell::new(None),
            run_frame: Cell::new(None),
            stopped: Cell::new(Value::UNBOUND),
            stop_value: Cell::new(Value::UNBOUND),
            trace_function: Cell::new(Value::UNBOUND),
            profile_function: Cell::new(Value::UNBOUND),
            trace_event: Cell::new(0),
            context: Cell::new(Value::UNBOUND),
            async_gen_firstiter: Cell::new(Value::UNBOUND),
            async_gen_finalizer: Cell::new(Value::UNBOUND),
            origin_depth: Cell::new(0),
            repr_stack: RefCell::default(),
            thread_id: Cell::new(crate::system::thread_id()),
            is_main_thread: Cell::new(vm.threads.borrow().is_empty()),
            recursion_limit: Cell::new(DEFAULT_RECURSION_LIMIT),
            stack,
        });
        vm.threads.borrow_mut().push(&raw const *cx);
        Ok(cx)
    }

    /// Make the classes (empty), the shapes, the names and the small caches.
    fn bootstrap(&mut self) {
        let vm = self.heap.vm();
        let layout = |l: &crate::types::BuiltinLayout| RootLayout {
            kind: l.kind,
            base_size: l.size,
            has_dict: l.has_dict,
            reserved_slots: 0,
            inline_slots: 0,
        };
        // Classes of class `type`, whose own class pointer is patched in once it exists.
        let type_layout = RootLayout {
            kind: Class::KIND,
            base_size: size_of::<Class>(),
            has_dict: true,
            reserved_slots: 0,
            inline_slots: 0,
        };
        let type_shape = vm.shape_space.root(0, type_layout);
        let types = Types::build(|_, builtin| {
            let class = self.heap.new_object(Class::empty(type_shape));
            let shape = if builtin.kind == Class::KIND {
                type_shape
            } else {
                vm.shape_space.root(class.word(), layout(&builtin))
            };
            class.instance_shape.set(shape);
            class.instance_kind.set(builtin.kind);
            class.base_size.set(builtin.size as u32);
            if builtin.has_dict {
                class.set_trait(crate::class::traits::HAS_DICT, true);
            }
            class
        });
        vm.shape_space.set_class(type_shape, types.type_);
        let internal = vm.shape_space.root(
            types.object.word(),
            RootLayout {
                kind: Instance::KIND,
                base_size: size_of::<Instance>(),
                has_dict: false,
                reserved_slots: 0,
                inline_slots: 0,
            },
        );
        let global_cell = vm.shape_space.root(types.object.word(), layout(&GLOBAL_CELL));
        assert!(vm.shapes.set(types.shapes(internal, global_cell)).is_ok(), "start-up happens once");
        assert!(vm.types.set(types).is_ok(), "start-up happens once");
        vm.empty_tuple.set(Some(Tuple::bootstrap_empty(&mut self.heap)));
        let empty = Str::bootstrap(&mut self.heap, b"");
        vm.empty_str.set(Some(vm.interner.borrow_mut().intern(empty)));
        for c in 0..=255u8 {
            let s = Str::bootstrap(&mut self.heap, &[c]);
            vm.latin1.borrow_mut().push(vm.interner.borrow_mut().intern(s).word());
        }
        vm.empty_bytes.set(Some(Bytes::new(&mut self.heap, b"").expect("an empty object at start-up")));
        let names = Names::build(|text| self.heap.intern(text));
        assert!(vm.names.set(names).is_ok(), "start-up happens once");
    }

    #[inline(always)]
    pub fn vm<'a>(&self) -> &'a Vm {
        self.heap.vm()
    }

    #[inline(always)]
    pub fn types<'a>(&self) -> &'a Types {
        self.heap.types()
    }

    #[inline(always)]
    pub fn names<'a>(&self) -> &'a Names {
        self.heap.names()
    }

    /// The class of a value.
    #[inline(always)]
    pub fn class_of(&self, value: Value) -> Gc<Class> {
        if value.is_heap() {
            let header = value.header().expect("a heap pointer");
            return ShapeId::from_raw(header.shape()).get().class();
        }
        let types = self.types();
        if value.is_small_int() {
            types.int
        } else if value.is_immediate_float() {
            types.float
        } else {
            match value {
                Value::NONE => types.NoneType,
                Value::TRUE | Value::FALSE => types.bool,
                Value::ELLIPSIS => types.ellipsis,
                Value::NOT_IMPLEMENTED => types.NotImplementedType,
                Value::NO_DEFAULT => types.NoDefaultType,
                _ => types.object,
            }
        }
    }

    /// Whether `type(value)` is `class` or a subclass (no `__instancecheck__`).
    #[inline(always)]
    pub fn is_instance(&self, value: Value, class: Gc<Class>) -> bool {
        let actual = self.class_of(value);
        actual == class || actual.is_subclass_of(class)
    }

    /// The shape that guards see: the object's own, 0 for immediates.
    #[inline(always)]
    pub fn shape_of(value: Value) -> u32 {
        value.header().map_or(0, Header::shape)
    }

    /// Name `name` in the class or its bases, through the method cache.
    #[inline]
    pub fn lookup_class(&self, class: Gc<Class>, name: Gc<Str>) -> Option<Value> {
        let version = class.version.get();
        if version != 0 {
            let slot = method_cache_slot(version, name);
            let (v, n, value) = self.vm().method_cache.borrow()[slot];
            if v == version && n == name.word() {
                return Value::from_word(value).bound();
            }
        }
        self.lookup_class_slow(class, name)
    }

    #[cold]
    fn lookup_class_slow(&self, class: Gc<Class>, name: Gc<Str>) -> Option<Value> {
        let found = class.lookup_uncached(name);
        if name.is_interned() {
            if class.version.get() == 0 {
                let next = self.vm().next_class_version.get();
                self.vm().next_class_version.set(next.checked_add(1).expect("fewer than 2^32 class versions"));
                class.version.set(next);
            }
            let version = class.version.get();
            let word = found.unwrap_or(Value::UNBOUND).word();
            self.vm().method_cache.borrow_mut()[method_cache_slot(version, name)] = (version, name.word(), word);
        }
        found
    }

    // Exceptions.

    /// Set the exception being raised.
    #[cold]
    pub fn raise(&self, exception: Value) -> Raised {
        self.raised.set(exception);
        Raised(())
    }

    /// The exception being raised, taken out of the context. Handling it is the caller's business.
    pub fn take_raised(&self, raised: Raised) -> Value {
        let Raised(()) = raised;
        self.raised.replace(Value::UNBOUND)
    }

    /// The exception being raised, left in place.
    pub fn peek_raised(&self) -> Value {
        self.raised.get()
    }

    /// Whether an exception is being raised; the proof, if so.
    pub fn pending(&self) -> Option<Raised> {
        if self.raised.get().is_bound() { Some(Raised(())) } else { None }
    }

    /// Drop the exception that `raised` proves when it is an instance of `class`; give the proof back otherwise.
    pub fn catch(&self, raised: Raised, class: Gc<Class>) -> Result<(), Raised> {
        if self.raised_is(class) {
            self.take_raised(raised);
            Ok(())
        } else {
            Err(raised)
        }
    }

    /// Whether the exception being raised is an instance of `class`.
    pub fn raised_is(&self, class: Gc<Class>) -> bool {
        let exception = self.raised.get();
        exception.is_bound() && self.is_instance(exception, class)
    }

    /// The exception being handled by the innermost generator or thread itself; unbound = none.
    #[inline(always)]
    pub fn handled(&self) -> Value {
        self.handled.get()
    }

    #[inline(always)]
    pub fn set_handled(&self, exception: Value) {
        self.handled.set(exception);
    }

    /// The exception that `raise` and `sys.exception()` see: the innermost one being handled.
    pub fn current_handled(&self) -> Option<Gc<Exception>> {
        let (mut value, mut owner) = (self.handled.get(), self.handled_owner.get());
        while value.is_unbound() || value.is_none() {
            let generator = owner?;
            value = generator.outer_handled.get();
            owner = generator.outer_owner.get();
        }
        value.cast()
    }

    /// A generator starts to run: its handled exception becomes the innermost. What it keeps for its resumer is a root
    /// while it runs ([`Cx::trace`]), so that these stores need no barrier.
    #[inline(always)]
    pub fn enter_generator(&self, generator: Gc<Generator>) {
        generator.outer_handled.init(self.handled.get());
        generator.outer_owner.init_option(self.handled_owner.get());
        self.handled.set(generator.handled.get());
        self.handled_owner.set(Some(generator));
    }

    /// A generator stops running (yield, return, exception). Before anything can collect, the generator is logged
    /// ([`Gc::log_frame`]) or has finished.
    #[inline(always)]
    pub fn leave_generator(&self, generator: Gc<Generator>) {
        generator.handled.init(self.handled.get());
        self.handled.set(generator.outer_handled.get());
        self.handled_owner.set(generator.outer_owner.get());
        generator.outer_handled.clear();
        generator.outer_owner.init_option(None);
    }

    // Frames.

    #[inline(always)]
    pub fn frame(&self) -> Option<FrameRef> {
        self.frame.get()
    }

    #[inline(always)]
    pub fn set_frame(&self, frame: Option<FrameRef>) {
        self.frame.set(frame);
    }

    /// Room for a frame of `words` locals and stack values; `None` when the recursion limit or the stack's end is hit.
    #[inline(always)]
    pub fn reserve_frame(&self, words: usize) -> Option<*mut Frame> {
        let at = self.stack_top.get();
        // SAFETY: compared with the end before use; the reserved range is far from the address space's end.
        let end = unsafe { at.add(FRAME_WORDS + words) };
        let depth = self.remaining_depth.get();
        if end > self.stack_end || depth <= 0 {
            return None;
        }
        self.remaining_depth.set(depth - 1);
        self.stack_top.set(end);
        Some(at as *mut Frame)
    }

    /// A fresh frame on the data stack; `None` when the recursion limit or the stack's end is hit.
    #[inline(always)]
    pub fn push_frame(
        &self,
        code: Gc<crate::code::Code>,
        globals: Gc<Dict>,
        builtins: Gc<Dict>,
        function: Value,
        owner: FrameOwner,
    ) -> Option<FrameRef> {
        let at = self.reserve_frame(code.frame_words())?;
        // SAFETY: the memory was just reserved for this code.
        Some(unsafe { FrameRef::initialise(at, code, globals, builtins, function, owner) })
    }

    /// A frame for a call of `function`, whose parameters are just `args`, all positional; `None` when there are more or
    /// fewer, and as in `push_frame`.
    #[inline(always)]
    pub fn push_counted_frame(&self, function: Gc<Function>, args: &[Value], owner: FrameOwner) -> Option<FrameRef> {
        self.push_call(function, None, args, owner, 0)
    }

    /// As `push_counted_frame` for a call from Python, with `this`, when given, as the first argument: the frame starts
    /// behind its `RESUME`. `None` also when a safepoint is requested.
    #[inline(always)]
    pub fn push_exact_frame(
        &self,
        function: Gc<Function>,
        this: Option<Value>,
        args: &[Value],
        owner: FrameOwner,
    ) -> Option<FrameRef> {
        if self.is_safepoint_requested() {
            return None;
        }
        self.push_call(function, this, args, owner, function.code.expect().entry.get() as usize)
    }

    #[inline(always)]
    fn push_call(
        &self,
        function: Gc<Function>,
        this: Option<Value>,
        args: &[Value],
        owner: FrameOwner,
        first: usize,
    ) -> Option<FrameRef> {
        let code = function.code.expect();
        if this.is_some() as usize + args.len() != code.argcount as usize {
            return None;
        }
        let at = self.reserve_frame(code.frame_words())?;
        // SAFETY: the memory was just reserved for this code, and parameters are locals.
        Some(unsafe { FrameRef::initialise_call(at, function, code, this, args, owner, first) })
    }

    /// Give back the topmost frame's memory.
    #[inline(always)]
    pub fn release_frame(&self, frame: FrameRef) {
        debug_assert!(matches!(frame.owner(), FrameOwner::Call | FrameOwner::Entry | FrameOwner::Init));
        self.stack_top.set(frame.as_ptr() as *mut Value);
        self.remaining_depth.set(self.remaining_depth.get() + 1);
    }

    /// Count a generator's frame against the recursion limit; false when it is hit.
    #[inline(always)]
    pub fn enter_depth(&self) -> bool {
        let depth = self.remaining_depth.get();
        if depth <= 0 {
            return false;
        }
        self.remaining_depth.set(depth - 1);
        true
    }

    #[inline(always)]
    pub fn leave_depth(&self) {
        self.remaining_depth.set(self.remaining_depth.get() + 1);
    }

    pub fn recursion_limit(&self) -> i64 {
        self.recursion_limit.get()
    }

    /// Frames on the chain, as counted against the limit.
    pub fn depth(&self) -> i64 {
        self.recursion_limit.get() - self.remaining_depth.get()
    }

    pub fn set_recursion_limit(&self, limit: i64) {
        let used = self.depth();
        self.recursion_limit.set(limit);
        self.remaining_depth.set(limit - used);
    }

    /// Whether native code may recurse further.
    #[inline(always)]
    pub fn has_native_stack(&self) -> bool {
        let here = 0u8;
        (&raw const here as usize) > self.native_limit.get()
    }

    /// Bytes of native stack before recursion is refused.
    pub fn native_stack_left(&self) -> usize {
        let here = 0u8;
        (&raw const here as usize).saturating_sub(self.native_limit.get())
    }

    pub(crate) fn run_frame_hook(&self) -> Option<RunFrame> {
        self.run_frame.get()
    }

    /// `iterator` has ended, with this value for whoever delegated to it.
    pub fn set_stop_value(&self, iterator: Value, value: Value) {
        self.stopped.set(iterator);
        self.stop_value.set(value);
    }

    /// The value with which `iterator` has just ended; None when it gave none. Forgets it.
    pub fn take_stop_value(&self, iterator: Value) -> Value {
        let is_its = self.stopped.replace(Value::UNBOUND).is(iterator);
        let value = self.stop_value.replace(Value::UNBOUND).bound().unwrap_or(Value::NONE);
        if is_its { value } else { Value::NONE }
    }

    pub fn set_run_frame(&self, run: RunFrame) {
        self.run_frame.set(Some(run));
    }

    /// Run `frame`, an entry frame, to its end. The one way from native code into Python code.
    #[inline]
    pub fn run_frame(&mut self, frame: FrameRef) -> PyResult {
        let run = self.run_frame.get().expect("the interpreter is installed at start-up");
        run(self, frame)
    }

    /// The word to poll at back-edges and calls.
    #[inline(always)]
    pub fn is_safepoint_requested(&self) -> bool {
        self.heap.raw.safepoint().is_requested()
    }

    /// Whether somebody is told of this thread's events, and no such function runs.
    #[inline(always)]
    pub fn is_traced(&self) -> bool {
        let somebody =
            self.trace_function.get().is_bound() || self.profile_function.get().is_bound() || self.vm().monitored.get();
        somebody && self.trace_event.get() == 0
    }

    fn trace(&self, tracer: &mut Tracer) {
        for value in [
            &self.raised,
            &self.stopped,
            &self.stop_value,
            &self.handled,
            &self.trace_function,
            &self.profile_function,
            &self.context,
            &self.async_gen_firstiter,
            &self.async_gen_finalizer,
        ] {
            tracer.word(value.get().word());
        }
        tracer.word(self.handled_owner.get().map_or(0, Gc::word));
        let mut frame = self.frame.get();
        while let Some(f) = frame {
            f.trace(tracer);
            if matches!(f.owner(), FrameOwner::Generator | FrameOwner::GeneratorEntry) {
                let generator = Generator::of_frame(f);
                tracer.word(generator.word());
                tracer.word(generator.outer_handled.get().word());
                tracer.word(generator.outer_owner.get().map_or(0, Gc::word));
            }
            frame = f.previous.get();
        }
    }
}

impl Drop for Cx {
    fn drop(&mut self) {
        let own = &raw const *self;
        self.vm().threads.borrow_mut().retain(|&cx| cx != own);
        let _ = &self.stack;
    }
}

pub const DEFAULT_RECURSION_LIMIT: i64 = 1000;

/// Bytes of native stack that this thread has, given its base and an address in use: from the system's limit.
fn native_stack_size(base: usize, here: usize) -> usize {
    let used = base.saturating_sub(here);
    heap::current_stack_size().max(used + NATIVE_RESERVE)
}

fn method_cache_slot(version: u32, name: Gc<Str>) -> usize {
    (version as usize ^ (name.word() >> 4) as usize) % METHOD_CACHE
}
