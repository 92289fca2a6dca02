/// The state transition: a block's transactions over a state, and nothing else. Same inputs, same bytes.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "contracts/block_context.hpp"
#include "contracts/evm/machine.hpp"
#include "contracts/native/registry.hpp"
#include "contracts/transaction_rules.hpp"
#include "core/receipt.hpp"
#include "core/state.hpp"

namespace sluice::contracts {

enum class Mode {
    build,  ///< candidates from the pool: what is invalid or does not fit is skipped and reported
    check,  ///< somebody's block: the first invalid transaction ends it
};

/// A candidate that did not run.
struct Refused {
    std::size_t index = 0;  ///< in `candidates`
    Refusal reason{};
    bool operator==(const Refused&) const = default;
};

struct ExecutionResult {
    /// Mode::check only: why the block is invalid. When set, nothing below is meaningful. The index of a
    /// missing system transaction is the number of candidates.
    std::optional<Refused> fault;
    /// Mode::build only: candidates that were skipped, in order.
    std::vector<Refused> skipped;

    /// The block's transactions in order; the system transaction, if there was due work, is the last.
    std::vector<core::TransactionPtr> transactions;
    std::vector<core::Receipt> receipts;  ///< one per transaction
    core::StateDiff diff;
    core::Gas gas_used = 0;
    core::Bloom bloom{};
    /// Who votes at the next height: the same object as the context's unless governance changed the set.
    std::shared_ptr<const core::ValidatorSet> next_validators;
    /// `violated` must stop the node: a block of it may be neither proposed nor voted for.
    native::MoneyVerdict money = native::MoneyVerdict::conserved;
    /// Earliest time at which the next block has due work.
    std::optional<core::UnixMs> next_due;
    /// The queues after this block, for the next context.
    std::shared_ptr<const native::QueueIndex> queues;
};

/// Executes candidates in order over `parent`, the state after the block before. In Mode::check the
/// candidates are the whole list of a block's transactions, the system transaction included. `parent` is
/// read, never changed. `machine` keeps analysed code from one block to the next of a thread; null makes one
/// for this block.
ExecutionResult execute_block(const core::StateView& parent, const BlockContext& block,
                              std::span<const core::TransactionPtr> candidates, Mode mode,
                              const native::Registry& registry = native::settlement_registry(),
                              evm::Machine* machine = nullptr);

/// Bytes of an encoded block that its header and list prefixes may take; the rest is for transactions.
inline constexpr std::size_t block_frame_bytes = 1'024;
static_assert(block_frame_bytes < core::limits::block_bytes_max);

/// Earliest time at which a block on `head` has due work, as execution of the head said it.
std::optional<core::UnixMs> next_due(const core::StateView& head,
                                     const native::Registry& registry = native::settlement_registry());
/// The queues as `head` has them: at start, when no execution has named them. Reads every queued payment.
std::shared_ptr<const native::QueueIndex> queues_at(
    const core::StateView& head, const native::Registry& registry = native::settlement_registry());
native::ChainParameters chain_parameters(const core::StateView& head,
                                         const native::Registry& registry = native::settlement_registry());
/// The validators of the height after `head`, by governance storage: at start, when no execution has named
/// them.
core::ValidatorSet validators_after(const core::StateView& head,
                                    const native::Registry& registry = native::settlement_registry());

}  // namespace sluice::contracts
