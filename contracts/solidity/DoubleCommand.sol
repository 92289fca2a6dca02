// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// Two parties send the same command under the same operation id; the second one makes it happen. Nothing is
/// held in between: what each side gives is taken when both have agreed.
///
/// An operation belongs to its two parties: others cannot take its id. Only who sent the first command may take
/// it back, and only while the second is missing. After its expiry an unmatched command is as if never sent.
abstract contract DoubleCommand {
    enum Stage { None, Proposed, Settled, Cancelled }
    struct Operation { bytes32 content; address initiator; Stage stage; uint64 expiry; }

    error NotAParty(address sender);
    error OtherContent(bytes32 operationId);
    error AlreadyClosed(bytes32 operationId, Stage stage);
    error Expired(uint64 expiry);
    error NotTheInitiator(address sender);

    event Proposed(bytes32 indexed operationId, address indexed initiator, address indexed other, bytes32 content);
    event Settled(bytes32 indexed operationId, address indexed first, address indexed second);
    event Cancelled(bytes32 indexed operationId, address indexed initiator);

    mapping(bytes32 key => Operation) private operations;

    /// `first` and `second` in the order of the trade, whoever proposed.
    function operation(bytes32 operationId, address first, address second) external view returns (Operation memory) {
        return operations[_key(operationId, first, second)];
    }

    /// Takes back one's own command that the other party has not matched.
    function cancel(bytes32 operationId, address first, address second) external {
        Operation storage found = operations[_key(operationId, first, second)];
        if (found.stage != Stage.Proposed) revert AlreadyClosed(operationId, found.stage);
        if (found.initiator != msg.sender) revert NotTheInitiator(msg.sender);
        found.stage = Stage.Cancelled;
        emit Cancelled(operationId, msg.sender);
    }

    /// One command of two. True if it was the second: the caller then moves both legs, or reverts.
    /// `expiry`: last second. `isRepeatable`: the id may be used again once it has settled.
    function _command(bytes32 operationId, address first, address second, bytes32 content, uint64 expiry, bool isRepeatable)
        internal returns (bool isMatched) {
        if (msg.sender != first && msg.sender != second || first == second) revert NotAParty(msg.sender);
        if (block.timestamp > expiry) revert Expired(expiry);
        Operation storage found = operations[_key(operationId, first, second)];
        bool isOpen = found.stage == Stage.Proposed && block.timestamp <= found.expiry;
        if (!isOpen) {
            bool isUsedUp = found.stage == Stage.Settled && !isRepeatable;
            if (isUsedUp) revert AlreadyClosed(operationId, found.stage);
            operations[_key(operationId, first, second)] = Operation(content, msg.sender, Stage.Proposed, expiry);
            emit Proposed(operationId, msg.sender, msg.sender == first ? second : first, content);
            return false;
        }
        if (found.content != content) revert OtherContent(operationId);
        if (found.initiator == msg.sender) return false;
        // Before any token is called: a token that calls back finds the operation closed.
        found.stage = Stage.Settled;
        emit Settled(operationId, first, second);
        return true;
    }

    function _key(bytes32 operationId, address first, address second) private pure returns (bytes32) {
        return keccak256(abi.encode(operationId, first, second));
    }
}
