/// What a transaction did: status, gas, logs and their bloom (EIP-658, EIP-2718).
#pragma once

#include <span>
#include <vector>

#include "core/log.hpp"
#include "core/result.hpp"
#include "core/rlp.hpp"

namespace sluice::core {

struct Receipt {
    std::uint8_t type = 0;  ///< type byte of the transaction
    bool succeeded = false;
    Gas cumulative_gas_used = 0;  ///< of the block up to and with this transaction
    Bloom bloom{};
    std::vector<Log> logs;
    bool operator==(const Receipt&) const = default;
};

/// Consensus encoding: RLP[status, cumulative gas, bloom, logs], behind the type byte unless it is 0.
Bytes encode(const Receipt& receipt);
/// Strict and total: status 0 or 1, at most limits::log_topics_max topics, a type byte from 1 to 0x7f.
/// The bloom is taken as it stands.
Result<Receipt, rlp::Error> decode_receipt(ByteView encoded);
/// Merkle root over the encoded receipts in block order, as the header names it.
Hash receipts_root(std::span<const Receipt> receipts);

}  // namespace sluice::core
