/// Published sample messages of Fedwire and CBPR+: each is read, or refused for a reason that its content
/// explains.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/iso20022/answer.hpp"
#include "cli/iso20022/envelope.hpp"
#include "tests/cli/message_builder.hpp"
#include "tests/cli/sample_data.hpp"

namespace sluice::cli::iso20022::test {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

nlohmann::json index(const fs::path& file) {
    return nlohmann::json::parse(read(file), nullptr, false);
}

TEST(IsoSamples, fedwire_payments_name_their_banks_by_clearing_member_ids_alone) {
    const auto folder = sample_data() / "iso20022";
    if (!fs::exists(folder / "fedwire_index.json")) GTEST_SKIP() << "no samples at " << folder;
    std::size_t payments = 0;
    for (const auto& row : index(folder / "fedwire_index.json")) {
        const auto file = folder / "fedwire" / (row["file"].get<std::string>() + ".xml");
        if (!fs::exists(file)) continue;
        const auto name = row["msg"].get<std::string>();
        const auto code = verdict(read(file), {});
        if (name.rfind("pacs.008", 0) != 0 && name.rfind("pacs.009", 0) != 0) {
            EXPECT_EQ(code, "admi UnsupportedMessage") << file;
            continue;
        }
        ++payments;
        EXPECT_TRUE(code == "RJCT RC08" || code == "RJCT FF01") << file << ": " << code;
    }
    EXPECT_GT(payments, 5u);
}

TEST(IsoSamples, cbpr_payments_are_read_where_header_and_document_agree) {
    const auto folder = sample_data() / "iso20022";
    if (!fs::exists(folder / "cbpr_hvps_index.json")) GTEST_SKIP() << "no samples at " << folder;
    std::map<std::string, std::size_t> seen;
    for (const auto& row : index(folder / "cbpr_hvps_index.json")) {
        auto relative = row["file"].get<std::string>();
        relative = "cbpr_hvps" + relative.substr(relative.find('/'));
        if (!fs::exists(folder / relative)) continue;
        const auto name = row["document"].is_string() ? row["document"].get<std::string>() : "";
        if (name.rfind("pacs.008", 0) != 0 && name.rfind("pacs.009", 0) != 0) continue;
        const auto text = read(folder / relative);
        const auto outcome = read_credit_transfer(text, {});
        const auto code = verdict(text, {});
        ++seen[code];
        if (row["hdr_matches"] == false) {
            EXPECT_EQ(code, "admi HeaderMismatch") << relative;
        }
        EXPECT_TRUE(outcome || !answer_refusal(outcome.error(), 0).text.empty());
        if (outcome && row["UETR"].is_string()) {
            EXPECT_EQ(outcome->original.uetr, row["UETR"].get<std::string>()) << relative;
        }
        if (!outcome) {
            RecordProperty(relative.substr(relative.rfind('/') + 1),
                           code + " " + outcome.error().rejection.text);
            const bool is_known = code == "admi HeaderMismatch" || code.rfind("RJCT ", 0) == 0;
            EXPECT_TRUE(is_known) << relative << ": " << code << " " << outcome.error().rejection.place << " "
                                  << outcome.error().rejection.text;
        }
    }
    EXPECT_GT(seen[""], 0u);
}

}  // namespace
}  // namespace sluice::cli::iso20022::test
