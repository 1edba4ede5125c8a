//! The first pass over statements: what happens to each name in each block.

use rustc_hash::{FxHashMap, FxHashSet};
use syntax::ast::*;
use syntax::{Interner, SyntaxError};

use super::{
    Block, BlockId, BlockKey, BlockKind, Flags, KnownNames, Result, Settings, Symbol, SymbolMap, SymbolTable, analyze,
};

/// Builds and analyses the table of a source.
pub fn build(module: &Mod, settings: Settings, names: &mut Interner) -> Result<SymbolTable> {
    let known = KnownNames::new(names);
    let table = SymbolTable {
        blocks: Vec::new(),
        by_key: FxHashMap::default(),
        mangled_sets: Vec::new(),
        top: BlockId(0),
        known,
    };
    let mut builder = Builder { table, names, stack: Vec::new(), private: None, settings };
    let nowhere = Location { line: 0, end_line: 0, column: 0, end_column: 0 };
    builder.enter_block(BlockKind::Module, None, nowhere)?;
    match module {
        Mod::Module(body) => {
            builder.cur().has_docstring = docstring(body).is_some();
            builder.stmts(body)?;
        }
        Mod::Interactive(body) => builder.stmts(body)?,
        Mod::Expression(body) => builder.expr(body)?,
    }
    builder.exit_block();
    let mut table = builder.table;
    analyze::run(&mut table, names)?;
    Ok(table)
}

/// State of the first pass.
pub(super) struct Builder<'n> {
    pub(super) table: SymbolTable,
    pub(super) names: &'n mut Interner,
    /// Blocks around the current place, which is in the last of them.
    pub(super) stack: Vec<BlockId>,
    /// The class that private names belong to.
    pub(super) private: Option<Name>,
    pub(super) settings: Settings,
}

/// What a name is mentioned for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Load,
    Store,
    Del,
}

