//! Reads `crates/ops/src/defs` and checks what it reads: every complaint names file, line and column.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bytecode::Opcode;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, FnArg, Item, ItemFn, ReturnType, Stmt, Type};

use super::model::{Effect, Failure, Fused, Instruction, Operation, Output, Param};
use crate::paths;

pub struct Definitions {
    pub micro_ops: Vec<Operation>,
    pub instructions: Vec<Instruction>,
}

/// All definitions, in the order of file names and lines.
pub fn read() -> Result<Definitions, String> {
    let folder = paths::root().join("crates/ops/src/defs");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "rs") && path.file_name().is_some_and(|n| n != "mod.rs"))
        .collect();
    files.sort();
    let mut definitions = Definitions { micro_ops: Vec::new(), instructions: Vec::new() };
    let mut errors = Vec::new();
    for path in &files {
        read_file(path, &mut definitions, &mut errors);
    }
    check_steps(&definitions, &mut errors);
    if errors.is_empty() { Ok(definitions) } else { Err(errors.join("\n")) }
}

fn read_file(path: &Path, definitions: &mut Definitions, errors: &mut Vec<String>) {
    let shown = paths::shown(path);
    let module = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let parsed = fs::read_to_string(path).map_err(|error| error.to_string());
    let file =
        match parsed.and_then(|text| syn::parse_file(&text).map_err(|e| format!("{}: {e}", e.span().start().line))) {
            Ok(file) => file,
            Err(error) => return errors.push(format!("{shown}:{error}")),
        };
    for item in &file.items {
        let Item::Fn(function) = item else { continue };
        let Some(marker) = function.attrs.iter().find(|a| is_marker(a)) else { continue };
        let reader = Reader { shown: &shown, module: &module, function };
        let outcome = if marker.path().is_ident("uop") {
            reader.operation().map(|operation| definitions.micro_ops.push(operation))
        } else {
            reader.instruction(marker).map(|instruction| definitions.instructions.push(instruction))
        };
        errors.extend(outcome.err());
    }
}

impl Definitions {
    /// The fused pairs: the instructions whose name is that of two others with `__` between.
    pub fn fused(&self) -> Result<Vec<Fused<'_>>, String> {
        let find = |name: &str| self.instructions.iter().find(|i| i.opcode.is_some_and(|op| op.name() == name));
        let mut all = Vec::new();
        for &opcode in Opcode::ALL {
            let Some((first, second)) = opcode.name().split_once("__") else { continue };
            let (Some(first), Some(second)) = (find(first), find(second)) else {
                return Err(format!("{}: not two instructions", opcode.name()));
            };
            let (a, b) = (&first.operation, &second.operation);
            let gives = match a.output {
                Output::Values(n) if a.failure == Failure::None => n,
                _ => 0,
            };
            let takes = matches!(b.output, Output::Values(1) | Output::Loaded | Output::Condition)
                && matches!(b.failure, Failure::None | Failure::Miss)
                && b.kept() == 0
                && b.popped() >= gives;
            if gives == 0 || !takes || a.popped() > 0 || a.effect > Effect::Reads || b.effect > Effect::Reads {
                return Err(format!("{}: the first must only push, the second only look and compute", opcode.name()));
            }
            all.push(Fused { opcode, first, second });
        }
        Ok(all)
    }
}

fn is_marker(attribute: &Attribute) -> bool {
    attribute.path().is_ident("uop") || attribute.path().is_ident("instruction")
}

