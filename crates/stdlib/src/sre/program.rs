//! The code words of `re._compiler`, checked and turned into a program that the matcher runs.
//!
//! `_sre.compile` calls [`Program::read`] with whatever it was given: a list that is no valid program is refused here, so
//! that the matcher may trust its indices. Sets get a bitmap of the first 256 characters. Deliberately no optimiser:
//! `re._compiler` has been there.

use super::case::{self, Case};

/// An instruction; `u32`s are indices of instructions, groups or marks.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    Fail,
    Success,
    /// One character.
    One(Item),
    At(At),
    Jump(u32),
    /// Alternatives `first..first + n` of [`Program::alternatives`]; which of them may match is known from table `table`
    /// of [`Program::tables`], or from the alternatives themselves when there is no such table.
    Branch {
        first: u32,
        n: u32,
        table: u32,
    },
    Mark(u32),
    GroupRef(u32, Case),
    /// Go to `otherwise` when the group has not matched.
    GroupRefExists {
        group: u32,
        otherwise: u32,
    },
    /// The body follows, and ends with an `Until`.
    Repeat {
        until: u32,
    },
    /// `body` is the first instruction of the body; the tail follows.
    Until {
        body: u32,
        min: u32,
        max: u32,
        greedy: bool,
    },
    /// A repeated character; the tail follows.
    RepeatOne {
        item: Item,
        min: u32,
        max: u32,
        kind: RepeatKind,
    },
    /// The body follows, up to its `Success`.
    PossessiveRepeat {
        min: u32,
        max: u32,
        tail: u32,
    },
    Assert {
        back: u32,
        tail: u32,
        negative: bool,
    },
    Atomic {
        tail: u32,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RepeatKind {
    Greedy,
    Lazy,
    Possessive,
}

/// What one character is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    Any,
    AnyAll,
    Literal(u32),
    NotLiteral(u32),
    LiteralIgnore(u32, Case),
    NotLiteralIgnore(u32, Case),
    In(u32),
    Category(Category),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    Beginning,
    BeginningLine,
    Boundary(Category),
    NonBoundary(Category),
    End,
    EndLine,
    EndString,
}

/// A class of characters; the second part negates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Category {
    class: u8,
    negated: bool,
}

impl Category {
    pub const WORD: Category = Category { class: 2, negated: false };
    pub const UNICODE_WORD: Category = Category { class: 7, negated: false };

    fn from_code(code: u32) -> Option<Category> {
        (code < 18).then_some(Category { class: (code / 2) as u8, negated: code & 1 == 1 })
    }

    #[inline]
    pub fn contains(self, c: u32) -> bool {
        let ascii = u8::try_from(c).ok().filter(u8::is_ascii);
        let found = match self.class {
            0 => ascii.is_some_and(|b| b.is_ascii_digit()),
            1 => matches!(c, 9..=13 | 32),
            2 | 4 => ascii.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_'),
            3 => c == 10,
            5 => case::is_digit(c),
            6 => case::is_space(c),
            7 => c == '_' as u32 || case::is_alnum(c),
            _ => matches!(c, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029),
        };
        found != self.negated
    }
}

/// A set of characters.
#[derive(Debug)]
pub struct Set {
    /// Characters below 256 for which [`Set::contains`] holds.
    low: [u64; 4],
    items: Vec<SetItem>,
    case: Case,
}

#[derive(Debug)]
enum SetItem {
    Negate,
    Literal(u32),
    Range(u32, u32),
    RangeIgnore(u32, u32),
    Category(Category),
    /// A bitmap of 256 characters.
    Bits([u32; 8]),
    /// 256 block numbers, and the blocks.
    Big(Vec<u8>, Vec<u32>),
}

impl Set {
    fn new(items: Vec<SetItem>, case: Case) -> Set {
        let mut set = Set { low: [0; 4], items, case };
        for c in 0..256 {
            if set.contains_slow(c) {
                set.low[c as usize >> 6] |= 1 << (c & 63);
            }
        }
        set
    }

