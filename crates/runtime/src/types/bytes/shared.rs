//! The methods that `bytes` and `bytearray` have in common, as a macro around each one's own.

/// A native class with the shared methods and those in braces.
macro_rules! bytes_class {
    (
        name = $name:tt, layout = $layout:ident, flags = $flags:expr, doc = $doc:tt,
        own = { $($own:tt)* }
    ) => {
        #[macros::native_class(name = $name, module = "builtins", layout = $layout, flags = $flags, doc = $doc)]
        pub mod class {
            use super::*;
            use super::super::methods::{self, Align};
            use super::super::{algorithms, Source};

            #[slot]
            fn len(_cx: &mut Cx, this: Gc<$layout>) -> PyResult<usize> {
                Ok(Source::from(this).len())
            }

            #[slot]
            fn richcompare(cx: &mut Cx, this: Gc<$layout>, other: Value, op: CompareOp) -> PyResult {
                super::super::compare_bytes(cx, this.into(), other, op)
            }

            #[slot]
            fn contains(cx: &mut Cx, this: Gc<$layout>, item: Value) -> PyResult<bool> {
                super::super::contains(cx, this.into(), item)
            }

            #[slot]
            fn getitem(cx: &mut Cx, this: Gc<$layout>, key: Value) -> PyResult {
                super::super::get(cx, this.into(), key)
            }

            #[slot]
            fn concat(cx: &mut Cx, this: Gc<$layout>, other: Value) -> PyResult {
                super::super::concat(cx, this.into(), other)
            }

            #[slot]
            fn repeat(cx: &mut Cx, this: Gc<$layout>, times: Value) -> PyResult {
                super::super::repeat(cx, this.into(), times)
            }

            /// Return a copy with the first byte in upper case and the rest in lower case, as ASCII.
            #[method("capitalize($self, /)")]
            fn capitalize(cx: &mut Cx, this: Gc<$layout>) -> PyResult {
                methods::map(cx, this.into(), algorithms::capitalize)
            }

            /// Return the bytes in the middle of width bytes, filled with the fill byte.
            #[method("center($self, width, fillchar=b' ', /)")]
            fn center(cx: &mut Cx, this: Gc<$layout>, width: isize, fillchar: Option<Value>) -> PyResult {
                methods::justify(cx, this.into(), width, fillchar, Align::Center)
            }

            /// Return the number of times that sub, bytes or an int, occurs in self[start:end], without overlaps.
            #[method("count($self, sub, start=None, end=None, /)")]
            fn count(
                cx: &mut Cx,
                this: Gc<$layout>,
                sub: Value,
                start: Option<Value>,
                end: Option<Value>,
            ) -> PyResult<usize> {
                methods::search(cx, this.into(), sub, (start, end), algorithms::count)
            }

            /// Decode the bytes with the codec of this name.
            ///
            /// errors says what to do with bytes that cannot be decoded: 'strict' raises a UnicodeDecodeError;
            /// 'ignore', 'replace' and whatever was given to codecs.register_error are other ways.
            #[method("decode($self, /, encoding='utf-8', errors='strict')")]
            fn decode(
                cx: &mut Cx,
                this: Gc<$layout>,
                encoding: Option<Gc<Str>>,
                errors: Option<Gc<Str>>,
            ) -> PyResult<Gc<Str>> {
                methods::decode(cx, this.into(), encoding, errors)
            }

            /// Return True if self[start:end] ends with suffix, which may be a tuple of bytes to try.
            #[method("endswith($self, suffix, start=None, end=None, /)")]
            fn endswith(
                cx: &mut Cx,
                this: Gc<$layout>,
                suffix: Value,
                start: Option<Value>,
                end: Option<Value>,
            ) -> PyResult<bool> {
                methods::has_affix(cx, this.into(), suffix, (start, end), true)
            }

            /// Return a copy with every tab replaced by spaces up to the next multiple of tabsize.
            #[method("expandtabs($self, /, tabsize=8)")]
            fn expandtabs(cx: &mut Cx, this: Gc<$layout>, tabsize: i32) -> PyResult {
                methods::expand_tabs(cx, this.into(), tabsize as i64)
            }

            /// Return the least index in self[start:end] at which sub, bytes or an int, is found, or -1.
            #[method("find($self, sub, start=None, end=None, /)")]
            fn find(
                cx: &mut Cx,
                this: Gc<$layout>,
                sub: Value,
                start: Option<Value>,
                end: Option<Value>,
            ) -> PyResult<i64> {
                let found = methods::search(cx, this.into(), sub, (start, end), algorithms::find)?;
                Ok(found.map_or(-1, |i| i as i64))
            }

            /// Return hexadecimal digits, two a byte.
            ///
            /// sep, if given, stands between groups of bytes_per_sep bytes, counted from the right, or from the left
            /// when it is negative.
            #[method("hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)")]
            fn hex(cx: &mut Cx, this: Gc<$layout>, sep: Option<Value>, bytes_per_sep: i64) -> PyResult<Gc<Str>> {
                let this = Source::from(this);
                let data = this.with(<[u8]>::to_vec);
                this.held(cx, |cx| methods::hex(cx, &data, sep, bytes_per_sep))
            }

            /// As find(), but a ValueError if sub is not found.
            #[method("index($self, sub, start=None, end=None, /)")]
            fn index(
                cx: &mut Cx,
                this: Gc<$layout>,
                sub: Value,
                start: Option<Value>,
                end: Option<Value>,
            ) -> PyResult<usize> {
                let found = methods::search(cx, this.into(), sub, (start, end), algorithms::find)?;
                found.ok_or_else(|| methods::not_found(cx))
            }

            /// Return True if there are bytes and all of them are ASCII letters or digits.
            #[method("isalnum($self, /)")]
            fn isalnum(this: Gc<$layout>) -> bool {
                methods::all(this.into(), u8::is_ascii_alphanumeric)
            }

            /// Return True if there are bytes and all of them are ASCII letters.
            #[method("isalpha($self, /)")]
            fn isalpha(this: Gc<$layout>) -> bool {
                methods::all(this.into(), u8::is_ascii_alphabetic)
            }

            /// Return True if all bytes are ASCII, which holds when there are none.
            #[method("isascii($self, /)")]
            fn isascii(this: Gc<$layout>) -> bool {
                Source::from(this).with(<[u8]>::is_ascii)
            }

            /// Return True if there are bytes and all of them are ASCII digits.
            #[method("isdigit($self, /)")]
            fn isdigit(this: Gc<$layout>) -> bool {
                methods::all(this.into(), u8::is_ascii_digit)
            }

            /// Return True if there are ASCII letters and all of them are in lower case.
            #[method("islower($self, /)")]
            fn islower(this: Gc<$layout>) -> bool {
                methods::all_letters(this.into(), u8::is_ascii_lowercase)
            }

            /// Return True if there are bytes and all of them are ASCII white space.
            #[method("isspace($self, /)")]
            fn isspace(this: Gc<$layout>) -> bool {
                methods::all(this.into(), |&b| algorithms::is_space(b))
            }

            /// Return True if capitals begin words and nothing else, and there is at least one letter.
            #[method("istitle($self, /)")]
            fn istitle(this: Gc<$layout>) -> bool {
                Source::from(this).with(algorithms::is_title)
            }

            /// Return True if there are ASCII letters and all of them are in upper case.
            #[method("isupper($self, /)")]
            fn isupper(this: Gc<$layout>) -> bool {
                methods::all_letters(this.into(), u8::is_ascii_uppercase)
            }

            /// Return the bytes-like objects of the iterable one after the other with these bytes between them.
            #[method("join($self, iterable_of_bytes, /)")]
            fn join(cx: &mut Cx, this: Gc<$layout>, iterable_of_bytes: Value) -> PyResult {
                methods::join(cx, this.into(), iterable_of_bytes)
            }

            /// Return the bytes filled up to width on the right.
            #[method("ljust($self, width, fillchar=b' ', /)")]
            fn ljust(cx: &mut Cx, this: Gc<$layout>, width: isize, fillchar: Option<Value>) -> PyResult {
                methods::justify(cx, this.into(), width, fillchar, Align::Left)
            }

            /// Return a copy with ASCII letters in lower case.
            #[method("lower($self, /)")]
            fn lower(cx: &mut Cx, this: Gc<$layout>) -> PyResult {
                methods::map_copy(cx, this.into(), <[u8]>::make_ascii_lowercase)
            }

            /// Return a copy without the white space, or the given bytes, at its start.
            #[method("lstrip($self, bytes=None, /)")]
            fn lstrip(cx: &mut Cx, this: Gc<$layout>, bytes: Value) -> PyResult {
                methods::strip(cx, this.into(), bytes, true, false)
            }

            /// Return a table for translate() that maps each byte of frm to the byte at the same place in to.
            #[staticmethod("maketrans(frm, to, /)")]
            fn maketrans(cx: &mut Cx, frm: Value, to: Value) -> PyResult<Gc<Bytes>> {
                methods::make_table(cx, frm, to)
            }

            /// Return what is before the first sep, sep, and what is behind it.
            #[method("partition($self, sep, /)")]
            fn partition(cx: &mut Cx, this: Gc<$layout>, sep: Value) -> PyResult<Gc<Tuple>> {
                methods::partition(cx, this.into(), sep, false)
            }

            /// Return the bytes without prefix, if they start with it.
            #[method("removeprefix($self, prefix, /)")]
            fn removeprefix(cx: &mut Cx, this: Gc<$layout>, prefix: Value) -> PyResult {
                let prefix = super::super::argument(cx, prefix)?;
                let source = Source::from(this);
                let start = if source.with(|data| data.starts_with(&prefix)) { prefix.len() } else { 0 };
                source.slice(cx, start, source.len())
            }

            /// Return the bytes without suffix, if they end with it.
            #[method("removesuffix($self, suffix, /)")]
            fn removesuffix(cx: &mut Cx, this: Gc<$layout>, suffix: Value) -> PyResult {
                let suffix = super::super::argument(cx, suffix)?;
                let source = Source::from(this);
                let n = if source.with(|data| data.ends_with(&suffix)) { suffix.len() } else { 0 };
                source.slice(cx, 0, source.len() - n)
            }

            /// Return a copy with old replaced by new, at most count times if count is not negative.
            #[method("replace($self, old, new, count=-1, /)")]
            fn replace(cx: &mut Cx, this: Gc<$layout>, old: Value, new: Value, count: isize) -> PyResult {
                methods::replace(cx, this.into(), old, new, count)
            }

            /// Return the greatest index in self[start:end] at which sub, bytes or an int, is found, or -1.
            #[method("rfind($self, sub, start=None, end=None, /)")]
            fn rfind(
                cx: &mut Cx,
                this: Gc<$layout>,
                sub: Value,
                start: Option<Value>,
                end: Option<Value>,
            ) -> PyResult<i64> {
                let found = methods::search(cx, this.into(), sub, (start, end), algorithms::rfind)?;
                Ok(found.map_or(-1, |i| i as i64))
            }

            /// As rfind(), but a ValueError if sub is not found.
            #[method("rindex($self, sub, start=None, end=None, /)")]
            fn rindex(
                cx: &mut Cx,
                this: Gc<$layout>,
                sub: Value,
                start: Option<Value>,
                end: Option<Value>,
            ) -> PyResult<usize> {
                let found = methods::search(cx, this.into(), sub, (start, end), algorithms::rfind)?;
                found.ok_or_else(|| methods::not_found(cx))
            }

            /// Return the bytes filled up to width on the left.
            #[method("rjust($self, width, fillchar=b' ', /)")]
            fn rjust(cx: &mut Cx, this: Gc<$layout>, width: isize, fillchar: Option<Value>) -> PyResult {
                methods::justify(cx, this.into(), width, fillchar, Align::Right)
            }

            /// Return what is before the last sep, sep, and what is behind it.
            #[method("rpartition($self, sep, /)")]
            fn rpartition(cx: &mut Cx, this: Gc<$layout>, sep: Value) -> PyResult<Gc<Tuple>> {
                methods::partition(cx, this.into(), sep, true)
            }

            /// Return the parts between separators, cut from the end at most maxsplit times.
            #[method("rsplit($self, /, sep=None, maxsplit=-1)")]
            fn rsplit(cx: &mut Cx, this: Gc<$layout>, sep: Value, maxsplit: isize) -> PyResult<Gc<List>> {
                methods::split(cx, this.into(), sep, maxsplit, true)
            }

            /// Return a copy without the white space, or the given bytes, at its end.
            #[method("rstrip($self, bytes=None, /)")]
            fn rstrip(cx: &mut Cx, this: Gc<$layout>, bytes: Value) -> PyResult {
                methods::strip(cx, this.into(), bytes, false, true)
            }

            /// Return the parts between separators, cut at most maxsplit times; without a separator, at white space.
            #[method("split($self, /, sep=None, maxsplit=-1)")]
            fn split(cx: &mut Cx, this: Gc<$layout>, sep: Value, maxsplit: isize) -> PyResult<Gc<List>> {
                methods::split(cx, this.into(), sep, maxsplit, false)
            }

            /// Return the lines, without their ends unless keepends is true.
            #[method("splitlines($self, /, keepends=False)")]
            fn splitlines(cx: &mut Cx, this: Gc<$layout>, keepends: bool) -> PyResult<Gc<List>> {
                methods::split_lines(cx, this.into(), keepends)
            }

            /// Return True if self[start:end] starts with prefix, which may be a tuple of bytes to try.
            #[method("startswith($self, prefix, start=None, end=None, /)")]
            fn startswith(
                cx: &mut Cx,
                this: Gc<$layout>,
                prefix: Value,
                start: Option<Value>,
                end: Option<Value>,
            ) -> PyResult<bool> {
                methods::has_affix(cx, this.into(), prefix, (start, end), false)
            }

            /// Return a copy without the white space, or the given bytes, at both ends.
            #[method("strip($self, bytes=None, /)")]
            fn strip(cx: &mut Cx, this: Gc<$layout>, bytes: Value) -> PyResult {
                methods::strip(cx, this.into(), bytes, true, true)
            }

            /// Return a copy with ASCII upper case and lower case exchanged.
            #[method("swapcase($self, /)")]
            fn swapcase(cx: &mut Cx, this: Gc<$layout>) -> PyResult {
                methods::map(cx, this.into(), algorithms::swap_case)
            }

            /// Return a copy in which words start with a capital and go on in lower case, as ASCII.
            #[method("title($self, /)")]
            fn title(cx: &mut Cx, this: Gc<$layout>) -> PyResult {
                methods::map(cx, this.into(), algorithms::title)
            }

            /// Return a copy without the bytes of delete and with each other byte mapped by a table of 256 bytes.
            #[method("translate($self, table, /, delete=b'')")]
            fn translate(cx: &mut Cx, this: Gc<$layout>, table: Value, delete: Option<Value>) -> PyResult {
                methods::translate(cx, this.into(), table, delete)
            }

            /// Return a copy with ASCII letters in upper case.
            #[method("upper($self, /)")]
            fn upper(cx: &mut Cx, this: Gc<$layout>) -> PyResult {
                methods::map_copy(cx, this.into(), <[u8]>::make_ascii_uppercase)
            }

            /// Return the bytes filled up to width with zeros on the left, behind their sign.
            #[method("zfill($self, width, /)")]
            fn zfill(cx: &mut Cx, this: Gc<$layout>, width: isize) -> PyResult {
                methods::zero_fill(cx, this.into(), width)
            }

            $($own)*
        }
    };
}
pub(super) use bytes_class;
