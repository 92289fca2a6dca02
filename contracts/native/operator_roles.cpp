#include "contracts/native/operator_roles.hpp"

#include <algorithm>

#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x07 and 0x08 of the participants contract.
// 0x07 ‖ address    uint8 roles, bit n for role n
// 0x08              struct OperatorQuorum
constexpr std::uint8_t role_table = 0x07;
constexpr std::uint8_t quorum_table = 0x08;

constexpr std::array<std::string_view, role_count> role_names{"OPERATOR", "ISSUER", "FREEZER", "AUDITOR"};

Place<std::uint8_t> roles_place(const Storage& participants, const core::Address& address) {
    return {participants, row_key(role_table, address)};
}
Place<OperatorQuorum> quorum_place(const Storage& participants) {
    return {participants, row_key(quorum_table)};
}
std::uint8_t bit_of(Role role) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(role));
}

}  // namespace

RoleName name_of(Role role) {
    RoleName name{};
    const std::string_view letters = role_names[static_cast<std::size_t>(role)];
    std::copy(letters.begin(), letters.end(), name.begin());
    return name;
}

std::optional<Role> role_of(const RoleName& name) {
    for (std::size_t i = 0; i < role_count; ++i)
        if (name_of(static_cast<Role>(i)) == name) return static_cast<Role>(i);
    return std::nullopt;
}

bool has_role(const Storage& participants, const core::Address& address, Role role) {
    return (roles_place(participants, address).read() & bit_of(role)) != 0;
}

bool set_role(const Storage& participants, const core::Address& address, Role role, bool on) {
    if (has_role(participants, address, role) == on) return false;
    const auto place = roles_place(participants, address);
    place.write(static_cast<std::uint8_t>(place.read() ^ bit_of(role)));
    if (role != Role::operator_) return true;
    OperatorQuorum quorum = operator_quorum(participants);
    quorum.operators = on ? quorum.operators + 1 : quorum.operators - 1;
    quorum_place(participants).write(quorum);
    return true;
}

OperatorQuorum operator_quorum(const Storage& participants) {
    return quorum_place(participants).read();
}

void set_operator_threshold(const Storage& participants, std::uint32_t threshold) {
    OperatorQuorum quorum = operator_quorum(participants);
    quorum.threshold = threshold;
    quorum_place(participants).write(quorum);
}

bool may_confirm(const Storage& participants, const core::Address& address, Role role) {
    return has_role(participants, address, role) || has_role(participants, address, Role::operator_);
}

bool may_act(const Storage& participants, const core::Address& caller, Role role) {
    if (caller == participants_address) return true;
    return operator_quorum(participants).threshold == 1 && may_confirm(participants, caller, role);
}

}  // namespace sluice::contracts::native
