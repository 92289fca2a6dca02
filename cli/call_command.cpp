/// sluice call: a contract's function, looked at or sent.
#include <fmt/format.h>

#include "cli/abi/text.hpp"
#include "cli/confirmation.hpp"
#include "cli/contract_arguments.hpp"
#include "cli/contract_file.hpp"
#include "cli/submission_output.hpp"

namespace sluice::cli {
namespace {

/// What is called, and what comes back.
struct Target {
    core::Address address{};
    core::Bytes data;
    std::vector<abi::Type> outputs;
    bool has_outputs = false;
    std::optional<abi::Interface> interface;
};

std::string signatures(const std::vector<const abi::Function*>& functions) {
    std::string text;
    for (const auto* function : functions)
        text += (text.empty() ? "" : ", ") + abi::signature_of(function->name, function->inputs);
    return text;
}

/// The function of the ABI that a bare name means; overloads are told apart by the number of arguments.
core::Result<abi::Signature, std::string> named_function(const std::string& name, std::size_t arguments,
                                                         const abi::Interface* interface) {
    if (interface == nullptr)
        return core::fail(
            fmt::format("'{}' names a function without its types: write '{}(…)' with them, or add --abi FILE",
                        name, name));
    std::vector<const abi::Function*> named, fitting;
    for (const auto& function : interface->functions) {
        if (function.name != name) continue;
        named.push_back(&function);
        if (function.inputs.size() == arguments) fitting.push_back(&function);
    }
    if (named.empty()) return core::fail(fmt::format("the ABI has no function '{}'", name));
    const auto& chosen = named.size() == 1 ? named : fitting;
    if (chosen.size() != 1)
        return core::fail(fmt::format("write one of the functions in full: {}", signatures(named)));
    return abi::Signature{name, chosen[0]->inputs, chosen[0]->outputs, true};
}

core::Result<abi::Signature, std::string> read_function(const std::string& text, std::size_t arguments,
                                                        const abi::Interface* interface) {
    if (text.find('(') == std::string::npos) return named_function(text, arguments, interface);
    auto signature = abi::parse_signature(text);
    if (!signature || signature->has_outputs || interface == nullptr) return signature;
    for (const auto& function : interface->functions)
        if (function.name == signature->name && function.inputs == signature->inputs)
            return abi::Signature{function.name, function.inputs, function.outputs, true};
    return signature;
}

core::Result<void, std::string> read_function_call(const Arguments& arguments, Target& target) {
    const auto values = arguments.list("ARG");
    const auto signature = read_function(arguments.text("FUNCTION"), values.size(),
                                         target.interface ? &*target.interface : nullptr);
    if (!signature) return core::fail(signature.error());
    const auto parsed = abi::parse_values(signature->inputs, values);
    if (!parsed) return core::fail(fmt::format("{}: {}", signature->name, parsed.error()));
    target.data = abi::encode_call(signature->name, signature->inputs, *parsed);
    target.outputs = signature->outputs;
    target.has_outputs = signature->has_outputs;
    return {};
}

core::Result<Target, std::string> read_target(const Arguments& arguments) {
    Target target;
    const auto address = core::address_from_hex(arguments.text("ADDRESS"));
    if (!address)
        return core::fail(fmt::format(
            "ADDRESS '{}': allowed is 0x and 40 hex digits, in mixed case only with the right checksum",
            arguments.text("ADDRESS")));
    target.address = *address;
    if (!arguments.text("--abi").empty()) {
        auto interface = read_interface_file(arguments.text("--abi"), arguments.text("--contract"));
        if (!interface) return core::fail(interface.error());
        target.interface = std::move(*interface);
    }
    const auto function = arguments.text("FUNCTION");
    if (function.substr(0, 2) == "0x") {
        const auto data = core::from_hex(function);
        if (!data || !arguments.list("ARG").empty())
            return core::fail(std::string("call data in hex stands alone, an even number of digits"));
        target.data = *data;
    } else if (auto read = read_function_call(arguments, target); !read) {
        return core::fail(read.error());
    }
    if (arguments.text("--returns").empty()) return target;
    auto outputs = abi::parse_types(arguments.text("--returns"));
    if (!outputs) return core::fail("--returns: " + outputs.error());
    target.outputs = std::move(*outputs);
    target.has_outputs = true;
    return target;
}

/// "latest", a height, or a hash, as eth_call wants it.
core::Result<Json, std::string> read_block(const std::string& text) {
    if (text.empty() || text == "latest" || text == "pending" || text == "earliest" || text == "finalized" ||
        text == "safe")
        return Json(text.empty() ? "latest" : text);
    if (text.size() == 66 && core::hash_from_hex(text)) return Json{{"blockHash", text}};
    const auto height = abi::parse_number(text);
    if (!height || !height->fits_u64())
        return core::fail(
            fmt::format("--block {}: allowed is latest, pending, a height or a block's hash", text));
    return Json(core::to_quantity(*height));
}

/// --from of a call that is only looked at: any address, or an account of the devnet.
core::Result<std::optional<core::Address>, std::string> read_caller(const Arguments& arguments,
                                                                    const NetworkAccess& network) {
    const auto name = arguments.text("--from");
    if (name.empty()) return std::nullopt;
    if (const auto address = core::address_from_hex(name)) return *address;
    const auto account = network.account(name);
    if (!account) return core::fail(account.error());
    return account->address;
}

void print_results(const Target& target, const std::vector<abi::Value>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto& type = target.outputs[i];
        print_line((type.name.empty() ? "" : type.name + ": ") + abi::to_text(type, values[i]));
    }
}

ExitCode print_answer(const Target& target, const core::Bytes& data, bool as_json) {
    if (!target.has_outputs) {
        if (as_json)
            print_json({{"data", core::to_hex_0x(data)}});
        else
            print_line(core::to_hex_0x(data));
        return ExitCode::done;
    }
    const auto values = abi::decode(target.outputs, data);
    if (!values) {
        const auto hint = data.empty() ? ": is there a contract at this address?" : "";
        return fail(ExitCode::refused,
                    fmt::format("the answer {} is no {}: it {}{}", core::to_hex_0x(data),
                                abi::to_string(target.outputs), abi::describe(values.error()), hint),
                    as_json);
    }
    if (as_json)
        print_json({{"result", abi::to_json(target.outputs, *values)}, {"data", core::to_hex_0x(data)}});
    else
        print_results(target, *values);
    return ExitCode::done;
}

ExitCode look(const Arguments& arguments, const Target& target) {
    const bool as_json = arguments.has("--json");
    const auto value = read_value(arguments);
    if (!value) return fail(ExitCode::usage, value.error(), as_json);
    const auto gas = read_gas(arguments);
    if (!gas) return fail(ExitCode::usage, gas.error(), as_json);
    const auto block = read_block(arguments.text("--block"));
    if (!block) return fail(ExitCode::usage, block.error(), as_json);
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto caller = read_caller(arguments, *network);
    if (!caller) return fail(ExitCode::usage, caller.error(), as_json);
    RpcClient rpc(network->rpc_url());
    const auto data =
        read_contract(rpc, *caller, {.to = target.address, .data = target.data, .value = *value, .gas = *gas},
                      *block, target.interface ? &*target.interface : nullptr);
    if (!data) return print_failure(data.error(), as_json);
    return print_answer(target, *data, as_json);
}

ExitCode send(const Arguments& arguments, const Target& target) {
    const bool as_json = arguments.has("--json");
    if (!arguments.text("--block").empty())
        return fail(ExitCode::usage, "--block looks at an old state; nothing can be sent there", as_json);
    const auto sender = read_sender(arguments);
    if (!sender) return fail(ExitCode::usage, sender.error(), as_json);
    if (!may_send(arguments, sender->value)) return fail(ExitCode::refused, "nothing was sent", as_json);
    RpcClient rpc(sender->network.rpc_url());
    const auto* interface = target.interface ? &*target.interface : nullptr;
    const auto begin = std::chrono::steady_clock::now();
    const auto sent = send_to_contract(
        rpc, sender->signing,
        {.to = target.address, .data = target.data, .value = sender->value, .gas = sender->gas},
        sender->waits, interface);
    if (!sent) return print_failure(sent.error(), as_json);
    auto json = outcome_json(*sent, begin);
    if (as_json) {
        json["logs"] = decoded_logs(sent->receipt, interface);
        print_json(json);
        return ExitCode::done;
    }
    print_line(sent->receipt.is_null()
                   ? std::string("Accepted: the transaction waits for its block")
                   : fmt::format("Final at height {}, after {:.0f} ms", json["height"].dump(),
                                 json["milliseconds"].get<double>()));
    print_hash_and_gas(json);
    for (const auto& line : log_lines(sent->receipt, interface))
        print_line(line);
    return ExitCode::done;
}

ExitCode call(const Arguments& arguments) {
    const auto target = read_target(arguments);
    if (!target) return fail(ExitCode::usage, target.error(), arguments.has("--json"));
    return arguments.has("--send") ? send(arguments, *target) : look(arguments, *target);
}

constexpr Argument from_argument{
    "--from", ArgumentKind::value,
    "Account of the devnet: dev (the default), a bank, NAME:ROLE or an address; without --send any address"};
constexpr Argument call_arguments[] = {
    {"ADDRESS", ArgumentKind::positional, "Contract", true},
    {"FUNCTION", ArgumentKind::positional,
     "'transfer(address,uint256)', a name if --abi is given, or call data in hex", true},
    {"ARG", ArgumentKind::list, "Arguments: 42 0x… text '[1,2]' '(0x…,true)'"},
    {"--returns", ArgumentKind::value, "Types of the results without an ABI: '(uint256,string)'"},
    abi_argument,
    contract_argument,
    {"--send", ArgumentKind::flag, "Send a transaction and wait until it is final, instead of only looking"},
    {"--block", ArgumentKind::value, "Look at the state after this height (latest by default)"},
    value_argument,
    gas_argument,
    from_argument,
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};

constexpr Command commands[] = {
    {"call", "Call a contract: look at what it answers, or --send a transaction", call_arguments, call,
     "sluice call 0x… 'balanceOf(address)(uint256)' 0x…"},
};

}  // namespace

std::span<const Command> call_commands() {
    return commands;
}

}  // namespace sluice::cli
