// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

interface IAccounts {
    function position(bytes11 bic, bytes3 ccy)
        external
        view
        returns (
            int256 balance,
            uint128 locked,
            uint128 frozen,
            uint128 creditLine,
            int256 available,
            int256 netQueued
        );
    function issue(bytes11 bic, bytes3 ccy, uint128 amount, bytes32 rtgsRef) external returns (bool booked);
}

/// A contract that talks to the settlement contracts of the chain.
contract SettlementCaller {
    error CallFailed(bytes reason);

    address internal constant ACCOUNTS = 0x0000000000000000000000000000000000005E02;
    uint256 public calls;

    function balanceOf(bytes11 bic, bytes3 ccy) public view returns (int256 balance) {
        (balance,,,,,) = IAccounts(ACCOUNTS).position(bic, ccy);
    }

    /// A contract has no role, so this is refused, and the refusal reaches the caller.
    function tryToIssue(bytes11 bic, bytes3 ccy) external {
        calls += 1;
        IAccounts(ACCOUNTS).issue(bic, ccy, 1, keccak256("not ours"));
    }

    /// The same, but the refusal is kept: what this contract did itself stays.
    function tryToIssueAndGoOn(bytes11 bic, bytes3 ccy) external returns (bytes memory reason) {
        calls += 1;
        try IAccounts(ACCOUNTS).issue(bic, ccy, 1, keccak256("not ours")) returns (bool) {}
        catch (bytes memory data) {
            reason = data;
        }
    }

    /// Settlement contracts work on their own storage only.
    function delegate(bytes11 bic, bytes3 ccy) external returns (bool succeeded) {
        (succeeded,) = ACCOUNTS.delegatecall(abi.encodeCall(IAccounts.position, (bic, ccy)));
    }
}
