/// Owning pointers to OpenSSL's objects.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "core/ids.hpp"

namespace sluice::network {

template <auto free_function>
struct OpensslDeleter {
    template <typename Object>
    void operator()(Object* object) const {
        free_function(object);
    }
};

using BioHandle = std::unique_ptr<BIO, OpensslDeleter<BIO_free_all>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, OpensslDeleter<EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, OpensslDeleter<X509_free>>;
using RevocationListHandle = std::unique_ptr<X509_CRL, OpensslDeleter<X509_CRL_free>>;
using ExtensionHandle = std::unique_ptr<X509_EXTENSION, OpensslDeleter<X509_EXTENSION_free>>;
using AlternativeNamesHandle = std::unique_ptr<GENERAL_NAMES, OpensslDeleter<GENERAL_NAMES_free>>;
using BigNumberHandle = std::unique_ptr<BIGNUM, OpensslDeleter<BN_free>>;

/// A BIO that reads `text`, which must outlive it.
BioHandle read_only_bio(std::string_view text);
/// Everything written to a memory BIO so far.
std::string text_of(BIO* bio);

/// Prefix of the SAN URI that names a validator address.
inline constexpr std::string_view address_uri_prefix = "sluice:";

/// SHA-256 of the DER SubjectPublicKeyInfo (RFC 7469).
core::Hash spki_hash_of(X509* certificate);
/// Addresses of the certificate's SAN URIs `sluice:0x…`, malformed ones left out.
std::vector<core::Address> addresses_of(X509* certificate);

}  // namespace sluice::network
