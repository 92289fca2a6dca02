/// sluice_ methods about validators: who they are, what they sealed, and proofs against them.
#include "consensus/evidence.hpp"
#include "node/rpc/block_reference.hpp"
#include "node/rpc/json_writer.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/settlement_json.hpp"
#include "node/rpc/settlement_reading.hpp"
#include "node/rpc/validator_names.hpp"

namespace sluice::node::rpc {
namespace {

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
        case core::VoteType::pre_prepare:
            return "PRE-PREPARE";
        case core::VoteType::prepare:
            return "PREPARE";
        case core::VoteType::commit:
            return "COMMIT";
        case core::VoteType::view_change:
            return "VIEW-CHANGE";
        case core::VoteType::new_view:
            return "NEW-VIEW";
        case core::VoteType::heartbeat:
            return "HEARTBEAT";
        case core::VoteType::status_report:
            return "STATUS-REPORT";
    }
    return "";
}

std::string evidence_text(const std::vector<consensus::Evidence>& entries, const ValidatorNames& names) {
    JsonWriter json;
    json.begin_array();
    for (const auto& entry : entries) {
        json.begin_object();
        json.key("validator").data(entry.validator);
        json.key("name").text(name_in(names, entry.validator));
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
        services->node.post(
            [=] { answer(evidence_text(entries, validator_names(*snapshot, services->node))); });
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
        write_validator(json, names, validators->at(signature.index));
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
        write_validator(json, names, member);
        json.end_object();
    }
    json.end_array().end_object();
    return json.take();
}

void write_party(JsonWriter& json, const char* key, const core::Address& address) {
    json.key(key);
    if (address == core::Address{})
        json.null();
    else
        json.data(address);
}

void write_proposal(JsonWriter& json, const native::ProposalInfo& proposal, const ValidatorNames& names) {
    json.begin_object();
    json.key("id").number(proposal.id);
    json.key("change").text(native::name_of(proposal.change));
    json.key("stage").text(native::name_of(proposal.stage));
    json.key("proposer").data(proposal.proposer);
    json.key("proposerName").text(name_in(names, proposal.proposer));
    write_party(json, "joins", proposal.joins);
    json.key("name").text(proposal.name);
    json.key("bic");
    if (proposal.joins == core::Address{})
        json.null();
    else
        json.text(bic_text(proposal.bic));
    json.key("accepted").boolean(proposal.accepted);
    write_party(json, "leaves", proposal.leaves);
    json.key("leavesName").text(name_in(names, proposal.leaves));
    json.key("votes").begin_array();
    for (const auto& voter : proposal.voters) {
        json.begin_object();
        write_validator(json, names, voter);
        json.end_object();
    }
    json.end_array();
    json.key("proposedAt").number(proposal.proposed_at);
    json.key("expiresAt").number(proposal.expires_at);
    json.key("effectiveAt");
    if (proposal.effective_at == 0)
        json.null();
    else
        json.number(proposal.effective_at);
    json.end_object();
}

/// Open proposals, or with a number that one, whatever became of it.
Answer proposals(const ReadCall& call) {
    const auto id = call.arguments.get_or(0, read_number, std::uint64_t{0});
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    std::vector<native::ProposalInfo> rows;
    if (id == 0) {
        auto open = settlement->proposals();
        if (!open) return core::fail(open.error());
        rows = std::move(*open);
    } else {
        auto one = settlement->proposal(id);
        if (!one) return core::fail(one.error());
        if (one->stage != native::ProposalStage::none) rows.push_back(std::move(*one));
    }
    const auto names = validator_names(*call.snapshot, call.node());
    JsonWriter json(1'024);
    json.begin_array();
    for (const auto& row : rows)
        write_proposal(json, row, names);
    json.end_array();
    return json.take();
}

}  // namespace

// clang-format off
std::vector<Method> validator_methods() {
    const Parameter height{"height", "Any", false};
    constexpr auto anyone = Role::anyone;
    return {
        {"sluice_certificate", "The commit certificate of a height: who sealed it", {height}, "Certificate?",
         Access::read, anyone, certificate},
        {"sluice_validators", "Who votes at a height; by default at the next", {height}, "ValidatorList?",
         Access::read, anyone, validators},
        {"sluice_proposals", "Open proposals about validators, or the one with a number", {{"id", "Number", false}},
         "[Proposal]", Access::read, anyone, proposals},
        {"sluice_evidence", "Proofs that a validator signed two different things", {}, "[Evidence]", Access::node,
         anyone, evidence},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
