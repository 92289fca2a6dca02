/// X.509 certificates for the network's TLS: making an authority and node certificates, and reading them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"

namespace sluice::network {

enum class CertificateError : std::uint8_t {
    not_pem,           ///< the text holds no PEM block of the wanted kind
    bad_key,           ///< a private key that does not load, or is no key of the certificate
    bad_name,          ///< an empty or over-long subject, or a SAN that is neither DNS name nor IP address
    bad_validity,      ///< not 1 … 36,500 days
    not_an_authority,  ///< the signing certificate is no CA
    openssl_failed,    ///< OpenSSL refused; should not happen
};
std::string_view describe(CertificateError error);

/// A certificate and its private key, both PEM text. The key is PKCS#8, unencrypted: write it with mode 0600.
struct CertificateAndKey {
    std::string certificate_pem;
    std::string key_pem;
};

/// A new self-signed authority: P-256, CA:TRUE with path length 0, keyCertSign and cRLSign, random serial.
/// Valid from one hour before `now_s` (Unix seconds).
core::Result<CertificateAndKey, CertificateError> make_authority(std::string_view common_name,
                                                                 std::int64_t now_s, unsigned valid_days);

struct NodeCertificateRequest {
    std::string common_name;
    std::vector<std::string> hosts{};  ///< SAN: DNS names and IP addresses
    /// Binds the certificate to one validator key: SAN URI `sluice:0x…`. Peers then refuse it with any other.
    std::optional<core::Address> address{};
    std::int64_t now_s = 0;
    unsigned valid_days = 0;
};

/// A fresh P-256 key and its certificate under `authority`: for both ends of TLS (clientAuth and serverAuth).
core::Result<CertificateAndKey, CertificateError> make_node_certificate(
    const CertificateAndKey& authority, const NodeCertificateRequest& request);

/// What a certificate says, for `doctor` and the tests.
struct CertificateInfo {
    std::string subject;  ///< one line, RFC 2253
    std::string issuer;
    std::string serial;             ///< hex
    std::int64_t not_before_s = 0;  ///< Unix seconds
    std::int64_t not_after_s = 0;
    bool is_authority = false;
    core::Hash spki_hash{};  ///< SHA-256 of the DER SubjectPublicKeyInfo (RFC 7469)
    std::vector<std::string> hosts;
    std::vector<core::Address> addresses;  ///< of all SAN URIs `sluice:0x…`
};

/// Reads the first certificate of a PEM text.
core::Result<CertificateInfo, CertificateError> inspect_certificate(std::string_view pem);

}  // namespace sluice::network
