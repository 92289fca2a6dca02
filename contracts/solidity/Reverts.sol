// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// Every way to fail, and every kind of value.
contract Reverts {
    error InsufficientFunds(uint256 available, uint256 needed);

    struct Leg {
        address to;
        uint96[] amounts;
        string memo;
    }

    event Booked(address indexed by, string indexed reference_, Leg leg);

    Leg internal last;

    function withReason() external pure {
        revert("no such account");
    }

    function withError(uint256 needed) external pure {
        revert InsufficientFunds(7, needed);
    }

    function withPanic(uint8 number) external pure returns (uint8) {
        return number + 200;
    }

    function withoutReason() external pure {
        revert();
    }

    function echo(Leg[] calldata legs, int16[2] calldata pair, bytes5 tag)
        external
        pure
        returns (Leg[] memory legs_, int16[2] memory pair_, bytes5 tag_)
    {
        return (legs, pair, tag);
    }

    function book(Leg calldata leg, string calldata reference_) external {
        last = leg;
        emit Booked(msg.sender, reference_, leg);
    }
}
