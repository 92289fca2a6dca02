#include "node/early_messages.hpp"

#include <iterator>

namespace sluice::node {

void EarlyMessages::keep(const core::Address& from, core::SharedBytes encoded) {
    if (encoded->size() > bytes_max) return;
    bytes_ += encoded->size();
    kept_.emplace_back(from, std::move(encoded));
    while (kept_.size() > messages_max || bytes_ > bytes_max) {
        bytes_ -= kept_.front().second->size();
        kept_.pop_front();
    }
}

std::vector<std::pair<core::Address, core::SharedBytes>> EarlyMessages::take() {
    std::vector<std::pair<core::Address, core::SharedBytes>> all(std::make_move_iterator(kept_.begin()),
                                                                 std::make_move_iterator(kept_.end()));
    kept_.clear();
    bytes_ = 0;
    return all;
}

}  // namespace sluice::node