/// Every called micro-op exists; every name is defined once; `miss` leads somewhere.
fn check_steps(definitions: &Definitions, errors: &mut Vec<String>) {
    let mut names = BTreeSet::new();
    let instructions = definitions.instructions.iter().map(|i| &i.operation);
    for operation in definitions.micro_ops.iter().chain(instructions.clone()) {
        if !names.insert(operation.name.clone()) {
            errors.push(format!("{}: `{}` is defined twice", operation.at, operation.name));
        }
    }
    let micro: BTreeSet<&str> = definitions
        .micro_ops
        .iter()
        .map(|o| o.name.as_str())
        .chain(definitions.instructions.iter().filter(|i| i.is_micro).map(|i| i.name()))
        .collect();
    for instruction in &definitions.instructions {
        for step in &instruction.steps {
            if !micro.contains(step.as_str()) {
                errors.push(format!("{}: `{step}` is not a micro-op", instruction.operation.at));
            }
        }
        if let Some(miss) = &instruction.miss
            && !definitions.instructions.iter().any(|i| i.name() == miss)
        {
            errors.push(format!("{}: miss = {miss}: no such instruction", instruction.operation.at));
        }
    }
}

struct Reader<'a> {
    shown: &'a str,
    module: &'a str,
    function: &'a ItemFn,
}

