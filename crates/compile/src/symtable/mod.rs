//! The symbol table: which blocks there are and what every name in them means.
//!
//! Two passes. `build` walks the tree and notes what happens to each name in each block; `analyze` decides from that,
//! block by block, whether a name is local, global, free or a cell, and which comprehensions are inlined (PEP 709).
//! Code generation reads the result and, while it compiles an inlined comprehension, alters it for a moment.

mod analyze;
mod build;
mod exprs;
mod mangle;

use rustc_hash::{FxHashMap, FxHashSet};
use syntax::ast::{Expr, FunctionDef, Location, Stmt, TypeParam};
use syntax::{Interner, Name, SyntaxError};

pub use build::build;
pub use mangle::mangle;

/// Errors are rare and big.
pub type Result<T> = std::result::Result<T, Box<SyntaxError>>;

/// A set of facts about a name in a block.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Flags(pub u32);

impl Flags {
    pub const DEF_GLOBAL: Flags = Flags(1);
    pub const DEF_LOCAL: Flags = Flags(2);
    pub const DEF_PARAM: Flags = Flags(4);
    pub const DEF_NONLOCAL: Flags = Flags(8);
    pub const USE: Flags = Flags(16);
    /// Free in a method and local or global in the class around it.
    pub const DEF_FREE_CLASS: Flags = Flags(64);
    pub const DEF_IMPORT: Flags = Flags(128);
    pub const DEF_ANNOT: Flags = Flags(256);
    /// The target of a comprehension.
    pub const DEF_COMP_ITER: Flags = Flags(512);
    pub const DEF_TYPE_PARAM: Flags = Flags(1024);
    /// A cell in an inlined comprehension.
    pub const DEF_COMP_CELL: Flags = Flags(2048);
    pub const DEF_BOUND: Flags = Flags(2 | 4 | 128);

    /// Whether any flag of `other` is set.
    pub fn has(self, other: Flags) -> bool {
        self.0 & other.0 != 0
    }

    pub fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

/// What a name refers to.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Scope {
    /// The name does not occur in the block.
    #[default]
    Unknown,
    Local,
    GlobalExplicit,
    GlobalImplicit,
    Free,
    Cell,
}

/// A name's entry in a block.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Symbol {
    pub flags: Flags,
    pub scope: Scope,
}

/// The names of a block, in order of first mention.
#[derive(Clone, Default, Debug)]
pub struct SymbolMap {
    entries: Vec<(Name, Symbol)>,
    /// Only kept for many entries.
    index: FxHashMap<Name, u32>,
}

impl SymbolMap {
    const LINEAR: usize = 8;

    fn position(&self, name: Name) -> Option<usize> {
        if self.entries.len() <= Self::LINEAR {
            self.entries.iter().position(|(n, _)| *n == name)
        } else {
            self.index.get(&name).map(|&i| i as usize)
        }
    }

    pub fn get(&self, name: Name) -> Option<Symbol> {
        self.position(name).map(|i| self.entries[i].1)
    }

    pub fn set(&mut self, name: Name, symbol: Symbol) {
        match self.position(name) {
            Some(i) => self.entries[i].1 = symbol,
            None => {
                self.entries.push((name, symbol));
                if self.entries.len() > Self::LINEAR {
                    if self.index.is_empty() {
                        self.reindex();
                    }
                    self.index.insert(name, self.entries.len() as u32 - 1);
                }
            }
        }
    }

    pub fn remove(&mut self, name: Name) {
        if let Some(i) = self.position(name) {
            self.entries.remove(i);
            self.index.clear();
            if self.entries.len() > Self::LINEAR {
                self.reindex();
            }
        }
    }

    fn reindex(&mut self) {
        self.index = self.entries.iter().enumerate().map(|(i, (name, _))| (*name, i as u32)).collect();
    }

    pub fn iter(&self) -> impl Iterator<Item = (Name, Symbol)> + '_ {
        self.entries.iter().copied()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    fn nth(&self, i: usize) -> (Name, Symbol) {
        self.entries[i]
    }

