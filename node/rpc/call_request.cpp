#include "node/rpc/call_request.hpp"

#include <algorithm>
#include <initializer_list>
#include <limits>

#include <fmt/format.h>

#include "contracts/creation.hpp"
#include "contracts/evm/precompiles.hpp"
#include "contracts/native/registry.hpp"
#include "core/calendar.hpp"
#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

Reading<core::AccessListEntry> read_access_entry(const Json& value) {
    const auto address = value.is_object() ? value.find("address") : value.end();
    if (address == value.end()) return core::fail(std::string("expected {address, storageKeys}"));
    const auto read = read_address(*address);
    if (!read) return core::fail("address: " + read.error());
    core::AccessListEntry entry{*read, {}};
    const auto keys = value.find("storageKeys");
    if (keys == value.end() || keys->is_null()) return entry;
    auto storage_keys = read_list(*keys, limits::proof_keys_max, read_hash);
    if (!storage_keys) return core::fail("storageKeys: " + storage_keys.error());
    entry.storage_keys = std::move(*storage_keys);
    return entry;
}

Reading<std::vector<core::AccessListEntry>> read_access_list(const Json& value) {
    return read_list(value, limits::proof_keys_max, read_access_entry);
}

/// As eth_getTransactionByHash shows it; `v` is understood in place of yParity.
Reading<core::Authorization> read_authorization(const Json& value) {
    if (!value.is_object())
        return core::fail(std::string("expected {chainId, address, nonce, yParity, r, s}"));
    const auto member = [&](const char* name) { return value.contains(name) ? value[name] : Json(); };
    const auto chain_id = read_quantity(member("chainId"));
    const auto address = read_address(member("address"));
    const auto nonce = read_u64(member("nonce"));
    const auto parity = read_u64(value.contains("yParity") ? value["yParity"] : member("v"));
    const auto r = read_quantity(member("r"));
    const auto s = read_quantity(member("s"));
    if (!chain_id) return core::fail("chainId: " + chain_id.error());
    if (!address) return core::fail("address: " + address.error());
    if (!nonce) return core::fail("nonce: " + nonce.error());
    if (!parity) return core::fail("yParity: " + parity.error());
    if (*parity > 1) return core::fail(std::string("yParity: expected 0x0 or 0x1"));
    if (!r) return core::fail("r: " + r.error());
    if (!s) return core::fail("s: " + s.error());
    return core::Authorization{*chain_id, *address, *nonce, static_cast<std::uint8_t>(*parity), *r, *s};
}

Reading<std::vector<core::Authorization>> read_authorizations(const Json& value) {
    auto list = read_list(value, limits::authorizations_max, read_authorization);
    if (list && list->empty()) return core::fail(std::string("expected at least one authorization"));
    return list;
}

Reading<std::map<core::Word, core::Word>> read_slots(const Json& value) {
    if (!value.is_object()) return core::fail(std::string("expected an object of slots"));
    std::map<core::Word, core::Word> slots;
    for (const auto& [name, content] : value.items()) {
        const auto key = read_storage_key(Json(name));
        const auto word = read_storage_key(content);
        if (!key) return core::fail(name + ": " + key.error());
        if (!word) return core::fail(name + ": " + word.error());
        slots.insert_or_assign(*key, *word);
    }
    return slots;
}

/// Reads a member into `into` if it is there; false and `why` if it cannot be read.
template <typename T, typename Read>
bool read_member(const Json& object, const char* name, Read read, std::optional<T>& into, std::string& why) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return true;
    auto value = read(*found);
    if (!value) {
        why = std::string(name) + ": " + value.error();
        return false;
    }
    into = std::move(*value);
    return true;
}

/// What no contract could have is not pretended either.
Reading<core::Bytes> read_code(const Json& value) {
    auto code = read_data(value);
    if (code && code->size() > contracts::deployed_code_bytes_max)
        return core::fail(fmt::format("over the {} bytes of a contract", contracts::deployed_code_bytes_max));
    return code;
}

