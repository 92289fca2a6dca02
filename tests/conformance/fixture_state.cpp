#include "tests/conformance/fixture_state.hpp"

#include "core/state_root.hpp"

namespace sluice::conformance {

FixtureState::FixtureState(const Json& accounts) {
    if (!accounts.is_object()) throw FixtureError("accounts are not an object");
    for (const auto& [name, content] : accounts.items()) {
        Entry entry;
        entry.account.nonce = u64_of(member(content, "nonce"));
        entry.account.balance = number_of(member(content, "balance"));
        core::Bytes code = bytes_of(member(content, "code"));
        if (!code.empty()) {
            entry.account.code_hash = core::keccak256(code);
            codes_[entry.account.code_hash] = core::share(std::move(code));
        }
        for (const auto& [key, value] : member(content, "storage").items()) {
            const core::Word word = word_of(value);
            if (word != core::Word{}) entry.storage[word_of(Json(key))] = word;
        }
        entries_[address_of(Json(name))] = std::move(entry);
    }
}

std::optional<core::Account> FixtureState::account(const core::Address& address) const {
    const auto found = entries_.find(address);
    return found == entries_.end() ? std::nullopt : std::optional(found->second.account);
}

core::Word FixtureState::storage(const core::Address& address, const core::Word& key) const {
    const auto found = entries_.find(address);
    if (found == entries_.end()) return {};
    const auto slot = found->second.storage.find(key);
    return slot == found->second.storage.end() ? core::Word{} : slot->second;
}

core::SharedBytes FixtureState::code(const core::Hash& code_hash) const {
    const auto found = codes_.find(code_hash);
    return found == codes_.end() ? nullptr : found->second;
}

bool FixtureState::has_storage(const core::Address& address) const {
    const auto found = entries_.find(address);
    return found != entries_.end() && !found->second.storage.empty();
}

void FixtureState::apply(const core::StateDiff& diff) {
    for (const core::AccountChange& change : diff.accounts) {
        if (!change.account) {
            entries_.erase(change.address);
            continue;
        }
        Entry& entry = entries_[change.address];
        entry.account = *change.account;
        if (change.storage_cleared) entry.storage.clear();
        for (const core::SlotChange& slot : change.slots) {
            if (slot.value == core::Word{})
                entry.storage.erase(slot.key);
            else
                entry.storage[slot.key] = slot.value;
        }
        if (change.code != nullptr) codes_[change.account->code_hash] = change.code;
    }
}

core::Hash FixtureState::root() const {
    core::StateDiff whole;
    whole.accounts.reserve(entries_.size());
    for (const auto& [address, entry] : entries_) {
        core::AccountChange change;
        change.address = address;
        change.account = entry.account;
        change.slots.reserve(entry.storage.size());
        for (const auto& [key, value] : entry.storage)
            change.slots.push_back({key, value});
        whole.accounts.push_back(std::move(change));
    }
    return core::state_root_of(whole);
}

std::string FixtureState::difference_to(const FixtureState& other) const {
    std::string text;
    const auto say = [&](const core::Address& address, const std::string& what) {
        text += "\n    " + core::to_hex_0x(address) + ": " + what;
    };
    const auto numbers = [](const core::Account& account) {
        return "nonce " + std::to_string(account.nonce) + ", balance " + core::to_decimal(account.balance) +
               ", code hash " + core::to_hex(account.code_hash).substr(0, 8);
    };
    for (const auto& [address, entry] : entries_) {
        const auto found = other.entries_.find(address);
        if (found == other.entries_.end()) {
            say(address, "is there and should not be: " + numbers(entry.account));
            continue;
        }
        const Entry& expected = found->second;
        if (entry.account != expected.account)
            say(address, "has " + numbers(entry.account) + "; expected " + numbers(expected.account));
        for (const auto& [key, value] : entry.storage)
            if (other.storage(address, key) != value)
                say(address, core::to_quantity(core::Uint256::from_word(key)) + " = " +
                                 core::to_quantity(core::Uint256::from_word(value)) + "; expected " +
                                 core::to_quantity(core::Uint256::from_word(other.storage(address, key))));
        for (const auto& [key, value] : expected.storage)
            if (!entry.storage.contains(key))
                say(address, core::to_quantity(core::Uint256::from_word(key)) + " = 0; expected " +
                                 core::to_quantity(core::Uint256::from_word(value)));
    }
    for (const auto& [address, entry] : other.entries_)
        if (!entries_.contains(address)) say(address, "is missing: " + numbers(entry.account));
    return text;
}

}  // namespace sluice::conformance
