#include "core/ids.hpp"

#include <gtest/gtest.h>

#include "core/rlp.hpp"

namespace sluice::core {
namespace {

TEST(WellKnownHashes, are_what_their_names_say) {
    EXPECT_EQ(empty_code_hash, keccak256({}));
    EXPECT_EQ(empty_list_hash, keccak256(rlp::wrap_list({})));
    Bytes empty_string;
    rlp::encode_bytes(empty_string, {});
    EXPECT_EQ(empty_trie_root, keccak256(empty_string));
}

TEST(HashFromHex, takes_64_digits_only) {
    const std::string digits(64, 'a');
    EXPECT_TRUE(hash_from_hex(digits));
    EXPECT_TRUE(hash_from_hex("0x" + digits));
    EXPECT_FALSE(hash_from_hex(digits.substr(1)));
    EXPECT_FALSE(hash_from_hex(digits + "a"));
    EXPECT_FALSE(hash_from_hex("0x" + digits.substr(1) + "g"));
}

// The examples of EIP-55.
constexpr const char* checksummed[] = {
    "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"};

TEST(Address, prints_with_its_checksum) {
    for (const char* text : checksummed) {
        const std::optional<Address> address = address_from_hex(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(checksum_hex(*address), text);
    }
}

TEST(Address, is_accepted_in_one_case_throughout) {
    const auto address = address_from_hex("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed");
    ASSERT_TRUE(address);
    EXPECT_EQ(address_from_hex("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"), address);
    EXPECT_EQ(address_from_hex("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), address);
}

TEST(Address, with_a_wrong_checksum_is_refused) {
    const std::string right = checksummed[4];
    std::size_t refused = 0;
    for (std::size_t i = 2; i < right.size(); ++i) {
        std::string wrong = right;
        if (wrong[i] >= 'a') {
            wrong[i] = static_cast<char>(wrong[i] - 'a' + 'A');
        } else if (wrong[i] >= 'A') {
            wrong[i] = static_cast<char>(wrong[i] - 'A' + 'a');
        } else {
            continue;
        }
        EXPECT_FALSE(address_from_hex(wrong)) << wrong;
        ++refused;
    }
    EXPECT_GT(refused, 10u);
}

TEST(Address, of_another_length_is_refused) {
    EXPECT_FALSE(address_from_hex(""));
    EXPECT_FALSE(address_from_hex("0x"));
    EXPECT_FALSE(address_from_hex("0x" + std::string(39, '0')));
    EXPECT_FALSE(address_from_hex("0x" + std::string(41, '0')));
    EXPECT_FALSE(address_from_hex("0x" + std::string(42, '0')));
}

TEST(Word, holds_a_number_in_its_last_bytes) {
    EXPECT_EQ(to_hex(word_from_u64(0x0102030405060708)), std::string(48, '0') + "0102030405060708");
}

TEST(Word, holds_an_address_right_aligned) {
    Address address{};
    address.front() = 0x11;
    address.back() = 0x22;
    EXPECT_EQ(to_hex(word_from_address(address)), std::string(24, '0') + "11" + std::string(36, '0') + "22");
}

}  // namespace
}  // namespace sluice::core
