#include "node/consensus_driver.hpp"

#include "consensus/message_codec.hpp"
#include "core/check.hpp"

namespace sluice::node {

void ConsensusDriver::start(Now now) {
    take(replica_.start(now.instant));
}

void ConsensusDriver::step(Now now, const consensus::Input& input) {
    take(replica_.step(now.instant, input));
}

void ConsensusDriver::on_persisted(const VotesPersisted& result) {
    CHECK(persisting_);
    persisting_ = false;
    vote_log_sequence_ = result.next_sequence;
    pump();
}

void ConsensusDriver::take(consensus::Effects effects) {
    for (auto& effect : effects)
        waiting_.push_back(std::move(effect));
    pump();
}

void ConsensusDriver::pump() {
    while (!waiting_.empty() && !persisting_) {
        consensus::Effect effect = std::move(waiting_.front());
        waiting_.pop_front();
        if (auto* persist = std::get_if<consensus::Persist>(&effect)) {
            persisting_ = true;
            workers_.start(Lane::disk, PersistVotes{std::move(persist->records)});
        } else if (const auto* broadcast = std::get_if<consensus::Broadcast>(&effect)) {
            outbox_.broadcast(network::Channel::consensus,
                              core::share(consensus::encode(broadcast->message)));
        } else if (const auto* send = std::get_if<consensus::Send>(&effect)) {
            outbox_.send(send->to, network::Channel::consensus,
                         core::share(consensus::encode(send->message)));
        } else {
            requests_.push_back(std::move(effect));
        }
    }
}

}  // namespace sluice::node
