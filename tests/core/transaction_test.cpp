#include "core/transaction.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::core {
namespace {

Bytes hex(std::string_view text) {
    return *from_hex(text);
}

Address address(std::string_view text) {
    return *address_from_hex(text);
}

crypto::PrivateKey key_of(std::uint8_t byte) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(byte);
    return crypto::PrivateKey(bytes);
}

/// The example of EIP-155.
Transaction eip155_example() {
    Transaction transaction;
    transaction.chain_id = 1;
    transaction.nonce = 9;
    transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = 20'000'000'000ull;
    transaction.gas_limit = 21'000;
    transaction.to = address("0x3535353535353535353535353535353535353535");
    transaction.value = 1'000'000'000'000'000'000ull;
    return transaction;
}
constexpr std::string_view eip155_encoded =
    "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939"
    "bc2195fe"
    "537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b"
    "6d83";

/// Transactions of the official Ethereum tests (ethereum/tests, TransactionTests) and of deployed
/// infrastructure, with their public hashes and senders.
struct KnownTransaction {
    const char* name;
    std::string_view encoded;
    std::string_view hash;
    std::string_view sender;
};
constexpr KnownTransaction known_transactions[] = {
    {"legacy with v = 37 (ttVValue/V_equals37)",
     "f865808698852840a46f82d6d894095e7baea6a6c7c4c2dfeb977efac326af552d87808025a098ff921201554726367d2be8c80"
     "4a7ff89cc"
     "f285ebc57dff8ae4c44b9c19ac4aa01887321be575c8095f789dd4c743dfe42c1820f9231f98a962b210e3ac2452a3",
     "4782cb5edcaeda1f0aef204b161214f124cefade9e146245183abbb9ca01bca5",
     "2ea991808ba979ba103147edfd72304ebd95c028"},
    {"dynamic fee (ttEIP1559/GasLimitPriceProductOverflowtMinusOne)",
     "02f885018084773594009f02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff82520894095e7baea6a"
     "6c7c4c2"
     "dfeb977efac326af552d878080c080a05cbd172231fc0735e0fb994dd5b1a4939170a260b36f0427a8a80866b063b948a07c230"
     "f7f578dd6"
     "1785c93361b9871c0706ebfa6d06e3f4491dc9558c5202ed36",
     "dad8bff3ecfcf95169b1d5625b47f3372be795802bc4fe570991cf332f609334",
     "ae2aec498d20869d441eaaf708fb1e375ae1787d"},
    {"access list (ttEIP2930/accessListStorage32Bytes)",
     "01f89a018001826a4094095e7baea6a6c7c4c2dfeb977efac326af552d878080f838f794a95e7baea6a6c7c4c2dfeb977efac32"
     "6af552d87"
     "e1a0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff80a05cbd172231fc0735e0fb994dd5b1a49"
     "39170a2"
     "60b36f0427a8a80866b063b948a07c230f7f578dd61785c93361b9871c0706ebfa6d06e3f4491dc9558c5202ed36",
     "b4f8b14a7aaf85ec2f76be9fbe4155deae1f87b2da95af73be3c27ed8d4c8cb7",
     "ebe76799923fd62804659fb00b4f0f1a94c0eb1e"},
    {"legacy without chain id: the deployment of the CREATE2 proxy",
     "f8a58085174876e800830186a08080b853604580600e600039806000f350fe7ffffffffffffffffffffffffffffffffffffffff"
     "fffffffff"
     "ffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba022222222222"
     "222222222"
     "22222222222222222222222222222222222222222222a0222222222222222222222222222222222222222222222222222222222"
     "2222222",
     "eddf9e61fb9d8f5111840daef55e5fde0041f5702856532cdbb5a02998033d26",
     "3fab184622dc19b6109349b94811493bf2a45362"},
    {"legacy whose s is shorter than 32 bytes",
     "f85f800a83030d4094ce32c24fa487a8e3e9e552d1ab9ba4622123b9bf808026a037c8ae996ce379930aef58a848aa3b31ca034"
     "068ab7cd2"
     "48c2ba9bf372f268d49f3f7573f3cb31b6ce17737873792b6fe114e1a780fa69f148026321c6582192",
     "", "7150fc6decdc8fbc42a99ff797e0993b2933086a"},
};

Transaction typed(TransactionType type) {
    Transaction transaction = eip155_example();
    transaction.type = type;
    transaction.chain_id = 20'022;
    if (type == TransactionType::dynamic_fee) transaction.max_priority_fee_per_gas = 1;
    transaction.data = {1, 2, 3, 4};
    transaction.access_list = {{.address = {0x11}, .storage_keys = {word_from_u64(1), word_from_u64(2)}},
                               {.address = {0x22}, .storage_keys = {}}};
    sign(transaction, key_of(0x46));
    return transaction;
}

