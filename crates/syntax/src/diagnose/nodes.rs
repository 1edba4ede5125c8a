//! What the rules yield: as much of a syntax tree as error messages ask for.

use super::tokens::Position;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeKind {
    /// An optional part that is not there.
    Absent,
    Sequence,
    Token,
    Name,
    Literal,
    Attribute,
    Subscript,
    Starred,
    List,
    Tuple,
    Lambda,
    Call,
    Operation,
    GeneratorExp,
    Yield,
    Await,
    ListComp,
    SetComp,
    DictComp,
    Dict,
    Set,
    FString,
    TString,
    None,
    False,
    True,
    Ellipsis,
    Compare,
    IfExp,
    NamedExpr,
    /// `in` and what comes after it.
    In,
    Keyword,
    /// `**` and what comes after it.
    Unpack,
    /// The iterable and the conditions of a `for` in a comprehension.
    Comprehension,
}

impl NodeKind {
    /// The kind that the grammar calls so.
    pub fn named(name: &str) -> Option<NodeKind> {
        use NodeKind::*;
        let all = [
            Sequence,
            Attribute,
            Subscript,
            Starred,
            List,
            Tuple,
            Lambda,
            Call,
            Operation,
            GeneratorExp,
            Yield,
            Await,
            ListComp,
            SetComp,
            DictComp,
            Dict,
            Set,
            FString,
            TString,
            None,
            False,
            True,
            Ellipsis,
            Compare,
            IfExp,
            NamedExpr,
            In,
            Keyword,
            Unpack,
            Comprehension,
        ];
        all.into_iter().find(|kind| format!("{kind:?}") == name)
    }

    /// What error messages call such an expression.
    pub fn description(self) -> &'static str {
        match self {
            NodeKind::Name => "name",
            NodeKind::Attribute => "attribute",
            NodeKind::Subscript => "subscript",
            NodeKind::Starred => "starred",
            NodeKind::List => "list",
            NodeKind::Tuple => "tuple",
            NodeKind::Lambda => "lambda",
            NodeKind::Call => "function call",
            NodeKind::Operation => "expression",
            NodeKind::GeneratorExp => "generator expression",
            NodeKind::Yield => "yield expression",
            NodeKind::Await => "await expression",
            NodeKind::ListComp => "list comprehension",
            NodeKind::SetComp => "set comprehension",
            NodeKind::DictComp => "dict comprehension",
            NodeKind::Dict => "dict literal",
            NodeKind::Set => "set display",
            NodeKind::FString => "f-string expression",
            NodeKind::TString => "t-string expression",
            NodeKind::None => "None",
            NodeKind::False => "False",
            NodeKind::True => "True",
            NodeKind::Ellipsis => "ellipsis",
            NodeKind::Compare => "comparison",
            NodeKind::IfExp => "conditional expression",
            NodeKind::NamedExpr => "named expression",
            _ => "literal",
        }
    }
}

pub type NodeId = u32;

#[derive(Clone, Debug)]
pub struct Node {
    pub kind: NodeKind,
    pub start: Position,
    pub end: Position,
    /// A token's text; empty for other nodes.
    pub text: (u32, u32),
    /// A range in [`Nodes::children`].
    children: (u32, u32),
}

#[derive(Default)]
pub struct Nodes {
    nodes: Vec<Node>,
    children: Vec<NodeId>,
}

impl Nodes {
    pub fn get(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    pub fn children(&self, id: NodeId) -> &[NodeId] {
        let (from, to) = self.get(id).children;
        &self.children[from as usize..to as usize]
    }

    pub fn add_token(&mut self, kind: NodeKind, start: Position, end: Position, text: (u32, u32)) -> NodeId {
        self.nodes.push(Node { kind, start, end, text, children: (0, 0) });
        self.nodes.len() as NodeId - 1
    }

    /// A node of some values; sequences among them are spread, absent ones left out.
    pub fn add(&mut self, kind: NodeKind, span: (Position, Position), values: impl Iterator<Item = NodeId>) -> NodeId {
        let from = self.children.len();
        for value in values {
            let node = self.get(value);
            match node.kind {
                NodeKind::Absent => {}
                NodeKind::Sequence => {
                    let (start, end) = node.children;
                    self.children.extend_from_within(start as usize..end as usize);
                }
                _ => self.children.push(value),
            }
        }
        let children = (from as u32, self.children.len() as u32);
        self.nodes.push(Node { kind, start: span.0, end: span.1, text: (0, 0), children });
        self.nodes.len() as NodeId - 1
    }
}
