// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Settlement} from "./Settlement.sol";

/// Delivery versus payment with the cash set aside first: the buyer's bank has given this contract a mandate to
/// lock, so the seller sees guaranteed money before it delivers. The buyer opens; the seller's delivery moves both
/// legs or none. Until then the buyer alone may cancel; after the expiry the ledger gives the money back by itself.
contract LockedDelivery {
    enum Stage { None, Open, Settled, Cancelled }
    struct Trade {
        bytes11 buyerBank;
        bytes11 sellerBank;
        address buyer;   // who gets the securities
        address seller;  // who delivers them
        address security;
        uint256 quantity;
        bytes3 ccy;
        uint128 amount;
        uint64 expiry;  // last millisecond
    }
    struct Operation { Trade trade; bytes32 lockId; address opener; Stage stage; }

    error NotAMaker(address sender, bytes11 bank);
    error NotAParty(address sender);
    error DuplicateId(bytes32 id);
    error NotOpen(bytes32 id, Stage stage);
    error OtherContent(bytes32 id);
    error DeliveryFailed(address seller, bytes reason);

    event Opened(bytes32 indexed id, bytes11 indexed buyerBank, bytes11 indexed sellerBank, bytes32 lockId);
    event Settled(bytes32 indexed id);
    event Cancelled(bytes32 indexed id);

    mapping(bytes32 id => Operation) private operations;

    /// Each buyer's bank has operation ids of its own.
    function idOf(bytes11 buyerBank, bytes32 operationId) public pure returns (bytes32) {
        return keccak256(abi.encode(buyerBank, operationId));
    }

    function get(bytes32 id) external view returns (Operation memory) {
        return operations[id];
    }

    /// By a maker of the buyer's bank: locks the cash.
    function open(bytes32 operationId, Trade calldata trade) external returns (bytes32 id) {
        if (!Settlement.isMaker(msg.sender, trade.buyerBank)) revert NotAMaker(msg.sender, trade.buyerBank);
        id = idOf(trade.buyerBank, operationId);
        if (operations[id].stage != Stage.None) revert DuplicateId(id);
        (bytes32 lockId,) = Settlement.accounts.lock(
            id, trade.buyerBank, trade.sellerBank, trade.ccy, trade.amount, trade.expiry);
        operations[id] = Operation(trade, lockId, msg.sender, Stage.Open);
        emit Opened(id, trade.buyerBank, trade.sellerBank, lockId);
    }

    /// By the seller, with the trade as it understands it: delivers and is paid.
    function deliver(bytes32 id, Trade calldata trade) external {
        Operation storage found = operations[id];
        if (found.stage != Stage.Open) revert NotOpen(id, found.stage);
        if (msg.sender != trade.seller) revert NotAParty(msg.sender);
        if (keccak256(abi.encode(found.trade)) != keccak256(abi.encode(trade))) revert OtherContent(id);
        found.stage = Stage.Settled;
        emit Settled(id);
        (bool delivered, bytes memory reason) =
            Settlement.tryMove(trade.security, trade.seller, trade.buyer, trade.quantity);
        if (!delivered) revert DeliveryFailed(trade.seller, reason);
        Settlement.accounts.release(found.lockId);
    }

    /// By a maker of the buyer's bank while the seller has not delivered.
    function cancel(bytes32 id) external {
        Operation storage found = operations[id];
        if (found.stage != Stage.Open) revert NotOpen(id, found.stage);
        if (!Settlement.isMaker(msg.sender, found.trade.buyerBank))
            revert NotAMaker(msg.sender, found.trade.buyerBank);
        found.stage = Stage.Cancelled;
        emit Cancelled(id);
        Settlement.accounts.refund(found.lockId);
    }
}
