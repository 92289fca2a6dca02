#include "contracts/history_contract.hpp"

#include "core/check.hpp"

namespace sluice::contracts {

namespace {

/// EIP-2935, "Block processing": the code as deployed on Ethereum.
constexpr std::string_view history_code =
    "3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311"
    "604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

}  // namespace

const core::Address history_address{0x00, 0x00, 0xf9, 0x08, 0x27, 0xf1, 0xc5, 0x3a, 0x10, 0xcb,
                                    0x7a, 0x02, 0x33, 0x5b, 0x17, 0x53, 0x20, 0x00, 0x29, 0x35};

void install_history(JournaledState& state) {
    auto code = core::from_hex(history_code);
    CHECK(code.has_value());
    state.set_nonce(history_address, 1);
    state.set_code(history_address, core::share(std::move(*code)));
}

void record_parent_hash(JournaledState& state, const BlockContext& block) {
    CHECK(block.height > 0);
    const core::Hash code = state.code_hash(history_address);
    if (code == core::Hash{} || code == core::empty_code_hash) return;
    state.set_storage(history_address, core::word_from_u64((block.height - 1) % history_window),
                      block.parent_hash);
}

}  // namespace sluice::contracts
