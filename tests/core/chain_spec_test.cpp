#include "core/chain_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/limits.hpp"
#include "tests/core/chain_spec_fixture.hpp"

namespace sluice::core {
namespace {

using test::address_ending;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Matcher;

/// What is said about a whole spec after `damage`; empty where nothing is.
template <typename Damage>
std::string fault_after(Damage damage) {
    ChainSpec spec = test::whole_spec();
    damage(spec);
    return find_fault(spec).value_or("");
}

TEST(ChainSpec, that_is_whole_has_no_fault) {
    EXPECT_EQ(find_fault(test::whole_spec()), std::nullopt);
}

TEST(ChainSpec, without_participants_or_currencies_can_grow_later) {
    EXPECT_EQ(
        fault_after([](ChainSpec& s) { s.participants.clear(), s.currencies.clear(), s.alloc.clear(); }), "");
}

TEST(ChainSpec, chain_id_fits_wallets) {
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.chain_id = 0; }), HasSubstr("chain_id is 0"));
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.chain_id = chain_id_max; }), "");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.chain_id = chain_id_max + 1; }), HasSubstr("chain_id"));
}

TEST(ChainSpec, time_is_between_1970_and_the_year_9999) {
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.time_ms = 0; }), HasSubstr("time_ms"));
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.time_ms = time_ms_max; }), "");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.time_ms = time_ms_max + 1; }), HasSubstr("time_ms"));
}

TEST(ChainSpec, gas_limits_are_in_order) {
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.transaction_gas_limit = 20'999; }),
                HasSubstr("transaction_gas_limit is 20999"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.block_gas_limit = s.transaction_gas_limit - 1; }),
                HasSubstr("block_gas_limit"));
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.block_gas_limit = s.transaction_gas_limit; }), "");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.block_gas_limit = Gas{1} << 63; }),
                HasSubstr("block_gas_limit"));
}

TEST(ChainSpec, periods_are_not_zero) {
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.rotation_period = 0; }), HasSubstr("rotation_period"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.duplicate_window_days = 0; }),
                HasSubstr("duplicate_window_days"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.duplicate_window_days = 3'661; }), HasSubstr("3661"));
}

TEST(ChainSpec, features_have_simple_and_different_names) {
    EXPECT_THAT(fault_after([](ChainSpec& s) {
                    s.features = {"a", "b", "a"};
                }),
                AllOf(HasSubstr("features[2]"), HasSubstr("features[0]")));
    for (const char* name : {"", "Upper", "two words", "\xc3\xa4"})
        EXPECT_THAT(fault_after([&](ChainSpec& s) { s.features = {name}; }), HasSubstr("features[0]"))
            << name;
}

TEST(ChainSpec, validators_are_named_different_and_not_too_many) {
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.validators.clear(); }), "there are no validators");
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.validators[2].address = s.validators[0].address; }),
              "validators[2] has the same address as validators[0]");
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.validators[3].name = s.validators[1].name; }),
              "validators[3] has the same name as validators[1]");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.validators[1].address = {}; }), HasSubstr("validators[1]"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.validators[1].bic = {}; }),
                HasSubstr("validators[1] has no BIC"));
    EXPECT_THAT(
        fault_after([](ChainSpec& s) { s.validators.resize(limits::validators_max + 1, s.validators[0]); }),
        HasSubstr("at most 100"));
}

TEST(ChainSpec, one_institution_may_run_several_validators) {
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.validators[1].bic = s.validators[0].bic; }), "");
}

