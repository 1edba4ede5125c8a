//! Interpreter frames: records on a thread's data stack or inside a generator, and the frame objects that Python sees.
//!
//! A frame is a fixed part followed by the code's locals (cells and free variables among them) and its operand stack.
//! Calls from Python to Python push a frame and use no native stack.

use crate::array::Array;
use crate::code::Code;
use crate::cx::Cx;
use crate::dict::Dict;
use crate::function::Function;
use crate::gc::{Gc, GcSlot, Slot, heap_object};
use crate::generator::Generator;
use crate::value::Value;
use heap::{OutOfMemory, Tracer};
use std::cell::Cell;
use std::ptr::NonNull;

/// Who owns a frame's memory and what happens when it returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum FrameOwner {
    /// Called from Python: returning resumes `previous`.
    Call = 0,
    /// Entered from native code: returning leaves the interpreter loop.
    Entry = 1,
    /// Part of a generator object, resumed from Python.
    Generator = 2,
    /// Part of a generator object, resumed from native code: yielding leaves the interpreter loop.
    GeneratorEntry = 3,
    /// An `__init__` called for an instance that the caller's stack holds already: its result must be None.
    Init = 4,
}

/// The fixed part of a frame. Offsets are known to generated code.
#[repr(C)]
pub struct Frame {
    pub previous: Cell<Option<FrameRef>>,
    /// The instruction being executed, or the next one of a frame that is suspended in a call.
    pub ip: Cell<*const u16>,
    /// One past the top of the operand stack, saved before anything that may collect or raise.
    pub sp: Cell<*mut Value>,
    code: Cell<Gc<Code>>,
    pub globals: Cell<Gc<Dict>>,
    pub builtins: Cell<Gc<Dict>>,
    /// The function, or unbound for module and class bodies run by `exec`.
    pub function: Cell<Value>,
    /// The namespace of a module or class body; unbound for functions.
    pub namespace: Cell<Value>,
    /// The frame object, once somebody asked.
    pub object: Cell<Value>,
    /// Units to skip in the caller after a return.
    pub return_offset: Cell<u16>,
    owner: Cell<FrameOwner>,
    /// The unit whose events a trace function was told of last, and one; 0 = none.
    pub traced_unit: Cell<u32>,
}

/// A frame that is alive: on the chain of a running thread, or suspended in a generator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct FrameRef(NonNull<Frame>);

/// Words of the fixed part.
pub const FRAME_WORDS: usize = size_of::<Frame>() / 8;

impl std::ops::Deref for FrameRef {
    type Target = Frame;
    #[inline(always)]
    fn deref(&self) -> &Frame {
        // SAFETY: frames live on the data stack or in a generator while anything refers to them; all fields are cells.
        unsafe { self.0.as_ref() }
    }
}

impl FrameRef {
    /// # Safety
    /// `frame` points at an initialised frame that stays alive while the result is used.
    #[inline(always)]
    pub unsafe fn from_ptr(frame: *mut Frame) -> FrameRef {
        // SAFETY: the caller's promise.
        FrameRef(unsafe { NonNull::new_unchecked(frame) })
    }

    #[inline(always)]
    pub fn as_ptr(self) -> *mut Frame {
        self.0.as_ptr()
    }

    #[inline(always)]
    pub fn code(self) -> Gc<Code> {
        self.code.get()
    }

    #[inline(always)]
    pub fn owner(self) -> FrameOwner {
        self.owner.get()
    }

    #[inline(always)]
    pub fn set_owner(self, owner: FrameOwner) {
        self.owner.set(owner);
    }

    /// Local 0.
    #[inline(always)]
    pub fn locals_ptr(self) -> *mut Value {
        // SAFETY: the locals follow the fixed part.
        unsafe { self.0.as_ptr().add(1) as *mut Value }
    }

    /// The bottom of the operand stack.
    #[inline(always)]
    pub fn stack_base(self) -> *mut Value {
        // SAFETY: the operand stack follows the locals.
        unsafe { self.locals_ptr().add(self.code().n_localsplus as usize) }
    }

    /// Values on the operand stack, as of the last save.
    pub fn stack_depth(self) -> usize {
        // SAFETY: `sp` lies in this frame's stack.
        unsafe { self.sp.get().offset_from(self.stack_base()) as usize }
    }

    /// Local `i` (locals, cells, free variables).
    #[inline(always)]
    pub fn local(self, i: usize) -> Value {
        debug_assert!(i < self.code().n_localsplus as usize);
        // SAFETY: bytecode refers to locals below `n_localsplus` alone.
        unsafe { *self.locals_ptr().add(i) }
    }

    #[inline(always)]
    pub fn set_local(self, i: usize, value: Value) {
        debug_assert!(i < self.code().n_localsplus as usize);
        // SAFETY: as in `local`. Frames on the chain are roots; suspended ones are logged when they are suspended.
        unsafe { *self.locals_ptr().add(i) = value }
    }

