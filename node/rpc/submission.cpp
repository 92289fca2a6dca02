#include "node/rpc/submission.hpp"

#include <algorithm>
#include <atomic>

#include "core/check.hpp"
#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

Error already_known() {
    return server_error("already known");
}

/// One request's transactions on their way; shared by the workers that take part.
class Passage : public std::enable_shared_from_this<Passage> {
  public:
    Passage(NodeAccess& node, std::vector<core::SharedBytes> encoded,
            std::function<void(std::vector<Submitted>)> done)
        : node_(node),
          snapshot_(node.snapshot()),
          rules_(node.transaction_rules()),
          encoded_(std::move(encoded)),
          done_(std::move(done)),
          submitted_(encoded_.size()),
          account_nonces_(encoded_.size()) {}

    void start() {
        const std::size_t count = encoded_.size();
        chunks_left_ = (count + limits::submission_chunk - 1) / limits::submission_chunk;
        if (chunks_left_ == 0) return finish();
        for (std::size_t from = limits::submission_chunk; from < count; from += limits::submission_chunk)
            node_.post([self = shared_from_this(), from] { self->admit_chunk(from); });
        admit_chunk(0);
    }

  private:
    void admit_chunk(std::size_t from) {
        const auto state = snapshot_->state_at(snapshot_->height());
        CHECK(state.has_value());
        const std::size_t to = std::min(from + limits::submission_chunk, encoded_.size());
        for (std::size_t i = from; i < to; ++i)
            admit(i, **state);
        if (--chunks_left_ == 0) hand_over();
    }

    void admit(std::size_t i, const core::StateView& state) {
        auto& submitted = submitted_[i];
        const std::size_t size_bytes = encoded_[i]->size();
        auto transaction = core::recover_transaction(std::move(encoded_[i]));
        if (!transaction) {
            submitted.error = undecodable(transaction.error(), size_bytes);
            return;
        }
        submitted.transaction = std::move(*transaction);
        const auto& recovered = *submitted.transaction;
        const auto admission = contracts::admit_to_pool(recovered, state, rules_);
        if (admission) {
            account_nonces_[i] = admission->next_nonce;
            if (!admission->is_executable) submitted.missing_from = admission->next_nonce;
            return;
        }
        const auto account = state.account(recovered.sender).value_or(core::Account{});
        const bool is_mined = admission.error() == contracts::Refusal::nonce_too_low &&
                              snapshot_->find_transaction(recovered.hash).has_value();
        submitted.is_known = is_mined;
        submitted.error = is_mined ? already_known()
                                   : refused(admission.error(), recovered.transaction, rules_, account.nonce);
    }

    void hand_over() {
        std::vector<AdmittedToPool> admitted;
        for (std::size_t i = 0; i < submitted_.size(); ++i) {
            if (submitted_[i].error) continue;
            admitted.push_back({submitted_[i].transaction, account_nonces_[i], snapshot_->height()});
            places_.push_back(i);
        }
        if (admitted.empty()) return finish();
        node_.submit(std::move(admitted), [self = shared_from_this()](std::vector<PoolVerdict> verdicts) {
            // The node's thread must not wait for what comes now.
            self->node_.post([self, verdicts = std::move(verdicts)] { self->take(verdicts); });
        });
    }

    void take(const std::vector<PoolVerdict>& verdicts) {
        CHECK(verdicts.size() == places_.size());
        for (std::size_t i = 0; i < verdicts.size(); ++i)
            take(submitted_[places_[i]], verdicts[i]);
        finish();
    }

    void take(Submitted& submitted, PoolVerdict verdict) {
        if (verdict == PoolVerdict::added) return;
        const auto& recovered = *submitted.transaction;
        std::uint64_t account_nonce = 0;
        bool is_known = verdict == PoolVerdict::already_known;
        if (verdict == PoolVerdict::nonce_too_low || verdict == PoolVerdict::nonce_gap_too_large) {
            // A block has come since the rules were asked.
            const auto snapshot = node_.snapshot();
            const auto state = snapshot->state_at(snapshot->height());
            CHECK(state.has_value());
            account_nonce = (*state)->account(recovered.sender).value_or(core::Account{}).nonce;
            is_known = snapshot->find_transaction(recovered.hash).has_value();
        }
        submitted.is_known = is_known;
        submitted.error = is_known ? already_known() : refused(verdict, recovered.transaction, account_nonce);
    }

    void finish() { done_(std::move(submitted_)); }

    NodeAccess& node_;
    const ledger::LedgerSnapshotPtr snapshot_;
    const contracts::TransactionRules rules_;
    std::vector<core::SharedBytes> encoded_;
    const std::function<void(std::vector<Submitted>)> done_;
    std::vector<Submitted> submitted_;  ///< each place is written by one worker
    std::vector<std::uint64_t> account_nonces_;
    std::vector<std::size_t> places_;  ///< in submitted_, of what went to the pool
    std::atomic<std::size_t> chunks_left_ = 0;
};

}  // namespace

void submit_transactions(NodeAccess& node, std::vector<core::SharedBytes> encoded,
                         std::function<void(std::vector<Submitted>)> done) {
    std::make_shared<Passage>(node, std::move(encoded), std::move(done))->start();
}

}  // namespace sluice::node::rpc
