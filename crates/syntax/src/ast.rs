//! The syntax tree, shaped like CPython's `ast` module: same nodes, same fields, same positions.
//!
//! Made by `lower` from the parser's tree, or from a Python-level `ast` object; read by `compile`. Names are interned:
//! a tree is meaningless without the [`Interner`](crate::Interner) it was made with.

use bytecode::Constant;

pub use crate::names::Name;

/// A range of source text: 1-based lines, 0-based columns in UTF-8 bytes. Negative numbers stand for "nowhere".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Location {
    pub line: i32,
    pub end_line: i32,
    pub column: i32,
    pub end_column: i32,
}

impl Location {
    /// No place in the source.
    pub const NONE: Location = Location { line: -1, end_line: -1, column: -1, end_column: -1 };

    /// From the start of `self` to the end of `other`.
    pub fn to(self, other: Location) -> Location {
        Location { end_line: other.end_line, end_column: other.end_column, ..self }
    }
}

/// What is compiled.
#[derive(Clone, Debug)]
pub enum Mod {
    Module(Vec<Stmt>),
    Interactive(Vec<Stmt>),
    Expression(Box<Expr>),
}

/// A statement and where it stands.
#[derive(Clone, Debug)]
pub struct Stmt {
    pub loc: Location,
    pub node: StmtKind,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    FunctionDef(Box<FunctionDef>),
    ClassDef(Box<ClassDef>),
    Return(Option<Box<Expr>>),
    Delete(Vec<Expr>),
    Assign { targets: Vec<Expr>, value: Box<Expr> },
    TypeAlias { name: Box<Expr>, type_params: Vec<TypeParam>, value: Box<Expr> },
    AugAssign { target: Box<Expr>, op: Operator, value: Box<Expr> },
    AnnAssign { target: Box<Expr>, annotation: Box<Expr>, value: Option<Box<Expr>>, simple: bool },
    For(Box<For>),
    While { test: Box<Expr>, body: Vec<Stmt>, orelse: Vec<Stmt> },
    If { test: Box<Expr>, body: Vec<Stmt>, orelse: Vec<Stmt> },
    With { items: Vec<WithItem>, body: Vec<Stmt>, is_async: bool },
    Match { subject: Box<Expr>, cases: Vec<MatchCase> },
    Raise { exc: Option<Box<Expr>>, cause: Option<Box<Expr>> },
    Try(Box<Try>),
    Assert { test: Box<Expr>, msg: Option<Box<Expr>> },
    Import(Vec<Alias>),
    ImportFrom { module: Option<Name>, names: Vec<Alias>, level: u32 },
    Global(Vec<Name>),
    Nonlocal(Vec<Name>),
    Expr(Box<Expr>),
    Pass,
    Break,
    Continue,
}

#[derive(Clone, Debug)]
pub struct FunctionDef {
    pub name: Name,
    pub args: Arguments,
    pub body: Vec<Stmt>,
    pub decorators: Vec<Expr>,
    pub returns: Option<Box<Expr>>,
    pub type_params: Vec<TypeParam>,
    pub is_async: bool,
}

#[derive(Clone, Debug)]
pub struct ClassDef {
    pub name: Name,
    pub bases: Vec<Expr>,
    pub keywords: Vec<Keyword>,
    pub body: Vec<Stmt>,
    pub decorators: Vec<Expr>,
    pub type_params: Vec<TypeParam>,
}

#[derive(Clone, Debug)]
pub struct For {
    pub target: Expr,
    pub iter: Expr,
    pub body: Vec<Stmt>,
    pub orelse: Vec<Stmt>,
    pub is_async: bool,
}

#[derive(Clone, Debug)]
pub struct Try {
    pub body: Vec<Stmt>,
    pub handlers: Vec<ExceptHandler>,
    pub orelse: Vec<Stmt>,
    pub finalbody: Vec<Stmt>,
    pub is_star: bool,
}

