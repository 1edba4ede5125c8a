//! How an operation ends: what it pushes, where execution goes on, or why it gave up.

use object::{FrameRef, Raised, Value};

/// A specialised operation's guard failed; nothing has changed, the family's generic instruction runs instead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Miss;

/// An exception goes on: the frame keeps the traceback entry that it has.
#[derive(Debug)]
pub struct Reraised(pub Raised);

/// Every way to give up.
#[derive(Debug)]
pub enum Exit {
    Miss,
    Raised(Raised),
    Reraised(Raised),
}

impl From<Miss> for Exit {
    #[inline(always)]
    fn from(_: Miss) -> Exit {
        Exit::Miss
    }
}

impl From<Raised> for Exit {
    #[inline(always)]
    fn from(raised: Raised) -> Exit {
        Exit::Raised(raised)
    }
}

impl From<Reraised> for Exit {
    #[inline(always)]
    fn from(raised: Reraised) -> Exit {
        Exit::Reraised(raised.0)
    }
}

/// Jump forward by the operand, or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Branch(pub bool);

/// Jump forward by the operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Forward;

/// Jump back by the operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Backward;

/// A loop's next item to push; at the end, jump past the loop's `END_FOR`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Next(pub Option<Value>);

/// The two parts of a loop's next item, to push in the order in which the `UNPACK_SEQUENCE` behind would have; that one is
/// skipped. At the end, jump past the loop's `END_FOR`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NextPair(pub Option<(Value, Value)>);

/// Push the value; push `this` as well when the operand's lowest bit is set (a method's self, or unbound).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Loaded {
    pub value: Value,
    pub this: Value,
}

impl Loaded {
    /// Not a method: what a call finds in the place of self is unbound.
    #[inline(always)]
    pub fn plain(value: Value) -> Loaded {
        Loaded { value, this: Value::UNBOUND }
    }
}

/// Go on in this frame, which has just been pushed; this instruction's result is what the frame returns.
#[derive(Clone, Copy, Debug)]
pub struct Enter(pub FrameRef);

/// Push the object and go on in the frame of its `__init__`, whose result is dropped.
#[derive(Clone, Copy, Debug)]
pub struct Construct {
    pub object: Value,
    pub frame: FrameRef,
}

/// Go on in this generator's frame, which is made the innermost; it jumps by the operand when it returns.
#[derive(Clone, Copy, Debug)]
pub struct Resume(pub FrameRef);

/// A call that is either done or goes on in a frame.
#[derive(Clone, Copy, Debug)]
pub enum Called {
    Value(Value),
    Enter(FrameRef),
    Construct(Construct),
}

/// Leave the frame, which returns this.
#[derive(Clone, Copy, Debug)]
pub struct Leave(pub Value);

/// Suspend the generator whose frame this is, yielding this.
#[derive(Clone, Copy, Debug)]
pub struct Suspend(pub Value);

/// The next instruction's operand continues this one's.
#[derive(Clone, Copy, Debug)]
pub struct Extend;
