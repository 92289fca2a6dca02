#include "core/documents/genesis_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/core/chain_spec_fixture.hpp"

namespace sluice::core {
namespace {

using ::testing::HasSubstr;

const std::string& whole_text() {
    static const std::string text = encode_genesis(test::whole_spec());
    return text;
}

/// The whole genesis with the first `from` replaced.
std::string replaced(std::string_view from, std::string_view to, std::string text = whole_text()) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return text;
}

DocumentError error_of(std::string_view json) {
    const auto spec = parse_genesis(json);
    EXPECT_FALSE(spec) << json.substr(0, 200);
    return spec ? DocumentError{} : spec.error();
}

TEST(GenesisDocument, survives_encoding_and_parsing_byte_by_byte) {
    const auto spec = parse_genesis(whole_text());
    ASSERT_TRUE(spec) << describe(spec.error());
    EXPECT_EQ(*spec, test::whole_spec());
    EXPECT_EQ(encode_genesis(*spec), whole_text());
}

TEST(GenesisDocument, is_sorted_indented_json_with_a_newline_at_the_end) {
    ChainSpec spec;
    spec.chain_id = 5;
    spec.time_ms = 6;
    spec.validators = {{.name = "v", .address = test::address_ending(1), .bic = *Bic::parse("BANKDEAA")}};
    spec.operators.keys = {test::address_ending(2)};
    EXPECT_EQ(encode_genesis(spec), R"({
  "alloc": {},
  "block_gas_limit": 30000000,
  "chain_id": 5,
  "currencies": [],
  "devnet": false,
  "duplicate_window_days": 400,
  "features": [],
  "fee_mode": "none",
  "operators": {
    "auditors": [],
    "freezers": [],
    "issuers": [],
    "keys": [
      ")" + checksum_hex(test::address_ending(2)) +
                                        R"("
    ],
    "threshold": 1
  },
  "participants": [],
  "rotation_period": 256,
  "time_ms": 6,
  "transaction_gas_limit": 16777216,
  "validators": [
    {
      "address": ")" + checksum_hex(test::address_ending(1)) +
                                        R"(",
      "bic": "BANKDEAA",
      "name": "v"
    }
  ]
}
)");
}

TEST(GenesisDocument, in_another_layout_gives_the_same_spec) {
    std::string compact;
    bool in_text = false;
    for (const char c : whole_text()) {
        if (c == '"') in_text = !in_text;
        if (in_text || (c != ' ' && c != '\n')) compact += c;
    }
    ASSERT_LT(compact.size(), whole_text().size());
    const auto spec = parse_genesis(compact);
    ASSERT_TRUE(spec) << describe(spec.error());
    EXPECT_EQ(encode_genesis(*spec), whole_text());
}

TEST(GenesisDocument, orders_accounts_and_storage_itself) {
    ChainSpec spec = test::whole_spec();
    std::swap(spec.alloc[0], spec.alloc[1]);
    std::swap(spec.alloc[0].storage[0], spec.alloc[0].storage[1]);
    EXPECT_EQ(encode_genesis(spec), whole_text());
}

TEST(GenesisDocument, keeps_the_order_of_validators_which_decides_primaries) {
    ChainSpec spec = test::whole_spec();
    std::swap(spec.validators[0], spec.validators[1]);
    EXPECT_NE(encode_genesis(spec), whole_text());
    EXPECT_EQ(parse_genesis(encode_genesis(spec)), spec);
}

TEST(GenesisDocument, fields_with_a_default_may_be_missing) {
    const auto spec = parse_genesis(R"({"chain_id": 5, "time_ms": 6, "currencies": [], "participants": [],
        "operators": {"threshold": 1, "keys": ["0xa000000000000000000000000000000000000002"]},
        "validators": [{"name": "v", "bic": "BANKDEAA", "address": "0xa000000000000000000000000000000000000001"}]})");
    ASSERT_TRUE(spec) << describe(spec.error());
    EXPECT_EQ(spec->block_gas_limit, ChainSpec{}.block_gas_limit);
    EXPECT_EQ(spec->rotation_period, 256u);
    EXPECT_FALSE(spec->devnet);
}

TEST(GenesisDocument, names_what_is_missing) {
    const auto missing = [](std::string_view line) {
        const DocumentError error = error_of(replaced(line, ""));
        EXPECT_EQ(error.fault, DocumentFault::missing_field);
        return error.path;
    };
    EXPECT_EQ(missing("  \"chain_id\": 20022,\n"), "chain_id");
    EXPECT_EQ(missing("  \"time_ms\": 1767225600000,\n"), "time_ms");
    EXPECT_EQ(missing("      \"code\": \"JPY\",\n"), "currencies[1].code");
    EXPECT_EQ(missing("      \"bic\": \"BANKDEBB\",\n"), "participants[1].bic");
    EXPECT_EQ(error_of("{}").fault, DocumentFault::missing_field);
}

