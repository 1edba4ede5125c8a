//! The backtracking matcher.
//!
//! One loop runs a [`Program`] over a slice of code points of any width; nothing is copied. Where there is more than one way
//! on, a *choice* is pushed; a failure takes up the last one. What changes on the way (marks, counts of loops) is undone from a
//! log, so that a failed way leaves no trace. Counts of loops live in an arena of immutable nodes: a choice saves which one
//! was current. Lookarounds, atomic groups and possessive loops run the same loop on top of the same stack; their depth is
//! the pattern's nesting.

use super::case::{self, Case};
use super::program::{At, Item, MAXREPEAT, Op, Program, RepeatKind, Viable};
use object::PyResult;

/// A code point of a subject.
pub trait Unit: Copy + Into<u32> {
    /// First place of `c`.
    fn find(text: &[Self], c: u32) -> Option<usize>;
    /// First place of the whole `prefix`.
    fn find_prefix(text: &[Self], prefix: &[u32]) -> Option<usize> {
        let mut from = 0;
        loop {
            let at = from + Self::find(&text[from..], prefix[0])?;
            let rest = text.get(at..at + prefix.len())?;
            if rest.iter().zip(prefix).all(|(&a, &b)| a.into() == b) {
                return Some(at);
            }
            from = at + 1;
        }
    }
}

impl Unit for u8 {
    #[inline]
    fn find(text: &[u8], c: u32) -> Option<usize> {
        memchr::memchr(u8::try_from(c).ok()?, text)
    }
}
impl Unit for u16 {
    #[inline]
    fn find(text: &[u16], c: u32) -> Option<usize> {
        text.iter().position(|&u| u as u32 == c)
    }
}
impl Unit for u32 {
    #[inline]
    fn find(text: &[u32], c: u32) -> Option<usize> {
        text.iter().position(|&u| u == c)
    }
}

/// No position: an unset mark.
pub const UNSET: usize = usize::MAX;
const NO_LOOP: u32 = u32::MAX;
/// Failures between two looks at signals.
const POLL_EVERY: u32 = 1 << 16;

/// How far a loop is.
#[derive(Clone, Copy)]
struct Loop {
    count: u32,
    /// Where the last turn began.
    last: usize,
    /// The loop around this one.
    outer: u32,
}

#[derive(Clone, Copy)]
enum Way {
    /// Go on at the instruction.
    Go,
    /// The next alternative.
    Alternative(u32),
    /// One repeated character less: `extra` is how many.
    Fewer(usize),
    /// One repeated character more: `extra` is how many so far.
    More(usize),
    /// Another turn of a lazy loop.
    Turn,
}

struct Choice {
    way: Way,
    pc: u32,
    current: u32,
    n_loops: u32,
    n_undo: u32,
    at: usize,
}

struct Undo {
    mark: u32,
    value: usize,
    last_group: u32,
}

/// Memory that is reused from match to match, and the outcome of the last one.
#[derive(Default)]
pub struct Scratch {
    /// Start and end of each group.
    pub marks: Vec<usize>,
    /// The group that was closed last; 0 = none.
    pub last_group: u32,
    choices: Vec<Choice>,
    undo: Vec<Undo>,
    loops: Vec<Loop>,
}

/// What is looked for where.
#[derive(Clone, Copy)]
pub struct Request {
    pub start: usize,
    pub end: usize,
    /// The match has to reach the end.
    pub whole: bool,
    /// The match must not be empty at `start`.
    pub must_advance: bool,
}

/// Looks at signals; an error ends the match.
pub type Poll<'a> = &'a mut dyn FnMut() -> PyResult<()>;

struct Matcher<'a, 'p, T> {
    program: &'a Program,
    text: &'a [T],
    scratch: &'a mut Scratch,
    request: Request,
    current: u32,
    budget: u32,
    poll: Poll<'p>,
}

/// Match at `request.start`; the end of the match.
pub fn match_at<T: Unit>(
    program: &Program,
    text: &[T],
    request: Request,
    scratch: &mut Scratch,
    poll: Poll<'_>,
) -> PyResult<Option<usize>> {
    if request.start > request.end {
        return Ok(None);
    }
    Matcher::new(program, text, request, scratch, poll).attempt(request.start)
}

