/// Fuzz target: any bytes as a proof. Verification is total; a proof under the hash of its own first node is
/// decided by decoding alone, and adding a node to a good proof makes it a bad one.
#include <cstddef>
#include <cstdint>

#include "core/merkle.hpp"

namespace {

using namespace sluice::core;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

/// Key and nodes, each behind one length byte (times four for nodes).
struct Input {
    Bytes key;
    std::vector<Bytes> proof;
};

Input take_apart(ByteView bytes) {
    ByteReader reader(bytes);
    Input input;
    input.key = to_bytes(reader.take(reader.u8() % 40));
    while (reader.ok() && !reader.rest().empty()) {
        const std::size_t size = std::size_t{4} * reader.u8();
        input.proof.push_back(
            to_bytes(reader.take(size < reader.rest().size() ? size : reader.rest().size())));
    }
    return input;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input = take_apart(ByteView(data, size));
    if (input.proof.empty()) return 0;
    const Hash root = keccak256(input.proof.front());
    const auto result = merkle::verify_proof(root, input.key, input.proof);
    input.proof.emplace_back();
    const auto longer = merkle::verify_proof(root, input.key, input.proof);
    if (result) check(!longer && longer.error() == merkle::ProofError::unused_node);
    return 0;
}
