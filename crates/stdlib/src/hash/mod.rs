//! `_md5`, `_sha1`, `_sha2`, `_sha3` and `_blake2`: the hash functions behind `hashlib`.
//!
//! The functions themselves are RustCrypto's, BLAKE2 (whose tree parameters no crate offers) is [`blake2`]. One Rust type,
//! [`Hasher`], stands behind all classes.

mod blake2;

use digest::{DynDigest, ExtendableOutput, Update, XofReader};
use macros::{Trace, native_class, native_module};
use runtime::native::{add_class, class_of_spec, new_native};
use runtime::prelude::*;

/// A hash under computation.
#[derive(Clone)]
enum State {
    Fixed(Box<dyn DynDigest>),
    Shake128(sha3::Shake128),
    Shake256(sha3::Shake256),
    Blake(blake2::Blake2),
}

impl State {
    fn update(&mut self, data: &[u8]) {
        match self {
            State::Fixed(hash) => hash.update(data),
            State::Shake128(hash) => Update::update(hash, data),
            State::Shake256(hash) => Update::update(hash, data),
            State::Blake(hash) => hash.update(data),
        }
    }

    /// The digest of what was hashed so far; `length` counts for SHAKE alone.
    fn digest(&self, length: usize) -> Vec<u8> {
        let mut out = vec![0; length];
        match self.clone() {
            State::Fixed(hash) => return hash.finalize().into_vec(),
            State::Shake128(hash) => hash.finalize_xof().read(&mut out),
            State::Shake256(hash) => hash.finalize_xof().read(&mut out),
            State::Blake(hash) => return hash.finish(),
        }
        out
    }
}

/// What is fixed of a hash function.
#[derive(Clone, Copy)]
struct Info {
    name: &'static str,
    digest_size: usize,
    block_size: usize,
}

#[derive(Trace)]
pub struct Hasher {
    #[trace(skip)]
    info: Info,
    #[trace(skip)]
    state: Opaque<State>,
}

impl NativeData for Hasher {
    const NAME: &'static str = "hash";
}

type This = Gc<Native<Hasher>>;

fn hex(data: &[u8]) -> String {
    data.iter().map(|b| format!("{b:02x}")).collect()
}

/// Hash the bytes of `data`.
fn update_with(cx: &mut Cx, state: &mut State, data: Value) -> PyResult<()> {
    if data.downcast::<Str>().is_some() {
        return Err(type_error(cx, "Strings must be encoded before hashing"));
    }
    if !runtime::buffer::is_buffer(cx, data) {
        return Err(type_error(cx, "object supporting the buffer API required"));
    }
    runtime::buffer::with_bytes(cx, data, |data| state.update(data))
}

/// A new object of `class`, with `data` hashed.
fn make(cx: &mut Cx, class: Gc<Class>, info: Info, mut state: State, data: Value) -> PyResult {
    if data.is_bound() && !data.is_none() {
        update_with(cx, &mut state, data)?;
    }
    Ok(new_native(cx, class, Hasher { info, state: Opaque::new(state) }).value())
}

/// `data` and its older name `string`.
fn data_argument(cx: &mut Cx, name: &str, data: Value, string: Value) -> PyResult {
    match (data.bound(), string.bound().filter(|s| !s.is_none())) {
        (Some(_), Some(_)) => {
            let message = format!(
                "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version."
            );
            let _ = name;
            Err(type_error(cx, message))
        }
        (data, string) => Ok(data.or(string).unwrap_or(Value::UNBOUND)),
    }
}

/// What all classes have.
#[native_class(name = "hash", module = "_hashlib", layout = Native<Hasher>, doc = "")]
pub mod common {
    use super::*;

    /// Return a copy of the hash object.
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: This) -> PyResult {
        let state = this.state.borrow().clone();
        let class = cx.class_of(this.value());
        make(cx, class, this.info, state, Value::UNBOUND)
    }

    #[getter]
    fn name(this: This) -> &'static str {
        this.info.name
    }

    #[getter]
    fn digest_size(this: This) -> usize {
        this.info.digest_size
    }

    #[getter]
    fn block_size(this: This) -> usize {
        this.info.block_size
    }
}

