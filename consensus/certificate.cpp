#include "consensus/certificate.hpp"

#include "core/check.hpp"
#include "core/limits.hpp"

namespace sluice::consensus {

namespace {

void append_signatures(core::Bytes& to, std::span<const CertificateSignature> signatures) {
    CHECK(signatures.size() <= core::limits::validators_max);
    core::append_be16(to, static_cast<std::uint16_t>(signatures.size()));
    for (const CertificateSignature& vote : signatures) {
        core::append_be16(to, vote.index);
        append(to, vote.signature);
    }
}

bool read_signatures(core::ByteReader& from, std::vector<CertificateSignature>& signatures) {
    const std::size_t count = from.be16();
    if (!from.ok() || count > core::limits::validators_max) return false;
    if (from.rest().size() < count * certificate_signature_bytes) return false;
    signatures.resize(count);
    for (CertificateSignature& vote : signatures) {
        vote.index = from.be16();
        if (!read(from, vote.signature)) return false;
    }
    return true;
}

}  // namespace

void append(core::Bytes& to, const core::Signature& signature) {
    core::append(to, signature.r);
    core::append(to, signature.s);
    to.push_back(signature.recovery_id);
}

bool read(core::ByteReader& from, core::Signature& signature) {
    from.fill(signature.r);
    from.fill(signature.s);
    signature.recovery_id = from.u8();
    return from.ok() && signature.recovery_id <= 1;
}

void append(core::Bytes& to, const PrepareCertificate& certificate) {
    core::append_be64(to, certificate.height);
    core::append_be64(to, certificate.view);
    core::append(to, certificate.digest);
    append_signatures(to, certificate.signatures);
}

void append(core::Bytes& to, const core::CommitCertificate& certificate) {
    core::append_be64(to, certificate.height);
    core::append_be64(to, certificate.view);
    core::append(to, certificate.block_hash);
    append_signatures(to, certificate.signatures);
}

bool read(core::ByteReader& from, PrepareCertificate& certificate) {
    certificate.height = from.be64();
    certificate.view = from.be64();
    from.fill(certificate.digest);
    return read_signatures(from, certificate.signatures);
}

bool read(core::ByteReader& from, core::CommitCertificate& certificate) {
    certificate.height = from.be64();
    certificate.view = from.be64();
    from.fill(certificate.block_hash);
    return read_signatures(from, certificate.signatures);
}

core::Result<void, core::CertificateError> check_shape(std::span<const CertificateSignature> signatures,
                                                       const core::ValidatorSet& validators) {
    using core::CertificateError;
    if (signatures.size() > validators.size()) return core::fail(CertificateError::too_many);
    if (signatures.size() < validators.quorum()) return core::fail(CertificateError::below_quorum);
    for (std::size_t i = 0; i < signatures.size(); ++i) {
        if (i > 0 && signatures[i].index <= signatures[i - 1].index) {
            return core::fail(CertificateError::unordered);
        }
        if (signatures[i].index >= validators.size()) return core::fail(CertificateError::unknown_validator);
        if (!crypto::is_low_s(signatures[i].signature)) return core::fail(CertificateError::high_s);
    }
    return {};
}

}  // namespace sluice::consensus
