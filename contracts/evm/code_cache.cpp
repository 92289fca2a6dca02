#include "contracts/evm/code_cache.hpp"

#include "core/check.hpp"

namespace sluice::contracts::evm {

CodeCache::Pin CodeCache::fill(Set& set, const core::Hash& hash, const core::SharedBytes& code) {
    Pin::Line* line = nullptr;
    for (std::size_t tried = 0; tried < ways && line == nullptr; ++tried) {
        auto& oldest = set.lines[set.next];
        set.next = (set.next + 1) % ways;
        if (oldest == nullptr) oldest = std::make_unique<Pin::Line>();
        if (oldest->round != round_) line = oldest.get();
    }
    if (line == nullptr) line = more_.emplace(hash, std::make_unique<Pin::Line>()).first->second.get();
    line->code.assign(*code);
    line->hash = hash;
    line->round = round_;
    return Pin(line);
}

void CodeCache::end_round() {
    for (const auto& [hash, line] : more_)
        CHECK(line->pins == 0);
    more_.clear();
    ++round_;
}

}  // namespace sluice::contracts::evm