    #[inline(always)]
    pub fn contains(&self, c: u32) -> bool {
        if c < 256 { self.low[(c >> 6) as usize] >> (c & 63) & 1 == 1 } else { self.contains_slow(c) }
    }

    #[cold]
    fn contains_slow(&self, c: u32) -> bool {
        match self.case {
            Case::Locale => {
                let (lower, upper) = (case::lower(c, Case::Locale), case::upper_locale(c));
                if let Some(SetItem::Negate) = self.items.first() {
                    return self.has(lower) && self.has(upper);
                }
                self.has(lower) || (upper != lower && self.has(upper))
            }
            case => self.has(case::lower(c, case)),
        }
    }

    fn has(&self, c: u32) -> bool {
        let mut result = true;
        for item in &self.items {
            let hit = match item {
                SetItem::Negate => {
                    result = !result;
                    false
                }
                SetItem::Literal(l) => *l == c,
                SetItem::Range(a, b) => (*a..=*b).contains(&c),
                SetItem::RangeIgnore(a, b) => (*a..=*b).contains(&c) || (*a..=*b).contains(&case::upper_unicode(c)),
                SetItem::Category(category) => category.contains(c),
                SetItem::Bits(bits) => c < 256 && bits[(c >> 5) as usize] >> (c & 31) & 1 == 1,
                SetItem::Big(index, blocks) => {
                    c < 0x10000 && {
                        let block = index[(c >> 8) as usize] as usize;
                        blocks[block * 8 + (c >> 5 & 7) as usize] >> (c & 31) & 1 == 1
                    }
                }
            };
            if hit {
                return result;
            }
        }
        !result
    }
}

/// Which alternatives of a branch may match, by the next character: bit `i` is alternative `i`.
#[derive(Debug)]
pub struct Viable {
    /// For characters below 256.
    low: Box<[u16; 256]>,
    /// Where the text ends.
    at_end: u16,
}

impl Viable {
    /// Branches of more alternatives have no table.
    pub const MAX: usize = 16;

    /// For the alternatives that begin at these instructions.
    fn new(program: &Program, starts: &[u32]) -> Viable {
        let mut viable = Viable { low: Box::new([0; 256]), at_end: 0 };
        for (i, &start) in starts.iter().enumerate() {
            let bit = 1 << i;
            match program.first_item(start as usize) {
                None => {
                    viable.low.iter_mut().for_each(|mask| *mask |= bit);
                    viable.at_end |= bit;
                }
                Some(Item::Literal(c)) => {
                    if let Some(mask) = viable.low.get_mut(c as usize) {
                        *mask |= bit;
                    }
                }
                Some(item) => {
                    for (c, mask) in viable.low.iter_mut().enumerate() {
                        if program.fits(item, c as u32) {
                            *mask |= bit;
                        }
                    }
                }
            }
        }
        viable
    }

    /// The alternatives for the next character; `None` where the table does not know it.
    #[inline(always)]
    pub fn mask(&self, c: Option<u32>) -> Option<u16> {
        match c {
            Some(c) => self.low.get(c as usize).copied(),
            None => Some(self.at_end),
        }
    }
}

/// A checked pattern.
#[derive(Debug)]
pub struct Program {
    pub ops: Vec<Op>,
    pub sets: Vec<Set>,
    pub alternatives: Vec<u32>,
    /// For branches of few alternatives.
    pub tables: Vec<Viable>,
    pub groups: usize,
    /// The least number of characters of a match.
    pub min_width: usize,
    /// What every match starts with.
    pub prefix: Vec<u32>,
    /// Every match is just the prefix.
    pub is_literal: bool,
    /// Set of the first character.
    pub first: Option<u32>,
    /// Matches begin at the start of the string alone.
    pub is_anchored: bool,
}

/// The code is not a valid program.
#[derive(Debug)]
pub struct InvalidCode;
type Check<T> = Result<T, InvalidCode>;

