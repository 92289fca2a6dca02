/// Certificates: q signatures of distinct validators over one statement, in one view.
#pragma once

#include <span>
#include <vector>

#include "core/commit_certificate.hpp"

namespace sluice::consensus {

/// One signature of a certificate; the same shape for PREPARE and COMMIT.
using CertificateSignature = core::CommitSignature;

/// At least q PREPAREs of distinct validators for one (height, view, digest), ordered by index: what a lock
/// is.
struct PrepareCertificate {
    core::Height height = 0;
    core::View view = 0;
    core::Hash digest{};
    std::vector<CertificateSignature> signatures;
    bool operator==(const PrepareCertificate&) const = default;
};

/// Encoded size of one signature of a certificate: index (2), r, s, recovery id.
inline constexpr std::size_t certificate_signature_bytes = 2 + 32 + 32 + 1;

/// r, s, recovery id: 65 bytes. Reading refuses a recovery id above 1.
void append(core::Bytes& to, const core::Signature& signature);
bool read(core::ByteReader& from, core::Signature& signature);

/// Appends the canonical form: height, view, digest, count (2 bytes), then index (2), r, s, recovery id each.
void append(core::Bytes& to, const PrepareCertificate& certificate);
void append(core::Bytes& to, const core::CommitCertificate& certificate);
/// Total. The count is refused above limits::validators_max before anything is allocated. False on any
/// defect.
bool read(core::ByteReader& from, PrepareCertificate& certificate);
bool read(core::ByteReader& from, core::CommitCertificate& certificate);

/// Everything about a list of signatures that costs no elliptic-curve operation: count, order, members, low
/// s.
core::Result<void, core::CertificateError> check_shape(std::span<const CertificateSignature> signatures,
                                                       const core::ValidatorSet& validators);

}  // namespace sluice::consensus
