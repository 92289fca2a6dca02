#include "crypto/keccak_batch.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "crypto/keccak_lanes.hpp"
#include "crypto/precondition.hpp"

namespace sluice::crypto {
namespace {

constexpr std::size_t rate_bytes = 136;
constexpr std::size_t word_bytes = sizeof(std::uint64_t);

/// Blocks of an input with its padding.
std::size_t blocks_of(ByteView input) {
    return input.size() / rate_bytes + 1;
}

/// XORs block number `block` of `input` into state number `lane`; padding is that of Keccak before NIST's
/// change.
void absorb(KeccakStates& states, std::size_t lane, ByteView input, std::size_t block) {
    ByteView part = input.subspan(block * rate_bytes);
    std::array<std::uint8_t, rate_bytes> padded{};
    if (part.size() < rate_bytes) {
        std::copy(part.begin(), part.end(), padded.begin());
        padded[part.size()] = 0x01;
        padded.back() |= 0x80;
        part = padded;
    }
    for (std::size_t i = 0; i < rate_bytes / word_bytes; ++i) {
        std::uint64_t word = 0;
        std::memcpy(&word, part.data() + i * word_bytes, word_bytes);
        states.words[i][lane] ^= word;
    }
}

void squeeze(const KeccakStates& states, std::size_t lane, Digest& digest) {
    for (std::size_t i = 0; i < digest.size() / word_bytes; ++i)
        std::memcpy(digest.data() + i * word_bytes, &states.words[i][lane], word_bytes);
}

/// Up to eight inputs, named by position, the longest last. A lane whose input is done runs idle.
void hash_group(std::span<const ByteView> inputs, std::span<const std::size_t> group,
                std::span<Digest> digests) {
    KeccakStates states;
    const std::size_t blocks = blocks_of(inputs[group.back()]);
    for (std::size_t block = 0; block < blocks; ++block) {
        for (std::size_t lane = 0; lane < group.size(); ++lane)
            if (block < blocks_of(inputs[group[lane]])) absorb(states, lane, inputs[group[lane]], block);
        keccak_f1600(states);
        for (std::size_t lane = 0; lane < group.size(); ++lane)
            if (block + 1 == blocks_of(inputs[group[lane]])) squeeze(states, lane, digests[group[lane]]);
    }
}

}  // namespace

void keccak256_each(std::span<const ByteView> inputs, std::span<Digest> digests) {
    require(inputs.size() == digests.size(), "keccak256_each needs as many digests as inputs");
    if (inputs.size() < 2 || !has_keccak_lanes()) {
        for (std::size_t i = 0; i < inputs.size(); ++i)
            digests[i] = keccak256(inputs[i]);
        return;
    }
    // Inputs of equal length share a group, so that few lanes run idle.
    std::vector<std::size_t> order(inputs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return inputs[a].size() != inputs[b].size() ? inputs[a].size() < inputs[b].size() : a < b;
    });
    for (std::span<const std::size_t> rest = order; !rest.empty();) {
        const std::size_t count = std::min(keccak_lanes, rest.size());
        hash_group(inputs, rest.first(count), digests);
        rest = rest.subspan(count);
    }
}

}  // namespace sluice::crypto