TEST(ChainSpec, names_are_printable_text) {
    const auto with_name = [](std::string name) {
        return fault_after([&](ChainSpec& s) { s.participants[0].name = name; });
    };
    for (const char* name :
         {"Bank of \xc3\x89vora", "\xe4\xb8\xad\xe5\x9b\xbd\xe9\x93\xb6\xe8\xa1\x8c", "\xf0\x9f\x8f\xa6"})
        EXPECT_EQ(with_name(name), "") << name;
    EXPECT_THAT(with_name(""), HasSubstr("participants[0] has no name"));
    EXPECT_THAT(with_name(std::string(71, 'a')), HasSubstr("71 bytes"));
    EXPECT_EQ(with_name(std::string(70, 'a')), "");
    // Control characters, outer spaces, a lone continuation, an overlong form, a surrogate, beyond U+10FFFF,
    // cut short.
    for (const char* name : {"a\nb", "a\x7f", " a", "a ", "\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                             "\xf4\x90\x80\x80", "\xf0\x8f\xbf\xbf", "\xe4\xb8", "\xff"})
        EXPECT_THAT(with_name(name), HasSubstr("participants[0] has a name with")) << name;
}

TEST(ChainSpec, currencies_are_different_and_within_bounds) {
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.currencies[1].code = s.currencies[0].code; }),
              "currencies[1] has the same code as currencies[0]");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.currencies[0].exponent = 6; }),
                AllOf(HasSubstr("currencies[0] (EUR)"), HasSubstr("exponent 6")));
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.currencies[0].exponent = 5; }), "");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.currencies[1].value_date = 20'260'230; }),
                HasSubstr("20260230"));
}

TEST(ChainSpec, a_business_day_is_in_order_and_only_where_one_is_kept) {
    const auto with_day = [](auto change) {
        return fault_after([&](ChainSpec& s) { change(s.currencies[1]); });
    };
    EXPECT_EQ(with_day([](GenesisCurrency& c) { c.day.minutes = {0, 0, 10, 10, 1'440}; }), "");
    EXPECT_THAT(with_day([](GenesisCurrency& c) { c.day.minutes[2] = 300; }), HasSubstr("not in order"));
    EXPECT_THAT(with_day([](GenesisCurrency& c) { c.day.minutes[4] = 1'441; }), HasSubstr("not in order"));
    EXPECT_THAT(with_day([](GenesisCurrency& c) {
                    c.day.minutes = {0, 5, 5, 5, 5};
                }),
                HasSubstr("not in order"));
    EXPECT_THAT(with_day([](GenesisCurrency& c) { c.day.weekdays = 0; }), HasSubstr("not in order"));
    EXPECT_THAT(with_day([](GenesisCurrency& c) { c.holidays = {20'260'230}; }), HasSubstr("20260230"));
    EXPECT_THAT(with_day([](GenesisCurrency& c) {
                    c.holidays = {20'260'101, 20'260'101};
                }),
                HasSubstr("holidays[1] has the same day"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.currencies[0].holidays = {20'260'101}; }),
                HasSubstr("around the clock"));
}

TEST(ChainSpec, weekdays_repeat_every_seven_days) {
    EXPECT_EQ(weekday_bit(0), 0x08) << "1970-01-01 was a Thursday";
    EXPECT_EQ(weekday_bit(20'486), 0x01) << "2026-02-02 was a Monday";
    EXPECT_EQ(weekday_bit(-4), 0x40);
    EXPECT_EQ(weekday_bit(-3), 0x01);
}

TEST(ChainSpec, named_time_zones_are_refused_with_the_reason) {
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.currencies[0].time_zone = "Europe/Berlin"; }),
                AllOf(HasSubstr("Europe/Berlin"), HasSubstr("not the same on every machine"),
                      HasSubstr("UTC+HH:MM")));
}

TEST(ChainSpec, participants_are_different) {
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.participants[2].bic = s.participants[0].bic; }),
              "participants[2] has the same BIC as participants[0]");
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.participants[2].name = s.participants[1].name; }),
              "participants[2] has the same name as participants[1]");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.participants[0].bic = {}; }),
                HasSubstr("participants[0] has no BIC"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.participants[1].lei = "5493001KJTIIGC8Y1R13"; }),
                HasSubstr("5493001KJTIIGC8Y1R13"));
}

TEST(ChainSpec, head_office_and_branch_are_different_participants) {
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.participants[1].bic = *Bic::parse("BANKDEAA001"); }), "");
    EXPECT_NE(fault_after([](ChainSpec& s) { s.participants[1].bic = *Bic::parse("BANKDEAAXXX"); }), "");
}

