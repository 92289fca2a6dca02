#include "node/opening.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "consensus/durable_state.hpp"
#include "contracts/genesis_state.hpp"
#include "contracts/transition.hpp"
#include "core/check.hpp"
#include "core/state_root.hpp"
#include "ledger/memory_vote_directory.hpp"
#include "ledger/state_import.hpp"
#include "node/vote_records.hpp"

namespace sluice::node {
namespace {

ledger::GenesisRecord genesis_record(const Chain& chain) {
    auto genesis = contracts::make_genesis(chain.spec);
    return {chain.genesis, std::move(genesis.diff), std::move(genesis.validators), {}};
}

constexpr std::string_view rejoin_advice =
    "A validator that forgets its votes can fork the chain, so it does not start. Copy the data directory, "
    "then run "
    "'sluiced rejoin': it follows the chain and votes again once a quorum of others has told it from where "
    "on";

core::Result<ledger::VoteLog::Opened, std::string> open_votes(ledger::VoteDirectory& directory,
                                                              const ledger::VoteLogOptions& options) {
    auto opened = ledger::VoteLog::open(directory, options);
    if (opened) return std::move(*opened);
    const auto& failure = opened.error();
    if (failure.reason == ledger::VoteLogError::missing)
        return core::fail(fmt::format("there is no vote log. {}", rejoin_advice));
    return core::fail(fmt::format("the vote log is damaged: {}. {}", failure.detail, rejoin_advice));
}

/// The consensus state that the records of the log add up to.
core::Result<consensus::RecoveredState, std::string> recover_votes(const ledger::VoteLogContents& contents,
                                                                   core::Height head) {
    auto recovered = consensus::recover(to_consensus(contents.records()), head);
    if (!recovered)
        return core::fail(fmt::format("the vote log cannot be used: {}. {}",
                                      consensus::describe(recovered.error()), rejoin_advice));
    return std::move(*recovered);
}

core::Result<void, std::string> create_votes(ledger::VoteDirectory& directory,
                                             const ledger::HighWaterMark& mark,
                                             const std::vector<ledger::VoteRecord>& records,
                                             const OpeningOptions& options) {
    if (const auto log = ledger::VoteLog::create(directory, mark, records, options.votes); !log)
        return core::fail(fmt::format("cannot create the vote log: {}", log.error().detail));
    return {};
}

std::string describe(const ledger::OpenFailure& failure) {
    const bool is_repairable = failure.reason == ledger::OpenError::damaged ||
                               failure.reason == ledger::OpenError::behind_high_water ||
                               failure.reason == ledger::OpenError::empty;
    return fmt::format("the ledger cannot be used: {}{}{}{}", ledger::describe(failure.reason),
                       failure.detail.empty() ? "" : ": ", failure.detail,
                       is_repairable ? ". Run 'sluiced repair': it keeps what is there, and the node fetches "
                                       "the rest from others"
                                     : "");
}

/// The committed block of the log lies in the ledger, or below where it began.
bool holds_mark(const ledger::LedgerSnapshot& snapshot, const ledger::HighWaterMark& mark) {
    return mark.height < snapshot.first_header() || snapshot.hash_at(mark.height) == mark.hash;
}

/// Nothing of the log is used or written: what it knows binds the validator when it votes again.
void open_silently(OpenedData& data, const ledger::VoteLogContents& contents,
                   const ledger::LedgerSnapshot& snapshot, const OpeningOptions& options) {
    data.silent_votes = std::make_unique<ledger::MemoryVoteDirectory>();
    auto log =
        ledger::VoteLog::create(*data.silent_votes, {snapshot.height(), snapshot.hash()}, {}, options.votes);
    CHECK(log.has_value());
    data.vote_log = std::make_unique<ledger::VoteLog>(std::move(*log));
    data.setup.silent_until = height_known(contents);
}

/// The log as the replica takes it up.
core::Result<void, std::string> open_with_votes(OpenedData& data, ledger::VoteLog::Opened log,
                                                const ledger::LedgerSnapshot& snapshot) {
    if (!holds_mark(snapshot, log.contents.mark))
        return core::fail(fmt::format("block {} is not the one that the vote log says was committed",
                                      log.contents.mark.height));
    auto recovered = recover_votes(log.contents, snapshot.height());
    if (!recovered) return core::fail(recovered.error());
    data.setup.recovered = std::move(*recovered);
    data.setup.vote_log_sequence = log.log.next_sequence();
    data.vote_log = std::make_unique<ledger::VoteLog>(std::move(log.log));
    return {};
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

core::Result<void, std::string> create_ledger(ledger::KvStore& store, const Chain& chain,
                                              const OpeningOptions& options) {
    if (ledger::is_unfinished_join(store)) ledger::clear_store(store);
    if (const auto created = ledger::Ledger::create(store, genesis_record(chain), options.ledger); !created)
        return core::fail(fmt::format("cannot create the ledger: {}", created.error().detail));
    return {};
}

core::Height height_known(const ledger::VoteLogContents& contents) {
    core::Height known = contents.mark.height;
    for (const auto& record : to_consensus(contents.records())) {
        const bool is_vote = record.kind == consensus::RecordKind::body ||
                             record.kind == consensus::RecordKind::sent ||
                             record.kind == consensus::RecordKind::lock;
        if (is_vote && record.height > 0) known = std::max(known, record.height - 1);
    }
    return known;
}

std::shared_ptr<const JoinRoots> join_roots(const Chain& chain, const std::optional<TrustedBlock>& trusted) {
    auto genesis = contracts::make_genesis(chain.spec);
    return std::make_shared<const JoinRoots>(
        JoinRoots{chain.identity(), chain.genesis, std::move(genesis.validators), trusted});
}

core::Result<void, std::string> create_data(ledger::KvStore& store, ledger::VoteDirectory& votes,
                                            const Chain& chain, const OpeningOptions& options) {
    if (const auto created = create_ledger(store, chain, options); !created) return created;
    return create_votes(votes, {0, chain.genesis_hash}, {}, options);
}

core::Result<void, std::string> replace_votes(ledger::KvStore& store, ledger::VoteDirectory& votes,
                                              const Chain& chain, const OpeningOptions& options,
                                              LostVotes lost) {
    auto opened = ledger::Ledger::open(store, chain.genesis_hash, std::nullopt, options.ledger);
    ledger::HighWaterMark mark{0, chain.genesis_hash};
    if (opened) {
        const auto snapshot = opened->ledger.snapshot();
        mark = {snapshot->height(), snapshot->hash()};
    } else if (opened.error().reason != ledger::OpenError::empty) {
        return core::fail(describe(opened.error()));
    } else if (const auto created = create_ledger(store, chain, options); !created) {
        return created;
    }
    const std::array first{
        lost == LostVotes::accept
            ? consensus::rejoin_record({.height = mark.height + 1, .view = 0, .by_operator = true})
            : consensus::lost_record(mark.height)};
    return create_votes(votes, mark, to_ledger(first), options);
}

core::Result<OpenedData, std::string> open_data(ledger::KvStore& store, ledger::VoteDirectory& votes,
                                                const Chain& chain, const OpeningOptions& options) {
    auto log = open_votes(votes, options.votes);
    if (!log) return core::fail(log.error());
    const auto mark = options.may_be_behind ? std::nullopt : std::optional(log->contents.mark);
    auto opened = ledger::Ledger::open(store, chain.genesis_hash, mark, options.ledger);
    if (!opened) return core::fail(describe(opened.error()));
    const auto snapshot = opened->ledger.snapshot();
    OpenedData data;
    if (options.may_be_behind && snapshot->height() < height_known(log->contents)) {
        open_silently(data, log->contents, *snapshot, options);
    } else if (auto voting = open_with_votes(data, std::move(*log), *snapshot); !voting) {
        return core::fail(voting.error());
    }

    const auto& view = opened->state.view();
    const auto next_validators = snapshot->validators(snapshot->height() + 1);
    CHECK(next_validators.has_value());
    data.setup.chain = chain.identity();
    data.setup.replica.chain = chain.identity();
    data.setup.replica.rotation_period = contracts::chain_parameters(view).rotation_period;
    data.setup.replica.block_interval = options.block_interval;
    data.setup.head = {.header = snapshot->head(),
                       .hash = snapshot->hash(),
                       .validators = std::make_shared<const core::ValidatorSet>(*next_validators),
                       .next_due = contracts::next_due(view),
                       .queues = contracts::queues_at(view)};
    data.setup.head_certificate = snapshot->certificate(snapshot->height());
    data.setup.executor = std::make_unique<Executor>(std::move(opened->state));
    data.setup.snapshot = snapshot;
    data.setup.snapshot_interval = options.ledger.state.snapshot_interval;
    data.setup.may_join = options.may_join;
    data.ledger = std::make_unique<ledger::Ledger>(std::move(opened->ledger));
    return data;
}

}  // namespace sluice::node
