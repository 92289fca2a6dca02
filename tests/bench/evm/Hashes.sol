// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// Hash functions that the EVM does not have, written in its words: shifts, masks and memory.
contract Hashes {
    /// SHA-1 (FIPS 180-4).
    function sha1Of(bytes calldata message) external pure returns (bytes20) {
        unchecked {
            uint32[5] memory h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
            uint256 blocks = (message.length + 9 + 63) / 64;
            bytes memory padded = new bytes(blocks * 64);
            for (uint256 i = 0; i < message.length; ++i) padded[i] = message[i];
            padded[message.length] = 0x80;
            uint256 bits = message.length * 8;
            for (uint256 i = 0; i < 8; ++i) padded[padded.length - 1 - i] = bytes1(uint8(bits >> (8 * i)));
            for (uint256 b = 0; b < blocks; ++b) sha1Block(h, padded, b * 64);
            return bytes20((uint160(h[0]) << 128) | (uint160(h[1]) << 96) | (uint160(h[2]) << 64)
                | (uint160(h[3]) << 32) | uint160(h[4]));
        }
    }

    function sha1Block(uint32[5] memory h, bytes memory data, uint256 at) private pure {
        unchecked {
            uint32[80] memory w;
            for (uint256 i = 0; i < 16; ++i) {
                uint256 p = at + 4 * i;
                w[i] = (uint32(uint8(data[p])) << 24) | (uint32(uint8(data[p + 1])) << 16)
                    | (uint32(uint8(data[p + 2])) << 8) | uint32(uint8(data[p + 3]));
            }
            for (uint256 i = 16; i < 80; ++i) w[i] = left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
            uint32 a = h[0];
            uint32 b = h[1];
            uint32 c = h[2];
            uint32 d = h[3];
            uint32 e = h[4];
            for (uint256 i = 0; i < 80; ++i) {
                uint32 f;
                uint32 k;
                if (i < 20) (f, k) = ((b & c) | (~b & d), 0x5a827999);
                else if (i < 40) (f, k) = (b ^ c ^ d, 0x6ed9eba1);
                else if (i < 60) (f, k) = ((b & c) | (b & d) | (c & d), 0x8f1bbcdc);
                else (f, k) = (b ^ c ^ d, 0xca62c1d6);
                uint32 next = left(a, 5) + f + e + k + w[i];
                (e, d, c, b, a) = (d, c, left(b, 30), a, next);
            }
            h[0] += a;
            h[1] += b;
            h[2] += c;
            h[3] += d;
            h[4] += e;
        }
    }

    function left(uint32 x, uint32 by) private pure returns (uint32) {
        return (x << by) | (x >> (32 - by));
    }

    /// BLAKE2b's compression of one block (RFC 7693), the last one, with no key and 64 bytes of digest.
    function blake2bOf(uint64[16] calldata m, uint64 length) external pure returns (uint64[8] memory h) {
        unchecked {
            uint64[8] memory iv = [
                0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179
            ];
            uint64[16] memory v;
            for (uint256 i = 0; i < 8; ++i) {
                h[i] = i == 0 ? iv[0] ^ 0x01010040 : iv[i];
                v[i] = h[i];
                v[i + 8] = iv[i];
            }
            v[12] ^= length;
            v[14] = ~v[14];
            // Each row of the permutation is a word of nibbles.
            uint64[10] memory sigma = [
                0x0123456789abcdef, 0xea489fd61c02b753, 0xb8c052fdae367194, 0x7931dcbe265a40f8,
                0x9057724f1abc683d, 0x2c6a0b834d75fe19, 0xc51fed4a0763928b, 0xdb7ec13950f4862a,
                0x6fe9b308c2d714a5, 0xa2847615fb9e3cd0
            ];
            for (uint256 r = 0; r < 12; ++r) {
                uint64 s = sigma[r % 10];
                for (uint256 j = 0; j < 4; ++j)
                    mix(v, j, 4 + j, 8 + j, 12 + j, m[nibble(s, 2 * j)], m[nibble(s, 2 * j + 1)]);
                for (uint256 j = 0; j < 4; ++j)
                    mix(v, j, 4 + ((j + 1) & 3), 8 + ((j + 2) & 3), 12 + ((j + 3) & 3),
                        m[nibble(s, 8 + 2 * j)], m[nibble(s, 9 + 2 * j)]);
            }
            for (uint256 i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
        }
    }

    function nibble(uint64 s, uint256 index) private pure returns (uint256) {
        unchecked {
            return (s >> (60 - 4 * index)) & 15;
        }
    }

    function mix(uint64[16] memory v, uint256 a, uint256 b, uint256 c, uint256 d, uint64 x, uint64 y) private pure {
        unchecked {
            v[a] = v[a] + v[b] + x;
            v[d] = right(v[d] ^ v[a], 32);
            v[c] = v[c] + v[d];
            v[b] = right(v[b] ^ v[c], 24);
            v[a] = v[a] + v[b] + y;
            v[d] = right(v[d] ^ v[a], 16);
            v[c] = v[c] + v[d];
            v[b] = right(v[b] ^ v[c], 63);
        }
    }

    function right(uint64 x, uint64 by) private pure returns (uint64) {
        return (x >> by) | (x << (64 - by));
    }
}