TEST(GenesisDocument, a_business_day_has_times_weekdays_and_holidays) {
    const auto spec = parse_genesis(replaced("\"17:40\"", "\"16:05\""));
    ASSERT_TRUE(spec) << describe(spec.error());
    EXPECT_EQ(spec->currencies[1].day.minutes, (std::array<std::uint16_t, 5>{0, 360, 965, 1'080, 1'100}));
    EXPECT_EQ(spec->currencies[1].day.weekdays, 0x1f);
    const auto other = parse_genesis(replaced("\"holidays\": []", "\"holidays\": [\"2026-12-25\"]",
                                              replaced("\"monday\",", "\"sunday\",")));
    ASSERT_TRUE(other) << describe(other.error());
    EXPECT_EQ(other->currencies[1].day.weekdays, 0x5e);
    EXPECT_EQ(other->currencies[1].holidays, std::vector<DateYmd>{20'261'225});
    EXPECT_EQ(parse_genesis(encode_genesis(*other)), other);
    EXPECT_EQ(whole_text().find("business_day\": {"), whole_text().rfind("business_day\": {"))
        << "only where one is kept";
}

TEST(GenesisDocument, a_business_day_says_what_is_wrong) {
    const auto sentence = [](std::string_view from, std::string_view to) {
        return describe(error_of(replaced(from, to)));
    };
    for (const char* wrong : {"\"24:01\"", "\"6:00\"", "\"06:60\"", "360", "\"\""})
        EXPECT_THAT(sentence("\"06:00\"", wrong), HasSubstr("currencies[1].business_day.open")) << wrong;
    EXPECT_THAT(sentence("\"monday\"", "\"funday\""), HasSubstr("currencies[1].business_day.weekdays[0]"));
    EXPECT_THAT(sentence("\"closing\"", "\"closign\""), HasSubstr("did you mean closing?"));
    EXPECT_THAT(sentence("\"18:20\"", "\"05:00\""), HasSubstr("not in order"));
}

TEST(GenesisDocument, unknown_fields_are_errors_with_a_hint) {
    const DocumentError error = error_of(replaced("\"chain_id\"", "\"chain_ids\": 1, \"chain_id\""));
    EXPECT_EQ(error.fault, DocumentFault::unknown_field);
    EXPECT_EQ(error.path, "chain_ids");
    EXPECT_EQ(describe(error), "chain_ids is not a known field; did you mean chain_id?");
    EXPECT_EQ(describe(error_of(replaced("\"exponent\"", "\"exponnet\""))),
              "currencies[0].exponnet is not a known field; did you mean exponent?");
    EXPECT_THAT(describe(error_of(replaced("\"duty\"", "\"xyz\""))),
                HasSubstr("known here are duty, address"));
}

TEST(GenesisDocument, fee_modes_other_than_none_are_refused) {
    EXPECT_EQ(describe(error_of(replaced("\"fee_mode\": \"none\"", "\"fee_mode\": \"auction\""))),
              "fee_mode is \"auction\"; it must be \"none\"");
}

TEST(GenesisDocument, repeated_fields_are_errors) {
    const DocumentError error = error_of(replaced("\"chain_id\"", "\"chain_id\": 1, \"chain_id\""));
    EXPECT_EQ(error.fault, DocumentFault::repeated_field);
    EXPECT_EQ(error.path, "chain_id");
    EXPECT_EQ(error_of(replaced("\"code\": \"JPY\"", "\"code\": \"JPY\", \"code\": \"JPY\"")).path,
              "currencies[1].code");
}

TEST(GenesisDocument, says_where_a_value_is_wrong_and_what_is_allowed) {
    const auto sentence = [](std::string_view from, std::string_view to) {
        return describe(error_of(replaced(from, to)));
    };
    EXPECT_EQ(sentence("\"chain_id\": 20022", "\"chain_id\": \"20022\""),
              "chain_id is \"20022\"; it must be a whole number from 0 to 2^64-1");
    EXPECT_THAT(sentence("\"chain_id\": 20022", "\"chain_id\": -1"), HasSubstr("chain_id is -1"));
    EXPECT_THAT(sentence("\"chain_id\": 20022", "\"chain_id\": 20022.0"), HasSubstr("without fraction"));
    EXPECT_THAT(sentence("\"chain_id\": 20022", "\"chain_id\": 2e4"), HasSubstr("chain_id is 2e4"));
    EXPECT_THAT(sentence("\"chain_id\": 20022", "\"chain_id\": 18446744073709551616"),
                HasSubstr("below 2^64"));
    EXPECT_THAT(sentence("\"devnet\": true", "\"devnet\": 1"),
                HasSubstr("devnet is 1; it must be true or false"));
    EXPECT_THAT(sentence("\"threshold\": 1", "\"threshold\": 4294967296"), HasSubstr("operators.threshold"));
    EXPECT_THAT(sentence("\"exponent\": 2", "\"exponent\": 256"), HasSubstr("currencies[0].exponent is 256"));
    EXPECT_THAT(sentence("BANKDEDD123", "BANKDEDD12"), HasSubstr("validators[3].bic is \"BANKDEDD12\""));
    EXPECT_THAT(sentence("2026-01-02", "2026-02-30"), HasSubstr("currencies[0].value_date"));
    EXPECT_THAT(sentence("\"phase_mode\": \"business_day\"", "\"phase_mode\": \"daily\""),
                HasSubstr("\"business_day\""));
    EXPECT_THAT(sentence("\"duty\": \"maker\"", "\"duty\": \"baker\""),
                HasSubstr("participants[0].keys[1].duty"));
    EXPECT_THAT(sentence("\"code\": \"0x6000\"", "\"code\": \"6000\""), HasSubstr("alloc.0xa0"));
    EXPECT_THAT(sentence("\"balance\": \"0\"", "\"balance\": 0"), HasSubstr("decimal digits in quotes"));
    EXPECT_THAT(sentence("\"features\": [", "\"features\": [7, "), HasSubstr("features[0] is 7"));
}

