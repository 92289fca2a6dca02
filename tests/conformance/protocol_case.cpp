#include "tests/conformance/protocol_case.hpp"

#include "contracts/transaction_rules.hpp"
#include "core/merkle.hpp"

namespace sluice::conformance {

namespace {

// ---- RLP

/// Every item at every depth is canonical.
bool is_valid_item(const core::rlp::Item& item, std::size_t depth) {
    if (!item.is_list) return true;
    if (depth > core::limits::rlp_depth_max) return false;
    core::ByteView rest = item.payload;
    while (!rest.empty()) {
        const auto inner = core::rlp::decode_item(rest, rest);
        if (!inner || !is_valid_item(*inner, depth + 1)) return false;
    }
    return true;
}

bool is_valid_rlp(const core::Bytes& bytes) {
    const auto item = core::rlp::decode_exact(bytes);
    return item && is_valid_item(*item, 1);
}

/// The shortest big-endian bytes of a number in decimal digits, of any size.
core::Bytes bytes_of_decimal(std::string_view digits) {
    core::Bytes bytes;
    for (const char digit : digits) {
        unsigned carry = static_cast<unsigned>(digit - '0');
        for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
            carry += *byte * 10u;
            *byte = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        if (carry != 0) bytes.insert(bytes.begin(), static_cast<std::uint8_t>(carry));
    }
    return bytes;
}

core::Bytes encode_value(const Json& value) {
    core::Bytes encoded;
    if (value.is_array()) {
        core::Bytes payload;
        for (const auto& inner : value)
            core::append(payload, encode_value(inner));
        return core::rlp::wrap_list(payload);
    }
    if (value.is_number_unsigned()) {
        core::rlp::encode_u64(encoded, value.get<std::uint64_t>());
    } else {
        const std::string& text = text_of(value);
        const bool is_number = text.starts_with("#");
        core::rlp::encode_bytes(encoded, is_number ? bytes_of_decimal(std::string_view(text).substr(1))
                                                   : core::Bytes(text.begin(), text.end()));
    }
    return encoded;
}

// ---- tries

/// Text, or bytes in hexadecimal.
core::Bytes content_of(const std::string& text) {
    if (text.starts_with("0x"))
        if (auto bytes = core::from_hex(text)) return *bytes;
    return {text.begin(), text.end()};
}

core::merkle::Trie with_one(const core::merkle::Trie& trie, const core::Bytes& key,
                            const core::Bytes& value) {
    const core::merkle::Change change{key, value};
    return trie.with({&change, 1}, core::merkle::no_source());
}

/// One change after the other, as they are listed.
core::merkle::Trie build(const Json& changes, bool is_secure) {
    core::merkle::Trie trie;
    const auto apply = [&](const std::string& key_text, const Json& value) {
        core::Bytes key = content_of(key_text);
        if (is_secure) {
            const core::Hash hash = core::keccak256(key);
            key.assign(hash.begin(), hash.end());
        }
        trie = with_one(trie, key, value.is_null() ? core::Bytes{} : content_of(text_of(value)));
    };
    if (changes.is_object())
        for (const auto& [key, value] : changes.items())
            apply(key, value);
    else
        for (const auto& pair : changes)
            apply(text_of(pair.at(0)), pair.at(1));
    return trie;
}

}  // namespace

Verdict run_transaction_case(const core::Bytes& bytes, const Json& expected,
                             contracts::evm::Revision revision) {
    const bool is_refusal_expected = find_member(expected, "exception") != nullptr;
    const auto outcome_of_refusal = [&](std::string_view reason) {
        return is_refusal_expected ? passed() : failed("refused: " + std::string(reason));
    };
    const auto recovered = core::recover_transaction(core::share(bytes));
    if (!recovered && recovered.error() == core::TransactionError::gas_out_of_range && !is_refusal_expected)
        return skipped("gas limit above 2^63-1, which no block of Sluice can have");
    if (!recovered) return outcome_of_refusal(core::describe(recovered.error()));
    const core::Transaction& transaction = (*recovered)->transaction;
    contracts::TransactionRules rules{.chain_id = 1,
                                      .block_gas_limit = ~core::Gas{0},
                                      .transaction_gas_limit = ~core::Gas{0},
                                      .revision = revision,
                                      .fees = {.mode = contracts::FeeMode::ethereum, .base_fee = 0},
                                      .blobs = {},
                                      .accepts_unprotected = true};
    if (const auto refusal = contracts::check_form(transaction, rules))
        return outcome_of_refusal(contracts::describe(*refusal));
    core::Transaction without_value = transaction;
    without_value.value = 0;
    if (!rules.fees.funds_needed(without_value)) return outcome_of_refusal("its gas costs 2^256 or more");
    if (is_refusal_expected) return failed("not refused, expected " + text_of(expected["exception"]));
    if ((*recovered)->hash != hash_of(member(expected, "hash"))) return failed("wrong hash");
    if ((*recovered)->sender != address_of(member(expected, "sender"))) return failed("wrong sender");
    if (contracts::intrinsic_gas(transaction, revision) != u64_of(member(expected, "intrinsicGas")))
        return failed("wrong intrinsic gas");
    return passed();
}

Verdict run_rlp_case(const Json& test) {
    const core::Bytes encoded = bytes_of(member(test, "out"));
    const Json& value = member(test, "in");
    if (value == "VALID") return is_valid_rlp(encoded) ? passed() : failed("valid, but refused");
    if (value == "INVALID") return is_valid_rlp(encoded) ? failed("invalid, but accepted") : passed();
    if (encode_value(value) != encoded) return failed("encoded differently");
    return is_valid_rlp(encoded) ? passed() : failed("valid, but refused");
}

Verdict run_trie_case(const Json& test, bool is_secure) {
    const Json* root = find_member(test, "root");
    if (root == nullptr) return skipped("no root to compare with");
    return build(member(test, "in"), is_secure).root() == hash_of(*root) ? passed() : failed("wrong root");
}

}  // namespace sluice::conformance
