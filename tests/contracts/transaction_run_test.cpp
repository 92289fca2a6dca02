#include "contracts/transaction_run.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "contracts/creation.hpp"
#include "contracts/transaction_rules.hpp"
#include "tests/contracts/evm/bytecode.hpp"
#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace test;
using evm::Revision;

const core::Address contract = ToyChain::member(20);
const core::Address miner = ToyChain::member(0);
constexpr std::uint64_t wealth = 1'000'000'000'000'000'000;

crypto::PrivateKey key_of(std::uint8_t byte) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(byte);
    return crypto::PrivateKey(bytes);
}
const core::Address authority = crypto::address_of(key_of(0x55));

/// Signed by `authority`.
core::Authorization authorization(const core::Address& target, std::uint64_t nonce,
                                  std::uint64_t chain_id = toy_chain_id) {
    core::Authorization made;
    made.chain_id = chain_id;
    made.address = target;
    made.nonce = nonce;
    sign(made, key_of(0x55));
    return made;
}

class TransactionRunTest : public testing::Test {
  protected:
    /// Admits and runs in a block of its own, and keeps what it changed.
    TransactionOutcome run(const Draft& draft) {
        JournaledState state(chain.state);
        const auto admitted = admit_to_block(make(draft), state, block);
        EXPECT_TRUE(admitted.has_value()) << describe(admitted.error());
        if (!admitted) return {};
        TransactionOutcome outcome =
            run_transaction({.state = state, .block = block, .registry = toy_registry(), .machine = machine},
                            {.transaction = admitted->transaction(),
                             .sender = admitted->sender(),
                             .intrinsic = admitted->intrinsic(),
                             .floor = admitted->floor()});
        chain.state.apply(state.take_diff());
        return outcome;
    }
    /// A call of `contract` with the next nonce.
    TransactionOutcome call_contract(core::Gas gas_limit = 200'000) {
        return run({.nonce = nonce_of(ToyChain::rich()), .to = contract, .gas_limit = gas_limit});
    }
    TransactionOutcome authorize(std::vector<core::Authorization> list, core::Address to = {0x77}) {
        return run({.nonce = nonce_of(ToyChain::rich()),
                    .to = to,
                    .type = core::TransactionType::set_code,
                    .authorizations = std::move(list)});
    }
    core::Account account(const core::Address& address) {
        return chain.state.account(address).value_or(core::Account{});
    }
    core::Uint256 balance_of(const core::Address& address) { return account(address).balance; }
    std::uint64_t nonce_of(const core::Address& address) { return account(address).nonce; }
    core::Bytes code_of(const core::Address& address) {
        const core::Hash hash = account(address).code_hash;
        return hash == core::empty_code_hash ? core::Bytes{} : *chain.state.code(hash);
    }
    void charge(std::uint64_t base_fee) {
        block.fee_mode = FeeMode::ethereum;
        block.base_fee = base_fee;
    }

    ToyChain chain;
    BlockContext block = chain.next_context();
    evm::Machine machine;
};

