//! `match` (PEP 634).
//!
//! Every pattern consumes the subject on top of the stack and jumps on if it does not match. Names are bound only once
//! the whole pattern matches: until then captures wait on the stack, below `on_top` values that are still needed. A
//! failure has to pop all of that, so there is a chain of labels, one for each number of values to pop.

use bytecode::Constant;
use syntax::ast::*;

use super::expr::binary_operand;
use super::{Compiler, Result};
use crate::op::{NB_SUBSCR, Op};
use crate::sequence::{Label, NEXT_LOCATION};

/// State of one pattern's compilation.
#[derive(Clone, Default)]
struct Matching {
    /// Names captured, in the order in which they lie on the stack.
    stores: Vec<Name>,
    /// Whether a pattern that always matches may stand here.
    allow_irrefutable: bool,
    /// By number of values to pop: where to go on failure.
    fail_pop: Vec<Label>,
    /// Number of values on top of the stack that stay there until the pattern has matched.
    on_top: usize,
}

fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern.node, PatternKind::As { name: None, .. })
}

impl<'a> Compiler<'a> {
    pub(super) fn match_stmt(&mut self, subject: &'a Expr, cases: &'a [MatchCase]) -> Result<()> {
        self.expr(subject)?;
        let end = self.new_label();
        let Some((last, rest)) = cases.split_last() else { return Ok(()) };
        let has_default = is_wildcard(&last.pattern) && !rest.is_empty();
        let tested = if has_default { rest } else { cases };
        for (i, case) in tested.iter().enumerate() {
            let is_last_tested = i + 1 == tested.len();
            let loc = case.pattern.loc;
            if !is_last_tested {
                self.emit_i(Op::COPY, 1, loc);
            }
            let allow_irrefutable = case.guard.is_some() || i + 1 == cases.len();
            let mut matching = Matching { allow_irrefutable, ..Matching::default() };
            self.pattern(&case.pattern, &mut matching)?;
            for name in std::mem::take(&mut matching.stores) {
                self.store_name(name, loc)?;
            }
            if let Some(guard) = &case.guard {
                self.ensure_fail_pop(&mut matching, 0);
                self.jump_if(guard, matching.fail_pop[0], false, loc)?;
            }
            if !is_last_tested {
                self.emit(Op::POP_TOP, NEXT_LOCATION);
            }
            self.stmts(&case.body)?;
            self.emit_jump(Op::JUMP, end, Location::NONE);
            // A failure shows the line of the pattern, not of the body before.
            self.emit_fail_pops(&mut matching, loc);
        }
        if has_default {
            self.emit(Op::NOP, last.pattern.loc);
            if let Some(guard) = &last.guard {
                self.jump_if(guard, end, false, last.pattern.loc)?;
            }
            self.stmts(&last.body)?;
        }
        self.place(end);
        Ok(())
    }

    fn ensure_fail_pop(&mut self, matching: &mut Matching, n: usize) {
        while matching.fail_pop.len() <= n {
            let label = self.new_label();
            matching.fail_pop.push(label);
        }
    }

    fn jump_to_fail_pop(&mut self, op: Op, matching: &mut Matching, loc: Location) {
        let n = matching.on_top + matching.stores.len();
        self.ensure_fail_pop(matching, n);
        self.emit_jump(op, matching.fail_pop[n], loc);
    }

    fn emit_fail_pops(&mut self, matching: &mut Matching, loc: Location) {
        let labels = std::mem::take(&mut matching.fail_pop);
        for (i, &label) in labels.iter().enumerate().rev() {
            self.place(label);
            if i > 0 {
                self.emit(Op::POP_TOP, loc);
            }
        }
    }

    /// Moves the value on top of the stack below the `n - 1` values under it.
    fn rotate(&mut self, n: usize, loc: Location) {
        for i in (2..=n).rev() {
            self.emit_i(Op::SWAP, i as u32, loc);
        }
    }

    fn capture(&mut self, name: Option<Name>, matching: &mut Matching, loc: Location) -> Result<()> {
        let Some(name) = name else {
            self.emit(Op::POP_TOP, loc);
            return Ok(());
        };
        self.check_duplicate(name, matching, loc)?;
        self.rotate(matching.on_top + matching.stores.len() + 1, loc);
        matching.stores.push(name);
        Ok(())
    }

    fn check_duplicate(&self, name: Name, matching: &Matching, loc: Location) -> Result<()> {
        if matching.stores.contains(&name) {
            let repr = self.name_constant(name).repr();
            return self.error(loc, format!("multiple assignments to name {repr} in pattern"));
        }
        Ok(())
    }

