#include "node/config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <span>
#include <sstream>
#include <variant>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <fmt/format.h>

namespace sluice::node {
namespace {

using Strings = std::vector<std::string>;
using Value = std::variant<std::string, std::int64_t, bool, Strings>;
/// Nothing on success, else what is allowed.
using Refusal = std::optional<std::string>;

enum class Kind { text, number, flag, list };

struct Row {
    std::string_view key;  ///< "section.key" or "key"
    Kind kind;
    bool required;
    std::string_view meaning;
    Refusal (*assign)(NodeConfig&, const Value&);
};

const std::string& text_of(const Value& value) {
    return std::get<std::string>(value);
}

template <std::filesystem::path NodeConfig::*Member>
Refusal assign_path(NodeConfig& config, const Value& value) {
    if (text_of(value).empty()) return "a path";
    config.*Member = text_of(value);
    return std::nullopt;
}

template <std::string NodeConfig::*Member>
Refusal assign_text(NodeConfig& config, const Value& value) {
    if (text_of(value).empty()) return "a text that is not empty";
    config.*Member = text_of(value);
    return std::nullopt;
}

template <Endpoint NodeConfig::*Member>
Refusal assign_endpoint(NodeConfig& config, const Value& value) {
    const auto endpoint = parse_endpoint(text_of(value));
    if (!endpoint) return "host:port with a port from 0 to 65535";
    config.*Member = *endpoint;
    return std::nullopt;
}

template <std::uint32_t NodeConfig::*Member, std::uint32_t Least, std::uint32_t Most>
Refusal assign_number(NodeConfig& config, const Value& value) {
    const auto number = std::get<std::int64_t>(value);
    if (number < Least || number > Most) return fmt::format("a number from {} to {}", Least, Most);
    config.*Member = static_cast<std::uint32_t>(number);
    return std::nullopt;
}

template <std::vector<std::string> NodeConfig::*Member>
Refusal assign_list(NodeConfig& config, const Value& value) {
    config.*Member = std::get<Strings>(value);
    return std::nullopt;
}

Refusal assign_advertise(NodeConfig& config, const Value& value) {
    config.p2p_advertise = parse_endpoint(text_of(value));
    return config.p2p_advertise ? Refusal{} : Refusal{"host:port"};
}

Refusal assign_peers(NodeConfig& config, const Value& value) {
    config.p2p_peers.clear();
    for (const auto& text : std::get<Strings>(value)) {
        PeerEndpoint peer;
        std::string_view rest = text;
        if (const auto at = rest.find('@'); at != std::string_view::npos) {
            peer.address = core::address_from_hex(rest.substr(0, at));
            if (!peer.address) return "peers as \"host:port\" or \"0xADDRESS@host:port\"";
            rest.remove_prefix(at + 1);
        }
        const auto endpoint = parse_endpoint(rest);
        if (!endpoint || endpoint->port == 0) return "peers as \"host:port\" or \"0xADDRESS@host:port\"";
        peer.endpoint = *endpoint;
        config.p2p_peers.push_back(std::move(peer));
    }
    return std::nullopt;
}

Refusal assign_observers(NodeConfig& config, const Value& value) {
    std::vector<core::Address> observers;
    for (const auto& text : std::get<Strings>(value)) {
        const auto address = core::address_from_hex(text);
        if (!address) return "addresses as \"0x…\", 40 hexadecimal digits each";
        observers.push_back(*address);
    }
    config.p2p_observers = std::move(observers);
    return std::nullopt;
}

Refusal assign_archive(NodeConfig& config, const Value& value) {
    config.archive = std::get<bool>(value);
    return std::nullopt;
}

Refusal assign_sync_start(NodeConfig& config, const Value& value) {
    if (text_of(value) == "auto")
        config.sync_start = SyncStart::automatic;
    else if (text_of(value) == "snapshot")
        config.sync_start = SyncStart::snapshot;
    else if (text_of(value) == "genesis")
        config.sync_start = SyncStart::genesis;
    else
        return "one of auto, snapshot, genesis";
    return std::nullopt;
}

/// HEIGHT:0xHASH.
Refusal assign_trusted_block(NodeConfig& config, const Value& value) {
    constexpr std::string_view allowed = "HEIGHT:0xHASH of a block";
    const std::string_view text = text_of(value);
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::string(allowed);
    TrustedBlock trusted;
    const auto [end, error] = std::from_chars(text.data(), text.data() + colon, trusted.height);
    const auto hash = core::hash_from_hex(text.substr(colon + 1));
    if (error != std::errc{} || end != text.data() + colon || trusted.height == 0 || !hash)
        return std::string(allowed);
    trusted.hash = *hash;
    config.sync_trusted = trusted;
    return std::nullopt;
}

Refusal assign_log_level(NodeConfig& config, const Value& value) {
    static constexpr std::array<std::string_view, 5> levels{"trace", "debug", "info", "warn", "error"};
    if (std::find(levels.begin(), levels.end(), text_of(value)) == levels.end())
        return "one of trace, debug, info, warn, error";
    config.log_level = text_of(value);
    return std::nullopt;
}

Refusal assign_log_format(NodeConfig& config, const Value& value) {
    if (text_of(value) == "auto")
        config.log_format = LogFormat::automatic;
    else if (text_of(value) == "human")
        config.log_format = LogFormat::human;
    else if (text_of(value) == "json")
        config.log_format = LogFormat::json;
    else
        return "one of auto, human, json";
    return std::nullopt;
}

constexpr std::array rows{
    Row{"name", Kind::text, true, "name of this node, shown to peers and on screens",
        assign_text<&NodeConfig::name>},
    Row{"data_dir", Kind::text, true, "folder of the ledger and the vote log",
        assign_path<&NodeConfig::data_dir>},
    Row{"genesis", Kind::text, true, "genesis file of the chain", assign_path<&NodeConfig::genesis_file>},
    Row{"key.file", Kind::text, true, "keystore file of the node's key", assign_path<&NodeConfig::key_file>},
    Row{"key.password_file", Kind::text, true, "file whose first line is the keystore's password",
        assign_path<&NodeConfig::password_file>},
    Row{"p2p.listen", Kind::text, false, "address for peers, default 127.0.0.1:9545",
        assign_endpoint<&NodeConfig::p2p_listen>},
    Row{"p2p.advertise", Kind::text, false, "address that peers dial, where it differs from p2p.listen",
        assign_advertise},
    Row{"p2p.peers", Kind::list, false, "peers to dial: host:port or 0xADDRESS@host:port", assign_peers},
    Row{"p2p.observers", Kind::list, false,
        "addresses that may connect besides validators and p2p.peers with an address; without this key "
        "everybody with a certificate may",
        assign_observers},
    Row{"p2p.authority", Kind::text, true, "PEM file of the certificate authorities that peers may come from",
        assign_path<&NodeConfig::p2p_authority_file>},
    Row{"p2p.certificate", Kind::text, true, "PEM file of the node's TLS certificate",
        assign_path<&NodeConfig::p2p_certificate_file>},
    Row{"p2p.private_key", Kind::text, true, "PEM file of the certificate's key",
        assign_path<&NodeConfig::p2p_private_key_file>},
    Row{"p2p.revocation_list", Kind::text, false, "PEM file of certificate revocation lists",
        assign_path<&NodeConfig::p2p_revocation_file>},
    Row{"rpc.listen", Kind::text, false, "address of JSON-RPC (HTTP and WebSocket), default 127.0.0.1:8545",
        assign_endpoint<&NodeConfig::rpc_listen>},
    Row{"rpc.allowed_hosts", Kind::list, false, "further Host header names that are accepted; \"*\" for any",
        assign_list<&NodeConfig::rpc_allowed_hosts>},
    Row{"rpc.allowed_origins", Kind::list, false,
        "origins of web pages that may call (CORS); none by default",
        assign_list<&NodeConfig::rpc_allowed_origins>},
    Row{"rpc.connections_per_ip", Kind::number, false, "connections from one address, default 100",
        assign_number<&NodeConfig::rpc_connections_per_ip, 1, 10'000>},
    Row{"metrics.listen", Kind::text, false,
        "address of /metrics, /health and /ready, default 127.0.0.1:10545",
        assign_endpoint<&NodeConfig::metrics_listen>},
    Row{"consensus.block_interval_ms", Kind::number, false, "least time between own proposals, default 10",
        assign_number<&NodeConfig::block_interval_ms, 0, 10'000>},
    Row{"runtime.workers", Kind::number, false, "worker threads, default 0: one per core and at least 2",
        assign_number<&NodeConfig::workers, 0, 256>},
    Row{"ledger.archive", Kind::flag, false, "keep every old state, default false", assign_archive},
    Row{"ledger.state_history", Kind::number, false,
        "blocks that reads of old state reach back, default 1024",
        assign_number<&NodeConfig::state_history, 128, 10'000'000>},
    Row{"ledger.block_history", Kind::number, false,
        "newest blocks whose bodies and receipts are kept, at least 64 and four snapshot intervals; default "
        "0: "
        "all",
        assign_number<&NodeConfig::block_history, 0, 1'000'000'000>},
    Row{"ledger.snapshot_interval", Kind::number, false,
        "heights between the states held for nodes that join, default 1024; 0: none",
        assign_number<&NodeConfig::snapshot_interval, 0, 4'096>},
    Row{"ledger.cache_mib", Kind::number, false, "memory for caches of the ledger in MiB, default 64",
        assign_number<&NodeConfig::cache_mib, 8, 65'536>},
    Row{"sync.start", Kind::text, false,
        "how an empty ledger begins: auto (from a snapshot if more than 10000 blocks behind and no archive; "
        "the default), snapshot, or genesis",
        assign_sync_start},
    Row{"sync.trusted_block", Kind::text, false,
        "HEIGHT:0xHASH of a block known by other means: a snapshot must lead through it",
        assign_trusted_block},
    Row{"log.level", Kind::text, false, "trace, debug, info, warn or error; default info", assign_log_level},
    Row{"log.format", Kind::text, false, "auto, human or json; auto is human on a terminal",
        assign_log_format},
};

/// Edit distance, for the hint in the error of an unknown key.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::string unknown_key(std::string_view key, unsigned line) {
    const auto nearest = std::min_element(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
        return distance(a.key, key) < distance(b.key, key);
    });
    return fmt::format("line {}: unknown key '{}'; did you mean '{}'?", line, key, nearest->key);
}

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::text:
            return "a text";
        case Kind::number:
            return "a whole number";
        case Kind::flag:
            return "true or false";
        case Kind::list:
            return "a list of texts";
    }
    return "a value";
}

std::optional<Value> value_of(const toml::node& node, Kind kind) {
    switch (kind) {
        case Kind::text:
            if (const auto text = node.value_exact<std::string>()) return Value{*text};
            return std::nullopt;
        case Kind::number:
            if (const auto number = node.value_exact<std::int64_t>()) return Value{*number};
            return std::nullopt;
        case Kind::flag:
            if (const auto flag = node.value_exact<bool>()) return Value{*flag};
            return std::nullopt;
        case Kind::list: {
            const auto* array = node.as_array();
            if (!array) return std::nullopt;
            Strings list;
            for (const auto& element : *array) {
                const auto text = element.value_exact<std::string>();
                if (!text) return std::nullopt;
                list.push_back(*text);
            }
            return Value{std::move(list)};
        }
    }
    return std::nullopt;
}

std::optional<Value> value_of(const std::string& text, Kind kind) {
    switch (kind) {
        case Kind::text:
            return Value{text};
        case Kind::number: {
            std::int64_t number = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
            if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
            return Value{number};
        }
        case Kind::flag:
            if (text == "true") return Value{true};
            if (text == "false") return Value{false};
            return std::nullopt;
        case Kind::list: {
            Strings list;
            std::stringstream stream(text);
            for (std::string element; std::getline(stream, element, ',');)
                list.push_back(element);
            return Value{std::move(list)};
        }
    }
    return std::nullopt;
}

std::string shown(const toml::node& node) {
    std::ostringstream out;
    node.visit([&](const auto& concrete) { out << concrete; });
    return out.str();
}

class Loader {
  public:
    std::optional<ConfigError> read_file(const toml::table& table) { return read_table(table, ""); }

    std::optional<ConfigError> read_environment(const Environment& environment) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto name = variable_of(rows[i].key);
            const auto text = environment(name);
            if (!text) continue;
            const auto value = value_of(*text, rows[i].kind);
            if (!value) return refuse(name, *text, name_of(rows[i].kind));
            if (const auto allowed = rows[i].assign(config_, *value)) return refuse(name, *text, *allowed);
            seen_[i] = true;
        }
        return std::nullopt;
    }