    /// Push a value on the operand stack of a frame that is about to run.
    #[inline(always)]
    pub fn push(self, value: Value) {
        let sp = self.sp.get();
        debug_assert!(self.stack_depth() < self.code().stacksize as usize + 1);
        // SAFETY: the compiler's stack size counts the value that a resumed or called frame finds.
        unsafe { *sp = value };
        self.sp.set(sp.wrapping_add(1));
    }

    /// Constant `i` of the code.
    #[inline(always)]
    pub fn constant(self, i: usize) -> Value {
        let consts = self.code().consts.expect();
        debug_assert!(i < consts.len());
        // SAFETY: bytecode refers to constants that exist.
        unsafe { *consts.as_slice().get_unchecked(i) }
    }

    /// Operand-stack value `i` from the bottom.
    pub fn stack_value(self, i: usize) -> Value {
        assert!(i < self.stack_depth());
        // SAFETY: just checked.
        unsafe { *self.stack_base().add(i) }
    }

    /// Index of the current instruction, in code units.
    pub fn unit_index(self) -> usize {
        // SAFETY: `ip` points into the code's units.
        unsafe { self.ip.get().offset_from(self.code().units_ptr()) as usize }
    }

    /// Prepare a frame at `self` for `code`: locals unbound, stack empty, at the first instruction.
    ///
    /// # Safety
    /// `at` has room for the fixed part and [`Code::frame_words`].
    #[inline(always)]
    pub unsafe fn initialise(
        at: *mut Frame,
        code: Gc<Code>,
        globals: Gc<Dict>,
        builtins: Gc<Dict>,
        function: Value,
        owner: FrameOwner,
    ) -> FrameRef {
        // SAFETY: the caller's promise; the first instruction is in the code.
        unsafe {
            let locals = FrameRef::write_fixed(at, code, globals, builtins, function, owner, 0);
            clear_locals(locals, code.n_localsplus as usize);
            FrameRef::from_ptr(at)
        }
    }

    /// Write the fixed part of a frame that starts at unit `first` with an empty stack; answers where its locals begin.
    ///
    /// # Safety
    /// As `initialise`; `first` is in the code.
    #[inline(always)]
    unsafe fn write_fixed(
        at: *mut Frame,
        code: Gc<Code>,
        globals: Gc<Dict>,
        builtins: Gc<Dict>,
        function: Value,
        owner: FrameOwner,
        first: usize,
    ) -> *mut Value {
        // SAFETY: the caller's promise.
        unsafe {
            let locals = at.add(1) as *mut Value;
            let fixed = Frame {
                previous: Cell::new(None),
                ip: Cell::new(code.units_ptr().add(first)),
                sp: Cell::new(locals.add(code.n_localsplus as usize)),
                code: Cell::new(code),
                globals: Cell::new(globals),
                builtins: Cell::new(builtins),
                function: Cell::new(function),
                namespace: Cell::new(Value::UNBOUND),
                object: Cell::new(Value::UNBOUND),
                return_offset: Cell::new(0),
                owner: Cell::new(owner),
                traced_unit: Cell::new(0),
            };
            std::ptr::write(at, fixed);
            locals
        }
    }

    /// As `initialise` for a call of `function` with `args` as its first locals, from instruction `first` on.
    ///
    /// # Safety
    /// `at` has room for the fixed part and [`Code::frame_words`]; the code has at least as many locals as arguments.
    #[inline(always)]
    pub unsafe fn initialise_call(
        at: *mut Frame,
        function: Gc<Function>,
        code: Gc<Code>,
        this: Option<Value>,
        args: &[Value],
        owner: FrameOwner,
        first: usize,
    ) -> FrameRef {
        // SAFETY: the caller's promise.
        unsafe {
            let n = code.n_localsplus as usize;
            let (globals, builtins) = (function.globals.expect(), function.builtins.expect());
            let locals = FrameRef::write_fixed(at, code, globals, builtins, function.value(), owner, first);
            let mut local = locals;
            if let Some(this) = this {
                *local = this;
                local = local.add(1);
            }
            let mut arg = args.as_ptr();
            let end = local.add(args.len());
            while local != end {
                *local = *arg;
                arg = arg.add(1);
                local = opaque(local.add(1));
            }
            clear_locals(local, n - args.len() - this.is_some() as usize);
            FrameRef::from_ptr(at)
        }
    }

    /// Visit everything that the frame refers to.
    pub fn trace(self, tracer: &mut Tracer) {
        for word in [
            self.code().word(),
            self.globals.get().word(),
            self.builtins.get().word(),
            self.function.get().word(),
            self.namespace.get().word(),
            self.object.get().word(),
        ] {
            tracer.word(word);
        }
        // SAFETY: locals and stack up to `sp` are initialised.
        unsafe {
            let n = self.sp.get().offset_from(self.locals_ptr()) as usize;
            tracer.words(self.locals_ptr() as *const heap::Word, n);
        }
    }
}

