/// Fuzz target: any bytes as a consensus message and as a record of the vote log. What decodes is canonical;
/// what is refused has a reason; verifying never crashes and never accepts, because no key is known to the
/// fuzzer.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "consensus/durable_state.hpp"
#include "consensus/message_codec.hpp"
#include "consensus/message_verifier.hpp"

namespace {

void check(bool fact) {
    if (!fact) __builtin_trap();
}

std::optional<sluice::core::Hash> digest_of(sluice::core::ByteView payload) {
    return sluice::core::keccak256(payload);
}

const sluice::consensus::MessageVerifier& verifier() {
    using namespace sluice;
    static const consensus::MessageVerifier instance = [] {
        std::vector<core::Address> members(4);
        for (std::size_t i = 0; i < members.size(); ++i) {
            members[i][0] = static_cast<std::uint8_t>(i + 1);
        }
        return consensus::MessageVerifier({.chain_id = 1, .genesis_hash = {}}, 256,
                                          consensus::ValidatorHistory(1, *core::ValidatorSet::make(members)),
                                          digest_of);
    }();
    return instance;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sluice;
    const core::ByteView bytes(data, size);
    if (const auto message = consensus::decode_message(bytes)) {
        const core::Bytes encoded = consensus::encode(*message);
        check(encoded.size() == size && std::equal(encoded.begin(), encoded.end(), data));
        check(!verifier().verify(*message).has_value());
    } else {
        check(!consensus::describe(message.error()).empty());
    }
    if (size == 0) return 0;
    const consensus::VoteRecord record{.kind = static_cast<consensus::RecordKind>(data[0] % 8),
                                       .height = 1,
                                       .view = 0,
                                       .payload = core::to_bytes(bytes.subspan(1))};
    static_cast<void>(consensus::recover(std::span(&record, 1), 0));
    return 0;
}
