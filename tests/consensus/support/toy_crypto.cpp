#include "support/toy_crypto.hpp"

#include <algorithm>

namespace sluice::consensus::testing {

namespace {

core::Hash tag(const core::Address& address, const core::Hash& digest) {
    core::Bytes bytes = core::to_bytes(core::view("toy key"));
    core::append(bytes, address);
    core::append(bytes, digest);
    return core::keccak256(bytes);
}

}  // namespace

core::Address toy_address(std::size_t number) {
    core::Address address{};
    address[0] = 0x70;
    address[19] = static_cast<std::uint8_t>(number + 1);
    return address;
}

crypto::Signature ToySigner::sign(const crypto::Digest& digest) {
    crypto::Signature signature;
    signature.r = tag(address_, digest);
    std::copy(address_.begin(), address_.end(), signature.s.begin() + 12);
    return signature;
}

std::optional<core::Address> toy_recover(const core::Hash& digest, const core::Signature& signature) {
    core::Address address{};
    std::copy(signature.s.begin() + 12, signature.s.end(), address.begin());
    if (signature.recovery_id != 0 || signature.r != tag(address, digest)) return std::nullopt;
    return address;
}

}  // namespace sluice::consensus::testing
