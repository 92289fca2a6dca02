#include "node/opening.hpp"

#include <fmt/format.h>

#include "consensus/durable_state.hpp"
#include "contracts/genesis_state.hpp"
#include "contracts/transition.hpp"
#include "core/check.hpp"
#include "core/state_root.hpp"

namespace sluice::node {
namespace {

ledger::GenesisRecord genesis_record(const Chain& chain) {
    auto genesis = contracts::make_genesis(chain.spec);
    return {chain.genesis, std::move(genesis.diff), std::move(genesis.validators), {}};
}

core::Result<ledger::VoteLog::Opened, std::string> open_votes(ledger::VoteDirectory& directory,
                                                              const ledger::VoteLogOptions& options) {
    auto opened = ledger::VoteLog::open(directory, options);
    if (opened) return std::move(*opened);
    const auto& failure = opened.error();
    if (failure.reason == ledger::VoteLogError::missing)
        return core::fail(std::string(
            "there is no vote log. A validator that forgets its votes can fork the chain: run 'sluiced init' for a new "
            "node; a validator that has voted before must not start without its log"));
    return core::fail(fmt::format("the vote log is damaged: {}. A validator that forgets its votes can fork the chain, "
                                  "so it does not start",
                                  failure.detail));
}

/// The consensus state that the records of the log add up to.
core::Result<consensus::RecoveredState, std::string> recover_votes(const ledger::VoteLogContents& contents,
                                                                   core::Height head) {
    std::vector<consensus::VoteRecord> records;
    for (auto& record : contents.records())
        records.push_back({static_cast<consensus::RecordKind>(record.kind), record.height, record.view,
                           std::move(record.payload)});
    auto recovered = consensus::recover(records, head);
    if (!recovered)
        return core::fail(fmt::format("the vote log cannot be used: {}. Do not start a validator with an older copy of "
                                      "its data",
                                      consensus::describe(recovered.error())));
    return std::move(*recovered);
}

}  // namespace

Chain make_chain(core::ChainSpec spec) {
    Chain chain;
    chain.spec = std::move(spec);
    auto genesis = contracts::make_genesis(chain.spec);
    chain.genesis = std::move(genesis.header);
    chain.genesis.state_root = core::state_root_of(genesis.diff);
    chain.genesis_hash = core::hash_of(chain.genesis);
    return chain;
}

core::Result<void, std::string> create_data(ledger::KvStore& store, ledger::VoteDirectory& votes, const Chain& chain,
                                            const OpeningOptions& options) {
    if (const auto created = ledger::Ledger::create(store, genesis_record(chain), options.ledger); !created)
        return core::fail(fmt::format("cannot create the ledger: {}", created.error().detail));
    if (const auto log = ledger::VoteLog::create(votes, {0, chain.genesis_hash}, false, options.votes); !log)
        return core::fail(fmt::format("cannot create the vote log: {}", log.error().detail));
    return {};
}

core::Result<OpenedData, std::string> open_data(ledger::KvStore& store, ledger::VoteDirectory& votes,
                                                const Chain& chain, const OpeningOptions& options) {
    auto log = open_votes(votes, options.votes);
    if (!log) return core::fail(log.error());
    auto opened = ledger::Ledger::open(store, chain.genesis_hash, log->contents.mark, options.ledger);
    if (!opened)
        return core::fail(fmt::format("the ledger cannot be used: {}{}{}. Copy the directory before anything else "
                                      "touches it",
                                      ledger::describe(opened.error().reason),
                                      opened.error().detail.empty() ? "" : ": ", opened.error().detail));
    const auto snapshot = opened->ledger.snapshot();
    auto recovered = recover_votes(log->contents, snapshot->height());
    if (!recovered) return core::fail(recovered.error());

    const auto& view = opened->state.view();
    const auto next_validators = snapshot->validators(snapshot->height() + 1);
    CHECK(next_validators.has_value());
    OpenedData data;
    data.setup.chain = chain.identity();
    data.setup.replica.chain = chain.identity();
    data.setup.replica.rotation_period = contracts::chain_parameters(view).rotation_period;
    data.setup.replica.block_interval = options.block_interval;
    data.setup.head = {.header = snapshot->head(),
                       .hash = snapshot->hash(),
                       .validators = std::make_shared<const core::ValidatorSet>(*next_validators),
                       .next_due = contracts::next_due(view),
                       .queues = nullptr};
    data.setup.head_certificate = snapshot->certificate(snapshot->height());
    data.setup.state = std::make_unique<ledger::HeadState>(std::move(opened->state));
    data.setup.snapshot = snapshot;
    data.setup.recovered = std::move(*recovered);
    data.setup.vote_log_sequence = log->log.next_sequence();
    data.vote_log = std::make_unique<ledger::VoteLog>(std::move(log->log));
    data.ledger = std::make_unique<ledger::Ledger>(std::move(opened->ledger));
    return data;
}

}  // namespace sluice::node
