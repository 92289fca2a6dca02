/// The receipt file: everything that proves one payment to a reader who has only the genesis of the chain.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/block.hpp"
#include "core/commit_certificate.hpp"
#include "core/documents/document_error.hpp"
#include "core/identifiers.hpp"
#include "core/receipt.hpp"

namespace sluice::core {

/// Largest receipt file that is read: a trust path of several hundred changes of the largest validator set.
inline constexpr std::size_t receipt_document_bytes_max = 32 * 1024 * 1024;

/// What people read of a receipt. Nothing here is evidence: a verifier recomputes each field from the proven
/// bytes.
struct ReceiptSummary {
    Uetr uetr;
    Bic payer;
    Bic payee;
    std::string amount;  ///< with exactly the decimals of its currency: "250.00"
    CurrencyCode currency;
    std::string status;  ///< one of the four words of a payment's state: "Final"
    Height height = 0;
    UnixMs time_ms = 0;  ///< of the block; the file prints it also as RFC 3339 in UTC
    Hash transaction_hash{};
    Hash payment_id{};
    bool operator==(const ReceiptSummary&) const = default;
};

/// One change of the validator set: a final block that names another set for the next height.
struct TrustLink {
    Bytes header;                     ///< RLP
    Bytes certificate;                ///< `encode(CommitCertificate)`, by the set before the change
    std::vector<Address> validators;  ///< the set after the change, in order
    bool operator==(const TrustLink&) const = default;
};

struct ReceiptDocument {
    std::uint64_t chain_id = 0;
    Hash genesis_hash{};
    ReceiptSummary payment;
    Bytes header;                     ///< RLP
    Bytes certificate;                ///< `encode(CommitCertificate)`
    std::vector<Address> validators;  ///< the set of the header's height, in order
    Bytes transaction;                ///< as it travels (EIP-2718)
    std::uint64_t transaction_index = 0;
    std::vector<Bytes> transaction_proof;  ///< nodes under transactionsRoot, from the root
    Bytes receipt;                         ///< consensus encoding
    std::vector<Bytes> receipt_proof;      ///< nodes under receiptsRoot, from the root
    std::uint64_t log_index = 0;           ///< position among the logs of this receipt
    std::vector<TrustLink> trust_path;     ///< by rising height
    bool operator==(const ReceiptDocument&) const = default;
};

/// Canonical JSON: fixed order of keys, two spaces of indentation, a newline at the end.
/// Precondition (CHECK): payment.time_ms <= time_ms_max.
std::string encode_receipt_document(const ReceiptDocument& document);
/// Strict: what is not byte for byte the canonical form of its own content is refused.
Result<ReceiptDocument, DocumentError> parse_receipt_document(std::string_view json);
/// The same content in any layout and order of keys, as an RPC answer carries it. Still no unknown, repeated
/// or missing key, and each value in its one form.
Result<ReceiptDocument, DocumentError> parse_receipt_object(std::string_view json);

/// A header that the verifier believes without proof, and the validators that it names for the next height.
struct TrustAnchor {
    ChainIdentity chain;
    Height height = 0;
    Hash header_hash{};
    ValidatorSet next_validators;
};
/// Nothing if the header's extra data does not name `next_validators` for the next height.
std::optional<TrustAnchor> anchor_at(const ChainIdentity& chain, const Header& header,
                                     const ValidatorSet& next_validators);

/// The checks of a receipt, in the order in which they are made.
enum class ReceiptCheck {
    chain,        ///< the receipt is of this chain
    trust_path,   ///< each change of the validator set is sealed by the set before it
    header,       ///< the header is one, and names the validators that the receipt carries
    certificate,  ///< a quorum of these validators sealed the header, and every signature is right
    transaction,  ///< the transaction lies in the block
    receipt,      ///< its receipt lies in the block
    log,          ///< the named log lies in the receipt
    summary,      ///< what people read says the same as what is proven
};

struct ReceiptFault {
    ReceiptCheck check{};
    std::string sentence;  ///< which check failed, and on what
};

/// What a receipt proves.
struct ProvenReceipt {
    Header header;
    Hash block_hash{};
    UnixMs time_ms = 0;
    View view = 0;                   ///< of the certificate
    std::vector<Address> sealed_by;  ///< validators whose signatures the certificate holds
    std::size_t validators = 0;      ///< members of the set
    TransactionPtr transaction;
    Receipt receipt;
    Log log;
};

/// Follows links from the anchor to the validators that they lead to: every signature in them verifies.
Result<ValidatorSet, ReceiptFault> follow_trust_path(const std::vector<TrustLink>& path,
                                                     const TrustAnchor& anchor);

/// Checks everything that needs no knowledge of payments: chain, trust path from the anchor, header,
/// certificate with every signature, transaction and receipt under the header's roots, and of the summary
/// height, time and transaction hash. The caller compares the other fields of the summary with the log. Pure
/// and total; the work is bounded by the size of the document.
Result<ProvenReceipt, ReceiptFault> verify_receipt(const ReceiptDocument& document,
                                                   const TrustAnchor& anchor);

}  // namespace sluice::core
