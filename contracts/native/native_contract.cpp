#include "contracts/native/native_contract.hpp"

#include "core/check.hpp"

namespace sluice::contracts::native {

const core::Hash native_code_hash = core::keccak256(std::array{native_code_byte});

void Invocation::emit_from(const core::Address& contract, const core::Word& topic,
                           std::initializer_list<core::Word> indexed, core::Bytes data) const {
    add_event(state, contract, topic, indexed, std::move(data));
}

void add_event(JournaledState& state, const core::Address& contract, const core::Word& topic,
               std::initializer_list<core::Word> indexed, core::Bytes data) {
    CHECK(indexed.size() < core::limits::log_topics_max);
    std::vector<core::Word> topics;
    topics.reserve(1 + indexed.size());
    topics.push_back(topic);
    topics.insert(topics.end(), indexed);
    state.add_log({contract, std::move(topics), std::move(data)});
}

tl::unexpected<Revert> refused(const abi::IsoCode& code) {
    return core::fail(Revert{abi::encode_refused(code)});
}

tl::unexpected<Revert> reverted(std::string_view reason) {
    return core::fail(Revert{abi::encode_error(reason)});
}

tl::unexpected<Revert> malformed() {
    return core::fail(Revert{});
}

void install_native(JournaledState& state, const core::Address& address) {
    state.set_nonce(address, 1);
    state.set_code(address, core::share({native_code_byte}));
}

}  // namespace sluice::contracts::native
