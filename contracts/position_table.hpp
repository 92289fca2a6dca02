/// An open-addressing table from hashes to positions in somebody else's vector. It is never iterated, so that
/// the order of hashes can never reach a result.
#pragma once

#include <cstdint>
#include <vector>

namespace sluice::contracts {

/// Mixes one 64-bit limb into a hash. Not cryptographic: a seed that an attacker cannot know keeps probes
/// short.
inline std::uint64_t mix_limb(std::uint64_t hash, std::uint64_t limb) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(hash ^ limb) * 0x9e3779b97f4a7c15ull;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64) ^ (limb << 1);
}

/// Linear probing over pairs (32 bits of the hash, position), at most half full.
class PositionTable {
  public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    PositionTable() : buckets_(buckets_at_first) {}

    /// The position under `hash` for which `is_it(position)` holds, or `none`.
    template <typename IsIt>
    std::uint32_t find(std::uint64_t hash, IsIt&& is_it) const {
        const std::uint32_t tag = tag_of(hash);
        const std::size_t mask = buckets_.size() - 1;
        for (std::size_t at = tag & mask;; at = (at + 1) & mask) {
            const Bucket& bucket = buckets_[at];
            if (bucket.position == none) return none;
            if (bucket.tag == tag && is_it(bucket.position)) return bucket.position;
        }
    }

    /// Adds a position that `find` did not know.
    void insert(std::uint64_t hash, std::uint32_t position) {
        if (2 * (count_ + 1) > buckets_.size()) grow();
        place(buckets_, {tag_of(hash), position});
        ++count_;
    }

    /// Forgets everything. Costs nothing when nothing was inserted.
    void clear() {
        if (count_ == 0) return;
        // What one transaction made large would cost each later one its size.
        const bool is_far_too_large = 16 * count_ < buckets_.size();
        buckets_.assign(is_far_too_large ? buckets_at_first : buckets_.size(), Bucket{});
        count_ = 0;
    }

  private:
    static constexpr std::size_t buckets_at_first = 64;

    struct Bucket {
        std::uint32_t tag = 0;
        std::uint32_t position = none;
    };

    static std::uint32_t tag_of(std::uint64_t hash) {
        return static_cast<std::uint32_t>(hash ^ (hash >> 32));
    }

    static void place(std::vector<Bucket>& buckets, Bucket bucket) {
        const std::size_t mask = buckets.size() - 1;
        std::size_t at = bucket.tag & mask;
        while (buckets[at].position != none)
            at = (at + 1) & mask;
        buckets[at] = bucket;
    }

    void grow() {
        std::vector<Bucket> larger(buckets_.size() * 4);
        for (const Bucket& bucket : buckets_)
            if (bucket.position != none) place(larger, bucket);
        buckets_ = std::move(larger);
    }

    std::vector<Bucket> buckets_;
    std::size_t count_ = 0;
};

}  // namespace sluice::contracts