    fn subpattern(&mut self, pattern: &'a Pattern, matching: &mut Matching) -> Result<()> {
        let outer = std::mem::replace(&mut matching.allow_irrefutable, true);
        self.pattern(pattern, matching)?;
        matching.allow_irrefutable = outer;
        Ok(())
    }

    fn pattern(&mut self, pattern: &'a Pattern, matching: &mut Matching) -> Result<()> {
        crate::with_stack(|| self.pattern_inner(pattern, matching))
    }

    fn pattern_inner(&mut self, pattern: &'a Pattern, matching: &mut Matching) -> Result<()> {
        let loc = pattern.loc;
        match &pattern.node {
            PatternKind::Value(value) => {
                if !matches!(value.node, ExprKind::Constant { .. } | ExprKind::Attribute { .. }) {
                    return self.error(loc, "patterns may only match literals and attribute lookups");
                }
                self.expr(value)?;
                self.emit_compare(CmpOp::Eq, loc);
                self.emit(Op::TO_BOOL, loc);
                self.jump_to_fail_pop(Op::POP_JUMP_IF_FALSE, matching, loc);
                Ok(())
            }
            PatternKind::Singleton(value) => {
                self.load_const(value.clone(), loc);
                self.emit_compare(CmpOp::Is, loc);
                self.jump_to_fail_pop(Op::POP_JUMP_IF_FALSE, matching, loc);
                Ok(())
            }
            PatternKind::Sequence(patterns) => self.sequence_pattern(patterns, matching, loc),
            PatternKind::Mapping { keys, patterns, rest } => self.mapping_pattern(keys, patterns, *rest, matching, loc),
            PatternKind::Class { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.class_pattern(cls, patterns, kwd_attrs, kwd_patterns, matching, loc)
            }
            PatternKind::Star(name) => self.capture(*name, matching, loc),
            PatternKind::As { pattern: None, name } => {
                if !matching.allow_irrefutable {
                    let message = match name {
                        Some(name) => {
                            let repr = self.name_constant(*name).repr();
                            format!("name capture {repr} makes remaining patterns unreachable")
                        }
                        None => "wildcard makes remaining patterns unreachable".into(),
                    };
                    return self.error(loc, message);
                }
                self.capture(*name, matching, loc)
            }
            PatternKind::As { pattern: Some(inner), name } => {
                matching.on_top += 1;
                self.emit_i(Op::COPY, 1, loc);
                self.pattern(inner, matching)?;
                matching.on_top -= 1;
                self.capture(*name, matching, loc)
            }
            PatternKind::Or(patterns) => self.or_pattern(patterns, matching, loc),
        }
    }

    fn sequence_pattern(&mut self, patterns: &'a [Pattern], matching: &mut Matching, loc: Location) -> Result<()> {
        let mut star = None;
        let mut only_wildcard = true;
        let mut star_wildcard = false;
        for (i, pattern) in patterns.iter().enumerate() {
            if let PatternKind::Star(name) = &pattern.node {
                if star.is_some() {
                    return self.error(loc, "multiple starred names in sequence pattern");
                }
                star_wildcard = name.is_none();
                only_wildcard &= star_wildcard;
                star = Some(i);
            } else {
                only_wildcard &= is_wildcard(pattern);
            }
        }
        let n = patterns.len();
        matching.on_top += 1;
        self.emit(Op::MATCH_SEQUENCE, loc);
        self.jump_to_fail_pop(Op::POP_JUMP_IF_FALSE, matching, loc);
        let length = match star {
            None => Some((n, CmpOp::Eq)),
            Some(_) if n > 1 => Some((n - 1, CmpOp::GtE)),
            Some(_) => None,
        };
        if let Some((length, op)) = length {
            self.emit(Op::GET_LEN, loc);
            self.load_const(Constant::Int(length as i64), loc);
            self.emit_compare(op, loc);
            self.jump_to_fail_pop(Op::POP_JUMP_IF_FALSE, matching, loc);
        }
        matching.on_top -= 1;
        match star {
            _ if only_wildcard => {
                self.emit(Op::POP_TOP, loc);
                Ok(())
            }
            Some(star) if star_wildcard => self.pick_items(patterns, star, matching, loc),
            _ => self.unpack_items(patterns, star, matching, loc),
        }
    }

