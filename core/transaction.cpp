#include "core/transaction.hpp"

#include "core/check.hpp"

namespace sluice::core {

namespace {

/// Order n of secp256k1 (SEC 2, 2.4.1).
constexpr Word group_order = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                              0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                              0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
constexpr Gas gas_limit_max = (std::uint64_t{1} << 63) - 1;

/// A decoded transaction, with the part of its encoding that the signature covers. Encodings are canonical,
/// so the signing payload is that part in a new list, and nothing has to be encoded again.
struct Decoded {
    Transaction transaction;
    ByteView signed_fields;
};

bool is_typed(TransactionType type) {
    return type != TransactionType::legacy;
}

/// Two fee fields (EIP-1559) in place of one gas price.
bool has_fee_fields(TransactionType type) {
    return type == TransactionType::dynamic_fee || type == TransactionType::blob ||
           type == TransactionType::set_code;
}

bool needs_recipient(TransactionType type) {
    return type == TransactionType::blob || type == TransactionType::set_code;
}

// ---- encoding

Bytes encode_access_list(const std::vector<AccessListEntry>& entries) {
    Bytes payload;
    for (const AccessListEntry& entry : entries) {
        Bytes keys;
        keys.reserve(33 * entry.storage_keys.size());
        for (const Word& key : entry.storage_keys)
            rlp::encode_bytes(keys, key);
        Bytes fields;
        rlp::encode_address(fields, entry.address);
        rlp::encode_list_prefix(fields, keys.size());
        append(fields, keys);
        rlp::encode_list_prefix(payload, fields.size());
        append(payload, fields);
    }
    return rlp::wrap_list(payload);
}

void append_blob_fields(Bytes& fields, const Transaction& transaction) {
    rlp::encode_uint256(fields, transaction.max_fee_per_blob_gas);
    Bytes hashes;
    for (const Hash& hash : transaction.blob_hashes)
        rlp::encode_hash(hashes, hash);
    append(fields, rlp::wrap_list(hashes));
}

/// Everything in front of the signature, without the prefix of the list.
Bytes encode_signed_fields(const Transaction& transaction) {
    Bytes fields;
    fields.reserve(transaction.data.size() + 160);
    if (is_typed(transaction.type)) rlp::encode_u64(fields, transaction.chain_id.value_or(0));
    rlp::encode_u64(fields, transaction.nonce);
    if (has_fee_fields(transaction.type)) rlp::encode_uint256(fields, transaction.max_priority_fee_per_gas);
    rlp::encode_uint256(fields, transaction.max_fee_per_gas);
    rlp::encode_u64(fields, transaction.gas_limit);
    rlp::encode_bytes(fields, transaction.to ? ByteView(*transaction.to) : ByteView{});
    rlp::encode_uint256(fields, transaction.value);
    rlp::encode_bytes(fields, transaction.data);
    if (is_typed(transaction.type)) append(fields, encode_access_list(transaction.access_list));
    if (transaction.type == TransactionType::blob) append_blob_fields(fields, transaction);
    if (transaction.type == TransactionType::set_code)
        encode_authorizations(fields, transaction.authorization_list);
    return fields;
}

Bytes encode_system(Height height) {
    Bytes encoded{static_cast<std::uint8_t>(TransactionType::system)};
    rlp::encode_u64(encoded, height);
    return encoded;
}

/// keccak256 of (type ‖) RLP[signed fields, and for a legacy transaction with a chain id: chain id, 0, 0].
Hash hash_for_signing(const Transaction& transaction, ByteView signed_fields) {
    Bytes protection;
    if (!is_typed(transaction.type) && transaction.chain_id) {
        rlp::encode_u64(protection, *transaction.chain_id);
        rlp::encode_u64(protection, 0);
        rlp::encode_u64(protection, 0);
    }
    Bytes prefix;
    if (is_typed(transaction.type)) prefix.push_back(static_cast<std::uint8_t>(transaction.type));
    rlp::encode_list_prefix(prefix, signed_fields.size() + protection.size());
    return crypto::Keccak256().update(prefix).update(signed_fields).update(protection).finish();
}

// ---- decoding

/// Sets chain id and parity from the v of a legacy transaction: 27 or 28, or chain id * 2 + 35 or 36
/// (EIP-155).
bool set_legacy_v(Transaction& transaction, const Uint256& v) {
    if (v == 27 || v == 28) {
        transaction.signature.recovery_id = static_cast<std::uint8_t>(v.low_u64() - 27);
        return true;
    }
    if (v < 35) return false;
    const Uint256 shifted = v - 35;
    const Uint256 chain_id = shifted >> 1;
    // Chain 0 exists nowhere, so nothing can be meant by it.
    if (chain_id.is_zero() || !chain_id.fits_u64()) return false;
    transaction.chain_id = chain_id.low_u64();
    transaction.signature.recovery_id = static_cast<std::uint8_t>(shifted.low_u64() & 1);
    return true;
}

std::optional<TransactionError> find_fault(const Transaction& transaction) {
    const Signature& signature = transaction.signature;
    if (signature.r == Word{} || signature.s == Word{}) return TransactionError::bad_signature;
    if (signature.r >= group_order || signature.s >= group_order) return TransactionError::bad_signature;
    if (!crypto::is_low_s(signature)) return TransactionError::high_s;
    if (transaction.gas_limit > gas_limit_max) return TransactionError::gas_out_of_range;
    if (transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas)
        return TransactionError::tip_above_fee;
    return {};
}

bool decode_access_list(rlp::ListReader list, std::vector<AccessListEntry>& entries) {
    while (list.has_more()) {
        rlp::ListReader fields = list.list();
        AccessListEntry entry{.address = fields.address(), .storage_keys = {}};
        rlp::ListReader keys = fields.list();
        while (keys.has_more())
            entry.storage_keys.push_back(keys.hash());
        if (!keys.finish() || !fields.finish()) return false;
        entries.push_back(std::move(entry));
    }
    return list.finish().has_value();
}

/// The fields that all types share, in their order; leaves the reader behind the data.
void read_common_fields(rlp::ListReader& reader, Transaction& transaction) {
    transaction.nonce = reader.u64();
    if (has_fee_fields(transaction.type)) transaction.max_priority_fee_per_gas = reader.uint256();
    transaction.max_fee_per_gas = reader.uint256();
    if (!has_fee_fields(transaction.type)) transaction.max_priority_fee_per_gas = transaction.max_fee_per_gas;
    const Uint256 gas_limit = reader.uint256();
    transaction.gas_limit = gas_limit.fits_u64() ? gas_limit.low_u64() : gas_limit_max + 1;
    transaction.to = reader.optional_address();
    transaction.value = reader.uint256();
}

/// Reads v (as the type has it), r and s. False where v is out of range.
bool read_signature(rlp::ListReader& reader, Transaction& transaction) {
    const Uint256 v = reader.uint256();
    transaction.signature.r = reader.uint256().to_word();
    transaction.signature.s = reader.uint256().to_word();
    if (!is_typed(transaction.type)) return set_legacy_v(transaction, v);
    transaction.signature.recovery_id = static_cast<std::uint8_t>(v.low_u64() & 1);
    return v <= 1;
}

/// Reads the lists behind the data, as the type has them; `last` becomes the last item that is signed.
std::optional<TransactionError> read_lists(rlp::ListReader& reader, Transaction& transaction,
                                           rlp::Item& last) {
    if (!is_typed(transaction.type)) return std::nullopt;
    last = reader.item();
    if (!last.is_list || !decode_access_list(rlp::ListReader(last), transaction.access_list))
        return TransactionError::malformed;
    if (transaction.type == TransactionType::blob) {
        transaction.max_fee_per_blob_gas = reader.uint256();
        last = reader.item();
        if (!last.is_list) return TransactionError::malformed;
        rlp::ListReader hashes(last);
        while (hashes.has_more())
            transaction.blob_hashes.push_back(hashes.hash());
        if (!hashes.finish()) return TransactionError::malformed;
    }
    if (transaction.type == TransactionType::set_code) {
        last = reader.item();
        if (!last.is_list) return TransactionError::malformed;
        auto authorizations = decode_authorizations(rlp::ListReader(last));
        if (!authorizations) return TransactionError::malformed_authorizations;
        transaction.authorization_list = std::move(*authorizations);
    }
    return std::nullopt;
}

Result<Decoded, TransactionError> decode_signed(TransactionType type, ByteView list) {
    const auto whole = rlp::decode_exact(list);
    if (!whole || !whole->is_list) return fail(TransactionError::malformed);
    rlp::ListReader reader(*whole);
    Decoded decoded;
    Transaction& transaction = decoded.transaction;
    transaction.type = type;
    if (is_typed(type)) transaction.chain_id = reader.u64();
    read_common_fields(reader, transaction);
    rlp::Item last = reader.item();
    if (last.is_list || reader.failed()) return fail(TransactionError::malformed);
    transaction.data = to_bytes(last.payload);
    if (const auto fault = read_lists(reader, transaction, last)) return fail(*fault);
    const bool v_fits = read_signature(reader, transaction);
    if (!reader.finish()) return fail(TransactionError::malformed);
    if (needs_recipient(type) && !transaction.to) return fail(TransactionError::missing_recipient);
    if (!v_fits) return fail(TransactionError::bad_v);
    if (const auto fault = find_fault(transaction)) return fail(*fault);
    const std::uint8_t* const signed_end = last.encoded.data() + last.encoded.size();
    decoded.signed_fields = {whole->payload.data(), signed_end};
    return decoded;
}

Result<Decoded, TransactionError> decode_system(ByteView height_bytes) {
    constexpr std::size_t longest_integer = 9;
    if (height_bytes.size() > longest_integer) return fail(TransactionError::malformed);
    // In a list around it, the list reader applies its rules for integers to the lone height.
    const Bytes as_list = rlp::wrap_list(height_bytes);
    rlp::ListReader reader{ByteView(as_list)};
    const Height height = reader.u64();
    if (!reader.finish()) return fail(TransactionError::malformed);
    return Decoded{.transaction = system_transaction(height), .signed_fields = {}};
}

Result<Decoded, TransactionError> decode(ByteView encoded, const DecodingRules& rules) {
    if (encoded.size() > rules.bytes_max) return fail(TransactionError::too_large);
    if (encoded.empty()) return fail(TransactionError::malformed);
    const std::uint8_t first = encoded[0];
    if (first >= 0xc0) return decode_signed(TransactionType::legacy, encoded);
    if (first >= 0x80) return fail(TransactionError::malformed);
    const ByteView rest = encoded.subspan(1);
    if (first == static_cast<std::uint8_t>(TransactionType::blob) && !rules.accepts_blobs)
        return fail(TransactionError::unsupported_type);
    for (const TransactionType type : {TransactionType::access_list, TransactionType::dynamic_fee,
                                       TransactionType::blob, TransactionType::set_code})
        if (first == static_cast<std::uint8_t>(type)) return decode_signed(type, rest);
    if (first == static_cast<std::uint8_t>(TransactionType::system)) return decode_system(rest);
    return fail(TransactionError::unsupported_type);
}

}  // namespace

constinit const Address system_address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5e, 0x00};

