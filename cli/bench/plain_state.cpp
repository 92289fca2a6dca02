#include "cli/bench/plain_state.hpp"

namespace sluice::cli::bench {

std::optional<core::Account> PlainState::account(const core::Address& address) const {
    const auto found = accounts_.find(address);
    return found == accounts_.end() ? std::nullopt : std::optional(found->second);
}

core::Word PlainState::storage(const core::Address& address, const core::Word& key) const {
    const auto found = slots_.find({address, key});
    return found == slots_.end() ? core::Word{} : found->second;
}

core::SharedBytes PlainState::code(const core::Hash& code_hash) const {
    const auto found = codes_.find(code_hash);
    return found == codes_.end() ? nullptr : found->second;
}

bool PlainState::has_storage(const core::Address& address) const {
    const auto first = slots_.lower_bound({address, core::Word{}});
    return first != slots_.end() && first->first.first == address;
}

void PlainState::put(const core::Address& address, core::Account account, core::Bytes code) {
    account.code_hash = core::keccak256(code);
    codes_[account.code_hash] = core::share(std::move(code));
    accounts_[address] = account;
}

void PlainState::put_slot(const core::Address& address, const core::Word& key, const core::Word& value) {
    if (value != core::Word{}) slots_[{address, key}] = value;
}

}  // namespace sluice::cli::bench