    fn unpack_items(
        &mut self,
        patterns: &'a [Pattern],
        star: Option<usize>,
        matching: &mut Matching,
        loc: Location,
    ) -> Result<()> {
        let n = patterns.len();
        match star {
            Some(star) if star >= 1 << 8 || n - star > (i32::MAX >> 8) as usize => {
                return self.error(loc, "too many expressions in star-unpacking sequence pattern");
            }
            Some(star) => self.emit_i(Op::UNPACK_EX, (star + ((n - star - 1) << 8)) as u32, loc),
            None => self.emit_i(Op::UNPACK_SEQUENCE, n as u32, loc),
        }
        matching.on_top += n;
        for pattern in patterns {
            matching.on_top -= 1;
            self.subpattern(pattern, matching)?;
        }
        Ok(())
    }

    /// Takes single items by index, where the starred name is a wildcard.
    fn pick_items(
        &mut self,
        patterns: &'a [Pattern],
        star: usize,
        matching: &mut Matching,
        loc: Location,
    ) -> Result<()> {
        matching.on_top += 1;
        for (i, pattern) in patterns.iter().enumerate() {
            if is_wildcard(pattern) || i == star {
                continue;
            }
            self.emit_i(Op::COPY, 1, loc);
            if i < star {
                self.load_const(Constant::Int(i as i64), loc);
            } else {
                // The subject may not know negative indices.
                self.emit(Op::GET_LEN, loc);
                self.load_const(Constant::Int((patterns.len() - i) as i64), loc);
                self.emit_i(Op::BINARY_OP, binary_operand(Operator::Sub), loc);
            }
            self.emit_i(Op::BINARY_OP, NB_SUBSCR, loc);
            self.subpattern(pattern, matching)?;
        }
        matching.on_top -= 1;
        self.emit(Op::POP_TOP, loc);
        Ok(())
    }

    fn mapping_pattern(
        &mut self,
        keys: &'a [Expr],
        patterns: &'a [Pattern],
        rest: Option<Name>,
        matching: &mut Matching,
        loc: Location,
    ) -> Result<()> {
        let n = keys.len();
        matching.on_top += 1;
        self.emit(Op::MATCH_MAPPING, loc);
        self.jump_to_fail_pop(Op::POP_JUMP_IF_FALSE, matching, loc);
        if n == 0 && rest.is_none() {
            matching.on_top -= 1;
            self.emit(Op::POP_TOP, loc);
            return Ok(());
        }
        if n > 0 {
            self.emit(Op::GET_LEN, loc);
            self.load_const(Constant::Int(n as i64), loc);
            self.emit_compare(CmpOp::GtE, loc);
            self.jump_to_fail_pop(Op::POP_JUMP_IF_FALSE, matching, loc);
        }
        let mut seen: Vec<&Constant> = Vec::new();
        for key in keys {
            match &key.node {
                ExprKind::Constant { value, .. } => {
                    if seen.iter().any(|other| crate::fold::equal(other, value)) {
                        let message = format!("mapping pattern checks duplicate key ({})", value.repr());
                        return self.error(loc, message);
                    }
                    seen.push(value);
                }
                ExprKind::Attribute { .. } => {}
                _ => {
                    let message = "mapping pattern keys may only match literals and attribute lookups";
                    return self.error(loc, message);
                }
            }
            self.expr(key)?;
        }
        self.emit_i(Op::BUILD_TUPLE, n as u32, loc);
        self.emit(Op::MATCH_KEYS, loc);
        // On top of the subject there is now a tuple of keys and one of values.
        matching.on_top += 2;
        self.fail_if_none(matching, loc);
        self.emit_i(Op::UNPACK_SEQUENCE, n as u32, loc);
        matching.on_top += n;
        matching.on_top -= 1;
        for pattern in patterns {
            matching.on_top -= 1;
            self.subpattern(pattern, matching)?;
        }
        matching.on_top -= 2;
        match rest {
            Some(rest) => {
                // rest = dict(subject); for key in keys: del rest[key]
                self.emit_i(Op::BUILD_MAP, 0, loc);
                self.emit_i(Op::SWAP, 3, loc);
                self.emit_i(Op::DICT_UPDATE, 2, loc);
                self.emit_i(Op::UNPACK_SEQUENCE, n as u32, loc);
                for i in (1..=n as u32).rev() {
                    self.emit_i(Op::COPY, 1 + i, loc);
                    self.emit_i(Op::SWAP, 2, loc);
                    self.emit(Op::DELETE_SUBSCR, loc);
                }
                self.capture(Some(rest), matching, loc)
            }
            None => {
                self.emit(Op::POP_TOP, loc);
                self.emit(Op::POP_TOP, loc);
                Ok(())
            }
        }
    }

