#include "cli/abi/interface.hpp"

#include <gtest/gtest.h>

#include "cli/abi/text.hpp"

namespace sluice::cli::abi {
namespace {

Interface token() {
    const auto json = Json::parse(R"([
      {"type": "constructor", "inputs": [{"name": "supply", "type": "uint256"}]},
      {"type": "function", "name": "book", "inputs": [{"name": "legs", "type": "tuple[2][]", "components":
        [{"name": "to", "type": "address"}, {"name": "amounts", "type": "uint96[]"}]}],
        "outputs": [{"name": "", "type": "bool"}]},
      {"type": "event", "name": "Transfer", "inputs": [{"name": "from", "type": "address", "indexed": true},
        {"name": "to", "type": "address", "indexed": true}, {"name": "value", "type": "uint256", "indexed": false}]},
      {"type": "event", "name": "Named", "inputs": [{"name": "name", "type": "string", "indexed": true},
        {"name": "text", "type": "string", "indexed": false}]},
      {"type": "error", "name": "InsufficientBalance", "inputs": [{"name": "available", "type": "uint256"},
        {"name": "required", "type": "uint256"}]},
      {"type": "receive", "stateMutability": "payable"}])");
    return *parse_interface(json);
}

std::string word(std::string digits) {
    return std::string(64 - digits.size(), '0') + digits;
}
core::Word topic(const std::string& hex) {
    core::Word word{};
    EXPECT_TRUE(core::from_hex_exactly(hex, word));
    return word;
}
std::string reverted(const std::string& hex, const Interface* interface = nullptr) {
    return describe_revert(*core::from_hex(hex), interface);
}

TEST(AbiInterface, reads_functions_events_errors_and_the_constructor) {
    const auto interface = token();
    EXPECT_TRUE(interface.has_constructor);
    EXPECT_EQ(to_string(interface.constructor_inputs), "(uint256)");
    ASSERT_EQ(interface.functions.size(), 1u);
    EXPECT_EQ(signature_of("book", interface.functions[0].inputs), "book((address,uint96[])[2][])");
    EXPECT_EQ(interface.functions[0].inputs[0].name, "legs");
    EXPECT_EQ(interface.functions[0].inputs[0].components[0].components[0].components[1].name, "amounts");
    EXPECT_EQ(interface.events.size(), 2u);
    EXPECT_EQ(interface.errors.size(), 1u);
}

TEST(AbiInterface, what_is_no_abi_is_refused) {
    for (const auto* text :
         {"{}", "[1]", R"([{"type": "function", "name": "f", "inputs": [{"type": "uint7"}]}])",
          R"([{"type": "function", "name": "f", "inputs": {}}])", R"([{"type": "function", "inputs": [1]}])",
          R"([{"type": "event", "inputs": [{"type": "tuplex"}]}])", R"([{"type": "error", "inputs": [{}]}])"})
        EXPECT_FALSE(parse_interface(Json::parse(text)).has_value()) << text;
    const auto deep = [](int levels) {
        Json type{{"type", "bool"}};
        for (int i = 0; i < levels; ++i)
            type = Json{{"type", "tuple"}, {"components", Json::array({type})}};
        Json inputs = Json::array();
        inputs.push_back(type);
        Json entries = Json::array();
        entries.push_back(Json{{"type", "function"}, {"name", "f"}, {"inputs", inputs}});
        return parse_interface(entries).has_value();
    };
    EXPECT_TRUE(deep(8));
    EXPECT_FALSE(deep(200));
}

TEST(AbiInterface, a_revert_with_a_reason_is_the_reason) {
    EXPECT_EQ(reverted("08c379a0" + word("20") + word("1a") +
                       "4e6f7420656e6f7567682045746865722070726f76696465642e000000000000"),
              "Not enough Ether provided.");
    EXPECT_EQ(reverted(""), "without a reason");
    EXPECT_EQ(reverted("0102"), "with data 0x0102");
}

TEST(AbiInterface, a_panic_is_told_with_its_meaning) {
    EXPECT_EQ(reverted("4e487b71" + word("11")), "Panic(0x11): arithmetic overflow or underflow");
    EXPECT_EQ(reverted("4e487b71" + word("32")), "Panic(0x32): index outside of the array");
    EXPECT_EQ(reverted("4e487b71" + word("99")), "Panic(0x99)");
}

TEST(AbiInterface, an_error_of_the_abi_is_told_with_names_and_another_with_selector_and_data) {
    // The published example: selector 0xcf479181.
    const auto data = "cf479181" + word("0") + word("2a");
    const auto interface = token();
    EXPECT_EQ(reverted(data, &interface), "InsufficientBalance(available: 0, required: 42)");
    EXPECT_EQ(reverted(data), "an error with selector 0xcf479181 and data 0x" + word("0") + word("2a"));
    EXPECT_EQ(reverted("cf479181" + word("0"), &interface),
              "an error with selector 0xcf479181 and data 0x" + word("0"));
}

TEST(AbiInterface, a_refusal_of_a_settlement_contract_is_told_with_its_sentence) {
    const auto selector = core::to_hex(selector_of("Refused", *parse_types("(bytes4)")));
    const auto text = reverted(selector + "414d3034" + std::string(56, '0'));
    EXPECT_EQ(text.rfind("Refused(AM04): ", 0), 0u) << text;
    EXPECT_EQ(reverted(selector + "01020304" + std::string(56, '0')), "Refused(0x01020304)");
}

TEST(AbiInterface, a_log_is_told_by_its_event) {
    const auto interface = token();
    const auto from = topic(word("aa")), to = topic(word("bb"));
    const auto transfer = topic("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
    const auto data = *core::from_hex(word("5"));
    const auto log = decode_log(interface, std::vector<core::Word>{transfer, from, to}, data);
    ASSERT_TRUE(log.has_value());
    EXPECT_EQ(log->event, "Transfer");
    EXPECT_EQ(
        to_text(log->inputs, log->values),
        "from: 0x00000000000000000000000000000000000000AA, to: 0x00000000000000000000000000000000000000bb, "
        "value: 5");
    EXPECT_FALSE(decode_log(interface, std::vector<core::Word>{transfer, from}, data).has_value());
    EXPECT_FALSE(decode_log(interface, std::vector<core::Word>{transfer, from, to}, {}).has_value());
    EXPECT_FALSE(decode_log(interface, std::vector<core::Word>{}, data).has_value());
    const auto not_an_address = topic(std::string(64, 'f'));
    EXPECT_FALSE(
        decode_log(interface, std::vector<core::Word>{transfer, not_an_address, to}, data).has_value());
}

TEST(AbiInterface, an_indexed_string_is_known_by_its_hash) {
    const auto interface = token();
    const auto named = core::keccak256(core::view("Named(string,string)"));
    const auto hash = core::keccak256(core::view("anna"));
    const auto data = encode(*parse_types("(string)"),
                             *parse_values(*parse_types("(string)"), std::vector<std::string>{"hello"}));
    const auto log = decode_log(interface, std::vector<core::Word>{named, hash}, data);
    ASSERT_TRUE(log.has_value());
    EXPECT_EQ(to_text(log->inputs, log->values), "name: " + core::to_hex_0x(hash) + ", text: \"hello\"");
}

}  // namespace
}  // namespace sluice::cli::abi
