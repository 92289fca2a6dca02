/// An ordered set of numbers in storage, as a trie of 256-bit words: arrival numbers of a queue, times that
/// are due.
#pragma once

#include <optional>

#include "contracts/native/storage_field.hpp"

namespace sluice::contracts::native {

/// Numbers below 2^48. What lies in storage depends on the members only, not on the order of their coming.
/// Insert and erase touch one or two slots as a rule and six at most; `first` and `after` read up to six and
/// eleven.
class OrderedSet {
  public:
    static constexpr std::uint64_t limit = std::uint64_t{1} << 48;

    /// `base` names the set: a row key whose bytes 23 to 31 are zero.
    OrderedSet(const Storage& storage, const core::Word& base) : storage_(storage), base_(base) {}

    /// False if `number` was there. Precondition (CHECKed): number < limit.
    bool insert(std::uint64_t number) const;
    /// False if `number` was not there.
    bool erase(std::uint64_t number) const;
    bool contains(std::uint64_t number) const;
    /// The least member.
    std::optional<std::uint64_t> first() const;
    /// The least member greater than `number`.
    std::optional<std::uint64_t> after(std::uint64_t number) const;

    /// The least number of the word at `key`, which lies under the base of some set; nothing if the word is
    /// not of the lowest level, where each bit is a number.
    static std::optional<std::uint64_t> first_number_at(const core::Word& key);
    /// Calls visit(offset of the number in the word, is a member now) for every bit in which two words
    /// differ.
    template <typename Visit>
    static void for_each_difference(const core::Word& before, const core::Word& now, Visit&& visit) {
        for (unsigned bit = 0; bit < 256; ++bit) {
            const auto mask = static_cast<std::uint8_t>(0x80u >> (bit % 8));
            if (((before[bit / 8] ^ now[bit / 8]) & mask) != 0) visit(bit, (now[bit / 8] & mask) != 0);
        }
    }

  private:
    core::Word key_of(unsigned level, std::uint64_t number) const;
    std::uint64_t descend(unsigned level, std::uint64_t prefix) const;

    Storage storage_;
    core::Word base_;
};

}  // namespace sluice::contracts::native
