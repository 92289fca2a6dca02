/// Who may vote at a height, and how many votes decide (PBFT; q = ceil(2n/3), f = floor((n-1)/3)).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/rlp.hpp"

namespace sluice::core {

/// Position of a validator in its set.
using ValidatorIndex = std::uint16_t;

/// Votes that decide among n: the least q with 2q - n > f, and q <= n - f.
std::size_t quorum_size(std::size_t validators);
/// Faulty validators that n tolerate.
std::size_t faults_tolerated(std::size_t validators);

/// The ordered, duplicate-free, non-empty validators of a height. The order is part of the identity: it
/// decides primaries.
class ValidatorSet {
  public:
    /// Nothing if the list is empty, has duplicates, or is longer than limits::validators_max.
    static std::optional<ValidatorSet> make(std::vector<Address> members);

    std::size_t size() const { return members_.size(); }
    std::size_t quorum() const { return quorum_size(size()); }
    std::size_t faults() const { return faults_tolerated(size()); }
    /// Precondition: index < size().
    const Address& at(ValidatorIndex index) const { return members_[index]; }
    std::optional<ValidatorIndex> index_of(const Address& address) const;
    std::span<const Address> members() const { return members_; }
    /// keccak256(RLP list of the addresses in order), as headers and votes name the set.
    const Hash& hash() const { return hash_; }
    bool operator==(const ValidatorSet& other) const { return hash_ == other.hash_; }

    /// The index ((h / rotation_period) mod n + v mod n) mod n: exact for all 64-bit h and v, where the plain
    /// sum would wrap. Precondition (CHECK): rotation_period >= 1.
    ValidatorIndex primary(Height height, View view, std::uint64_t rotation_period) const;

  private:
    explicit ValidatorSet(std::vector<Address> members);
    std::vector<Address> members_;
    Hash hash_{};
};

/// RLP list of the addresses in order: the bytes under `ValidatorSet::hash`.
Bytes encode(const ValidatorSet& set);
/// Total. An empty list is rlp::Error::too_few_items, a longer one than limits::validators_max
/// too_many_items, a repeated address non_canonical.
Result<ValidatorSet, rlp::Error> decode_validator_set(ByteView encoded);

}  // namespace sluice::core
