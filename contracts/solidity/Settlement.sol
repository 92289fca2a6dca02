// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// Central-bank money as trades use it: the façade of a currency, an ERC-20 contract.
interface IERC20Money {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

library Settlement {
    /// The ERC-20 façade of a currency: 0x5e20, fifteen zero bytes, the three letters.
    function facade(bytes3 ccy) internal pure returns (IERC20Money) {
        return IERC20Money(address(uint160(0x5e20) << 144 | uint160(uint24(ccy))));
    }

    /// Moves tokens. A token that reverts, answers false or is none gives false and its reason.
    function tryMove(address token, address from, address to, uint256 amount)
        internal returns (bool moved, bytes memory reason) {
        if (token.code.length == 0) return (false, "no contract");
        (moved, reason) = token.call(abi.encodeCall(IERC20Money.transferFrom, (from, to, amount)));
        if (moved && reason.length != 0) moved = reason.length >= 32 && abi.decode(reason, (uint256)) == 1;
    }
}
