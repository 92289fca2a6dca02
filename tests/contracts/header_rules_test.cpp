#include "contracts/header_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/merkle.hpp"
#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class HeaderRulesTest : public testing::Test {
  protected:
    HeaderRulesTest() {
        block = chain.next_context();
        const std::vector<core::TransactionPtr> candidates{
            toy_call(0, selector_of("put(uint256,uint256)"), core::Uint256(1), core::Uint256(2)),
            make({.nonce = 1, .to = ToyChain::member(7)})};
        result = execute_block(chain.state, block, candidates, Mode::build, toy_registry());
        header = assemble_header(block, result, state_root);
    }
    std::optional<HeaderFault> form(const core::Header& candidate) {
        return check_header_form(candidate, chain.head, core::hash_of(chain.head), block.gas_limit,
                                 *chain.validators);
    }
    template <typename Change>
    std::optional<HeaderFault> form_after(Change&& change) {
        core::Header changed = header;
        change(changed);
        return form(changed);
    }
    template <typename Change>
    std::optional<HeaderFault> result_after(Change&& change) {
        core::Header changed = header;
        change(changed);
        return check_header_result(changed, result, state_root);
    }
    template <typename Change>
    void change_extra(core::Header& changed, Change&& change) {
        auto extra = *core::decode_extra_data(changed.extra_data);
        change(extra);
        changed.extra_data = core::encode(extra);
    }

    const core::Hash state_root{0x77};
    ToyChain chain;
    BlockContext block;
    ExecutionResult result;
    core::Header header;
};

TEST_F(HeaderRulesTest, an_assembled_header_passes_both_checks) {
    EXPECT_EQ(form(header), std::nullopt);
    EXPECT_EQ(check_header_result(header, result, state_root), std::nullopt);
    const auto decoded = core::decode_header(core::encode(header));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(*decoded, header);
}

TEST_F(HeaderRulesTest, an_assembled_header_names_what_execution_found) {
    EXPECT_EQ(header.gas_used, result.gas_used);
    EXPECT_EQ(header.bloom, result.bloom);
    EXPECT_EQ(header.transactions_root, core::transactions_root(result.transactions));
    const core::Bytes first = core::encode(result.receipts[0]);
    const core::Bytes second = core::encode(result.receipts[1]);
    const std::vector<core::ByteView> receipts{first, second};
    EXPECT_EQ(header.receipts_root, core::merkle::ordered_root(receipts));
    EXPECT_EQ(header.miner, ToyChain::member(0));
    EXPECT_EQ(header.timestamp, block.time_ms / 1000);
}

TEST_F(HeaderRulesTest, the_context_of_a_header_executes_to_the_same_header) {
    const BlockContext again =
        context_of(header, toy_chain_id, block.transaction_gas_limit, chain.validators);
    const ExecutionResult checked =
        execute_block(chain.state, again, result.transactions, Mode::check, toy_registry());
    ASSERT_FALSE(checked.fault.has_value());
    EXPECT_EQ(assemble_header(again, checked, state_root), header);
}

TEST_F(HeaderRulesTest, each_static_field_is_checked) {
    using H = core::Header;
    EXPECT_EQ(form_after([](H& h) { h.height = 2; }), HeaderFault::height);
    EXPECT_EQ(form_after([](H& h) { h.parent_hash[0] ^= 1; }), HeaderFault::parent_hash);
    EXPECT_EQ(form_after([](H& h) { h.ommers_hash[0] ^= 1; }), HeaderFault::ommers_hash);
    EXPECT_EQ(form_after([](H& h) { h.miner = ToyChain::member(9); }), HeaderFault::miner);
    EXPECT_EQ(form_after([](H& h) { h.difficulty = core::Uint256(1); }), HeaderFault::difficulty);
    EXPECT_EQ(form_after([](H& h) { ++h.gas_limit; }), HeaderFault::gas_limit);
    EXPECT_EQ(form_after([](H& h) { h.gas_used = h.gas_limit + 1; }), HeaderFault::gas_used_above_limit);
    EXPECT_EQ(form_after([](H& h) { h.extra_data = {}; }), HeaderFault::extra_data);
    EXPECT_EQ(form_after([](H& h) { h.extra_data.push_back(0); }), HeaderFault::extra_data);
    EXPECT_EQ(form_after([](H& h) { ++h.timestamp; }), HeaderFault::timestamp);
    EXPECT_EQ(form_after([](H& h) { h.mix_hash[31] ^= 1; }), HeaderFault::mix_hash);
    EXPECT_EQ(form_after([](H& h) { h.nonce[7] = 1; }), HeaderFault::nonce);
    EXPECT_EQ(form_after([](H& h) { h.base_fee = core::Uint256(8); }), HeaderFault::base_fee);
    EXPECT_EQ(form_after([](H& h) { h.withdrawals_root[0] ^= 1; }), HeaderFault::withdrawals_root);
    EXPECT_EQ(form_after([](H& h) { h.blob_gas_used = 1; }), HeaderFault::blob_gas_used);
    EXPECT_EQ(form_after([](H& h) { h.excess_blob_gas = 1; }), HeaderFault::excess_blob_gas);
    EXPECT_EQ(form_after([](H& h) { h.parent_beacon_root[0] = 1; }), HeaderFault::parent_beacon_root);
    EXPECT_EQ(form_after([](H& h) { h.requests_hash[0] ^= 1; }), HeaderFault::requests_hash);
}

