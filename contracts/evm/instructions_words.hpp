/// Instructions that know only words: arithmetic, comparison, bits (Yellow Paper, appendix H.2, 0x01 to
/// 0x1e). `top` is the topmost word; the result stands where the lowest operand was.
#pragma once

#include "core/uint256_evm.hpp"

namespace sluice::contracts::evm {

using core::Uint256;

[[gnu::always_inline]] inline void add(Uint256* top) {
    top[-1] = top[0] + top[-1];
}
[[gnu::always_inline]] inline void mul(Uint256* top) {
    top[-1] = top[0] * top[-1];
}
[[gnu::always_inline]] inline void sub(Uint256* top) {
    top[-1] = top[0] - top[-1];
}
// What divides is long and is called. Its results are copied limb by limb: a wide copy would have to wait for
// the narrow writes before it.
[[gnu::always_inline]] inline void put(Uint256& to, const Uint256& result) {
    const auto [l0, l1, l2, l3] = result.limbs;
    to = Uint256(l0, l1, l2, l3);
}
[[gnu::noinline]] inline void div(Uint256* top) {
    put(top[-1], top[0] / top[-1]);
}
[[gnu::noinline]] inline void sdiv(Uint256* top) {
    put(top[-1], core::signed_divide(top[0], top[-1]));
}
[[gnu::noinline]] inline void mod(Uint256* top) {
    put(top[-1], top[0] % top[-1]);
}
[[gnu::noinline]] inline void smod(Uint256* top) {
    put(top[-1], core::signed_remainder(top[0], top[-1]));
}
[[gnu::noinline]] inline void addmod(Uint256* top) {
    put(top[-2], core::add_mod(top[0], top[-1], top[-2]));
}
[[gnu::noinline]] inline void mulmod(Uint256* top) {
    put(top[-2], core::multiply_mod(top[0], top[-1], top[-2]));
}
[[gnu::always_inline]] inline void signextend(Uint256* top) {
    top[-1] = core::sign_extend(top[0], top[-1]);
}

[[gnu::always_inline]] inline void lt(Uint256* top) {
    top[-1] = Uint256(top[0] < top[-1] ? 1 : 0);
}
[[gnu::always_inline]] inline void gt(Uint256* top) {
    top[-1] = Uint256(top[-1] < top[0] ? 1 : 0);
}
[[gnu::always_inline]] inline void slt(Uint256* top) {
    top[-1] = Uint256(core::signed_less(top[0], top[-1]) ? 1 : 0);
}
[[gnu::always_inline]] inline void sgt(Uint256* top) {
    top[-1] = Uint256(core::signed_less(top[-1], top[0]) ? 1 : 0);
}
[[gnu::always_inline]] inline void eq(Uint256* top) {
    top[-1] = Uint256(top[0] == top[-1] ? 1 : 0);
}
[[gnu::always_inline]] inline void iszero(Uint256* top) {
    top[0] = Uint256(top[0].is_zero() ? 1 : 0);
}
[[gnu::always_inline]] inline void and_(Uint256* top) {
    top[-1] = top[0] & top[-1];
}
[[gnu::always_inline]] inline void or_(Uint256* top) {
    top[-1] = top[0] | top[-1];
}
[[gnu::always_inline]] inline void xor_(Uint256* top) {
    top[-1] = top[0] ^ top[-1];
}
[[gnu::always_inline]] inline void not_(Uint256* top) {
    top[0] = ~top[0];
}
[[gnu::always_inline]] inline void byte(Uint256* top) {
    top[-1] = core::byte_at(top[0], top[-1]);
}
[[gnu::always_inline]] inline void shl(Uint256* top) {
    top[-1] = core::shift_left(top[-1], top[0]);
}
[[gnu::always_inline]] inline void shr(Uint256* top) {
    top[-1] = core::shift_right(top[-1], top[0]);
}
[[gnu::always_inline]] inline void sar(Uint256* top) {
    top[-1] = core::shift_right_signed(top[-1], top[0]);
}
/// EIP-7939.
[[gnu::always_inline]] inline void clz(Uint256* top) {
    top[0] = Uint256(256 - top[0].bit_length());
}

}  // namespace sluice::contracts::evm
