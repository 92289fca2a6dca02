/// A cache of fixed size: sets of four entries, the least recently used of a set gives way. No iteration
/// order, no chains an attacker could grow, no pauses; memory is taken page by page as it fills.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "core/bytes.hpp"

namespace sluice::ledger {

/// Spreads the bytes of a key over 64 bits.
inline std::uint64_t spread(core::ByteView bytes) {
    std::uint64_t state = 0x9e3779b97f4a7c15ull ^ bytes.size();
    for (; !bytes.empty(); bytes = bytes.subspan(bytes.size() < 8 ? bytes.size() : 8)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), bytes.size() < 8 ? bytes.size() : 8);
        state = (state ^ word) * 0xff51afd7ed558ccdull;
        state ^= state >> 32;
    }
    return state;
}

/// `Key` offers ==, default construction and `std::uint64_t spread() const`; `Value` is a plain value. One
/// thread.
template <typename Key, typename Value>
class FixedCache {
  public:
    /// Takes at most about `bytes_max` of memory, at least one page.
    explicit FixedCache(std::size_t bytes_max) {
        std::size_t pages = 1;
        while (2 * pages * sizeof(Page) <= bytes_max)
            pages *= 2;
        pages_.resize(pages);
    }

    /// Nothing if it is not cached. The pointer lives until the next `put`.
    const Value* find(const Key& key) {
        const std::uint64_t place = key.spread();
        const auto& page = pages_[page_of(place)];
        if (!page) return nullptr;
        for (Entry& entry : set_in(*page, place)) {
            if (entry.used_at == 0 || !(entry.key == key)) continue;
            entry.used_at = ++clock_;
            return &entry.value;
        }
        return nullptr;
    }

    void put(const Key& key, const Value& value) {
        const std::uint64_t place = key.spread();
        auto& page = pages_[page_of(place)];
        if (!page) {
            page = std::make_unique<Page>();
            ++pages_used_;
        }
        Set& set = set_in(*page, place);
        Entry* victim = &set[0];
        for (Entry& entry : set) {
            if (entry.used_at != 0 && entry.key == key) {
                victim = &entry;
                break;
            }
            if (entry.used_at < victim->used_at) victim = &entry;
        }
        *victim = Entry{key, value, ++clock_};
    }

    /// Forgets every entry whose key satisfies `unwanted`: a walk over the whole cache.
    template <typename Predicate>
    void forget_if(Predicate unwanted) {
        for (auto& page : pages_) {
            if (!page) continue;
            for (Set& set : *page)
                for (Entry& entry : set)
                    if (entry.used_at != 0 && unwanted(entry.key)) entry = Entry{};
        }
    }

    std::size_t memory_bytes() const { return pages_used_ * sizeof(Page); }

  private:
    struct Entry {
        Key key{};
        Value value{};
        std::uint64_t used_at = 0;  ///< 0: free
    };
    using Set = std::array<Entry, 4>;
    using Page = std::array<Set, 64>;

    std::size_t page_of(std::uint64_t place) const { return (place >> 8) & (pages_.size() - 1); }
    static Set& set_in(Page& page, std::uint64_t place) { return page[place % std::tuple_size_v<Page>]; }

    std::vector<std::unique_ptr<Page>> pages_;  ///< a power of two of them
    std::size_t pages_used_ = 0;
    std::uint64_t clock_ = 0;
};

}  // namespace sluice::ledger