pub const MAXREPEAT: u32 = u32::MAX;

/// Names of the codes, numbered as in `re._constants`.
mod code {
    pub const FAILURE: u32 = 0;
    pub const SUCCESS: u32 = 1;
    pub const ANY: u32 = 2;
    pub const ANY_ALL: u32 = 3;
    pub const ASSERT: u32 = 4;
    pub const ASSERT_NOT: u32 = 5;
    pub const AT: u32 = 6;
    pub const BRANCH: u32 = 7;
    pub const CATEGORY: u32 = 8;
    pub const CHARSET: u32 = 9;
    pub const BIGCHARSET: u32 = 10;
    pub const GROUPREF: u32 = 11;
    pub const GROUPREF_EXISTS: u32 = 12;
    pub const IN: u32 = 13;
    pub const INFO: u32 = 14;
    pub const JUMP: u32 = 15;
    pub const LITERAL: u32 = 16;
    pub const MARK: u32 = 17;
    pub const MAX_UNTIL: u32 = 18;
    pub const MIN_UNTIL: u32 = 19;
    pub const NOT_LITERAL: u32 = 20;
    pub const NEGATE: u32 = 21;
    pub const RANGE: u32 = 22;
    pub const REPEAT: u32 = 23;
    pub const REPEAT_ONE: u32 = 24;
    pub const MIN_REPEAT_ONE: u32 = 26;
    pub const ATOMIC_GROUP: u32 = 27;
    pub const POSSESSIVE_REPEAT: u32 = 28;
    pub const POSSESSIVE_REPEAT_ONE: u32 = 29;
    pub const GROUPREF_IGNORE: u32 = 30;
    pub const IN_IGNORE: u32 = 31;
    pub const LITERAL_IGNORE: u32 = 32;
    pub const NOT_LITERAL_IGNORE: u32 = 33;
    pub const GROUPREF_LOC_IGNORE: u32 = 34;
    pub const IN_LOC_IGNORE: u32 = 35;
    pub const LITERAL_LOC_IGNORE: u32 = 36;
    pub const NOT_LITERAL_LOC_IGNORE: u32 = 37;
    pub const GROUPREF_UNI_IGNORE: u32 = 38;
    pub const IN_UNI_IGNORE: u32 = 39;
    pub const LITERAL_UNI_IGNORE: u32 = 40;
    pub const NOT_LITERAL_UNI_IGNORE: u32 = 41;
    pub const RANGE_UNI_IGNORE: u32 = 42;
}

/// Nesting of groups beyond this is refused (`re._compiler` recurses, too, and gives up far earlier).
const MAX_NESTING: usize = 2000;

struct Reader<'a> {
    codes: &'a [u32],
    program: Program,
    depth: usize,
}

impl Program {
    /// Whether a character is what `item` stands for.
    #[inline(always)]
    pub fn fits(&self, item: Item, c: u32) -> bool {
        match item {
            Item::Any => c != 10,
            Item::AnyAll => true,
            Item::Literal(l) => c == l,
            Item::NotLiteral(l) => c != l,
            Item::LiteralIgnore(l, case) => case::equals(c, l, case),
            Item::NotLiteralIgnore(l, case) => !case::equals(c, l, case),
            Item::In(set) => self.sets[set as usize].contains(c),
            Item::Category(category) => category.contains(c),
        }
    }

    /// What the first character of a match from instruction `pc` on has to be; `None` where that is not plain.
    fn first_item(&self, mut pc: usize) -> Option<Item> {
        while let Some(Op::Mark(_)) = self.ops.get(pc) {
            pc += 1;
        }
        match *self.ops.get(pc)? {
            Op::One(item) => Some(item),
            Op::RepeatOne { item, min, .. } if min > 0 => Some(item),
            _ => None,
        }
    }

