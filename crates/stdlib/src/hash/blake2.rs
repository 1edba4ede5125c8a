//! BLAKE2b and BLAKE2s with all parameters (RFC 7693 and the tree mode of the BLAKE2 paper).
//!
//! One implementation on 64-bit words: BLAKE2s keeps its 32-bit words in the low halves.

/// Which function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Variant {
    B,
    S,
}

impl Variant {
    pub const fn name(self) -> &'static str {
        if matches!(self, Variant::B) { "blake2b" } else { "blake2s" }
    }

    pub const fn title(self) -> &'static str {
        if matches!(self, Variant::B) { "Blake2b" } else { "Blake2s" }
    }

    /// Bytes of the longest digest and key; a block is twice as long.
    pub const fn max_size(self) -> usize {
        if matches!(self, Variant::B) { 64 } else { 32 }
    }

    const fn word(self) -> usize {
        self.max_size() / 8
    }
}

pub struct Parameters {
    pub digest_size: usize,
    pub key: Vec<u8>,
    pub salt: Vec<u8>,
    pub person: Vec<u8>,
    pub fanout: u8,
    pub depth: u8,
    pub leaf_size: u32,
    pub node_offset: u64,
    pub node_depth: u8,
    pub inner_size: u8,
    pub last_node: bool,
}

const IV_B: [u64; 8] = [
    0x6a09e667f3bcc908,
    0xbb67ae8584caa73b,
    0x3c6ef372fe94f82b,
    0xa54ff53a5f1d36f1,
    0x510e527fade682d1,
    0x9b05688c2b3e6c1f,
    0x1f83d9abfb41bd6b,
    0x5be0cd19137e2179,
];

