//! `_random`: the Mersenne Twister, giving CPython's sequences for CPython's seeds.

use runtime::native::{add_class, new_native};
use runtime::number::int::{self, Num};
use runtime::prelude::*;

const N: usize = 624;
const M: usize = 397;

/// The generator's state.
struct Twister {
    state: [u32; N],
    index: usize,
}

impl Twister {
    fn seed(&mut self, seed: u32) {
        self.state[0] = seed;
        for i in 1..N {
            let previous = self.state[i - 1];
            self.state[i] = 1812433253u32.wrapping_mul(previous ^ (previous >> 30)).wrapping_add(i as u32);
        }
        self.index = N;
    }

    fn seed_by(&mut self, key: &[u32]) {
        self.seed(19650218);
        let state = &mut self.state;
        let (mut i, mut j) = (1, 0);
        let mix = |state: &[u32; N], i: usize, factor: u32| {
            state[i] ^ (state[i - 1] ^ (state[i - 1] >> 30)).wrapping_mul(factor)
        };
        for _ in 0..N.max(key.len()) {
            state[i] = mix(state, i, 1664525).wrapping_add(key[j]).wrapping_add(j as u32);
            i += 1;
            j += 1;
            if i >= N {
                state[0] = state[N - 1];
                i = 1;
            }
            if j >= key.len() {
                j = 0;
            }
        }
        for _ in 0..N - 1 {
            state[i] = mix(state, i, 1566083941).wrapping_sub(i as u32);
            i += 1;
            if i >= N {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        state[0] = 0x8000_0000;
    }

    fn next_u32(&mut self) -> u32 {
        if self.index >= N {
            for i in 0..N {
                let y = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % N] & 0x7fff_ffff);
                let twist = if y & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[i] = self.state[(i + M) % N] ^ (y >> 1) ^ twist;
            }
            self.index = 0;
        }
        let mut y = self.state[self.index];
        self.index += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    fn next_f64(&mut self) -> f64 {
        let (a, b) = (self.next_u32() >> 5, self.next_u32() >> 6);
        (a as f64 * 67108864.0 + b as f64) * (1.0 / 9007199254740992.0)
    }
}

#[derive(macros::Trace)]
pub struct Random {
    #[trace(skip)]
    twister: Opaque<Twister>,
}
impl NativeData for Random {
    const NAME: &'static str = "_random.Random";
}

type This = Gc<Native<Random>>;

/// Seed from the system's entropy, or by the absolute value of an int, else by a hash.
fn seed_with(cx: &mut Cx, this: This, seed: Value) -> PyResult<()> {
    if seed.is_none() {
        let mut key = [0u32; N];
        for word in key.chunks_mut(2) {
            use std::hash::{BuildHasher, Hasher};
            let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
            word[0] = random as u32;
            if let Some(high) = word.get_mut(1) {
                *high = (random >> 32) as u32;
            }
        }
        this.twister.borrow_mut().seed_by(&key);
        return Ok(());
    }
    let number = match Num::of(seed) {
        Some(_) => int::exact(seed).unwrap_or(seed),
        None => {
            let hash = hash_of(cx, seed)?;
            BigInt::from_u64(&mut cx.heap, hash as u64)
        }
    };
    let magnitude = int::abs(cx, Num::of(number).unwrap_or(Num::Small(0)))?;
    let magnitude = Num::of(magnitude).unwrap_or(Num::Small(0));
    let bytes = int::to_le_bytes(magnitude, magnitude.bit_length().div_ceil(32).max(1) as usize * 4, false);
    let key: Vec<u32> = bytes
        .unwrap_or_else(|| std::iter::repeat_n(0, 4).collect())
        .chunks_exact(4)
        .map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]]))
        .collect();
    this.twister.borrow_mut().seed_by(&key);
    Ok(())
}

