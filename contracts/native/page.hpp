/// Pages of lists: from, at most so many.
#pragma once

#include <algorithm>

#include "contracts/native/settlement_structs.hpp"

namespace sluice::contracts::native {

/// The rows [begin, end) of a list of `size` rows.
struct Page {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Clips a page to the list and to `page_rows_max`.
inline Page page_of(const core::Uint256& from, const core::Uint256& max, std::uint64_t size) {
    if (from >= core::Uint256(size)) return {};
    const std::uint64_t begin = from.low_u64();
    const std::uint64_t asked = max.fits_u64() ? std::min(max.low_u64(), page_rows_max) : page_rows_max;
    return {begin, begin + std::min(asked, size - begin)};
}

/// Rows that a page takes at most, for gas: unreadable arguments take none.
inline std::uint64_t page_rows(const core::Uint256& max) {
    return max.fits_u64() ? std::min(max.low_u64(), page_rows_max) : page_rows_max;
}

}  // namespace sluice::contracts::native
