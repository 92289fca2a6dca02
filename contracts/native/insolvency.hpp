/// Insolvency of a participant: from one moment on nothing of it settles, and its queues are emptied by the
/// system transaction, in portions. Storage of 0x…5e01 and 0x…5e03.
#pragma once

#include "contracts/native/books.hpp"

namespace sluice::contracts::native {

/// The moment of an insolvency. What is not settled before the transaction that declared it, in the order of
/// the chain, never will be.
struct Insolvency {
    core::Height height = 0;         ///< of the block; 0: not insolvent
    core::UnixMs time_ms = 0;        ///< of the block
    std::uint64_t last_arrival = 0;  ///< the last arrival number that any payment had been given
    std::uint32_t removed = 0;       ///< queued payments cancelled so far
    bool is_cleared = false;         ///< no queue is left
    static constexpr auto storage_members() {
        using I = Insolvency;
        return std::make_tuple(&I::height, &I::time_ms, &I::last_arrival, &I::removed, &I::is_cleared);
    }
    static constexpr auto abi_members() { return storage_members(); }
};

/// declareInsolvent(bytes11, string reason): operators.
MethodResult declare_insolvent(Invocation& call);
core::Gas declare_insolvent_gas(const Invocation& call);

/// True while queues of insolvent participants are left.
bool has_queues_to_remove(const Storage& payments);
/// Cancels queued payments of insolvent participants, each bank's accounts in the order of currencies, each
/// queue from its head. Each payment and each account looked at takes one of `steps_left`.
void remove_queues(const Books& books, std::uint32_t& steps_left);

namespace views {

/// insolvencyOf(bytes11) returns (Insolvency): zeros where there is none.
MethodResult insolvency_of(Invocation& call);

}  // namespace views

}  // namespace sluice::contracts::native
