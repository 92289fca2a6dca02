// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// Behind a proxy: its storage stays when its code changes.
contract Counter is Initializable, UUPSUpgradeable {
    error NotOwner(address caller);

    address public owner;
    uint256 public count;

    constructor() {
        _disableInitializers();
    }

    function initialize(address owner_, uint256 first) external initializer {
        owner = owner_;
        count = first;
    }

    function increment() external virtual {
        count += 1;
    }

    function version() external pure virtual returns (string memory) {
        return "one";
    }

    function _authorizeUpgrade(address) internal view override {
        if (msg.sender != owner) revert NotOwner(msg.sender);
    }
}

/// The next version: counts in tens.
contract CounterOfTens is Counter {
    function increment() external override {
        count += 10;
    }

    function version() external pure override returns (string memory) {
        return "two";
    }
}
