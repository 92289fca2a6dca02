/// A chain of two accounts and a contract, for tests of single instructions.
#pragma once

#include <gtest/gtest.h>

#include "contracts/call.hpp"
#include "tests/contracts/evm/bytecode.hpp"
#include "tests/contracts/memory_state.hpp"

namespace sluice::contracts::test {

class MachineTest : public testing::Test {
  protected:
    static constexpr core::Address sender{0xaa, 1};
    static constexpr core::Address self{0xcc, 2};
    static constexpr core::Address other{0xdd, 3};
    static constexpr core::Gas gas = 1'000'000;
    static constexpr std::uint64_t funds = 1'000'000'000;

    MachineTest() {
        view.put(sender, {.nonce = 1, .balance = core::Uint256(funds), .code_hash = core::empty_code_hash});
        state.begin_transaction();
        block.gas_limit = 30'000'000;
        block.height = 1'000;
    }

    /// Installs code at an address, with nonce 1 if it had none.
    void install(const core::Address& address, const core::Bytes& bytes) {
        if (state.nonce(address) == 0) state.set_nonce(address, 1);
        state.set_code(address, core::share(bytes));
    }

    Message to(const core::Address& address, core::ByteView input = {}) {
        return {.gas = gas, .sender = sender, .recipient = address, .code_address = address, .input = input};
    }

    Execution execution() {
        return {.state = state,
                .block = block,
                .registry = *registry,
                .machine = machine,
                .origin = sender,
                .gas_price = core::Uint256(7),
                .blob_hashes = blob_hashes,
                .tracer = tracer};
    }
    CallResult send(const Message& message) {
        Execution running = execution();
        CallResult result = call(running, message);
        reached_excluded = running.reached_excluded;
        return result;
    }

    /// Runs code as the contract `self`.
    CallResult run(const core::Bytes& bytes, core::ByteView input = {}) {
        install(self, bytes);
        return send(to(self, input));
    }
    CallResult run_static(const core::Bytes& bytes) {
        install(self, bytes);
        Message message = to(self);
        message.kind = CallKind::static_call;
        message.is_static = true;
        return send(message);
    }
    CallStatus status_of(const core::Bytes& bytes) { return run(bytes).status; }
    core::Gas gas_used_by(const core::Bytes& bytes) { return gas - run(bytes).gas_left; }
    /// The word that code leaves on top of the stack.
    core::Uint256 top_after(const core::Bytes& bytes, core::ByteView input = {}) {
        return word_of(run(code(bytes, return_top()), input));
    }
    static core::Uint256 word_of(const CallResult& result) {
        EXPECT_EQ(result.status, CallStatus::succeeded);
        EXPECT_EQ(result.output.size(), 32u);
        return result.output.size() == 32 ? core::Uint256::from_be(result.output) : core::Uint256(~0ull);
    }
    core::Uint256 slot(const core::Address& address, std::uint64_t key) {
        return core::Uint256::from_word(state.storage(address, core::word_from_u64(key)));
    }

    MemoryState view;
    JournaledState state{view};
    BlockContext block;
    native::Registry empty_registry{};
    const native::Registry* registry = &empty_registry;
    evm::Machine machine;
    std::vector<core::Hash> blob_hashes;
    evm::Tracer* tracer = nullptr;
    bool reached_excluded = false;
};

}  // namespace sluice::contracts::test
