#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crypto/key_file.hpp"
#include "tests/crypto/key_file_builder.hpp"

namespace sluice::crypto {
namespace {

using nlohmann::json;
using enum KeyFileError;

/// Whether damage shows when the file is read, or only when the key is at hand.
enum class Found : std::uint8_t { by_reading, by_decrypting };

/// One field set to one value, or taken out, and what the file then is.
struct Damage {
    const char* field;
    std::optional<json> value;
    KeyFileError expected;
    Found found = expected == wrong_password ? Found::by_decrypting : Found::by_reading;
};

void expect_refused(json file, const Damage& damage) {
    const json::json_pointer place(damage.field);
    ASSERT_TRUE(file.contains(place)) << damage.field;
    if (damage.value) {
        file[place] = *damage.value;
    } else {
        file[place.parent_pointer()].erase(place.back());
    }
    const std::string shown =
        std::string(damage.field) + " = " + (damage.value ? damage.value->dump() : "none");
    const auto key = decrypt_key_file(file.dump(), SecretBytes("testpassword"));
    ASSERT_FALSE(key.has_value()) << shown;
    EXPECT_EQ(key.error(), damage.expected) << shown << ": " << describe(key.error());
    const auto info = inspect_key_file(file.dump());
    if (damage.found == Found::by_decrypting) {
        EXPECT_TRUE(info.has_value()) << shown;
    } else {
        ASSERT_FALSE(info.has_value()) << shown;
        EXPECT_EQ(info.error(), damage.expected) << shown;
    }
}

json scrypt_file() {
    return KeyFileBuilder{}.json_with_address();
}
json pbkdf2_file() {
    return KeyFileBuilder{.by_pbkdf2 = true}.json_with_address();
}

/// `digits` with the digit at `position` changed into another one.
std::string with_other_digit(std::string digits, std::size_t position) {
    digits[position] = digits[position] == '0' ? '1' : '0';
    return digits;
}

TEST(KeyFileDamage, version_other_than_the_number_3_is_refused) {
    for (const json& value :
         {json(1), json(2), json(4), json(-3), json(3.0), json("3"), json(), json::array({3})}) {
        expect_refused(scrypt_file(), {"/version", value, unsupported_version});
    }
    expect_refused(scrypt_file(), {"/version", std::nullopt, unsupported_version});
}

TEST(KeyFileDamage, missing_field_is_refused) {
    for (const char* field : {"/crypto", "/crypto/cipher", "/crypto/cipherparams", "/crypto/cipherparams/iv",
                              "/crypto/ciphertext", "/crypto/mac", "/crypto/kdf", "/crypto/kdfparams",
                              "/crypto/kdfparams/dklen", "/crypto/kdfparams/salt"}) {
        expect_refused(scrypt_file(), {field, std::nullopt, bad_field});
        expect_refused(pbkdf2_file(), {field, std::nullopt, bad_field});
    }
    for (const char* field : {"/crypto/kdfparams/n", "/crypto/kdfparams/r", "/crypto/kdfparams/p"}) {
        expect_refused(scrypt_file(), {field, std::nullopt, bad_field});
    }
    for (const char* field : {"/crypto/kdfparams/c", "/crypto/kdfparams/prf"}) {
        expect_refused(pbkdf2_file(), {field, std::nullopt, bad_field});
    }
}

TEST(KeyFileDamage, field_of_another_type_is_refused) {
    for (const char* field : {"/address", "/crypto", "/crypto/cipher", "/crypto/cipherparams",
                              "/crypto/cipherparams/iv", "/crypto/ciphertext", "/crypto/mac", "/crypto/kdf",
                              "/crypto/kdfparams", "/crypto/kdfparams/salt", "/crypto/kdfparams/prf"}) {
        for (const json& value : {json(), json(7), json(true), json::array(), json(-1.5)}) {
            expect_refused(pbkdf2_file(), {field, value, bad_field});
        }
    }
    for (const char* field :
         {"/crypto/kdfparams/dklen", "/crypto/kdfparams/n", "/crypto/kdfparams/r", "/crypto/kdfparams/p"}) {
        for (const json& value : {json(), json("8"), json(true), json::object(), json(8.0), json(-8)}) {
            expect_refused(scrypt_file(), {field, value, bad_field});
        }
    }
}

TEST(KeyFileDamage, digits_that_are_none_or_of_the_wrong_count_are_refused) {
    for (const char* field : {"/address", "/crypto/cipherparams/iv", "/crypto/ciphertext", "/crypto/mac",
                              "/crypto/kdfparams/salt"}) {
        const std::string good = scrypt_file()[json::json_pointer(field)];
        std::string with_letter = good;
        with_letter.back() = 'g';
        expect_refused(scrypt_file(), {field, with_letter, bad_field});
        with_letter = good;
        with_letter.front() = ' ';
        expect_refused(scrypt_file(), {field, with_letter, bad_field});
        expect_refused(scrypt_file(), {field, "", bad_field});
        expect_refused(scrypt_file(), {field, good + std::string(256, '0'), bad_field});
    }
    for (const char* field : {"/address", "/crypto/ciphertext", "/crypto/mac", "/crypto/kdfparams/salt"}) {
        std::string shorter = scrypt_file()[json::json_pointer(field)];
        shorter.pop_back();
        expect_refused(scrypt_file(), {field, shorter, bad_field});
    }
    expect_refused(scrypt_file(), {"/crypto/mac", std::string(62, '0'), bad_field});
    expect_refused(scrypt_file(), {"/address", std::string(38, '0'), bad_field});
    expect_refused(scrypt_file(), {"/crypto/ciphertext", std::string(66, '0'), bad_field});
    expect_refused(scrypt_file(), {"/crypto/cipherparams/iv", std::string(33, '0'), bad_field});
    expect_refused(scrypt_file(), {"/crypto/kdfparams/salt", std::string(14, '0'), bad_field});
    expect_refused(scrypt_file(), {"/crypto/kdfparams/salt", std::string(258, '0'), bad_field});
}

TEST(KeyFileDamage, every_changed_digit_of_ciphertext_mac_and_salt_looks_like_a_wrong_password) {
    for (const char* field : {"/crypto/ciphertext", "/crypto/mac", "/crypto/kdfparams/salt"}) {
        const std::string good = scrypt_file()[json::json_pointer(field)];
        for (std::size_t position = 0; position < good.size(); ++position) {
            expect_refused(scrypt_file(), {field, with_other_digit(good, position), wrong_password});
        }
    }
}

TEST(KeyFileDamage, every_changed_digit_of_iv_and_address_is_found_by_the_address) {
    for (const char* field : {"/address", "/crypto/cipherparams/iv"}) {
        const std::string good = scrypt_file()[json::json_pointer(field)];
        for (std::size_t position = 0; position < good.size(); ++position) {
            expect_refused(scrypt_file(),
                           {field, with_other_digit(good, position), bad_field, Found::by_decrypting});
        }
    }
}

TEST(KeyFileDamage, other_costs_look_like_a_wrong_password) {
    expect_refused(scrypt_file(), {"/crypto/kdfparams/n", 8, wrong_password});
    expect_refused(scrypt_file(), {"/crypto/kdfparams/r", 9, wrong_password});
    expect_refused(scrypt_file(), {"/crypto/kdfparams/p", 2, wrong_password});
    expect_refused(pbkdf2_file(), {"/crypto/kdfparams/c", 4, wrong_password});
}

TEST(KeyFileDamage, scrypt_numbers_without_meaning_are_refused) {
    for (const std::uint64_t n : {0u, 1u, 3u, 6u, 4095u}) {
        expect_refused(scrypt_file(), {"/crypto/kdfparams/n", n, bad_field});
    }
    expect_refused(scrypt_file(), {"/crypto/kdfparams/r", 0, bad_field});
    expect_refused(scrypt_file(), {"/crypto/kdfparams/p", 0, bad_field});
    expect_refused(pbkdf2_file(), {"/crypto/kdfparams/c", 0, bad_field});
}

TEST(KeyFileDamage, too_costly_derivation_is_refused_before_any_work) {
    for (const std::uint64_t n : {std::uint64_t{1} << 20, std::uint64_t{1} << 30, std::uint64_t{1} << 63}) {
        expect_refused(scrypt_file(), {"/crypto/kdfparams/n", n, kdf_too_costly});
    }
    for (const std::uint64_t many : {std::uint64_t{1'000}, ~std::uint64_t{0}}) {
        expect_refused(scrypt_file(), {"/crypto/kdfparams/r", many, kdf_too_costly});
        expect_refused(scrypt_file(), {"/crypto/kdfparams/p", many, kdf_too_costly});
    }
    for (const std::uint64_t rounds : {std::uint64_t{100'000'001}, ~std::uint64_t{0}}) {
        expect_refused(pbkdf2_file(), {"/crypto/kdfparams/c", rounds, kdf_too_costly});
    }
}

TEST(KeyFileDamage, numbers_beyond_64_bits_are_refused) {
    std::string text = scrypt_file().dump();
    const std::string good = "\"n\":4";
    ASSERT_NE(text.find(good), std::string::npos);
    text.replace(text.find(good), good.size(), "\"n\":18446744073709551618");
    const auto key = decrypt_key_file(text, SecretBytes("testpassword"));
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error(), bad_field);
}

TEST(KeyFileDamage, other_algorithms_are_refused) {
    for (const char* cipher : {"", "aes-256-ctr", "aes-128-cbc", "AES-128-CTR"}) {
        expect_refused(scrypt_file(), {"/crypto/cipher", cipher, unsupported_cipher});
    }
    for (const char* kdf : {"", "argon2id", "Scrypt"}) {
        expect_refused(scrypt_file(), {"/crypto/kdf", kdf, unsupported_kdf});
    }
    expect_refused(pbkdf2_file(), {"/crypto/kdfparams/prf", "hmac-sha512", unsupported_kdf});
    for (const int length : {0, 16, 31, 33, 64}) {
        expect_refused(scrypt_file(), {"/crypto/kdfparams/dklen", length, bad_field});
    }
}

TEST(KeyFileDamage, mark_that_is_no_truth_value_is_refused) {
    json file = scrypt_file();
    file["x-sluice-devnet"] = true;
    for (const json& value : {json("true"), json(1), json()}) {
        expect_refused(file, {"/x-sluice-devnet", value, bad_field});
    }
}

}  // namespace
}  // namespace sluice::crypto
