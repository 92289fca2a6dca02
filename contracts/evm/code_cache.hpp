/// Analysed code by code hash, bounded.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "contracts/evm/code.hpp"
#include "contracts/evm/word_bytes.hpp"
#include "core/ids.hpp"

namespace sluice::contracts::evm {

/// A set-associative cache. Code that is running is pinned and stays. What is found never depends on what was
/// there before, only the time to find it.
class CodeCache {
  public:
    /// At most sets * ways codes: with the longest allowed code (EIP-170) some 57 MB.
    static constexpr std::size_t sets = 512;
    static constexpr std::size_t ways = 4;

    /// Keeps its code in place while it lives. Empty if the code could not be kept. Must not outlive the
    /// cache.
    class Pin {
      public:
        Pin() = default;
        Pin(Pin&& other) noexcept : line_(std::exchange(other.line_, nullptr)) {}
        Pin& operator=(Pin&&) = delete;
        ~Pin() {
            if (line_ != nullptr) --line_->pins;
        }
        /// Null for an empty pin.
        const Code* code() const { return line_ == nullptr ? nullptr : &line_->code; }

      private:
        friend class CodeCache;
        struct Line {
            core::Hash hash{};
            bool is_used = false;
            std::uint32_t pins = 0;
            Code code;
        };
        explicit Pin(Line* line) : line_(line) { ++line->pins; }
        Line* line_ = nullptr;
    };

    /// The code with that hash, analysed now if it is not here: then `load()` gives its bytes. Empty if all
    /// lines that could hold it are pinned, and for code over the size of deployed code.
    template <typename Load>
    Pin find(const core::Hash& hash, Load&& load) {
        Set& set = sets_[core::read_be64(hash.data()) % sets];
        for (const auto& line : set.lines)
            if (line != nullptr && line->is_used && are_equal(line->hash, hash)) return Pin(line.get());
        return fill(set, hash, load());
    }

  private:
    struct Set {
        std::array<std::unique_ptr<Pin::Line>, ways> lines;
        std::size_t next = 0;  ///< the line to give up first
    };
    static Pin fill(Set& set, const core::Hash& hash, const core::SharedBytes& code);

    std::vector<Set> sets_ = std::vector<Set>(sets);
};

}  // namespace sluice::contracts::evm