    std::optional<ConfigError> check_required() const {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (rows[i].required && !seen_[i])
                return ConfigError{fmt::format("key '{}' is missing: {}", rows[i].key, rows[i].meaning)};
        return std::nullopt;
    }

    NodeConfig take(const std::filesystem::path& base) {
        for (auto path :
             {&NodeConfig::data_dir, &NodeConfig::genesis_file, &NodeConfig::key_file,
              &NodeConfig::password_file, &NodeConfig::p2p_authority_file, &NodeConfig::p2p_certificate_file,
              &NodeConfig::p2p_private_key_file, &NodeConfig::p2p_revocation_file})
            if (!(config_.*path).empty()) config_.*path = (base / (config_.*path)).lexically_normal();
        return std::move(config_);
    }

    static std::string variable_of(std::string_view key) {
        std::string name = "SLUICE_";
        for (const char c : key)
            name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        return name;
    }

  private:
    static ConfigError refuse(std::string_view where, std::string_view value, std::string_view allowed) {
        return {fmt::format("{} = {}: allowed is {}", where, value, allowed)};
    }

    std::optional<ConfigError> read_table(const toml::table& table, const std::string& prefix) {
        for (const auto& [toml_key, node] : table) {
            const std::string key = prefix + std::string(toml_key.str());
            if (const auto* section = node.as_table()) {
                if (auto error = read_table(*section, key + ".")) return error;
            } else if (auto error = read_value(key, node)) {
                return error;
            }
        }
        return std::nullopt;
    }