TEST_F(TransactionRunTest, without_fees_only_the_value_moves) {
    const TransactionOutcome outcome = run({.to = contract, .value = 5, .max_fee = core::Uint256(1'000'000)});
    EXPECT_EQ(outcome.gas_used, 21'000u);
    EXPECT_EQ(balance_of(ToyChain::rich()), core::Uint256(wealth - 5));
    EXPECT_EQ(balance_of(contract), core::Uint256(5));
    EXPECT_TRUE(balance_of(miner).is_zero());
    EXPECT_EQ(nonce_of(ToyChain::rich()), 1u);
}

TEST_F(TransactionRunTest, with_fees_the_sender_pays_for_gas_used_and_the_miner_gets_the_tip) {
    charge(10);
    const TransactionOutcome outcome =
        run({.to = contract, .value = 5, .max_fee = core::Uint256(50), .tip = core::Uint256(2)});
    EXPECT_EQ(outcome.gas_used, 21'000u);
    EXPECT_EQ(balance_of(ToyChain::rich()), core::Uint256(wealth - 5 - 21'000 * 12));
    EXPECT_EQ(balance_of(miner), core::Uint256(21'000 * 2));
}

TEST_F(TransactionRunTest, with_fees_blobs_are_paid_for_and_not_paid_back) {
    charge(10);
    block.blobs = {.per_block = 6, .per_transaction = 6};
    block.blob_base_fee = 3;
    run({.to = contract,
         .type = core::TransactionType::blob,
         .max_fee = core::Uint256(10),
         .max_blob_fee = core::Uint256(9),
         .blob_hashes = {core::Hash{0x01}, core::Hash{0x01}}});
    EXPECT_EQ(balance_of(ToyChain::rich()), core::Uint256(wealth - 21'000 * 10 - 2 * 131'072 * 3));
    EXPECT_TRUE(balance_of(miner).is_zero());
}

TEST_F(TransactionRunTest, a_failed_message_keeps_nonce_and_fee_and_nothing_else) {
    charge(10);
    chain.state.put_code(contract, code(apply(op::sstore, 0, 1), op::invalid));
    const TransactionOutcome outcome =
        run({.to = contract, .value = 5, .gas_limit = 100'000, .max_fee = core::Uint256(10)});
    EXPECT_EQ(outcome.status, CallStatus::undefined_instruction);
    EXPECT_EQ(outcome.gas_used, 100'000u);
    EXPECT_EQ(balance_of(ToyChain::rich()), core::Uint256(wealth - 100'000 * 10));
    EXPECT_TRUE(balance_of(contract).is_zero());
    EXPECT_EQ(nonce_of(ToyChain::rich()), 1u);
    EXPECT_EQ(chain.state.storage(contract, core::Word{}), core::Word{});
}

TEST_F(TransactionRunTest, a_creation_lies_at_the_address_of_its_sender_and_nonce) {
    const core::Bytes init = code(apply(op::mstore8, 0, 0xaa), apply(op::return_, 0, 1));
    const TransactionOutcome outcome = run({.to = std::nullopt, .data = init});
    EXPECT_EQ(outcome.status, CallStatus::succeeded);
    const core::Address created = creation_address(ToyChain::rich(), std::uint64_t{0});
    EXPECT_EQ(code_of(created), core::Bytes{0xaa});
    EXPECT_EQ(nonce_of(created), 1u);
}

TEST_F(TransactionRunTest, refunds_are_capped_by_half_before_london_and_by_a_fifth_after) {
    // Ten slots are cleared: the refund of each is 15,000 before London (EIP-2200), 4,800 after (EIP-3529).
    core::Bytes clear;
    for (std::uint64_t slot = 0; slot < 10; ++slot)
        core::append(clear, apply(op::sstore, slot, 0));
    for (const auto& [revision, divisor] : {std::pair{Revision::berlin, 2u}, {Revision::london, 5u}}) {
        block.revision = revision;
        chain.state.put_code(contract, clear);
        for (std::uint64_t slot = 0; slot < 10; ++slot)
            chain.state.put_slot(contract, core::word_from_u64(slot), core::word_from_u64(1));
        const TransactionOutcome outcome =
            run({.nonce = nonce_of(ToyChain::rich()), .to = contract, .type = core::TransactionType::legacy});
        EXPECT_EQ(outcome.gas_used, outcome.gas_peak - outcome.gas_peak / divisor);
        EXPECT_EQ(chain.state.storage(contract, core::word_from_u64(9)), core::Word{});
    }
}

TEST_F(TransactionRunTest, the_floor_of_calldata_holds_after_the_refund) {
    const core::Bytes data(1'000, 1);
    const TransactionOutcome outcome = run({.to = contract, .data = data});
    EXPECT_EQ(outcome.gas_peak, 21'000u + 1'000 * 16);
    EXPECT_EQ(outcome.gas_used, 21'000u + 1'000 * 40);
    block.revision = Revision::cancun;
    EXPECT_EQ(run({.nonce = 1, .to = contract, .data = data}).gas_used, 21'000u + 1'000 * 16);
}

TEST_F(TransactionRunTest, the_miner_is_warm_from_shanghai_on) {
    chain.state.put_code(contract, code(push(miner), op::balance));
    block.revision = Revision::paris;
    const core::Gas cold = call_contract().gas_used;
    block.revision = Revision::shanghai;
    EXPECT_EQ(call_contract().gas_used, cold - 2'500);
}

TEST_F(TransactionRunTest, access_lists_and_precompiled_contracts_are_warm) {
    const core::Address other = ToyChain::member(21);
    chain.state.put_code(contract, code(push(other), op::balance, apply(op::sload, 7)));
    const core::Gas cold = call_contract().gas_used;
    const TransactionOutcome warm =
        run({.nonce = 1, .to = contract, .access_list = {{other, {}}, {contract, {core::word_from_u64(7)}}}});
    EXPECT_EQ(warm.gas_used, cold + 2 * 2'400 + 1'900 - 2'500 - 2'000);
    chain.state.put_code(contract, code(apply(op::balance, 2), apply(op::sload, 7)));
    EXPECT_EQ(call_contract().gas_used, cold - 2'500);
}

TEST_F(TransactionRunTest, an_authorization_delegates_and_counts_as_a_transaction_of_its_signer) {
    authorize({authorization(contract, 0)});
    EXPECT_EQ(code_of(authority), core::delegation_to(contract));
    EXPECT_EQ(nonce_of(authority), 1u);
    authorize({authorization({}, 1)});
    EXPECT_TRUE(code_of(authority).empty());
    EXPECT_EQ(nonce_of(authority), 2u);
}

TEST_F(TransactionRunTest, a_delegating_account_runs_the_code_over_its_own_storage) {
    chain.state.put_code(contract, code(op::address, push(3), op::sstore));
    authorize({authorization(contract, 0)}, authority);
    EXPECT_EQ(chain.state.storage(authority, core::word_from_u64(3)), core::word_from_address(authority));
    EXPECT_EQ(chain.state.storage(contract, core::word_from_u64(3)), core::Word{});
}

TEST_F(TransactionRunTest, authorizations_that_do_not_hold_are_passed_over) {
    core::Authorization forged = authorization(contract, 0);
    forged.r = 0;
    authorize({authorization(contract, 1), authorization(contract, 0, toy_chain_id + 1), forged,
               authorization(contract, std::numeric_limits<std::uint64_t>::max())});
    EXPECT_FALSE(chain.state.account(authority).has_value());
    authorize({authorization(contract, 0, 0)});
    EXPECT_EQ(code_of(authority), core::delegation_to(contract)) << "chain id 0 holds everywhere";
}

TEST_F(TransactionRunTest, an_account_with_code_of_its_own_does_not_delegate) {
    chain.state.put_code(authority, {0x00});
    authorize({authorization(contract, 0)});
    EXPECT_EQ(code_of(authority), core::Bytes{0x00});
    EXPECT_EQ(nonce_of(authority), 0u);
}

TEST_F(TransactionRunTest, the_last_authorization_of_a_signer_wins) {
    authorize({authorization(contract, 0), authorization(ToyChain::member(21), 1)});
    EXPECT_EQ(code_of(authority), core::delegation_to(ToyChain::member(21)));
    EXPECT_EQ(nonce_of(authority), 2u);
}

TEST_F(TransactionRunTest, an_existing_authority_gives_gas_back) {
    const TransactionOutcome fresh = authorize({authorization(contract, 0)});
    EXPECT_EQ(fresh.gas_used, 21'000u + 25'000);
    const TransactionOutcome existing = authorize({authorization(contract, 1)});
    EXPECT_EQ(existing.gas_used, 46'000u - 46'000 / 5) << "12,500 capped by a fifth";
}

TEST_F(TransactionRunTest, authorizations_stay_where_the_message_fails) {
    chain.state.put_code(contract, {op::invalid});
    const TransactionOutcome outcome = authorize({authorization(ToyChain::member(21), 0)}, contract);
    EXPECT_EQ(outcome.status, CallStatus::undefined_instruction);
    EXPECT_EQ(code_of(authority), core::delegation_to(ToyChain::member(21)));
}

TEST_F(TransactionRunTest, what_the_sender_signs_for_itself_has_the_nonce_after_its_transaction) {
    const crypto::PrivateKey key = key_of(0x55);
    chain.state.put(authority, {.nonce = 4, .balance = {}, .code_hash = core::empty_code_hash});
    run({.sender = authority,
         .nonce = 4,
         .to = contract,
         .type = core::TransactionType::set_code,
         .authorizations = {authorization(contract, 5)}});
    EXPECT_EQ(code_of(authority), core::delegation_to(contract));
    EXPECT_EQ(nonce_of(authority), 6u);
}

TEST_F(TransactionRunTest, the_target_of_the_recipients_delegation_is_warm) {
    const core::Address target = ToyChain::member(21);
    chain.state.put_code(target, code(push(target), op::balance));
    chain.state.put_code(contract, core::delegation_to(target));
    EXPECT_EQ(call_contract().gas_used, 21'000u + 3 + 100);
}

TEST_F(TransactionRunTest, a_message_to_an_excluded_precompiled_contract_is_reported) {
    chain.state.put_code(contract, code(apply(op::call, 50'000, 0x0a, 0, 0, 0, 0, 0)));
    EXPECT_TRUE(call_contract().reached_excluded);
    block.revision = Revision::shanghai;
    EXPECT_FALSE(call_contract().reached_excluded);
}

}  // namespace
}  // namespace sluice::contracts
