/// A contract's interface, as compilers write it (ABI JSON), and what it says about return data and logs.
#pragma once

#include <optional>

#include "cli/abi/codec.hpp"
#include "cli/output.hpp"

namespace sluice::cli::abi {

struct Function {
    std::string name;
    std::vector<Type> inputs;
    std::vector<Type> outputs;
};

struct Event {
    std::string name;
    std::vector<Type> inputs;
    std::vector<bool> indexed;  ///< one per input
    bool is_anonymous = false;
};

/// `error Name(…)` of Solidity.
struct CustomError {
    std::string name;
    std::vector<Type> inputs;
};

struct Interface {
    std::vector<Type> constructor_inputs;
    bool has_constructor = false;
    std::vector<Function> functions;
    std::vector<Event> events;
    std::vector<CustomError> errors;
};

/// The ABI's array of entries. The error names the entry.
core::Result<Interface, std::string> parse_interface(const Json& entries);

/// "transfer(address,uint256)"
std::string signature_of(std::string_view name, const std::vector<Type>& inputs);
/// The first four bytes of the signature's hash.
core::Bytes selector_of(std::string_view name, const std::vector<Type>& inputs);

/// Selector and arguments.
core::Bytes encode_call(std::string_view name, const std::vector<Type>& inputs,
                        std::span<const Value> arguments);

/// Why a call reverted, for people: Error(string), Panic(uint256) with its meaning, a refusal of a settlement
/// contract, an error of `interface` (may be null), or else selector and data.
std::string describe_revert(core::ByteView return_data, const Interface* interface);

/// A log as its event says it.
struct DecodedLog {
    std::string event;
    std::vector<Type> inputs;
    std::vector<Value> values;
};
/// Nothing if no event of the interface fits. An indexed value of dynamic type is known by its hash only, and
/// is decoded as bytes32.
std::optional<DecodedLog> decode_log(const Interface& interface, std::span<const core::Word> topics,
                                     core::ByteView data);

}  // namespace sluice::cli::abi
