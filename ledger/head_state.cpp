#include "ledger/head_state.hpp"

#include "core/check.hpp"
#include "ledger/schema.hpp"
#include "ledger/state_contents.hpp"

namespace sluice::ledger {

core::Height PreparedState::height() const {
    return contents_->head.height;
}
const core::Hash& PreparedState::parent_root() const {
    return contents_->parent_root;
}
const core::Hash& PreparedState::state_root() const {
    return contents_->head.root;
}
std::size_t PreparedState::changes() const {
    return contents_->changes;
}

HeadState::HeadState(std::unique_ptr<StateContents> contents) : contents_(std::move(contents)) {}
HeadState::HeadState(HeadState&&) noexcept = default;
HeadState& HeadState::operator=(HeadState&&) noexcept = default;
HeadState::~HeadState() = default;

core::Height HeadState::height() const {
    return contents_->head.height;
}
const core::Hash& HeadState::root() const {
    return contents_->head.root;
}
const core::StateView& HeadState::view() const {
    return contents_->flat;
}

PreparedState HeadState::prepare(const core::StateDiff& diff) const {
    return PreparedState(std::make_shared<const PreparedContents>(prepare_state(*contents_, diff)));
}

void HeadState::advance(const PreparedState& next) {
    const PreparedContents& prepared = *next.contents_;
    if (contents_->before_genesis) {
        CHECK(prepared.head.height == 0);
    } else {
        CHECK(prepared.head.height == contents_->head.height + 1);
        CHECK(prepared.parent_root == contents_->head.root);
    }
    KvSnapshot rows = contents_->store->snapshot();
    const auto stored = rows->get(schema::state_head_key());
    CHECK(stored.has_value());
    CHECK(decode_state_head(*stored) == prepared.head);

    contents_->head = prepared.head;
    contents_->before_genesis = false;
    contents_->tries = prepared.tries;
    contents_->flat.advance(std::move(rows), prepared.updates);
    contents_->unstored_changes = prepared.unstored_changes;
    contents_->cleared = prepared.cleared;
}

std::size_t HeadState::memory_bytes() const {
    return contents_->tries.memory_bytes() + contents_->flat.memory_bytes();
}

}  // namespace sluice::ledger
