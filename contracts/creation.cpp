#include "contracts/creation.hpp"

#include <algorithm>

#include "core/rlp.hpp"

namespace sluice::contracts {

namespace {

core::Address last_twenty_bytes(const core::Hash& hash) {
    core::Address address;
    std::copy(hash.begin() + 12, hash.end(), address.begin());
    return address;
}

}  // namespace

core::Address creation_address(const core::Address& sender, std::uint64_t nonce) {
    core::Bytes payload;
    core::rlp::encode_address(payload, sender);
    core::rlp::encode_u64(payload, nonce);
    return last_twenty_bytes(core::keccak256(core::rlp::wrap_list(payload)));
}

core::Address creation_address(const core::Address& sender, const core::Word& salt,
                               core::ByteView init_code) {
    constexpr std::uint8_t marker[] = {0xff};
    return last_twenty_bytes(crypto::Keccak256()
                                 .update(marker)
                                 .update(sender)
                                 .update(salt)
                                 .update(core::keccak256(init_code))
                                 .finish());
}

}  // namespace sluice::contracts
