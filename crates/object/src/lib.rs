//! Values, the object header, shapes and the layouts of the built-in types: what objects *are*, not what they do.
//!
//! Sits on `heap`; `runtime` gives the types their behaviour. Nothing here runs Python code: the effect of a function is
//! in its signature (`&mut Heap` may allocate; only `Cx` may run Python, and the one way there is [`Cx::run_frame`]).

pub mod array;
pub mod attribute_cache;
pub mod builtins;
pub mod bytes;
pub mod call;
pub mod class;
pub mod code;
mod cx;
pub mod dict;
pub mod exception;
pub mod float;
pub mod frame;
pub mod function;
pub mod gc;
pub mod generator;
pub mod hash;
pub mod instance;
pub mod int;
mod interner;
pub mod kind;
pub mod lifetime;
pub mod list;
pub mod names;
pub mod native;
pub mod set;
pub mod shape;
pub mod string;
pub mod system;
pub mod thread;
pub mod tuple;
pub mod types;
mod value;

pub use array::Array;
pub use builtins::*;
pub use bytes::{ByteArray, Bytes};
pub use call::{Args, Binding, Entry, GetSetDef, NativeDef, Param, ParamKind};
pub use class::{BinaryOp, Class, CompareOp, PyResult, Slots};
pub use code::Code;
pub use cx::{Cx, Heap, Raised, RunFrame, Vm, VmHandle, safepoint};
pub use dict::{Dict, DictStorage, GlobalCell};
pub use exception::{Exception, Traceback};
pub use float::{Complex, Float};
pub use frame::{Frame, FrameObject, FrameOwner, FrameRef};
pub use function::{BoundMethod, Cell, Function, NativeFunction};
pub use gc::{Gc, GcSlot, Object, Opaque, PlainData, RootVec, Slot, Trace};
pub use generator::{Generator, GeneratorState};
pub use heap::{Config, CountingAllocator, Header, OutOfMemory, Tracer, flags as header_flags, forget_constants};
pub use instance::{Attributes, Instance, Payload};
pub use int::BigInt;
pub use kind::Kind;
pub use list::{List, ListIter};
pub use native::{ModuleSpec, Native, NativeData, ProcessIndex, StateKey, TypeSpec};
pub use set::Set;
pub use shape::{Shape, ShapeId};
pub use string::{Chars, Str, StrBuilder, Width};
pub use tuple::{Tuple, TupleIter};
pub use types::{Shapes, Types};
pub use value::{Int, Value};
