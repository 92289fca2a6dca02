/// Who operates the chain: roles of single addresses, and how many operators an act needs (k of n).
#pragma once

#include "contracts/native/books.hpp"

namespace sluice::contracts::native {

/// A role is named on the ABI by its letters in a bytes32, "OPERATOR" and so on.
enum class Role : std::uint8_t {
    operator_,  ///< onboards and suspends participants, gives roles
    issuer,     ///< issues money and approves redemptions
    freezer,    ///< freezes money and participants
    auditor,    ///< reads everything
};
inline constexpr std::size_t role_count = 4;
using RoleName = std::array<char, 32>;
RoleName name_of(Role role);
std::optional<Role> role_of(const RoleName& name);

bool has_role(const Storage& participants, const core::Address& address, Role role);
/// False if that changes nothing.
bool set_role(const Storage& participants, const core::Address& address, Role role, bool on);

/// How many holders of OPERATOR there are, and how many an act needs.
struct OperatorQuorum {
    std::uint32_t operators = 0;
    std::uint32_t threshold = 0;
    static constexpr auto storage_members() {
        return std::make_tuple(&OperatorQuorum::operators, &OperatorQuorum::threshold);
    }
};
OperatorQuorum operator_quorum(const Storage& participants);
void set_operator_threshold(const Storage& participants, std::uint32_t threshold);

/// True if `caller` may perform an act of `role` at once: a holder of it (or an operator) where one signature
/// is enough, and everywhere the participants contract itself, which performs what k have confirmed.
bool may_act(const Storage& participants, const core::Address& caller, Role role);
/// A holder of `role`, or an operator: may propose and confirm its acts.
bool may_confirm(const Storage& participants, const core::Address& address, Role role);

}  // namespace sluice::contracts::native
