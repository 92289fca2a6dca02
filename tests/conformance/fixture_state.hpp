/// A whole state in memory, as a fixture's "pre" describes it, with its root.
#pragma once

#include <map>

#include "core/state.hpp"
#include "tests/conformance/fixture_json.hpp"

namespace sluice::conformance {

class FixtureState final : public core::StateView {
  public:
    FixtureState() = default;
    /// From an object of addresses with nonce, balance, code and storage. Throws FixtureError.
    explicit FixtureState(const Json& accounts);

    std::optional<core::Account> account(const core::Address& address) const override;
    core::Word storage(const core::Address& address, const core::Word& key) const override;
    core::SharedBytes code(const core::Hash& code_hash) const override;
    bool has_storage(const core::Address& address) const override;

    void apply(const core::StateDiff& diff);
    core::Hash root() const;
    /// One line per account and slot in which this state differs from `other`; for reports of failures.
    std::string difference_to(const FixtureState& other) const;

  private:
    struct Entry {
        core::Account account;
        std::map<core::Word, core::Word> storage;
        bool operator==(const Entry&) const = default;
    };
    std::map<core::Address, Entry> entries_;
    std::map<core::Hash, core::SharedBytes> codes_;
};

}  // namespace sluice::conformance