    fn nth_mut(&mut self, i: usize) -> &mut Symbol {
        &mut self.entries[i].1
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockKind {
    Function,
    Class,
    Module,
    /// Annotations, evaluated lazily (PEP 649).
    Annotation,
    /// The value of a `type` statement.
    TypeAlias,
    /// The type parameters of a generic function, class or alias.
    TypeParameters,
    /// A type parameter's bound or default.
    TypeVariable,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comprehension {
    List,
    Dict,
    Set,
    Generator,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BlockId(pub u32);

/// A module, class, function, comprehension, ... with its names.
#[derive(Debug)]
pub struct Block {
    pub kind: BlockKind,
    /// Of the function, class, alias or type parameter that it belongs to.
    pub name: Option<Name>,
    pub symbols: SymbolMap,
    /// Parameters, mangled, in order.
    pub varnames: Vec<Name>,
    pub children: Vec<BlockId>,
    /// `global` and `nonlocal` statements: where each name was declared.
    directives: Vec<(Name, Location)>,
    /// Around a generic class, the names that get mangled: an index into `SymbolTable::mangled_sets`.
    mangled_names: Option<usize>,
    /// "a TypeVar bound" and the like, for messages.
    scope_info: Option<&'static str>,
    pub comprehension: Option<Comprehension>,
    pub nested: bool,
    pub generator: bool,
    pub coroutine: bool,
    pub annotations_used: bool,
    pub varargs: bool,
    pub varkeywords: bool,
    pub needs_class_closure: bool,
    pub needs_classdict: bool,
    pub comp_inlined: bool,
    comp_iter_target: bool,
    pub can_see_class_scope: bool,
    pub has_docstring: bool,
    pub method: bool,
    pub has_conditional_annotations: bool,
    in_conditional_block: bool,
    in_unevaluated_annotation: bool,
    /// Depth of comprehension iterables that this stands in.
    comp_iter_expr: u32,
    pub annotation_block: Option<BlockId>,
    pub loc: Location,
}

impl Block {
    /// What the module `symtable` calls it.
    pub fn title<'n>(&self, names: &'n Interner) -> &'n str {
        match (self.name, self.kind, self.comprehension) {
            (Some(name), ..) => names.text(name),
            (None, BlockKind::Module, _) => "top",
            (None, BlockKind::Annotation, _) => "__annotate__",
            (None, _, None) => "lambda",
            (None, _, Some(Comprehension::List)) => "listcomp",
            (None, _, Some(Comprehension::Dict)) => "dictcomp",
            (None, _, Some(Comprehension::Set)) => "setcomp",
            (None, _, Some(Comprehension::Generator)) => "genexpr",
        }
    }

    /// Whether names in it are fast locals.
    pub fn is_function_like(&self) -> bool {
        !matches!(self.kind, BlockKind::Class | BlockKind::Module)
    }

    pub fn symbol(&self, name: Name) -> Symbol {
        self.symbols.get(name).unwrap_or_default()
    }
}

/// Which block belongs to a place in the tree: the address of a node (the tree does not move while it is compiled) and what
/// of it is meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BlockKey(usize, Part);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Part {
    Whole,
    TypeParams,
    Annotations,
    Bound,
    Default,
}

impl BlockKey {
    fn new<T>(node: &T, part: Part) -> BlockKey {
        BlockKey(std::ptr::from_ref(node) as usize, part)
    }

    pub fn expr(expr: &Expr) -> BlockKey {
        Self::new(expr, Part::Whole)
    }

    pub fn function(def: &FunctionDef) -> BlockKey {
        Self::new(def, Part::Whole)
    }

    pub fn function_type_params(def: &FunctionDef) -> BlockKey {
        Self::new(def, Part::TypeParams)
    }

    pub fn function_annotations(def: &FunctionDef) -> BlockKey {
        Self::new(def, Part::Annotations)
    }

    pub fn class(stmt: &Stmt) -> BlockKey {
        Self::new(stmt, Part::Whole)
    }

    pub fn class_type_params(stmt: &Stmt) -> BlockKey {
        Self::new(stmt, Part::TypeParams)
    }

    pub fn type_alias(stmt: &Stmt) -> BlockKey {
        Self::new(stmt, Part::Whole)
    }

    pub fn type_alias_type_params(stmt: &Stmt) -> BlockKey {
        Self::new(stmt, Part::TypeParams)
    }

    pub fn bound(param: &TypeParam) -> BlockKey {
        Self::new(param, Part::Bound)
    }

