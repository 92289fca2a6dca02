// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DoubleCommand} from "./DoubleCommand.sol";
import {Settlement} from "./Settlement.sol";

/// Delivery versus payment, model 1 of the BIS: one trade, gross against gross, both legs or none. Securities are
/// an ERC-20 token; cash is central-bank money by the façade of its currency. Both parties allow this contract
/// what they give (`approve`), and both send the same trade.
contract DeliveryVersusPayment is DoubleCommand {
    struct Trade {
        address seller;
        address buyer;
        address security;
        uint256 quantity;
        bytes3 ccy;
        uint128 amount;
        uint64 expiry;  // last second
    }

    /// Which side could not perform, and what its token said.
    error DeliveryFailed(address seller, bytes reason);
    error PaymentFailed(address buyer, bytes reason);

    /// True if this command matched the other party's, and both legs have moved.
    function submit(bytes32 operationId, Trade calldata trade) external returns (bool isSettled) {
        bytes32 content = keccak256(abi.encode(trade));
        isSettled = _command(operationId, trade.seller, trade.buyer, content, trade.expiry, false);
        if (isSettled) _settle(trade);
    }

    function _settle(Trade calldata trade) private {
        (bool delivered, bytes memory reason) =
            Settlement.tryMove(trade.security, trade.seller, trade.buyer, trade.quantity);
        if (!delivered) revert DeliveryFailed(trade.seller, reason);
        bool paid;
        (paid, reason) =
            Settlement.tryMove(address(Settlement.facade(trade.ccy)), trade.buyer, trade.seller, trade.amount);
        if (!paid) revert PaymentFailed(trade.buyer, reason);
    }
}