TEST(ChainSpec, a_key_has_one_participant_and_one_duty) {
    EXPECT_EQ(fault_after([](ChainSpec& s) {
                  s.participants[1].keys[0].address = s.participants[0].keys[2].address;
              }),
              "participants[1].keys[0] has the same address as participants[0].keys[2]");
    EXPECT_EQ(fault_after([](ChainSpec& s) {
                  s.participants[0].keys[2].address = s.participants[0].keys[1].address;
              }),
              "participants[0].keys[2] has the same address as participants[0].keys[1]");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.participants[0].keys[1].address = {}; }),
                HasSubstr("participants[0].keys[1] has the zero address"));
}

TEST(ChainSpec, operators_can_reach_their_threshold) {
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.operators.keys.clear(); }),
                HasSubstr("operators.keys is empty"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.operators.threshold = 0; }),
                HasSubstr("operators.threshold is 0"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.operators.threshold = 2; }),
                HasSubstr("operators.threshold is 2"));
    EXPECT_EQ(fault_after([](ChainSpec& s) {
                  s.operators.threshold = 2;
                  s.operators.keys.push_back(address_ending(0xe9));
              }),
              "");
}

TEST(ChainSpec, key_lists_of_the_operator_have_no_repetition_and_no_zero) {
    const auto broken = [](auto list) {
        return fault_after([&](ChainSpec& s) { list(s.operators) = {address_ending(1), address_ending(1)}; });
    };
    EXPECT_EQ(broken([](GenesisOperator & o) -> auto& { return o.keys; }),
              "operators.keys[1] has the same address as operators.keys[0]");
    EXPECT_THAT(broken([](GenesisOperator & o) -> auto& { return o.issuers; }),
                HasSubstr("operators.issuers[1]"));
    EXPECT_THAT(broken([](GenesisOperator & o) -> auto& { return o.freezers; }),
                HasSubstr("operators.freezers[1]"));
    EXPECT_THAT(broken([](GenesisOperator & o) -> auto& { return o.auditors; }),
                HasSubstr("operators.auditors[1]"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.operators.auditors = {Address{}}; }),
                HasSubstr("operators.auditors[0] is the zero address"));
}

TEST(ChainSpec, accounts_are_different_and_within_bounds) {
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.alloc[1].address = s.alloc[0].address; }),
              "alloc[1] has the same address as alloc[0]");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.alloc[0].nonce = ~std::uint64_t{0}; }),
                HasSubstr("EIP-2681"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.alloc[0].code.resize(24'577); }), HasSubstr("EIP-170"));
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.alloc[0].code.resize(24'576); }), "");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.alloc[1].storage[0].second = {}; }),
                HasSubstr("alloc[1] stores zero"));
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.alloc[1].storage[1].first = s.alloc[1].storage[0].first; }),
                HasSubstr("alloc[1].storage[1] has the same key"));
}

TEST(ChainSpec, balances_together_fit_a_word) {
    EXPECT_EQ(fault_after([](ChainSpec& s) { s.alloc[0].balance = ~Uint256(0), s.alloc[1].balance = 0; }),
              "");
    EXPECT_THAT(fault_after([](ChainSpec& s) { s.alloc[0].balance = ~Uint256(0), s.alloc[1].balance = 1; }),
                HasSubstr("2^256-1"));
}

TEST(ChainSpec, accounts_of_native_contracts_cannot_be_allocated) {
    for (const char* text :
         {"0x0000000000000000000000000000000000005e00", "0x0000000000000000000000000000000000005e06",
          "0x0000000000000000000000000000000000005eff", "0x5e20000000000000000000000000000000455552"})
        EXPECT_THAT(fault_after([&](ChainSpec& s) { s.alloc[0].address = *address_from_hex(text); }),
                    HasSubstr("native contract"))
            << text;
    for (const char* text :
         {"0x0000000000000000000000000000000000005f00", "0x0000000000000000000000000000000000015e00",
          "0x5e20000000000000000000000000000000455500", "0x5e20000000000000000000000000000001455552"})
        EXPECT_EQ(fault_after([&](ChainSpec& s) { s.alloc[0].address = *address_from_hex(text); }), "")
            << text;
}

}  // namespace
}  // namespace sluice::core
