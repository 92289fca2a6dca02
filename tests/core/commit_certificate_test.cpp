#include "core/commit_certificate.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "core/limits.hpp"
#include "tests/core/validators_fixture.hpp"

namespace sluice::core {
namespace {

using test::TestValidators;

constexpr ChainIdentity chain{.chain_id = 20'022, .genesis_hash = {0x5e}};
constexpr Hash block_hash{0xb1};

const TestValidators& seven() {
    static const TestValidators validators({0, 1, 2, 3, 4, 5, 6});
    return validators;
}

CommitCertificate sealed(std::size_t count = 5) {
    return seven().seal(chain, 12, block_hash, count, 3);
}

std::optional<CertificateError> error_of(const CommitCertificate& certificate,
                                         const ValidatorSet& validators = seven().set(),
                                         const ChainIdentity& by = chain) {
    const auto verified = verify(certificate, by, validators);
    return verified ? std::nullopt : std::optional(verified.error());
}

CertificateError decode_error_of(const Bytes& encoded) {
    const auto certificate = decode_commit_certificate(encoded);
    EXPECT_FALSE(certificate);
    return certificate ? CertificateError::bad_signature : certificate.error();
}

TEST(SigningDigest, covers_everything_that_it_names) {
    const VoteSubject subject{
        .type = VoteType::commit, .height = 1, .view = 2, .digest = {3}, .validators_hash = {4}};
    const Hash digest = signing_digest(chain, subject);
    const auto changes = [&](auto change) {
        ChainIdentity other_chain = chain;
        VoteSubject other = subject;
        change(other_chain, other);
        return signing_digest(other_chain, other) != digest;
    };
    EXPECT_TRUE(changes([](ChainIdentity& c, VoteSubject&) { ++c.chain_id; }));
    EXPECT_TRUE(changes([](ChainIdentity& c, VoteSubject&) { c.genesis_hash[31] ^= 1; }));
    EXPECT_TRUE(changes([](ChainIdentity&, VoteSubject& s) { s.type = VoteType::prepare; }));
    EXPECT_TRUE(changes([](ChainIdentity&, VoteSubject& s) { ++s.height; }));
    EXPECT_TRUE(changes([](ChainIdentity&, VoteSubject& s) { ++s.view; }));
    EXPECT_TRUE(changes([](ChainIdentity&, VoteSubject& s) { s.digest[31] ^= 1; }));
    EXPECT_TRUE(changes([](ChainIdentity&, VoteSubject& s) { s.validators_hash[31] ^= 1; }));
    EXPECT_FALSE(changes([](ChainIdentity&, VoteSubject&) {}));
}

TEST(SigningDigest, is_the_hash_of_the_documented_bytes) {
    const VoteSubject subject{.type = VoteType::commit,
                              .height = 0x0102030405060708,
                              .view = 9,
                              .digest = {0xd1},
                              .validators_hash = {0xaa}};
    Bytes expected = to_bytes(view("sluice/vote/1"));
    append(expected, *from_hex("0000000000004e36"));
    append(expected, chain.genesis_hash);
    append(expected, *from_hex("03"
                               "0102030405060708"
                               "0000000000000009"));
    append(expected, subject.digest);
    append(expected, subject.validators_hash);
    EXPECT_EQ(signing_digest(chain, subject), keccak256(expected));
}

TEST(CommitCertificate, of_a_quorum_or_more_verifies) {
    for (std::size_t count = 5; count <= 7; ++count)
        EXPECT_EQ(error_of(sealed(count)), std::nullopt) << count;
}

TEST(CommitCertificate, below_the_quorum_is_refused) {
    for (std::size_t count = 0; count < 5; ++count)
        EXPECT_EQ(error_of(sealed(count)), CertificateError::below_quorum) << count;
}

TEST(CommitCertificate, with_one_vote_counted_twice_is_refused) {
    CommitCertificate certificate = sealed(4);
    certificate.signatures.push_back(certificate.signatures.back());
    EXPECT_EQ(error_of(certificate), CertificateError::unordered);
}

TEST(CommitCertificate, out_of_order_is_refused) {
    CommitCertificate certificate = sealed();
    std::swap(certificate.signatures[0], certificate.signatures[1]);
    EXPECT_EQ(error_of(certificate), CertificateError::unordered);
}

TEST(CommitCertificate, with_more_signatures_than_validators_is_refused) {
    CommitCertificate certificate = sealed(7);
    certificate.signatures.push_back(certificate.signatures.back());
    EXPECT_EQ(error_of(certificate), CertificateError::too_many);
}

TEST(CommitCertificate, of_a_stranger_is_refused) {
    CommitCertificate certificate = sealed();
    certificate.signatures.back().index = 7;
    EXPECT_EQ(error_of(certificate), CertificateError::unknown_validator);
}

TEST(CommitCertificate, whose_signature_stands_at_another_validators_place_is_refused) {
    CommitCertificate certificate = sealed(5);
    certificate.signatures[4].index = 6;
    EXPECT_EQ(error_of(certificate), CertificateError::bad_signature);
}

TEST(CommitCertificate, with_a_wrong_signature_beyond_the_quorum_is_refused) {
    CommitCertificate certificate = sealed(7);
    certificate.signatures[6].signature.r[31] ^= 1;
    EXPECT_EQ(error_of(certificate), CertificateError::bad_signature);
}

TEST(CommitCertificate, with_a_malleated_signature_is_refused) {
    CommitCertificate certificate = sealed();
    const Uint256 order =
        *uint256_from_hex("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    Signature& signature = certificate.signatures[2].signature;
    signature.s = (order - Uint256::from_word(signature.s)).to_word();
    signature.recovery_id ^= 1;
    EXPECT_EQ(error_of(certificate), CertificateError::high_s);
}

TEST(CommitCertificate, with_a_recovery_id_above_1_is_refused) {
    CommitCertificate certificate = sealed();
    certificate.signatures[0].signature.recovery_id = 2;
    EXPECT_EQ(error_of(certificate), CertificateError::malformed);
}

TEST(CommitCertificate, does_not_pass_for_another_block_view_height_chain_or_set) {
    const auto altered = [](auto change) {
        CommitCertificate certificate = sealed();
        change(certificate);
        return error_of(certificate);
    };
    EXPECT_EQ(altered([](CommitCertificate& c) { c.block_hash[0] ^= 1; }), CertificateError::bad_signature);
    EXPECT_EQ(altered([](CommitCertificate& c) { ++c.view; }), CertificateError::bad_signature);
    EXPECT_EQ(altered([](CommitCertificate& c) { ++c.height; }), CertificateError::bad_signature);
    const ChainIdentity other_genesis{.chain_id = chain.chain_id, .genesis_hash = {0x5f}};
    EXPECT_EQ(error_of(sealed(), seven().set(), other_genesis), CertificateError::bad_signature);
    // The same first seven validators with an eighth: another set, although five of eight positions agree.
    const TestValidators eight({0, 1, 2, 3, 4, 5, 6, 7});
    EXPECT_EQ(error_of(sealed(7), eight.set()), CertificateError::bad_signature);
}

TEST(CommitCertificate, mixed_of_two_views_is_refused) {
    CommitCertificate certificate = sealed(5);
    certificate.signatures[4] = seven().seal(chain, 12, block_hash, 5, 4).signatures[4];
    EXPECT_EQ(error_of(certificate), CertificateError::bad_signature);
}

TEST(CommitCertificate, made_of_prepares_is_refused) {
    CommitCertificate certificate = sealed(5);
    for (CommitSignature& vote : certificate.signatures)
        vote = seven().vote(vote.index, chain,
                            {.type = VoteType::prepare,
                             .height = certificate.height,
                             .view = certificate.view,
                             .digest = certificate.block_hash,
                             .validators_hash = seven().set().hash()});
    EXPECT_EQ(error_of(certificate), CertificateError::bad_signature);
}

TEST(CommitCertificate, of_a_single_validator_verifies) {
    const TestValidators one({9});
    EXPECT_EQ(error_of(one.seal(chain, 1, block_hash, 1), one.set()), std::nullopt);
}

TEST(CommitCertificate, survives_encoding_and_decoding) {
    for (std::size_t count = 0; count <= 7; ++count) {
        const CommitCertificate certificate = sealed(count);
        const Bytes encoded = encode(certificate);
        EXPECT_EQ(encoded.size(), 50 + 67 * count);
        EXPECT_EQ(decode_commit_certificate(encoded), certificate);
    }
}

TEST(CommitCertificate, decodes_from_nothing_but_its_exact_length) {
    Bytes encoded = encode(sealed());
    for (std::size_t size = 0; size < encoded.size(); ++size)
        EXPECT_EQ(decode_error_of(to_bytes(ByteView(encoded).first(size))), CertificateError::malformed)
            << size;
    encoded.push_back(0);
    EXPECT_EQ(decode_error_of(encoded), CertificateError::malformed);
}

TEST(CommitCertificate, decoder_refuses_a_recovery_id_above_1) {
    Bytes encoded = encode(sealed());
    encoded.back() = 2;
    EXPECT_EQ(decode_error_of(encoded), CertificateError::malformed);
}

TEST(CommitCertificate, with_100_000_claimed_signatures_is_refused_at_once) {
    // The count has two bytes, so that 100,000 signatures show as another number before a length that does
    // not fit.
    Bytes encoded(50 + 67 * 100'000);
    encoded[48] = 0xff;
    encoded[49] = 0xff;
    const auto start = std::chrono::steady_clock::now();
    constexpr int rounds = 1'000;
    for (int i = 0; i < rounds; ++i)
        ASSERT_EQ(decode_error_of(encoded), CertificateError::too_many);
    const auto spent = std::chrono::steady_clock::now() - start;
    EXPECT_LT(spent / rounds, std::chrono::milliseconds(1));
    encoded[48] = 0;
    encoded[49] = static_cast<std::uint8_t>(limits::validators_max + 1);
    EXPECT_EQ(decode_error_of(encoded), CertificateError::too_many);
    encoded[49] = static_cast<std::uint8_t>(limits::validators_max);
    EXPECT_EQ(decode_error_of(encoded), CertificateError::malformed);
}

TEST(CommitCertificate, form_is_checked_before_any_signature) {
    // 100 signatures that all fail to verify, behind a duplicate: refusing costs no curve operation, which
    // would take several milliseconds for 100.
    std::vector<std::size_t> numbers(limits::validators_max);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = i;
    const TestValidators hundred(numbers);
    CommitCertificate certificate = sealed(0);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        certificate.signatures.push_back({.index = static_cast<ValidatorIndex>(i), .signature = {}});
    certificate.signatures.back().index = 98;
    EXPECT_EQ(error_of(certificate, hundred.set()), CertificateError::unordered);
}

TEST(CommitCertificate, damaged_in_any_bit_never_verifies) {
    const TestValidators one({9});
    const Bytes encoded = encode(one.seal(chain, 1, block_hash, 1));
    for (std::size_t bit = 0; bit < encoded.size() * 8; ++bit) {
        Bytes damaged = encoded;
        damaged[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        const auto decoded = decode_commit_certificate(damaged);
        EXPECT_TRUE(!decoded || error_of(*decoded, one.set())) << bit;
    }
}

TEST(CertificateError, each_has_a_sentence_of_its_own) {
    std::vector<std::string_view> sentences;
    for (int error = 0; error <= static_cast<int>(CertificateError::bad_signature); ++error)
        sentences.push_back(describe(static_cast<CertificateError>(error)));
    std::sort(sentences.begin(), sentences.end());
    EXPECT_EQ(std::adjacent_find(sentences.begin(), sentences.end()), sentences.end());
}

}  // namespace
}  // namespace sluice::core
