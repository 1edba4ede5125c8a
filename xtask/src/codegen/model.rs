//! What codegen knows of the operations: micro-ops and instructions, as read from their signatures.

use bytecode::Opcode;

/// What an operation may do, from its parameters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Effect {
    /// No context: free to move or fold.
    Pure,
    /// `FrameRef` or `&Cx`: looks at the frame or the context.
    Reads,
    /// `&mut Heap`.
    Allocates,
    /// `&mut Cx`.
    RunsPython,
}

/// How an operation can fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    None,
    Miss,
    Raised,
    Reraised,
    /// Several of them.
    Exit,
}

/// What a parameter is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Param {
    Heap,
    Cx,
    SharedCx,
    Frame,
    Oparg,
    /// A value popped from the stack (`Value`), or kept (`Keep`).
    Input {
        kept: bool,
    },
    /// `&[Value]`: a run of the stack.
    Run,
    /// `&mut [Value]`: where a run of results goes.
    Out,
    Peek,
    /// Field of the inline cache: Rust type, first cache unit, whether in three units.
    Cache {
        ty: String,
        at: usize,
        short: bool,
    },
    /// Anything else: only micro-ops have such parameters.
    Other(String),
}

/// What an operation gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// So many values to push.
    Values(usize),
    Branch,
    /// A truth value to push, which a conditional jump that follows takes at once.
    Condition,
    /// A value to push, then perhaps a jump.
    ValueAndBranch,
    Forward,
    Backward,
    Next,
    NextPair,
    Loaded,
    Enter,
    Construct,
    Resume,
    Called,
    Leave,
    Suspend,
    Extend,
}

pub struct Operation {
    pub name: String,
    pub doc: String,
    /// Module under `ops::defs`.
    pub module: String,
    /// file:line:col of the name.
    pub at: String,
    pub params: Vec<(String, Param)>,
    pub output: Output,
    pub output_text: String,
    pub failure: Failure,
    pub effect: Effect,
}

pub struct Instruction {
    pub operation: Operation,
    /// `None` for the slow half of another instruction.
    pub opcode: Option<Opcode>,
    /// Cache units behind an internal instruction: those of the instruction that it goes on for.
    pub caches: usize,
    /// The micro-ops that it consists of, in order.
    pub steps: Vec<String>,
    /// It is a micro-op itself.
    pub is_micro: bool,
    pub adaptive: bool,
    /// Number of values in the run or out parameter, in Rust, of `oparg`.
    pub run: Option<String>,
    pub out: Option<String>,
    pub miss: Option<String>,
    pub inline: Option<bool>,
}

/// Two instructions that one handler does: the second takes the results of the first without the stack between them.
pub struct Fused<'a> {
    pub opcode: Opcode,
    pub first: &'a Instruction,
    pub second: &'a Instruction,
}

impl Fused<'_> {
    /// Name of its function.
    pub fn name(&self) -> String {
        format!("{}_then_{}", self.first.name(), self.second.name())
    }
}

impl Operation {
    pub fn upper(&self) -> String {
        self.name.to_uppercase()
    }

    /// Popped single values.
    pub fn popped(&self) -> usize {
        self.params.iter().filter(|(_, p)| matches!(p, Param::Input { kept: false })).count()
    }

    pub fn kept(&self) -> usize {
        self.params.iter().filter(|(_, p)| matches!(p, Param::Input { kept: true })).count()
    }
}

impl Instruction {
    pub fn name(&self) -> &str {
        &self.operation.name
    }

    /// Code units of the instruction with its caches.
    pub fn units(&self) -> usize {
        1 + self.opcode.map_or(self.caches, Opcode::caches)
    }
}
