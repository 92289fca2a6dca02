#include "node/early_messages.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace sluice::node {

void EarlyMessages::keep(const core::Address& from, core::SharedBytes encoded) {
    if (encoded->size() > bytes_max) return;
    bytes_ += encoded->size();
    kept_.emplace_back(from, std::move(encoded));
    while (kept_.size() > messages_max || bytes_ > bytes_max)
        drop_one();
}

/// Of who has most here the oldest goes: one neighbour that floods loses its own, not what others said.
void EarlyMessages::drop_one() {
    std::map<core::Address, std::size_t> bytes_of;
    for (const auto& [from, encoded] : kept_)
        bytes_of[from] += encoded->size() + message_overhead_bytes;
    const auto most = std::max_element(bytes_of.begin(), bytes_of.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    const auto oldest = std::find_if(kept_.begin(), kept_.end(),
                                     [&](const auto& message) { return message.first == most->first; });
    bytes_ -= oldest->second->size();
    kept_.erase(oldest);
}

std::vector<std::pair<core::Address, core::SharedBytes>> EarlyMessages::take() {
    std::vector<std::pair<core::Address, core::SharedBytes>> all(std::make_move_iterator(kept_.begin()),
                                                                 std::make_move_iterator(kept_.end()));
    kept_.clear();
    bytes_ = 0;
    return all;
}

}  // namespace sluice::node
