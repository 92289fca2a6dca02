// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// A token as most tokens are: balances in a mapping, checked arithmetic, an event per transfer.
contract Token {
    mapping(address holder => uint256 amount) public balanceOf;
    uint256 public totalSupply;

    event Transfer(address indexed from, address indexed to, uint256 value);
    error InsufficientBalance(address holder, uint256 balance, uint256 needed);
    error InvalidReceiver(address receiver);

    function mint(address to, uint256 value) external {
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        if (to == address(0)) revert InvalidReceiver(to);
        uint256 balance = balanceOf[msg.sender];
        if (balance < value) revert InsufficientBalance(msg.sender, balance, value);
        unchecked {
            balanceOf[msg.sender] = balance - value;
        }
        balanceOf[to] += value;
        emit Transfer(msg.sender, to, value);
        return true;
    }
}
