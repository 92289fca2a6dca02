// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// The parts of Sluice's settlement contracts that trades need.

interface IERC20Money {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface ILocks {
    function lock(bytes32 opId, bytes11 payer, bytes11 beneficiary, bytes3 ccy, uint128 amount, uint64 expiry)
        external returns (bytes32 lockId, bool isNew);
    function release(bytes32 lockId) external returns (bool closed);
    function refund(bytes32 lockId) external returns (bool closed);
}

interface IDirectory {
    function participantOf(address key) external view returns (bytes11 bic, uint8 duties);
}

library Settlement {
    ILocks internal constant accounts = ILocks(0x0000000000000000000000000000000000005E02);
    IDirectory internal constant participants = IDirectory(0x0000000000000000000000000000000000005E01);

    /// The ERC-20 façade of a currency: 0x5e20, fifteen zero bytes, the three letters.
    function facade(bytes3 ccy) internal pure returns (IERC20Money) {
        return IERC20Money(address(uint160(0x5e20) << 144 | uint160(uint24(ccy))));
    }

    /// True if `key` may instruct payments of `bic`.
    function isMaker(address key, bytes11 bic) internal view returns (bool) {
        (bytes11 bank, uint8 duties) = participants.participantOf(key);
        return bank == bic && duties & (1 << 2) != 0;
    }

    /// Moves tokens. A token that reverts, answers false or is none gives false and its reason.
    function tryMove(address token, address from, address to, uint256 amount)
        internal returns (bool moved, bytes memory reason) {
        if (token.code.length == 0) return (false, "no contract");
        (moved, reason) = token.call(abi.encodeCall(IERC20Money.transferFrom, (from, to, amount)));
        if (moved && reason.length != 0) moved = reason.length >= 32 && abi.decode(reason, (uint256)) == 1;
    }
}
