//! The second pass: what each name refers to.
//!
//! Goes down with the names bound around a block and comes up with those it leaves free. A local that is free further
//! down is a cell. A comprehension that is inlined gives its names to the block around it.

use rustc_hash::{FxHashMap, FxHashSet};
use syntax::{Interner, Name, SyntaxError};

use super::{BlockId, BlockKind, Flags, Result, Scope, Symbol, SymbolTable};

type Names = FxHashSet<Name>;

pub(super) fn run(table: &mut SymbolTable, names: &Interner) -> Result<()> {
    let mut analysis = Analysis { table, names };
    let top = analysis.table.top;
    let mut outer = Outer::default();
    analysis.block(top, None, &mut outer, None).map(|_| ())
}

struct Analysis<'t> {
    table: &'t mut SymbolTable,
    names: &'t Interner,
}

/// What a block gets from around it and may alter for itself.
#[derive(Clone, Default)]
struct Outer {
    global: Names,
    type_params: Names,
}

impl Analysis<'_> {
    /// Analyses a block and those in it; returns the names that are free in it. `bound` is `None` for a module.
    fn block(
        &mut self,
        id: BlockId,
        mut bound: Option<Names>,
        outer: &mut Outer,
        class_block: Option<BlockId>,
    ) -> Result<Names> {
        let is_class = self.table.block(id).kind == BlockKind::Class;
        let is_function_like = self.table.block(id).is_function_like();
        let mut free = Names::default();
        let mut local = Names::default();
        let mut scopes: FxHashMap<Name, Scope> = FxHashMap::default();
        // A class's own names are not seen by what is in it.
        let seen_by_class = is_class.then(|| (bound.clone().unwrap_or_default(), outer.global.clone()));

        for i in 0..self.table.block(id).symbols.len() {
            let (name, symbol) = self.table.block(id).symbols.nth(i);
            let scope = self.name(id, name, symbol.flags, &mut bound, &mut local, &mut free, outer, class_block)?;
            scopes.insert(name, scope);
        }
        let known = self.table.known;
        let (inner_bound, inner_global) = match seen_by_class {
            Some((mut inner_bound, inner_global)) => {
                inner_bound.extend([known.class, known.classdict, known.conditional_annotations]);
                (inner_bound, inner_global)
            }
            None => {
                let mut inner_bound = bound.clone().unwrap_or_default();
                if is_function_like {
                    inner_bound.extend(&local);
                }
                (inner_bound, outer.global.clone())
            }
        };

        let mut inner_free = Names::default();
        let mut inlined_cells = Names::default();
        for child in self.table.block(id).children.clone() {
            let sees_class = self.table.block(child).can_see_class_scope;
            let child_class = if !sees_class {
                None
            } else if is_class {
                Some(id)
            } else {
                class_block
            };
            let child_block = self.table.block(child);
            let inline = child_block.comprehension.is_some()
                && !child_block.generator
                && !self.table.block(id).can_see_class_scope;
            let mut child_outer = Outer { global: inner_global.clone(), type_params: outer.type_params.clone() };
            let mut child_free = self.block(child, Some(inner_bound.clone()), &mut child_outer, child_class)?;
            if inline {
                self.inline(id, child, &mut scopes, &mut child_free, &mut inlined_cells);
                self.table.block_mut(child).comp_inlined = true;
            }
            inner_free.extend(child_free);
        }
        self.splice_inlined(id);

        if is_function_like {
            for (name, scope) in &mut scopes {
                if *scope == Scope::Local && (inner_free.contains(name) || inlined_cells.contains(name)) {
                    *scope = Scope::Cell;
                    inner_free.remove(name);
                }
            }
        } else if is_class {
            let block = self.table.block_mut(id);
            block.needs_class_closure |= inner_free.remove(&known.class);
            block.needs_classdict |= inner_free.remove(&known.classdict);
            block.has_conditional_annotations |= inner_free.remove(&known.conditional_annotations);
        }
        self.update(id, &scopes, bound.as_ref(), &inner_free, &inlined_cells);
        free.extend(inner_free);
        Ok(free)
    }

    /// Decides on one name.
    #[allow(clippy::too_many_arguments, reason = "the sets of one step of the analysis")]
    fn name(
        &self,
        id: BlockId,
        name: Name,
        flags: Flags,
        bound: &mut Option<Names>,
        local: &mut Names,
        free: &mut Names,
        outer: &mut Outer,
        class_block: Option<BlockId>,
    ) -> Result<Scope> {
        if flags.has(Flags::DEF_GLOBAL) {
            if flags.has(Flags::DEF_NONLOCAL) {
                return self.error(id, name, |name| format!("name '{name}' is nonlocal and global"));
            }
            outer.global.insert(name);
            if let Some(bound) = bound {
                bound.remove(&name);
            }
            return Ok(Scope::GlobalExplicit);
        }
        if flags.has(Flags::DEF_NONLOCAL) {
            let Some(bound) = bound else {
                return self.error(id, name, |_| "nonlocal declaration not allowed at module level".into());
            };
            if !bound.contains(&name) {
                return self.error(id, name, |name| format!("no binding for nonlocal '{name}' found"));
            }
            if outer.type_params.contains(&name) {
                return self
                    .error(id, name, |name| format!("nonlocal binding not allowed for type parameter '{name}'"));
            }
            free.insert(name);
            return Ok(Scope::Free);
        }
        if flags.has(Flags::DEF_BOUND) {
            local.insert(name);
            outer.global.remove(&name);
            if flags.has(Flags::DEF_TYPE_PARAM) {
                outer.type_params.insert(name);
            } else {
                outer.type_params.remove(&name);
            }
            return Ok(Scope::Local);
        }
        // Bound both by the class that this block can see and by a function around it: the class comes first, then the
        // globals.
        if let Some(class) = class_block {
            let flags = self.table.block(class).symbol(name).flags;
            if flags.has(Flags::DEF_GLOBAL) {
                return Ok(Scope::GlobalExplicit);
            }
            if flags.has(Flags::DEF_BOUND) && !flags.has(Flags::DEF_NONLOCAL) {
                return Ok(Scope::GlobalImplicit);
            }
        }
        if bound.as_ref().is_some_and(|bound| bound.contains(&name)) {
            free.insert(name);
            return Ok(Scope::Free);
        }
        Ok(Scope::GlobalImplicit)
    }

    fn error<T>(&self, id: BlockId, name: Name, message: impl Fn(&str) -> String) -> Result<T> {
        let directives = &self.table.block(id).directives;
        let loc = directives.iter().find(|(n, _)| *n == name).map_or(self.table.block(id).loc, |(_, loc)| *loc);
        Err(Box::new(SyntaxError::at(loc, message(self.names.text(name)))))
    }

    /// Merges the names of a comprehension into the block that it is inlined in.
    fn inline(
        &mut self,
        id: BlockId,
        comp: BlockId,
        scopes: &mut FxHashMap<Name, Scope>,
        comp_free: &mut Names,
        inlined_cells: &mut Names,
    ) {
        let known = self.table.known;
        let implicit = [known.class, known.classdict, known.conditional_annotations];
        let is_class = self.table.block(id).kind == BlockKind::Class;
        let mut removed = Vec::new();
        for i in 0..self.table.block(comp).symbols.len() {
            let (name, symbol) = self.table.block(comp).symbols.nth(i);
            if symbol.flags.has(Flags::DEF_PARAM) {
                continue;
            }
            let mut scope = symbol.scope;
            if scope == Scope::Cell || symbol.flags.has(Flags::DEF_COMP_CELL) {
                inlined_cells.insert(name);
            }
            let existing = self.table.block(id).symbols.get(name);
            // A class's own cells are never free through it.
            if scope == Scope::Free && is_class && implicit.contains(&name) {
                scope = Scope::GlobalImplicit;
                if !self.is_free_in_children(comp, name) {
                    comp_free.remove(&name);
                }
                removed.push(name);
            }
            match existing {
                None => {
                    let added = Symbol { flags: symbol.flags, scope: Scope::Unknown };
                    self.table.block_mut(id).symbols.set(name, added);
                    scopes.insert(name, scope);
                }
                // What is free in the comprehension and local here is now just local, unless something in the
                // comprehension still needs it as free.
                Some(existing) if existing.flags.has(Flags::DEF_BOUND) && !is_class => {
                    if !self.is_free_in_children(comp, name) {
                        comp_free.remove(&name);
                    }
                }
                Some(_) => {}
            }
        }
        for name in removed {
            self.table.block_mut(comp).symbols.remove(name);
        }
    }

    fn is_free_in_children(&self, id: BlockId, name: Name) -> bool {
        let children = &self.table.block(id).children;
        children.iter().any(|&child| self.table.block(child).symbol(name).scope == Scope::Free)
    }

    /// The children of an inlined comprehension take its place among the children of the block.
    fn splice_inlined(&mut self, id: BlockId) {
        let children = &self.table.block(id).children;
        if !children.iter().any(|&child| self.table.block(child).comp_inlined) {
            return;
        }
        let mut spliced = Vec::with_capacity(children.len());
        for &child in children {
            let block = self.table.block(child);
            if block.comp_inlined {
                spliced.extend(&block.children);
            } else {
                spliced.push(child);
            }
        }
        self.table.block_mut(id).children = spliced;
    }

    /// Enters the result into the block's symbols.
    fn update(
        &mut self,
        id: BlockId,
        scopes: &FxHashMap<Name, Scope>,
        bound: Option<&Names>,
        free: &Names,
        inlined_cells: &Names,
    ) {
        let names = self.names;
        let block = self.table.block_mut(id);
        let class_flag = block.kind == BlockKind::Class || block.can_see_class_scope;
        for i in 0..block.symbols.len() {
            let (name, _) = block.symbols.nth(i);
            let symbol = block.symbols.nth_mut(i);
            if inlined_cells.contains(&name) {
                symbol.flags = symbol.flags.with(Flags::DEF_COMP_CELL);
            }
            symbol.scope = scopes.get(&name).copied().unwrap_or_default();
        }
        let mut free: Vec<Name> = free.iter().copied().collect();
        free.sort_unstable_by(|a, b| names.text(*a).cmp(names.text(*b)));
        for name in free {
            match block.symbols.get(name) {
                Some(symbol) => {
                    if class_flag {
                        let flags = symbol.flags.with(Flags::DEF_FREE_CLASS);
                        block.symbols.set(name, Symbol { flags, ..symbol });
                    }
                }
                None if bound.is_some_and(|bound| !bound.contains(&name)) => {}
                None => block.symbols.set(name, Symbol { flags: Flags::default(), scope: Scope::Free }),
            }
        }
    }
}
