#include "core/merkle_stale_paths.hpp"

#include <algorithm>
#include <utility>

namespace sluice::core::merkle {

StalePaths StalePaths::with(std::vector<Nibbles> more) const {
    StalePaths result = *this;
    if (more.empty()) return result;
    auto& chunks = result.chunks_;
    while (!chunks.empty() && chunks.back()->size() < 2 * more.size()) {
        more.insert(more.end(), chunks.back()->begin(), chunks.back()->end());
        chunks.pop_back();
    }
    chunks.push_back(std::make_shared<const Chunk>(std::move(more)));
    return result;
}

std::vector<Nibbles> StalePaths::sorted() const {
    std::vector<Nibbles> paths;
    for (const auto& chunk : chunks_)
        paths.insert(paths.end(), chunk->begin(), chunk->end());
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    return paths;
}

}  // namespace sluice::core::merkle