/// An object with none but these members: what is pretended is never passed over in silence.
std::optional<std::string> fault_of_object(const Json& value, std::initializer_list<std::string_view> known) {
    if (!value.is_object()) return "expected an object";
    for (const auto& [name, content] : value.items())
        if (std::find(known.begin(), known.end(), name) == known.end())
            return name.substr(0, 100) + " cannot be overridden";
    return std::nullopt;
}

Reading<AccountOverride> read_account_override(const Json& value) {
    if (auto fault = fault_of_object(value, {"balance", "nonce", "code", "state", "stateDiff"}))
        return core::fail(std::move(*fault));
    AccountOverride account;
    std::optional<std::map<core::Word, core::Word>> whole, changes;
    std::string why;
    const bool is_read = read_member(value, "balance", read_quantity, account.balance, why) &&
                         read_member(value, "nonce", read_u64, account.nonce, why) &&
                         read_member(value, "code", read_code, account.code, why) &&
                         read_member(value, "state", read_slots, whole, why) &&
                         read_member(value, "stateDiff", read_slots, changes, why);
    if (!is_read) return core::fail(why);
    if (whole && changes) return core::fail(std::string("both state and stateDiff"));
    account.replaces_storage = whole.has_value();
    if (whole) account.storage = std::move(*whole);
    if (changes) account.storage = std::move(*changes);
    account.replaces_contract = account.code || whole || changes;
    return account;
}

/// Contracts that the node runs as its own program. They take what they have stored for true and stop the
/// node where it contradicts itself, so nobody may put something else in its place.
bool is_part_of_the_node(const core::Address& address) {
    const auto any_height = std::numeric_limits<core::Height>::max();
    return contracts::native::settlement_registry().find(address, any_height) != nullptr ||
           contracts::evm::is_precompile(address, contracts::evm::Revision::osaka);
}

/// A state with some accounts replaced, for one call.
class OverriddenState final : public core::StateView {
  public:
    OverriddenState(const core::StateView& base, StateOverrides overrides)
        : base_(base), overrides_(std::move(overrides)) {
        for (const auto& [address, account] : overrides_)
            if (account.code) codes_.emplace(core::keccak256(*account.code), core::share(*account.code));
    }

    std::optional<core::Account> account(const core::Address& address) const override {
        auto account = base_.account(address);
        const auto found = overrides_.find(address);
        if (found == overrides_.end()) return account;
        auto changed = account.value_or(core::Account{});
        if (found->second.balance) changed.balance = *found->second.balance;
        if (found->second.nonce) changed.nonce = *found->second.nonce;
        if (found->second.code) changed.code_hash = core::keccak256(*found->second.code);
        return changed;
    }
    core::Word storage(const core::Address& address, const core::Word& key) const override {
        const auto found = overrides_.find(address);
        if (found == overrides_.end()) return base_.storage(address, key);
        const auto slot = found->second.storage.find(key);
        if (slot != found->second.storage.end()) return slot->second;
        return found->second.replaces_storage ? core::Word{} : base_.storage(address, key);
    }
    core::SharedBytes code(const core::Hash& code_hash) const override {
        const auto found = codes_.find(code_hash);
        return found == codes_.end() ? base_.code(code_hash) : found->second;
    }
    bool has_storage(const core::Address& address) const override {
        const auto found = overrides_.find(address);
        if (found == overrides_.end()) return base_.has_storage(address);
        for (const auto& [key, value] : found->second.storage)
            if (value != core::Word{}) return true;
        return !found->second.replaces_storage && base_.has_storage(address);
    }

  private:
    const core::StateView& base_;
    StateOverrides overrides_;
    std::map<core::Hash, core::SharedBytes> codes_;
};

}  // namespace

