/// Headers (the 21 fields of Ethereum's Osaka rules), blocks, and what Sluice keeps in extra data.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/log.hpp"
#include "core/time.hpp"
#include "core/transaction.hpp"

namespace sluice::core {

struct Header {
    Hash parent_hash{};
    Hash ommers_hash = empty_list_hash;
    Address miner{};  ///< the validator that first built the block
    Hash state_root{};
    Hash transactions_root = empty_trie_root;
    Hash receipts_root = empty_trie_root;
    Bloom bloom{};
    Uint256 difficulty;
    Height height = 0;
    Gas gas_limit = 0;
    Gas gas_used = 0;
    std::uint64_t timestamp = 0;  ///< seconds; equal to the parent's is allowed
    Bytes extra_data;             ///< `encode(ExtraData)`
    Hash mix_hash{};              ///< keccak256("sluice" ‖ parent hash): not random
    std::array<std::uint8_t, 8> nonce{};
    Uint256 base_fee;
    Hash withdrawals_root = empty_trie_root;
    std::uint64_t blob_gas_used = 0;
    std::uint64_t excess_blob_gas = 0;
    Hash parent_beacon_root{};
    Hash requests_hash{};  ///< sha256 of nothing: no requests (EIP-7685)
    bool operator==(const Header&) const = default;
};

Bytes encode(const Header& header);
/// Exactly the 21 fields; extra data up to limits::extra_data_bytes_max.
Result<Header, rlp::Error> decode_header(ByteView encoded);
/// The identity of a block: keccak256 of the encoded header. Neither view nor certificate is part of it.
Hash hash_of(const Header& header);

/// The prevrandao of Sluice's blocks.
Hash mix_hash_after(const Hash& parent_hash);
/// sha256 of the empty string, the requests hash of a block without requests.
extern const Hash empty_requests_hash;
/// Base fee of every block in wei: wallets break on zero.
inline constexpr std::uint64_t base_fee_wei = 7;

/// RLP[version, milliseconds, validator set of this height, validator set of the next height].
struct ExtraData {
    std::uint64_t version = 1;
    UnixMs time_ms = 0;  ///< grows strictly from block to block; timestamp = time_ms / 1000
    Hash validators_hash{};
    Hash next_validators_hash{};
    bool operator==(const ExtraData&) const = default;
};
Bytes encode(const ExtraData& extra);
/// Version 1 only; another version is rlp::Error::too_large.
Result<ExtraData, rlp::Error> decode_extra_data(ByteView encoded);
/// Milliseconds of the block's time; timestamp * 1000 (at most 2^64-1) where extra data is not Sluice's or
/// does not name the same second.
UnixMs time_ms_of(const Header& header);

/// A block whose transactions are decoded and recovered.
struct Block {
    Header header;
    std::vector<TransactionPtr> transactions;
};

/// RLP[header, transactions, [], []] (Ethereum's block form, without ommers and withdrawals).
Bytes encode(const Block& block);

/// A block taken apart as far as bytes go: transactions are still encoded (EIP-2718 bytes).
struct EncodedBlock {
    Header header;
    Hash hash{};
    std::vector<SharedBytes> transactions;
};

enum class BlockError {
    malformed,              ///< not the RLP of a block
    too_large,              ///< over limits::block_bytes_max
    too_many_transactions,  ///< over limits::block_transactions_max
    ommers_not_empty,
    withdrawals_not_empty,
};
std::string_view describe(BlockError error);
/// Total. Of each transaction only the frame is read: a list, or a string that begins with a type byte
/// (1..0x7f).
Result<EncodedBlock, BlockError> decode_block(ByteView encoded);

/// Merkle root over the encoded transactions, as the header names it.
Hash transactions_root(std::span<const TransactionPtr> transactions);
Hash transactions_root(std::span<const SharedBytes> encoded);

}  // namespace sluice::core