std::string_view describe(TransactionError error) {
    switch (error) {
        case TransactionError::malformed:
            return "the bytes are not the encoding of a transaction";
        case TransactionError::unsupported_type:
            return "transactions of this type are not supported";
        case TransactionError::too_large:
            return "the transaction is larger than a transaction may be";
        case TransactionError::bad_v:
            return "the v of the signature is out of range";
        case TransactionError::high_s:
            return "the s of the signature is above half the group order (EIP-2)";
        case TransactionError::bad_signature:
            return "no key fits the signature";
        case TransactionError::tip_above_fee:
            return "max priority fee per gas higher than max fee per gas";
        case TransactionError::gas_out_of_range:
            return "the gas limit is above 2^63-1";
        case TransactionError::missing_recipient:
            return "a transaction of this type must name a recipient";
        case TransactionError::malformed_authorizations:
            return "the authorization list is malformed";
    }
    return "unknown transaction error";
}

Bytes encode(const Transaction& transaction) {
    if (transaction.type == TransactionType::system) return encode_system(transaction.system_height);
    Bytes fields = encode_signed_fields(transaction);
    const bool typed = is_typed(transaction.type);
    rlp::encode_uint256(fields, typed ? Uint256(transaction.signature.recovery_id) : v_of(transaction));
    rlp::encode_uint256(fields, Uint256::from_word(transaction.signature.r));
    rlp::encode_uint256(fields, Uint256::from_word(transaction.signature.s));
    Bytes encoded;
    encoded.reserve(fields.size() + 10);
    if (typed) encoded.push_back(static_cast<std::uint8_t>(transaction.type));
    rlp::encode_list_prefix(encoded, fields.size());
    append(encoded, fields);
    return encoded;
}

