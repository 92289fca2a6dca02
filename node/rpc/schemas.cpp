#include "node/rpc/schemas.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace sluice::node::rpc {
namespace {

constexpr std::array schemas{
    NamedSchema{"Any", R"({})"},
    NamedSchema{"Boolean", R"({"type":"boolean"})"},
    NamedSchema{"Text", R"({"type":"string"})"},
    NamedSchema{"Number", R"({"type":"integer","minimum":0})"},
    NamedSchema{"Quantity", R"({"type":"string","pattern":"^0x(0|[1-9a-f][0-9a-f]{0,63})$"})"},
    NamedSchema{"Data", R"({"type":"string","pattern":"^0x([0-9a-fA-F]{2})*$"})"},
    NamedSchema{"Hash", R"({"type":"string","pattern":"^0x[0-9a-fA-F]{64}$"})"},
    NamedSchema{"Address", R"({"type":"string","pattern":"^0x[0-9a-fA-F]{40}$"})"},
    NamedSchema{"StorageKey", R"({"type":"string","pattern":"^0x[0-9a-fA-F]{0,64}$"})"},
    NamedSchema{"Bic", R"({"type":"string","pattern":"^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$"})"},
    NamedSchema{"Currency", R"({"type":"string","pattern":"^[A-Z]{3}$"})"},
    NamedSchema{"Uetr", R"({"type":"string","format":"uuid"})"},
    NamedSchema{
        "BlockNumberOrTag",
        R"({"oneOf":[{"$ref":"#/components/schemas/Quantity"},{"enum":["earliest","finalized","safe","latest","pending"]}]})"},
    NamedSchema{
        "BlockReference",
        R"({"oneOf":[{"$ref":"#/components/schemas/BlockNumberOrTag"},{"$ref":"#/components/schemas/Hash"},{"type":"object","properties":{"blockNumber":{"$ref":"#/components/schemas/Quantity"},"blockHash":{"$ref":"#/components/schemas/Hash"},"requireCanonical":{"type":"boolean"}}}]})"},
    NamedSchema{
        "Call",
        R"({"type":"object","properties":{"from":{"$ref":"#/components/schemas/Address"},"to":{"oneOf":[{"type":"null"},{"$ref":"#/components/schemas/Address"}]},"gas":{"$ref":"#/components/schemas/Quantity"},"value":{"$ref":"#/components/schemas/Quantity"},"input":{"$ref":"#/components/schemas/Data"},"data":{"$ref":"#/components/schemas/Data"}}})"},
    NamedSchema{
        "StateOverrides",
        R"({"type":"object","description":"accounts by address: balance, nonce, code, state or stateDiff"})"},
    NamedSchema{
        "BlockOverrides",
        R"({"type":"object","description":"number, time, gasLimit, feeRecipient, prevRandao, baseFeePerGas"})"},
    NamedSchema{
        "TraceOptions",
        R"({"type":"object","properties":{"tracer":{"enum":["","structLogger","callTracer","prestateTracer"]},"tracerConfig":{"type":"object"},"disableStack":{"type":"boolean"},"disableStorage":{"type":"boolean"},"enableMemory":{"type":"boolean"},"enableReturnData":{"type":"boolean"},"limit":{"type":"integer"},"timeout":{"type":"string"}}})"},
    NamedSchema{"Trace", R"({"type":["object","null"]})"},
    NamedSchema{"BlockTrace", R"({"type":"object","required":["txHash","result"]})"},
    NamedSchema{"AccessListResult", R"({"type":"object","required":["accessList","gasUsed"]})"},
    NamedSchema{
        "LogQuery",
        R"({"type":"object","properties":{"fromBlock":{"$ref":"#/components/schemas/BlockNumberOrTag"},"toBlock":{"$ref":"#/components/schemas/BlockNumberOrTag"},"blockHash":{"$ref":"#/components/schemas/Hash"},"address":{},"topics":{"type":"array"}}})"},
    NamedSchema{
        "Log",
        R"({"type":"object","required":["address","topics","data","blockNumber","blockHash","blockTimestamp","transactionHash","transactionIndex","logIndex","removed"]})"},
    NamedSchema{
        "Transaction",
        R"({"type":"object","required":["hash","from","to","type","nonce","gas","gasPrice","value","input","v","r","s","blockHash","blockNumber","transactionIndex"]})"},
    NamedSchema{
        "Receipt",
        R"({"type":"object","required":["transactionHash","transactionIndex","blockHash","blockNumber","from","to","contractAddress","type","status","gasUsed","cumulativeGasUsed","effectiveGasPrice","logsBloom","logs"]})"},
    NamedSchema{
        "Block",
        R"({"type":"object","required":["number","hash","parentHash","sha3Uncles","miner","stateRoot","transactionsRoot","receiptsRoot","logsBloom","difficulty","gasLimit","gasUsed","timestamp","extraData","mixHash","nonce","baseFeePerGas","size","transactions","uncles"]})"},
    NamedSchema{
        "AccountProof",
        R"({"type":"object","required":["address","accountProof","balance","codeHash","nonce","storageHash","storageProof"]})"},
    NamedSchema{"FeeHistory",
                R"({"type":"object","required":["oldestBlock","baseFeePerGas","gasUsedRatio"]})"},
    NamedSchema{
        "Syncing",
        R"({"oneOf":[{"enum":[false]},{"type":"object","required":["startingBlock","currentBlock","highestBlock"]}]})"},
    NamedSchema{"FilterChanges", R"({"type":"array"})"},
    NamedSchema{"PoolStatus", R"({"type":"object","required":["pending","queued"]})"},
    NamedSchema{
        "Status",
        R"({"type":"object","required":["chainId","version","height","blockHash","stateRoot","view","primary","validators","peers","pool","voteLogSequence","lastBlockAgeMs","rssBytes","syncing","ready"]})"},
    NamedSchema{"Certificate",
                R"({"type":"object","required":["height","view","blockHash","signatures","encoded"]})"},
    NamedSchema{"Evidence",
                R"({"type":"object","required":["validator","type","height","view","first","second"]})"},
    NamedSchema{"ValidatorList",
                R"({"type":"object","required":["height","hash","quorum","faults","validators"]})"},
    NamedSchema{
        "Proposal",
        R"({"type":"object","required":["id","change","stage","proposer","joins","leaves","accepted","votes","proposedAt","expiresAt","effectiveAt"]})"},
    NamedSchema{"Genesis", R"({"type":"object","description":"the genesis file"})"},
    NamedSchema{"Peer", R"({"type":"object"})"},
    NamedSchema{"NodeInfo", R"({"type":"object"})"},
    NamedSchema{
        "Amount",
        R"({"type":"object","required":["ccy","value","minor"],"properties":{"ccy":{"$ref":"#/components/schemas/Currency"},"value":{"type":"string"},"minor":{"type":"string"}}})"},
    NamedSchema{
        "PaymentQuery",
        R"({"type":"object","properties":{"uetr":{"$ref":"#/components/schemas/Uetr"},"msgType":{"type":"string"},"paymentId":{"$ref":"#/components/schemas/Hash"},"historyAfter":{"type":"string"}}})"},
    NamedSchema{
        "Payment",
        R"({"type":"object","required":["paymentId","uetr","msgType","payer","payee","amount","status","why","reason","history","finality"]})"},
    NamedSchema{
        "PaymentFilter",
        R"({"type":"object","properties":{"uetr":{"$ref":"#/components/schemas/Uetr"},"msgType":{"type":"string"},"paymentId":{"$ref":"#/components/schemas/Hash"},"party":{"$ref":"#/components/schemas/Bic"},"direction":{"enum":["outgoing","incoming"]},"ccy":{"$ref":"#/components/schemas/Currency"},"status":{"type":"string"},"valueDate":{"type":"integer"},"amountFrom":{"type":"string"},"amountTo":{"type":"string"},"order":{"enum":["oldest","newest"]},"cursor":{"type":"string"},"max":{"type":"integer"}}})"},
    NamedSchema{
        "PaymentsFound",
        R"({"oneOf":[{"type":"array","items":{"$ref":"#/components/schemas/Payment"}},{"type":"object","required":["payments","next","height","oldestHeight"]}]})"},
    NamedSchema{
        "EntryQuery",
        R"({"type":"object","properties":{"bic":{"$ref":"#/components/schemas/Bic"},"ccy":{"$ref":"#/components/schemas/Currency"},"fromSeq":{"oneOf":[{"type":"integer"},{"type":"string"}]},"max":{"type":"integer"}}})"},
    NamedSchema{"EntryList", R"({"type":"object","required":["entries","nextSeq","isComplete","height"]})"},
    NamedSchema{
        "FeedQuery",
        R"({"type":"object","required":["topics"],"properties":{"topics":{"type":"array","items":{"enum":["payments","entries"]}},"bic":{"$ref":"#/components/schemas/Bic"},"ccy":{"$ref":"#/components/schemas/Currency"},"fromSeq":{"oneOf":[{"type":"integer"},{"type":"string"}]}}})"},
    NamedSchema{
        "PositionQuery",
        R"({"type":"object","required":["bic","ccy"],"properties":{"bic":{"$ref":"#/components/schemas/Bic"},"ccy":{"$ref":"#/components/schemas/Currency"}}})"},
    NamedSchema{
        "Position",
        R"({"type":"object","required":["bic","ccy","balance","locked","frozen","creditLine","available","netQueued","height"]})"},
    NamedSchema{
        "LimitsQuery",
        R"({"type":"object","required":["bic","ccy"],"properties":{"bic":{"$ref":"#/components/schemas/Bic"},"ccy":{"$ref":"#/components/schemas/Currency"},"from":{"type":"integer"},"max":{"type":"integer"}}})"},
    NamedSchema{
        "Limits",
        R"({"type":"object","required":["bic","ccy","multilateralLimit","bilateralLimits","height"]})"},
    NamedSchema{
        "QueueQuery",
        R"({"type":"object","required":["bic","ccy"],"properties":{"bic":{"$ref":"#/components/schemas/Bic"},"ccy":{"$ref":"#/components/schemas/Currency"},"direction":{"enum":["outgoing","incoming"]},"from":{"type":"integer"},"max":{"type":"integer"}}})"},
    NamedSchema{"Queue", R"({"type":"object","required":["bic","ccy","direction","payments","height"]})"},
    NamedSchema{
        "LockQuery",
        R"({"type":"object","required":["lockId"],"properties":{"lockId":{"$ref":"#/components/schemas/Hash"}}})"},
    NamedSchema{
        "Lock",
        R"({"type":"object","required":["lockId","opId","payer","beneficiary","amount","expiry","agent","status"]})"},
    NamedSchema{"LockList", R"({"type":"object","required":["bic","ccy","direction","locks","height"]})"},
    NamedSchema{"HolderList", R"({"type":"object","required":["holders","height"]})"},
    NamedSchema{
        "BankQuery",
        R"({"type":"object","required":["bic"],"properties":{"bic":{"$ref":"#/components/schemas/Bic"}}})"},
    NamedSchema{"SettlementAddress", R"({"type":"object","required":["bic","address","height"]})"},
    NamedSchema{"Page",
                R"({"type":"object","properties":{"from":{"type":"integer"},"max":{"type":"integer"}}})"},
    NamedSchema{
        "Participant",
        R"({"type":"object","required":["bic","lei","name","status","registeredAt","keys","mandates","thresholds","recovery","insolvency","height"]})"},
    NamedSchema{"ParticipantList", R"({"type":"object","required":["participants","height"]})"},
    NamedSchema{"CurrencyQuery",
                R"({"type":"object","properties":{"ccy":{"$ref":"#/components/schemas/Currency"}}})"},
    NamedSchema{
        "BusinessDayQuery",
        R"({"type":"object","properties":{"ccy":{"$ref":"#/components/schemas/Currency"},"date":{"anyOf":[{"type":"integer"},{"type":"string"}]}}})"},
    NamedSchema{
        "BusinessDay",
        R"({"type":"object","required":["ccy","mode","valueDate","phase","nextAt","nextPhase","nextValueDate"]})"},
    NamedSchema{"NetworkTotals", R"({"type":"object","required":["ccy","issued","redeemed","outstanding"]})"},
    NamedSchema{
        "LsmQuery",
        R"({"type":"object","properties":{"ccy":{"$ref":"#/components/schemas/Currency"},"before":{"type":"integer"},"max":{"type":"integer"}}})"},
    NamedSchema{"LsmRunList", R"({"type":"object","required":["runs","lastRunId","height"]})"},
    NamedSchema{"LsmRunQuery",
                R"({"type":"object","required":["runId"],"properties":{"runId":{"type":"integer"}}})"},
    NamedSchema{
        "LsmRun",
        R"({"type":"object","required":["runId","runHeight","ccy","queued","settled","grossValue","netMoved","liquiditySaved","inputsHash","inputs"]})"},
    NamedSchema{
        "AccountQuery",
        R"({"type":"object","properties":{"bic":{"$ref":"#/components/schemas/Bic"},"ccy":{"$ref":"#/components/schemas/Currency"}}})"},
    NamedSchema{"LsmStatus",
                R"({"type":"object","required":["ccy","enabled","deadlock","queued","height"]})"},
    NamedSchema{
        "ProofQuery",
        R"({"type":"object","properties":{"uetr":{"$ref":"#/components/schemas/Uetr"},"msgType":{"type":"string"},"paymentId":{"$ref":"#/components/schemas/Hash"},"txHash":{"$ref":"#/components/schemas/Hash"}}})"},
    NamedSchema{"ReceiptDocument", R"({"type":"object","description":"the receipt file"})"},
    NamedSchema{
        "Submission",
        R"({"type":"object","required":["rawTransaction"],"properties":{"rawTransaction":{"$ref":"#/components/schemas/Data"},"wait":{"enum":["accepted","final"]},"timeoutMs":{"type":"integer"}}})"},
    NamedSchema{
        "SubmissionStatus",
        R"({"type":"object","required":["kind","uetr","paymentId","status","why","reason","txHash","height","time"]})"},
    NamedSchema{"OpenRpc", R"({"type":"object","required":["openrpc","info","methods"]})"},
    NamedSchema{"Modules", R"({"type":"object"})"},
};

}  // namespace

std::span<const NamedSchema> named_schemas() {
    return schemas;
}

std::optional<std::string> schema_of(std::string_view type) {
    if (type.ends_with('?')) {
        const auto inner = schema_of(type.substr(0, type.size() - 1));
        if (!inner) return std::nullopt;
        return fmt::format(R"({{"oneOf":[{{"type":"null"}},{}]}})", *inner);
    }
    if (type.starts_with('[') && type.ends_with(']')) {
        const auto inner = schema_of(type.substr(1, type.size() - 2));
        if (!inner) return std::nullopt;
        return fmt::format(R"({{"type":"array","items":{}}})", *inner);
    }
    const bool is_known = std::any_of(schemas.begin(), schemas.end(),
                                      [&](const NamedSchema& schema) { return schema.name == type; });
    if (!is_known) return std::nullopt;
    return fmt::format(R"({{"$ref":"#/components/schemas/{}"}})", type);
}

}  // namespace sluice::node::rpc
