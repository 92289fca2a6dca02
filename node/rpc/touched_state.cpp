#include "node/rpc/touched_state.hpp"

#include "contracts/evm/opcodes.hpp"
#include "core/authorization.hpp"

namespace sluice::node::rpc {
namespace {

namespace op = contracts::evm::op;

constexpr std::size_t account_bytes = 300;
constexpr std::size_t slot_bytes = 150;

/// How deep in the stack an instruction finds the address that it looks at; nothing for most.
std::optional<std::size_t> address_place(std::uint8_t opcode) {
    switch (opcode) {
        case op::balance:
        case op::extcodesize:
        case op::extcodecopy:
        case op::extcodehash:
        case op::selfdestruct:
            return 0;
        case op::call:
        case op::callcode:
        case op::delegatecall:
        case op::staticcall:
            return 1;
        default:
            return std::nullopt;
    }
}

core::Address address_in(const core::Uint256& word) {
    const core::Word bytes = word.to_word();
    core::Address address{};
    std::copy(bytes.begin() + 12, bytes.end(), address.begin());
    return address;
}

}  // namespace

void TouchedState::add(const core::Address& account) {
    if (!accounts_.contains(account) && budget_.spend(account_bytes)) accounts_[account];
}

void TouchedState::add(const core::Address& account, const core::Word& key) {
    auto& keys = accounts_[account];
    if (!keys.contains(key) && budget_.spend(slot_bytes)) keys.insert(key);
}

void TouchedState::on_enter(const contracts::Message& message, core::Gas, contracts::JournaledState& state) {
    add(message.sender);
    add(message.recipient);
    add(message.code_address);
    const auto delegate = core::delegate_in(*state.code(message.code_address));
    if (delegate) add(*delegate);
    if (message.depth == 0) outermost_delegate_ = delegate;
    if (message.kind == contracts::CallKind::create || message.kind == contracts::CallKind::create2)
        created_.insert(message.recipient);
}

void TouchedState::on_step(const contracts::evm::Step& step, contracts::JournaledState&) {
    const std::size_t depth = step.stack.size();
    if ((step.opcode == op::sload || step.opcode == op::sstore) && depth >= 1) {
        add(step.recipient, step.stack[depth - 1].to_word());
    } else if (const auto place = address_place(step.opcode); place && depth > *place) {
        add(address_in(step.stack[depth - 1 - *place]));
    }
}

void TouchedState::on_self_destruct(const core::Address& account, const core::Address& beneficiary,
                                    const core::Uint256&) {
    add(account);
    add(beneficiary);
}

}  // namespace sluice::node::rpc
