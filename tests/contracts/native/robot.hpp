/// A contract that calls whom it is told to: stands for escrows and agents in tests.
#pragma once

#include "contracts/native/mandates.hpp"
#include "contracts/native/payment_limits.hpp"
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

/// Writes to the chain's state what acts of others would.
template <typename Write>
void change_state(SettlementChain& chain, Write write) {
    JournaledState journal(chain.state);
    journal.begin_transaction();
    write(journal);
    journal.finish_transaction();
    chain.state.apply(journal.take_diff());
}

/// A mandate of `bank` for euros; `per_day` 0 takes it back.
inline void set_mandate(SettlementChain& chain, std::size_t bank, const core::Address& agent,
                        native::MandateAct act, core::Minor per_day) {
    change_state(chain, [&](JournaledState& state) {
        const native::Storage participants(state, native::participants_address);
        const native::MandateKey key{static_cast<native::ParticipantIndex>(bank + 1), agent, 1};
        if (per_day == 0)
            native::drop_mandate(participants, key);
        else
            native::put_mandate(participants, key, {.per_day = per_day, .acts = native::mandate_bit(act)});
    });
}

/// A limit on the euros that `bank` pays to `payee`.
inline void set_limit(SettlementChain& chain, std::size_t bank, std::size_t payee, std::uint64_t limit) {
    change_state(chain, [&](JournaledState& state) {
        const native::Storage accounts(state, native::accounts_address);
        native::Account account(accounts, {static_cast<native::ParticipantIndex>(bank + 1), 1});
        native::set_bilateral_limit(accounts, account, static_cast<native::ParticipantIndex>(payee + 1),
                                    limit);
        account.store();
    });
}

}  // namespace sluice::contracts::test