TEST_F(HeaderRulesTest, the_extra_data_is_checked_part_by_part) {
    using E = core::ExtraData;
    const auto with_extra = [&](auto change) {
        return form_after([&](core::Header& h) { change_extra(h, change); });
    };
    EXPECT_EQ(with_extra([](E& e) { e.version = 2; }), HeaderFault::extra_data);
    EXPECT_EQ(with_extra([&](E& e) { e.time_ms = core::time_ms_of(chain.head); }), HeaderFault::time_ms);
    EXPECT_EQ(with_extra([](E& e) { e.validators_hash[0] ^= 1; }), HeaderFault::validators_hash);
}

TEST_F(HeaderRulesTest, two_blocks_of_one_second_differ_in_milliseconds) {
    const auto next_ms = [&](core::UnixMs later) {
        return form_after([&](core::Header& h) {
            change_extra(h, [&](core::ExtraData& e) { e.time_ms = core::time_ms_of(chain.head) + later; });
            h.timestamp = (core::time_ms_of(chain.head) + later) / 1000;
        });
    };
    EXPECT_EQ(next_ms(1), std::nullopt);
    EXPECT_EQ(next_ms(0), HeaderFault::time_ms);
}

TEST_F(HeaderRulesTest, the_set_must_be_the_one_that_the_parent_named) {
    const auto others = *core::ValidatorSet::make({ToyChain::member(0), ToyChain::member(1)});
    core::Header changed = header;
    change_extra(changed, [&](core::ExtraData& e) { e.validators_hash = others.hash(); });
    EXPECT_EQ(check_header_form(changed, chain.head, core::hash_of(chain.head), block.gas_limit, others),
              HeaderFault::validators_hash);
    EXPECT_EQ(check_header_form(header, chain.head, core::hash_of(chain.head), block.gas_limit, others),
              HeaderFault::validators_hash);
}

TEST_F(HeaderRulesTest, each_executed_field_is_checked) {
    using H = core::Header;
    EXPECT_EQ(result_after([](H& h) { h.transactions_root[0] ^= 1; }), HeaderFault::transactions_root);
    EXPECT_EQ(result_after([](H& h) { h.receipts_root[0] ^= 1; }), HeaderFault::receipts_root);
    EXPECT_EQ(result_after([](H& h) { h.bloom[5] ^= 1; }), HeaderFault::bloom);
    EXPECT_EQ(result_after([](H& h) { ++h.gas_used; }), HeaderFault::gas_used);
    EXPECT_EQ(result_after([](H& h) { h.state_root[0] ^= 1; }), HeaderFault::state_root);
    EXPECT_EQ(result_after(
                  [&](H& h) { change_extra(h, [](core::ExtraData& e) { e.next_validators_hash[0] ^= 1; }); }),
              HeaderFault::next_validators_hash);
}

TEST_F(HeaderRulesTest, a_changed_set_is_named_one_block_ahead) {
    const std::vector<core::Address> members{ToyChain::member(0), ToyChain::member(1), ToyChain::member(2)};
    const core::Hash old_set = chain.validators->hash();
    chain.append({make(
        {.to = toy_governance, .data = abi::encode_call(selector_of("setValidators(address[])"), members)})});
    const auto extra = *core::decode_extra_data(chain.head.extra_data);
    EXPECT_EQ(extra.validators_hash, old_set);
    EXPECT_EQ(extra.next_validators_hash, core::ValidatorSet::make(members)->hash());

    const BlockContext next = chain.next_context();
    const ExecutionResult empty = execute_block(chain.state, next, {}, Mode::check, toy_registry());
    const core::Header second = assemble_header(next, empty, state_root);
    EXPECT_EQ(
        check_header_form(second, chain.head, core::hash_of(chain.head), next.gas_limit, *chain.validators),
        std::nullopt);
}

TEST(HeaderFault, every_fault_has_words_of_its_own) {
    std::vector<std::string_view> seen;
    for (int i = 0; i <= static_cast<int>(HeaderFault::state_root); ++i) {
        const std::string_view words = describe(static_cast<HeaderFault>(i));
        EXPECT_FALSE(words.empty()) << i;
        EXPECT_EQ(std::count(seen.begin(), seen.end(), words), 0) << words;
        seen.push_back(words);
    }
}

}  // namespace
}  // namespace sluice::contracts
