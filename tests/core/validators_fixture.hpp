/// Validators with known keys, and certificates that they really sign.
#pragma once

#include <vector>

#include "core/commit_certificate.hpp"

namespace sluice::core::test {

/// The key of the validator with this number, the same in every run.
inline crypto::PrivateKey validator_key(std::size_t number) {
    const Hash seed = keccak256(word_from_u64(1'000 + number));
    return crypto::PrivateKey(std::span<const std::uint8_t, 32>(seed));
}

/// A set of validators with the given numbers, and their votes.
class TestValidators {
  public:
    explicit TestValidators(std::vector<std::size_t> numbers)
        : numbers_(std::move(numbers)), set_(make(numbers_)) {}

    const ValidatorSet& set() const { return set_; }

    CommitSignature vote(ValidatorIndex index, const ChainIdentity& chain, const VoteSubject& subject) const {
        return {.index = index,
                .signature = crypto::sign(signing_digest(chain, subject), validator_key(numbers_[index]))};
    }

    /// A certificate by the first `count` validators.
    CommitCertificate seal(const ChainIdentity& chain, Height height, const Hash& block_hash,
                           std::size_t count, View view = 0) const {
        const VoteSubject subject{.type = VoteType::commit,
                                  .height = height,
                                  .view = view,
                                  .digest = block_hash,
                                  .validators_hash = set_.hash()};
        CommitCertificate certificate{
            .height = height, .view = view, .block_hash = block_hash, .signatures = {}};
        for (std::size_t i = 0; i < count; ++i)
            certificate.signatures.push_back(vote(static_cast<ValidatorIndex>(i), chain, subject));
        return certificate;
    }

  private:
    static ValidatorSet make(const std::vector<std::size_t>& numbers) {
        std::vector<Address> members;
        for (const std::size_t number : numbers)
            members.push_back(crypto::address_of(validator_key(number)));
        return *ValidatorSet::make(members);
    }

    std::vector<std::size_t> numbers_;
    ValidatorSet set_;
};

}  // namespace sluice::core::test
