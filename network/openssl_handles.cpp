#include "network/openssl_handles.hpp"

#include "core/check.hpp"
#include "crypto/hash.hpp"

namespace sluice::network {

BioHandle read_only_bio(std::string_view text) {
    BioHandle bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    CHECK(bio != nullptr);
    return bio;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

core::Hash spki_hash_of(X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    CHECK(size > 0);
    const core::Hash hash = crypto::sha256({der, static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return hash;
}

std::vector<core::Address> addresses_of(X509* certificate) {
    std::vector<core::Address> addresses;
    const AlternativeNamesHandle names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    if (!names) return addresses;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_URI) continue;
        const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
        const std::string_view text =
            core::text_view({ASN1_STRING_get0_data(uri), static_cast<std::size_t>(ASN1_STRING_length(uri))});
        if (!text.starts_with(address_uri_prefix)) continue;
        const auto address = core::address_from_hex(text.substr(address_uri_prefix.size()));
        if (address) addresses.push_back(*address);
    }
    return addresses;
}

}  // namespace sluice::network
