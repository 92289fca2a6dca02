#include "network/certificates.hpp"

#include <array>
#include <ctime>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "core/check.hpp"
#include "network/openssl_handles.hpp"

namespace sluice::network {

namespace {

constexpr unsigned valid_days_max = 36'500;
constexpr std::int64_t clock_slack_s = 3'600;
constexpr std::int64_t day_s = 86'400;
constexpr int serial_bits = 127;  // positive and under 20 octets (RFC 5280 §4.1.2.2)

using Failure = core::Result<void, CertificateError>;

/// Forgets what OpenSSL queued: a later call must not report this one's errors.
template <typename E>
tl::unexpected<E> refuse(E error) {
    ERR_clear_error();
    return core::fail(error);
}

struct Blank {
    CertificateHandle certificate;
    KeyHandle key;
};

struct Validity {
    std::int64_t now_s;
    unsigned days;
};

Failure set_serial(X509* certificate) {
    const BigNumberHandle serial(BN_new());
    if (!serial || BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) != 1 ||
        BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) == nullptr) {
        return refuse(CertificateError::openssl_failed);
    }
    return {};
}

Failure set_validity(X509* certificate, const Validity& validity) {
    if (validity.days < 1 || validity.days > valid_days_max) return refuse(CertificateError::bad_validity);
    const std::int64_t begin = validity.now_s - clock_slack_s;
    const std::int64_t end = validity.now_s + static_cast<std::int64_t>(validity.days) * day_s;
    if (ASN1_TIME_set(X509_getm_notBefore(certificate), static_cast<std::time_t>(begin)) == nullptr ||
        ASN1_TIME_set(X509_getm_notAfter(certificate), static_cast<std::time_t>(end)) == nullptr) {
        return refuse(CertificateError::bad_validity);
    }
    return {};
}

Failure set_subject(X509* certificate, std::string_view common_name) {
    // 64 characters is X.520's limit for a common name.
    if (common_name.empty() || common_name.size() > 64) return refuse(CertificateError::bad_name);
    X509_NAME* name = X509_get_subject_name(certificate);
    const std::string text(common_name);
    if (X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, core::view("Sluice").data(), 6, -1, 0) != 1 ||
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, core::view(text).data(),
                                   static_cast<int>(text.size()), -1, 0) != 1) {
        return refuse(CertificateError::bad_name);
    }
    return {};
}

/// A certificate with everything but issuer, extensions and signature, over a fresh key.
core::Result<Blank, CertificateError> make_blank(std::string_view common_name, const Validity& validity) {
    Blank blank{CertificateHandle(X509_new()), KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"))};
    if (!blank.certificate || !blank.key) return refuse(CertificateError::openssl_failed);
    X509* certificate = blank.certificate.get();
    if (X509_set_version(certificate, X509_VERSION_3) != 1 ||
        X509_set_pubkey(certificate, blank.key.get()) != 1) {
        return refuse(CertificateError::openssl_failed);
    }
    if (const auto done = set_serial(certificate); !done) return core::fail(done.error());
    if (const auto done = set_validity(certificate, validity); !done) return core::fail(done.error());
    if (const auto done = set_subject(certificate, common_name); !done) return core::fail(done.error());
    return blank;
}

Failure add_extension(X509* certificate, X509* issuer, int nid, const std::string& value,
                      CertificateError error) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) return refuse(error);
    return {};
}

struct ExtensionRow {
    int nid;
    const char* value;
};

Failure add_extensions(X509* certificate, X509* issuer, std::span<const ExtensionRow> rows) {
    for (const ExtensionRow& row : rows) {
        const auto added =
            add_extension(certificate, issuer, row.nid, row.value, CertificateError::openssl_failed);
        if (!added) return added;
    }
    return {};
}

bool is_san_text(const std::string& host) {
    // The extension is built from a configuration line, where commas and the like have a meaning.
    return !host.empty() && host.size() <= 253 &&
           host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-_*") ==
               std::string::npos;
}

bool is_ip_literal(const std::string& host) {
    return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

core::Result<std::string, CertificateError> alternative_names(const NodeCertificateRequest& request) {
    std::string line;
    for (const std::string& host : request.hosts) {
        if (!is_san_text(host)) return refuse(CertificateError::bad_name);
        line += (line.empty() ? "" : ",") + std::string(is_ip_literal(host) ? "IP:" : "DNS:") + host;
    }
    if (request.address) {
        line += (line.empty() ? "" : ",") + std::string("URI:") + std::string(address_uri_prefix) +
                core::to_hex_0x(*request.address);
    }
    return line;
}

core::Result<CertificateAndKey, CertificateError> sign_and_encode(const Blank& blank, EVP_PKEY* signing_key) {
    if (X509_sign(blank.certificate.get(), signing_key, EVP_sha256()) <= 0) {
        return refuse(CertificateError::openssl_failed);
    }
    const BioHandle certificate(BIO_new(BIO_s_mem()));
    const BioHandle key(BIO_new(BIO_s_secmem()));
    if (!certificate || !key || PEM_write_bio_X509(certificate.get(), blank.certificate.get()) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(key.get(), blank.key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
            1) {
        return refuse(CertificateError::openssl_failed);
    }
    return CertificateAndKey{.certificate_pem = text_of(certificate.get()), .key_pem = text_of(key.get())};
}

CertificateHandle read_certificate(std::string_view pem) {
    const BioHandle bio = read_only_bio(pem);
    CertificateHandle certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate) ERR_clear_error();
    return certificate;
}

/// Never asks at the terminal for the password of an encrypted key.
int no_password(char*, int, int, void*) {
    return 0;
}

core::Result<Blank, CertificateError> read_authority(const CertificateAndKey& authority) {
    CertificateHandle certificate = read_certificate(authority.certificate_pem);
    if (!certificate) return refuse(CertificateError::not_pem);
    if (X509_check_ca(certificate.get()) != 1) return refuse(CertificateError::not_an_authority);
    const BioHandle bio = read_only_bio(authority.key_pem);
    KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
    if (!key || X509_check_private_key(certificate.get(), key.get()) != 1) {
        return refuse(CertificateError::bad_key);
    }
    return Blank{std::move(certificate), std::move(key)};
}

std::string name_line(const X509_NAME* name) {
    const BioHandle bio(BIO_new(BIO_s_mem()));
    CHECK(bio != nullptr);
    X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
    return text_of(bio.get());
}

std::int64_t unix_seconds(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    return static_cast<std::int64_t>(timegm(&parts));
}

std::string serial_hex(X509* certificate) {
    const BigNumberHandle serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    CHECK(serial != nullptr);
    char* hex = BN_bn2hex(serial.get());
    CHECK(hex != nullptr);
    std::string text(hex);
    OPENSSL_free(hex);
    return text;
}

std::string ip_text(core::ByteView bytes) {
    if (bytes.size() == 4) {
        std::string text;
        for (const std::uint8_t byte : bytes)
            text += (text.empty() ? "" : ".") + std::to_string(byte);
        return text;
    }
    std::string text;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        text += (text.empty() ? "" : ":") + core::to_hex(bytes.subspan(i, 2));
    }
    return text;
}

