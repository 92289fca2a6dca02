/// Analysed code by code hash, bounded.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <vector>

#include "contracts/evm/code.hpp"
#include "contracts/evm/word_bytes.hpp"
#include "core/ids.hpp"

namespace sluice::contracts::evm {

/// A set-associative cache, and beside it whatever one round needs more: a code is analysed once in a round,
/// so that calling contracts whose hashes fall together costs what calling any others costs. What is found
/// never depends on what was there before, only the time to find it.
class CodeCache {
  public:
    /// Kept from round to round are at most sets * ways codes: with the longest code that a creation may
    /// leave (EIP-170) some 57 MB.
    static constexpr std::size_t sets = 512;
    static constexpr std::size_t ways = 4;

    /// Keeps its code in place while it lives. Must not outlive the cache.
    class Pin {
      public:
        Pin(Pin&& other) noexcept : line_(std::exchange(other.line_, nullptr)) {}
        Pin& operator=(Pin&&) = delete;
        ~Pin() {
            if (line_ != nullptr) --line_->pins;
        }
        const Code& code() const { return line_->code; }

      private:
        friend class CodeCache;
        struct Line {
            core::Hash hash{};
            std::uint64_t round = 0;  ///< in which it was found last; 0: holds nothing
            std::uint32_t pins = 0;
            Code code;
        };
        explicit Pin(Line* line) : line_(line) { ++line->pins; }
        Line* line_ = nullptr;
    };

    /// The code with that hash, analysed now if it is not here: then `load()` gives its bytes.
    template <typename Load>
    Pin find(const core::Hash& hash, Load&& load) {
        Set& set = sets_[core::read_be64(hash.data()) % sets];
        for (const auto& line : set.lines)
            if (line != nullptr && line->round != 0 && are_equal(line->hash, hash)) {
                line->round = round_;
                return Pin(line.get());
            }
        if (!more_.empty())
            if (const auto found = more_.find(hash); found != more_.end()) return Pin(found->second.get());
        return fill(set, hash, load());
    }

    /// A transaction, or another call from outside, has ended: what it needed beyond the sets goes. In a
    /// round that are as many codes as its gas pays first accesses for (EIP-2929). No pin may live.
    void end_round();

  private:
    struct Set {
        std::array<std::unique_ptr<Pin::Line>, ways> lines;
        std::size_t next = 0;  ///< the line to give up first
    };
    Pin fill(Set& set, const core::Hash& hash, const core::SharedBytes& code);

    std::vector<Set> sets_ = std::vector<Set>(sets);
    std::map<core::Hash, std::unique_ptr<Pin::Line>> more_;
    std::uint64_t round_ = 1;
};

}  // namespace sluice::contracts::evm
