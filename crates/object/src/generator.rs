//! Generators, coroutines and async generators: an object that contains its frame, resumed in place.

use crate::code::Code;
use crate::cx::Heap;
use crate::frame::{FRAME_WORDS, Frame, FrameOwner, FrameRef};
use crate::gc::{Gc, GcSlot, Slot, heap_object};
use crate::value::Value;
use heap::{Header, OutOfMemory, Tracer};
use std::cell::Cell;

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum GeneratorState {
    Created = 0,
    Suspended = 1,
    /// Suspended in `yield from` or `await`.
    SuspendedYieldFrom = 2,
    Running = 3,
    Finished = 4,
}

impl GeneratorState {
    #[inline(always)]
    pub fn suspended(in_yield_from: bool) -> GeneratorState {
        if in_yield_from { GeneratorState::SuspendedYieldFrom } else { GeneratorState::Suspended }
    }
}

impl crate::gc::PlainData for GeneratorState {}

heap_object! {
    /// The frame follows the fixed part. The class says which of the three kinds it is.
    pub struct Generator: Generator {
        pub name: Slot,
        pub qualname: Slot,
        /// The code, also when the frame is gone.
        pub code: GcSlot<Code>,
        /// The exception being handled inside the generator.
        pub handled: Slot,
        /// While running: the exception being handled by whoever resumed it, and the generator that this was.
        pub outer_handled: Slot,
        pub outer_owner: GcSlot<Generator>,
        /// Async generators: hooks and state; coroutines: origin.
        pub finalizer: Slot,
        pub origin: Slot,
        pub state: Cell<GeneratorState>,
        /// Async generators: `ag_running` of the asend/athrow protocol, closed, hooks initialised.
        pub async_running: Cell<bool>,
        pub async_closed: Cell<bool>,
        pub hooks_initialised: Cell<bool>,
        frame_words: u32,
    }
}

pub(crate) unsafe fn size_generator(header: *const Header) -> usize {
    // SAFETY: the kind byte says that this is a generator.
    size_for(unsafe { (*(header as *const Generator)).frame_words as usize })
}

pub(crate) unsafe fn scan_generator(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: as above.
    let generator = unsafe { &*(header as *const Generator) };
    generator.trace_fields(tracer);
    crate::shape::ShapeId::from_raw(generator.header.shape()).get().trace(tracer);
    if generator.state.get() != GeneratorState::Finished {
        generator.frame_ref().trace(tracer);
    }
}

const fn size_for(frame_words: usize) -> usize {
    (size_of::<Generator>() + (FRAME_WORDS + frame_words) * 8).next_multiple_of(16)
}

impl Generator {
    #[inline(always)]
    fn frame_ref(&self) -> FrameRef {
        // SAFETY: the frame follows the fixed part and is initialised by `new`.
        unsafe { FrameRef::from_ptr((self as *const Generator).add(1) as *mut Frame) }
    }

    /// The frame, unless the generator has finished.
    #[inline(always)]
    pub fn frame(&self) -> Option<FrameRef> {
        if self.state.get() == GeneratorState::Finished { None } else { Some(self.frame_ref()) }
    }

    /// The generator that `frame` is part of.
    ///
    /// `frame`'s owner must be one of the generator kinds.
    #[inline(always)]
    pub fn of_frame(frame: FrameRef) -> Gc<Generator> {
        debug_assert!(matches!(frame.owner(), FrameOwner::Generator | FrameOwner::GeneratorEntry));
        // SAFETY: frames with that owner are embedded right behind a generator's fixed part.
        unsafe { Gc::from_word_unchecked((frame.as_ptr() as *const Generator).sub(1) as u64) }
    }
}

impl Heap {
    /// A generator, coroutine or async generator (by `shape`) that takes over the locals of `frame`, which has just been
    /// entered.
    pub fn generator(
        &mut self,
        shape: crate::shape::ShapeId,
        frame: FrameRef,
        name: Value,
        qualname: Value,
    ) -> Result<Gc<Generator>, OutOfMemory> {
        let code = frame.code();
        let frame_words = code.frame_words();
        let object = self.allocate(size_for(frame_words), shape.raw(), Generator::KIND as u8)?.cast::<Generator>();
        let generator = Generator {
            header: Header::new(shape.raw(), Generator::KIND as u8),
            name: Slot::new(name),
            qualname: Slot::new(qualname),
            code: GcSlot::of(code),
            handled: Slot::new(Value::UNBOUND),
            outer_handled: Slot::new(Value::UNBOUND),
            outer_owner: GcSlot::new(None),
            finalizer: Slot::new(Value::UNBOUND),
            origin: Slot::new(Value::UNBOUND),
            state: Cell::new(GeneratorState::Created),
            async_running: Cell::new(false),
            async_closed: Cell::new(false),
            hooks_initialised: Cell::new(false),
            frame_words: frame_words as u32,
        };
        // SAFETY: fresh memory with room for the fixed part, a frame and its words; `frame` is initialised and alive.
        unsafe {
            std::ptr::write(object.as_ptr(), generator);
            let at = object.as_ptr().add(1) as *mut Frame;
            let (globals, builtins) = (frame.globals.get(), frame.builtins.get());
            let own = FrameRef::initialise(at, code, globals, builtins, frame.function.get(), FrameOwner::Generator);
            own.namespace.set(frame.namespace.get());
            own.ip.set(frame.ip.get());
            for i in 0..code.n_localsplus as usize {
                own.set_local(i, frame.local(i));
            }
            Ok(Gc::from_word_unchecked(object.as_ptr() as u64))
        }
    }
}

impl Gc<Generator> {
    /// Note that the frame inside was written to while it ran: an old generator goes to the remembered set.
    #[inline(always)]
    pub fn log_frame(self) {
        // SAFETY: a live object.
        unsafe { heap::remember(self.as_header_ptr()) };
    }
}