    fn fail_if_none(&mut self, matching: &mut Matching, loc: Location) {
        self.emit_i(Op::COPY, 1, loc);
        self.load_none(loc);
        self.emit_i(Op::IS_OP, 1, loc);
        self.jump_to_fail_pop(Op::POP_JUMP_IF_FALSE, matching, loc);
    }

    fn class_pattern(
        &mut self,
        cls: &'a Expr,
        patterns: &'a [Pattern],
        kwd_attrs: &[Name],
        kwd_patterns: &'a [Pattern],
        matching: &mut Matching,
        loc: Location,
    ) -> Result<()> {
        for (i, attr) in kwd_attrs.iter().enumerate() {
            if let Some(j) = kwd_attrs[i + 1..].iter().position(|other| other == attr) {
                let name = self.names.text(*attr);
                let message = format!("attribute name repeated in class pattern: {name}");
                return self.error(kwd_patterns[i + 1 + j].loc, message);
            }
        }
        self.expr(cls)?;
        let attrs = kwd_attrs.iter().map(|&attr| self.name_constant(attr)).collect();
        self.load_const(Constant::Tuple(attrs), loc);
        self.emit_i(Op::MATCH_CLASS, patterns.len() as u32, loc);
        matching.on_top += 1;
        self.emit_i(Op::COPY, 1, loc);
        self.load_none(loc);
        self.emit_i(Op::IS_OP, 1, loc);
        self.jump_to_fail_pop(Op::POP_JUMP_IF_FALSE, matching, loc);
        let n = patterns.len() + kwd_patterns.len();
        self.emit_i(Op::UNPACK_SEQUENCE, n as u32, loc);
        matching.on_top += n;
        matching.on_top -= 1;
        for pattern in patterns.iter().chain(kwd_patterns) {
            matching.on_top -= 1;
            if is_wildcard(pattern) {
                self.emit(Op::POP_TOP, loc);
            } else {
                self.subpattern(pattern, matching)?;
            }
        }
        Ok(())
    }

    fn or_pattern(&mut self, patterns: &'a [Pattern], matching: &mut Matching, loc: Location) -> Result<()> {
        let end = self.new_label();
        // The names that the first alternative binds, in its order: the others have to bind the same.
        let mut control: Option<Vec<Name>> = None;
        for (i, alternative) in patterns.iter().enumerate() {
            let allow_irrefutable = i + 1 == patterns.len() && matching.allow_irrefutable;
            let mut inner = Matching { allow_irrefutable, ..Matching::default() };
            self.emit_i(Op::COPY, 1, alternative.loc);
            self.pattern(alternative, &mut inner)?;
            match &control {
                None => control = Some(std::mem::take(&mut inner.stores)),
                Some(control) => self.reorder_captures(control, &mut inner.stores, alternative.loc, loc)?,
            }
            self.emit_jump(Op::JUMP, end, alternative.loc);
            self.emit_fail_pops(&mut inner, alternative.loc);
        }
        let control = control.unwrap_or_default();
        // None matched.
        self.emit(Op::POP_TOP, loc);
        self.jump_to_fail_pop(Op::JUMP, matching, loc);
        self.place(end);
        let n_rotations = control.len() + 1 + matching.on_top + matching.stores.len();
        for name in control {
            self.rotate(n_rotations, loc);
            self.check_duplicate(name, matching, loc)?;
            matching.stores.push(name);
        }
        self.emit(Op::POP_TOP, loc);
        Ok(())
    }

    /// Brings the captures of an alternative into the order of the first one's.
    fn reorder_captures(
        &mut self,
        control: &[Name],
        stores: &mut Vec<Name>,
        loc: Location,
        or_loc: Location,
    ) -> Result<()> {
        const DIFFERENT: &str = "alternative patterns bind different names";
        if stores.len() != control.len() {
            return self.error(or_loc, DIFFERENT);
        }
        for in_control in (0..control.len()).rev() {
            let Some(in_stores) = stores.iter().position(|name| *name == control[in_control]) else {
                return self.error(or_loc, DIFFERENT);
            };
            if in_control == in_stores {
                continue;
            }
            let n_rotations = in_stores + 1;
            let rotated: Vec<Name> = stores.drain(..n_rotations).collect();
            let at = in_control - in_stores;
            stores.splice(at..at, rotated);
            for _ in 0..n_rotations {
                self.rotate(in_control + 1, loc);
            }
        }
        Ok(())
    }
}
