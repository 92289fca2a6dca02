#include "tests/conformance/ethereum_block.hpp"

#include <algorithm>

namespace sluice::conformance {

namespace {

using contracts::evm::Revision;
namespace rlp = core::rlp;

void read_bloom(rlp::ListReader& reader, core::Bloom& bloom) {
    const core::ByteView bytes = reader.bytes();
    if (bytes.size() == bloom.size())
        std::copy(bytes.begin(), bytes.end(), bloom.begin());
    else
        reader.reject(rlp::Error::wrong_length);
}

std::optional<EthereumHeader> decode_header(const rlp::Item& item, Revision revision) {
    if (!item.is_list) return std::nullopt;
    rlp::ListReader reader(item);
    EthereumHeader header;
    header.parent_hash = reader.hash();
    header.ommers_hash = reader.hash();
    header.miner = reader.address();
    header.state_root = reader.hash();
    header.transactions_root = reader.hash();
    header.receipts_root = reader.hash();
    read_bloom(reader, header.bloom);
    header.difficulty = reader.uint256();
    header.height = reader.u64();
    header.gas_limit = reader.u64();
    header.gas_used = reader.u64();
    header.timestamp = reader.u64();
    header.extra_data = core::to_bytes(reader.bytes());
    header.mix_hash = reader.hash();
    header.nonce = core::to_bytes(reader.bytes());
    if (header.nonce.size() != 8) reader.reject(rlp::Error::wrong_length);
    if (revision >= Revision::london) header.base_fee = reader.uint256();
    if (revision >= Revision::shanghai) header.withdrawals_root = reader.hash();
    if (revision >= Revision::cancun) {
        header.blob_gas_used = reader.u64();
        header.excess_blob_gas = reader.u64();
        header.parent_beacon_root = reader.hash();
    }
    if (revision >= Revision::prague) header.requests_hash = reader.hash();
    if (!reader.finish()) return std::nullopt;
    header.hash = core::keccak256(item.encoded);
    return header;
}

/// Legacy transactions are lists, typed ones strings around their bytes.
bool read_transactions(rlp::ListReader list, std::vector<core::SharedBytes>& transactions) {
    while (list.has_more()) {
        const rlp::Item item = list.item();
        if (list.failed() || item.payload.empty()) return false;
        transactions.push_back(core::share(core::to_bytes(item.is_list ? item.encoded : item.payload)));
    }
    return list.finish().has_value();
}

bool read_withdrawals(rlp::ListReader list, std::vector<Withdrawal>& withdrawals) {
    while (list.has_more()) {
        const rlp::Item item = list.item();
        if (list.failed() || !item.is_list) return false;
        rlp::ListReader fields(item);
        Withdrawal withdrawal;
        fields.u64();
        withdrawal.validator = fields.u64();
        withdrawal.address = fields.address();
        withdrawal.amount_gwei = fields.u64();
        withdrawal.encoded = core::to_bytes(item.encoded);
        if (!fields.finish()) return false;
        withdrawals.push_back(std::move(withdrawal));
    }
    return list.finish().has_value();
}

}  // namespace

std::optional<EthereumBlock> decode_ethereum_block(core::ByteView encoded, Revision revision) {
    const auto whole = rlp::decode_exact(encoded);
    if (!whole || !whole->is_list) return std::nullopt;
    rlp::ListReader reader(*whole);
    EthereumBlock block;
    auto header = decode_header(reader.item(), revision);
    if (!header) return std::nullopt;
    block.header = std::move(*header);
    if (!read_transactions(reader.list(), block.transactions)) return std::nullopt;
    rlp::ListReader ommers = reader.list();
    for (; ommers.has_more(); ++block.ommers)
        ommers.item();
    if (!ommers.finish()) return std::nullopt;
    if (revision >= Revision::shanghai && !read_withdrawals(reader.list(), block.withdrawals))
        return std::nullopt;
    if (!reader.finish()) return std::nullopt;
    return block;
}

}  // namespace sluice::conformance
