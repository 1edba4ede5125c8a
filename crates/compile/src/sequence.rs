//! What code generation produces: a flat list of instructions with labels.

use syntax::ast::Location;

use crate::op::Op;

/// The location of an artificial instruction that takes on the one of the instruction after it.
pub const NEXT_LOCATION: Location = Location { line: -2, end_line: -2, column: -2, end_column: -2 };

/// A place to jump to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label(pub u32);

/// An instruction; the operand of one with a target is the number of a label.
#[derive(Clone, Copy, Debug)]
pub struct Instr {
    pub op: Op,
    pub arg: u32,
    pub loc: Location,
}

/// Instructions of one code object in the making.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    pub instrs: Vec<Instr>,
    /// By label: index of the instruction it stands in front of.
    labels: Vec<u32>,
    /// Instructions that take the place of `ANNOTATIONS_PLACEHOLDER`.
    pub annotations: Option<Box<Sequence>>,
}

const UNPLACED: u32 = u32::MAX;

impl Sequence {
    pub fn new_label(&mut self) -> Label {
        self.labels.push(UNPLACED);
        Label(self.labels.len() as u32 - 1)
    }

    /// Puts a label in front of the next instruction.
    pub fn place(&mut self, label: Label) {
        self.labels[label.0 as usize] = self.instrs.len() as u32;
    }

    pub fn push(&mut self, op: Op, arg: u32, loc: Location) {
        self.instrs.push(Instr { op, arg, loc });
    }

    /// Puts an instruction in front of all others.
    pub fn insert_first(&mut self, op: Op, arg: u32, loc: Location) {
        self.instrs.insert(0, Instr { op, arg, loc });
        for at in &mut self.labels {
            if *at != UNPLACED {
                *at += 1;
            }
        }
    }

    /// Index of the instruction that a label stands in front of.
    pub fn position(&self, label: u32) -> usize {
        self.labels[label as usize] as usize
    }
}