    pub fn read(codes: &[u32], groups: usize) -> Check<Program> {
        let program = Program {
            ops: Vec::with_capacity(codes.len() / 2 + 1),
            sets: Vec::new(),
            alternatives: Vec::new(),
            tables: Vec::new(),
            groups,
            min_width: 0,
            prefix: Vec::new(),
            is_literal: false,
            first: None,
            is_anchored: false,
        };
        let mut reader = Reader { codes, program, depth: 0 };
        let end = codes.len().checked_sub(1).filter(|&e| codes[e] == code::SUCCESS).ok_or(InvalidCode)?;
        let start = if codes.first() == Some(&code::INFO) { reader.info(end)? } else { 0 };
        reader.block(start, end)?;
        reader.program.ops.push(Op::Success);
        reader.program.is_anchored = matches!(reader.program.ops[0], Op::At(At::Beginning));
        Ok(reader.program)
    }
}

impl Reader<'_> {
    fn code(&self, at: usize) -> Check<u32> {
        self.codes.get(at).copied().ok_or(InvalidCode)
    }

    fn here(&self) -> u32 {
        self.program.ops.len() as u32
    }

    fn emit(&mut self, op: Op) -> usize {
        self.program.ops.push(op);
        self.program.ops.len() - 1
    }

    /// The position that the skip word at `at` leads to, which may not lie behind `end`.
    fn target(&self, at: usize, end: usize) -> Check<usize> {
        let target = at + self.code(at)? as usize;
        if target > at && target <= end { Ok(target) } else { Err(InvalidCode) }
    }

    /// The optimisation block; gives the position behind it.
    fn info(&mut self, end: usize) -> Check<usize> {
        let after = self.target(1, end)?;
        let (flags, min) = (self.code(2)?, self.code(3)?);
        self.program.min_width = min as usize;
        if after < 5 || flags & !7 != 0 {
            return Err(InvalidCode);
        }
        if flags & 1 != 0 {
            let length = self.code(5)? as usize;
            if length == 0 || 7 + length * 2 > after || min == 0 {
                return Err(InvalidCode);
            }
            self.program.prefix = self.codes[7..7 + length].to_vec();
            self.program.is_literal = flags & 2 != 0;
            // A literal match is not run: its width is the prefix's, whatever the block says.
            if self.program.is_literal && self.program.min_width > length {
                return Err(InvalidCode);
            }
        } else if flags & 4 != 0 && min > 0 {
            let set = self.set(5, after, Case::Exact)?;
            self.program.first = Some(set);
        }
        Ok(after)
    }

    /// The set in `[at, end)`, which ends with FAILURE.
    fn set(&mut self, mut at: usize, end: usize, case: Case) -> Check<u32> {
        let mut items = Vec::new();
        while at < end {
            let op = self.code(at)?;
            at += 1;
            let n_words = match op {
                code::FAILURE => {
                    if at != end {
                        return Err(InvalidCode);
                    }
                    self.program.sets.push(Set::new(items, case));
                    return Ok(self.program.sets.len() as u32 - 1);
                }
                code::NEGATE => {
                    items.push(SetItem::Negate);
                    0
                }
                code::LITERAL => {
                    items.push(SetItem::Literal(self.code(at)?));
                    1
                }
                code::RANGE => {
                    items.push(SetItem::Range(self.code(at)?, self.code(at + 1)?));
                    2
                }
                code::RANGE_UNI_IGNORE => {
                    items.push(SetItem::RangeIgnore(self.code(at)?, self.code(at + 1)?));
                    2
                }
                code::CATEGORY => {
                    items.push(SetItem::Category(Category::from_code(self.code(at)?).ok_or(InvalidCode)?));
                    1
                }
                code::CHARSET => {
                    let bits = self.codes.get(at..at + 8).and_then(|w| w.try_into().ok()).ok_or(InvalidCode)?;
                    items.push(SetItem::Bits(bits));
                    8
                }
                code::BIGCHARSET => {
                    let blocks = self.code(at)? as usize;
                    let words = self.codes.get(at + 1..at + 65).ok_or(InvalidCode)?;
                    let index: Vec<u8> = words.iter().flat_map(|w| w.to_ne_bytes()).collect();
                    if index.iter().any(|&b| b as usize >= blocks) || blocks > 256 {
                        return Err(InvalidCode);
                    }
                    let bits = self.codes.get(at + 65..at + 65 + blocks * 8).ok_or(InvalidCode)?;
                    items.push(SetItem::Big(index, bits.to_vec()));
                    65 + blocks * 8
                }
                _ => return Err(InvalidCode),
            };
            at += n_words;
        }
        Err(InvalidCode)
    }

    /// The one-character pattern at `at`, and the position behind it; `None` when it is something else.
    fn item(&mut self, at: usize, end: usize) -> Check<Option<(Item, usize)>> {
        let op = self.code(at)?;
        let case = match op {
            code::IN_IGNORE | code::LITERAL_IGNORE | code::NOT_LITERAL_IGNORE => Case::Ascii,
            code::IN_LOC_IGNORE | code::LITERAL_LOC_IGNORE | code::NOT_LITERAL_LOC_IGNORE => Case::Locale,
            code::IN_UNI_IGNORE | code::LITERAL_UNI_IGNORE | code::NOT_LITERAL_UNI_IGNORE => Case::Unicode,
            _ => Case::Exact,
        };
        let item = match op {
            code::ANY => return Ok(Some((Item::Any, at + 1))),
            code::ANY_ALL => return Ok(Some((Item::AnyAll, at + 1))),
            code::LITERAL => Item::Literal(self.code(at + 1)?),
            code::NOT_LITERAL => Item::NotLiteral(self.code(at + 1)?),
            code::LITERAL_IGNORE | code::LITERAL_LOC_IGNORE | code::LITERAL_UNI_IGNORE => {
                Item::LiteralIgnore(self.code(at + 1)?, case)
            }
            code::NOT_LITERAL_IGNORE | code::NOT_LITERAL_LOC_IGNORE | code::NOT_LITERAL_UNI_IGNORE => {
                Item::NotLiteralIgnore(self.code(at + 1)?, case)
            }
            code::CATEGORY => Item::Category(Category::from_code(self.code(at + 1)?).ok_or(InvalidCode)?),
            code::IN | code::IN_IGNORE | code::IN_LOC_IGNORE | code::IN_UNI_IGNORE => {
                let after = self.target(at + 1, end)?;
                let set = self.set(at + 2, after, case)?;
                return Ok(Some((Item::In(set), after)));
            }
            _ => return Ok(None),
        };
        Ok(Some((item, at + 2)))
    }

    /// The instructions in `[at, end)`.
    fn block(&mut self, mut at: usize, end: usize) -> Check<()> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(InvalidCode);
        }
        while at < end {
            at = match self.item(at, end)? {
                Some((item, after)) => {
                    self.emit(Op::One(item));
                    after
                }
                None => self.instruction(at, end)?,
            };
        }
        self.depth -= 1;
        if at == end { Ok(()) } else { Err(InvalidCode) }
    }

    fn instruction(&mut self, at: usize, end: usize) -> Check<usize> {
        let op = self.code(at)?;
        match op {
            code::FAILURE => {
                self.emit(Op::Fail);
                Ok(at + 1)
            }
            code::SUCCESS => {
                self.emit(Op::Success);
                Ok(at + 1)
            }
            code::AT => {
                let position = match self.code(at + 1)? {
                    0 | 2 => At::Beginning,
                    1 => At::BeginningLine,
                    3 | 8 => At::Boundary(Category::WORD),
                    4 | 9 => At::NonBoundary(Category::WORD),
                    5 => At::End,
                    6 => At::EndLine,
                    7 => At::EndString,
                    10 => At::Boundary(Category::UNICODE_WORD),
                    11 => At::NonBoundary(Category::UNICODE_WORD),
                    _ => return Err(InvalidCode),
                };
                self.emit(Op::At(position));
                Ok(at + 2)
            }
            code::MARK => {
                let mark = self.code(at + 1)?;
                if mark as usize >= self.program.groups * 2 {
                    return Err(InvalidCode);
                }
                self.emit(Op::Mark(mark));
                Ok(at + 2)
            }
            code::GROUPREF | code::GROUPREF_IGNORE | code::GROUPREF_LOC_IGNORE | code::GROUPREF_UNI_IGNORE => {
                let case = match op {
                    code::GROUPREF_IGNORE => Case::Ascii,
                    code::GROUPREF_LOC_IGNORE => Case::Locale,
                    code::GROUPREF_UNI_IGNORE => Case::Unicode,
                    _ => Case::Exact,
                };
                let group = self.group(at + 1)?;
                self.emit(Op::GroupRef(group, case));
                Ok(at + 2)
            }
            code::GROUPREF_EXISTS => self.group_exists(at, end),
            code::BRANCH => self.branch(at, end),
            code::REPEAT_ONE | code::MIN_REPEAT_ONE | code::POSSESSIVE_REPEAT_ONE => self.repeat_one(op, at, end),
            code::REPEAT => self.repeat(at, end),
            code::POSSESSIVE_REPEAT => {
                let inner_end = self.target(at + 1, end - 1)?;
                let (min, max) = self.bounds(at)?;
                let head = self.emit(Op::Fail);
                self.block(at + 4, inner_end)?;
                self.emit(Op::Success);
                if self.code(inner_end)? != code::SUCCESS {
                    return Err(InvalidCode);
                }
                self.program.ops[head] = Op::PossessiveRepeat { min, max, tail: self.here() };
                Ok(inner_end + 1)
            }
            code::ASSERT | code::ASSERT_NOT => {
                let after = self.target(at + 1, end)?;
                let back = self.code(at + 2)?;
                let head = self.emit(Op::Fail);
                self.closed_block(at + 3, after)?;
                self.program.ops[head] = Op::Assert { back, tail: self.here(), negative: op == code::ASSERT_NOT };
                Ok(after)
            }
            code::ATOMIC_GROUP => {
                let after = self.target(at + 1, end)?;
                let head = self.emit(Op::Fail);
                self.closed_block(at + 2, after)?;
                self.program.ops[head] = Op::Atomic { tail: self.here() };
                Ok(after)
            }
            _ => Err(InvalidCode),
        }
    }

    fn group(&self, at: usize) -> Check<u32> {
        let group = self.code(at)?;
        if (group as usize) < self.program.groups { Ok(group) } else { Err(InvalidCode) }
    }

    /// A block whose last instruction is SUCCESS.
    fn closed_block(&mut self, at: usize, end: usize) -> Check<()> {
        if end <= at || self.code(end - 1)? != code::SUCCESS {
            return Err(InvalidCode);
        }
        self.block(at, end - 1)?;
        self.emit(Op::Success);
        Ok(())
    }

    fn bounds(&self, at: usize) -> Check<(u32, u32)> {
        let (min, max) = (self.code(at + 2)?, self.code(at + 3)?);
        if min > max { Err(InvalidCode) } else { Ok((min, max)) }
    }

    fn repeat_one(&mut self, op: u32, at: usize, end: usize) -> Check<usize> {
        let after = self.target(at + 1, end)?;
        let (min, max) = self.bounds(at)?;
        let Some((item, item_end)) = self.item(at + 4, after)? else { return Err(InvalidCode) };
        if item_end + 1 != after || self.code(item_end)? != code::SUCCESS {
            return Err(InvalidCode);
        }
        let kind = match op {
            code::REPEAT_ONE => RepeatKind::Greedy,
            code::MIN_REPEAT_ONE => RepeatKind::Lazy,
            _ => RepeatKind::Possessive,
        };
        self.emit(Op::RepeatOne { item, min, max, kind });
        Ok(after)
    }

    fn repeat(&mut self, at: usize, end: usize) -> Check<usize> {
        let inner_end = self.target(at + 1, end - 1)?;
        let (min, max) = self.bounds(at)?;
        let greedy = match self.code(inner_end)? {
            code::MAX_UNTIL => true,
            code::MIN_UNTIL => false,
            _ => return Err(InvalidCode),
        };
        let head = self.emit(Op::Fail);
        let body = self.here();
        self.block(at + 4, inner_end)?;
        let until = self.emit(Op::Until { body, min, max, greedy });
        self.program.ops[head] = Op::Repeat { until: until as u32 };
        Ok(inner_end + 1)
    }

    fn branch(&mut self, at: usize, end: usize) -> Check<usize> {
        let head = self.emit(Op::Fail);
        let (mut at, mut starts, mut jumps, mut join) = (at + 1, Vec::new(), Vec::new(), None);
        while self.code(at)? != 0 {
            let next = self.target(at, end)?;
            if next < at + 3 || self.code(next - 2)? != code::JUMP {
                return Err(InvalidCode);
            }
            let to = next - 1 + self.code(next - 1)? as usize;
            if *join.get_or_insert(to) != to {
                return Err(InvalidCode);
            }
            starts.push(self.here());
            self.block(at + 1, next - 2)?;
            jumps.push(self.emit(Op::Fail));
            at = next;
        }
        if join != Some(at + 1) || at + 1 > end {
            return Err(InvalidCode);
        }
        let join = self.here();
        for jump in jumps {
            self.program.ops[jump] = Op::Jump(join);
        }
        let first = self.program.alternatives.len() as u32;
        let table = self.program.tables.len() as u32;
        if starts.len() <= Viable::MAX {
            let viable = Viable::new(&self.program, &starts);
            self.program.tables.push(viable);
        }
        self.program.ops[head] = Op::Branch { first, n: starts.len() as u32, table };
        self.program.alternatives.extend(starts);
        Ok(at + 1)
    }

    /// `<GROUPREF_EXISTS> <group> <skip> yes [JUMP <skip> no]`.
    fn group_exists(&mut self, at: usize, end: usize) -> Check<usize> {
        let group = self.group(at + 1)?;
        // The skip word counts from itself, less one.
        let skip = at + 2 + (self.code(at + 2)? as usize).checked_sub(1).ok_or(InvalidCode)?;
        if skip < at + 3 || skip > end {
            return Err(InvalidCode);
        }
        let head = self.emit(Op::Fail);
        let has_no = skip >= at + 5
            && self.code(skip - 2)? == code::JUMP
            && (skip - 1 + self.code(skip - 1)? as usize) <= end
            && self.code(skip - 1)? > 0
            && self.is_boundary(at + 3, skip - 2);
        if !has_no {
            self.block(at + 3, skip)?;
            self.program.ops[head] = Op::GroupRefExists { group, otherwise: self.here() };
            return Ok(skip);
        }
        let after = skip - 1 + self.code(skip - 1)? as usize;
        self.block(at + 3, skip - 2)?;
        let jump = self.emit(Op::Fail);
        self.program.ops[head] = Op::GroupRefExists { group, otherwise: self.here() };
        self.block(skip, after)?;
        self.program.ops[jump] = Op::Jump(self.here());
        Ok(after)
    }

    /// Whether `[at, end)` is a whole number of instructions (the last words of a longer one may look like a JUMP).
    fn is_boundary(&self, at: usize, end: usize) -> bool {
        let mut probe = Reader {
            codes: self.codes,
            program: Program {
                ops: Vec::new(),
                sets: Vec::new(),
                alternatives: Vec::new(),
                tables: Vec::new(),
                groups: self.program.groups,
                min_width: 0,
                prefix: Vec::new(),
                is_literal: false,
                first: None,
                is_anchored: false,
            },
            depth: self.depth,
        };
        probe.block(at, end).is_ok()
    }
}
