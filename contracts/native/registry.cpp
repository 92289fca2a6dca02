#include "contracts/native/registry.hpp"

#include <algorithm>

namespace sluice::contracts::native {

void SystemInvocation::emit(const core::Address& contract, const core::Word& topic,
                            std::initializer_list<core::Word> indexed, core::Bytes data) const {
    add_event(state, contract, topic, indexed, std::move(data));
}

const NativeContract* Registry::find(const core::Address& address, core::Height height) const {
    for (const NativeContract* contract : contracts) {
        const std::size_t fixed = address.size() - contract->family_bytes;
        const bool is_it = std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(fixed),
                                      contract->address.begin());
        if (is_it && height >= contract->active_from) return contract;
    }
    return nullptr;
}

const Method* find_method(const NativeContract& contract, core::ByteView selector) {
    if (selector.size() < sizeof(Selector)) return nullptr;
    for (const Method& method : contract.methods)
        if (std::equal(method.selector.begin(), method.selector.end(), selector.begin())) return &method;
    return nullptr;
}

}  // namespace sluice::contracts::native
