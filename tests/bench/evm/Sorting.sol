// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// Sorts numbers in memory: recursion, comparisons and jumps, bounds checked as the compiler does it.
contract Sorting {
    function sortedSum(uint256 count) external pure returns (uint256 sum) {
        uint256[] memory values = new uint256[](count);
        uint256 seed = 42;
        for (uint256 i = 0; i < count; ++i) {
            unchecked {
                seed = seed * 6364136223846793005 + 1442695040888963407;
            }
            values[i] = (seed >> 32) % 100000;
        }
        sort(values, 0, int256(count) - 1);
        for (uint256 i = 0; i < count; ++i) sum += values[i] * i;
    }

    function sort(uint256[] memory values, int256 low, int256 high) private pure {
        if (low >= high) return;
        uint256 pivot = values[uint256((low + high) / 2)];
        int256 i = low;
        int256 j = high;
        while (i <= j) {
            while (values[uint256(i)] < pivot) ++i;
            while (values[uint256(j)] > pivot) --j;
            if (i <= j) {
                (values[uint256(i)], values[uint256(j)]) = (values[uint256(j)], values[uint256(i)]);
                ++i;
                --j;
            }
        }
        sort(values, low, j);
        sort(values, i, high);
    }
}
