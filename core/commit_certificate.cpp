#include "core/commit_certificate.hpp"

#include "core/check.hpp"
#include "core/limits.hpp"

namespace sluice::core {

namespace {

constexpr std::size_t header_bytes = 8 + 8 + 32 + 2;
constexpr std::size_t signature_bytes = 2 + 32 + 32 + 1;

/// Everything that can be refused without a curve operation.
Result<void, CertificateError> verify_form(const CommitCertificate& certificate,
                                           const ValidatorSet& validators) {
    const auto& signatures = certificate.signatures;
    if (signatures.size() > validators.size()) return fail(CertificateError::too_many);
    if (signatures.size() < validators.quorum()) return fail(CertificateError::below_quorum);
    for (std::size_t i = 0; i < signatures.size(); ++i) {
        if (i > 0 && signatures[i].index <= signatures[i - 1].index) return fail(CertificateError::unordered);
        if (signatures[i].index >= validators.size()) return fail(CertificateError::unknown_validator);
        if (signatures[i].signature.recovery_id > 1) return fail(CertificateError::malformed);
        if (!crypto::is_low_s(signatures[i].signature)) return fail(CertificateError::high_s);
    }
    return {};
}

}  // namespace

Hash signing_digest(const ChainIdentity& chain, const VoteSubject& subject) {
    Bytes signed_bytes = to_bytes(view("sluice/vote/1"));
    append_be64(signed_bytes, chain.chain_id);
    append(signed_bytes, chain.genesis_hash);
    signed_bytes.push_back(static_cast<std::uint8_t>(subject.type));
    append_be64(signed_bytes, subject.height);
    append_be64(signed_bytes, subject.view);
    append(signed_bytes, subject.digest);
    append(signed_bytes, subject.validators_hash);
    return keccak256(signed_bytes);
}

std::string_view describe(CertificateError error) {
    switch (error) {
        case CertificateError::malformed:
            return "the certificate is not in its canonical encoding";
        case CertificateError::too_many:
            return "the certificate has more signatures than there are validators";
        case CertificateError::below_quorum:
            return "the certificate has fewer signatures than a quorum needs";
        case CertificateError::unordered:
            return "the signatures of the certificate are not in strictly rising order of their validators";
        case CertificateError::unknown_validator:
            return "the certificate names a validator that is not in the set";
        case CertificateError::high_s:
            return "the certificate holds a signature in its malleated form (s above half the group order)";
        case CertificateError::bad_signature:
            return "a signature of the certificate was not made by the validator that it names";
    }
    return "unknown certificate error";
}

Bytes encode(const CommitCertificate& certificate) {
    CHECK(certificate.signatures.size() <= 0xffff);
    Bytes encoded;
    encoded.reserve(header_bytes + signature_bytes * certificate.signatures.size());
    append_be64(encoded, certificate.height);
    append_be64(encoded, certificate.view);
    append(encoded, certificate.block_hash);
    append_be16(encoded, static_cast<std::uint16_t>(certificate.signatures.size()));
    for (const CommitSignature& vote : certificate.signatures) {
        append_be16(encoded, vote.index);
        append(encoded, vote.signature.r);
        append(encoded, vote.signature.s);
        encoded.push_back(vote.signature.recovery_id);
    }
    return encoded;
}

Result<CommitCertificate, CertificateError> decode_commit_certificate(ByteView encoded) {
    ByteReader reader(encoded);
    CommitCertificate certificate;
    certificate.height = reader.be64();
    certificate.view = reader.be64();
    reader.fill(certificate.block_hash);
    const std::size_t count = reader.be16();
    if (!reader.ok()) return fail(CertificateError::malformed);
    if (count > limits::validators_max) return fail(CertificateError::too_many);
    if (reader.rest().size() != count * signature_bytes) return fail(CertificateError::malformed);
    certificate.signatures.resize(count);
    for (CommitSignature& vote : certificate.signatures) {
        vote.index = reader.be16();
        reader.fill(vote.signature.r);
        reader.fill(vote.signature.s);
        vote.signature.recovery_id = reader.u8();
        if (vote.signature.recovery_id > 1) return fail(CertificateError::malformed);
    }
    return certificate;
}

Result<void, CertificateError> verify(const CommitCertificate& certificate, const ChainIdentity& chain,
                                      const ValidatorSet& validators) {
    if (const auto form = verify_form(certificate, validators); !form) return form;
    const Hash digest = signing_digest(chain, {.type = VoteType::commit,
                                               .height = certificate.height,
                                               .view = certificate.view,
                                               .digest = certificate.block_hash,
                                               .validators_hash = validators.hash()});
    for (const CommitSignature& vote : certificate.signatures) {
        const auto signer = crypto::recover_address(digest, vote.signature);
        if (!signer || *signer != validators.at(vote.index)) return fail(CertificateError::bad_signature);
    }
    return {};
}

}  // namespace sluice::core