/// What classes with a digest of fixed length have as well.
#[native_class(name = "hash", module = "_hashlib", layout = Native<Hasher>, doc = "")]
pub mod fixed {
    use super::*;

    /// Return the digest value as a bytes object.
    #[method("digest($self, /)")]
    fn digest(cx: &mut Cx, this: This) -> PyResult<Gc<Bytes>> {
        let digest = this.state.borrow().digest(0);
        cx.heap.bytes(&digest).or_raise(cx)
    }

    /// Return the digest value as a string of hexadecimal digits.
    #[method("hexdigest($self, /)")]
    fn hexdigest(this: This) -> String {
        hex(&this.state.borrow().digest(0))
    }
}

/// A class of hash objects with a fixed digest, and the function that makes its objects.
macro_rules! fixed_class {
    ($class:ident, $name:tt, $module:tt) => {
        #[native_class(name = $name, module = $module, layout = Native<Hasher>, flags = HAVE_GC | DISALLOW_INSTANTIATION)]
        pub mod $class {
            use super::*;

            /// Update this hash object's state with the provided string.
            #[method("update($self, obj, /)")]
            fn update(cx: &mut Cx, this: This, obj: Value) -> PyResult<()> {
                update_with(cx, &mut this.state.borrow_mut(), obj)
            }

            #[init]
            fn init(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
                crate::classes::add_members(cx, class, &[&common::SPEC, &fixed::SPEC])
            }
        }
    };
}

fixed_class!(md5_class, "md5", "_md5");
fixed_class!(sha1_class, "sha1", "_sha1");
fixed_class!(sha224_class, "SHA224Type", "_sha2");
fixed_class!(sha256_class, "SHA256Type", "_sha2");
fixed_class!(sha384_class, "SHA384Type", "_sha2");
fixed_class!(sha512_class, "SHA512Type", "_sha2");

fn fixed<D: DynDigest + Default + 'static>(
    cx: &mut Cx,
    spec: &'static TypeSpec,
    name: &'static str,
    block_size: usize,
    data: Value,
    string: Value,
) -> PyResult {
    let data = data_argument(cx, name, data, string)?;
    let state = D::default();
    let info = Info { name, digest_size: state.output_size(), block_size };
    let class = class_of_spec(cx, spec)?;
    make(cx, class, info, State::Fixed(Box::new(state)), data)
}

#[native_module(name = "_md5")]
pub mod md5_module {
    use super::*;

    /// Return a new MD5 hash object; optionally initialized with a string.
    #[function("md5(data=<unrepresentable>, *, usedforsecurity=True, string=None)")]
    fn md5(cx: &mut Cx, data: Value, usedforsecurity: bool, string: Value) -> PyResult {
        let _ = usedforsecurity;
        fixed::<md5::Md5>(cx, &md5_class::SPEC, "md5", 64, data, string)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let class = class_of_spec(cx, &md5_class::SPEC)?;
        runtime::native::set_module_attr(cx, module, "MD5Type", class)
    }
}

#[native_module(name = "_sha1")]
pub mod sha1_module {
    use super::*;

    /// Return a new SHA1 hash object; optionally initialized with a string.
    #[function("sha1(data=<unrepresentable>, *, usedforsecurity=True, string=None)")]
    fn sha1(cx: &mut Cx, data: Value, usedforsecurity: bool, string: Value) -> PyResult {
        let _ = usedforsecurity;
        fixed::<sha1::Sha1>(cx, &sha1_class::SPEC, "sha1", 64, data, string)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let class = class_of_spec(cx, &sha1_class::SPEC)?;
        runtime::native::set_module_attr(cx, module, "SHA1Type", class)
    }
}

#[native_module(name = "_sha2")]
pub mod sha2_module {
    use super::*;

