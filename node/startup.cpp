#include "node/startup.hpp"

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "core/documents/genesis_document.hpp"
#include "crypto/key_file.hpp"
#include "ledger/block_store.hpp"
#include "ledger/leveldb_store.hpp"
#include "ledger/state_import.hpp"

namespace sluice::node {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_file_bytes_max = 64u << 10;

tl::unexpected<StartFailure> fail(ExitCode code, std::string message) {
    return core::fail(StartFailure{code, std::move(message)});
}

ledger::LedgerOptions ledger_options(const NodeConfig& config) {
    ledger::LedgerOptions options;
    options.state.history_blocks = config.state_history;
    options.state.archive = config.archive;
    options.state.cache_bytes = std::size_t{config.cache_mib} << 19;
    options.state.trie_bytes = std::size_t{config.cache_mib} << 20;
    options.state.snapshot_interval = config.snapshot_interval;
    options.block_history = config.block_history;
    return options;
}

/// Secrets must be readable by their owner alone, and be what they seem.
std::optional<std::string> permission_fault(const fs::path& file) {
    struct stat facts {};
    if (lstat(file.c_str(), &facts) != 0)
        return fmt::format("cannot read {}: it does not exist", file.string());
    if (!S_ISREG(facts.st_mode))
        return fmt::format("{} is not a regular file; links are refused", file.string());
    if ((facts.st_mode & 077) != 0)
        return fmt::format("{} is readable by others (mode {:o}): chmod 600 it", file.string(),
                           facts.st_mode & 0777);
    return std::nullopt;
}

core::Result<crypto::SecretBytes, StartFailure> read_secret(const fs::path& file) {
    if (auto fault = permission_fault(file)) return fail(ExitCode::needs_operator, *fault);
    auto text = read_text_file(file, key_file_bytes_max);
    if (!text) return core::fail(text.error());
    const auto end = text->find_first_of("\r\n");
    crypto::SecretBytes secret(std::string_view(*text).substr(0, end));
    crypto::wipe(text->data(), text->size());
    return secret;
}

}  // namespace

fs::path ledger_directory(const NodeConfig& config) {
    return config.data_dir / "ledger";
}
fs::path vote_directory(const NodeConfig& config) {
    return config.data_dir / "votes";
}

fs::path repair_mark(const NodeConfig& config) {
    return config.data_dir / "repairing";
}

ledger::LevelDbOptions store_options(const NodeConfig& config) {
    ledger::LevelDbOptions options;
    options.cache_bytes = std::size_t{config.cache_mib} << 19;
    return options;
}

OpeningOptions opening_options(const NodeConfig& config) {
    return {.ledger = ledger_options(config),
            .votes = {},
            .block_interval = core::milliseconds(config.block_interval_ms),
            .may_be_behind = fs::exists(repair_mark(config)),
            .may_join = false};
}

core::Result<fs::path, StartFailure> set_aside(const fs::path& folder, std::string_view suffix) {
    int number = 1;
    while (fs::exists(fmt::format("{}.{}-{}", folder.string(), suffix, number)))
        ++number;
    const fs::path name = fmt::format("{}.{}-{}", folder.string(), suffix, number);
    std::error_code error;
    fs::rename(folder, name, error);
    if (error)
        return fail(ExitCode::failed, fmt::format("cannot rename {}: {}", folder.string(), error.message()));
    return name;
}

core::Result<std::string, StartFailure> read_text_file(const fs::path& file, std::size_t bytes_max) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    std::ifstream stream(file, std::ios::binary);
    if (error || !stream)
        return fail(ExitCode::failed,
                    fmt::format("cannot read {}: check the path and its permissions", file.string()));
    if (size > bytes_max)
        return fail(ExitCode::failed, fmt::format("{} is larger than {} bytes", file.string(), bytes_max));
    std::ostringstream text;
    text << stream.rdbuf();
    return std::move(text).str();
}

core::Result<Chain, StartFailure> load_chain(const fs::path& genesis_file) {
    auto text = read_text_file(genesis_file, core::genesis_bytes_max);
    if (!text) return core::fail(text.error());
    auto spec = core::parse_genesis(*text);
    if (!spec)
        return fail(ExitCode::failed,
                    fmt::format("{}: {}", genesis_file.string(), core::describe(spec.error())));
    return make_chain(std::move(*spec));
}

