#include "node/rpc/prestate.hpp"

#include "node/rpc/json_writer.hpp"

namespace sluice::node::rpc {
namespace {

struct Picture {
    core::Uint256 balance;
    std::uint64_t nonce = 0;
    core::SharedBytes code;
    std::map<core::Word, core::Word> slots;
    bool exists = false;
};

Picture picture_of(contracts::JournaledState& state, const core::Address& address,
                   const std::set<core::Word>& keys) {
    Picture picture{
        state.balance(address), state.nonce(address), state.code(address), {}, state.exists(address)};
    for (const auto& key : keys)
        picture.slots.emplace(key, state.storage(address, key));
    return picture;
}

void write_slots(JsonWriter& json, const std::map<core::Word, core::Word>& slots) {
    if (slots.empty()) return;
    json.key("storage").begin_object();
    for (const auto& [key, value] : slots)
        json.key(core::to_hex_0x(key)).data(value);
    json.end_object();
}

void write_picture(JsonWriter& json, const Picture& picture) {
    json.begin_object();
    json.key("balance").quantity(picture.balance);
    if (picture.nonce != 0) json.key("nonce").number(picture.nonce);
    if (!picture.code->empty()) json.key("code").data(*picture.code);
    write_slots(json, picture.slots);
    json.end_object();
}

/// Keeps the slots that differ; false if nothing of the account does.
bool keep_differences(Picture& before, Picture& after) {
    for (auto slot = before.slots.begin(); slot != before.slots.end();) {
        const auto other = after.slots.find(slot->first);
        if (other->second == slot->second) {
            after.slots.erase(other);
            slot = before.slots.erase(slot);
        } else {
            ++slot;
        }
    }
    return before.balance != after.balance || before.nonce != after.nonce || *before.code != *after.code ||
           !before.slots.empty() || before.exists != after.exists;
}

void write_changed(JsonWriter& json, const Picture& before, const Picture& after) {
    json.begin_object();
    if (before.balance != after.balance) json.key("balance").quantity(after.balance);
    if (before.nonce != after.nonce) json.key("nonce").number(after.nonce);
    if (*before.code != *after.code) json.key("code").data(*after.code);
    auto written = after.slots;
    std::erase_if(written, [](const auto& slot) { return slot.second == core::Word{}; });
    write_slots(json, written);
    json.end_object();
}

}  // namespace

std::string write_prestate(const TouchedState& touched, contracts::JournaledState& before) {
    JsonWriter json(1'024);
    json.begin_object();
    for (const auto& [address, keys] : touched.accounts()) {
        const Picture picture = picture_of(before, address, keys);
        if (touched.created().contains(address) && !picture.exists) continue;
        json.key(core::to_hex_0x(address));
        write_picture(json, picture);
    }
    json.end_object();
    return json.take();
}

std::string write_state_difference(const TouchedState& touched, contracts::JournaledState& before,
                                   contracts::JournaledState& after) {
    JsonWriter pre(1'024), post(1'024);
    pre.begin_object();
    post.begin_object();
    for (const auto& [address, keys] : touched.accounts()) {
        Picture old = picture_of(before, address, keys);
        Picture now = picture_of(after, address, keys);
        if (!keep_differences(old, now)) continue;
        if (old.exists) {
            std::erase_if(old.slots, [](const auto& slot) { return slot.second == core::Word{}; });
            pre.key(core::to_hex_0x(address));
            write_picture(pre, old);
        }
        if (now.exists) {
            post.key(core::to_hex_0x(address));
            write_changed(post, old, now);
        }
    }
    pre.end_object();
    post.end_object();
    JsonWriter json(256);
    json.begin_object().key("pre").raw(pre.take()).key("post").raw(post.take()).end_object();
    return json.take();
}

}  // namespace sluice::node::rpc
