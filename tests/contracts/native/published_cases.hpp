/// Published settlement cases of others, read where they lie, and chains to play them on.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts::test {

using nlohmann::json;

inline std::filesystem::path data_folder() {
    const char* named = std::getenv("SLUICE_DATA");
    return named != nullptr ? std::filesystem::path(named)
                            : std::filesystem::path(SLUICE_SOURCE_DIR) / ".." / "shared" / "data";
}

/// The case with that id; nothing where the file is absent.
inline std::optional<json> find_case(const std::string& file, const std::string& id) {
    std::ifstream in(data_folder() / "settlement" / file);
    if (!in) return std::nullopt;
    for (const json& each : json::parse(in))
        if (each.at("id") == id) return each;
    return std::nullopt;
}

/// Banks and payments of one case on a chain of its own. Payment numbers count from 1 in the order of the
/// case.
class CaseRun {
  public:
    explicit CaseRun(const std::vector<std::string>& banks) : banks_(banks), chain(banks.size()) {}

    std::size_t bank(const std::string& id) const {
        const auto found = std::find(banks_.begin(), banks_.end(), id);
        EXPECT_NE(found, banks_.end()) << id;
        return static_cast<std::size_t>(found - banks_.begin());
    }
    void fund(const std::string& id, std::int64_t balance) {
        if (balance > 0) chain.issue(bank(id), static_cast<core::Minor>(balance));
    }
    native::Status pay(const std::string& payer, const std::string& payee, std::uint64_t amount,
                       native::Priority priority = native::Priority::normal) {
        drafts.push_back({.payer = bank(payer),
                          .payee = bank(payee),
                          .amount = amount,
                          .number = drafts.size() + 1,
                          .priority = priority});
        return chain.pay(drafts.back()).status;
    }
    std::size_t settled() const {
        return static_cast<std::size_t>(std::count_if(
            drafts.begin(), drafts.end(),
            [&](const PaymentDraft& draft) { return chain.status(draft) == native::Status::settled; }));
    }
    /// Amounts of a bank's queue in order.
    std::vector<std::uint64_t> queued_amounts(const std::string& id) const {
        std::vector<std::uint64_t> amounts;
        for (const native::PaymentId& each : chain.queue(bank(id)))
            amounts.push_back(static_cast<std::uint64_t>(chain.payment(each).amount));
        return amounts;
    }
    void expect_closing(const json& closing) const {
        for (const auto& [id, balance] : closing.items())
            EXPECT_EQ(static_cast<std::int64_t>(chain.balance(bank(id))), balance.get<std::int64_t>()) << id;
    }

  private:
    std::vector<std::string> banks_;

  public:
    SettlementChain chain;
    std::vector<PaymentDraft> drafts;
};

/// Why a test is skipped.
inline std::string absent() {
    return "no such case under " + data_folder().string() + " (set SLUICE_DATA)";
}

}  // namespace sluice::contracts::test
