/// Damaged messages: always an answer, never a crash.
#include <gtest/gtest.h>

#include <random>

#include "cli/iso20022/answer.hpp"
#include "tests/cli/message_builder.hpp"

namespace sluice::cli::iso20022::test {
namespace {

constexpr core::UnixMs noon = 1'795'348'800'000;

/// Reads and answers. A message that is taken is another payment than its bytes say only if it has their
/// hash.
void read_and_answer(const std::string& text) {
    const auto read = read_credit_transfer(text, euro_rules());
    if (read) {
        EXPECT_FALSE(contracts::native::find_fault(contracts::native::view_of(read->instruction)));
        EXPECT_EQ(read->instruction.message_hash, core::keccak256(core::view(text)));
        return;
    }
    const auto answer = answer_refusal(read.error(), noon);
    EXPECT_FALSE(answer.reason.empty());
    EXPECT_FALSE(answer.text.empty());
    EXPECT_TRUE(read_xml(answer.xml, {})) << answer.xml;
}

std::string mutated(std::string text, std::mt19937_64& random) {
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
    for (std::size_t count = 1 + below(3); count > 0 && !text.empty(); --count) {
        const auto at = below(text.size());
        switch (below(5)) {
            case 0:
                text[at] = static_cast<char>(random());
                break;
            case 1:
                text.erase(at, 1 + below(20));
                break;
            case 2:
                text.insert(at, 1, "<>&\"'/=;:!?-[]\0\xC3"[below(16)]);
                break;
            case 3:
                text.insert(at, text.substr(below(text.size()), 1 + below(40)));
                break;
            default:
                text[at] = text[below(text.size())];
                break;
        }
    }
    return text;
}

TEST(IsoMutation, every_damaged_message_gets_an_answer) {
    std::mt19937_64 random(20'022);
    auto with_header = bank_transfer();
    with_header.header = header_for(with_header.name);
    const std::string messages[] = {bank_transfer().text(), customer_transfer().text(), with_header.text()};
    for (const auto& message : messages)
        ASSERT_EQ(verdict(message), "");
    for (std::size_t i = 0; i < 6'000; ++i)
        read_and_answer(mutated(messages[i % 3], random));
}

TEST(IsoMutation, every_truncated_message_is_unreadable) {
    const auto text = customer_transfer().text();
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto code = verdict(text.substr(0, size));
        ASSERT_TRUE(code == "admi XmlNotWellFormed" || code == "admi XmlForbidden") << size << " " << code;
    }
}

}  // namespace
}  // namespace sluice::cli::iso20022::test
