/// Any bytes as messages of the sync and transactions channels.
#include <cstdlib>

#include "node/sync_messages.hpp"
#include "node/transactions_message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const sluice::core::ByteView bytes(data, size);
    if (const auto message = sluice::node::decode_sync_message(bytes))
        if (sluice::node::encode(*message) != sluice::core::to_bytes(bytes)) std::abort();
    static_cast<void>(sluice::node::decode_transactions(bytes));
    return 0;
}