impl Reader<'_> {
    fn at(&self, node: &impl Spanned) -> String {
        let start = node.span().start();
        format!("{}:{}:{}", self.shown, start.line, start.column + 1)
    }

    fn operation(&self) -> Result<Operation, String> {
        let function = self.function;
        let name = function.sig.ident.to_string();
        let doc = docs(&function.attrs);
        if doc.is_empty() {
            return Err(format!("{}: `{name}` has no doc comment", self.at(&function.sig.ident)));
        }
        let mut params = Vec::new();
        for argument in &function.sig.inputs {
            let FnArg::Typed(argument) = argument else {
                return Err(format!("{}: operations take no self", self.at(argument)));
            };
            params.push((text(&argument.pat).trim_start_matches("mut ").to_string(), self.param(&argument.ty)?));
        }
        let effect = params
            .iter()
            .map(|(_, p)| match p {
                Param::Cx => Effect::RunsPython,
                Param::Heap => Effect::Allocates,
                Param::SharedCx | Param::Frame => Effect::Reads,
                _ => Effect::Pure,
            })
            .max()
            .unwrap_or(Effect::Pure);
        let (output, output_text, failure) = self.output()?;
        if matches!(failure, Failure::Raised | Failure::Reraised) && effect != Effect::RunsPython {
            return Err(format!("{}: `{name}` can raise, so it needs `&mut Cx`", self.at(&function.sig.output)));
        }
        Ok(Operation {
            at: self.at(&function.sig.ident),
            name,
            doc,
            module: self.module.to_string(),
            params,
            output,
            output_text,
            failure,
            effect,
        })
    }

    fn param(&self, ty: &Type) -> Result<Param, String> {
        let shown = text(ty);
        Ok(match shown.as_str() {
            "&mut Heap" => Param::Heap,
            "&mut Cx" => Param::Cx,
            "&Cx" => Param::SharedCx,
            "FrameRef" => Param::Frame,
            "Oparg" => Param::Oparg,
            "Value" => Param::Input { kept: false },
            "Keep" => Param::Input { kept: true },
            "&[Value]" => Param::Run,
            "&mut [Value]" => Param::Out,
            "Peek" => Param::Peek,
            other => match other.strip_prefix("Cached") {
                Some(rest) => {
                    let (short, rest) = match rest.strip_prefix("48<") {
                        Some(rest) => (true, rest),
                        None => (false, rest.trim_start_matches('<')),
                    };
                    let parts = rest.strip_suffix('>').and_then(|r| r.rsplit_once(", "));
                    let Some((ty, at)) = parts.and_then(|(ty, at)| Some((ty, at.parse().ok()?))) else {
                        return Err(format!("{}: a cache field is `Cached<Type, unit>`", self.at(ty)));
                    };
                    Param::Cache { ty: ty.to_string(), at, short }
                }
                None => Param::Other(other.to_string()),
            },
        })
    }

    fn output(&self) -> Result<(Output, String, Failure), String> {
        let ReturnType::Type(_, ty) = &self.function.sig.output else {
            return Ok((Output::Values(0), "()".to_string(), Failure::None));
        };
        let shown = text(ty);
        let inner = shown.strip_prefix("Result<").and_then(|r| r.strip_suffix('>')).and_then(|r| r.rsplit_once(", "));
        let (value, failure) = match inner {
            Some((value, "Miss")) => (value, Failure::Miss),
            Some((value, "Raised")) => (value, Failure::Raised),
            Some((value, "Reraised")) => (value, Failure::Reraised),
            Some((value, "Exit")) => (value, Failure::Exit),
            Some((_, other)) => return Err(format!("{}: an operation cannot fail with `{other}`", self.at(ty))),
            None => match shown.strip_prefix("PyResult<").and_then(|r| r.strip_suffix('>')) {
                Some(value) => (value, Failure::Raised),
                None if shown == "PyResult" => ("Value", Failure::Raised),
                None => (shown.as_str(), Failure::None),
            },
        };
        let output = match value {
            "()" => Output::Values(0),
            "Branch" => Output::Branch,
            "bool" => Output::Condition,
            "(Value, Branch)" => Output::ValueAndBranch,
            "Forward" => Output::Forward,
            "Backward" => Output::Backward,
            "Next" => Output::Next,
            "NextPair" => Output::NextPair,
            "Loaded" => Output::Loaded,
            "Enter" => Output::Enter,
            "Construct" => Output::Construct,
            "Resume" => Output::Resume,
            "Called" => Output::Called,
            "Leave" => Output::Leave,
            "Suspend" => Output::Suspend,
            "Extend" => Output::Extend,
            tuple if tuple.starts_with('(') => Output::Values(tuple.matches(',').count() + 1),
            _ => Output::Values(1),
        };
        Ok((output, value.to_string(), failure))
    }

    fn instruction(&self, marker: &Attribute) -> Result<Instruction, String> {
        let operation = self.operation()?;
        let mut instruction = Instruction {
            opcode: None,
            caches: 0,
            steps: Vec::new(),
            is_micro: false,
            adaptive: false,
            run: None,
            out: None,
            miss: None,
            inline: None,
            operation,
        };
        let mut internal = false;
        if let syn::Meta::List(list) = &marker.meta {
            for word in list.tokens.to_string().split(',').map(str::trim).filter(|w| !w.is_empty()) {
                let (key, value) = word.split_once('=').map_or((word, ""), |(k, v)| (k.trim(), v.trim()));
                match key {
                    "micro" => instruction.is_micro = true,
                    "adaptive" => instruction.adaptive = true,
                    "internal" => {
                        internal = true;
                        instruction.caches = value.parse().unwrap_or(0);
                    }
                    "inline" => instruction.inline = Some(true),
                    "outline" => instruction.inline = Some(false),
                    "run" => instruction.run = Some(value.to_string()),
                    "out" => instruction.out = Some(value.to_string()),
                    "miss" => instruction.miss = Some(value.to_string()),
                    other => return Err(format!("{}: instructions have no `{other}`", self.at(marker))),
                }
            }
        }
        let upper = instruction.operation.upper();
        if !internal {
            instruction.opcode = Opcode::ALL.iter().copied().find(|op| op.name() == upper);
            if instruction.opcode.is_none() {
                return Err(format!("{}: there is no instruction `{upper}`", instruction.operation.at));
            }
        }
        if instruction.is_micro {
            instruction.steps.push(instruction.operation.name.clone());
        } else {
            self.straight_line(&mut instruction.steps)?;
        }
        self.check(&instruction)?;
        Ok(instruction)
    }

    fn check(&self, instruction: &Instruction) -> Result<(), String> {
        let operation = &instruction.operation;
        let caches = instruction.opcode.map_or(9, Opcode::caches);
        let mut seen_popped = false;
        for (name, param) in &operation.params {
            match param {
                Param::Other(ty) => {
                    return Err(format!("{}: an instruction's parameter `{name}` cannot be a `{ty}`", operation.at));
                }
                Param::Run if instruction.run.is_none() => {
                    return Err(format!("{}: how long is `{name}`? Say `run = …`", operation.at));
                }
                Param::Out if instruction.out.is_none() && instruction.run.is_none() => {
                    return Err(format!("{}: how long is `{name}`? Say `out = …`", operation.at));
                }
                Param::Cache { ty, at, short } if at + cache_units(ty, *short)? > caches => {
                    return Err(format!("{}: `{name}` lies beyond the {caches} cache units", operation.at));
                }
                Param::Input { kept: true } if seen_popped => {
                    return Err(format!("{}: `{name}` stays, but lies above a popped value", operation.at));
                }
                Param::Input { kept: false } | Param::Run => seen_popped = true,
                _ => {}
            }
        }
        if instruction.adaptive && caches == 0 {
            return Err(format!("{}: adaptive instructions have a counter in their cache", operation.at));
        }
        Ok(())
    }

    /// The calls of a body that is nothing but micro-op calls.
    fn straight_line(&self, steps: &mut Vec<String>) -> Result<(), String> {
        for statement in &self.function.block.stmts {
            match statement {
                Stmt::Local(local) => match &local.init {
                    Some(init) if init.diverge.is_none() => self.call_steps(&init.expr, steps)?,
                    _ => return Err(format!("{}: a step is `let name = micro_op(…)`", self.at(local))),
                },
                Stmt::Expr(expression, _) => self.call_steps(expression, steps)?,
                other => {
                    return Err(format!("{}: an instruction is a straight line of micro-op calls", self.at(other)));
                }
            }
        }
        Ok(())
    }

    fn call_steps(&self, expression: &Expr, steps: &mut Vec<String>) -> Result<(), String> {
        match expression {
            Expr::Try(inner) => self.call_steps(&inner.expr, steps),
            Expr::Paren(inner) => self.call_steps(&inner.expr, steps),
            Expr::Reference(inner) => self.call_steps(&inner.expr, steps),
            Expr::Field(inner) => self.call_steps(&inner.base, steps),
            Expr::Tuple(tuple) => tuple.elems.iter().try_for_each(|e| self.call_steps(e, steps)),
            Expr::Struct(value) => value.fields.iter().try_for_each(|f| self.call_steps(&f.expr, steps)),
            Expr::Path(_) | Expr::Lit(_) => Ok(()),
            Expr::Call(call) => {
                call.args.iter().try_for_each(|e| self.call_steps(e, steps))?;
                let called = text(&call.func);
                // Constructors (`Ok`, `Next`, …) only wrap.
                if !called.split("::").last().is_some_and(|w| w.starts_with(char::is_uppercase)) {
                    steps.push(called);
                }
                Ok(())
            }
            other => Err(format!("{}: an instruction is a straight line of micro-op calls", self.at(other))),
        }
    }
}

/// Cache units that a field takes.
pub fn cache_units(ty: &str, short: bool) -> Result<usize, String> {
    Ok(match ty {
        _ if short => 3,
        "u16" | "SlotOffset" => 1,
        "u32" | "ShapeId" => 2,
        "Value" | "&'static NativeDef" => 4,
        ty if ty.starts_with("Gc<") => 4,
        other => return Err(format!("a cache cannot hold a `{other}`")),
    })
}

fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|a| match &a.meta {
        syn::Meta::NameValue(m) if m.path.is_ident("doc") => match &m.value {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(s), .. }) => Some(s.value().trim().to_string()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ")
}

/// The source text of a type or pattern, spaced as people write it.
fn text(node: &impl ToTokens) -> String {
    let spaced = node.to_token_stream().to_string();
    let mut out = spaced;
    for (from, to) in [
        (" < ", "<"),
        (" > ", ">"),
        (" >", ">"),
        ("< ", "<"),
        (" :: ", "::"),
        ("& ", "&"),
        (" ,", ","),
        ("' ", "'"),
        ("[ ", "["),
        (" ]", "]"),
        ("( ", "("),
        (" )", ")"),
    ] {
        out = out.replace(from, to);
    }
    out
}
