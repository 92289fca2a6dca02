#include "node/tasks.hpp"

#include <array>

#include <fmt/format.h>

#include "contracts/transition.hpp"
#include "core/check.hpp"
#include "node/block_index.hpp"
#include "node/vote_records.hpp"

namespace sluice::node {
namespace {

/// Executes and seals: everything of a block but what decides whether it is wanted.
struct Sealed {
    contracts::ExecutionResult result;
    ledger::PreparedState state;
};

std::vector<AccountBalance> balances_in(const core::StateDiff& diff) {
    std::vector<AccountBalance> balances;
    for (const auto& change : diff.accounts)
        balances.push_back({change.address, change.account.value_or(core::Account{}).balance});
    return balances;
}

ExecutedBlockPtr executed(core::Header header, const core::Hash& hash, core::SharedBytes encoded,
                          Sealed sealed) {
    auto& result = sealed.result;
    return std::make_shared<const ExecutedBlock>(ExecutedBlock{
        .block = {std::move(header), std::move(result.transactions)},
        .hash = hash,
        .encoded = std::move(encoded),
        .receipts = std::move(result.receipts),
        .state = std::move(sealed.state),
        .next_validators = std::move(result.next_validators),
        .next_due = result.next_due,
        .queues = std::move(result.queues),
        .balances = balances_in(result.diff),
    });
}

TaskResult perform(VerifyConsensusMessage task) {
    auto message = task.verifier->verify(*task.encoded);
    return ConsensusMessageVerified{task.from, std::move(task.encoded), std::move(message)};
}

TaskResult perform(AdmitTransactions task) {
    TransactionsAdmitted result;
    result.from = task.from;
    result.is_relayed = task.is_relayed;
    const auto head = task.head->state_at(task.head->height());
    CHECK(head.has_value());
    for (auto& encoded : task.encoded) {
        auto transaction = core::recover_transaction(std::move(encoded));
        if (!transaction) {
            ++result.malformed;
            continue;
        }
        const auto admission = contracts::admit_to_pool(**transaction, **head, task.rules);
        if (admission)
            result.admitted.push_back({std::move(*transaction), admission->next_nonce, task.head->height()});
    }
    return result;
}

/// The candidate may run in the next block: there was no room for it, or none for one before it of the same
/// sender. In a block without any transaction nothing stood before it, so a nonce that does not fit never
/// will.
bool may_run_later(contracts::Refusal refusal, bool block_is_empty) {
    return refusal == contracts::Refusal::block_gas_exhausted ||
           refusal == contracts::Refusal::block_bytes_exhausted ||
           refusal == contracts::Refusal::block_count_exhausted ||
           (refusal == contracts::Refusal::nonce_too_high && !block_is_empty);
}

TaskResult perform(BuildBlock task) {
    const auto& view = task.executor->state.view();
    auto context = contracts::context_after(task.head.header, task.head.hash,
                                            {.miner = task.miner,
                                             .time_ms = task.time_ms,
                                             .chain_id = task.chain_id,
                                             .parameters = contracts::chain_parameters(view),
                                             .validators = task.head.validators,
                                             .queues = task.head.queues});
    context.table_seed = task.executor->table_seed;
    auto result = contracts::execute_block(view, context, task.candidates, contracts::Mode::build,
                                           contracts::native::settlement_registry(), &task.executor->machine);
    BlockBuilt built;
    built.view = task.view;
    for (const auto& skipped : result.skipped)
        if (!may_run_later(skipped.reason, result.transactions.empty()))
            built.invalid.push_back(task.candidates[skipped.index]->hash);
    built.money_violated = result.money != contracts::native::MoneyVerdict::conserved;
    if (!built.money_violated && (task.allow_empty || !result.transactions.empty())) {
        auto state = task.executor->state.prepare(result.diff);
        auto header = contracts::assemble_header(context, result, state.state_root());
        core::Block block{header, result.transactions};
        auto encoded = core::share(core::encode(block));
        const auto hash = core::hash_of(header);
        built.block =
            executed(std::move(header), hash, std::move(encoded), {std::move(result), std::move(state)});
    }
    built.executor = std::move(task.executor);
    return built;
}

/// The certificate that came with an imported block; nothing and a fault if it does not hold.
std::optional<core::CommitCertificate> read_certificate(const DecodeBlock& task, std::string& fault) {
    auto certificate = core::decode_commit_certificate(*task.certificate);
    if (!certificate) {
        fault = fmt::format("certificate: {}", core::describe(certificate.error()));
        return std::nullopt;
    }
    if (const auto verified = core::verify(*certificate, task.chain, *task.validators); !verified) {
        fault = fmt::format("certificate: {}", core::describe(verified.error()));
        return std::nullopt;
    }
    return std::move(*certificate);
}

TaskResult perform(DecodeBlock task) {
    BlockDecoded result;
    result.digest = task.digest;
    result.encoded = task.encoded;
    result.from = task.from;
    result.is_import = task.certificate != nullptr;
    if (result.is_import) {
        result.certificate = read_certificate(task, result.fault);
        if (!result.certificate) return result;
        result.digest = result.certificate->block_hash;
    }
    auto block = core::decode_block(*task.encoded);
    if (!block) {
        result.fault = core::describe(block.error());
    } else if (block->hash != result.digest) {
        result.fault = "the header does not have the expected hash";
    } else if (result.certificate && block->header.height != result.certificate->height) {
        result.fault = "certificate and header name different heights";
    } else if (result.is_import &&
               core::transactions_root(block->transactions) != block->header.transactions_root) {
        // The certificate vouches for the header alone: a body that is not its own is the server's doing.
        result.fault = "the transactions are not those that the header names";
    } else {
        for (const auto& encoded : block->transactions)
            result.transaction_hashes.push_back(core::keccak256(*encoded));
        result.block = std::move(*block);
    }
    return result;
}

/// Decoded transactions of a block: those the pool knows, and the rest recovered here.
core::Result<std::vector<core::TransactionPtr>, std::string> transactions_of(const CheckBlock& task,
                                                                             std::size_t& recovered) {
    std::vector<core::TransactionPtr> transactions;
    transactions.reserve(task.block.transactions.size());
    for (std::size_t i = 0; i < task.block.transactions.size(); ++i) {
        if (task.known[i]) {
            transactions.push_back(task.known[i]);
            continue;
        }
        auto transaction = core::recover_transaction(task.block.transactions[i]);
        if (!transaction)
            return core::fail(fmt::format("transaction {}: {}", i, core::describe(transaction.error())));
        ++recovered;
        transactions.push_back(std::move(*transaction));
    }
    return transactions;
}

/// Executes the block of `task`; fills `result` with the block or the fault.
void execute(CheckBlock& task, BlockChecked& result) {
    const auto& header = task.block.header;
    const auto& view = task.executor->state.view();
    const auto parameters = contracts::chain_parameters(view);
    if (const auto fault = contracts::check_header_form(header, task.head.header, task.head.hash,
                                                        parameters.block_gas_limit, *task.head.validators)) {
        result.fault = fmt::format("header: {}", contracts::describe(*fault));
        return;
    }
    if (!task.is_final && core::time_ms_of(header) > task.wall_ms + clock_tolerance_ms) {
        result.fault = fmt::format("block time is {} ms ahead of the local clock",
                                   core::time_ms_of(header) - task.wall_ms);
        return;
    }
    const auto transactions = transactions_of(task, result.recovered);
    if (!transactions) {
        result.fault = transactions.error();
        return;
    }
    auto context = contracts::context_of(header, task.chain_id, parameters.transaction_gas_limit,
                                         task.head.validators, task.head.queues);
    context.table_seed = task.executor->table_seed;
    auto executed_result =
        contracts::execute_block(view, context, *transactions, contracts::Mode::check,
                                 contracts::native::settlement_registry(), &task.executor->machine);
    if (executed_result.fault) {
        result.fault = fmt::format("transaction {}: {}", executed_result.fault->index,
                                   contracts::describe(executed_result.fault->reason));
        return;
    }
    result.money_violated = executed_result.money != contracts::native::MoneyVerdict::conserved;
    auto state = task.executor->state.prepare(executed_result.diff);
    if (const auto fault = contracts::check_header_result(header, executed_result, state.state_root())) {
        result.fault = fmt::format("header: {}", contracts::describe(*fault));
        return;
    }
    result.block =
        executed(header, task.digest, task.encoded, {std::move(executed_result), std::move(state)});
}

TaskResult perform(CheckBlock task) {
    BlockChecked result;
    result.digest = task.digest;
    result.miner = task.block.header.miner;
    execute(task, result);
    result.executor = std::move(task.executor);
    return result;
}

TaskResult perform(ReadBlocks task) {
    BlocksAnswer answer{task.request.request_id, {}};
    std::size_t bytes = 0;
    const bool is_kept = task.request.from >= task.snapshot->first_body();
    const std::uint32_t count = is_kept ? std::min(task.request.count, sync_blocks_max) : 0;
    for (core::Height height = task.request.from; answer.blocks.size() < count; ++height) {
        auto block = task.snapshot->encoded_block(height);
        const auto certificate = task.snapshot->certificate(height);
        if (!block || !certificate) break;
        bytes += block->size();
        if (bytes > sync_answer_bytes_max && !answer.blocks.empty()) break;
        answer.blocks.push_back({core::share(std::move(*block)), core::share(core::encode(*certificate))});
    }
    return AnswerRead{task.to, core::share(encode(SyncMessage{std::move(answer)}))};
}

/// The block of the state, if it is kept and travels in one message.
void add_block(const ReadOffer& task, SnapshotOffer& offer) {
    const core::Height height = task.state->height();
    if (height == 0 || height < task.snapshot->first_body()) return;
    auto block = task.snapshot->encoded_block(height);
    const auto certificate = task.snapshot->certificate(height);
    const auto receipts = task.snapshot->receipts(height);
    if (!block || !certificate || !receipts) return;
    std::size_t bytes = block->size();
    for (const auto& receipt : *receipts) {
        offer.receipts.push_back(core::encode(receipt));
        bytes += offer.receipts.back().size();
    }
    if (bytes > sync_offer_bytes_max) return offer.receipts.clear();
    offer.height = height;
    offer.block = {core::share(std::move(*block)), core::share(core::encode(*certificate))};
}

TaskResult perform(ReadOffer task) {
    SnapshotOffer offer;
    offer.request_id = task.request.request_id;
    if (task.state) {
        const auto& snapshot = *task.snapshot;
        // One more than fits tells whether there are more.
        offer.links =
            trust_path(snapshot, task.request.links_above, task.state->height() + 1, sync_links_max + 1);
        offer.more_links = offer.links.size() > sync_links_max;
        if (offer.more_links)
            offer.links.pop_back();
        else
            add_block(task, offer);
        const core::Height trusted = task.request.header_at;
        if (trusted > 0 && trusted >= snapshot.first_header() && trusted <= snapshot.height())
            offer.trusted_header = core::encode(*snapshot.header(trusted));
    }
    return AnswerRead{task.to, core::share(encode(SyncMessage{std::move(offer)}))};
}

std::size_t bytes_of(const ledger::StateChunk& chunk) {
    std::size_t bytes = chunk.bytes.size();
    for (const auto& leaf : chunk.leaves)
        bytes += leaf.key.size() + leaf.value.size();
    return bytes;
}

TaskResult perform(ReadParts task) {
    PartsAnswer answer{task.request.request_id, {}};
    std::size_t bytes = 0;
    for (const auto& part : task.request.parts) {
        auto chunk = task.state && bytes < sync_parts_bytes ? task.state->read(part) : std::nullopt;
        if (!chunk) break;
        bytes += bytes_of(*chunk);
        answer.chunks.push_back(std::move(*chunk));
    }
    return AnswerRead{task.to, core::share(encode(SyncMessage{std::move(answer)}))};
}

TaskResult perform(PersistVotes task, Storage& storage) {
    storage.vote_log.append(to_ledger(task.records));
    return VotesPersisted{storage.vote_log.next_sequence()};
}

TaskResult perform(AppendBlock task, Storage& storage) {
    const auto& block = *task.block;
    std::vector<core::Hash> hashes;
    hashes.reserve(block.block.transactions.size());
    for (const auto& transaction : block.block.transactions)
        hashes.push_back(transaction->hash);
    auto snapshot =
        storage.ledger.append({.header = block.block.header,
                               .hash = block.hash,
                               .encoded_block = block.encoded,
                               .transaction_hashes = std::move(hashes),
                               .certificate = task.certificate,
                               .receipts = block.receipts,
                               .state = block.state,
                               .next_validators = *block.next_validators,
                               .index_rows = block_index_rows(block.block.header.height, block.receipts)});
    return BlockAppendedToLedger{std::move(task.block), std::move(task.certificate), std::move(snapshot)};
}

TaskResult perform(MarkVoteLog task, Storage& storage) {
    storage.vote_log.commit(task.mark, to_ledger(task.kept));
    return VoteLogMarked{storage.vote_log.next_sequence()};
}

struct Performer {
    Storage& storage;
    TaskResult operator()(PersistVotes task) { return perform(std::move(task), storage); }
    TaskResult operator()(AppendBlock task) { return perform(std::move(task), storage); }
    TaskResult operator()(MarkVoteLog task) { return perform(std::move(task), storage); }
    template <typename PureTask>
    TaskResult operator()(PureTask task) {
        return perform(std::move(task));
    }
};

}  // namespace

TaskResult run(Task task, Storage& storage) {
    return std::visit(Performer{storage}, std::move(task));
}

std::vector<core::TrustLink> trust_path(const ledger::LedgerSnapshot& snapshot, core::Height above,
                                        core::Height height, std::size_t limit) {
    std::vector<core::TrustLink> path;
    for (const core::Height change : snapshot.validator_changes()) {
        if (change > height || path.size() == limit) break;
        if (change <= above + 1) continue;
        const auto header = snapshot.header(change - 1);
        const auto certificate = snapshot.certificate(change - 1);
        const auto validators = snapshot.validators(change);
        CHECK(header && certificate && validators);
        path.push_back({core::encode(*header),
                        core::encode(*certificate),
                        {validators->members().begin(), validators->members().end()}});
    }
    return path;
}

std::string_view name_of(const Task& task) {
    constexpr std::array<std::string_view, std::variant_size_v<Task>> names{
        "verify_message", "admit_transactions", "build_block", "decode_block", "check_block", "persist_votes",
        "append_block",   "mark_vote_log",      "read_blocks", "read_offer",   "read_parts"};
    return names[task.index()];
}

std::optional<core::Hash> payload_digest(core::ByteView payload) {
    const auto block = core::decode_block(payload);
    if (!block) return std::nullopt;
    if (core::transactions_root(block->transactions) != block->header.transactions_root) return std::nullopt;
    return block->hash;
}

}  // namespace sluice::node
