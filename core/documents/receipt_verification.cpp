#include "core/documents/receipt_document.hpp"
#include "core/merkle.hpp"

namespace sluice::core {

namespace {

template <typename T>
using Checked = Result<T, ReceiptFault>;

auto refuse(ReceiptCheck check, std::string sentence) {
    return fail(ReceiptFault{.check = check, .sentence = std::move(sentence)});
}

/// A header with what it says about validators.
struct SealedHeader {
    Header header;
    Hash hash{};
    ExtraData extra;
};

/// What is known to be true before a header is looked at.
struct Trusted {
    Height height = 0;  ///< of the last header believed
    ValidatorSet next_validators;
};

std::string at_height(Height height) {
    return "at height " + std::to_string(height);
}

Checked<SealedHeader> decode_sealed(const Bytes& encoded, ReceiptCheck check, const std::string& what) {
    auto header = decode_header(encoded);
    if (!header) return refuse(check, what + " does not hold the encoding of a header");
    const auto extra = decode_extra_data(header->extra_data);
    if (!extra) return refuse(check, what + " has a header whose extra data names no validators");
    return SealedHeader{.header = std::move(*header), .hash = keccak256(encoded), .extra = *extra};
}

Checked<ValidatorSet> make_set(const std::vector<Address>& members, ReceiptCheck check,
                               const std::string& what) {
    auto set = ValidatorSet::make(members);
    if (!set) return refuse(check, what + " has a list of validators that is empty, too long or repeats one");
    return *std::move(set);
}

/// The certificate belongs to the header, and every signature in it was made by a member of `validators`.
Checked<CommitCertificate> check_certificate(const Bytes& encoded, const SealedHeader& sealed,
                                             const ChainIdentity& chain, const ValidatorSet& validators,
                                             ReceiptCheck check, const std::string& what) {
    auto certificate = decode_commit_certificate(encoded);
    if (!certificate) return refuse(check, what + ": " + std::string(describe(certificate.error())));
    if (certificate->height != sealed.header.height || certificate->block_hash != sealed.hash)
        return refuse(check, what + ": the certificate is about another block than the header");
    if (const auto verified = verify(*certificate, chain, validators); !verified)
        return refuse(check, what + ": " + std::string(describe(verified.error())));
    return std::move(*certificate);
}

/// Follows one change of the validator set: sealed by the set known so far, it gives the set of the next
/// height.
Checked<Trusted> follow(const TrustLink& link, const Trusted& known, const ChainIdentity& chain,
                        const std::string& what) {
    constexpr auto check = ReceiptCheck::trust_path;
    const auto sealed = decode_sealed(link.header, check, what);
    if (!sealed) return fail(sealed.error());
    const Height height = sealed->header.height;
    if (height <= known.height)
        return refuse(check, what + " is " + at_height(height) + ", not after the header believed so far " +
                                 at_height(known.height));
    if (sealed->extra.validators_hash != known.next_validators.hash())
        return refuse(check,
                      what + " " + at_height(height) + " was not sealed by the validators known so far");
    const auto certificate =
        check_certificate(link.certificate, *sealed, chain, known.next_validators, check, what);
    if (!certificate) return fail(certificate.error());
    auto next = make_set(link.validators, check, what);
    if (!next) return fail(next.error());
    if (sealed->extra.next_validators_hash != next->hash())
        return refuse(check, what + " " + at_height(height) + " names other validators than it carries");
    if (*next == known.next_validators)
        return refuse(check,
                      what + " " + at_height(height) + " changes no validator and has no place in the path");
    return Trusted{.height = height, .next_validators = *std::move(next)};
}

Checked<Trusted> follow_path(const std::vector<TrustLink>& path, const TrustAnchor& anchor) {
    Trusted known{.height = anchor.height, .next_validators = anchor.next_validators};
    for (std::size_t i = 0; i < path.size(); ++i) {
        auto next = follow(path[i], known, anchor.chain, "trust path link " + std::to_string(i));
        if (!next) return next;
        known = *std::move(next);
    }
    return known;
}

/// The header names exactly the validators that the receipt carries, and these are the ones known for its
/// height. A header that is itself the last one believed needs no earlier set: its hash is known.
Checked<ValidatorSet> check_header(const ReceiptDocument& document, const SealedHeader& sealed,
                                   const Trusted& known, const TrustAnchor& anchor) {
    constexpr auto check = ReceiptCheck::header;
    auto validators = make_set(document.validators, check, "the receipt");
    if (!validators) return validators;
    if (sealed.extra.validators_hash != validators->hash())
        return refuse(check, "the header names other validators than the receipt carries");
    if (sealed.hash == anchor.header_hash && document.trust_path.empty()) return validators;
    const Height height = sealed.header.height;
    if (height <= known.height)
        return refuse(check, "the block of the receipt is " + at_height(height) +
                                 ", not after the header believed so far " + at_height(known.height));
    if (*validators != known.next_validators)
        return refuse(check, "the validators of the receipt are not the ones to which the trust path leads");
    return validators;
}

std::string_view describe_proof(merkle::ProofError error) {
    switch (error) {
        case merkle::ProofError::missing_node:
            return "a node of the proof is missing";
        case merkle::ProofError::wrong_hash:
            return "a node of the proof has another hash than its parent or the header says";
        case merkle::ProofError::malformed_node:
            return "a node of the proof is no node of a trie";
        case merkle::ProofError::unused_node:
            return "the proof has more nodes than it needs";
    }
    return "the proof is wrong";
}

Checked<void> check_proof(const Hash& root, std::uint64_t index, const std::vector<Bytes>& proof,
                          const Bytes& value, ReceiptCheck check, const std::string& what) {
    const auto proven = merkle::verify_ordered_proof(root, index, proof);
    if (!proven)
        return refuse(check, what + " is not proven: " + std::string(describe_proof(proven.error())));
    if (!*proven) return refuse(check, "the block has no " + what + " at index " + std::to_string(index));
    if (**proven != value)
        return refuse(check, "the block has another " + what + " at index " + std::to_string(index));
    return {};
}

Checked<TransactionPtr> check_transaction(const ReceiptDocument& document, const Header& header) {
    constexpr auto check = ReceiptCheck::transaction;
    const auto proven = check_proof(header.transactions_root, document.transaction_index,
                                    document.transaction_proof, document.transaction, check, "transaction");
    if (!proven) return fail(proven.error());
    auto transaction = recover_transaction(share(document.transaction));
    if (!transaction) return refuse(check, "the transaction: " + std::string(describe(transaction.error())));
    return std::move(*transaction);
}

Checked<Receipt> check_receipt(const ReceiptDocument& document, const Header& header, TransactionType type) {
    constexpr auto check = ReceiptCheck::receipt;
    const auto proven = check_proof(header.receipts_root, document.transaction_index, document.receipt_proof,
                                    document.receipt, check, "receipt");
    if (!proven) return fail(proven.error());
    auto receipt = decode_receipt(document.receipt);
    if (!receipt) return refuse(check, "the receipt of the transaction is not the encoding of one");
    if (receipt->type != static_cast<std::uint8_t>(type))
        return refuse(check, "the receipt has another type than its transaction");
    if (!receipt->succeeded) return refuse(check, "the transaction failed: it had no effect");
    return std::move(*receipt);
}

Checked<void> check_chain(const ReceiptDocument& document, const ChainIdentity& chain) {
    constexpr auto check = ReceiptCheck::chain;
    if (document.chain_id != chain.chain_id)
        return refuse(check, "the receipt is of chain " + std::to_string(document.chain_id) +
                                 ", not of chain " + std::to_string(chain.chain_id));
    if (document.genesis_hash != chain.genesis_hash)
        return refuse(check, "the receipt is of the chain with genesis " + to_hex_0x(document.genesis_hash) +
                                 ", not of the one with genesis " + to_hex_0x(chain.genesis_hash));
    return {};
}

/// The fields of the summary that need no knowledge of payments.
Checked<void> check_summary(const ReceiptSummary& payment, const ProvenReceipt& proven) {
    constexpr auto check = ReceiptCheck::summary;
    if (payment.height != proven.header.height)
        return refuse(check, "the receipt says height " + std::to_string(payment.height) +
                                 ", its header is " + at_height(proven.header.height));
    if (payment.time_ms != proven.time_ms)
        return refuse(check, "the receipt says " + std::to_string(payment.time_ms) +
                                 " ms as the time of its block, the header " +
                                 std::to_string(proven.time_ms));
    if (payment.transaction_hash != proven.transaction->hash)
        return refuse(check, "the receipt names the transaction " + to_hex_0x(payment.transaction_hash) +
                                 ", the proven one is " + to_hex_0x(proven.transaction->hash));
    return {};
}

std::vector<Address> signers(const CommitCertificate& certificate, const ValidatorSet& validators) {
    std::vector<Address> sealed_by;
    for (const CommitSignature& vote : certificate.signatures)
        sealed_by.push_back(validators.at(vote.index));
    return sealed_by;
}

}  // namespace

std::optional<TrustAnchor> anchor_at(const ChainIdentity& chain, const Header& header,
                                     const ValidatorSet& next_validators) {
    const auto extra = decode_extra_data(header.extra_data);
    if (!extra || extra->next_validators_hash != next_validators.hash()) return {};
    return TrustAnchor{.chain = chain,
                       .height = header.height,
                       .header_hash = hash_of(header),
                       .next_validators = next_validators};
}

Result<ValidatorSet, ReceiptFault> follow_trust_path(const std::vector<TrustLink>& path,
                                                     const TrustAnchor& anchor) {
    auto known = follow_path(path, anchor);
    if (!known) return fail(known.error());
    return std::move(known->next_validators);
}

Result<ProvenReceipt, ReceiptFault> verify_receipt(const ReceiptDocument& document,
                                                   const TrustAnchor& anchor) {
    if (const auto same = check_chain(document, anchor.chain); !same) return fail(same.error());
    const auto known = follow_path(document.trust_path, anchor);
    if (!known) return fail(known.error());
    auto sealed = decode_sealed(document.header, ReceiptCheck::header, "the receipt");
    if (!sealed) return fail(sealed.error());
    const auto validators = check_header(document, *sealed, *known, anchor);
    if (!validators) return fail(validators.error());
    const auto certificate = check_certificate(document.certificate, *sealed, anchor.chain, *validators,
                                               ReceiptCheck::certificate, "the block of the receipt");
    if (!certificate) return fail(certificate.error());
    auto transaction = check_transaction(document, sealed->header);
    if (!transaction) return fail(transaction.error());
    auto receipt = check_receipt(document, sealed->header, (*transaction)->transaction.type);
    if (!receipt) return fail(receipt.error());
    if (document.log_index >= receipt->logs.size())
        return refuse(ReceiptCheck::log, "the receipt has " + std::to_string(receipt->logs.size()) +
                                             " logs, none at index " + std::to_string(document.log_index));
    ProvenReceipt proven{.header = sealed->header,
                         .block_hash = sealed->hash,
                         .time_ms = time_ms_of(sealed->header),
                         .view = certificate->view,
                         .sealed_by = signers(*certificate, *validators),
                         .validators = validators->size(),
                         .transaction = std::move(*transaction),
                         .receipt = std::move(*receipt),
                         .log = {}};
    proven.log = proven.receipt.logs[document.log_index];
    if (const auto same = check_summary(document.payment, proven); !same) return fail(same.error());
    return proven;
}

}  // namespace sluice::core