Result<Transaction, TransactionError> decode_transaction(ByteView encoded, const DecodingRules& rules) {
    auto decoded = decode(encoded, rules);
    if (!decoded) return fail(decoded.error());
    return std::move(decoded->transaction);
}

Hash signing_hash(const Transaction& transaction) {
    if (transaction.type == TransactionType::system) return {};
    return hash_for_signing(transaction, encode_signed_fields(transaction));
}

void sign(Transaction& transaction, const crypto::PrivateKey& key) {
    CHECK(transaction.type != TransactionType::system);
    CHECK(transaction.chain_id.has_value());
    transaction.signature = crypto::sign(signing_hash(transaction), key);
}

Hash hash_of(const Transaction& transaction) {
    return keccak256(encode(transaction));
}

Uint256 v_of(const Transaction& transaction) {
    const Uint256 parity = transaction.signature.recovery_id;
    if (is_typed(transaction.type)) return parity;
    if (!transaction.chain_id) return parity + 27;
    return Uint256(*transaction.chain_id) + Uint256(*transaction.chain_id) + parity + 35;
}

Transaction system_transaction(Height height) {
    Transaction transaction;
    transaction.type = TransactionType::system;
    transaction.to = system_address;
    transaction.system_height = height;
    return transaction;
}

Result<TransactionPtr, TransactionError> recover_transaction(SharedBytes encoded,
                                                             const DecodingRules& rules) {
    CHECK(encoded != nullptr);
    auto decoded = decode(*encoded, rules);
    if (!decoded) return fail(decoded.error());
    auto recovered = std::make_shared<RecoveredTransaction>();
    if (decoded->transaction.type == TransactionType::system) {
        recovered->sender = system_address;
    } else {
        const Hash digest = hash_for_signing(decoded->transaction, decoded->signed_fields);
        const auto sender = crypto::recover_address(digest, decoded->transaction.signature);
        if (!sender) return fail(TransactionError::bad_signature);
        recovered->sender = *sender;
    }
    recovered->hash = keccak256(*encoded);
    recovered->transaction = std::move(decoded->transaction);
    recovered->encoded = std::move(encoded);
    return TransactionPtr(std::move(recovered));
}

}  // namespace sluice::core
