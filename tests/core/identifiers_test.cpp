#include "core/identifiers.hpp"

#include <gtest/gtest.h>

namespace sluice::core {
namespace {

TEST(Bic, of_8_characters_is_completed_and_printed_as_8) {
    const auto bic = Bic::parse("DEUTDEFF");
    ASSERT_TRUE(bic);
    EXPECT_EQ(std::string(bic->chars().begin(), bic->chars().end()), "DEUTDEFFXXX");
    EXPECT_EQ(bic->to_string(), "DEUTDEFF");
    EXPECT_EQ(Bic::parse("DEUTDEFFXXX"), bic);
}

TEST(Bic, of_11_characters_keeps_its_branch) {
    const auto bic = Bic::parse("DEUTDEFF500");
    ASSERT_TRUE(bic);
    EXPECT_EQ(bic->to_string(), "DEUTDEFF500");
    EXPECT_NE(bic, Bic::parse("DEUTDEFF"));
}

TEST(Bic, may_have_digits_in_its_prefix_but_not_in_its_country) {
    EXPECT_TRUE(Bic::parse("A1B2DEFF"));
    EXPECT_TRUE(Bic::parse("BANKDE11123"));
    EXPECT_FALSE(Bic::parse("BANKD1FF"));
    EXPECT_FALSE(Bic::parse("BANK1EFF"));
}

TEST(Bic, of_another_form_is_refused) {
    for (const char* text : {"", "DEUTDEF", "DEUTDEFF5", "DEUTDEFF50", "DEUTDEFF5000", "deutdeff", "DEUTDEFf",
                             "DEUT-EFF", "DEUTDEFF ", " DEUTDEF", "DEUTDEFF\xc3\x84X"})
        EXPECT_FALSE(Bic::parse(text)) << text;
}

TEST(Bic, made_by_default_is_empty) {
    EXPECT_TRUE(Bic().is_empty());
    EXPECT_EQ(Bic().to_string(), "");
    EXPECT_FALSE(Bic::parse("DEUTDEFF")->is_empty());
}

TEST(Lei, of_known_entities_is_accepted) {
    for (const char* text : {"5493001KJTIIGC8Y1R12", "7ZW8QJWVPR4P1J1KQY45", "529900T8BM49AURSDO55"}) {
        const auto lei = Lei::parse(text);
        ASSERT_TRUE(lei) << text;
        EXPECT_EQ(lei->to_string(), text);
    }
}

TEST(Lei, with_one_wrong_or_two_swapped_characters_is_refused) {
    const std::string right = "5493001KJTIIGC8Y1R12";
    for (std::size_t i = 0; i < right.size(); ++i) {
        std::string wrong = right;
        wrong[i] = wrong[i] == '9' ? '0' : wrong[i] == 'Z' ? 'A' : static_cast<char>(wrong[i] + 1);
        EXPECT_FALSE(Lei::parse(wrong)) << wrong;
    }
    EXPECT_FALSE(Lei::parse("5493001KJTIICG8Y1R12"));
    EXPECT_FALSE(Lei::parse("5493001kjtiigc8y1r12"));
    EXPECT_FALSE(Lei::parse("5493001KJTIIGC8Y1R1"));
    EXPECT_FALSE(Lei::parse("5493001KJTIIGC8Y1R122"));
}

TEST(Lei, with_check_digits_that_are_never_issued_is_refused) {
    // Each of these fits the sum: 99 stands where 02 belongs, 01 for 98, 00 for 97.
    EXPECT_FALSE(Lei::parse("00000000000000000001"));
    int impostors = 0;
    for (int i = 0; i < 2'000; ++i) {
        std::string text = "549300" + std::to_string(100'000'000'000 + i);
        for (const auto& [issued, impostor] : {std::pair{"02", "99"}, {"98", "01"}, {"97", "00"}}) {
            if (!Lei::parse(text + issued)) continue;
            ++impostors;
            EXPECT_FALSE(Lei::parse(text + impostor)) << text;
        }
    }
    EXPECT_GT(impostors, 0);
}

TEST(Uetr, survives_parsing_and_printing) {
    const char* text = "eb6305c9-1f7f-49de-aed0-16487c27b42d";
    const auto uetr = Uetr::parse(text);
    ASSERT_TRUE(uetr);
    EXPECT_EQ(uetr->to_string(), text);
    EXPECT_EQ(uetr->bytes[0], 0xeb);
    EXPECT_EQ(uetr->bytes[15], 0x2d);
}

TEST(Uetr, of_another_version_variant_or_form_is_refused) {
    for (const char* text :
         {"", "eb6305c9-1f7f-19de-aed0-16487c27b42d", "eb6305c9-1f7f-49de-7ed0-16487c27b42d",
          "eb6305c9-1f7f-49de-ced0-16487c27b42d", "EB6305C9-1F7F-49DE-AED0-16487C27B42D",
          "eb6305c91f7f49deaed016487c27b42d", "eb6305c9-1f7f-49de-aed0-16487c27b42",
          "eb6305c9-1f7f-49de-aed0-16487c27b42dd", "eb6305c9_1f7f-49de-aed0-16487c27b42d",
          "eb6305c9-1f7f-49de-aed0-16487c27b4g2", "{b6305c9-1f7f-49de-aed0-16487c27b42}"})
        EXPECT_FALSE(Uetr::parse(text)) << text;
}

TEST(Uetr, from_random_bytes_is_valid_and_keeps_the_other_bits) {
    for (const std::uint8_t byte : {std::uint8_t{0x00}, std::uint8_t{0xff}, std::uint8_t{0x5a}}) {
        std::array<std::uint8_t, 16> random{};
        random.fill(byte);
        const Uetr uetr = Uetr::from_random(random);
        EXPECT_EQ(Uetr::parse(uetr.to_string()), uetr);
        EXPECT_EQ(uetr.bytes[6] & 0x0f, byte & 0x0f);
        EXPECT_EQ(uetr.bytes[8] & 0x3f, byte & 0x3f);
        EXPECT_EQ(uetr.bytes[0], byte);
    }
}

TEST(Iban, of_the_registry_examples_is_valid) {
    for (const char* text : {"GB82WEST12345698765432", "DE89370400440532013000", "NO9386011117947",
                             "MT84MALT011000012345MTLCAST001S", "FR1420041010050500013M02606"})
        EXPECT_TRUE(is_valid_iban(text)) << text;
}

TEST(Iban, with_wrong_digits_or_form_is_not_valid) {
    for (const char* text :
         {"", "GB82WEST12345698765433", "GB83WEST12345698765432", "GB82 WEST 1234 5698 7654 32",
          "gb82west12345698765432", "8GB2WEST12345698765432", "GBA2WEST12345698765432", "NO938601111794",
          "DE8937040044053201300", "GB82WEST123456987654320000000000000"})
        EXPECT_FALSE(is_valid_iban(text)) << text;
}

TEST(CurrencyCode, is_three_upper_case_letters) {
    EXPECT_EQ(CurrencyCode::parse("EUR")->to_string(), "EUR");
    for (const char* text : {"", "EU", "EURO", "eur", "E1R", "EU "})
        EXPECT_FALSE(CurrencyCode::parse(text)) << text;
    EXPECT_EQ(CurrencyCode().to_string(), "XXX");
}

TEST(Amount, is_exact_in_minor_units) {
    EXPECT_EQ(parse_amount("250", 2), Minor{25'000});
    EXPECT_EQ(parse_amount("250.0", 2), Minor{25'000});
    EXPECT_EQ(parse_amount("250.00", 2), Minor{25'000});
    EXPECT_EQ(parse_amount("0.01", 2), Minor{1});
    EXPECT_EQ(parse_amount("0", 2), Minor{0});
    EXPECT_EQ(parse_amount("1234", 0), Minor{1'234});
    EXPECT_EQ(parse_amount("1.234", 3), Minor{1'234});
    EXPECT_EQ(parse_amount("0.00001", 5), Minor{1});
}

TEST(Amount, with_anything_but_digits_and_one_inner_point_is_refused) {
    for (const char* text : {"", ".", "1.", ".5", "-1", "+1", "1e3", "1,00", "1.0.0", " 1", "1 ", "0x1",
                             "1'000", "NaN", "\xd9\xa1"})
        EXPECT_EQ(parse_amount(text, 2), fail(AmountError::not_a_number)) << text;
}

TEST(Amount, with_more_decimals_than_the_currency_is_refused_even_if_they_are_zero) {
    EXPECT_EQ(parse_amount("1.000", 2), fail(AmountError::too_many_decimals));
    EXPECT_EQ(parse_amount("1.0", 0), fail(AmountError::too_many_decimals));
    EXPECT_EQ(parse_amount("0.001", 2), fail(AmountError::too_many_decimals));
}

TEST(Amount, has_at_most_18_digits) {
    EXPECT_EQ(parse_amount("999999999999999999", 2), Minor{999'999'999'999'999'999} * 100);
    EXPECT_EQ(parse_amount("1000000000000000000", 2), fail(AmountError::too_large));
    EXPECT_EQ(parse_amount("9999999999999999.99", 2), Minor{999'999'999'999'999'999});
    EXPECT_EQ(parse_amount("99999999999999999.99", 2), fail(AmountError::too_large));
    EXPECT_EQ(parse_amount("999999999999999999.00", 2), Minor{999'999'999'999'999'999} * 100);
    EXPECT_EQ(parse_amount("0000000000000000000000000000001.50", 2), Minor{150});
    EXPECT_EQ(parse_amount(std::string(100'000, '9'), 2), fail(AmountError::too_large));
}

TEST(Amount, prints_with_exactly_the_decimals_of_its_currency) {
    EXPECT_EQ(format_amount(25'000, 2), "250.00");
    EXPECT_EQ(format_amount(1, 2), "0.01");
    EXPECT_EQ(format_amount(0, 2), "0.00");
    EXPECT_EQ(format_amount(99, 2), "0.99");
    EXPECT_EQ(format_amount(100, 2), "1.00");
    EXPECT_EQ(format_amount(1'234, 0), "1234");
    EXPECT_EQ(format_amount(1'234, 3), "1.234");
    EXPECT_EQ(format_amount(1, 5), "0.00001");
}

TEST(Amount, survives_printing_and_parsing) {
    for (unsigned exponent = 0; exponent <= exponent_max; ++exponent)
        for (Minor amount = 1; amount < Minor{1'000'000'000'000'000'000}; amount = amount * 7 + 3)
            ASSERT_EQ(parse_amount(format_amount(amount, exponent), exponent), amount);
}

TEST(Amount, of_a_balance_may_be_negative) {
    EXPECT_EQ(format_signed_amount(-1, 2), "-0.01");
    EXPECT_EQ(format_signed_amount(-25'000, 2), "-250.00");
    EXPECT_EQ(format_signed_amount(25'000, 2), "250.00");
    EXPECT_EQ(format_signed_amount(0, 2), "0.00");
    const SignedMinor lowest = static_cast<SignedMinor>(Minor{1} << 127);
    EXPECT_EQ(format_signed_amount(lowest, 0), "-170141183460469231731687303715884105728");
}

TEST(Amount, in_minor_units_reads_up_to_128_bits) {
    EXPECT_EQ(minor_from_decimal("0"), Minor{0});
    EXPECT_EQ(minor_from_decimal("25000"), Minor{25'000});
    EXPECT_EQ(minor_from_decimal("340282366920938463463374607431768211455"), ~Minor{0});
    EXPECT_EQ(to_decimal(~Minor{0}), "340282366920938463463374607431768211455");
    EXPECT_FALSE(minor_from_decimal("340282366920938463463374607431768211456"));
    EXPECT_FALSE(minor_from_decimal("3402823669209384634633746074317682114550"));
    for (const char* text : {"", "-1", "1.0", "1 ", "0x1"})
        EXPECT_FALSE(minor_from_decimal(text)) << text;
}

}  // namespace
}  // namespace sluice::core
