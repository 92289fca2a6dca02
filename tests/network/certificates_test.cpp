#include "network/certificates.hpp"

#include <gtest/gtest.h>

#include "core/bytes.hpp"

namespace sluice::network {
namespace {

constexpr std::int64_t now_s = 1'800'000'000;

CertificateAndKey some_authority() {
    return *make_authority("Test consortium", now_s, 3'650);
}

NodeCertificateRequest some_request() {
    NodeCertificateRequest request;
    request.common_name = "bank-a";
    request.hosts = {"localhost", "127.0.0.1", "::1"};
    request.address.emplace();
    request.address->fill(0xab);
    request.now_s = now_s;
    request.valid_days = 30;
    return request;
}

TEST(Certificates, authority_is_one_and_says_who_it_is) {
    const auto info = inspect_certificate(some_authority().certificate_pem);
    ASSERT_TRUE(info.has_value());
    EXPECT_TRUE(info->is_authority);
    EXPECT_EQ(info->subject, "CN=Test consortium,O=Sluice");
    EXPECT_EQ(info->issuer, info->subject);
    EXPECT_EQ(info->not_before_s, now_s - 3'600);
    EXPECT_EQ(info->not_after_s, now_s + 3'650 * 86'400ll);
}

TEST(Certificates, node_certificate_carries_hosts_address_and_validity) {
    const auto made = make_node_certificate(some_authority(), some_request());
    ASSERT_TRUE(made.has_value());
    const auto info = inspect_certificate(made->certificate_pem);
    ASSERT_TRUE(info.has_value());
    EXPECT_FALSE(info->is_authority);
    EXPECT_EQ(info->issuer, "CN=Test consortium,O=Sluice");
    EXPECT_EQ(info->hosts, (std::vector<std::string>{"localhost", "127.0.0.1",
                                                     "0000:0000:0000:0000:0000:0000:0000:0001"}));
    EXPECT_EQ(info->addresses, (std::vector<core::Address>{*some_request().address}));
    EXPECT_EQ(info->not_after_s, now_s + 30 * 86'400);
    EXPECT_NE(made->key_pem.find("BEGIN PRIVATE KEY"), std::string::npos);
}

TEST(Certificates, serials_and_keys_differ_from_one_to_the_next) {
    const CertificateAndKey authority = some_authority();
    const auto first = inspect_certificate(make_node_certificate(authority, some_request())->certificate_pem);
    const auto second =
        inspect_certificate(make_node_certificate(authority, some_request())->certificate_pem);
    EXPECT_NE(first->serial, second->serial);
    EXPECT_NE(first->spki_hash, second->spki_hash);
}

TEST(Certificates, validity_and_names_out_of_bounds_are_refused) {
    EXPECT_EQ(make_authority("x", now_s, 0).error(), CertificateError::bad_validity);
    EXPECT_EQ(make_authority("x", now_s, 36'501).error(), CertificateError::bad_validity);
    EXPECT_EQ(make_authority("", now_s, 1).error(), CertificateError::bad_name);
    EXPECT_EQ(make_authority(std::string(65, 'x'), now_s, 1).error(), CertificateError::bad_name);
    for (const char* host : {"", "a,DNS:evil", "a b", "x\ny"}) {
        NodeCertificateRequest request = some_request();
        request.hosts = {host};
        EXPECT_EQ(make_node_certificate(some_authority(), request).error(), CertificateError::bad_name)
            << host;
    }
}

TEST(Certificates, node_certificate_cannot_sign_others) {
    const auto node = make_node_certificate(some_authority(), some_request());
    EXPECT_EQ(make_node_certificate(*node, some_request()).error(), CertificateError::not_an_authority);
}

TEST(Certificates, authority_with_the_key_of_another_is_refused) {
    CertificateAndKey mixed = some_authority();
    mixed.key_pem = some_authority().key_pem;
    EXPECT_EQ(make_node_certificate(mixed, some_request()).error(), CertificateError::bad_key);
}

TEST(Certificates, text_without_certificate_is_refused) {
    for (const char* pem : {"", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
        EXPECT_EQ(inspect_certificate(pem).error(), CertificateError::not_pem);
    }
    EXPECT_FALSE(inspect_certificate(some_authority().key_pem).has_value());
}

}  // namespace
}  // namespace sluice::network
