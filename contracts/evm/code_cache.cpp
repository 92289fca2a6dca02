#include "contracts/evm/code_cache.hpp"

#include "contracts/creation.hpp"

namespace sluice::contracts::evm {

CodeCache::Pin CodeCache::fill(Set& set, const core::Hash& hash, const core::SharedBytes& code) {
    // Genesis may hold longer code than a creation may leave; it runs, but is not kept.
    if (code->size() > deployed_code_bytes_max) return {};
    for (std::size_t tried = 0; tried < ways; ++tried) {
        auto& line = set.lines[set.next];
        set.next = (set.next + 1) % ways;
        if (line == nullptr) line = std::make_unique<Pin::Line>();
        if (line->pins != 0) continue;
        line->code.assign(*code);
        line->hash = hash;
        line->is_used = true;
        return Pin(line.get());
    }
    return {};
}

}  // namespace sluice::contracts::evm