TransactionError error_of(ByteView encoded) {
    const auto transaction = decode_transaction(encoded);
    EXPECT_FALSE(transaction) << to_hex(encoded.first(std::min<std::size_t>(encoded.size(), 40)));
    return transaction ? TransactionError{} : transaction.error();
}

/// Encodes a legacy transaction with this v in place of its own.
Bytes legacy_with_v(const Uint256& v) {
    const Transaction transaction = eip155_example();
    Bytes fields;
    rlp::encode_u64(fields, transaction.nonce);
    rlp::encode_uint256(fields, transaction.max_fee_per_gas);
    rlp::encode_u64(fields, transaction.gas_limit);
    rlp::encode_address(fields, *transaction.to);
    rlp::encode_uint256(fields, transaction.value);
    rlp::encode_bytes(fields, {});
    rlp::encode_uint256(fields, v);
    rlp::encode_u64(fields, 1);
    rlp::encode_u64(fields, 1);
    return rlp::wrap_list(fields);
}

TEST(Transaction, example_of_eip_155_signs_to_the_published_bytes) {
    Transaction transaction = eip155_example();
    EXPECT_EQ(to_hex(signing_hash(transaction)),
              "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53");
    sign(transaction, key_of(0x46));
    EXPECT_EQ(v_of(transaction), Uint256(37));
    EXPECT_EQ(to_hex(encode(transaction)), eip155_encoded);
}

TEST(Transaction, example_of_eip_155_recovers_to_its_sender) {
    const auto recovered = recover_transaction(share(hex(eip155_encoded)));
    ASSERT_TRUE(recovered);
    EXPECT_EQ(checksum_hex((*recovered)->sender), "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F");
    EXPECT_EQ((*recovered)->hash, keccak256(hex(eip155_encoded)));
    EXPECT_EQ((*recovered)->transaction.chain_id, 1u);
}

TEST(Transaction, known_transactions_recover_to_their_senders_and_encode_to_their_bytes) {
    for (const KnownTransaction& known : known_transactions) {
        SCOPED_TRACE(known.name);
        const SharedBytes encoded = share(hex(known.encoded));
        const auto recovered = recover_transaction(encoded);
        ASSERT_TRUE(recovered);
        EXPECT_EQ(to_hex((*recovered)->sender), known.sender);
        if (!known.hash.empty()) {
            EXPECT_EQ(to_hex((*recovered)->hash), known.hash);
        }
        EXPECT_EQ(encode((*recovered)->transaction), *encoded);
        EXPECT_EQ(hash_of((*recovered)->transaction), (*recovered)->hash);
        EXPECT_EQ((*recovered)->encoded, encoded) << "the encoded bytes are shared, not copied";
    }
}

TEST(Transaction, of_each_signed_type_survives_encoding_and_recovers) {
    const auto signer = crypto::address_of(key_of(0x46));
    for (const auto type : {TransactionType::access_list, TransactionType::dynamic_fee}) {
        const Transaction transaction = typed(type);
        const Bytes encoded = encode(transaction);
        EXPECT_EQ(encoded[0], static_cast<std::uint8_t>(type));
        const auto recovered = recover_transaction(share(encoded));
        ASSERT_TRUE(recovered);
        EXPECT_EQ((*recovered)->transaction, transaction);
        EXPECT_EQ((*recovered)->sender, signer);
    }
}

TEST(Transaction, creation_has_no_recipient) {
    Transaction creation = typed(TransactionType::dynamic_fee);
    creation.to = std::nullopt;
    sign(creation, key_of(0x46));
    const auto decoded = decode_transaction(encode(creation));
    ASSERT_TRUE(decoded);
    EXPECT_FALSE(decoded->to);
}

TEST(Transaction, signature_covers_every_field_of_the_payload) {
    const Transaction signed_one = typed(TransactionType::dynamic_fee);
    const Hash hash = signing_hash(signed_one);
    const auto changed = [&](auto change) {
        Transaction other = signed_one;
        change(other);
        return signing_hash(other) != hash;
    };
    EXPECT_TRUE(changed([](Transaction& t) { t.type = TransactionType::access_list; }));
    EXPECT_TRUE(changed([](Transaction& t) { t.chain_id = 1; }));
    EXPECT_TRUE(changed([](Transaction& t) { ++t.nonce; }));
    EXPECT_TRUE(changed([](Transaction& t) { t.max_priority_fee_per_gas = 2; }));
    EXPECT_TRUE(changed([](Transaction& t) { t.max_fee_per_gas = 2; }));
    EXPECT_TRUE(changed([](Transaction& t) { ++t.gas_limit; }));
    EXPECT_TRUE(changed([](Transaction& t) { t.to = std::nullopt; }));
    EXPECT_TRUE(changed([](Transaction& t) { t.value = 0; }));
    EXPECT_TRUE(changed([](Transaction& t) { t.data.push_back(0); }));
    EXPECT_TRUE(changed([](Transaction& t) { t.access_list[0].storage_keys.pop_back(); }));
    EXPECT_FALSE(changed([](Transaction& t) { t.signature = {}; }));
}