    /// Return a new SHA-224 hash object; optionally initialized with a string.
    #[function("sha224(data=<unrepresentable>, *, usedforsecurity=True, string=None)")]
    fn sha224(cx: &mut Cx, data: Value, usedforsecurity: bool, string: Value) -> PyResult {
        let _ = usedforsecurity;
        fixed::<sha2::Sha224>(cx, &sha224_class::SPEC, "sha224", 64, data, string)
    }

    /// Return a new SHA-256 hash object; optionally initialized with a string.
    #[function("sha256(data=<unrepresentable>, *, usedforsecurity=True, string=None)")]
    fn sha256(cx: &mut Cx, data: Value, usedforsecurity: bool, string: Value) -> PyResult {
        let _ = usedforsecurity;
        fixed::<sha2::Sha256>(cx, &sha256_class::SPEC, "sha256", 64, data, string)
    }

    /// Return a new SHA-384 hash object; optionally initialized with a string.
    #[function("sha384(data=<unrepresentable>, *, usedforsecurity=True, string=None)")]
    fn sha384(cx: &mut Cx, data: Value, usedforsecurity: bool, string: Value) -> PyResult {
        let _ = usedforsecurity;
        fixed::<sha2::Sha384>(cx, &sha384_class::SPEC, "sha384", 128, data, string)
    }

    /// Return a new SHA-512 hash object; optionally initialized with a string.
    #[function("sha512(data=<unrepresentable>, *, usedforsecurity=True, string=None)")]
    fn sha512(cx: &mut Cx, data: Value, usedforsecurity: bool, string: Value) -> PyResult {
        let _ = usedforsecurity;
        fixed::<sha2::Sha512>(cx, &sha512_class::SPEC, "sha512", 128, data, string)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for spec in [&sha224_class::SPEC, &sha256_class::SPEC, &sha384_class::SPEC, &sha512_class::SPEC] {
            add_class(cx, module, spec)?;
        }
        Ok(())
    }
}