    std::optional<ConfigError> read_value(const std::string& key, const toml::node& node) {
        const auto line = node.source().begin.line;
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.key == key; });
        if (row == rows.end()) return ConfigError{unknown_key(key, line)};
        const auto where = fmt::format("line {}: {}", line, key);
        const auto value = value_of(node, row->kind);
        if (!value) return refuse(where, shown(node), name_of(row->kind));
        if (const auto allowed = row->assign(config_, *value)) return refuse(where, shown(node), *allowed);
        seen_[static_cast<std::size_t>(row - rows.begin())] = true;
        return std::nullopt;
    }

    NodeConfig config_;
    std::array<bool, rows.size()> seen_{};
};

}  // namespace

Environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value ? std::optional<std::string>(value) : std::nullopt;
    };
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    Endpoint endpoint;
    endpoint.host = std::string(text.substr(0, colon));
    if (endpoint.host.front() == '[' && endpoint.host.back() == ']')
        endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
    const auto port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
    if (error != std::errc{} || end != port.data() + port.size() || port.empty()) return std::nullopt;
    return endpoint;
}

namespace {

/// What no row can see by itself.
std::optional<ConfigError> find_contradiction(const NodeConfig& config) {
    if (config.block_history == 0) return std::nullopt;
    if (config.archive)
        return ConfigError{
            "ledger.block_history drops bodies and ledger.archive keeps everything: choose one"};
    // Who joins from a held state must find every block after it.
    const std::uint32_t least = std::max(64u, 4 * config.snapshot_interval);
    if (config.block_history < least)
        return ConfigError{
            fmt::format("ledger.block_history = {} is refused: 0, or at least {} (four times "
                        "ledger.snapshot_interval)",
                        config.block_history, least)};
    return std::nullopt;
}

}  // namespace

