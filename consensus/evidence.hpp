/// Equivocation: two different signed messages of one validator for one height, view and type.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/commit_certificate.hpp"

namespace sluice::consensus {

/// A statement with its signature: enough for anybody to verify who said it.
struct SignedStatement {
    core::VoteSubject subject;
    core::Signature signature;
    bool operator==(const SignedStatement&) const = default;
};

/// Proof against `validator`: same type, height and view, different digests, both signed.
struct Evidence {
    core::Address validator{};
    SignedStatement first;
    SignedStatement second;
    bool operator==(const Evidence&) const = default;
};

/// Whether the proof holds on this chain: what anybody who is shown one checks.
bool verify(const Evidence& evidence, const core::ChainIdentity& chain);

/// A bounded collection, one entry per validator, height, view and type; the first ones stay.
class EvidenceLog {
  public:
    /// True if it was new and there was room.
    bool add(const Evidence& evidence);
    const std::vector<Evidence>& entries() const { return entries_; }

  private:
    std::vector<Evidence> entries_;
};

}  // namespace sluice::consensus
