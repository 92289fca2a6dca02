/// A state in memory that tests execute over, and that refuses diffs which are not canonical.
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "core/state.hpp"

namespace sluice::contracts::test {

class MemoryState final : public core::StateView {
  public:
    std::optional<core::Account> account(const core::Address& address) const override {
        ++reads;
        const auto found = accounts_.find(address);
        return found == accounts_.end() ? std::nullopt : std::optional(found->second);
    }
    core::Word storage(const core::Address& address, const core::Word& key) const override {
        ++reads;
        const auto found = slots_.find({address, key});
        return found == slots_.end() ? core::Word{} : found->second;
    }
    core::SharedBytes code(const core::Hash& code_hash) const override {
        const auto found = codes_.find(code_hash);
        return found == codes_.end() ? nullptr : found->second;
    }
    bool has_storage(const core::Address& address) const override {
        const auto first = slots_.lower_bound({address, core::Word{}});
        return first != slots_.end() && first->first.first == address;
    }

    void put(const core::Address& address, const core::Account& account) { accounts_[address] = account; }
    void put_code(const core::Address& address, core::Bytes code) {
        const core::Hash hash = core::keccak256(code);
        accounts_[address].code_hash = hash;
        codes_[hash] = core::share(std::move(code));
    }
    void put_slot(const core::Address& address, const core::Word& key, const core::Word& value) {
        if (value == core::Word{})
            slots_.erase({address, key});
        else
            slots_[{address, key}] = value;
    }

    /// Applies a diff, failing the test where it is unsorted or says nothing new.
    void apply(const core::StateDiff& diff) {
        for (std::size_t i = 0; i < diff.accounts.size(); ++i) {
            if (i > 0) {
                EXPECT_LT(diff.accounts[i - 1].address, diff.accounts[i].address);
            }
            apply(diff.accounts[i]);
        }
    }

    /// Every stored slot of an account, by key.
    template <typename Visit>
    void for_each_slot(const core::Address& address, Visit&& visit) const {
        auto at = slots_.lower_bound({address, core::Word{}});
        for (; at != slots_.end() && at->first.first == address; ++at)
            visit(at->first.second, at->second);
    }

    mutable std::size_t reads = 0;

  private:
    void erase_storage(const core::Address& address) {
        auto at = slots_.lower_bound({address, core::Word{}});
        while (at != slots_.end() && at->first.first == address)
            at = slots_.erase(at);
    }
    void apply(const core::AccountChange& change) {
        const auto before = accounts_.find(change.address);
        if (!change.account) {
            EXPECT_NE(before, accounts_.end()) << "deletes what is not there";
            EXPECT_TRUE(change.slots.empty());
            accounts_.erase(change.address);
            erase_storage(change.address);
            return;
        }
        const bool is_same = before != accounts_.end() && before->second == *change.account;
        EXPECT_FALSE(is_same && change.slots.empty() && !change.storage_cleared) << "says nothing";
        if (change.storage_cleared) erase_storage(change.address);
        accounts_[change.address] = *change.account;
        for (std::size_t i = 0; i < change.slots.size(); ++i) {
            const core::SlotChange& slot = change.slots[i];
            if (i > 0) {
                EXPECT_LT(change.slots[i - 1].key, slot.key);
            }
            EXPECT_NE(storage(change.address, slot.key), slot.value);
            put_slot(change.address, slot.key, slot.value);
        }
        if (change.code) codes_[core::keccak256(*change.code)] = change.code;
        const bool has_code =
            change.account->code_hash == core::empty_code_hash || code(change.account->code_hash);
        EXPECT_TRUE(has_code);
    }

    std::map<core::Address, core::Account> accounts_;
    std::map<std::pair<core::Address, core::Word>, core::Word> slots_;
    std::map<core::Hash, core::SharedBytes> codes_;
};

}  // namespace sluice::contracts::test