TEST(GenesisDocument, lists_and_objects_are_told_apart) {
    const auto sentence = [](std::string_view json) { return describe(error_of(json)); };
    EXPECT_EQ(sentence("[]"), "the document is a list of 0; it must be an object");
    EXPECT_EQ(sentence("7"), "the document is 7; it must be an object");
    EXPECT_THAT(sentence(replaced("\"operators\": {", "\"operators\": [], \"x\": {")),
                HasSubstr("x is not a known"));
    EXPECT_THAT(
        sentence(replaced("\"features\": [\n    \"bypass-fifo\",\n    \"lsm_2\"\n  ]", "\"features\": {}")),
        HasSubstr("features is an object; it must be a list"));
}

TEST(GenesisDocument, addresses_with_a_wrong_checksum_are_refused) {
    const std::string right = checksum_hex(test::whole_spec().operators.auditors[1]);
    std::string wrong = right;
    for (char& c : wrong)
        if (c == 'a' || c == 'e') {
            c = static_cast<char>(c - 'a' + 'A');
            break;
        } else if (c == 'A' || c == 'E') {
            c = static_cast<char>(c - 'A' + 'a');
            break;
        }
    ASSERT_NE(wrong, right);
    const DocumentError error = error_of(replaced(right, wrong));
    EXPECT_EQ(error.path, "operators.auditors[1]");
}

TEST(GenesisDocument, with_a_faulty_spec_is_refused_with_its_sentence) {
    ChainSpec spec = test::whole_spec();
    spec.validators[2].address = spec.validators[0].address;
    const DocumentError error = error_of(encode_genesis(spec));
    EXPECT_EQ(error.fault, DocumentFault::inconsistent);
    EXPECT_EQ(describe(error), "validators[2] has the same address as validators[0]");
}

TEST(GenesisDocument, account_given_in_two_spellings_is_a_repetition) {
    const std::string lower = to_hex_0x(test::address_ending(0xf0));
    std::string upper = lower;
    for (char& c : upper)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    const DocumentError error =
        error_of(replaced('"' + lower + '"', '"' + upper + "\": {}, \"" + lower + '"'));
    EXPECT_THAT(describe(error), HasSubstr("has the same address"));
}

TEST(GenesisDocument, that_is_no_json_is_refused_with_the_place) {
    EXPECT_EQ(error_of("").fault, DocumentFault::not_json);
    EXPECT_THAT(describe(error_of("{\"chain_id\": 5,}")), HasSubstr("at byte 16"));
    EXPECT_EQ(error_of("{} {}").fault, DocumentFault::not_json);
    EXPECT_EQ(error_of("// comment\n{}").fault, DocumentFault::not_json);
    EXPECT_EQ(error_of("{\"chain_id\": \"\xff\"}").fault, DocumentFault::not_json);
    EXPECT_EQ(error_of(std::string_view("\0", 1)).fault, DocumentFault::not_json);
}

TEST(GenesisDocument, beyond_the_limits_is_refused) {
    EXPECT_EQ(error_of(std::string(genesis_bytes_max + 1, ' ')).fault, DocumentFault::not_json);
    const std::string deep = std::string(100'000, '[');
    EXPECT_THAT(describe(error_of(deep)), HasSubstr("nests deeper"));
    std::string many = "[0";
    for (int i = 0; i < 1'000'001; ++i)
        many += ",0";
    EXPECT_THAT(describe(error_of(many + "]")), HasSubstr("more than 1000000 values"));
    EXPECT_LT(describe(error_of("{\"" + std::string(1'000'000, 'k') + "\": 1}")).size(), 1'000u);
    EXPECT_LT(describe(error_of("{\"chain_id\": \"" + std::string(1'000'000, 'v') + "\"}")).size(), 1'000u);
}

TEST(GenesisDocument, damaged_anywhere_never_crashes_and_what_parses_is_whole) {
    std::mt19937 random(3);
    for (int round = 0; round < 4'000; ++round) {
        std::string damaged = whole_text();
        damaged[random() % damaged.size()] = static_cast<char>(random());
        const auto spec = parse_genesis(damaged);
        if (!spec) continue;
        ASSERT_EQ(find_fault(*spec), std::nullopt);
        ASSERT_EQ(parse_genesis(encode_genesis(*spec)), *spec);
    }
}

}  // namespace
}  // namespace sluice::core