TEST(Transaction, legacy_signing_hash_depends_on_replay_protection) {
    Transaction transaction = eip155_example();
    const Hash with_chain = signing_hash(transaction);
    transaction.chain_id = std::nullopt;
    EXPECT_NE(signing_hash(transaction), with_chain);
}

TEST(Transaction, v_of_a_legacy_signature_follows_eip_155) {
    Transaction transaction = eip155_example();
    transaction.signature.recovery_id = 1;
    EXPECT_EQ(v_of(transaction), Uint256(38));
    transaction.chain_id = std::nullopt;
    EXPECT_EQ(v_of(transaction), Uint256(28));
    transaction.chain_id = ~std::uint64_t{0};
    EXPECT_EQ(to_decimal(v_of(transaction)), "36893488147419103266");  // 2 * (2^64 - 1) + 36
    transaction.type = TransactionType::dynamic_fee;
    EXPECT_EQ(v_of(transaction), Uint256(1));
}

TEST(Transaction, legacy_v_out_of_range_is_refused) {
    for (const std::uint64_t v : {0u, 1u, 26u, 29u, 34u, 35u, 36u})
        EXPECT_EQ(error_of(legacy_with_v(v)), TransactionError::bad_v) << v;
    for (const std::uint64_t v : {27u, 28u, 37u, 38u, 40'079u})
        EXPECT_TRUE(decode_transaction(legacy_with_v(v))) << v;
    const Uint256 highest = (Uint256(~std::uint64_t{0}) << 1) + 36;
    const auto decoded = decode_transaction(legacy_with_v(highest));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->chain_id, ~std::uint64_t{0});
    EXPECT_EQ(error_of(legacy_with_v(highest + 1)), TransactionError::bad_v);
    EXPECT_EQ(error_of(legacy_with_v(~Uint256(0))), TransactionError::bad_v);
}

TEST(Transaction, y_parity_of_a_typed_signature_is_0_or_1) {
    Transaction transaction = typed(TransactionType::dynamic_fee);
    transaction.signature.recovery_id = 2;
    EXPECT_EQ(error_of(encode(transaction)), TransactionError::bad_v);
}

TEST(Transaction, signature_with_high_s_is_refused) {
    // n - s of a right signature is right as well (malleability); EIP-2 permits only the lower one.
    Transaction transaction = typed(TransactionType::dynamic_fee);
    const Uint256 order =
        *uint256_from_hex("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    transaction.signature.s = (order - Uint256::from_word(transaction.signature.s)).to_word();
    transaction.signature.recovery_id ^= 1;
    EXPECT_EQ(error_of(encode(transaction)), TransactionError::high_s);
}

TEST(Transaction, signature_of_zero_or_beyond_the_order_is_refused) {
    const auto order = *hash_from_hex("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    Transaction transaction = typed(TransactionType::dynamic_fee);
    const Signature right = transaction.signature;
    transaction.signature.r = {};
    EXPECT_EQ(error_of(encode(transaction)), TransactionError::bad_signature);
    transaction.signature = right;
    transaction.signature.s = {};
    EXPECT_EQ(error_of(encode(transaction)), TransactionError::bad_signature);
    transaction.signature = right;
    transaction.signature.r = order;
    EXPECT_EQ(error_of(encode(transaction)), TransactionError::bad_signature);
    transaction.signature = right;
    transaction.signature.s = order;
    EXPECT_EQ(error_of(encode(transaction)), TransactionError::bad_signature);
}

TEST(Transaction, signature_whose_point_does_not_exist_is_refused_on_recovery) {
    // No point of the curve has x = 5.
    Transaction transaction = typed(TransactionType::dynamic_fee);
    transaction.signature.r = word_from_u64(5);
    const auto recovered = recover_transaction(share(encode(transaction)));
    ASSERT_FALSE(recovered);
    EXPECT_EQ(recovered.error(), TransactionError::bad_signature);
}

TEST(Transaction, tip_above_the_fee_is_refused) {
    Transaction transaction = typed(TransactionType::dynamic_fee);
    transaction.max_priority_fee_per_gas = transaction.max_fee_per_gas;
    EXPECT_TRUE(decode_transaction(encode(transaction)));
    transaction.max_priority_fee_per_gas = transaction.max_fee_per_gas + 1;
    EXPECT_EQ(error_of(encode(transaction)), TransactionError::tip_above_fee);
}

TEST(Transaction, gas_limit_is_at_most_63_bits) {
    Transaction transaction = typed(TransactionType::dynamic_fee);
    transaction.gas_limit = (std::uint64_t{1} << 63) - 1;
    EXPECT_TRUE(decode_transaction(encode(transaction)));
    transaction.gas_limit = std::uint64_t{1} << 63;
    EXPECT_EQ(error_of(encode(transaction)), TransactionError::gas_out_of_range);
}

TEST(Transaction, of_an_unknown_type_is_refused) {
    Bytes encoded = encode(typed(TransactionType::dynamic_fee));
    for (unsigned type = 0; type < 0x80; ++type) {
        if (type == 1 || type == 2 || type == 4 || type == 0x7e) continue;
        encoded[0] = static_cast<std::uint8_t>(type);
        EXPECT_EQ(error_of(encoded), TransactionError::unsupported_type) << type;
    }
    for (unsigned type = 0x80; type < 0xc0; ++type) {
        encoded[0] = static_cast<std::uint8_t>(type);
        EXPECT_EQ(error_of(encoded), TransactionError::malformed) << type;
    }
}

TEST(Transaction, larger_than_the_limit_is_refused_before_it_is_read) {
    EXPECT_EQ(error_of(Bytes(limits::transaction_bytes_max + 1)), TransactionError::too_large);
    Transaction transaction = typed(TransactionType::dynamic_fee);
    transaction.data.assign(limits::transaction_bytes_max, 1);
    const Bytes encoded = encode(transaction);
    EXPECT_EQ(error_of(encoded), TransactionError::too_large);
    EXPECT_TRUE(decode_transaction(encoded, {.bytes_max = encoded.size()}));
}

TEST(Transaction, cut_or_extended_anywhere_is_refused) {
    for (const auto type : {TransactionType::access_list, TransactionType::dynamic_fee}) {
        Bytes encoded = encode(typed(type));
        for (std::size_t size = 0; size < encoded.size(); ++size)
            EXPECT_FALSE(decode_transaction(ByteView(encoded).first(size))) << size;
        encoded.push_back(0x80);
        EXPECT_EQ(error_of(encoded), TransactionError::malformed);
    }
}

TEST(Transaction, that_decodes_encodes_to_the_same_bytes) {
    // Random damage: what is still a transaction must be a canonical one.
    std::mt19937 random(7);
    std::size_t decoded_count = 0;
    for (const auto type : {TransactionType::access_list, TransactionType::dynamic_fee}) {
        const Bytes original = encode(typed(type));
        for (int round = 0; round < 20'000; ++round) {
            Bytes damaged = original;
            damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
            if (round % 2 == 0)
                damaged[random() % damaged.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
            const auto decoded = decode_transaction(damaged);
            if (!decoded) continue;
            ++decoded_count;
            ASSERT_EQ(to_hex(encode(*decoded)), to_hex(damaged));
        }
    }
    EXPECT_GT(decoded_count, 1000u);
}

TEST(SystemTransaction, is_its_type_and_height) {
    const Transaction transaction = system_transaction(1'000);
    EXPECT_EQ(to_hex(encode(transaction)), "7e8203e8");
    EXPECT_EQ(to_hex(encode(system_transaction(0))), "7e80");
    EXPECT_EQ(decode_transaction(encode(transaction)), transaction);
    EXPECT_EQ(decode_transaction(encode(system_transaction(~Height{0}))), system_transaction(~Height{0}));
}

TEST(SystemTransaction, comes_from_and_goes_to_the_system_address) {
    const auto recovered = recover_transaction(share(encode(system_transaction(7))));
    ASSERT_TRUE(recovered);
    EXPECT_EQ(checksum_hex((*recovered)->sender), "0x0000000000000000000000000000000000005E00");
    EXPECT_EQ((*recovered)->transaction.to, system_address);
    EXPECT_EQ((*recovered)->transaction.signature, Signature{});
    EXPECT_EQ(signing_hash((*recovered)->transaction), Hash{});
}

TEST(SystemTransaction, with_anything_but_one_canonical_height_is_refused) {
    for (const std::string_view encoded : {"7e", "7e00", "7e8100", "7e817f", "7e820001", "7e0101", "7ec0",
                                           "7ec101", "7e89010203040506070809", "7e8203"})
        EXPECT_EQ(error_of(hex(encoded)), TransactionError::malformed) << encoded;
}

TEST(TransactionError, each_has_a_sentence_of_its_own) {
    std::vector<std::string_view> sentences;
    for (int error = 0; error <= static_cast<int>(TransactionError::gas_out_of_range); ++error)
        sentences.push_back(describe(static_cast<TransactionError>(error)));
    std::sort(sentences.begin(), sentences.end());
    EXPECT_EQ(std::adjacent_find(sentences.begin(), sentences.end()), sentences.end());
}

}  // namespace
}  // namespace sluice::core