/// Unbind `n` locals from `at` on; answers the place after them. Mostly a handful: a plain loop is faster than the call of
/// `memset` that the compiler would make of it.
///
/// # Safety
/// There is room for them.
#[inline(always)]
unsafe fn clear_locals(mut at: *mut Value, n: usize) -> *mut Value {
    // SAFETY: the caller's promise.
    unsafe {
        let end = at.add(n);
        while at != end {
            *at = Value::UNBOUND;
            at = opaque(at.add(1));
        }
        end
    }
}

/// The pointer itself, unknown to the optimiser: a loop that steps by it is neither unrolled nor made a library call.
#[inline(always)]
#[allow(clippy::pointers_in_nomem_asm_block, reason = "nothing is read through it")]
fn opaque(mut pointer: *mut Value) -> *mut Value {
    // SAFETY: no instruction at all.
    unsafe { std::arch::asm!("/* {0} */", inout(reg) pointer, options(nomem, nostack, preserves_flags, pure)) };
    pointer
}

heap_object! {
    /// What Python sees of a frame. While the frame lives it is a view; when the frame ends its values move here.
    pub struct FrameObject: Frame {
        /// The frame, while it is alive.
        pub live: Cell<Option<FrameRef>>,
        pub back: Slot,
        pub code: GcSlot<Code>,
        pub globals: GcSlot<Dict>,
        pub builtins: GcSlot<Dict>,
        pub function: Slot,
        pub namespace: Slot,
        /// Locals of a frame that has ended.
        pub values: GcSlot<Array>,
        pub last_unit: Cell<usize>,
        /// The local trace function (`f_trace`).
        pub trace_function: Slot,
        pub trace_lines: Cell<bool>,
        pub trace_opcodes: Cell<bool>,
        /// Line set by a debugger (`f_lineno = …`); 0 = none.
        pub line: Cell<u32>,
        /// Extra names of `f_locals`.
        pub extra_locals: Slot,
        /// The generator that the frame belongs to, or unbound: the frame is part of it.
        pub generator: Slot,
    }
}

impl crate::gc::PlainData for FrameRef {}

impl FrameObject {
    /// Index of the current or last instruction, in code units.
    pub fn unit_index(&self) -> usize {
        self.live.get().map_or(self.last_unit.get(), FrameRef::unit_index)
    }
}

/// The frame object of `frame`, made when it has none.
pub fn frame_object(cx: &mut Cx, frame: FrameRef) -> Gc<FrameObject> {
    if let Some(object) = frame.object.get().cast::<FrameObject>() {
        return object;
    }
    let shape = cx.heap.shapes().frame;
    let in_generator = matches!(frame.owner(), FrameOwner::Generator | FrameOwner::GeneratorEntry);
    let generator = in_generator.then(|| Generator::of_frame(frame));
    let object = cx.heap.new_object(FrameObject {
        header: heap::Header::new(shape.raw(), FrameObject::KIND as u8),
        live: Cell::new(Some(frame)),
        back: Slot::new(Value::UNBOUND),
        code: GcSlot::of(frame.code()),
        globals: GcSlot::of(frame.globals.get()),
        builtins: GcSlot::of(frame.builtins.get()),
        function: Slot::new(frame.function.get()),
        namespace: Slot::new(frame.namespace.get()),
        values: GcSlot::new(None),
        last_unit: Cell::new(frame.unit_index()),
        trace_function: Slot::new(Value::UNBOUND),
        trace_lines: Cell::new(true),
        trace_opcodes: Cell::new(false),
        line: Cell::new(0),
        extra_locals: Slot::new(Value::UNBOUND),
        generator: Slot::new(generator.map_or(Value::UNBOUND, Gc::value)),
    });
    frame.object.set(object.value());
    if let Some(generator) = generator {
        // SAFETY: a live object. It may be old, and its frame is written to without a barrier.
        unsafe { heap::remember(generator.as_header_ptr()) };
    }
    object
}

/// Called when a frame that has a frame object ends: its locals move to the object.
#[cold]
pub fn detach_frame_object(cx: &mut Cx, frame: FrameRef) -> Result<(), OutOfMemory> {
    let Some(object) = frame.object.get().cast::<FrameObject>() else { return Ok(()) };
    let n = frame.code().n_localsplus as usize;
    let values = Array::new(&mut cx.heap, n.max(1))?;
    for i in 0..n {
        values.set(i, frame.local(i));
    }
    let back = match frame.previous.get() {
        Some(previous) if frame.owner() != FrameOwner::Generator => frame_object(cx, previous).value(),
        _ => Value::UNBOUND,
    };
    object.values.set(object, values);
    object.last_unit.set(frame.unit_index());
    object.back.set(object, back);
    object.namespace.set(object, frame.namespace.get());
    object.live.set(None);
    object.generator.set(object, Value::UNBOUND);
    frame.object.set(Value::UNBOUND);
    Ok(())
}
