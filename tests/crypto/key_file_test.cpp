#include "crypto/key_file.hpp"

#include <cctype>
#include <regex>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/crypto/bytes.hpp"
#include "tests/crypto/key_file_builder.hpp"

namespace sluice::crypto {
namespace {

using nlohmann::json;
using namespace std::string_view_literals;

/// For keys of which the test wants many; resists nobody.
constexpr KeyFileCost test_cost{1};
constexpr std::string_view order_minus_1 = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";
constexpr std::string_view order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

/// The key in hex, or the sentence of the error: one line to compare.
std::string opened(std::string_view text, std::string_view password = "testpassword",
                   KeyFileCost least = any_cost) {
    const auto key = decrypt_key_file(text, SecretBytes(password), least);
    return key ? to_hex(key->bytes()) : std::string(describe(key.error()));
}

std::string opened_json(const json& file, std::string_view password = "testpassword") {
    return opened(file.dump(), password);
}

std::string refused(KeyFileError error) {
    return std::string(describe(error));
}

std::string ones() {
    return std::string(64, '1');
}

/// Altered, the name of an optional field is the name of a field that nobody reads.
bool is_within_optional_name(std::string_view text, std::size_t position) {
    for (const std::string_view name : {"id"sv, "address"sv, "x-sluice-devnet"sv}) {
        const std::size_t begin = text.find("\"" + std::string(name) + "\"") + 1;
        if (position >= begin && position < begin + name.size()) return true;
    }
    return false;
}

TEST(KeyFile, what_is_encrypted_is_decrypted) {
    for (const std::string_view digits :
         {"0000000000000000000000000000000000000000000000000000000000000001"sv,
          "00000000000000000000000000000000000000000000000000000000deadbeef"sv, order_minus_1}) {
        const PrivateKey key = key_from_hex(digits);
        EXPECT_EQ(opened(encrypt_key_file(key, SecretBytes("testpassword"), test_cost, false)), digits);
    }
}

TEST(KeyFile, any_bytes_are_a_password) {
    const PrivateKey key = key_from_hex(ones());
    for (const std::string_view password : {""sv, "\0\0"sv, "a\0b"sv, "gr\xc3\xbc\xc3\x9f"sv, "\xff\xfe"sv}) {
        const std::string text = encrypt_key_file(key, SecretBytes(password), test_cost, false);
        EXPECT_EQ(opened(text, password), ones());
        EXPECT_EQ(opened(text, std::string(password) + "x"), refused(KeyFileError::wrong_password));
    }
}

TEST(KeyFile, written_fields_are_those_of_version_3) {
    const PrivateKey key = key_from_hex(ones());
    const json file = json::parse(encrypt_key_file(key, SecretBytes("testpassword"), devnet_cost, false));
    EXPECT_EQ(file["version"], 3);
    EXPECT_EQ(file["address"], to_hex(address_of(key)));
    EXPECT_TRUE(
        std::regex_match(file["id"].get<std::string>(),
                         std::regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")));
    EXPECT_FALSE(file.contains("x-sluice-devnet"));
    const json& section = file["crypto"];
    EXPECT_EQ(section["cipher"], "aes-128-ctr");
    EXPECT_EQ(section["kdf"], "scrypt");
    EXPECT_EQ(section["kdfparams"]["n"], 4096);
    EXPECT_EQ(section["kdfparams"]["r"], 8);
    EXPECT_EQ(section["kdfparams"]["p"], 1);
    EXPECT_EQ(section["kdfparams"]["dklen"], 32);
    EXPECT_EQ(section["kdfparams"]["salt"].get<std::string>().size(), 64u);
    EXPECT_EQ(section["cipherparams"]["iv"].get<std::string>().size(), 32u);
    EXPECT_EQ(section["ciphertext"].get<std::string>().size(), 64u);
    EXPECT_EQ(section["mac"].get<std::string>().size(), 64u);
}

TEST(KeyFile, written_file_opens_by_an_independent_computation) {
    const json file =
        json::parse(encrypt_key_file(key_from_hex(ones()), SecretBytes("testpassword"), devnet_cost, false));
    const json& section = file["crypto"];
    KeyFileBuilder builder{.salt = *read_hex_bytes(section["kdfparams"]["salt"].get<std::string>(), 32, 32),
                           .iv = from_hex<16>(section["cipherparams"]["iv"].get<std::string>()),
                           .n = 4096};
    const json rebuilt = builder.json();
    EXPECT_EQ(rebuilt["crypto"]["ciphertext"], section["ciphertext"]);
    EXPECT_EQ(rebuilt["crypto"]["mac"], section["mac"]);
}

TEST(KeyFile, salt_iv_and_id_are_fresh_in_each_file) {
    const PrivateKey key = key_from_hex(ones());
    const json first = json::parse(encrypt_key_file(key, SecretBytes("x"), test_cost, false));
    const json second = json::parse(encrypt_key_file(key, SecretBytes("x"), test_cost, false));
    EXPECT_NE(first["id"], second["id"]);
    EXPECT_NE(first["crypto"]["kdfparams"]["salt"], second["crypto"]["kdfparams"]["salt"]);
    EXPECT_NE(first["crypto"]["cipherparams"]["iv"], second["crypto"]["cipherparams"]["iv"]);
    EXPECT_NE(first["crypto"]["ciphertext"], second["crypto"]["ciphertext"]);
}

TEST(KeyFile, scrypt_file_of_an_independent_writer_opens) {
    EXPECT_EQ(opened_json(KeyFileBuilder{.n = 1024, .r = 4, .p = 3}.json()), ones());
}

TEST(KeyFile, pbkdf2_file_of_an_independent_writer_opens) {
    EXPECT_EQ(opened_json(KeyFileBuilder{.by_pbkdf2 = true, .rounds = 1000}.json()), ones());
}

TEST(KeyFile, wrong_password_is_refused_for_both_derivations) {
    for (const bool by_pbkdf2 : {false, true}) {
        const json file = KeyFileBuilder{.by_pbkdf2 = by_pbkdf2}.json();
        for (const std::string_view password : {"", "testpasswor", "testpassword ", "Testpassword"}) {
            EXPECT_EQ(opened_json(file, password), refused(KeyFileError::wrong_password)) << password;
        }
    }
}

TEST(KeyFile, key_without_its_leading_zero_bytes_is_filled_up) {
    for (const std::size_t size : {31, 30, 1}) {
        KeyFileBuilder builder;
        builder.plaintext.assign(size, 0x11);
        EXPECT_EQ(opened_json(builder.json()), std::string(64 - 2 * size, '0') + std::string(2 * size, '1'));
    }
}

TEST(KeyFile, iv_without_its_leading_zeros_is_filled_up) {
    KeyFileBuilder builder;
    builder.iv = from_hex<16>("000000000000000000000000000abcde");
    json file = builder.json_with_address();
    for (const std::string_view iv : {"abcde", "0abcde", "000000000000000000000000000abcde"}) {
        file["crypto"]["cipherparams"]["iv"] = iv;
        EXPECT_EQ(opened_json(file), ones()) << iv;
    }
}

TEST(KeyFile, counter_carries_from_any_iv_into_the_second_block) {
    KeyFileBuilder builder;
    for (const std::string_view iv :
         {"ffffffffffffffffffffffffffffffff", "000000000000000000000000000000ff",
          "0000000000000000ffffffffffffffff", "514ccc8c4fb3e60e5538e0cf1e27c233"}) {
        builder.iv = from_hex<16>(iv);
        EXPECT_EQ(opened_json(builder.json_with_address()), ones()) << iv;
    }
}

TEST(KeyFile, spellings_of_other_writers_are_read) {
    json file = KeyFileBuilder{}.json_with_address();
    std::string address = file["address"];
    file["address"] = "0x" + address;
    EXPECT_EQ(opened_json(file), ones());
    for (char& digit : address)
        digit = static_cast<char>(std::toupper(digit));
    file["address"] = address;
    EXPECT_EQ(opened_json(file), ones());
    file["Crypto"] = file["crypto"];
    file.erase("crypto");
    file.erase("id");
    file["x-unknown"] = {1, 2, 3};
    EXPECT_EQ(opened_json(file), ones());
}

TEST(KeyFile, what_holds_no_scalar_is_refused) {
    KeyFileBuilder builder;
    builder.plaintext.assign(32, 0);
    EXPECT_EQ(opened_json(builder.json()), refused(KeyFileError::invalid_key));
    const auto too_big = from_hex<32>(order);
    builder.plaintext.assign(too_big.begin(), too_big.end());
    EXPECT_EQ(opened_json(builder.json()), refused(KeyFileError::invalid_key));
}

TEST(KeyFile, address_of_another_key_is_refused) {
    json file = KeyFileBuilder{}.json_with_address();
    ASSERT_EQ(opened_json(file), ones());
    file["address"] = "7e5f4552091a69125d5dfcb7b8c2659029395bdf";
    EXPECT_EQ(opened_json(file), refused(KeyFileError::bad_field));
}

TEST(KeyFile, no_altered_character_yields_another_key_or_goes_unnoticed_in_a_field_that_counts) {
    const std::string text =
        encrypt_key_file(key_from_hex(ones()), SecretBytes("testpassword"), test_cost, true);
    const auto id_begin = text.find("\"id\": \"") + 7;
    const auto id_end = id_begin + 36;
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char other : {'0', '7', 'a', '"', ' ', '\0', '\xff'}) {
            if (other == text[i]) continue;
            std::string altered = text;
            altered[i] = other;
            const auto key = decrypt_key_file(altered, SecretBytes("testpassword"));
            if (!key) continue;
            ASSERT_EQ(to_hex(key->bytes()), ones()) << "character " << i << " set to " << other;
            // Only what carries no part of the key may be altered unnoticed: the id, blanks, optional names.
            const bool is_free =
                (i >= id_begin && i < id_end) || std::isspace(static_cast<unsigned char>(text[i]));
            ASSERT_TRUE(is_free || is_within_optional_name(text, i))
                << "character " << i << " set to " << other;
        }
    }
}

TEST(KeyFile, every_truncation_is_refused) {
    const std::string text = KeyFileBuilder{}.json_with_address().dump();
    for (std::size_t size = 0; size < text.size(); ++size) {
        ASSERT_EQ(opened(text.substr(0, size)), refused(KeyFileError::not_json)) << size << " characters";
    }
}

TEST(KeyFile, text_that_is_no_json_object_is_refused) {
    for (const std::string_view text : {"", "   ", "null", "3", "[]", "\"text\"", "{", "{}}", "{\"a\":1,}",
                                        "{\"a\":1e999}", "{\"a\":\"\xff\"}", "// {}", "\xef\xbb\xbf"}) {
        const auto info = inspect_key_file(text);
        ASSERT_FALSE(info.has_value()) << text;
        EXPECT_EQ(info.error(), KeyFileError::not_json) << text;
    }
}

TEST(KeyFile, text_beyond_the_limit_is_refused_unread) {
    std::string text = KeyFileBuilder{}.json().dump();
    text.resize(key_file_bytes_max, ' ');
    EXPECT_EQ(opened(text), ones());
    text.push_back(' ');
    EXPECT_EQ(opened(text), refused(KeyFileError::not_json));
}

TEST(KeyFile, deep_nesting_within_the_limit_does_no_harm) {
    const std::size_t depth = key_file_bytes_max / 2 - 8;
    const std::string text = "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
    EXPECT_EQ(opened(text), refused(KeyFileError::unsupported_version));
    EXPECT_EQ(opened(std::string(key_file_bytes_max, '[')), refused(KeyFileError::not_json));
}

TEST(KeyFile, file_below_the_least_cost_is_refused_before_any_work) {
    const std::string scrypt_text = KeyFileBuilder{.n = 1024}.json().dump();
    EXPECT_EQ(opened(scrypt_text, "testpassword", KeyFileCost{10}), ones());
    EXPECT_EQ(opened(scrypt_text, "testpassword", KeyFileCost{11}), refused(KeyFileError::kdf_too_weak));
    const std::string pbkdf2_text = KeyFileBuilder{.by_pbkdf2 = true, .rounds = 1024}.json().dump();
    EXPECT_EQ(opened(pbkdf2_text, "testpassword", KeyFileCost{10}), ones());
    EXPECT_EQ(opened(pbkdf2_text, "testpassword", KeyFileCost{11}), refused(KeyFileError::kdf_too_weak));
}

TEST(KeyFile, more_lanes_make_up_for_smaller_blocks_in_the_least_cost) {
    const std::string text = KeyFileBuilder{.n = 1024, .r = 1, .p = 8}.json().dump();
    EXPECT_EQ(opened(text, "testpassword", KeyFileCost{10}), ones());
    EXPECT_EQ(opened(text, "testpassword", KeyFileCost{11}), refused(KeyFileError::kdf_too_weak));
}

TEST(KeyFile, production_file_satisfies_the_production_cost) {
    const std::string text =
        encrypt_key_file(key_from_hex(ones()), SecretBytes("testpassword"), production_cost, false);
    const auto info = inspect_key_file(text);
    ASSERT_TRUE(info.has_value());
    EXPECT_EQ(info->log2_n, 18);
    EXPECT_EQ(info->kdf_work, 8ull << 18);
    EXPECT_EQ(opened(text, "testpassword", production_cost), ones());
}

TEST(KeyFileInfo, tells_what_a_scrypt_file_says) {
    const PrivateKey key = key_from_hex(ones());
    const auto info = inspect_key_file(encrypt_key_file(key, SecretBytes("x"), devnet_cost, true));
    ASSERT_TRUE(info.has_value());
    EXPECT_TRUE(info->has_address);
    EXPECT_EQ(info->address, address_of(key));
    EXPECT_TRUE(info->is_scrypt);
    EXPECT_EQ(info->log2_n, 12);
    EXPECT_EQ(info->kdf_work, 8u << 12);
    EXPECT_TRUE(info->is_marked_devnet);
}

TEST(KeyFileInfo, tells_what_a_pbkdf2_file_without_address_says) {
    const auto info = inspect_key_file(KeyFileBuilder{.by_pbkdf2 = true, .rounds = 77}.json().dump());
    ASSERT_TRUE(info.has_value());
    EXPECT_FALSE(info->has_address);
    EXPECT_EQ(info->address, AddressBytes{});
    EXPECT_FALSE(info->is_scrypt);
    EXPECT_EQ(info->log2_n, 0);
    EXPECT_EQ(info->kdf_work, 77u);
    EXPECT_FALSE(info->is_marked_devnet);
}

TEST(KeyFileInfo, mark_that_says_false_is_no_mark) {
    json file = KeyFileBuilder{}.json();
    file["x-sluice-devnet"] = false;
    const auto info = inspect_key_file(file.dump());
    ASSERT_TRUE(info.has_value());
    EXPECT_FALSE(info->is_marked_devnet);
}

TEST(KeyFileError, every_reason_has_its_own_sentence) {
    std::set<std::string> sentences;
    for (int error = 0; error <= static_cast<int>(KeyFileError::invalid_key); ++error) {
        const std::string sentence(describe(static_cast<KeyFileError>(error)));
        EXPECT_EQ(sentence.back(), '.') << sentence;
        EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
    }
    EXPECT_EQ(sentences.size(), 9u);
}

TEST(KeyFileDeathTest, what_cannot_be_written_ends_the_process) {
    const PrivateKey key = key_from_hex(ones());
    const SecretBytes password("x");
    EXPECT_DEATH(encrypt_key_file(key, password, KeyFileCost{0}, false), "cost outside");
    EXPECT_DEATH(encrypt_key_file(key, password, KeyFileCost{20}, false), "cost outside");
    EXPECT_DEATH(encrypt_key_file(PrivateKey(), password, test_cost, false), "private key outside");
}

}  // namespace
}  // namespace sluice::crypto