/// The first match from `request.start` on: where it is.
pub fn search<T: Unit>(
    program: &Program,
    text: &[T],
    request: Request,
    scratch: &mut Scratch,
    poll: Poll<'_>,
) -> PyResult<Option<(usize, usize)>> {
    let (start, end) = (request.start, request.end);
    if start > end || end - start < program.min_width {
        return Ok(None);
    }
    let mut matcher = Matcher::new(program, text, request, scratch, poll);
    // No match begins behind this.
    let last = end - program.min_width;
    let text = matcher.text;
    let mut at = start;
    while at <= last {
        if !program.prefix.is_empty() {
            let prefix = &program.prefix;
            let found =
                if prefix.len() == 1 { T::find(&text[at..], prefix[0]) } else { T::find_prefix(&text[at..], prefix) };
            let Some(found) = found else { return Ok(None) };
            at += found;
            if program.is_literal {
                return Ok(Some((at, at + prefix.len())));
            }
        } else if let Some(first) = program.first {
            let set = &program.sets[first as usize];
            let Some(found) = text[at..].iter().position(|&c| set.contains(c.into())) else { return Ok(None) };
            at += found;
        }
        if at > last {
            return Ok(None);
        }
        if let Some(match_end) = matcher.attempt(at)? {
            return Ok(Some((at, match_end)));
        }
        if program.is_anchored {
            return Ok(None);
        }
        at += 1;
        matcher.request.must_advance = false;
    }
    Ok(None)
}

impl<'a, 'p, T: Unit> Matcher<'a, 'p, T> {
    fn new(
        program: &'a Program,
        text: &'a [T],
        request: Request,
        scratch: &'a mut Scratch,
        poll: Poll<'p>,
    ) -> Matcher<'a, 'p, T> {
        scratch.marks.clear();
        scratch.marks.resize(program.groups * 2, UNSET);
        scratch.last_group = 0;
        let text = &text[..request.end];
        Matcher { program, text, scratch, request, current: NO_LOOP, budget: POLL_EVERY, poll }
    }

    fn attempt(&mut self, start: usize) -> PyResult<Option<usize>> {
        self.scratch.choices.clear();
        self.scratch.undo.clear();
        self.scratch.loops.clear();
        self.current = NO_LOOP;
        self.request.start = start;
        self.run::<true>(0, start)
    }

    #[inline(always)]
    fn char(&self, at: usize) -> Option<u32> {
        self.text.get(at).map(|&c| c.into())
    }

    #[inline(always)]
    fn fits(&self, item: Item, c: u32) -> bool {
        self.program.fits(item, c)
    }

    /// How many characters from `at` on fit, at most `max`.
    fn count(&self, item: Item, at: usize, max: u32) -> usize {
        let rest = &self.text[at..];
        let rest = if max == MAXREPEAT { rest } else { &rest[..rest.len().min(max as usize)] };
        let end = match item {
            Item::AnyAll => None,
            Item::Any => T::find(rest, 10),
            Item::NotLiteral(l) => T::find(rest, l),
            Item::Literal(l) => rest.iter().position(|&c| c.into() != l),
            Item::In(set) => {
                let set = &self.program.sets[set as usize];
                rest.iter().position(|&c| !set.contains(c.into()))
            }
            _ => rest.iter().position(|&c| !self.fits(item, c.into())),
        };
        end.unwrap_or(rest.len())
    }

    fn is_at(&self, what: At, at: usize) -> bool {
        let end = self.text.len();
        let before = || at.checked_sub(1).and_then(|i| self.char(i));
        match what {
            At::Beginning => at == 0,
            At::BeginningLine => at == 0 || before() == Some(10),
            At::End => at == end || (at + 1 == end && self.char(at) == Some(10)),
            At::EndLine => at == end || self.char(at) == Some(10),
            At::EndString => at == end,
            At::Boundary(word) | At::NonBoundary(word) => {
                let is_word = |c: Option<u32>| c.is_some_and(|c| word.contains(c));
                let boundary = is_word(before()) != is_word(self.char(at));
                boundary == matches!(what, At::Boundary(_))
            }
        }
    }

