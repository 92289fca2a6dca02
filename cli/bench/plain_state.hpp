/// A state in memory that measurements execute over. It is read, never changed.
#pragma once

#include <map>

#include "core/state.hpp"

namespace sluice::cli::bench {

class PlainState final : public core::StateView {
  public:
    std::optional<core::Account> account(const core::Address& address) const override;
    core::Word storage(const core::Address& address, const core::Word& key) const override;
    core::SharedBytes code(const core::Hash& code_hash) const override;
    bool has_storage(const core::Address& address) const override;

    void put(const core::Address& address, core::Account account, core::Bytes code);
    /// `value` may be zero: then nothing is stored.
    void put_slot(const core::Address& address, const core::Word& key, const core::Word& value);

  private:
    std::map<core::Address, core::Account> accounts_;
    std::map<std::pair<core::Address, core::Word>, core::Word> slots_;
    std::map<core::Hash, core::SharedBytes> codes_;
};

}  // namespace sluice::cli::bench
