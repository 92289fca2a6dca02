#include "contracts/transition.hpp"

#include "contracts/history_contract.hpp"
#include "contracts/transaction_run.hpp"
#include "core/check.hpp"
#include "core/limits.hpp"

namespace sluice::contracts {

namespace {

/// A string item of RLP has a prefix of at most nine bytes.
constexpr std::size_t item_prefix_bytes_max = 9;

/// The execution of one block, from its first system call to its diff.
class BlockExecution {
  public:
    BlockExecution(const core::StateView& parent, const BlockContext& block, const native::Registry& registry,
                   evm::Machine& machine)
        : state_(parent, block.table_seed), block_(block), registry_(registry), machine_(machine) {}

    ExecutionResult run(std::span<const core::TransactionPtr> candidates, Mode mode);

  private:
    /// Runs the candidate, or says why it may not run here.
    std::optional<Refusal> try_candidate(const core::TransactionPtr& candidate);
    std::optional<Refusal> find_room(const core::RecoveredTransaction& candidate) const;
    /// The last step: the system transaction, present if and only if something is due.
    std::optional<Refusal> settle_due(const core::TransactionPtr& claimed, Mode mode);
    void run_system(core::TransactionPtr transaction);
    void add_receipt(core::TransactionPtr transaction, bool succeeded, std::vector<core::Log> logs);
    void conclude();

