/// What validators sign, and the certificate that makes a block final: q COMMIT signatures of one view.
#pragma once

#include <vector>

#include "core/validator_set.hpp"

namespace sluice::core {

/// Names one chain inside every signature, so that nothing passes from one to another.
struct ChainIdentity {
    std::uint64_t chain_id = 0;
    Hash genesis_hash{};
    bool operator==(const ChainIdentity&) const = default;
};

/// The kinds of signed consensus messages; the byte is inside every signature.
enum class VoteType : std::uint8_t {
    pre_prepare = 1,
    prepare = 2,
    commit = 3,
    view_change = 4,
    new_view = 5,
    heartbeat = 6,
    status_report = 7,
};

/// Everything that a signature covers.
struct VoteSubject {
    VoteType type{};
    Height height = 0;
    View view = 0;
    Hash digest{};
    Hash validators_hash{};  ///< set of `height`
    bool operator==(const VoteSubject&) const = default;
};

/// keccak256("sluice/vote/1" ‖ chain id ‖ genesis hash ‖ type ‖ height ‖ view ‖ digest ‖ validators hash),
/// integers as 8 bytes big-endian, the type as one byte.
Hash signing_digest(const ChainIdentity& chain, const VoteSubject& subject);

struct CommitSignature {
    ValidatorIndex index = 0;
    Signature signature;
    bool operator==(const CommitSignature&) const = default;
};

/// At least q signatures of distinct validators over (commit, height, view, block hash), ordered by index.
/// It lies beside the block; nodes may hold different certificates for one block.
struct CommitCertificate {
    Height height = 0;
    View view = 0;
    Hash block_hash{};
    std::vector<CommitSignature> signatures;
    bool operator==(const CommitCertificate&) const = default;
};

enum class CertificateError {
    malformed,          ///< not its canonical encoding
    too_many,           ///< more signatures than validators
    below_quorum,       ///< fewer than q
    unordered,          ///< not strictly increasing indices (covers duplicates)
    unknown_validator,  ///< an index outside the set
    high_s,             ///< a signature in its malleated form
    bad_signature,      ///< does not recover to the validator at its index
};
std::string_view describe(CertificateError error);

/// height (8) ‖ view (8) ‖ block hash (32) ‖ count (2) ‖ count × (index (2) ‖ r (32) ‖ s (32) ‖ recovery id
/// (1)), integers big-endian. Precondition (CHECK): at most 65,535 signatures.
Bytes encode(const CommitCertificate& certificate);
/// Total; the number of signatures is bounded by limits::validators_max before anything is allocated.
/// Looks at the form only: everything else is `verify`'s.
Result<CommitCertificate, CertificateError> decode_commit_certificate(ByteView encoded);
/// Every signature must verify, also those beyond the quorum. Everything that costs little is checked before
/// the first signature. `validators` is the set of certificate.height; whether height and block hash are the
/// wanted ones is the caller's question.
Result<void, CertificateError> verify(const CommitCertificate& certificate, const ChainIdentity& chain,
                                      const ValidatorSet& validators);

}  // namespace sluice::core
