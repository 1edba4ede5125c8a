import base64
import binascii
import hashlib
import struct
import zlib

print(struct.pack("<IhB", 1, -2, 3), struct.unpack(">Q", b"\0" * 7 + b"\x05"), struct.calcsize("<ihq"), struct.pack("3s?d", b"ab", True, 1.5), struct.unpack_from("<H", b"xx\x01\x02", 2), list(struct.iter_unpack("<H", b"\1\0\2\0")))
print(base64.b64encode(b"hello\xff"), base64.b64decode("aGk="), base64.b32encode(b"a"), base64.urlsafe_b64encode(b"\xfb\xff"), binascii.hexlify(b"\x01\xff"), binascii.crc32(b"hello"), zlib.crc32(b"x"), zlib.decompress(zlib.compress(b"data" * 50))[:8])
print(hashlib.sha256(b"abc").hexdigest(), hashlib.md5(b"").hexdigest(), hashlib.sha1(b"x").hexdigest(), hashlib.new("sha512", b"q").hexdigest()[:20], hashlib.blake2b(b"b", digest_size=8).hexdigest(), hashlib.sha3_256(b"").hexdigest()[:16])
try:
    struct.pack("B", 300)
except struct.error as e:
    print(e)