core::Result<std::unique_ptr<crypto::Signer>, StartFailure> load_signer(const NodeConfig& config,
                                                                        bool devnet) {
    if (auto fault = permission_fault(config.key_file)) return fail(ExitCode::needs_operator, *fault);
    auto text = read_text_file(config.key_file, key_file_bytes_max);
    if (!text) return core::fail(text.error());
    auto password = read_secret(config.password_file);
    if (!password) return core::fail(password.error());
    const auto refuse = [&](std::string_view why) {
        return fail(ExitCode::needs_operator, fmt::format("key file {}: {}", config.key_file.string(), why));
    };
    const auto info = crypto::inspect_key_file(*text);
    if (!info) return refuse(crypto::describe(info.error()));
    const bool weak =
        info->is_marked_devnet || (info->is_scrypt && info->log2_n < crypto::production_cost.log2_n);
    if (weak && !devnet)
        return refuse(
            "a devnet key or one with a weak password hash (scrypt N below 2^18) is refused on a chain whose "
            "genesis does not say devnet; make one with 'sluice key new'");
    auto key = crypto::decrypt_key_file(*text, *password);
    if (!key) return refuse(crypto::describe(key.error()));
    return std::make_unique<crypto::LocalSigner>(std::move(*key));
}

core::Result<void, StartFailure> initialise(const NodeConfig& config, const Chain& chain) {
    std::error_code error;
    fs::create_directories(config.data_dir, error);
    if (error)
        return fail(ExitCode::failed,
                    fmt::format("cannot make {}: {}", config.data_dir.string(), error.message()));
    fs::permissions(config.data_dir, fs::perms::owner_all, error);
    const auto lock = ledger::DirectoryLock::take(config.data_dir);
    if (!lock)
        return fail(ExitCode::failed, fmt::format("another process uses {}", config.data_dir.string()));
    if (fs::exists(ledger_directory(config)) || fs::exists(vote_directory(config)))
        return fail(ExitCode::failed,
                    fmt::format("{} is initialised already; nothing was changed", config.data_dir.string()));
    fs::create_directory(vote_directory(config), error);
    auto store = ledger::create_leveldb(ledger_directory(config), store_options(config));
    if (!store)
        return fail(ExitCode::failed, fmt::format("cannot create the ledger: {}", store.error().detail));
    const auto directory = ledger::open_vote_directory(vote_directory(config));
    if (const auto created = create_data(**store, *directory, chain, opening_options(config)); !created)
        return fail(ExitCode::failed, created.error());
    return {};
}

namespace {

/// Whether the node would start as it is, and if so, whether it still waits for reports of others.
enum class VotesFound { unusable, whole, awaiting_reports };
VotesFound look_at_votes(const NodeConfig& config, const Chain& chain) {
    if (!fs::exists(ledger_directory(config)) || !fs::exists(vote_directory(config)))
        return VotesFound::unusable;
    const auto directory = ledger::open_vote_directory(vote_directory(config));
    const auto store = ledger::open_leveldb(ledger_directory(config), store_options(config));
    if (!store) return VotesFound::unusable;
    const auto data = open_data(**store, *directory, chain, opening_options(config));
    if (!data) return VotesFound::unusable;
    return data->setup.recovered.log_lost ? VotesFound::awaiting_reports : VotesFound::whole;
}

core::Result<void, StartFailure> set_votes_aside(const NodeConfig& config) {
    const fs::path votes = vote_directory(config);
    std::error_code error;
    if (fs::exists(votes))
        if (auto aside = set_aside(votes, "lost"); !aside) return core::fail(aside.error());
    fs::create_directory(votes, error);
    if (error)
        return fail(ExitCode::failed, fmt::format("cannot make {}: {}", votes.string(), error.message()));
    return {};
}

}  // namespace

