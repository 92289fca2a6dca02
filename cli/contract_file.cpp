#include "cli/contract_file.hpp"

#include <vector>

#include <fmt/format.h>

#include "cli/files.hpp"

namespace sluice::cli {
namespace {

/// Outputs of whole projects are large.
constexpr std::size_t file_bytes_max = 256u << 20;

const Json* member(const Json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

/// One contract of a compiler's output.
struct Entry {
    std::string source;
    std::string name;
    const Json* code = nullptr;  ///< text, or an object with the member `object`
    const Json* abi = nullptr;   ///< an array, or text that holds one
};

const Json* code_text(const Entry& entry) {
    if (entry.code == nullptr) return nullptr;
    const Json* text = entry.code->is_object() ? member(*entry.code, "object") : entry.code;
    return text != nullptr && text->is_string() ? text : nullptr;
}

bool has_code(const Entry& entry) {
    const auto* text = code_text(entry);
    return text != nullptr && !text->get_ref<const std::string&>().empty() &&
           text->get_ref<const std::string&>() != "0x";
}

/// {"contracts": {SOURCE: {NAME: {abi, evm: {bytecode}}}}}, or {"contracts": {"SOURCE:NAME": {abi, bin}}}.
std::vector<Entry> entries_of_output(const Json& contracts) {
    std::vector<Entry> entries;
    for (const auto& [source, content] : contracts.items()) {
        if (!content.is_object()) continue;
        if (content.contains("bin") || content.contains("abi")) {
            const auto colon = source.rfind(':');
            entries.push_back({source.substr(0, colon == std::string::npos ? 0 : colon),
                               source.substr(colon == std::string::npos ? 0 : colon + 1),
                               member(content, "bin"), member(content, "abi")});
            continue;
        }
        for (const auto& [name, contract] : content.items()) {
            const auto* evm = member(contract, "evm");
            entries.push_back(
                {source, name, evm ? member(*evm, "bytecode") : nullptr, member(contract, "abi")});
        }
    }
    return entries;
}

std::vector<Entry> entries_of(const Json& document) {
    // Hardhat's build-info holds the compiler's output as a member.
    const Json* output = member(document, "output");
    const Json& whole = output != nullptr && output->is_object() ? *output : document;
    if (const auto* contracts = member(whole, "contracts"); contracts != nullptr && contracts->is_object())
        return entries_of_output(*contracts);
    if (member(document, "bytecode") == nullptr && member(document, "abi") == nullptr) return {};
    const auto* name = member(document, "contractName");
    return {{"", name != nullptr && name->is_string() ? name->get<std::string>() : "",
             member(document, "bytecode"), member(document, "abi")}};
}

std::string names_of(const std::vector<Entry>& entries) {
    std::string names;
    for (const auto& entry : entries) {
        if (names.size() > 2'000) return names + ", …";
        names += fmt::format("{}{}{}{}", names.empty() ? "" : ", ", entry.source,
                             entry.source.empty() ? "" : ":", entry.name);
    }
    return names;
}

core::Result<Entry, std::string> choose(const std::vector<Entry>& entries, const std::string& contract,
                                        bool must_have_code) {
    if (entries.empty())
        return core::fail(std::string("it has neither 'bytecode' and 'abi' nor 'contracts' of a compiler"));
    std::vector<Entry> fitting;
    for (const auto& entry : entries) {
        const bool is_named =
            contract.empty() || contract == entry.name || contract == entry.source + ":" + entry.name;
        if (is_named && (!contract.empty() || !must_have_code || has_code(entry))) fitting.push_back(entry);
    }
    if (fitting.size() == 1) return fitting.front();
    if (fitting.empty())
        return core::fail(contract.empty() ? std::string("none of its contracts has code")
                                           : fmt::format("it has no contract '{}'; there are {}", contract,
                                                         names_of(entries)));
    return core::fail(
        fmt::format("it holds several contracts: choose one by --contract: {}", names_of(fitting)));
}

core::Result<abi::Interface, std::string> interface_of(const Json& entries) {
    if (!entries.is_string()) return abi::parse_interface(entries);
    const auto parsed = Json::parse(entries.get_ref<const std::string&>(), nullptr, false);
    return parsed.is_discarded() ? core::fail(std::string("its ABI is no JSON"))
                                 : abi::parse_interface(parsed);
}

/// A leading bracket or brace makes it JSON: no hex file begins with one.
bool is_json(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin != std::string_view::npos && (text[begin] == '{' || text[begin] == '[');
}

core::Result<Json, std::string> parse_json(const std::string& text) {
    auto document = Json::parse(text, nullptr, false);
    if (document.is_discarded()) return core::fail(std::string("it is no JSON"));
    return document;
}

core::Result<ContractFile, std::string> contract_of_json(const std::string& text,
                                                         const std::string& contract) {
    const auto document = parse_json(text);
    if (!document) return core::fail(document.error());
    if (document->is_array()) return core::fail(std::string("it is an ABI without bytecode"));
    const auto entry = choose(entries_of(*document), contract, true);
    if (!entry) return core::fail(entry.error());
    if (!has_code(*entry))
        return core::fail(fmt::format(
            "'{}' has no bytecode: an interface or abstract contract cannot be deployed", entry->name));
    auto code = parse_hex_code(code_text(*entry)->get_ref<const std::string&>());
    if (!code) return core::fail(code.error());
    ContractFile file{.creation_code = std::move(*code), .interface = {}};
    if (entry->abi != nullptr) {
        auto interface = interface_of(*entry->abi);
        if (!interface) return core::fail(interface.error());
        file.interface = std::move(*interface);
    }
    return file;
}

template <typename T>
core::Result<T, std::string> naming(const std::filesystem::path& file, core::Result<T, std::string> result) {
    if (!result) return core::fail(fmt::format("{}: {}", file.string(), result.error()));
    return result;
}

core::Result<abi::Interface, std::string> interface_of_json(const std::string& text,
                                                            const std::string& contract) {
    const auto document = parse_json(text);
    if (!document) return core::fail(document.error());
    if (document->is_array()) return abi::parse_interface(*document);
    const auto entry = choose(entries_of(*document), contract, false);
    if (!entry) return core::fail(entry.error());
    if (entry->abi == nullptr) return core::fail(std::string("it has no ABI"));
    return interface_of(*entry->abi);
}

}  // namespace

core::Result<core::Bytes, std::string> parse_hex_code(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return core::fail(std::string("it holds no bytecode"));
    text = text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
    if (text.find("__") != std::string_view::npos)
        return core::fail(std::string("its bytecode waits for libraries: link it first (solc --link)"));
    auto code = core::from_hex(text);
    if (!code) return core::fail(std::string("its bytecode is no even number of hex digits"));
    if (code->empty()) return core::fail(std::string("it holds no bytecode"));
    return std::move(*code);
}

core::Result<ContractFile, std::string> parse_contract_file(const std::string& text,
                                                            const std::string& contract) {
    if (is_json(text)) return contract_of_json(text, contract);
    auto code = parse_hex_code(text);
    if (!code) return core::fail(code.error());
    return ContractFile{.creation_code = std::move(*code), .interface = {}};
}

core::Result<ContractFile, std::string> read_contract_file(const std::filesystem::path& file,
                                                           const std::string& contract) {
    const auto text = read_file(file, file_bytes_max);
    if (!text) return core::fail(text.error());
    return naming(file, parse_contract_file(*text, contract));
}

core::Result<abi::Interface, std::string> read_interface_file(const std::filesystem::path& file,
                                                              const std::string& contract) {
    const auto text = read_file(file, file_bytes_max);
    if (!text) return core::fail(text.error());
    return naming(file, interface_of_json(*text, contract));
}

}  // namespace sluice::cli
