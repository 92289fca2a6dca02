#include "core/documents/receipt_document.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/documents/json_fields.hpp"

namespace sluice::core {

namespace {

using documents::FirstError;
using documents::Form;
using documents::Json;
using documents::ObjectFields;
using documents::OrderedJson;

constexpr std::string_view format_name = "sluice-receipt";
constexpr std::uint64_t format_version = 1;
/// Longest amount: 18 digits, a point, and zeros of the fraction.
constexpr std::size_t amount_bytes_max = 40;
constexpr std::size_t status_bytes_max = 20;

// ---- writing

OrderedJson addresses_json(const std::vector<Address>& addresses) {
    OrderedJson list = OrderedJson::array();
    for (const Address& address : addresses)
        list.push_back(checksum_hex(address));
    return list;
}

OrderedJson proof_json(const std::vector<Bytes>& nodes) {
    OrderedJson list = OrderedJson::array();
    for (const Bytes& node : nodes)
        list.push_back(to_hex_0x(node));
    return list;
}

OrderedJson trust_path_json(const std::vector<TrustLink>& path) {
    OrderedJson list = OrderedJson::array();
    for (const TrustLink& link : path) {
        OrderedJson entry = OrderedJson::object();
        entry["header"] = to_hex_0x(link.header);
        entry["certificate"] = to_hex_0x(link.certificate);
        entry["validators"] = addresses_json(link.validators);
        list.push_back(std::move(entry));
    }
    return list;
}

OrderedJson summary_json(const ReceiptSummary& payment) {
    OrderedJson object = OrderedJson::object();
    object["uetr"] = payment.uetr.to_string();
    object["payer"] = payment.payer.to_string();
    object["payee"] = payment.payee.to_string();
    object["amount"] = payment.amount;
    object["currency"] = payment.currency.to_string();
    object["status"] = payment.status;
    object["height"] = payment.height;
    object["timeMs"] = payment.time_ms;
    object["time"] = format_time(payment.time_ms);
    object["transactionHash"] = to_hex_0x(payment.transaction_hash);
    object["paymentId"] = to_hex_0x(payment.payment_id);
    return object;
}

// ---- reading

std::optional<std::string> amount_from(const Json& value) {
    const auto* const text = value.get_ptr<const std::string*>();
    const auto accepts = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    if (text == nullptr || text->empty() || text->size() > amount_bytes_max) return {};
    if (!std::all_of(text->begin(), text->end(), accepts)) return {};
    return *text;
}

std::optional<std::string> status_from(const Json& value) {
    const auto* const text = value.get_ptr<const std::string*>();
    const auto accepts = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    if (text == nullptr || text->empty() || text->size() > status_bytes_max) return {};
    if (!std::all_of(text->begin(), text->end(), accepts)) return {};
    return *text;
}

std::optional<UnixMs> time_ms_from(const Json& value) {
    const auto time = documents::number_form.read(value);
    return time && *time <= time_ms_max ? time : std::nullopt;
}

std::optional<UnixMs> time_from(const Json& value) {
    const auto* const text = value.get_ptr<const std::string*>();
    return text == nullptr ? std::nullopt : parse_time(*text);
}

std::optional<std::string> format_from(const Json& value) {
    const auto* const text = value.get_ptr<const std::string*>();
    return text != nullptr && *text == format_name ? std::optional(*text) : std::nullopt;
}

std::optional<std::uint64_t> version_from(const Json& value) {
    const auto version = documents::number_form.read(value);
    return version == format_version ? version : std::nullopt;
}

constexpr Form<std::string> amount_form{amount_from, "an amount: digits and at most one '.'"};
constexpr Form<std::string> status_form{status_from, "a status: a word of letters"};
constexpr Form<UnixMs> time_ms_form{time_ms_from, "milliseconds since 1970, up to the end of the year 9999"};
constexpr Form<UnixMs> time_form{time_from, "the same time as timeMs: YYYY-MM-DDTHH:MM:SS.mmmZ"};
constexpr Form<std::string> format_form{format_from, "\"sluice-receipt\""};
constexpr Form<std::uint64_t> version_form{version_from, "1, the version that this program reads"};

void read_summary(const Json& value, ReceiptSummary& payment, FirstError& errors) {
    const ObjectFields fields(value, "payment",
                              {"uetr", "payer", "payee", "amount", "currency", "status", "height", "timeMs",
                               "time", "transactionHash", "paymentId"},
                              errors);
    fields.required("uetr", documents::uetr_form, payment.uetr);
    fields.required("payer", documents::bic_form, payment.payer);
    fields.required("payee", documents::bic_form, payment.payee);
    fields.required("amount", amount_form, payment.amount);
    fields.required("currency", documents::currency_form, payment.currency);
    fields.required("status", status_form, payment.status);
    fields.required("height", documents::number_form, payment.height);
    fields.required("timeMs", time_ms_form, payment.time_ms);
    UnixMs time = payment.time_ms;
    fields.required("time", time_form, time);
    if (time != payment.time_ms) errors.keep_wrong("payment.time", *fields.find("time"), time_form.allowed);
    fields.required("transactionHash", documents::hash_form, payment.transaction_hash);
    fields.required("paymentId", documents::hash_form, payment.payment_id);
}

void read_link(const Json& value, const std::string& path, ReceiptDocument& document, FirstError& errors) {
    const ObjectFields fields(value, path, {"header", "certificate", "validators"}, errors);
    TrustLink& link = document.trust_path.emplace_back();
    fields.required("header", documents::bytes_form, link.header);
    fields.required("certificate", documents::bytes_form, link.certificate);
    fields.required_list_of("validators", documents::address_form, link.validators);
}

ReceiptDocument read_document(const Json& tree, FirstError& errors) {
    ReceiptDocument document;
    std::string format;
    std::uint64_t version = 0;
    const ObjectFields fields(tree, "",
                              {"format", "version", "chainId", "genesisHash", "payment", "header",
                               "certificate", "validators", "transaction", "transactionIndex",
                               "transactionProof", "receipt", "receiptProof", "logIndex", "trustPath"},
                              errors);
    fields.required("format", format_form, format);
    fields.required("version", version_form, version);
    fields.required("chainId", documents::number_form, document.chain_id);
    fields.required("genesisHash", documents::hash_form, document.genesis_hash);
    if (const Json* payment = fields.require("payment", "an object"))
        read_summary(*payment, document.payment, errors);
    fields.required("header", documents::bytes_form, document.header);
    fields.required("certificate", documents::bytes_form, document.certificate);
    fields.required_list_of("validators", documents::address_form, document.validators);
    fields.required("transaction", documents::bytes_form, document.transaction);
    fields.required("transactionIndex", documents::number_form, document.transaction_index);
    fields.required_list_of("transactionProof", documents::bytes_form, document.transaction_proof);
    fields.required("receipt", documents::bytes_form, document.receipt);
    fields.required_list_of("receiptProof", documents::bytes_form, document.receipt_proof);
    fields.required("logIndex", documents::number_form, document.log_index);
    fields.required_list("trustPath", [&](const Json& entry, const std::string& path) {
        read_link(entry, path, document, errors);
    });
    return document;
}

Result<ReceiptDocument, DocumentError> document_of(const Json& tree) {
    FirstError errors;
    ReceiptDocument document = read_document(tree, errors);
    if (errors.error()) return fail(*errors.error());
    return document;
}

DocumentError not_canonical(std::string sentence) {
    return {.fault = DocumentFault::not_canonical, .path = {}, .value = {}, .allowed = std::move(sentence)};
}

}  // namespace

std::string encode_receipt_document(const ReceiptDocument& document) {
    CHECK(document.payment.time_ms <= time_ms_max);
    OrderedJson object = OrderedJson::object();
    object["format"] = format_name;
    object["version"] = format_version;
    object["chainId"] = document.chain_id;
    object["genesisHash"] = to_hex_0x(document.genesis_hash);
    object["payment"] = summary_json(document.payment);
    object["header"] = to_hex_0x(document.header);
    object["certificate"] = to_hex_0x(document.certificate);
    object["validators"] = addresses_json(document.validators);
    object["transaction"] = to_hex_0x(document.transaction);
    object["transactionIndex"] = document.transaction_index;
    object["transactionProof"] = proof_json(document.transaction_proof);
    object["receipt"] = to_hex_0x(document.receipt);
    object["receiptProof"] = proof_json(document.receipt_proof);
    object["logIndex"] = document.log_index;
    object["trustPath"] = trust_path_json(document.trust_path);
    return documents::write_json(object);
}

Result<ReceiptDocument, DocumentError> parse_receipt_object(std::string_view json) {
    const auto tree = documents::parse_json(json, receipt_document_bytes_max);
    if (!tree) return fail(tree.error());
    auto document = document_of(*tree);
    if (!document) return document;
    const auto canonical =
        documents::parse_json(encode_receipt_document(*document), receipt_document_bytes_max);
    if (!canonical || *canonical != *tree)
        return fail(
            not_canonical("a value of the receipt is not written in its one form: hex digits are lower case, "
                          "addresses carry their checksum, a BIC of 8 characters is not completed"));
    return document;
}

Result<ReceiptDocument, DocumentError> parse_receipt_document(std::string_view json) {
    const auto tree = documents::parse_json(json, receipt_document_bytes_max);
    if (!tree) return fail(tree.error());
    auto document = document_of(*tree);
    if (!document) return document;
    const std::string canonical = encode_receipt_document(*document);
    if (canonical == json) return document;
    const auto differs = std::mismatch(json.begin(), json.end(), canonical.begin(), canonical.end());
    return fail(not_canonical("the receipt file is not in its canonical form: it differs first at byte " +
                              std::to_string(differs.first - json.begin())));
}

}  // namespace sluice::core
