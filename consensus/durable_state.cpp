#include "consensus/durable_state.hpp"

#include <algorithm>
#include <utility>

#include "consensus/message_codec.hpp"
#include "core/check.hpp"

namespace sluice::consensus {

namespace {

constexpr std::uint8_t entered_by_certificate = 0;
constexpr std::uint8_t entered_by_new_view = 1;
/// Payload of a `rejoin` record that no reports of others stand behind.
constexpr std::uint8_t rejoined_by_operator = 1;

using Step = core::Result<void, RecoveryError>;

/// Adds records up. A rotation writes the newest state while older records may still be on their way to the
/// disk, so an older record after a newer one changes nothing: promises, entries and locks only rise.
class Replay {
  public:
    explicit Replay(Height head) : height_(head + 1) {}

    Step take(const VoteRecord& record) {
        switch (record.kind) {
            case RecordKind::body:
                return take_body(record);
            case RecordKind::sent:
                return take_sent(record);
            case RecordKind::lock:
                return take_lock(record);
            case RecordKind::entered:
                return take_entered(record);
            case RecordKind::promised:
                promise(record.view);
                return {};
            case RecordKind::rejoin:
                return take_rejoin(record);
            case RecordKind::lost:
                state_.log_lost = true;
                return {};
        }
        return core::fail(RecoveryError::undecodable_record);
    }

    core::Result<RecoveredState, RecoveryError> finish() {
        drop_other_views(state_.own.pre_prepare);
        drop_other_views(state_.own.prepare);
        drop_other_views(state_.own.commit);
        const bool waiting = state_.promised > state_.entry.view;
        if (state_.view_change && (!waiting || state_.view_change->envelope.view != state_.promised)) {
            state_.view_change.reset();
        }
        if (state_.lock && !state_.bodies.contains(state_.lock->digest)) {
            return core::fail(RecoveryError::body_missing);
        }
        if (state_.own.prepare && !state_.bodies.contains(state_.own.prepare->digest)) {
            return core::fail(RecoveryError::body_missing);
        }
        if (state_.own.pre_prepare) {
            const auto body = state_.bodies.find(state_.own.pre_prepare->digest);
            if (body == state_.bodies.end()) return core::fail(RecoveryError::body_missing);
            state_.own.pre_prepare->payload = body->second;
        }
        return std::move(state_);
    }

  private:
    Step take_rejoin(const VoteRecord& record) {
        const bool by_operator = !record.payload.empty();
        if (by_operator && record.payload != core::Bytes{rejoined_by_operator}) {
            return core::fail(RecoveryError::undecodable_record);
        }
        state_.rejoin = RejoinFloor{record.height, record.view, by_operator};
        state_.log_lost = false;
        return {};
    }

    void promise(View view) { state_.promised = std::max(state_.promised, view); }

    /// A vote is only ever cast on the head, and the head was durable before the vote.
    Step check_height(Height height) const {
        if (height > height_) return core::fail(RecoveryError::head_behind_votes);
        return {};
    }

    Step take_body(const VoteRecord& record) {
        if (Step ok = check_height(record.height); !ok) return ok;
        core::ByteReader from(record.payload);
        Hash digest{};
        from.fill(digest);
        if (!from.ok()) return core::fail(RecoveryError::undecodable_record);
        if (record.height == height_) state_.bodies[digest] = core::share(core::to_bytes(from.rest()));
        return {};
    }

    Step take_lock(const VoteRecord& record) {
        if (Step ok = check_height(record.height); !ok) return ok;
        core::ByteReader from(record.payload);
        PrepareCertificate lock;
        if (!read(from, lock) || !from.done()) return core::fail(RecoveryError::undecodable_record);
        if (lock.height != record.height || lock.view != record.view) {
            return core::fail(RecoveryError::undecodable_record);
        }
        const bool higher = !state_.lock || state_.lock->view < lock.view;
        if (record.height == height_ && higher) state_.lock = std::move(lock);
        return {};
    }

    Step take_entered(const VoteRecord& record) {
        core::ByteReader from(record.payload);
        Entry entry{.view = record.view, .new_view = std::nullopt, .above = 0};
        const std::uint8_t how = from.u8();
        if (how == entered_by_certificate) {
            entry.above = from.be64();
            if (!from.done()) return core::fail(RecoveryError::undecodable_record);
        } else if (how == entered_by_new_view) {
            auto message = decode_message(from.rest());
            if (!message || !std::holds_alternative<NewView>(*message)) {
                return core::fail(RecoveryError::undecodable_record);
            }
            entry.new_view = std::get<NewView>(std::move(*message));
        } else {
            return core::fail(RecoveryError::undecodable_record);
        }
        promise(record.view);
        if (record.view >= state_.entry.view) state_.entry = std::move(entry);
        return {};
    }

    Step take_sent(const VoteRecord& record) {
        if (Step ok = check_height(record.height); !ok) return ok;
        auto message = decode_message(record.payload);
        if (!message) return core::fail(RecoveryError::undecodable_record);
        const Envelope* envelope = envelope_of(*message);
        if (envelope == nullptr || envelope->height != record.height || envelope->view != record.view) {
            return core::fail(RecoveryError::undecodable_record);
        }
        promise(record.view);
        return keep(std::move(*message), record.height == height_);
    }

