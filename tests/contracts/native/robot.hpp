/// A contract that calls whom it is told to: stands for escrows and agents in tests.
#pragma once

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts::test {

/// call(calldata[0..32], calldata[32..]), whose outcome is the robot's own.
inline const core::Bytes robot_code{0x60, 0x20, 0x36, 0x03, 0x80, 0x60, 0x20, 0x5f, 0x37, 0x5f, 0x5f,
                                    0x82, 0x5f, 0x5f, 0x5f, 0x35, 0x5a, 0xf1, 0x3d, 0x5f, 0x5f, 0x3e,
                                    0x60, 0x1c, 0x57, 0x3d, 0x5f, 0xfd, 0x5b, 0x3d, 0x5f, 0xf3};

inline core::Address robot_address(std::uint8_t number) {
    core::Address address{};
    address[0] = 0xb0;
    address[19] = number;
    return address;
}

/// Puts a robot on the chain.
inline core::Address add_robot(SettlementChain& chain, std::uint8_t number = 1) {
    chain.state.put_code(robot_address(number), robot_code);
    return robot_address(number);
}

/// What makes the robot at `robot` do `call`.
inline native::ContractCall through(const core::Address& robot, const native::ContractCall& call) {
    const core::Word to = native::word_of(call.to);
    core::Bytes data(to.begin(), to.end());
    core::append(data, call.data);
    return {robot, std::move(data)};
}

}  // namespace sluice::contracts::test