core::Result<NodeConfig, ConfigError> parse_config(std::string_view toml_text,
                                                   const std::filesystem::path& base_dir,
                                                   const Environment& environment) {
    const toml::parse_result parsed = toml::parse(toml_text);
    if (!parsed)
        return core::fail(ConfigError{fmt::format("line {}: {}", parsed.error().source().begin.line,
                                                  std::string(parsed.error().description()))});
    Loader loader;
    if (auto error = loader.read_file(parsed.table())) return core::fail(*error);
    if (auto error = loader.read_environment(environment)) return core::fail(*error);
    if (auto error = loader.check_required()) return core::fail(*error);
    auto config = loader.take(base_dir);
    if (auto error = find_contradiction(config)) return core::fail(*error);
    return config;
}

core::Result<NodeConfig, ConfigError> load_config(const std::filesystem::path& file,
                                                  const Environment& environment) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return core::fail(
            ConfigError{fmt::format("cannot read {}: check the path and its permissions", file.string())});
    std::ostringstream text;
    text << stream.rdbuf();
    auto config = parse_config(text.str(), std::filesystem::absolute(file).parent_path(), environment);
    if (!config) return core::fail(ConfigError{fmt::format("{}: {}", file.string(), config.error().message)});
    return config;
}

std::string describe_config_keys() {
    std::string text;
    for (const auto& row : rows)
        text += fmt::format("{:<28} {:<34} {}{}\n", row.key, Loader::variable_of(row.key), row.meaning,
                            row.required ? " (required)" : "");
    return text;
}

}  // namespace sluice::node
