#include "cli/batch/payment_file.hpp"

#include <gtest/gtest.h>

namespace sluice::cli::batch {
namespace {

namespace native = contracts::native;

FileRules rules(std::string label = {}) {
    return {.payer = *core::Bic::parse("BNKADEFF"),
            .find_bank = [](const std::string& name) -> core::Result<core::Bic, std::string> {
                const auto bic = core::Bic::parse(name == "bank-b" ? "BNKBDEFF" : name);
                if (!bic || *bic == *core::Bic::parse("ZZZZDEFF"))
                    return core::fail(std::string("nobody has the BIC"));
                return *bic;
            },
            .find_exponent = [](const core::CurrencyCode& code) -> core::Result<unsigned, std::string> {
                if (code.to_string() == "EUR") return 2u;
                if (code.to_string() == "JPY") return 0u;
                return core::fail(std::string("not settled here"));
            },
            .label = std::move(label)};
}

std::vector<FilePayment> payments(std::string_view text, const std::string& label = {}) {
    auto read = read_payment_file(text, rules(label));
    if (read) return std::move(*read);
    for (const auto& fault : read.error())
        ADD_FAILURE() << fault.line << ": " << fault.sentence;
    return {};
}

/// "LINE word", with the first word of each sentence.
std::vector<std::string> faults(std::string_view text) {
    std::vector<std::string> found;
    const auto read = read_payment_file(text, rules());
    if (read) return found;
    for (const auto& fault : read.error())
        found.push_back(std::to_string(fault.line) + " " +
                        fault.sentence.substr(0, fault.sentence.find(' ')));
    return found;
}

std::string uetr(const FilePayment& payment) {
    return core::Uetr{payment.instruction.uetr}.to_string();
}

TEST(PaymentFile, columns_may_come_in_any_order_and_most_may_be_absent) {
    const auto rows = payments("ccy,Amount,payee\nEUR,250.00,bank-b\nJPY,7,BNKCDEFF\n");
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].line, 2u);
    EXPECT_EQ(rows[0].instruction.amount, 25'000u);
    EXPECT_EQ(rows[0].instruction.payee, core::Bic::parse("BNKBDEFF")->chars());
    EXPECT_EQ(rows[0].instruction.message_type, native::tag_of(native::MessageType::bank_credit));
    EXPECT_EQ(rows[0].instruction.priority, native::Priority::normal);
    EXPECT_EQ(rows[0].instruction.value_date, 0u);
    EXPECT_EQ(rows[0].instruction.end_to_end_id, "NOTPROVIDED");
    EXPECT_EQ(rows[1].instruction.amount, 7u);
}

TEST(PaymentFile, every_column_has_its_place_in_the_instruction) {
    const auto rows = payments(
        "payee,amount,currency,reference,type,priority,Value date,uetr\n"
        "BNKBDEFF,1.5,EUR,INV 7,pacs.008,High,2026-11-24,8a562c67-ca16-48ba-b074-65581be6f001\n");
    ASSERT_EQ(rows.size(), 1u);
    const auto& instruction = rows[0].instruction;
    EXPECT_EQ(instruction.amount, 150u);
    EXPECT_EQ(instruction.end_to_end_id, "INV 7");
    EXPECT_EQ(instruction.message_type, native::tag_of(native::MessageType::customer_credit));
    EXPECT_EQ(instruction.priority, native::Priority::high);
    EXPECT_EQ(instruction.value_date, 20261124u);
    EXPECT_EQ(uetr(rows[0]), "8a562c67-ca16-48ba-b074-65581be6f001");
}

TEST(PaymentFile, the_same_row_has_the_same_uetr_in_every_file) {
    const auto first = payments("payee,amount,ccy,reference\nBNKBDEFF,1,EUR,a\nBNKBDEFF,2,EUR,b\n");
    const auto corrected =
        payments("payee,amount,ccy,reference\nBNKCDEFF,9,EUR,new\nBNKBDEFF,2,EUR,b\nBNKBDEFF,1.00,EUR,a\n");
    EXPECT_EQ(uetr(first[0]), uetr(corrected[2]));
    EXPECT_EQ(uetr(first[1]), uetr(corrected[1]));
    EXPECT_NE(uetr(first[0]), uetr(first[1]));
    EXPECT_TRUE(core::Uetr::parse(uetr(first[0])).has_value());
}

TEST(PaymentFile, equal_rows_are_different_payments_and_so_are_labels) {
    const auto* text = "payee,amount,ccy\nBNKBDEFF,1,EUR\nBNKBDEFF,1,EUR\n";
    const auto rows = payments(text);
    EXPECT_NE(uetr(rows[0]), uetr(rows[1]));
    EXPECT_NE(uetr(rows[0]), uetr(payments(text, "december")[0]));
    EXPECT_NE(uetr(rows[0]), uetr(payments("payee,amount,ccy,value_date\nBNKBDEFF,1,EUR,2026-11-24\n")[0]));
}

TEST(PaymentFile, everything_that_is_wrong_is_told_by_line) {
    EXPECT_EQ(
        faults("payee,amount,ccy,reference,type,priority,value_date,uetr\n"
               "BNKBDEFF,1,EUR\n"
               "ZZZZDEFF,1,EUR\n"
               "BNKADEFF,1,EUR\n"
               "BNKBDEFF,1.005,EUR\n"
               "BNKBDEFF,0,EUR\n"
               "BNKBDEFF,1,USD\n"
               "BNKBDEFF,1,euro\n"
               "BNKBDEFF,1,EUR,\xc3\xa9\n"
               "BNKBDEFF,1,EUR,,pacs.004\n"
               "BNKBDEFF,1,EUR,,,urgent\n"
               "BNKBDEFF,1,EUR,,,,2026-02-30\n"
               "BNKBDEFF,1,EUR,,,,,7\n"
               "BNKBDEFF,1,EUR,,,,,,,\n"),
        (std::vector<std::string>{"3 payee:", "4 payee:", "5 amount", "6 amount:", "7 ccy:", "8 ccy", "9 a",
                                  "10 type", "11 priority", "12 value_date", "13 uetr", "14 10"}));
}

TEST(PaymentFile, one_uetr_stands_for_one_row) {
    EXPECT_EQ(faults("payee,amount,ccy,uetr\n"
                     "BNKBDEFF,1,EUR,8a562c67-ca16-48ba-b074-65581be6f001\n"
                     "BNKBDEFF,2,EUR,8a562c67-ca16-48ba-b074-65581be6f001\n"),
              (std::vector<std::string>{"3 uetr:"}));
}

TEST(PaymentFile, a_header_that_is_none_stops_everything) {
    EXPECT_EQ(faults("payee,amount\nBNKBDEFF,1\n").size(), 1u);
    EXPECT_EQ(faults("payee,amount,ccy,color\n").size(), 1u);
    EXPECT_EQ(faults("payee,amount,ccy,currency\n").size(), 1u);
    EXPECT_EQ(faults("payee,amount,ccy\n").size(), 1u) << "no payments";
    EXPECT_EQ(faults("").size(), 1u);
}

}  // namespace
}  // namespace sluice::cli::batch