    fn set_mark(&mut self, mark: u32, at: usize) {
        let s = &mut *self.scratch;
        s.undo.push(Undo { mark, value: s.marks[mark as usize], last_group: s.last_group });
        if mark & 1 == 1 {
            s.last_group = mark / 2 + 1;
        }
        s.marks[mark as usize] = at;
    }

    fn undo_to(&mut self, n: u32) {
        let s = &mut *self.scratch;
        while s.undo.len() > n as usize {
            if let Some(undo) = s.undo.pop() {
                s.marks[undo.mark as usize] = undo.value;
                s.last_group = undo.last_group;
            }
        }
    }

    fn group(&self, group: u32) -> Option<(usize, usize)> {
        let (start, end) = (self.scratch.marks[group as usize * 2], self.scratch.marks[group as usize * 2 + 1]);
        (start != UNSET && end != UNSET && start <= end).then_some((start, end))
    }

    #[inline(always)]
    fn choose(&mut self, way: Way, pc: usize, at: usize) {
        let s = &mut *self.scratch;
        let (n_loops, n_undo) = (s.loops.len() as u32, s.undo.len() as u32);
        s.choices.push(Choice { way, pc: pc as u32, current: self.current, n_loops, n_undo, at });
    }

    fn push_loop(&mut self, count: u32, last: usize, outer: u32) {
        self.scratch.loops.push(Loop { count, last, outer });
        self.current = self.scratch.loops.len() as u32 - 1;
    }

    /// Which alternatives of a branch may match, if its table knows.
    #[inline(always)]
    fn viable_mask(&self, table: u32, n: u32, c: Option<u32>) -> Option<u16> {
        if n as usize > Viable::MAX { None } else { self.program.tables[table as usize].mask(c) }
    }

    /// The first alternative from the `i`-th on that may match before `c`, going by its first instruction.
    fn viable(&self, first: u32, n: u32, mut i: u32, c: Option<u32>) -> u32 {
        while i < n {
            let pc = self.program.alternatives[(first + i) as usize];
            match self.program.ops[pc as usize] {
                Op::One(item) if !c.is_some_and(|c| self.fits(item, c)) => i += 1,
                _ => break,
            }
        }
        i
    }

    /// The literal that instruction `pc` wants, if it is one.
    fn literal_at(&self, pc: usize) -> Option<u32> {
        match self.program.ops.get(pc) {
            Some(&Op::One(Item::Literal(c))) => Some(c),
            _ => None,
        }
    }

    /// The greatest number of repeated characters, at most `n` and at least `min`, behind which `tail` may match.
    fn fewer(&self, tail: usize, start: usize, mut n: usize, min: usize) -> Option<usize> {
        if let Some(literal) = self.literal_at(tail) {
            while self.char(start + n) != Some(literal) {
                if n <= min {
                    return None;
                }
                n -= 1;
            }
        }
        Some(n)
    }

