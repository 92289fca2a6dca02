/// Faults found by verification: listed up to a limit, counted beyond. Internal to the ledger.
#pragma once

#include "core/merkle.hpp"
#include "ledger/verify.hpp"

namespace sluice::ledger {

class FaultList {
  public:
    explicit FaultList(std::size_t listed_max) : listed_max_(listed_max) {}

    void add(core::Height height, std::string what) {
        ++found_;
        if (faults_.size() < listed_max_) faults_.push_back({height, std::move(what)});
    }

    /// Runs `check`; rows that cannot be read are faults too, and end this check only.
    template <typename Check>
    void guard(core::Height height, Check check) {
        try {
            check();
        } catch (const StorageFailure& failure) {
            add(height, failure.what());
        } catch (const core::merkle::DamagedTrie& damage) {
            add(height, "damaged trie node at a path of " + std::to_string(damage.path.size()) + " nibbles");
        }
    }

    std::uint64_t found() const { return found_; }
    std::vector<Fault> take() { return std::move(faults_); }

  private:
    std::size_t listed_max_;
    std::uint64_t found_ = 0;
    std::vector<Fault> faults_;
};

}  // namespace sluice::ledger
