// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DoubleCommand} from "./DoubleCommand.sol";
import {Settlement} from "./Settlement.sol";

/// Payment versus payment: two currencies, both legs or none. Each party allows this contract what it pays
/// (`approve` of the façade of its currency), and both send the same trade. The rate is theirs: no amount is
/// computed here. The id of a settled trade may be used for the next one.
contract PaymentVersusPayment is DoubleCommand {
    struct Trade {
        address first;
        address second;
        bytes3 firstPays;
        uint128 firstAmount;
        bytes3 secondPays;
        uint128 secondAmount;
        uint64 expiry;  // last second
    }

    /// Which leg could not move, and what its façade said.
    error LegFailed(address payer, bytes3 ccy, bytes reason);

    /// True if this command matched the other party's, and both legs have moved.
    function submit(bytes32 operationId, Trade calldata trade) external returns (bool isSettled) {
        bytes32 content = keccak256(abi.encode(trade));
        isSettled = _command(operationId, trade.first, trade.second, content, trade.expiry, true);
        if (!isSettled) return false;
        _pay(trade.first, trade.second, trade.firstPays, trade.firstAmount);
        _pay(trade.second, trade.first, trade.secondPays, trade.secondAmount);
    }

    function _pay(address from, address to, bytes3 ccy, uint128 amount) private {
        (bool paid, bytes memory reason) = Settlement.tryMove(address(Settlement.facade(ccy)), from, to, amount);
        if (!paid) revert LegFailed(from, ccy, reason);
    }
}
