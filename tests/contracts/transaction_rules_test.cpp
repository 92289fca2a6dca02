#include "contracts/transaction_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "core/limits.hpp"
#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace test;

core::Transaction transaction_with(const Draft& draft) {
    return make(draft)->transaction;
}

TEST(IntrinsicGas, is_21000_and_the_price_of_each_byte) {
    EXPECT_EQ(intrinsic_gas(transaction_with({})), 21'000u);
    EXPECT_EQ(intrinsic_gas(transaction_with({.data = {0, 0, 1}})), 21'000u + 4 + 4 + 16);
}

TEST(IntrinsicGas, counts_zero_bytes_at_every_place_and_beside_every_other_byte) {
    for (std::size_t size = 0; size <= 40; ++size)
        for (std::size_t zero = 0; zero < size; ++zero)
            for (const std::uint8_t other : {0x01, 0x7f, 0x80, 0xff}) {
                core::Bytes data(size, other);
                data[zero] = 0;
                ASSERT_EQ(intrinsic_gas(transaction_with({.data = data})), 21'000u + 4 + 16 * (size - 1))
                    << size << ' ' << zero << ' ' << int{other};
            }
    EXPECT_EQ(intrinsic_gas(transaction_with({.data = core::Bytes(1'000, 0)})), 21'000u + 4 * 1'000);
}

TEST(IntrinsicGas, of_a_creation_adds_the_words_of_its_code) {
    EXPECT_EQ(intrinsic_gas(transaction_with({.to = std::nullopt, .data = core::Bytes(33, 1)})),
              21'000u + 32'000 + 33 * 16 + 2 * 2);
}

TEST(IntrinsicGas, counts_addresses_and_keys_of_the_access_list) {
    const std::vector<core::AccessListEntry> list{{toy_address, {core::Word{}, core::Word{1}}},
                                                  {toy_address, {}}};
    EXPECT_EQ(intrinsic_gas(transaction_with({.access_list = list})), 21'000u + 2 * 2'400 + 2 * 1'900);
}

TEST(IntrinsicGas, counts_every_authorization_whether_it_holds_or_not) {
    EXPECT_EQ(intrinsic_gas(transaction_with(
                  {.type = core::TransactionType::set_code, .authorizations = {core::Authorization{}, {}}})),
              21'000u + 2 * 25'000);
}

TEST(IntrinsicGas, charges_words_of_init_code_from_shanghai_on) {
    const core::Transaction creation = transaction_with({.to = std::nullopt, .data = core::Bytes(33, 1)});
    EXPECT_EQ(intrinsic_gas(creation, evm::Revision::paris) + 4,
              intrinsic_gas(creation, evm::Revision::shanghai));
}

TEST(FloorGas, begins_with_prague) {
    const core::Transaction transaction = transaction_with({.data = {0, 1}});
    EXPECT_EQ(floor_gas(transaction, evm::Revision::cancun), 0u);
    EXPECT_EQ(floor_gas(transaction, evm::Revision::prague), floor_gas(transaction));
}

TEST(FloorGas, is_ten_per_token_of_calldata) {
    EXPECT_EQ(floor_gas(transaction_with({.data = {0, 1}})), 21'000u + 10 * (1 + 4));
}

class TransactionRulesTest : public testing::Test {
  protected:
    std::optional<Refusal> in_block(const Draft& draft) {
        JournaledState state(chain.state);
        const auto admitted = admit_to_block(make(draft), state, block);
        return admitted ? std::nullopt : std::optional(admitted.error());
    }
    std::optional<Refusal> in_pool(const Draft& draft) {
        const auto admitted = admit_to_pool(*make(draft), chain.state, rules_of(block));
        return admitted ? std::nullopt : std::optional(admitted.error());
    }
    void expect_both(const Draft& draft, std::optional<Refusal> refusal) {
        EXPECT_EQ(in_block(draft), refusal);
        EXPECT_EQ(in_pool(draft), refusal);
    }

    ToyChain chain;
    BlockContext block = chain.next_context();
};

TEST_F(TransactionRulesTest, a_plain_transaction_is_admitted_with_its_proof) {
    JournaledState state(chain.state);
    const auto transaction = make({.data = {0, 1}});
    const auto admitted = admit_to_block(transaction, state, block);
    ASSERT_TRUE(admitted.has_value());
    EXPECT_EQ(admitted->sender(), ToyChain::rich());
    EXPECT_EQ(admitted->intrinsic(), 21'020u);
    EXPECT_EQ(admitted->floor(), 21'050u);
    EXPECT_EQ(&admitted->recovered(), transaction.get());
}

TEST_F(TransactionRulesTest, system_transactions_do_not_come_from_outside) {
    expect_both({.type = core::TransactionType::system}, Refusal::system_type);
}

TEST_F(TransactionRulesTest, replay_protection_is_required) {
    expect_both({.type = core::TransactionType::legacy, .chain_id = std::nullopt}, Refusal::unprotected);
    expect_both({.type = core::TransactionType::legacy, .chain_id = toy_chain_id}, std::nullopt);
    expect_both({.chain_id = 1}, Refusal::wrong_chain);
}

TEST_F(TransactionRulesTest, any_price_is_accepted_and_costs_nothing) {
    const Draft poor{.sender = ToyChain::member(9)};
    expect_both(poor, std::nullopt);
    Draft expensive = poor;
    expensive.max_fee = ~core::Uint256(0);
    expensive.tip = ~core::Uint256(0);
    expect_both(expensive, std::nullopt);
    Draft cheaper_than_base_fee = poor;
    cheaper_than_base_fee.max_fee = core::Uint256(1);
    expect_both(cheaper_than_base_fee, std::nullopt);
}

TEST_F(TransactionRulesTest, a_tip_above_the_fee_is_refused) {
    expect_both({.max_fee = core::Uint256(5), .tip = core::Uint256(6)}, Refusal::tip_above_fee);
}

TEST_F(TransactionRulesTest, gas_limits_have_bounds_on_both_sides) {
    expect_both({.gas_limit = block.transaction_gas_limit + 1}, Refusal::gas_above_transaction_limit);
    expect_both({.gas_limit = block.transaction_gas_limit}, std::nullopt);
    expect_both({.gas_limit = 20'999}, Refusal::gas_below_intrinsic);
    expect_both({.gas_limit = 21'000}, std::nullopt);
    const core::Bytes data(100, 1);
    expect_both({.data = data, .gas_limit = 21'000 + 100 * 16}, Refusal::gas_below_floor);
    expect_both({.data = data, .gas_limit = 21'000 + 100 * 40}, std::nullopt);
    block.gas_limit = 50'000;
    expect_both({.gas_limit = 50'001}, Refusal::gas_above_block_limit);
}

TEST_F(TransactionRulesTest, initcode_has_a_largest_size) {
    const Draft creation{
        .to = std::nullopt, .data = core::Bytes(initcode_bytes_max + 1), .gas_limit = 10'000'000};
    expect_both(creation, Refusal::initcode_too_large);
}

TEST_F(TransactionRulesTest, the_block_wants_exactly_the_next_nonce) {
    chain.state.put(ToyChain::member(9), {.nonce = 5, .balance = {}, .code_hash = core::empty_code_hash});
    EXPECT_EQ(in_block({.sender = ToyChain::member(9), .nonce = 4}), Refusal::nonce_too_low);
    EXPECT_EQ(in_block({.sender = ToyChain::member(9), .nonce = 5}), std::nullopt);
    EXPECT_EQ(in_block({.sender = ToyChain::member(9), .nonce = 6}), Refusal::nonce_too_high);
    expect_both({.nonce = std::numeric_limits<std::uint64_t>::max()}, Refusal::nonce_at_maximum);
}

TEST_F(TransactionRulesTest, the_pool_takes_nonces_of_the_near_future) {
    EXPECT_EQ(in_pool({.nonce = core::limits::pool_nonce_gap_max}), std::nullopt);
    EXPECT_EQ(in_pool({.nonce = core::limits::pool_nonce_gap_max + 1}), Refusal::nonce_too_high);
    const auto now = admit_to_pool(*make({}), chain.state, rules_of(block));
    const auto later = admit_to_pool(*make({.nonce = 3}), chain.state, rules_of(block));
    ASSERT_TRUE(now && later);
    EXPECT_TRUE(now->is_executable);
    EXPECT_FALSE(later->is_executable);
    EXPECT_EQ(later->next_nonce, 0u);
}

TEST_F(TransactionRulesTest, a_contract_does_not_send) {
    chain.state.put_code(ToyChain::member(9), {0x60});
    expect_both({.sender = ToyChain::member(9)}, Refusal::sender_has_code);
    core::Bytes delegation(23, 0x11);
    delegation[0] = 0xef;
    delegation[1] = 0x01;
    delegation[2] = 0x00;
    chain.state.put_code(ToyChain::member(9), delegation);
    expect_both({.sender = ToyChain::member(9)}, std::nullopt);
}

TEST_F(TransactionRulesTest, funds_must_cover_the_value_and_nothing_else) {
    const core::Uint256 all(1'000'000'000'000'000'000ull);
    expect_both({.value = all, .max_fee = core::Uint256(1'000'000'000)}, std::nullopt);
    expect_both({.value = all + core::Uint256(1)}, Refusal::insufficient_funds);
}

TEST_F(TransactionRulesTest, creations_and_calls_of_bytecode_are_admitted) {
    expect_both({.to = std::nullopt, .data = {0x60}}, std::nullopt);
    chain.state.put_code(ToyChain::member(9), {0x60});
    expect_both({.to = ToyChain::member(9)}, std::nullopt);
}

TEST_F(TransactionRulesTest, blob_transactions_are_refused_where_no_blobs_are_kept) {
    const Draft blob{.type = core::TransactionType::blob, .blob_hashes = {core::Hash{0x01}}};
    expect_both(blob, Refusal::blobs_unsupported);
    block.blobs = {.per_block = 6, .per_transaction = 6};
    expect_both(blob, std::nullopt);
}

TEST_F(TransactionRulesTest, blobs_are_counted_and_of_the_known_version) {
    block.blobs = {.per_block = 3, .per_transaction = 2};
    Draft blob{.type = core::TransactionType::blob, .blob_hashes = {}};
    expect_both(blob, Refusal::no_blobs);
    blob.blob_hashes = {core::Hash{0x01}, core::Hash{0x02}};
    expect_both(blob, Refusal::blob_version_unknown);
    blob.blob_hashes = {core::Hash{0x01}, core::Hash{0x01}};
    expect_both(blob, std::nullopt);
    blob.blob_hashes.push_back(core::Hash{0x01});
    expect_both(blob, Refusal::too_many_blobs);
    block.blobs = {.per_block = 2, .per_transaction = 3};
    expect_both(blob, Refusal::too_many_blobs);
}

TEST_F(TransactionRulesTest, set_code_transactions_are_admitted_with_at_least_one_authorization) {
    Draft set_code{.type = core::TransactionType::set_code};
    expect_both(set_code, Refusal::no_authorizations);
    set_code.authorizations = {core::Authorization{}};
    expect_both(set_code, std::nullopt);
    set_code.gas_limit = 21'000 + 25'000 - 1;
    expect_both(set_code, Refusal::gas_below_intrinsic);
}

TEST_F(TransactionRulesTest, each_type_begins_with_its_revision) {
    const std::pair<core::TransactionType, evm::Revision> first_revisions[] = {
        {core::TransactionType::access_list, evm::Revision::berlin},
        {core::TransactionType::dynamic_fee, evm::Revision::london},
        {core::TransactionType::blob, evm::Revision::cancun},
        {core::TransactionType::set_code, evm::Revision::prague}};
    block.blobs = {.per_block = 6, .per_transaction = 6};
    for (const auto& [type, first] : first_revisions) {
        Draft draft{.type = type};
        if (type == core::TransactionType::blob) draft.blob_hashes = {core::Hash{0x01}};
        if (type == core::TransactionType::set_code) draft.authorizations = {core::Authorization{}};
        block.revision = static_cast<evm::Revision>(static_cast<int>(first) - 1);
        expect_both(draft, Refusal::type_not_active);
        block.revision = first;
        expect_both(draft, std::nullopt);
    }
    block.revision = evm::Revision::istanbul;
    expect_both({.type = core::TransactionType::legacy}, std::nullopt);
}

TEST_F(TransactionRulesTest, unprotected_transactions_are_admitted_only_where_that_is_said) {
    block.accepts_unprotected = true;
    expect_both({.type = core::TransactionType::legacy, .chain_id = std::nullopt}, std::nullopt);
    expect_both({.type = core::TransactionType::legacy, .chain_id = 1}, Refusal::wrong_chain);
}

TEST_F(TransactionRulesTest, with_fees_the_price_must_reach_the_base_fee) {
    block.fee_mode = FeeMode::ethereum;
    block.base_fee = core::Uint256(10);
    expect_both({.max_fee = core::Uint256(9)}, Refusal::fee_below_base_fee);
    expect_both({.max_fee = core::Uint256(10)}, std::nullopt);
    block.blobs = {.per_block = 6, .per_transaction = 6};
    block.blob_base_fee = core::Uint256(4);
    Draft blob{.type = core::TransactionType::blob,
               .max_fee = core::Uint256(10),
               .max_blob_fee = core::Uint256(3),
               .blob_hashes = {core::Hash{0x01}}};
    expect_both(blob, Refusal::blob_fee_below_base_fee);
    blob.max_blob_fee = core::Uint256(4);
    expect_both(blob, std::nullopt);
}

TEST_F(TransactionRulesTest, with_fees_funds_must_cover_the_dearest_price_as_well) {
    block.fee_mode = FeeMode::ethereum;
    const core::Address poor = ToyChain::member(9);
    const std::uint64_t needed = 5 + 100'000 * 20;
    const Draft draft{
        .sender = poor, .value = core::Uint256(5), .gas_limit = 100'000, .max_fee = core::Uint256(20)};
    chain.state.put(poor, {.nonce = 0, .balance = needed - 1, .code_hash = core::empty_code_hash});
    expect_both(draft, Refusal::insufficient_funds);
    chain.state.put(poor, {.nonce = 0, .balance = needed, .code_hash = core::empty_code_hash});
    expect_both(draft, std::nullopt);
    expect_both({.gas_limit = 100'000, .max_fee = core::Uint256::max()}, Refusal::insufficient_funds);
}

TEST_F(TransactionRulesTest, a_delegating_account_does_not_send_before_prague) {
    chain.state.put_code(ToyChain::member(9), core::delegation_to(toy_address));
    expect_both({.sender = ToyChain::member(9)}, std::nullopt);
    block.revision = evm::Revision::cancun;
    expect_both({.sender = ToyChain::member(9)}, Refusal::sender_has_code);
}

TEST_F(TransactionRulesTest, init_code_has_no_largest_size_before_shanghai) {
    const Draft creation{
        .to = std::nullopt, .data = core::Bytes(initcode_bytes_max + 1), .gas_limit = 10'000'000};
    block.revision = evm::Revision::paris;
    expect_both(creation, std::nullopt);
    block.revision = evm::Revision::shanghai;
    expect_both(creation, Refusal::initcode_too_large);
}

TEST(Refusal, every_reason_has_words_of_its_own) {
    std::vector<std::string_view> seen;
    for (int i = 0; i <= static_cast<int>(Refusal::block_count_exhausted); ++i) {
        const std::string_view words = describe(static_cast<Refusal>(i));
        EXPECT_FALSE(words.empty()) << i;
        EXPECT_EQ(std::count(seen.begin(), seen.end(), words), 0) << words;
        seen.push_back(words);
    }
}

TEST(Refusal, what_a_later_block_may_cure_is_temporary) {
    EXPECT_TRUE(is_temporary(Refusal::nonce_too_high));
    EXPECT_TRUE(is_temporary(Refusal::insufficient_funds));
    EXPECT_TRUE(is_temporary(Refusal::block_gas_exhausted));
    EXPECT_FALSE(is_temporary(Refusal::nonce_too_low));
    EXPECT_FALSE(is_temporary(Refusal::wrong_chain));
    EXPECT_FALSE(is_temporary(Refusal::blobs_unsupported));
}

}  // namespace
}  // namespace sluice::contracts
