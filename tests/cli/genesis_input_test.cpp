#include "cli/genesis_input.hpp"

#include <gtest/gtest.h>

#include "cli/receipt_check.hpp"
#include "core/documents/genesis_document.hpp"

namespace sluice::cli {
namespace {

const std::string input = R"(chain_id = 20022
time_ms = 1767225600000

[operators]
threshold = 1
keys = ["0xa0000000000000000000000000000000000000e0"]

[[validators]]
name = "bank-a"
address = "0xa000000000000000000000000000000000000001"
bic = "BNKADEFF"

[[currencies]]
code = "EUR"
exponent = 2
value_date = 2026-01-02

[[participants]]
name = "bank-a"
bic = "BNKADEFF"
keys = [{ duty = "maker", address = "0xa000000000000000000000000000000000000011" }]
)";

std::string error_of(std::string text, std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
    const auto read = read_genesis_input(text);
    return read ? "" : read.error();
}

TEST(GenesisInput, says_the_same_as_the_genesis_file_that_it_makes) {
    const auto spec = read_genesis_input(input);
    ASSERT_TRUE(spec) << spec.error();
    EXPECT_EQ(spec->chain_id, 20'022u);
    EXPECT_EQ(spec->currencies.at(0).value_date, 20'260'102u);
    EXPECT_EQ(*core::parse_genesis(core::encode_genesis(*spec)), *spec);
    const auto chain = read_genesis_chain(core::encode_genesis(*spec));
    ASSERT_TRUE(chain) << chain.error();
    EXPECT_EQ(chain->identity.genesis_hash,
              read_genesis_chain(core::encode_genesis(*spec))->identity.genesis_hash);
}

TEST(GenesisInput, a_currency_may_have_a_business_day) {
    auto text = input;
    text.replace(text.find("value_date = 2026-01-02"), 23,
                 "phase_mode = \"business_day\"\n[currencies.business_day]\nopen = \"07:00\"\n"
                 "weekdays = [\"monday\", \"friday\"]\nholidays = [2026-12-25]");
    const auto spec = read_genesis_input(text);
    ASSERT_TRUE(spec) << spec.error();
    EXPECT_EQ(spec->currencies.at(0).day.minutes[1], 420u);
    EXPECT_EQ(spec->currencies.at(0).day.weekdays, 0x11);
    EXPECT_EQ(spec->currencies.at(0).holidays.at(0), 20'261'225u);
    EXPECT_EQ(*core::parse_genesis(core::encode_genesis(*spec)), *spec);
}

TEST(GenesisInput, every_parameter_is_part_of_the_identity) {
    const auto hash = [](const std::string& text) {
        return read_genesis_chain(core::encode_genesis(*read_genesis_input(text)))->identity.genesis_hash;
    };
    auto other = input;
    other.replace(other.find("2026-01-02"), 10, "2026-01-03");
    EXPECT_NE(hash(input), hash(other));
}

TEST(GenesisInput, errors_name_line_and_field) {
    EXPECT_EQ(error_of(input, "BNKADEFF", "nonsense").substr(0, 8), "line 11:");
    EXPECT_NE(error_of(input, "BNKADEFF", "nonsense").find("validators[0].bic"), std::string::npos);
    EXPECT_EQ(error_of(input, "= 20022", "= = 20022").substr(0, 7), "line 1:");
    EXPECT_EQ(error_of(input, "exponent = 2", "exponent = 2.5").substr(0, 8), "line 15:");
    EXPECT_EQ(error_of(input, "exponent = 2", "exponent = -2").substr(0, 8), "line 15:");
    EXPECT_NE(error_of(input, "exponent = 2", "exponnet = 2").find("exponnet"), std::string::npos);
    EXPECT_NE(error_of(input, "chain_id = 20022", "").find("chain_id"), std::string::npos);
}

}  // namespace
}  // namespace sluice::cli