impl Builder<'_> {
    pub(super) fn cur_id(&self) -> BlockId {
        *self.stack.last().expect("the module's block is left last")
    }

    pub(super) fn cur(&mut self) -> &mut Block {
        let id = self.cur_id();
        self.table.block_mut(id)
    }

    pub(super) fn error<T>(&self, loc: Location, message: impl Into<String>) -> Result<T> {
        Err(Box::new(SyntaxError::at(loc, message)))
    }

    fn new_block(&mut self, kind: BlockKind, key: Option<BlockKey>, loc: Location) -> BlockId {
        let outer = self.stack.last().map(|&id| self.table.block(id));
        let block = Block {
            kind,
            name: None,
            symbols: SymbolMap::default(),
            varnames: Vec::new(),
            children: Vec::new(),
            directives: Vec::new(),
            mangled_names: None,
            scope_info: None,
            comprehension: None,
            nested: outer.is_some_and(|outer| outer.nested || outer.is_function_like()),
            generator: false,
            coroutine: false,
            annotations_used: false,
            varargs: false,
            varkeywords: false,
            needs_class_closure: false,
            needs_classdict: false,
            comp_inlined: false,
            comp_iter_target: false,
            can_see_class_scope: false,
            has_docstring: false,
            method: kind == BlockKind::Function && outer.is_some_and(|outer| outer.kind == BlockKind::Class),
            has_conditional_annotations: false,
            in_conditional_block: false,
            in_unevaluated_annotation: false,
            comp_iter_expr: 0,
            annotation_block: None,
            loc,
        };
        let id = BlockId(self.table.blocks.len() as u32);
        self.table.blocks.push(block);
        if let Some(key) = key {
            self.table.by_key.insert(key, id);
        }
        id
    }

    /// Goes into a block; `is_new` adds it to the children of the one around it.
    pub(super) fn enter_existing(&mut self, id: BlockId, is_new: bool) {
        let outer = self.stack.last().copied();
        self.stack.push(id);
        let Some(outer_id) = outer else { return };
        let outer = self.table.block(outer_id);
        let (comp_iter_expr, mangled_names) = (outer.comp_iter_expr, outer.mangled_names);
        let block = self.table.block_mut(id);
        block.comp_iter_expr = comp_iter_expr;
        if mangled_names.is_some() && block.kind != BlockKind::Class {
            block.mangled_names = mangled_names;
        }
        // Annotations that become strings have no effect.
        if self.settings.future_annotations && block.kind == BlockKind::Annotation {
            return;
        }
        if is_new {
            self.table.block_mut(outer_id).children.push(id);
        }
    }

    pub(super) fn enter_block(&mut self, kind: BlockKind, key: Option<BlockKey>, loc: Location) -> Result<BlockId> {
        let id = self.new_block(kind, key, loc);
        self.enter_existing(id, true);
        if matches!(kind, BlockKind::Annotation | BlockKind::TypeVariable | BlockKind::TypeAlias) {
            let format = self.table.known.format_param;
            self.add_def(format, Flags::DEF_PARAM, loc)?;
            self.add_def(format, Flags::USE, loc)?;
        }
        Ok(id)
    }

    pub(super) fn exit_block(&mut self) {
        self.stack.pop();
    }

    pub(super) fn lookup_in(&mut self, block: BlockId, name: Name) -> Flags {
        let mangled = self.table.maybe_mangle(self.private, block, name, self.names);
        self.table.block(block).symbol(mangled).flags
    }

    fn lookup(&mut self, name: Name) -> Flags {
        self.lookup_in(self.cur_id(), name)
    }

    pub(super) fn add_def_in(&mut self, block: BlockId, name: Name, flag: Flags, loc: Location) -> Result<()> {
        let mangled = self.table.maybe_mangle(self.private, self.cur_id(), name, self.names);
        let mut flags = self.table.block(block).symbol(mangled).flags;
        if flag.has(Flags::DEF_PARAM) && flags.has(Flags::DEF_PARAM) {
            let name = self.names.text(name);
            return self.error(loc, format!("duplicate argument '{name}' in function definition"));
        }
        if flag.has(Flags::DEF_TYPE_PARAM) && flags.has(Flags::DEF_TYPE_PARAM) {
            let name = self.names.text(name);
            return self.error(loc, format!("duplicate type parameter '{name}'"));
        }
        flags = flags.with(flag);
        if self.table.block(block).comp_iter_target {
            if flags.has(Flags(Flags::DEF_GLOBAL.0 | Flags::DEF_NONLOCAL.0)) {
                let name = self.names.text(name);
                let message = format!("comprehension inner loop cannot rebind assignment expression target '{name}'");
                return self.error(loc, message);
            }
            flags = flags.with(Flags::DEF_COMP_ITER);
        }
        let block = self.table.block_mut(block);
        block.symbols.set(mangled, Symbol { flags, ..Symbol::default() });
        if flag.has(Flags::DEF_PARAM) {
            block.varnames.push(mangled);
        } else if flag.has(Flags::DEF_GLOBAL) {
            let top = self.table.top;
            let symbols = &mut self.table.block_mut(top).symbols;
            let flags = symbols.get(mangled).unwrap_or_default().flags.with(flag);
            symbols.set(mangled, Symbol { flags, ..Symbol::default() });
        }
        Ok(())
    }

    fn check_name(&self, name: Name, loc: Location, access: Access) -> Result<()> {
        if name != self.table.known.debug {
            return Ok(());
        }
        match access {
            Access::Load => Ok(()),
            Access::Store => self.error(loc, "cannot assign to __debug__"),
            Access::Del => self.error(loc, "cannot delete __debug__"),
        }
    }

    fn add_def_access(&mut self, name: Name, flag: Flags, loc: Location, access: Access) -> Result<()> {
        if flag.has(Flags::DEF_BOUND) {
            self.check_name(name, loc, access)?;
        }
        if flag.has(Flags::DEF_TYPE_PARAM)
            && let Some(set) = self.cur().mangled_names
        {
            self.table.mangled_sets[set].insert(name);
        }
        self.add_def_in(self.cur_id(), name, flag, loc)
    }

    pub(super) fn add_def(&mut self, name: Name, flag: Flags, loc: Location) -> Result<()> {
        let access = if flag == Flags::USE { Access::Load } else { Access::Store };
        self.add_def_access(name, flag, loc, access)
    }

    /// A name as an expression.
    pub(super) fn add_name(&mut self, name: Name, ctx: ExprContext, loc: Location) -> Result<()> {
        match ctx {
            ExprContext::Load => self.add_def_access(name, Flags::USE, loc, Access::Load),
            ExprContext::Store => self.add_def_access(name, Flags::DEF_LOCAL, loc, Access::Store),
            ExprContext::Del => self.add_def_access(name, Flags::DEF_LOCAL, loc, Access::Del),
        }
    }

    pub(super) fn check_attribute(&self, name: Name, ctx: ExprContext, loc: Location) -> Result<()> {
        let access = match ctx {
            ExprContext::Load => Access::Load,
            ExprContext::Store => Access::Store,
            ExprContext::Del => Access::Del,
        };
        self.check_name(name, loc, access)
    }

    pub(super) fn check_keywords(&self, keywords: &[Keyword]) -> Result<()> {
        for keyword in keywords {
            if let Some(arg) = keyword.arg {
                self.check_name(arg, keyword.loc, Access::Store)?;
            }
        }
        Ok(())
    }

    pub(super) fn record_directive(&mut self, name: Name, loc: Location) {
        let mangled = self.table.maybe_mangle(self.private, self.cur_id(), name, self.names);
        self.cur().directives.push((mangled, loc));
    }

    fn enter_type_params(
        &mut self,
        key: BlockKey,
        name: Option<Name>,
        (has_defaults, has_kwdefaults): (bool, bool),
        is_class: bool,
        loc: Location,
    ) -> Result<()> {
        let known = self.table.known;
        let in_class = self.cur().kind == BlockKind::Class;
        self.enter_block(BlockKind::TypeParameters, Some(key), loc)?;
        self.cur().name = name;
        if in_class {
            self.cur().can_see_class_scope = true;
            self.add_def(known.classdict, Flags::USE, loc)?;
        }
        if is_class {
            self.add_def(known.type_params, Flags::DEF_LOCAL, loc)?;
            self.add_def(known.type_params, Flags::USE, loc)?;
            self.add_def(known.generic_base, Flags::DEF_LOCAL, loc)?;
            self.add_def(known.generic_base, Flags::USE, loc)?;
        }
        if has_defaults {
            self.add_def(known.defaults, Flags::DEF_PARAM, loc)?;
        }
        if has_kwdefaults {
            self.add_def(known.kwdefaults, Flags::DEF_PARAM, loc)?;
        }
        Ok(())
    }

    fn stmts(&mut self, body: &[Stmt]) -> Result<()> {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    /// Statements that may or may not be run.
    fn conditional(&mut self, visit: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let outer = std::mem::replace(&mut self.cur().in_conditional_block, true);
        visit(self)?;
        self.cur().in_conditional_block = outer;
        Ok(())
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        crate::with_stack(|| self.stmt_inner(stmt))
    }

    fn stmt_inner(&mut self, stmt: &Stmt) -> Result<()> {
        let loc = stmt.loc;
        match &stmt.node {
            StmtKind::FunctionDef(def) => self.function_def(def, loc)?,
            StmtKind::ClassDef(def) => self.class_def(stmt, def)?,
            StmtKind::TypeAlias { name, type_params, value } => self.type_alias(stmt, name, type_params, value)?,
            StmtKind::Return(value) => self.opt_expr(value)?,
            StmtKind::Delete(targets) => self.exprs(targets)?,
            StmtKind::Assign { targets, value } => {
                self.exprs(targets)?;
                self.expr(value)?;
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target)?;
                self.expr(value)?;
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.ann_assign(target, annotation, value, *simple, loc)?;
            }
            StmtKind::For(node) => {
                if node.is_async {
                    self.require_coroutine("'async for' outside async function", loc)?;
                }
                self.expr(&node.target)?;
                self.expr(&node.iter)?;
                self.conditional(|this| {
                    this.stmts(&node.body)?;
                    this.stmts(&node.orelse)
                })?;
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.expr(test)?;
                self.conditional(|this| {
                    this.stmts(body)?;
                    this.stmts(orelse)
                })?;
            }
            StmtKind::With { items, body, is_async } => {
                if *is_async {
                    self.require_coroutine("'async with' outside async function", loc)?;
                }
                self.conditional(|this| {
                    for item in items {
                        this.expr(&item.context_expr)?;
                        this.opt_expr(&item.optional_vars)?;
                    }
                    this.stmts(body)
                })?;
            }
            StmtKind::Match { subject, cases } => {
                self.expr(subject)?;
                self.conditional(|this| {
                    for case in cases {
                        this.pattern(&case.pattern)?;
                        this.opt_expr(&case.guard)?;
                        this.stmts(&case.body)?;
                    }
                    Ok(())
                })?;
            }
            StmtKind::Raise { exc, cause } => {
                self.opt_expr(exc)?;
                self.opt_expr(cause)?;
            }
            StmtKind::Try(node) => self.conditional(|this| this.try_stmt(node))?,
            StmtKind::Assert { test, msg } => {
                self.expr(test)?;
                self.opt_expr(msg)?;
            }
            StmtKind::Import(names) => self.aliases(names)?,
            StmtKind::ImportFrom { module, names, level } => {
                self.aliases(names)?;
                self.check_future_import(*module, *level, loc)?;
            }
            StmtKind::Global(names) => self.declare(names, Flags::DEF_GLOBAL, "global", loc)?,
            StmtKind::Nonlocal(names) => self.declare(names, Flags::DEF_NONLOCAL, "nonlocal", loc)?,
            StmtKind::Expr(value) => self.expr(value)?,
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => {}
        }
        Ok(())
    }

    fn try_stmt(&mut self, node: &Try) -> Result<()> {
        self.stmts(&node.body)?;
        for handler in &node.handlers {
            self.opt_expr(&handler.type_)?;
            if let Some(name) = handler.name {
                self.add_def(name, Flags::DEF_LOCAL, handler.loc)?;
            }
            self.stmts(&handler.body)?;
        }
        self.stmts(&node.orelse)?;
        self.stmts(&node.finalbody)
    }

    fn function_def(&mut self, def: &FunctionDef, loc: Location) -> Result<()> {
        self.add_def(def.name, Flags::DEF_LOCAL, loc)?;
        self.defaults(&def.args)?;
        self.exprs(&def.decorators)?;
        let generic = !def.type_params.is_empty();
        if generic {
            // The parameter for defaults is there even if there are none.
            let has = (true, def.args.kw_defaults.iter().any(Option::is_some));
            self.enter_type_params(BlockKey::function_type_params(def), Some(def.name), has, false, loc)?;
            def.type_params.iter().try_for_each(|param| self.type_param(param))?;
        }
        let id = self.new_block(BlockKind::Function, Some(BlockKey::function(def)), loc);
        self.table.block_mut(id).has_docstring = docstring(&def.body).is_some();
        self.table.block_mut(id).name = Some(def.name);
        self.function_annotations(def, loc)?;
        self.enter_existing(id, true);
        self.cur().coroutine = def.is_async;
        self.arguments(&def.args)?;
        self.stmts(&def.body)?;
        self.exit_block();
        if generic {
            self.exit_block();
        }
        Ok(())
    }

    pub(super) fn defaults(&mut self, args: &Arguments) -> Result<()> {
        self.exprs(&args.defaults)?;
        args.kw_defaults.iter().flatten().try_for_each(|default| self.expr(default))
    }

    pub(super) fn arguments(&mut self, args: &Arguments) -> Result<()> {
        for arg in args.posonlyargs.iter().chain(&args.args).chain(&args.kwonlyargs) {
            self.add_def(arg.arg, Flags::DEF_PARAM, arg.loc)?;
        }
        if let Some(arg) = &args.vararg {
            self.add_def(arg.arg, Flags::DEF_PARAM, arg.loc)?;
            self.cur().varargs = true;
        }
        if let Some(arg) = &args.kwarg {
            self.add_def(arg.arg, Flags::DEF_PARAM, arg.loc)?;
            self.cur().varkeywords = true;
        }
        Ok(())
    }

    fn function_annotations(&mut self, def: &FunctionDef, loc: Location) -> Result<()> {
        let known = self.table.known;
        let sees_class = self.cur().can_see_class_scope || self.cur().kind == BlockKind::Class;
        let key = BlockKey::function_annotations(def);
        self.enter_block(BlockKind::Annotation, Some(key), loc)?;
        if sees_class {
            self.cur().can_see_class_scope = true;
            self.add_def(known.classdict, Flags::USE, loc)?;
        }
        let args = &def.args;
        let parameters = args.posonlyargs.iter().chain(&args.args).chain(args.vararg.as_deref());
        let parameters = parameters.chain(args.kwarg.as_deref()).chain(&args.kwonlyargs);
        for annotation in parameters.filter_map(|arg| arg.annotation.as_deref()).chain(def.returns.as_deref()) {
            self.cur().annotations_used = true;
            self.expr(annotation)?;
        }
        self.exit_block();
        Ok(())
    }

    fn class_def(&mut self, stmt: &Stmt, def: &ClassDef) -> Result<()> {
        let loc = stmt.loc;
        let known = self.table.known;
        self.add_def(def.name, Flags::DEF_LOCAL, loc)?;
        self.exprs(&def.decorators)?;
        let outer_private = self.private;
        let generic = !def.type_params.is_empty();
        if generic {
            self.enter_type_params(BlockKey::class_type_params(stmt), Some(def.name), (false, false), true, loc)?;
            self.private = Some(def.name);
            self.table.mangled_sets.push(FxHashSet::default());
            self.cur().mangled_names = Some(self.table.mangled_sets.len() - 1);
            def.type_params.iter().try_for_each(|param| self.type_param(param))?;
        }
        self.exprs(&def.bases)?;
        self.check_keywords(&def.keywords)?;
        def.keywords.iter().try_for_each(|keyword| self.expr(&keyword.value))?;
        self.enter_block(BlockKind::Class, Some(BlockKey::class(stmt)), loc)?;
        self.cur().name = Some(def.name);
        self.private = Some(def.name);
        if generic {
            self.add_def(known.dunder_type_params, Flags::DEF_LOCAL, loc)?;
            self.add_def(known.type_params, Flags::USE, loc)?;
        }
        self.cur().has_docstring = docstring(&def.body).is_some();
        self.stmts(&def.body)?;
        self.exit_block();
        if generic {
            self.exit_block();
        }
        self.private = outer_private;
        Ok(())
    }

    fn type_alias(&mut self, stmt: &Stmt, name: &Expr, type_params: &[TypeParam], value: &Expr) -> Result<()> {
        self.expr(name)?;
        let in_class = self.cur().kind == BlockKind::Class;
        let generic = !type_params.is_empty();
        let alias = match name.node {
            ExprKind::Name { id, .. } => Some(id),
            _ => None,
        };
        if generic {
            self.enter_type_params(BlockKey::type_alias_type_params(stmt), alias, (false, false), false, stmt.loc)?;
            type_params.iter().try_for_each(|param| self.type_param(param))?;
        }
        self.enter_block(BlockKind::TypeAlias, Some(BlockKey::type_alias(stmt)), stmt.loc)?;
        self.cur().name = alias;
        self.cur().can_see_class_scope = in_class;
        if in_class {
            let classdict = self.table.known.classdict;
            self.add_def(classdict, Flags::USE, value.loc)?;
        }
        self.expr(value)?;
        self.exit_block();
        if generic {
            self.exit_block();
        }
        Ok(())
    }

    fn type_param(&mut self, param: &TypeParam) -> Result<()> {
        self.add_def(param.name, Flags(Flags::DEF_TYPE_PARAM.0 | Flags::DEF_LOCAL.0), param.loc)?;
        let default_info = match &param.kind {
            TypeParamKind::TypeVar { bound } => {
                let info = match bound.as_deref() {
                    Some(Expr { node: ExprKind::Tuple { .. }, .. }) => "a TypeVar constraint",
                    _ => "a TypeVar bound",
                };
                self.bound_or_default(bound, param, BlockKey::bound(param), info)?;
                "a TypeVar default"
            }
            TypeParamKind::TypeVarTuple => "a TypeVarTuple default",
            TypeParamKind::ParamSpec => "a ParamSpec default",
        };
        self.bound_or_default(&param.default, param, BlockKey::default(param), default_info)
    }

    fn bound_or_default(
        &mut self,
        expr: &Option<Box<Expr>>,
        param: &TypeParam,
        key: BlockKey,
        info: &'static str,
    ) -> Result<()> {
        let classdict = self.table.known.classdict;
        if param.name == classdict {
            return self.error(param.loc, "reserved name '__classdict__' cannot be used for type parameter");
        }
        let Some(expr) = expr else { return Ok(()) };
        let in_class = self.cur().can_see_class_scope;
        self.enter_block(BlockKind::TypeVariable, Some(key), expr.loc)?;
        self.cur().name = Some(param.name);
        self.cur().can_see_class_scope = in_class;
        if in_class {
            self.add_def(classdict, Flags::USE, expr.loc)?;
        }
        self.cur().scope_info = Some(info);
        self.expr(expr)?;
        self.exit_block();
        Ok(())
    }

    fn ann_assign(
        &mut self,
        target: &Expr,
        annotation: &Expr,
        value: &Option<Box<Expr>>,
        simple: bool,
        loc: Location,
    ) -> Result<()> {
        self.cur().annotations_used = true;
        if let ExprKind::Name { id, .. } = target.node {
            let flags = self.lookup(id);
            let declared = flags.has(Flags(Flags::DEF_GLOBAL.0 | Flags::DEF_NONLOCAL.0));
            if declared && self.cur_id() != self.table.top && simple {
                let what = if flags.has(Flags::DEF_GLOBAL) { "global" } else { "nonlocal" };
                let name = self.names.text(id);
                return self.error(loc, format!("annotated name '{name}' can't be {what}"));
            }
            if simple {
                self.add_def(id, Flags(Flags::DEF_ANNOT.0 | Flags::DEF_LOCAL.0), target.loc)?;
            } else if value.is_some() {
                self.add_def(id, Flags::DEF_LOCAL, target.loc)?;
            }
        } else {
            self.expr(target)?;
        }
        self.annotation(annotation)?;
        self.opt_expr(value)
    }

    /// The annotation of a variable.
    fn annotation(&mut self, annotation: &Expr) -> Result<()> {
        let known = self.table.known;
        let block = self.cur();
        // Annotations of local variables are never evaluated.
        let is_unevaluated = block.kind == BlockKind::Function;
        let kind = block.kind;
        let is_conditional = kind == BlockKind::Module || (kind == BlockKind::Class && block.in_conditional_block);
        if is_conditional && !block.has_conditional_annotations {
            block.has_conditional_annotations = true;
            self.add_def(known.conditional_annotations, Flags::USE, annotation.loc)?;
        }
        let parent = self.cur_id();
        match self.table.block(parent).annotation_block {
            Some(id) => self.enter_existing(id, false),
            None => {
                let id = self.enter_block(BlockKind::Annotation, None, annotation.loc)?;
                self.table.block_mut(parent).annotation_block = Some(id);
                if kind == BlockKind::Class && !self.settings.future_annotations {
                    self.cur().can_see_class_scope = true;
                    self.add_def(known.classdict, Flags::USE, annotation.loc)?;
                }
            }
        }
        self.cur().in_unevaluated_annotation = is_unevaluated;
        let result = self.expr(annotation);
        self.cur().in_unevaluated_annotation = false;
        self.exit_block();
        result
    }

    fn declare(&mut self, names: &[Name], flag: Flags, what: &str, loc: Location) -> Result<()> {
        for &name in names {
            let flags = self.lookup(name);
            let problem = if flags.has(Flags::DEF_PARAM) {
                Some(format!("name '{}' is parameter and {what}", self.names.text(name)))
            } else if flags.has(Flags::USE) {
                Some(format!("name '{}' is used prior to {what} declaration", self.names.text(name)))
            } else if flags.has(Flags::DEF_ANNOT) {
                Some(format!("annotated name '{}' can't be {what}", self.names.text(name)))
            } else if flags.has(Flags::DEF_LOCAL) {
                Some(format!("name '{}' is assigned to before {what} declaration", self.names.text(name)))
            } else {
                None
            };
            if let Some(message) = problem {
                return self.error(loc, message);
            }
            self.add_def(name, flag, loc)?;
            self.record_directive(name, loc);
        }
        Ok(())
    }

    fn aliases(&mut self, aliases: &[Alias]) -> Result<()> {
        for alias in aliases {
            let name = alias.asname.unwrap_or(alias.name);
            if name == self.table.known.star {
                if self.cur().kind != BlockKind::Module {
                    return self.error(alias.loc, "import * only allowed at module level");
                }
                continue;
            }
            let bound = match self.names.text(name).split_once('.') {
                Some((first, _)) => {
                    let first = first.to_owned();
                    self.names.intern(&first)
                }
                None => name,
            };
            self.add_def(bound, Flags::DEF_IMPORT, alias.loc)?;
        }
        Ok(())
    }

    fn check_future_import(&self, module: Option<Name>, level: u32, loc: Location) -> Result<()> {
        let allowed = self.settings.future_loc;
        if module == Some(self.table.known.future)
            && level == 0
            && (loc.line > allowed.line || (loc.line == allowed.end_line && loc.column > allowed.end_column))
        {
            return self.error(loc, "from __future__ imports must occur at the beginning of the file");
        }
        Ok(())
    }

    pub(super) fn allows_top_level_await(&mut self) -> bool {
        self.settings.top_level_await && self.cur().kind == BlockKind::Module
    }

    fn require_coroutine(&mut self, message: &str, loc: Location) -> Result<()> {
        if self.allows_top_level_await() {
            self.cur().coroutine = true;
        }
        if self.cur().coroutine { Ok(()) } else { self.error(loc, message) }
    }

    fn pattern(&mut self, pattern: &Pattern) -> Result<()> {
        crate::with_stack(|| self.pattern_inner(pattern))
    }

    fn pattern_inner(&mut self, pattern: &Pattern) -> Result<()> {
        let bind = |this: &mut Self, name: &Option<Name>| match name {
            Some(name) => this.add_def(*name, Flags::DEF_LOCAL, pattern.loc),
            None => Ok(()),
        };
        match &pattern.node {
            PatternKind::Value(value) => self.expr(value),
            PatternKind::Singleton(_) => Ok(()),
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => {
                patterns.iter().try_for_each(|p| self.pattern(p))
            }
            PatternKind::Star(name) => bind(self, name),
            PatternKind::Mapping { keys, patterns, rest } => {
                self.exprs(keys)?;
                patterns.iter().try_for_each(|p| self.pattern(p))?;
                bind(self, rest)
            }
            PatternKind::Class { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.expr(cls)?;
                patterns.iter().try_for_each(|p| self.pattern(p))?;
                for (&attr, p) in kwd_attrs.iter().zip(kwd_patterns) {
                    self.check_name(attr, p.loc, Access::Store)?;
                }
                kwd_patterns.iter().try_for_each(|p| self.pattern(p))
            }
            PatternKind::As { pattern: inner, name } => {
                if let Some(inner) = inner {
                    self.pattern(inner)?;
                }
                bind(self, name)
            }
        }
    }
}
