// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// What a hostile or broken contract does: each function costs its sender the gas limit and nothing else.
contract Hostile {
    uint256 public harm;

    function loopForever() external {
        harm = 1;
        while (true) {}
    }

    /// Calls itself as deep as depth and gas allow, and again after each failure below.
    function recurseForever() external {
        harm = 1;
        bool anySucceeded;
        while (!anySucceeded) {
            (anySucceeded,) = address(this).call(abi.encodeCall(this.recurseForever, ()));
        }
    }

    /// 2^40 bytes of memory.
    function askForMemory() external {
        harm = 1;
        assembly ("memory-safe") {
            mstore(0x10000000000, 1)
        }
    }
}