    pub fn default(param: &TypeParam) -> BlockKey {
        Self::new(param, Part::Default)
    }
}

/// Names with a meaning to the compiler.
#[derive(Clone, Copy, Debug)]
pub struct KnownNames {
    pub annotate: Name,
    pub annotate_func: Name,
    pub format: Name,
    pub format_param: Name,
    pub class: Name,
    pub classdict: Name,
    pub classdictcell: Name,
    pub classcell: Name,
    pub conditional_annotations: Name,
    pub annotations: Name,
    pub debug: Name,
    pub super_: Name,
    pub type_params: Name,
    pub dunder_type_params: Name,
    pub generic_base: Name,
    pub defaults: Name,
    pub kwdefaults: Name,
    pub implicit_arg: Name,
    pub doc: Name,
    pub name: Name,
    pub module: Name,
    pub qualname: Name,
    pub firstlineno: Name,
    pub static_attributes: Name,
    pub return_: Name,
    pub self_: Name,
    pub all: Name,
    pub any: Name,
    pub tuple: Name,
    pub join: Name,
    pub empty: Name,
    pub star: Name,
    pub future: Name,
    pub module_code: Name,
    pub lambda_code: Name,
    pub genexpr_code: Name,
    pub listcomp_code: Name,
    pub setcomp_code: Name,
    pub dictcomp_code: Name,
}

impl KnownNames {
    pub fn new(names: &mut Interner) -> Self {
        KnownNames {
            annotate: names.intern("__annotate__"),
            annotate_func: names.intern("__annotate_func__"),
            format: names.intern("format"),
            format_param: names.intern(".format"),
            class: names.intern("__class__"),
            classdict: names.intern("__classdict__"),
            classdictcell: names.intern("__classdictcell__"),
            classcell: names.intern("__classcell__"),
            conditional_annotations: names.intern("__conditional_annotations__"),
            annotations: names.intern("__annotations__"),
            debug: names.intern("__debug__"),
            super_: names.intern("super"),
            type_params: names.intern(".type_params"),
            dunder_type_params: names.intern("__type_params__"),
            generic_base: names.intern(".generic_base"),
            defaults: names.intern(".defaults"),
            kwdefaults: names.intern(".kwdefaults"),
            implicit_arg: names.intern(".0"),
            doc: names.intern("__doc__"),
            name: names.intern("__name__"),
            module: names.intern("__module__"),
            qualname: names.intern("__qualname__"),
            firstlineno: names.intern("__firstlineno__"),
            static_attributes: names.intern("__static_attributes__"),
            return_: names.intern("return"),
            self_: names.intern("self"),
            all: names.intern("all"),
            any: names.intern("any"),
            tuple: names.intern("tuple"),
            join: names.intern("join"),
            empty: names.intern(""),
            star: names.intern("*"),
            future: names.intern("__future__"),
            module_code: names.intern("<module>"),
            lambda_code: names.intern("<lambda>"),
            genexpr_code: names.intern("<genexpr>"),
            listcomp_code: names.intern("<listcomp>"),
            setcomp_code: names.intern("<setcomp>"),
            dictcomp_code: names.intern("<dictcomp>"),
        }
    }
}

/// What the table depends on besides the tree.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// `from __future__ import annotations`
    pub future_annotations: bool,
    pub top_level_await: bool,
    /// The last `from __future__` import that stands where it may.
    pub future_loc: Location,
}

/// All blocks of a source.
#[derive(Debug)]
pub struct SymbolTable {
    pub blocks: Vec<Block>,
    by_key: FxHashMap<BlockKey, BlockId>,
    mangled_sets: Vec<FxHashSet<Name>>,
    pub top: BlockId,
    pub known: KnownNames,
}

impl SymbolTable {
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }

    pub fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.0 as usize]
    }

    /// The block of a place in the tree that has one.
    pub fn lookup(&self, key: BlockKey) -> BlockId {
        self.lookup_optional(key).expect("both passes meet the same blocks")
    }

    pub fn lookup_optional(&self, key: BlockKey) -> Option<BlockId> {
        self.by_key.get(&key).copied()
    }

    /// A name as a block sees it: mangled, unless it stands in the type parameters of a class and is not one of them.
    pub fn maybe_mangle(&self, private: Option<Name>, block: BlockId, name: Name, names: &mut Interner) -> Name {
        if let Some(set) = self.block(block).mangled_names
            && !self.mangled_sets[set].contains(&name)
        {
            return name;
        }
        mangle(private, name, names)
    }
}
