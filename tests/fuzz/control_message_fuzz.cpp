/// Fuzz target: any bytes as a control message. Decoding is total, and what it accepts has one encoding
/// (closing texts, which are cleaned, excepted). A HELLO that it accepts is judged without a crash.
#include <cstddef>
#include <cstdint>

#include "network/handshake.hpp"

namespace {

using namespace sluice;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const core::ByteView input(data, size);
    const auto message = network::decode_control_message(input);
    if (!message) {
        check(!network::describe(message.error()).empty());
        return 0;
    }
    const core::Bytes encoded = network::encode(*message);
    check(network::decode_control_message(encoded) == message);
    if (!std::holds_alternative<network::Close>(*message)) check(encoded == core::to_bytes(input));
    if (const auto* hello = std::get_if<network::Hello>(&*message)) {
        network::OwnIdentity own;
        own.chain_id = hello->chain_id;
        own.genesis_hash = hello->genesis_hash;
        // No signature of random bytes is one over this connection.
        check(!network::check_hello(*hello, own, network::SessionFacts{}, core::Address{}).has_value());
    }
    return 0;
}