contracts::CallRequest read_call(Arguments& arguments, std::size_t index) {
    arguments.get(index, read_object);
    contracts::CallRequest call;
    call.from = arguments.member_if(index, "from", read_address).value_or(core::Address{});
    call.to = arguments.member_if(index, "to", read_address);
    call.gas = arguments.member_if(index, "gas", read_u64);
    call.value = arguments.member_if(index, "value", read_quantity).value_or(core::Uint256{});
    const auto gas_price = arguments.member_if(index, "gasPrice", read_quantity);
    const auto max_fee = arguments.member_if(index, "maxFeePerGas", read_quantity);
    if (gas_price && max_fee)
        arguments.fail(
            invalid_argument(index, "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified"));
    auto input = arguments.member_if(index, "input", read_data);
    auto data = arguments.member_if(index, "data", read_data);
    if (input && data && *input != *data)
        arguments.fail(invalid_argument(index,
                                        "both \"data\" and \"input\" are set and not equal. Please use "
                                        "\"input\" to pass transaction call data"));
    call.data = input ? std::move(*input) : std::move(data).value_or(core::Bytes{});
    if (auto list = arguments.member_if(index, "authorizationList", read_authorizations)) {
        if (!call.to)
            arguments.fail(
                invalid_argument(index, "authorizationList: a creation cannot carry authorizations"));
        call.authorizations = std::move(*list);
    }
    if (arguments.find(index, "blobVersionedHashes") != nullptr)
        arguments.fail(invalid_argument(index, "blobVersionedHashes: this chain keeps no blobs"));
    call.access_list = arguments.member_if(index, "accessList", read_access_list)
                           .value_or(std::vector<core::AccessListEntry>{});
    return call;
}

Reading<StateOverrides> read_state_overrides(const Json& value) {
    if (!value.is_object()) return core::fail(std::string("expected an object of accounts"));
    if (value.size() > limits::call_overrides_max) return core::fail(std::string("too many accounts"));
    StateOverrides overrides;
    for (const auto& [name, content] : value.items()) {
        const auto address = read_address(Json(name));
        if (!address) return core::fail(name + ": " + address.error());
        auto account = read_account_override(content);
        if (!account) return core::fail(name + ": " + account.error());
        if (account->replaces_contract && is_part_of_the_node(*address))
            return core::fail(name +
                              ": code and storage of native and precompiled contracts cannot be "
                              "replaced, only balance and nonce");
        overrides.insert_or_assign(*address, std::move(*account));
    }
    return overrides;
}

std::unique_ptr<core::StateView> over(const core::StateView& base, StateOverrides overrides) {
    return std::make_unique<OverriddenState>(base, std::move(overrides));
}

Reading<BlockOverrides> read_block_overrides(const Json& value) {
    if (auto fault = fault_of_object(
            value, {"number", "time", "gasLimit", "feeRecipient", "prevRandao", "baseFeePerGas"}))
        return core::fail(std::move(*fault));
    BlockOverrides overrides;
    std::string why;
    const bool is_read = read_member(value, "number", read_u64, overrides.number, why) &&
                         read_member(value, "time", read_u64, overrides.time, why) &&
                         read_member(value, "gasLimit", read_u64, overrides.gas_limit, why) &&
                         read_member(value, "feeRecipient", read_address, overrides.fee_recipient, why) &&
                         read_member(value, "prevRandao", read_hash, overrides.prev_randao, why) &&
                         read_member(value, "baseFeePerGas", read_quantity, overrides.base_fee, why);
    if (!is_read) return core::fail(why);
    if (overrides.time.value_or(0) > core::time_ms_max / 1000)
        return core::fail(std::string("time: after the year 9999"));
    return overrides;
}

void apply(const BlockOverrides& overrides, contracts::BlockContext& block) {
    if (overrides.number) block.height = *overrides.number;
    if (overrides.time) block.time_ms = *overrides.time * 1000;
    if (overrides.gas_limit) block.gas_limit = *overrides.gas_limit;
    if (overrides.fee_recipient) block.miner = *overrides.fee_recipient;
    if (overrides.prev_randao) block.mix_hash = *overrides.prev_randao;
    if (overrides.base_fee) block.base_fee = *overrides.base_fee;
}

}  // namespace sluice::node::rpc