#[macros::native_class(
    name = "Random",
    module = "_random",
    layout = Native<Random>,
    flags = BASETYPE,
    doc = "Random() -> create a random number generator with its own internal state."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<This> {
        let _ = args;
        let twister = Opaque::new(Twister { state: [0; N], index: N });
        Ok(new_native(cx, class, Random { twister }))
    }

    #[slot]
    fn init(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult<()> {
        if args.n_positional() > 1 {
            let n = args.n_positional();
            return Err(type_error(cx, format_args!("Random() takes at most 1 argument ({n} given)")));
        }
        seed_with(cx, this, args.positional().first().copied().unwrap_or(Value::NONE))
    }

    /// random() -> x in the interval [0, 1).
    #[method("random($self, /)")]
    fn random(_: &mut Cx, this: This) -> f64 {
        this.twister.borrow_mut().next_f64()
    }

    /// seed([n]) -> None.
    ///
    /// Defaults to use urandom and falls back to a combination
    /// of the current time and the process identifier.
    #[method("seed($self, n=None, /)")]
    fn seed(cx: &mut Cx, this: This, n: Value) -> PyResult<()> {
        seed_with(cx, this, n)
    }

    /// getstate() -> tuple containing the current state.
    #[method("getstate($self, /)")]
    fn getstate(cx: &mut Cx, this: This) -> PyResult<Gc<Tuple>> {
        let twister = this.twister.borrow();
        let item = |i: usize| {
            let n = if i < N { twister.state[i] as usize } else { twister.index };
            Int::from_len(n).value()
        };
        Tuple::from_fn(&mut cx.heap, N + 1, item).or_raise(cx)
    }

    /// setstate(state) -> None.  Restores generator state.
    #[method("setstate($self, state, /)")]
    fn setstate(cx: &mut Cx, this: This, state: Value) -> PyResult<()> {
        let Some(tuple) = state.downcast::<Tuple>() else {
            return Err(type_error(cx, "state vector must be a tuple"));
        };
        if tuple.len() != N + 1 {
            return Err(value_error(cx, "state vector is the wrong size"));
        }
        let mut new = [0u32; N];
        for (i, word) in new.iter_mut().enumerate() {
            let value = runtime::number::as_usize(cx, tuple.get(i))?;
            *word = value as u32;
        }
        let index = runtime::number::as_i64(cx, tuple.get(N))?;
        if !(0..=N as i64).contains(&index) {
            return Err(value_error(cx, "invalid state"));
        }
        *this.twister.borrow_mut() = Twister { state: new, index: index as usize };
        Ok(())
    }

    /// getrandbits(k) -> x.  Generates an int with k random bits.
    #[method("getrandbits($self, k, /)")]
    fn getrandbits(cx: &mut Cx, this: This, k: Value) -> PyResult {
        let k = index_value(cx, k)?;
        let bits = match Num::of(k) {
            Some(n) if n.is_negative() => return Err(value_error(cx, "number of bits must be non-negative")),
            Some(Num::Small(n)) if n < 1 << 36 => n as usize,
            _ => return Err(overflow_error(cx, "Python int too large to convert to C uint64_t")),
        };
        if bits == 0 {
            return Ok(Int::ZERO.value());
        }
        let mut twister = this.twister.borrow_mut();
        if bits <= 32 {
            let word = twister.next_u32() >> (32 - bits);
            return Ok(Int::from_len(word as usize).value());
        }
        // Least significant word first; the last gives only what is left.
        let words = bits.div_ceil(32);
        runtime::types::str::edit::check_length(cx, Some(words as usize * 4))?;
        let mut limbs = vec![0u64; words.div_ceil(2)];
        let mut left = bits;
        for i in 0..words {
            let mut word = twister.next_u32();
            if left < 32 {
                word >>= 32 - left;
            }
            limbs[i / 2] |= (word as u64) << (32 * (i % 2));
            left = left.saturating_sub(32);
        }
        drop(twister);
        BigInt::from_limbs(&mut cx.heap, &limbs, false).or_raise(cx)
    }
}

#[macros::native_module(name = "_random", doc = "Module implements the Mersenne Twister random number generator.")]
pub mod module {
    use super::*;

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        add_class(cx, module, &super::class::SPEC)?;
        Ok(())
    }
}
