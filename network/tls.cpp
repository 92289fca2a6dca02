#include "network/tls.hpp"

#include <algorithm>
#include <array>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <boost/asio/ssl/error.hpp>

#include "network/openssl_handles.hpp"

namespace sluice::network {

namespace {

using Kind = TransportError::Kind;
using Loaded = core::Result<void, TransportError>;

/// OpenSSL adds this to the alert's number in the reason of an alert that was received
/// (SSL_AD_REASON_OFFSET).
constexpr int alert_reason_offset = 1'000;

std::string openssl_words() {
    const unsigned long code = ERR_peek_last_error();
    const char* reason = ERR_reason_error_string(code);
    ERR_clear_error();
    return reason != nullptr ? reason : "unknown reason";
}

tl::unexpected<TransportError> refuse(Kind kind, std::string_view what, const std::string& file) {
    return core::fail(
        TransportError{kind, std::string(what) + " '" + file + "' cannot be used: " + openssl_words()});
}

/// Never asks at the terminal for the password of an encrypted key.
int no_password(char*, int, int, void*) {
    return 0;
}

void restrict(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_max_early_data(context, 0);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_default_passwd_cb(context, no_password);
}

Loaded load_revocations(SSL_CTX* context, const std::string& file) {
    const BioHandle bio(BIO_new_file(file.c_str(), "r"));
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    int count = 0;
    while (bio) {
        const RevocationListHandle list(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
        if (!list) break;
        if (X509_STORE_add_crl(store, list.get()) != 1) break;
        ++count;
    }
    if (count == 0) return refuse(Kind::bad_revocation_list, "the revocation list", file);
    ERR_clear_error();
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
    return {};
}

Loaded load_files(SSL_CTX* context, const TlsFiles& files) {
    if (SSL_CTX_load_verify_locations(context, files.authority_file.c_str(), nullptr) != 1) {
        return refuse(Kind::bad_authority, "the certificate authority file", files.authority_file);
    }
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate_file.c_str()) != 1) {
        return refuse(Kind::bad_certificate, "the certificate file", files.certificate_file);
    }
    if (SSL_CTX_use_PrivateKey_file(context, files.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
        const bool is_other_key = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
        if (is_other_key) {
            ERR_clear_error();
            return core::fail(
                TransportError{Kind::key_does_not_match, "the key file '" + files.key_file +
                                                             "' is not the key of the certificate '" +
                                                             files.certificate_file + "'"});
        }
        return refuse(Kind::bad_key, "the key file", files.key_file);
    }
    if (!files.revocation_file.empty()) return load_revocations(context, files.revocation_file);
    return {};
}

/// Alerts by which the other side says that it does not like our certificate (RFC 8446 §6.2).
bool is_certificate_alert(int alert) {
    constexpr std::array<int, 8> alerts{SSL_AD_BAD_CERTIFICATE,     SSL_AD_UNSUPPORTED_CERTIFICATE,
                                        SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED,
                                        SSL_AD_CERTIFICATE_UNKNOWN, SSL_AD_UNKNOWN_CA,
                                        SSL_AD_ACCESS_DENIED,       TLS13_AD_CERTIFICATE_REQUIRED};
    return std::find(alerts.begin(), alerts.end(), alert) != alerts.end();
}

}  // namespace

core::Result<TlsContext, TransportError> load_tls(const TlsFiles& files) {
    ERR_clear_error();
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tlsv13);
    restrict(context->native_handle());
    if (auto loaded = load_files(context->native_handle(), files); !loaded) {
        return core::fail(std::move(loaded.error()));
    }
    return context;
}

core::Result<SessionFacts, Refusal> session_facts(SSL* session) {
    const CertificateHandle peer(SSL_get1_peer_certificate(session));
    X509* own = SSL_get_certificate(session);
    if (!peer || own == nullptr)
        return core::fail(Refusal{CloseReason::certificate_refused, "no certificate"});
    SessionFacts facts;
    facts.own_spki = spki_hash_of(own);
    facts.peer_spki = spki_hash_of(peer.get());
    facts.certified = addresses_of(peer.get());
    const int exported =
        SSL_export_keying_material(session, facts.exporter.data(), facts.exporter.size(),
                                   exporter_label.data(), exporter_label.size(), nullptr, 0, 0);
    if (exported != 1) return core::fail(Refusal{CloseReason::tls_failed, "no exporter value"});
    return facts;
}

TlsFailure explain(const boost::system::error_code& error, SSL* session) {
    TlsFailure failure;
    failure.refusal.reason = CloseReason::tls_failed;
    failure.refusal.detail = printable(error.message(), 200);
    if (error.category() != boost::asio::error::get_ssl_category()) return failure;
    const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
    if (reason >= alert_reason_offset) {
        failure.refused_by_peer = true;
        if (is_certificate_alert(reason - alert_reason_offset)) {
            failure.refusal.reason = CloseReason::certificate_refused;
        }
        return failure;
    }
    const long verdict = SSL_get_verify_result(session);
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        failure.refusal.reason = CloseReason::certificate_refused;
        failure.refusal.detail = X509_verify_cert_error_string(verdict);
    }
    if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
        failure.refusal.reason = CloseReason::certificate_refused;
    }
    return failure;
}

}  // namespace sluice::network
