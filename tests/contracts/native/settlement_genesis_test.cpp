#include <gtest/gtest.h>

#include "contracts/genesis_state.hpp"
#include "core/calendar.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

TEST(SettlementGenesis, parameters_validators_currencies_and_features_can_be_read) {
    core::ChainSpec spec = settlement_spec(2);
    spec.features = {"queue", "a-feature-whose-name-is-over-one-slot"};
    spec.devnet = true;
    const SettlementChain chain(spec);
    const auto parameters = *results::parameters(chain.look(calls::parameters()).output);
    EXPECT_EQ(parameters.chain_id, settlement_chain_id);
    EXPECT_EQ(parameters.genesis_time_ms, genesis_time_ms);
    EXPECT_EQ(parameters.block_gas_limit, spec.block_gas_limit);
    EXPECT_EQ(parameters.duplicate_window_days, 400u);
    EXPECT_TRUE(parameters.devnet);
    EXPECT_EQ(results::features(chain.look(calls::features()).output), spec.features);
    const auto validators = *results::validators(chain.look(calls::validators()).output);
    ASSERT_EQ(validators.size(), 4u);
    EXPECT_EQ(validators[2].validator, spec.validators[2].address);
    EXPECT_EQ(validators[2].bic, bank_bic(2));
    EXPECT_EQ(validators[2].name, "node-2");
    const auto currencies = *results::currencies(chain.look(calls::currencies()).output);
    ASSERT_EQ(currencies.size(), 3u);
    EXPECT_EQ(currencies[2], (CurrencyInfo{jpy, 0, core::PhaseMode::continuous, "UTC+09:00"}));
}

TEST(SettlementGenesis, every_parameter_changes_the_state) {
    const auto diff_of = [](const core::ChainSpec& spec) {
        return make_genesis(spec, settlement_registry()).diff;
    };
    const core::ChainSpec base = settlement_spec(2);
    const core::StateDiff unchanged = diff_of(base);
    std::vector<core::ChainSpec> variants(15, base);
    variants[0].chain_id += 1;
    variants[1].time_ms += 1;
    variants[2].devnet = true;
    variants[3].block_gas_limit += 1;
    variants[4].rotation_period += 1;
    variants[5].duplicate_window_days -= 1;
    variants[6].features = {"x"};
    variants[7].validators[0].name = "other";
    variants[8].currencies[0].time_zone = "UTC+00:00";
    variants[9].currencies[0].phase_mode = core::PhaseMode::business_day;
    variants[10].currencies[0].value_date = 20'260'101;
    variants[11].participants[0].name = "other";
    variants[12].participants[0].keys[0].duty = core::KeyDuty::screening;
    variants[13].operators.auditors = {operator_key(9)};
    variants[14].transaction_gas_limit -= 1;
    for (std::size_t i = 0; i < variants.size(); ++i)
        EXPECT_NE(diff_of(variants[i]), unchanged) << i;
    EXPECT_EQ(diff_of(base), unchanged);
}

TEST(SettlementGenesis, each_contract_has_code_and_nonce) {
    const SettlementChain chain;
    std::vector<core::Address> addresses{facade_address(eur), facade_address(usd), facade_address(jpy)};
    for (const NativeContract* contract : settlement_registry().contracts)
        if (contract->family_bytes == 0) addresses.push_back(contract->address);
    for (const core::Address& address : addresses) {
        const auto account = chain.state.account(address);
        ASSERT_TRUE(account.has_value()) << core::to_hex(address);
        EXPECT_EQ(account->nonce, 1u);
        EXPECT_EQ(account->code_hash, native_code_hash);
    }
}

TEST(SettlementGenesis, the_set_in_storage_is_that_of_the_spec) {
    const SettlementChain chain;
    EXPECT_EQ(validators_after(chain.state, settlement_registry()).size(), 4u);
    EXPECT_EQ(chain.next_due(), std::nullopt) << "a new chain has nothing to do";
}

class ValueDateTest : public testing::Test {
  protected:
    core::DateYmd date_at(const CurrencyText& currency, core::UnixMs time_ms) const {
        return *results::date(chain.look(calls::value_date_at(currency, time_ms)).output);
    }
    SettlementChain chain;
};

TEST_F(ValueDateTest, changes_at_midnight_of_the_currency_s_own_offset) {
    EXPECT_EQ(date_at(eur, genesis_time_ms), 20'260'202u);
    EXPECT_EQ(date_at(eur, genesis_time_ms + 16 * hour_ms - 1), 20'260'202u);
    EXPECT_EQ(date_at(eur, genesis_time_ms + 16 * hour_ms), 20'260'203u);
    EXPECT_EQ(date_at(jpy, genesis_time_ms + 7 * hour_ms - 1), 20'260'202u);
    EXPECT_EQ(date_at(jpy, genesis_time_ms + 7 * hour_ms), 20'260'203u);
}

TEST_F(ValueDateTest, counts_on_from_the_date_that_genesis_chose) {
    EXPECT_EQ(date_at(usd, genesis_time_ms), 20'260'203u);
    EXPECT_EQ(date_at(usd, genesis_time_ms + 26 * day_ms), 20'260'301u);
    EXPECT_EQ(date_at(usd, genesis_time_ms - day_ms), 20'260'202u);
}

TEST_F(ValueDateTest, now_and_start_agree_with_it) {
    const auto now = *results::business_day(chain.look(calls::business_day(usd)).output);
    EXPECT_EQ(now.value_date, 20'260'203u);
    EXPECT_EQ(now.phase, Phase::open);
    EXPECT_EQ(now.next_at_ms, genesis_time_ms + 16 * hour_ms);
    EXPECT_EQ(results::number(chain.look(calls::start_of(usd, 20'260'204)).output), now.next_at_ms);
    EXPECT_EQ(date_at(usd, now.next_at_ms), 20'260'204u);
    EXPECT_EQ(date_at(usd, now.next_at_ms - 1), 20'260'203u);
}

TEST_F(ValueDateTest, may_begin_long_before_1970) {
    core::ChainSpec spec = settlement_spec(2);
    spec.currencies[0].value_date = 19000101;
    const SettlementChain old(spec);
    const auto now = *results::business_day(old.look(calls::business_day(eur)).output);
    EXPECT_EQ(now.value_date, 19'000'101u);
    EXPECT_EQ(now.next_at_ms, genesis_time_ms + 16 * hour_ms);
}

TEST_F(ValueDateTest, of_an_unknown_currency_is_zero) {
    EXPECT_EQ(date_at({'G', 'B', 'P'}, genesis_time_ms), 0u);
    EXPECT_EQ(*results::business_day(chain.look(calls::business_day({'G', 'B', 'P'})).output),
              BusinessDayInfo{});
    EXPECT_EQ(results::number(chain.look(calls::start_of(usd, 20'261'301)).output), 0u);
}

}  // namespace
}  // namespace sluice::contracts
