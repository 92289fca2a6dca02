// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Contracts of others that the tests deploy as they are: an escrow that knows nothing of this chain.
import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";