    JournaledState state_;
    const BlockContext& block_;
    const native::Registry& registry_;
    evm::Machine& machine_;
    std::size_t bytes_ = block_frame_bytes;
    std::shared_ptr<const native::QueueIndex> queues_;  ///< as the system transaction left them
    core::BloomBuilder blooms_;
    ExecutionResult result_;
};

ExecutionResult BlockExecution::run(std::span<const core::TransactionPtr> candidates, Mode mode) {
    record_parent_hash(state_, block_);
    if (registry_.hooks.begin_block != nullptr) registry_.hooks.begin_block(state_, block_);

    const bool has_claim = mode == Mode::check && !candidates.empty() &&
                           candidates.back()->transaction.type == core::TransactionType::system;
    const std::size_t ordinary = candidates.size() - (has_claim ? 1 : 0);
    for (std::size_t index = 0; index < ordinary; ++index) {
        const std::optional<Refusal> refusal = try_candidate(candidates[index]);
        if (!refusal) continue;
        if (mode == Mode::build) {
            result_.skipped.push_back({index, *refusal});
        } else {
            result_.fault = Refused{index, *refusal};
            return std::move(result_);
        }
    }
    if (const auto refusal = settle_due(has_claim ? candidates.back() : nullptr, mode)) {
        result_.fault = Refused{ordinary, *refusal};
        return std::move(result_);
    }
    conclude();
    return std::move(result_);
}

std::optional<Refusal> BlockExecution::find_room(const core::RecoveredTransaction& candidate) const {
    // One place and a few bytes stay free for the system transaction.
    if (result_.transactions.size() + 1 >= core::limits::block_transactions_max)
        return Refusal::block_count_exhausted;
    if (candidate.encoded->size() + item_prefix_bytes_max > core::limits::block_bytes_max - bytes_)
        return Refusal::block_bytes_exhausted;
    if (candidate.transaction.gas_limit > block_.gas_limit - result_.gas_used)
        return Refusal::block_gas_exhausted;
    return std::nullopt;
}

std::optional<Refusal> BlockExecution::try_candidate(const core::TransactionPtr& candidate) {
    const core::Result<AdmittedTransaction, Refusal> admitted = admit_to_block(candidate, state_, block_);
    if (!admitted) return admitted.error();
    if (const auto refusal = find_room(*candidate)) return refusal;

    TransactionOutcome outcome =
        run_transaction({.state = state_, .block = block_, .registry = registry_, .machine = machine_},
                        {.transaction = admitted->transaction(),
                         .sender = admitted->sender(),
                         .intrinsic = admitted->intrinsic(),
                         .floor = admitted->floor()});
    bytes_ += candidate->encoded->size() + item_prefix_bytes_max;
    result_.gas_used += outcome.gas_used;
    add_receipt(candidate, outcome.status == CallStatus::succeeded, std::move(outcome.logs));
    return std::nullopt;
}

std::optional<Refusal> BlockExecution::settle_due(const core::TransactionPtr& claimed, Mode mode) {
    native::SystemInvocation invocation{.state = state_, .block = block_};
    const Checkpoint before = state_.checkpoint();
    const bool is_due = registry_.hooks.is_due(invocation);
    CHECK(state_.checkpoint().changes == before.changes && state_.checkpoint().logs == before.logs);
    if (mode == Mode::check) {
        if (is_due && claimed == nullptr) return Refusal::system_missing;
        if (!is_due && claimed != nullptr) return Refusal::system_not_due;
        if (claimed != nullptr && claimed->transaction.system_height != block_.height)
            return Refusal::system_misplaced;
    }
    if (!is_due) return std::nullopt;
    if (claimed != nullptr) {
        run_system(claimed);
        return std::nullopt;
    }
    auto recovered =
        core::recover_transaction(core::share(core::encode(core::system_transaction(block_.height))));
    CHECK(recovered.has_value());
    run_system(std::move(*recovered));
    return std::nullopt;
}

void BlockExecution::run_system(core::TransactionPtr transaction) {
    native::SystemInvocation invocation{.state = state_, .block = block_};
    state_.begin_transaction();
    registry_.hooks.run_due(invocation);
    queues_ = std::move(invocation.queues);
    std::vector<core::Log> logs = state_.take_logs();
    state_.finish_transaction();
    add_receipt(std::move(transaction), true, std::move(logs));
}

void BlockExecution::add_receipt(core::TransactionPtr transaction, bool succeeded,
                                 std::vector<core::Log> logs) {
    core::Receipt receipt{.type = static_cast<std::uint8_t>(transaction->transaction.type),
                          .succeeded = succeeded,
                          .cumulative_gas_used = result_.gas_used,
                          .bloom = blooms_.bloom_of(logs),
                          .logs = std::move(logs)};
    result_.bloom = core::operator|(result_.bloom, receipt.bloom);
    result_.receipts.push_back(std::move(receipt));
    result_.transactions.push_back(std::move(transaction));
}

void BlockExecution::conclude() {
    const native::ChainHooks& hooks = registry_.hooks;
    result_.money = hooks.check_money(state_);
    result_.next_validators = block_.validators;
    if (state_.has_storage_changes(registry_.governance))
        result_.next_validators = std::make_shared<const core::ValidatorSet>(hooks.next_validators(state_));
    result_.next_due = hooks.next_due(state_);
    result_.queues = hooks.queues_after(state_, block_, queues_);
    result_.diff = state_.take_diff();
}

}  // namespace

ExecutionResult execute_block(const core::StateView& parent, const BlockContext& block,
                              std::span<const core::TransactionPtr> candidates, Mode mode,
                              const native::Registry& registry, evm::Machine* machine) {
    CHECK(block.validators != nullptr);
    if (machine != nullptr) return BlockExecution(parent, block, registry, *machine).run(candidates, mode);
    evm::Machine own_machine;
    return BlockExecution(parent, block, registry, own_machine).run(candidates, mode);
}

std::optional<core::UnixMs> next_due(const core::StateView& head, const native::Registry& registry) {
    JournaledState state(head);
    return registry.hooks.next_due(state);
}

std::shared_ptr<const native::QueueIndex> queues_at(const core::StateView& head,
                                                    const native::Registry& registry) {
    JournaledState state(head);
    return registry.hooks.queues_after(state, BlockContext{}, nullptr);
}

native::ChainParameters chain_parameters(const core::StateView& head, const native::Registry& registry) {
    JournaledState state(head);
    return registry.hooks.parameters(state);
}

core::ValidatorSet validators_after(const core::StateView& head, const native::Registry& registry) {
    JournaledState state(head);
    return registry.hooks.next_validators(state);
}

}  // namespace sluice::contracts
