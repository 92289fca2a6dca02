#include "node/transactions_message.hpp"

#include "core/limits.hpp"

namespace sluice::node {

static_assert(core::limits::transaction_bytes_max < transactions_frame_bytes);

std::vector<core::Bytes> encode_transactions(const std::vector<core::TransactionPtr>& transactions) {
    std::vector<core::Bytes> frames;
    std::size_t count = 0;
    for (const auto& transaction : transactions) {
        const auto& encoded = *transaction->encoded;
        if (frames.empty() || count == transactions_frame_count_max ||
            frames.back().size() + encoded.size() + 4 > transactions_frame_bytes) {
            frames.emplace_back();
            count = 0;
        }
        core::append_be32(frames.back(), static_cast<std::uint32_t>(encoded.size()));
        core::append(frames.back(), encoded);
        ++count;
    }
    return frames;
}

std::optional<std::vector<core::SharedBytes>> decode_transactions(core::ByteView frame) {
    std::vector<core::SharedBytes> transactions;
    core::ByteReader reader(frame);
    while (reader.ok() && !reader.rest().empty()) {
        const std::uint32_t size_bytes = reader.be32();
        if (size_bytes == 0 || size_bytes > core::limits::transaction_bytes_max ||
            transactions.size() == transactions_frame_count_max)
            return std::nullopt;
        const auto encoded = reader.take(size_bytes);
        if (reader.ok()) transactions.push_back(core::share(core::to_bytes(encoded)));
    }
    if (!reader.ok() || transactions.empty()) return std::nullopt;
    return transactions;
}

}  // namespace sluice::node