/// A class of SHA-3 objects; `$length` tells whether digests have a length of the caller's choice.
macro_rules! sha3_class {
    ($class:ident, $name:tt, $signature:tt, $state:expr, $size:tt, $rate:tt) => {
        #[native_class(name = $name, module = "_sha3", layout = Native<Hasher>, flags = HAVE_GC)]
        pub mod $class {
            use super::*;

            #[slot(new, $signature)]
            fn new(cx: &mut Cx, class: Gc<Class>, data: Value, usedforsecurity: bool, string: Value) -> PyResult {
                let _ = usedforsecurity;
                let data = data_argument(cx, $name, data, string)?;
                make(cx, class, Info { name: $name, digest_size: $size, block_size: $rate }, $state, data)
            }

            /// Update this hash object's state with the provided bytes-like object.
            #[method("update($self, obj, /)")]
            fn update(cx: &mut Cx, this: This, obj: Value) -> PyResult<()> {
                update_with(cx, &mut this.state.borrow_mut(), obj)
            }

            /// Return the digest value as a bytes object.
            #[method(raw, "digest($self, /)")]
            fn digest(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult<Gc<Bytes>> {
                let length = digest_length(cx, "digest", $size, args)?;
                let digest = this.state.borrow().digest(length);
                cx.heap.bytes(&digest).or_raise(cx)
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[method(raw, "hexdigest($self, /)")]
            fn hexdigest(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult<String> {
                let length = digest_length(cx, "hexdigest", $size, args)?;
                Ok(hex(&this.state.borrow().digest(length)))
            }

            #[getter]
            fn _capacity_bits(this: This) -> usize {
                1600 - this.info.block_size * 8
            }

            #[getter]
            fn _rate_bits(this: This) -> usize {
                this.info.block_size * 8
            }

            #[getter]
            fn _suffix(cx: &mut Cx, this: This) -> PyResult<Gc<Bytes>> {
                let suffix: &[u8] = if this.info.digest_size == 0 { &[0x1F] } else { &[0x06] };
                cx.heap.bytes(suffix).or_raise(cx)
            }

            #[init]
            fn init(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
                crate::classes::add_members(cx, class, &[&common::SPEC])
            }
        }
    };
}

/// The length that a SHAKE digest is to have; other digests take none.
fn digest_length(cx: &mut Cx, function: &str, size: usize, args: Args<'_>) -> PyResult<usize> {
    if size > 0 {
        crate::arguments::bind(cx, function, [], 0, args)?;
        return Ok(0);
    }
    let [length] = crate::arguments::bind(cx, function, ["length"], 1, args)?;
    let length = runtime::number::as_i64(cx, length)?;
    if length < 0 {
        return Err(value_error(cx, "digest length must be non-negative"));
    }
    if length >= 1 << 29 {
        return Err(overflow_error(cx, "digest length is too large"));
    }
    Ok(length as usize)
}

sha3_class!(
    sha3_224_class,
    "sha3_224",
    "sha3_224(data=<unrepresentable>, *, usedforsecurity=True, string=None)",
    State::Fixed(Box::<sha3::Sha3_224>::default()),
    28,
    144
);
sha3_class!(
    sha3_256_class,
    "sha3_256",
    "sha3_256(data=<unrepresentable>, *, usedforsecurity=True, string=None)",
    State::Fixed(Box::<sha3::Sha3_256>::default()),
    32,
    136
);
sha3_class!(
    sha3_384_class,
    "sha3_384",
    "sha3_384(data=<unrepresentable>, *, usedforsecurity=True, string=None)",
    State::Fixed(Box::<sha3::Sha3_384>::default()),
    48,
    104
);
sha3_class!(
    sha3_512_class,
    "sha3_512",
    "sha3_512(data=<unrepresentable>, *, usedforsecurity=True, string=None)",
    State::Fixed(Box::<sha3::Sha3_512>::default()),
    64,
    72
);
sha3_class!(
    shake_128_class,
    "shake_128",
    "shake_128(data=<unrepresentable>, *, usedforsecurity=True, string=None)",
    State::Shake128(Default::default()),
    0,
    168
);
sha3_class!(
    shake_256_class,
    "shake_256",
    "shake_256(data=<unrepresentable>, *, usedforsecurity=True, string=None)",
    State::Shake256(Default::default()),
    0,
    136
);

#[native_module(name = "_sha3")]
pub mod sha3_module {
    use super::*;

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for spec in [
            &sha3_224_class::SPEC,
            &sha3_256_class::SPEC,
            &sha3_384_class::SPEC,
            &sha3_512_class::SPEC,
            &shake_128_class::SPEC,
            &shake_256_class::SPEC,
        ] {
            add_class(cx, module, spec)?;
        }
        let name = cx.heap.str("RustCrypto");
        runtime::native::set_module_attr(cx, module, "implementation", name)
    }
}

/// The arguments of `blake2b` and `blake2s`.
fn new_blake(cx: &mut Cx, class: Gc<Class>, args: Args<'_>, variant: blake2::Variant) -> PyResult {
    const NAMES: [&str; 14] = [
        "data",
        "digest_size",
        "key",
        "salt",
        "person",
        "fanout",
        "depth",
        "leaf_size",
        "node_offset",
        "node_depth",
        "inner_size",
        "last_node",
        "usedforsecurity",
        "string",
    ];
    let function = variant.name();
    if args.n_positional() > 1 {
        let given = args.n_positional();
        let message = format!("{function}() takes at most 1 positional argument ({given} given)");
        return Err(type_error(cx, message));
    }
    let values = crate::arguments::bind(cx, function, NAMES, 0, args)?;
    let data = data_argument(cx, function, values[0], values[13])?;
    let max = variant.max_size();
    let mut bounded = |value: Value, default: u64, low: u64, high: u64, message: &str| -> PyResult<u64> {
        let Some(value) = value.bound() else { return Ok(default) };
        let number = runtime::number::as_i64(cx, value)?;
        match u64::try_from(number).ok().filter(|n| (low..=high).contains(n)) {
            Some(number) => Ok(number),
            None => Err(value_error(cx, message)),
        }
    };
    let size_message =
        format!("digest_size for {} must be between 1 and {max} bytes, here it is out of range", variant.title());
    let digest_size = bounded(values[1], max as u64, 1, max as u64, &size_message)? as usize;
    let fanout = bounded(values[5], 1, 0, 255, "fanout must be between 0 and 255")? as u8;
    let depth = bounded(values[6], 1, 1, 255, "depth must be between 1 and 255")? as u8;
    let leaf_size = bounded(values[7], 0, 0, u64::from(u32::MAX), "leaf_size is too large")? as u32;
    let offset_limit = if max == 64 { u64::MAX } else { (1 << 48) - 1 };
    let node_offset = bounded(values[8], 0, 0, offset_limit, "node_offset is too large")?;
    let node_depth = bounded(values[9], 0, 0, 255, "node_depth must be between 0 and 255")? as u8;
    let inner_message = format!("inner_size must be between 0 and is {max}");
    let inner_size = bounded(values[10], 0, 0, max as u64, &inner_message)? as u8;
    let last_node = values[11].is_bound() && is_true(cx, values[11])?;
    let mut bytes = |value: Value, what: &str, limit: usize| -> PyResult<Vec<u8>> {
        let Some(value) = value.bound() else { return Ok(Vec::new()) };
        let data = runtime::buffer::to_vec(cx, value)?;
        if data.len() > limit {
            return Err(value_error(cx, format_args!("maximum {what} length is {limit} bytes")));
        }
        Ok(data)
    };
    let key = bytes(values[2], "key", max)?;
    let salt = bytes(values[3], "salt", max / 4)?;
    let person = bytes(values[4], "person", max / 4)?;
    let parameters = blake2::Parameters {
        digest_size,
        key,
        salt,
        person,
        fanout,
        depth,
        leaf_size,
        node_offset,
        node_depth,
        inner_size,
        last_node,
    };
    let info = Info { name: function, digest_size, block_size: max * 2 };
    make(cx, class, info, State::Blake(blake2::Blake2::new(variant, &parameters)), data)
}

macro_rules! blake_class {
    ($class:ident, $name:tt, $variant:ident) => {
        #[native_class(name = $name, module = "_blake2", layout = Native<Hasher>, flags = HAVE_GC | BASETYPE)]
        pub mod $class {
            use super::*;

            #[slot]
            fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
                new_blake(cx, class, args, blake2::Variant::$variant)
            }

            /// Update this hash object's state with the provided bytes-like object.
            #[method("update($self, data, /)")]
            fn update(cx: &mut Cx, this: This, data: Value) -> PyResult<()> {
                update_with(cx, &mut this.state.borrow_mut(), data)
            }

            #[init]
            fn init(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
                crate::classes::add_members(cx, class, &[&common::SPEC, &fixed::SPEC])?;
                let max = blake2::Variant::$variant.max_size();
                for (name, size) in
                    [("SALT_SIZE", max / 4), ("PERSON_SIZE", max / 4), ("MAX_KEY_SIZE", max), ("MAX_DIGEST_SIZE", max)]
                {
                    let name = cx.heap.intern(name);
                    let dict = class.dict.expect();
                    dict.set_str(&mut cx.heap, name, Int::from_len(size).value()).or_raise(cx)?;
                }
                Ok(())
            }
        }
    };
}

blake_class!(blake2b_class, "blake2b", B);
blake_class!(blake2s_class, "blake2s", S);

#[native_module(name = "_blake2")]
pub mod blake2_module {
    use super::*;

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        add_class(cx, module, &blake2b_class::SPEC)?;
        add_class(cx, module, &blake2s_class::SPEC)?;
        Ok(())
    }
}