const SIGMA: [[u8; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

#[derive(Clone)]
pub struct Blake2 {
    variant: Variant,
    h: [u64; 8],
    /// Bytes compressed so far.
    count: u128,
    buffer: Vec<u8>,
    digest_size: usize,
    last_node: bool,
}

impl Blake2 {
    pub fn new(variant: Variant, p: &Parameters) -> Blake2 {
        let word = variant.word();
        let mut block = vec![p.digest_size as u8, p.key.len() as u8, p.fanout, p.depth];
        block.extend_from_slice(&p.leaf_size.to_le_bytes());
        let offset = p.node_offset.to_le_bytes();
        block.extend_from_slice(if variant == Variant::B { &offset } else { &offset[..6] });
        block.extend_from_slice(&[p.node_depth, p.inner_size]);
        if variant == Variant::B {
            block.resize(32, 0);
        }
        let salt_size = variant.max_size() / 4;
        for part in [&p.salt, &p.person] {
            let end = block.len() + salt_size;
            block.extend_from_slice(part);
            block.resize(end, 0);
        }
        let mut h = [0; 8];
        for (i, (h, chunk)) in h.iter_mut().zip(block.chunks(word)).enumerate() {
            *h = iv(variant, i) ^ load(chunk);
        }
        let mut this =
            Blake2 { variant, h, count: 0, buffer: Vec::new(), digest_size: p.digest_size, last_node: p.last_node };
        if !p.key.is_empty() {
            let mut key = p.key.clone();
            key.resize(variant.max_size() * 2, 0);
            this.update(&key);
        }
        this
    }

    pub fn update(&mut self, data: &[u8]) {
        let size = self.variant.max_size() * 2;
        self.buffer.extend_from_slice(data);
        // The last block, even a full one, waits for `finish`.
        let mut start = 0;
        while self.buffer.len() - start > size {
            self.count += size as u128;
            let block: Vec<u8> = self.buffer[start..start + size].to_vec();
            self.compress(&block, false);
            start += size;
        }
        self.buffer.drain(..start);
    }

    pub fn finish(mut self) -> Vec<u8> {
        self.count += self.buffer.len() as u128;
        let mut block = std::mem::take(&mut self.buffer);
        block.resize(self.variant.max_size() * 2, 0);
        self.compress(&block, true);
        let word = self.variant.word();
        let mut out: Vec<u8> = self.h.iter().flat_map(|h| h.to_le_bytes()[..word].to_vec()).collect();
        out.truncate(self.digest_size);
        out
    }

    fn compress(&mut self, block: &[u8], last: bool) {
        let variant = self.variant;
        let mask = if variant == Variant::B { u64::MAX } else { u64::from(u32::MAX) };
        let bits = variant.word() as u32 * 8;
        let mut m = [0u64; 16];
        for (m, chunk) in m.iter_mut().zip(block.chunks(variant.word())) {
            *m = load(chunk);
        }
        let mut v = [0u64; 16];
        v[..8].copy_from_slice(&self.h);
        for (i, v) in v[8..].iter_mut().enumerate() {
            *v = iv(variant, i);
        }
        v[12] ^= self.count as u64 & mask;
        v[13] ^= (self.count >> bits) as u64 & mask;
        if last {
            v[14] ^= mask;
            if self.last_node {
                v[15] ^= mask;
            }
        }
        let (rounds, turns): (usize, [u32; 4]) =
            if variant == Variant::B { (12, [32, 24, 16, 63]) } else { (10, [16, 12, 8, 7]) };
        let rotate = |x: u64, n: u32| {
            if variant == Variant::B { x.rotate_right(n) } else { u64::from((x as u32).rotate_right(n)) }
        };
        let mut mix = |a: usize, b: usize, c: usize, d: usize, x: u64, y: u64| {
            v[a] = v[a].wrapping_add(v[b]).wrapping_add(x) & mask;
            v[d] = rotate(v[d] ^ v[a], turns[0]);
            v[c] = v[c].wrapping_add(v[d]) & mask;
            v[b] = rotate(v[b] ^ v[c], turns[1]);
            v[a] = v[a].wrapping_add(v[b]).wrapping_add(y) & mask;
            v[d] = rotate(v[d] ^ v[a], turns[2]);
            v[c] = v[c].wrapping_add(v[d]) & mask;
            v[b] = rotate(v[b] ^ v[c], turns[3]);
        };
        for round in 0..rounds {
            let s = SIGMA[round % 10].map(usize::from);
            mix(0, 4, 8, 12, m[s[0]], m[s[1]]);
            mix(1, 5, 9, 13, m[s[2]], m[s[3]]);
            mix(2, 6, 10, 14, m[s[4]], m[s[5]]);
            mix(3, 7, 11, 15, m[s[6]], m[s[7]]);
            mix(0, 5, 10, 15, m[s[8]], m[s[9]]);
            mix(1, 6, 11, 12, m[s[10]], m[s[11]]);
            mix(2, 7, 8, 13, m[s[12]], m[s[13]]);
            mix(3, 4, 9, 14, m[s[14]], m[s[15]]);
        }
        for i in 0..8 {
            self.h[i] ^= v[i] ^ v[i + 8];
        }
    }
}

/// BLAKE2s starts from the upper halves.
fn iv(variant: Variant, i: usize) -> u64 {
    if variant == Variant::B { IV_B[i] } else { IV_B[i] >> 32 }
}

fn load(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(variant: Variant, data: &[u8]) -> String {
        let parameters = Parameters {
            digest_size: variant.max_size(),
            key: vec![],
            salt: vec![],
            person: vec![],
            fanout: 1,
            depth: 1,
            leaf_size: 0,
            node_offset: 0,
            node_depth: 0,
            inner_size: 0,
            last_node: false,
        };
        let mut hash = Blake2::new(variant, &parameters);
        hash.update(data);
        hash.finish().iter().take(8).map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn digests_of_the_rfc() {
        assert_eq!(digest(Variant::B, b"abc"), "ba80a53f981c4d0d");
        assert_eq!(digest(Variant::S, b"abc"), "508c5e8c327c14e2");
    }
}
