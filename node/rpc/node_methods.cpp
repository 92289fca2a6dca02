/// sluice_, net_, web3_ and txpool_ methods: the node and its validators.
#include <map>

#include <fmt/format.h>

#include "consensus/evidence.hpp"
#include "core/documents/genesis_document.hpp"
#include "node/rpc/block_reference.hpp"
#include "node/rpc/json_writer.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/settlement_json.hpp"
#include "node/rpc/settlement_reading.hpp"

namespace sluice::node::rpc {
namespace {

/// A validator as people know it.
struct ValidatorName {
    std::string name;
    std::string bic;
};
using ValidatorNames = std::map<core::Address, ValidatorName>;

/// Names from genesis, and from governance for those that came later.
ValidatorNames validator_names(const ledger::LedgerSnapshot& snapshot, const NodeAccess& node) {
    ValidatorNames names;
    for (const auto& row : node.chain().spec.validators) names[row.address] = {row.name, row.bic.to_string()};
    const auto settlement = SettlementReader::open(snapshot, node);
    if (!settlement) return names;
    const auto rows = settlement->validators();
    if (!rows) return names;
    for (const auto& row : *rows) names[row.validator] = {row.name, bic_text(row.bic)};
    return names;
}

void write_name(JsonWriter& json, const ValidatorNames& names, const core::Address& address) {
    const auto found = names.find(address);
    json.key("address").data(address);
    json.key("name").text(found == names.end() ? std::string_view{} : found->second.name);
    json.key("bic");
    if (found == names.end() || found->second.bic.empty()) json.null();
    else json.text(found->second.bic);
}

template <typename T>
void write_optional(JsonWriter& json, const char* name, const std::optional<T>& value) {
    json.key(name);
    if (value) json.number(*value);
    else json.null();
}

void write_validators(JsonWriter& json, const NodeStatus& status, const ValidatorNames& names) {
    json.key("validators").begin_array();
    for (const auto& validator : status.validators) {
        json.begin_object();
        write_name(json, names, validator.address);
        json.key("isSelf").boolean(validator.is_self);
        write_optional(json, "lastSeenMs", validator.last_seen_ms);
        write_optional(json, "lastSealedHeight", validator.last_sealed_height);
        write_optional(json, "height", validator.head);
        write_optional(json, "clockAheadMs", validator.clock_ahead_ms);
        json.end_object();
    }
    json.end_array();
}

void write_consensus(JsonWriter& json, const NodeStatus& status, const ValidatorNames& names) {
    const auto& consensus = status.consensus;
    json.key("view").number(consensus.entered);
    json.key("promisedView").number(consensus.promised);
    json.key("primary").data(consensus.primary);
    const auto primary = names.find(consensus.primary);
    json.key("primaryName").text(primary == names.end() ? std::string_view{} : primary->second.name);
    json.key("isValidator").boolean(consensus.is_validator);
    json.key("isPrimary").boolean(consensus.is_primary);
    json.key("recovering").boolean(consensus.recovering);
    json.key("silenced").boolean(consensus.silenced);
    json.key("locked").boolean(consensus.locked);
    json.key("timeoutsInRow").number(consensus.timeouts_in_row);
    json.key("quorum").number(status.quorum);
}

std::string status_text(const StatusPicture& picture, const ChainFacts& facts, const ValidatorNames& names) {
    const auto& status = picture.node;
    JsonWriter json(2'048);
    json.begin_object();
    json.key("chainId").number(facts.identity.chain_id);
    json.key("genesisHash").data(facts.identity.genesis_hash);
    json.key("version").text(facts.version);
    json.key("name").text(facts.node_name);
    json.key("address").data(facts.node_address);
    json.key("height").number(status.height);
    json.key("blockHash").data(status.block_hash);
    json.key("stateRoot").data(status.state_root);
    write_consensus(json, status, names);
    write_validators(json, status, names);
    json.key("peers").number(status.peers);
    json.key("pool").begin_object();
    json.key("transactions").number(status.pool_transactions);
    json.key("executable").number(status.pool_executable);
    json.key("bytes").number(status.pool_bytes);
    json.end_object();
    json.key("voteLogSequence").number(status.vote_log_sequence);
    json.key("lastBlockAgeMs").number(status.last_block_age_ms);
    json.key("bestKnownHeight").number(status.best_known_height);
    json.key("evidence").number(status.evidence);
    json.key("signaturesVerified").number(status.signatures_verified);
    json.key("rssBytes").number(picture.resident_bytes);
    json.key("diskFreeBytes").number(picture.disk_free_bytes);
    json.key("certificateExpiresS").number(picture.certificate_expires_s);
    json.key("wallMs").number(picture.wall_ms);
    json.key("syncing").boolean(status.syncing);
    json.key("ready").boolean(status.ready);
    json.end_object();
    return json.take();
}

/// Asks the node, and writes the answer on a worker.
template <typename Write>
void answer_status(NodeCall call, Write write) {
    auto& node = call.services->node;
    node.status([services = call.services, snapshot = call.snapshot, answer = std::move(call.answer),
                 write](StatusPicture picture) {
        services->node.post([=, picture = std::move(picture)] { answer(write(picture, *snapshot, *services)); });
    });
}

void status(NodeCall call) {
    answer_status(std::move(call), [](const StatusPicture& picture, const ledger::LedgerSnapshot& snapshot,
                                      const Services& services) {
        return status_text(picture, services.node.chain(), validator_names(snapshot, services.node));
    });
}

void pool_status(NodeCall call) {
    answer_status(std::move(call),
                  [](const StatusPicture& picture, const ledger::LedgerSnapshot&, const Services&) {
                      const auto executable = picture.node.pool_executable;
                      JsonWriter json;
                      json.begin_object();
                      json.key("pending").quantity(std::uint64_t{executable});
                      json.key("queued").quantity(std::uint64_t{picture.node.pool_transactions - executable});
                      json.end_object();
                      return json.take();
                  });
}

void peer_count(NodeCall call) {
    answer_status(std::move(call),
                  [](const StatusPicture& picture, const ledger::LedgerSnapshot&, const Services&) {
                      return JsonWriter().quantity(std::uint64_t{picture.node.peers}).take();
                  });
}

void write_statement(JsonWriter& json, const char* name, const consensus::SignedStatement& statement) {
    json.key(name).begin_object();
    json.key("digest").data(statement.subject.digest);
    json.key("validatorsHash").data(statement.subject.validators_hash);
    json.key("r").data(statement.signature.r);
    json.key("s").data(statement.signature.s);
    json.key("recoveryId").number(statement.signature.recovery_id);
    json.end_object();
}

std::string_view name_of(core::VoteType type) {
    switch (type) {
        case core::VoteType::pre_prepare: return "PRE-PREPARE";
        case core::VoteType::prepare: return "PREPARE";
        case core::VoteType::commit: return "COMMIT";
        case core::VoteType::view_change: return "VIEW-CHANGE";
        case core::VoteType::new_view: return "NEW-VIEW";
        case core::VoteType::heartbeat: return "HEARTBEAT";
        case core::VoteType::status_report: return "STATUS-REPORT";
    }
    return "";
}

std::string evidence_text(const std::vector<consensus::Evidence>& entries, const ValidatorNames& names) {
    JsonWriter json;
    json.begin_array();
    for (const auto& entry : entries) {
        const auto found = names.find(entry.validator);
        json.begin_object();
        json.key("validator").data(entry.validator);
        json.key("name").text(found == names.end() ? std::string_view{} : found->second.name);
        json.key("type").text(name_of(entry.first.subject.type));
        json.key("height").number(entry.first.subject.height);
        json.key("view").number(entry.first.subject.view);
        write_statement(json, "first", entry.first);
        write_statement(json, "second", entry.second);
        json.end_object();
    }
    json.end_array();
    return json.take();
}

void evidence(NodeCall call) {
    auto& node = call.services->node;
    node.evidence([services = call.services, snapshot = call.snapshot,
                   answer = std::move(call.answer)](std::vector<consensus::Evidence> entries) {
        services->node.post([=] { answer(evidence_text(entries, validator_names(*snapshot, services->node))); });
    });
}

/// A height as a number, a quantity or a tag.
Reading<BlockReference> read_height(const Json& value) {
    const auto number = read_number(value);
    if (number) return BlockReference{BlockReference::Kind::height, *number, {}};
    return read_block_number(value);
}

Answer certificate(const ReadCall& call) {
    const auto reference = call.arguments.get_or(0, read_height, BlockReference{});
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto height = find_height(reference, *call.snapshot);
    const auto certificate = height ? call.snapshot->certificate(*height) : std::nullopt;
    const auto validators = height ? call.snapshot->validators(*height) : std::nullopt;
    if (!certificate || !validators) return std::string("null");
    const auto names = validator_names(*call.snapshot, call.node());
    JsonWriter json(4'096);
    json.begin_object();
    json.key("height").number(certificate->height);
    json.key("view").number(certificate->view);
    json.key("blockHash").data(certificate->block_hash);
    json.key("quorum").number(validators->quorum());
    json.key("validators").number(validators->size());
    json.key("signatures").begin_array();
    for (const auto& signature : certificate->signatures) {
        json.begin_object().key("index").number(signature.index);
        write_name(json, names, validators->at(signature.index));
        json.key("r").data(signature.signature.r);
        json.key("s").data(signature.signature.s);
        json.key("recoveryId").number(signature.signature.recovery_id);
        json.end_object();
    }
    json.end_array();
    json.key("encoded").data(core::encode(*certificate));
    json.end_object();
    return json.take();
}

Answer validators(const ReadCall& call) {
    // Without a height: those who vote on the next block.
    const auto reference =
        call.arguments.get_or(0, read_height, BlockReference{BlockReference::Kind::pending, 0, {}});
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    core::Height height = call.snapshot->height();
    if (reference.kind == BlockReference::Kind::pending) ++height;
    if (reference.kind == BlockReference::Kind::height) height = reference.height;
    const auto set = call.snapshot->validators(height);
    if (!set) return std::string("null");
    const auto names = validator_names(*call.snapshot, call.node());
    JsonWriter json;
    json.begin_object();
    json.key("height").number(height);
    json.key("hash").data(set->hash());
    json.key("quorum").number(set->quorum());
    json.key("faults").number(set->faults());
    json.key("validators").begin_array();
    for (const auto& member : set->members()) {
        json.begin_object();
        write_name(json, names, member);
        json.end_object();
    }
    json.end_array().end_object();
    return json.take();
}

Answer genesis(const ReadCall& call) { return core::encode_genesis(call.node().chain().spec); }

Answer client_version(const ReadCall& call) {
    return JsonWriter().text(fmt::format("Sluice/v{}/linux/c++20", call.node().chain().version)).take();
}

Answer hash_data(const ReadCall& call) {
    const auto data = call.arguments.get(0, read_data);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    return JsonWriter().data(core::keccak256(data)).take();
}

Answer listening(const ReadCall&) { return std::string("true"); }

}  // namespace

std::vector<Method> node_methods() {
    const Parameter height{"height", "Any", false};
    constexpr auto anyone = Role::anyone;
    return {
        {"sluice_status", "The node at a glance", {}, "Status", Access::node, anyone, status},
        {"sluice_certificate", "The commit certificate of a height: who sealed it", {height}, "Certificate?",
         Access::read, anyone, certificate},
        {"sluice_validators", "Who votes at a height; by default at the next", {height}, "ValidatorList?",
         Access::read, anyone, validators},
        {"sluice_evidence", "Proofs that a validator signed two different things", {}, "[Evidence]", Access::node,
         anyone, evidence},
        {"sluice_genesis", "The genesis file of the chain", {}, "Genesis", Access::heavy, anyone, genesis},
        {"net_listening", "Always true", {}, "Boolean", Access::read, anyone, listening},
        {"net_peerCount", "Connected nodes", {}, "Quantity", Access::node, anyone, peer_count},
        {"web3_clientVersion", "Name and version of this software", {}, "Text", Access::read, anyone,
         client_version},
        {"web3_sha3", "keccak256 of the given bytes", {{"data", "Data"}}, "Hash", Access::read, anyone, hash_data},
        {"txpool_status", "Transactions that can run, and those that wait for a nonce", {}, "PoolStatus",
         Access::node, anyone, pool_status},
    };
}

}  // namespace sluice::node::rpc