std::vector<std::string> hosts_of(X509* certificate) {
    std::vector<std::string> hosts;
    const AlternativeNamesHandle names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    if (!names) return hosts;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
        const ASN1_STRING* value = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
        const core::ByteView bytes(ASN1_STRING_get0_data(value),
                                   static_cast<std::size_t>(ASN1_STRING_length(value)));
        hosts.push_back(name->type == GEN_DNS ? std::string(core::text_view(bytes)) : ip_text(bytes));
    }
    return hosts;
}

}  // namespace

std::string_view describe(CertificateError error) {
    constexpr std::array<std::string_view, 6> sentences{
        "the file holds no PEM block of the wanted kind",
        "the private key does not load or does not belong to the certificate",
        "a name is empty, too long, or neither a DNS name nor an IP address",
        "the validity must be from 1 to 36500 days",
        "the signing certificate is not that of an authority",
        "OpenSSL refused the operation",
    };
    return sentences[static_cast<std::size_t>(error)];
}

core::Result<CertificateAndKey, CertificateError> make_authority(std::string_view common_name,
                                                                 std::int64_t now_s, unsigned valid_days) {
    constexpr std::array<ExtensionRow, 3> rows{{{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                                {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                                {NID_subject_key_identifier, "hash"}}};
    const auto blank = make_blank(common_name, {now_s, valid_days});
    if (!blank) return core::fail(blank.error());
    X509* certificate = blank->certificate.get();
    if (X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) != 1) {
        return refuse(CertificateError::openssl_failed);
    }
    if (const auto added = add_extensions(certificate, certificate, rows); !added) {
        return core::fail(added.error());
    }
    return sign_and_encode(*blank, blank->key.get());
}

core::Result<CertificateAndKey, CertificateError> make_node_certificate(
    const CertificateAndKey& authority, const NodeCertificateRequest& request) {
    constexpr std::array<ExtensionRow, 5> rows{{{NID_basic_constraints, "critical,CA:FALSE"},
                                                {NID_key_usage, "critical,digitalSignature"},
                                                {NID_ext_key_usage, "serverAuth,clientAuth"},
                                                {NID_subject_key_identifier, "hash"},
                                                {NID_authority_key_identifier, "keyid"}}};
    const auto issuer = read_authority(authority);
    if (!issuer) return core::fail(issuer.error());
    const auto names = alternative_names(request);
    if (!names) return core::fail(names.error());
    const auto blank = make_blank(request.common_name, {request.now_s, request.valid_days});
    if (!blank) return core::fail(blank.error());
    X509* certificate = blank->certificate.get();
    X509* issuing = issuer->certificate.get();
    if (X509_set_issuer_name(certificate, X509_get_subject_name(issuing)) != 1) {
        return refuse(CertificateError::openssl_failed);
    }
    if (const auto added = add_extensions(certificate, issuing, rows); !added)
        return core::fail(added.error());
    if (!names->empty()) {
        const auto added =
            add_extension(certificate, issuing, NID_subject_alt_name, *names, CertificateError::bad_name);
        if (!added) return core::fail(added.error());
    }
    return sign_and_encode(*blank, issuer->key.get());
}

core::Result<CertificateInfo, CertificateError> inspect_certificate(std::string_view pem) {
    const CertificateHandle handle = read_certificate(pem);
    if (!handle) return refuse(CertificateError::not_pem);
    X509* certificate = handle.get();
    return CertificateInfo{.subject = name_line(X509_get_subject_name(certificate)),
                           .issuer = name_line(X509_get_issuer_name(certificate)),
                           .serial = serial_hex(certificate),
                           .not_before_s = unix_seconds(X509_get0_notBefore(certificate)),
                           .not_after_s = unix_seconds(X509_get0_notAfter(certificate)),
                           .is_authority = X509_check_ca(certificate) == 1,
                           .spki_hash = spki_hash_of(certificate),
                           .hosts = hosts_of(certificate),
                           .addresses = addresses_of(certificate)};
}

}  // namespace sluice::network
