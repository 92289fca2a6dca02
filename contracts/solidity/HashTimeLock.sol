// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Settlement, IERC20Money} from "./Settlement.sol";

/// Hash-time lock in central-bank money, for trades whose other leg is on another ledger. The money lies in this
/// contract, which has to be a registered holder. Who knows the secret takes it up to the time limit; afterwards
/// it goes back. The second leg's limit has to be earlier than the first's, so that its secret is seen in time.
contract HashTimeLock {
    enum Stage { None, Locked, Withdrawn, Refunded }
    struct Lock {
        address sender;
        address receiver;
        bytes3 ccy;
        uint128 amount;
        bytes32 hash;  // sha256 of the secret
        uint64 until;  // last second of the receiver
        Stage stage;
        bytes32 secret;  // zero until withdrawn
    }

    error DuplicateId(bytes32 id);
    error NotLocked(bytes32 id, Stage stage);
    error WrongSecret(bytes32 id);
    error TooLate(uint64 until);
    error TooEarly(uint64 until);
    error InvalidLock();
    error TransferFailed(bytes reason);

    event Locked(bytes32 indexed id, address indexed sender, address indexed receiver, bytes3 ccy, uint128 amount, bytes32 hash, uint64 until);
    event Withdrawn(bytes32 indexed id, bytes32 secret);
    event Refunded(bytes32 indexed id);

    mapping(bytes32 id => Lock) private locks;

    /// The id of `sender`'s lock number `nonce`: nobody can take another's.
    function idOf(address sender, bytes32 nonce) public pure returns (bytes32) {
        return keccak256(abi.encode(sender, nonce));
    }

    function get(bytes32 id) external view returns (Lock memory) {
        return locks[id];
    }

    function lock(bytes32 nonce, address receiver, bytes3 ccy, uint128 amount, bytes32 hash, uint64 until)
        external returns (bytes32 id) {
        id = idOf(msg.sender, nonce);
        if (locks[id].stage != Stage.None) revert DuplicateId(id);
        if (until <= block.timestamp || amount == 0 || receiver == address(0)) revert InvalidLock();
        locks[id] = Lock(msg.sender, receiver, ccy, amount, hash, until, Stage.Locked, 0);
        emit Locked(id, msg.sender, receiver, ccy, amount, hash, until);
        (bool moved, bytes memory reason) =
            Settlement.tryMove(address(Settlement.facade(ccy)), msg.sender, address(this), amount);
        if (!moved) revert TransferFailed(reason);
    }

    /// By anybody who knows the secret; the money goes to the receiver.
    function withdraw(bytes32 id, bytes32 secret) external {
        Lock storage found = locks[id];
        if (found.stage != Stage.Locked) revert NotLocked(id, found.stage);
        if (block.timestamp > found.until) revert TooLate(found.until);
        if (sha256(abi.encodePacked(secret)) != found.hash) revert WrongSecret(id);
        found.stage = Stage.Withdrawn;
        found.secret = secret;
        emit Withdrawn(id, secret);
        Settlement.facade(found.ccy).transfer(found.receiver, found.amount);
    }

    /// By anybody, after the time limit; the money goes back to the sender.
    function refund(bytes32 id) external {
        Lock storage found = locks[id];
        if (found.stage != Stage.Locked) revert NotLocked(id, found.stage);
        if (block.timestamp <= found.until) revert TooEarly(found.until);
        found.stage = Stage.Refunded;
        emit Refunded(id);
        Settlement.facade(found.ccy).transfer(found.sender, found.amount);
    }
}