    /// Run from `pc` at `at` to a SUCCESS; the position there. The choices made on the way are dropped.
    fn run<const TOP: bool>(&mut self, mut pc: usize, mut at: usize) -> PyResult<Option<usize>> {
        let base = self.scratch.choices.len();
        let undo_base = self.scratch.undo.len() as u32;
        'run: loop {
            'fail: {
                loop {
                    match self.program.ops[pc] {
                        Op::Fail => break 'fail,
                        Op::Success => {
                            if TOP
                                && ((self.request.whole && at != self.request.end)
                                    || (self.request.must_advance && at == self.request.start))
                            {
                                break 'fail;
                            }
                            self.scratch.choices.truncate(base);
                            return Ok(Some(at));
                        }
                        Op::One(item) => match self.char(at) {
                            Some(c) if self.fits(item, c) => {
                                at += 1;
                                pc += 1;
                            }
                            _ => break 'fail,
                        },
                        Op::At(what) => {
                            if !self.is_at(what, at) {
                                break 'fail;
                            }
                            pc += 1;
                        }
                        Op::Jump(to) => pc = to as usize,
                        Op::Mark(mark) => {
                            self.set_mark(mark, at);
                            pc += 1;
                        }
                        Op::Branch { first, n, table } => {
                            let c = self.char(at);
                            if let Some(mask) = self.viable_mask(table, n, c) {
                                if mask == 0 {
                                    break 'fail;
                                }
                                let others = mask & (mask - 1);
                                if others != 0 {
                                    self.choose(Way::Alternative(others.trailing_zeros()), pc, at);
                                }
                                pc = self.program.alternatives[(first + mask.trailing_zeros()) as usize] as usize;
                                continue;
                            }
                            let i = self.viable(first, n, 0, c);
                            if i == n {
                                break 'fail;
                            }
                            let next = self.viable(first, n, i + 1, c);
                            if next < n {
                                self.choose(Way::Alternative(next), pc, at);
                            }
                            pc = self.program.alternatives[(first + i) as usize] as usize;
                        }
                        Op::GroupRef(group, case) => {
                            let Some((start, end)) = self.group(group) else { break 'fail };
                            let n = end - start;
                            if self.text.len() - at < n {
                                break 'fail;
                            }
                            let same = (0..n).all(|i| {
                                let (a, b): (u32, u32) = (self.text[start + i].into(), self.text[at + i].into());
                                a == b || (case != Case::Exact && case::lower(a, case) == case::lower(b, case))
                            });
                            if !same {
                                break 'fail;
                            }
                            at += n;
                            pc += 1;
                        }
                        Op::GroupRefExists { group, otherwise } => {
                            pc = if self.group(group).is_some() { pc + 1 } else { otherwise as usize };
                        }
                        Op::Repeat { until } => {
                            self.push_loop(0, UNSET, self.current);
                            // The first turn is decided where all others are, with no turn done yet.
                            pc = until as usize;
                            let Op::Until { body, min, max, greedy } = self.program.ops[pc] else { break 'fail };
                            let outer = self.scratch.loops[self.current as usize].outer;
                            if min > 0 {
                                pc = body as usize;
                            } else if greedy {
                                if max > 0 {
                                    let own = self.current;
                                    self.current = outer;
                                    self.choose(Way::Go, pc + 1, at);
                                    self.current = own;
                                    self.scratch.loops[own as usize].last = at;
                                    pc = body as usize;
                                } else {
                                    self.current = outer;
                                    pc += 1;
                                }
                            } else {
                                if max > 0 {
                                    self.choose(Way::Turn, pc, at);
                                }
                                self.current = outer;
                                pc += 1;
                            }
                        }
                        Op::Until { body, min, max, greedy } => {
                            let Loop { count, last, outer } = self.scratch.loops[self.current as usize];
                            let count = count.saturating_add(1);
                            if count < min {
                                self.push_loop(count, last, outer);
                                pc = body as usize;
                                continue;
                            }
                            let may_go_on = (count < max || max == MAXREPEAT) && at != last;
                            if greedy && may_go_on {
                                self.current = outer;
                                self.choose(Way::Go, pc + 1, at);
                                self.push_loop(count, at, outer);
                                pc = body as usize;
                                continue;
                            }
                            if may_go_on {
                                self.push_loop(count, last, outer);
                                self.choose(Way::Turn, pc, at);
                            }
                            self.current = outer;
                            pc += 1;
                        }
                        Op::RepeatOne { item, min, max, kind } => {
                            let least = min as usize;
                            if self.text.len() - at < least {
                                break 'fail;
                            }
                            let most = if kind == RepeatKind::Lazy { min } else { max };
                            let n = if most == 0 { 0 } else { self.count(item, at, most) };
                            if n < least {
                                break 'fail;
                            }
                            pc += 1;
                            match kind {
                                RepeatKind::Possessive => at += n,
                                RepeatKind::Greedy => {
                                    let Some(n) = self.fewer(pc, at, n, least) else { break 'fail };
                                    if n > least {
                                        self.choose(Way::Fewer(n - 1), pc - 1, at);
                                    }
                                    at += n;
                                }
                                RepeatKind::Lazy => {
                                    at += n;
                                    if max > min {
                                        self.choose(Way::More(n), pc - 1, at);
                                    }
                                }
                            }
                        }
                        Op::PossessiveRepeat { min, max, tail } => {
                            let (mut count, saved) = (0, self.current);
                            let mut last = UNSET;
                            loop {
                                let needed = count < min;
                                if !needed && !((count < max || max == MAXREPEAT) && at != last) {
                                    break;
                                }
                                if !needed {
                                    last = at;
                                }
                                let end = self.run::<false>(pc + 1, at)?;
                                self.current = saved;
                                match end {
                                    Some(end) => at = end,
                                    None if needed => break 'fail,
                                    None => break,
                                }
                                count = count.saturating_add(1);
                            }
                            pc = tail as usize;
                        }
                        Op::Assert { back, tail, negative } => {
                            let saved = self.current;
                            let n_undo = self.scratch.undo.len() as u32;
                            let found = match at.checked_sub(back as usize) {
                                Some(from) => self.run::<false>(pc + 1, from)?.is_some(),
                                None => false,
                            };
                            self.current = saved;
                            if found == negative {
                                break 'fail;
                            }
                            if negative {
                                self.undo_to(n_undo);
                            }
                            pc = tail as usize;
                        }
                        Op::Atomic { tail } => {
                            let saved = self.current;
                            let Some(end) = self.run::<false>(pc + 1, at)? else { break 'fail };
                            self.current = saved;
                            at = end;
                            pc = tail as usize;
                        }
                    }
                }
            }
            self.budget -= 1;
            if self.budget == 0 {
                self.budget = POLL_EVERY;
                (self.poll)()?;
            }
            // Take up the last choice that still has something to offer.
            loop {
                if self.scratch.choices.len() == base {
                    self.undo_to(undo_base);
                    return Ok(None);
                }
                let Some(choice) = self.scratch.choices.pop() else { return Ok(None) };
                self.undo_to(choice.n_undo);
                self.scratch.loops.truncate(choice.n_loops as usize);
                self.current = choice.current;
                at = choice.at;
                pc = choice.pc as usize;
                match (choice.way, self.program.ops[pc]) {
                    (Way::Go, _) => continue 'run,
                    (Way::Alternative(i), Op::Branch { first, n, table }) => {
                        let c = self.char(at);
                        let next = match self.viable_mask(table, n, c) {
                            Some(mask) => (mask as u32 >> i >> 1).trailing_zeros().saturating_add(i + 1),
                            None => self.viable(first, n, i + 1, c),
                        };
                        if next < n {
                            self.choose(Way::Alternative(next), pc, at);
                        }
                        pc = self.program.alternatives[(first + i) as usize] as usize;
                        continue 'run;
                    }
                    (Way::Fewer(n), Op::RepeatOne { min, .. }) => {
                        pc += 1;
                        let Some(n) = self.fewer(pc, at, n, min as usize) else { continue };
                        if n > min as usize {
                            self.choose(Way::Fewer(n - 1), pc - 1, at);
                        }
                        at += n;
                        continue 'run;
                    }
                    (Way::More(mut n), Op::RepeatOne { item, max, .. }) => {
                        let literal = self.literal_at(pc + 1);
                        let found = loop {
                            match self.char(at) {
                                Some(c) if self.fits(item, c) => {
                                    at += 1;
                                    n += 1;
                                }
                                _ => break false,
                            }
                            if literal.is_none_or(|l| self.char(at) == Some(l)) {
                                break true;
                            }
                            if n >= max as usize && max != MAXREPEAT {
                                break false;
                            }
                        };
                        if !found {
                            continue;
                        }
                        if n < max as usize || max == MAXREPEAT {
                            self.choose(Way::More(n), pc, at);
                        }
                        pc += 1;
                        continue 'run;
                    }
                    (Way::Turn, Op::Until { body, .. }) => {
                        let Loop { count, outer, .. } = self.scratch.loops[self.current as usize];
                        self.push_loop(count, at, outer);
                        pc = body as usize;
                        continue 'run;
                    }
                    _ => continue,
                }
            }
        }
    }
}