core::Result<std::string, StartFailure> rejoin(const NodeConfig& config, const Chain& chain,
                                               const RejoinOptions& options) {
    std::error_code error;
    fs::create_directories(config.data_dir, error);
    const auto lock = ledger::DirectoryLock::take(config.data_dir);
    if (!lock)
        return fail(ExitCode::failed, fmt::format("another process uses {}", config.data_dir.string()));
    const VotesFound found = look_at_votes(config, chain);
    if (found == VotesFound::whole && !options.discard_whole_log)
        return fail(ExitCode::failed,
                    "the vote log is whole, so nothing was changed: start the node. If these data are "
                    "an older copy (a restored backup or snapshot), add --discard-votes");
    if (found == VotesFound::awaiting_reports && !options.accept_lost_votes)
        return fail(ExitCode::failed,
                    "this node has been prepared to rejoin already: start it, and it asks the others");
    if (auto aside = set_votes_aside(config); !aside) return core::fail(aside.error());
    auto store = fs::exists(ledger_directory(config))
                     ? ledger::open_leveldb(ledger_directory(config), store_options(config))
                     : ledger::create_leveldb(ledger_directory(config), store_options(config));
    if (!store)
        return fail(ExitCode::needs_operator,
                    fmt::format("cannot open the ledger: {}", store.error().detail));
    const auto directory = ledger::open_vote_directory(vote_directory(config));
    const LostVotes lost = options.accept_lost_votes ? LostVotes::accept : LostVotes::ask_others;
    if (const auto done = replace_votes(**store, *directory, chain, opening_options(config), lost); !done)
        return fail(ExitCode::needs_operator, done.error());
    return std::string(
        options.accept_lost_votes
            ? "the lost votes are accepted: once started, the node votes from its next height on"
            : "once started, the node follows the chain, asks the other validators, and votes again as "
              "soon as a quorum of them has answered; 'sluice status' shows from which height on");
}

namespace {

/// Both look at a store before it is opened, which is what finds damage and names it.
bool is_unfinished(const ledger::KvReader& store) {
    try {
        return ledger::is_unfinished_join(store);
    } catch (const ledger::StorageFailure&) {
        return false;
    }
}

bool is_at_genesis(const ledger::KvReader& store, const Chain& chain) {
    try {
        return ledger::read_head(store) == ledger::LedgerHead{0, chain.genesis_hash};
    } catch (const ledger::StorageFailure&) {
        return false;
    }
}

}  // namespace

core::Result<OpenedNode, StartFailure> open_node(const NodeConfig& config, const Chain& chain,
                                                 bool may_join) {
    auto opened = open_store(config);
    if (!opened) return core::fail(opened.error());
    // A missing directory is a missing log like any other.
    std::error_code error;
    fs::create_directory(vote_directory(config), error);
    auto directory = ledger::open_vote_directory(vote_directory(config));
    auto options = opening_options(config);
    options.may_join = may_join;
    if (is_unfinished(*opened->store))
        if (auto created = create_ledger(*opened->store, chain, options); !created)
            return fail(ExitCode::failed, created.error());
    auto data = open_data(*opened->store, *directory, chain, options);
    if (!data)
        return fail(ExitCode::needs_operator, fmt::format("{}: {}", config.data_dir.string(), data.error()));
    if (options.may_be_behind && !data->setup.silent_until) fs::remove(repair_mark(config), error);
    return OpenedNode{std::move(opened->lock), std::move(opened->store), std::move(directory),
                      std::move(*data)};
}

core::Result<OpenedStore, StartFailure> open_store(const NodeConfig& config) {
    if (!fs::exists(ledger_directory(config)))
        return fail(
            ExitCode::needs_operator,
            fmt::format("{} holds no ledger: run 'sluiced init' once for a new node, 'sluiced repair' if its "
                        "vote log is there, or 'sluiced rejoin' if its key has voted before and it is not",
                        config.data_dir.string()));
    auto lock = ledger::DirectoryLock::take(config.data_dir);
    if (!lock)
        return fail(ExitCode::needs_operator,
                    fmt::format("another process uses {}: two nodes with one key would fork the chain",
                                config.data_dir.string()));
    auto store = ledger::open_leveldb(ledger_directory(config), store_options(config));
    if (!store)
        return fail(ExitCode::needs_operator,
                    fmt::format("cannot open the ledger in {}: {}. Run 'sluiced repair'",
                                ledger_directory(config).string(), store.error().detail));
    return OpenedStore{std::move(*lock), std::move(*store), ledger_options(config).state};
}

core::Result<bool, StartFailure> is_to_join(const NodeConfig& config, const Chain& chain) {
    if (config.sync_start == SyncStart::genesis) return false;
    const auto opened = open_store(config);
    if (!opened) return core::fail(opened.error());
    if (is_unfinished(*opened->store)) return true;
    return config.sync_start == SyncStart::snapshot && is_at_genesis(*opened->store, chain);
}

}  // namespace sluice::node