#[derive(Clone, Debug)]
pub struct ExceptHandler {
    pub loc: Location,
    pub type_: Option<Box<Expr>>,
    pub name: Option<Name>,
    pub body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct WithItem {
    pub context_expr: Expr,
    pub optional_vars: Option<Box<Expr>>,
}

#[derive(Clone, Debug)]
pub struct Alias {
    pub loc: Location,
    pub name: Name,
    pub asname: Option<Name>,
}

#[derive(Clone, Debug)]
pub struct MatchCase {
    pub pattern: Pattern,
    pub guard: Option<Box<Expr>>,
    pub body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct Pattern {
    pub loc: Location,
    pub node: PatternKind,
}

#[derive(Clone, Debug)]
pub enum PatternKind {
    Value(Box<Expr>),
    Singleton(Constant),
    Sequence(Vec<Pattern>),
    Mapping { keys: Vec<Expr>, patterns: Vec<Pattern>, rest: Option<Name> },
    Class { cls: Box<Expr>, patterns: Vec<Pattern>, kwd_attrs: Vec<Name>, kwd_patterns: Vec<Pattern> },
    Star(Option<Name>),
    As { pattern: Option<Box<Pattern>>, name: Option<Name> },
    Or(Vec<Pattern>),
}

#[derive(Clone, Debug)]
pub struct TypeParam {
    pub loc: Location,
    pub name: Name,
    pub kind: TypeParamKind,
    pub default: Option<Box<Expr>>,
}

#[derive(Clone, Debug)]
pub enum TypeParamKind {
    TypeVar { bound: Option<Box<Expr>> },
    ParamSpec,
    TypeVarTuple,
}

/// The parameters of a function.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    pub posonlyargs: Vec<Arg>,
    pub args: Vec<Arg>,
    pub vararg: Option<Box<Arg>>,
    pub kwonlyargs: Vec<Arg>,
    /// One for each of `kwonlyargs`.
    pub kw_defaults: Vec<Option<Expr>>,
    pub kwarg: Option<Box<Arg>>,
    /// For the last ones of `posonlyargs` and `args`.
    pub defaults: Vec<Expr>,
}

#[derive(Clone, Debug)]
pub struct Arg {
    pub loc: Location,
    pub arg: Name,
    pub annotation: Option<Box<Expr>>,
}

/// An argument `arg=value` of a call, or `**value`.
#[derive(Clone, Debug)]
pub struct Keyword {
    pub loc: Location,
    pub arg: Option<Name>,
    pub value: Expr,
}

#[derive(Clone, Debug)]
pub struct Comprehension {
    pub target: Expr,
    pub iter: Expr,
    pub ifs: Vec<Expr>,
    pub is_async: bool,
}

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Expr {
    pub loc: Location,
    pub node: ExprKind,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    BoolOp {
        op: BoolOp,
        values: Vec<Expr>,
    },
    NamedExpr {
        target: Box<Expr>,
        value: Box<Expr>,
    },
    BinOp {
        left: Box<Expr>,
        op: Operator,
        right: Box<Expr>,
    },
    UnaryOp {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Lambda {
        args: Box<Arguments>,
        body: Box<Expr>,
    },
    IfExp {
        test: Box<Expr>,
        body: Box<Expr>,
        orelse: Box<Expr>,
    },
    /// A key of `None` is `**value`.
    Dict {
        keys: Vec<Option<Expr>>,
        values: Vec<Expr>,
    },
    Set(Vec<Expr>),
    ListComp {
        elt: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    SetComp {
        elt: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    DictComp {
        key: Box<Expr>,
        value: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    GeneratorExp {
        elt: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    Await(Box<Expr>),
    Yield(Option<Box<Expr>>),
    YieldFrom(Box<Expr>),
    Compare {
        left: Box<Expr>,
        ops: Vec<CmpOp>,
        comparators: Vec<Expr>,
    },
    Call {
        func: Box<Expr>,
        args: Vec<Expr>,
        keywords: Vec<Keyword>,
    },
    FormattedValue {
        value: Box<Expr>,
        conversion: Conversion,
        format_spec: Option<Box<Expr>>,
    },
    Interpolation {
        value: Box<Expr>,
        text: Constant,
        conversion: Conversion,
        format_spec: Option<Box<Expr>>,
    },
    JoinedStr(Vec<Expr>),
    TemplateStr(Vec<Expr>),
    Constant {
        value: Constant,
        is_u: bool,
    },
    Attribute {
        value: Box<Expr>,
        attr: Name,
        ctx: ExprContext,
    },
    Subscript {
        value: Box<Expr>,
        slice: Box<Expr>,
        ctx: ExprContext,
    },
    Starred {
        value: Box<Expr>,
        ctx: ExprContext,
    },
    Name {
        id: Name,
        ctx: ExprContext,
    },
    List {
        elts: Vec<Expr>,
        ctx: ExprContext,
    },
    Tuple {
        elts: Vec<Expr>,
        ctx: ExprContext,
    },
    Slice {
        lower: Option<Box<Expr>>,
        upper: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
}

impl Expr {
    /// The value, if this is a constant.
    pub fn as_constant(&self) -> Option<&Constant> {
        match &self.node {
            ExprKind::Constant { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Whether this is `*something`.
    pub fn is_starred(&self) -> bool {
        matches!(self.node, ExprKind::Starred { .. })
    }
}

/// `!s`, `!r`, `!a` in an f-string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conversion {
    None,
    Str,
    Repr,
    Ascii,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExprContext {
    Load,
    Store,
    Del,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BoolOp {
    And,
    Or,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    Invert,
    Not,
    UAdd,
    USub,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    Add,
    Sub,
    Mult,
    MatMult,
    Div,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
    FloorDiv,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CmpOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}

/// The docstring that a body starts with.
pub fn docstring(body: &[Stmt]) -> Option<&Expr> {
    match body.first() {
        Some(Stmt { node: StmtKind::Expr(value), .. }) if matches!(value.as_constant(), Some(Constant::Str(_))) => {
            Some(value)
        }
        _ => None,
    }
}
