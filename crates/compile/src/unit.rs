//! A code object in the making: what code generation keeps for each function, class, ... that it is inside of.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use syntax::Name;
use syntax::ast::{Location, Stmt};

use crate::consts::ConstPool;
use crate::sequence::{Label, Sequence};
use crate::symtable::{BlockId, Symbol};

/// Names with consecutive numbers, in order of first use.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    names: Vec<Name>,
    index: FxHashMap<Name, u32>,
    offset: u32,
}

impl NameTable {
    /// Numbers start at `offset`.
    pub fn starting_at(offset: usize) -> Self {
        NameTable { offset: offset as u32, ..Self::default() }
    }

    pub fn add(&mut self, name: Name) -> u32 {
        let next = self.offset + self.names.len() as u32;
        *self.index.entry(name).or_insert_with(|| {
            self.names.push(name);
            next
        })
    }

    pub fn get(&self, name: Name) -> Option<u32> {
        self.index.get(&name).copied()
    }

    pub fn contains(&self, name: Name) -> bool {
        self.index.contains_key(&name)
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = Name> + '_ {
        self.names.iter().copied()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnitKind {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    /// Annotations, type parameters, type aliases.
    Annotations,
}

/// Numbers of parameters; `positional` ones do not include the positional-only ones.
#[derive(Clone, Copy, Default, Debug)]
pub struct ArgCounts {
    pub positional: u32,
    pub posonly: u32,
    pub kwonly: u32,
}

/// What a statement is nested in, as far as leaving it takes instructions.
#[derive(Clone, Copy, Debug)]
pub enum FrameBlockKind<'a> {
    WhileLoop,
    ForLoop,
    AsyncForLoop,
    TryExcept,
    FinallyTry(&'a [Stmt]),
    FinallyEnd,
    With,
    AsyncWith,
    /// An `except` body, with the name that it deletes at its end.
    HandlerCleanup(Option<Name>),
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehensionGenerator,
    StopIteration,
}

impl FrameBlockKind<'_> {
    pub fn is_loop(self) -> bool {
        matches!(self, FrameBlockKind::WhileLoop | FrameBlockKind::ForLoop | FrameBlockKind::AsyncForLoop)
    }
}

#[derive(Clone, Copy, Debug)]
pub struct FrameBlock<'a> {
    pub kind: FrameBlockKind<'a>,
    /// Where `continue` goes.
    pub start: Option<Label>,
    /// Where `break` goes.
    pub exit: Option<Label>,
    pub loc: Location,
}

/// A variable annotation to be evaluated lazily.
#[derive(Clone, Copy, Debug)]
pub struct DeferredAnnotation<'a> {
    pub stmt: &'a Stmt,
    /// Its number, if whether it counts depends on the statement having run.
    pub condition: Option<u32>,
}

/// A code object in the making.
#[derive(Debug)]
pub struct Unit<'a> {
    pub kind: UnitKind,
    pub block: BlockId,
    pub private: Option<Name>,
    pub name: Name,
    pub qualname: String,
    pub args: ArgCounts,
    pub firstlineno: i32,
    pub seq: Sequence,
    /// The module's instructions while those that set up its annotations are generated.
    pub stashed_seq: Option<Sequence>,
    pub consts: ConstPool,
    pub names: NameTable,
    pub varnames: NameTable,
    pub cellvars: NameTable,
    pub freevars: NameTable,
    /// Names that are fast locals for the time of an inlined comprehension; `true` while they are.
    pub fast_hidden: FxHashMap<Name, bool>,
    /// Attributes that methods set on `self`.
    pub static_attributes: BTreeSet<String>,
    pub deferred_annotations: Vec<DeferredAnnotation<'a>>,
    pub next_condition: u32,
    pub frame_blocks: Vec<FrameBlock<'a>>,
    pub inlined_comprehensions: u32,
    pub conditional_depth: u32,
}

/// What has to be put back after an inlined comprehension.
#[derive(Debug, Default)]
pub struct InlinedComprehension {
    /// Names whose value is on the stack meanwhile.
    pub pushed_locals: Vec<Name>,
    pub outer_symbols: Vec<(Name, Symbol)>,
    pub fast_hidden: FxHashSet<Name>,
    pub cleanup: Option<Label>,
}
