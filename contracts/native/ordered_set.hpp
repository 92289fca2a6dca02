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

  private:
    core::Word key_of(unsigned level, std::uint64_t number) const;
    std::uint64_t descend(unsigned level, std::uint64_t prefix) const;

    Storage storage_;
    core::Word base_;
};

}  // namespace sluice::contracts::native