    Step keep(Message message, bool at_work) {
        if (auto* pre_prepare = std::get_if<PrePrepare>(&message)) {
            if (at_work) keep_highest(state_.own.pre_prepare, std::move(*pre_prepare));
        } else if (auto* prepare = std::get_if<Prepare>(&message)) {
            if (at_work) keep_highest(state_.own.prepare, std::move(*prepare));
        } else if (auto* commit = std::get_if<Commit>(&message)) {
            if (at_work) keep_highest(state_.own.commit, std::move(*commit));
        } else if (auto* view_change = std::get_if<ViewChange>(&message)) {
            if (at_work) keep_highest(state_.view_change, std::move(*view_change));
        } else {
            return core::fail(RecoveryError::undecodable_record);
        }
        return {};
    }

    template <typename M>
    static void keep_highest(std::optional<M>& kept, M message) {
        if (!kept || kept->envelope.view <= message.envelope.view) kept = std::move(message);
    }

    template <typename M>
    void drop_other_views(std::optional<M>& message) const {
        if (message && message->envelope.view != state_.entry.view) message.reset();
    }

    Height height_;  ///< head + 1
    RecoveredState state_;
};

}  // namespace

std::string_view describe(RecoveryError error) {
    switch (error) {
        case RecoveryError::undecodable_record:
            return "the vote log holds a record that this version did not write";
        case RecoveryError::body_missing:
            return "the vote log holds a vote for a block that is not in it";
        case RecoveryError::head_behind_votes:
            return "the vote log holds votes above the next height: the ledger has lost blocks";
    }
    return "unknown recovery error";
}

core::Result<RecoveredState, RecoveryError> recover(std::span<const VoteRecord> records, Height head) {
    Replay replay(head);
    for (const VoteRecord& record : records) {
        if (Step taken = replay.take(record); !taken) return core::fail(taken.error());
    }
    return replay.finish();
}

VoteRecord body_record(Height height, View view, const Hash& digest, core::ByteView payload) {
    core::Bytes bytes;
    bytes.reserve(digest.size() + payload.size());
    core::append(bytes, digest);
    core::append(bytes, payload);
    return {.kind = RecordKind::body, .height = height, .view = view, .payload = std::move(bytes)};
}

VoteRecord sent_record(const Message& message) {
    const Envelope* envelope = envelope_of(message);
    CHECK(envelope != nullptr);
    VoteRecord record{
        .kind = RecordKind::sent, .height = envelope->height, .view = envelope->view, .payload = {}};
    if (const auto* pre_prepare = std::get_if<PrePrepare>(&message)) {
        PrePrepare stripped = *pre_prepare;
        stripped.payload = core::share({});
        record.payload = encode(Message(std::move(stripped)));
    } else {
        record.payload = encode(message);
    }
    return record;
}

VoteRecord lock_record(const PrepareCertificate& lock) {
    VoteRecord record{.kind = RecordKind::lock, .height = lock.height, .view = lock.view, .payload = {}};
    append(record.payload, lock);
    return record;
}

VoteRecord entered_record(const Entry& entry) {
    VoteRecord record{
        .kind = RecordKind::entered, .height = entry.first_height(), .view = entry.view, .payload = {}};
    if (entry.new_view) {
        record.payload.push_back(entered_by_new_view);
        core::append(record.payload, encode(Message(*entry.new_view)));
    } else {
        record.payload.push_back(entered_by_certificate);
        core::append_be64(record.payload, entry.above);
    }
    return record;
}

VoteRecord promised_record(Height height, View promised) {
    return {.kind = RecordKind::promised, .height = height, .view = promised, .payload = {}};
}

VoteRecord rejoin_record(const RejoinFloor& floor) {
    VoteRecord record{.kind = RecordKind::rejoin, .height = floor.height, .view = floor.view, .payload = {}};
    if (floor.by_operator) record.payload.push_back(rejoined_by_operator);
    return record;
}

VoteRecord lost_record(Height head) {
    return {.kind = RecordKind::lost, .height = head, .view = 0, .payload = {}};
}

std::vector<VoteRecord> records_of(const RecoveredState& state, Height head) {
    std::vector<VoteRecord> records;
    const Height height = head + 1;
    if (state.log_lost) records.push_back(lost_record(head));
    if (state.rejoin) records.push_back(rejoin_record(*state.rejoin));
    if (state.entry != Entry{}) records.push_back(entered_record(state.entry));
    for (const auto& [digest, payload] : state.bodies) {
        records.push_back(body_record(height, state.entry.view, digest, *payload));
    }
    if (state.own.pre_prepare) records.push_back(sent_record(*state.own.pre_prepare));
    if (state.own.prepare) records.push_back(sent_record(*state.own.prepare));
    if (state.lock) records.push_back(lock_record(*state.lock));
    if (state.own.commit) records.push_back(sent_record(*state.own.commit));
    if (state.view_change) {
        records.push_back(sent_record(*state.view_change));
    } else if (state.promised > state.entry.view) {
        records.push_back(promised_record(height, state.promised));
    }
    return records;
}

}  // namespace sluice::consensus
