#include "crypto/hash.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <cryptopp/ripemd.h>
#include <cryptopp/sha.h>

namespace sluice::crypto {
namespace {

// Lanes are little-endian in Keccak; all supported machines are, and bytes are copied without swapping.
static_assert(std::endian::native == std::endian::little);

constexpr std::size_t lane_bytes = sizeof(std::uint64_t);

std::uint64_t load_lane(const std::uint8_t* bytes) {
    std::uint64_t lane = 0;
    std::memcpy(&lane, bytes, lane_bytes);
    return lane;
}

void xor_byte(KeccakState& state, std::size_t offset, std::uint8_t byte) {
    state[offset / lane_bytes] ^= std::uint64_t{byte} << (8 * (offset % lane_bytes));
}

/// XORs `data` into the state from byte `offset` on: single bytes up to a lane border, then lanes, then the
/// rest.
void xor_bytes(KeccakState& state, std::size_t offset, ByteView data) {
    std::size_t done = 0;
    while (done < data.size() && (offset + done) % lane_bytes != 0) {
        xor_byte(state, offset + done, data[done]);
        ++done;
    }
    for (; done + lane_bytes <= data.size(); done += lane_bytes) {
        state[(offset + done) / lane_bytes] ^= load_lane(data.data() + done);
    }
    for (; done < data.size(); ++done) {
        xor_byte(state, offset + done, data[done]);
    }
}

}  // namespace

Keccak256& Keccak256::update(ByteView data) {
    while (!data.empty()) {
        const std::size_t taken = std::min(rate_bytes - absorbed_bytes_, data.size());
        xor_bytes(state_, absorbed_bytes_, data.first(taken));
        data = data.subspan(taken);
        absorbed_bytes_ += taken;
        if (absorbed_bytes_ == rate_bytes) {
            keccak_f1600(state_);
            absorbed_bytes_ = 0;
        }
    }
    return *this;
}

Digest Keccak256::finish() {
    // The original padding: a one, zeros, a one. NIST's SHA-3 would begin with 0x06 instead.
    xor_byte(state_, absorbed_bytes_, 0x01);
    xor_byte(state_, rate_bytes - 1, 0x80);
    keccak_f1600(state_);
    Digest digest;
    std::memcpy(digest.data(), state_.data(), digest.size());
    return digest;
}

Digest keccak256(ByteView data) {
    return Keccak256().update(data).finish();
}

Digest sha256(ByteView data) {
    Digest digest;
    CryptoPP::SHA256().CalculateDigest(digest.data(), data.data(), data.size());
    return digest;
}

Digest160 ripemd160(ByteView data) {
    Digest160 digest;
    CryptoPP::RIPEMD160().CalculateDigest(digest.data(), data.data(), data.size());
    return digest;
}

}  // namespace sluice::crypto
