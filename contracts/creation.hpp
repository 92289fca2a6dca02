/// Where new contracts lie.
#pragma once

#include "core/ids.hpp"
#include "core/uint256.hpp"

namespace sluice::contracts {

/// Largest deployed code in bytes (EIP-170).
inline constexpr std::size_t deployed_code_bytes_max = 24'576;

/// Address of what `sender` creates with `nonce`, the sender's nonce before the creation: by a transaction or
/// by CREATE (Yellow Paper 7).
core::Address creation_address(const core::Address& sender, std::uint64_t nonce);

/// Address of what CREATE2 creates (EIP-1014).
core::Address creation_address(const core::Address& sender, const core::Word& salt, core::ByteView init_code);

}  // namespace sluice::contracts
