#include "node/startup.hpp"

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "consensus/durable_state.hpp"
#include "contracts/genesis_state.hpp"
#include "contracts/transition.hpp"
#include "core/check.hpp"
#include "core/documents/genesis_document.hpp"
#include "core/state_root.hpp"
#include "crypto/key_file.hpp"
#include "ledger/leveldb_store.hpp"

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
    return options;
}

ledger::LevelDbOptions store_options(const NodeConfig& config) {
    ledger::LevelDbOptions options;
    options.cache_bytes = std::size_t{config.cache_mib} << 19;
    return options;
}

ledger::GenesisRecord genesis_record(const Chain& chain) {
    auto genesis = contracts::make_genesis(chain.spec);
    return {chain.genesis, std::move(genesis.diff), std::move(genesis.validators), {}};
}

/// Secrets must be readable by their owner alone, and be what they seem.
std::optional<std::string> permission_fault(const fs::path& file) {
    struct stat facts {};
    if (lstat(file.c_str(), &facts) != 0) return fmt::format("cannot read {}: it does not exist", file.string());
    if (!S_ISREG(facts.st_mode)) return fmt::format("{} is not a regular file; links are refused", file.string());
    if ((facts.st_mode & 077) != 0)
        return fmt::format("{} is readable by others (mode {:o}): chmod 600 it", file.string(), facts.st_mode & 0777);
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

/// The consensus state that the records of the log add up to.
core::Result<consensus::RecoveredState, StartFailure> recover_votes(const ledger::VoteLogContents& contents,
                                                                   core::Height head) {
    std::vector<consensus::VoteRecord> records;
    for (auto& record : contents.records())
        records.push_back({static_cast<consensus::RecordKind>(record.kind), record.height, record.view,
                           std::move(record.payload)});
    auto recovered = consensus::recover(records, head);
    if (!recovered)
        return fail(ExitCode::needs_operator,
                    fmt::format("the vote log cannot be used: {}. Do not start this validator with an older copy of its "
                                "data; see 'sluiced rejoin'",
                                consensus::describe(recovered.error())));
    return std::move(*recovered);
}

core::Result<ledger::VoteLog::Opened, StartFailure> open_votes(ledger::VoteDirectory& directory, const fs::path& where) {
    auto opened = ledger::VoteLog::open(directory);
    if (opened) return std::move(*opened);
    const auto& failure = opened.error();
    if (failure.reason == ledger::VoteLogError::missing)
        return fail(ExitCode::needs_operator,
                    fmt::format("no vote log in {}. A validator that forgets its votes can fork the chain: run 'sluiced "
                                "init' for a new node, or 'sluiced rejoin' if this one has voted before",
                                where.string()));
    return fail(ExitCode::needs_operator,
                fmt::format("the vote log in {} is damaged: {}. Run 'sluiced rejoin'", where.string(), failure.detail));
}

core::Result<ledger::Ledger::Opened, StartFailure> open_ledger(ledger::KvStore& store, const NodeConfig& config,
                                                               const Chain& chain, const ledger::HighWaterMark& mark) {
    auto opened = ledger::Ledger::open(store, chain.genesis_hash, mark, ledger_options(config));
    if (opened) return std::move(*opened);
    const auto& failure = opened.error();
    return fail(ExitCode::needs_operator,
                fmt::format("the ledger in {} cannot be used: {}{}{}. Copy the directory before anything else touches it",
                            ledger_directory(config).string(), ledger::describe(failure.reason),
                            failure.detail.empty() ? "" : ": ", failure.detail));
}

}  // namespace

fs::path ledger_directory(const NodeConfig& config) { return config.data_dir / "ledger"; }
fs::path vote_directory(const NodeConfig& config) { return config.data_dir / "votes"; }

core::Result<std::string, StartFailure> read_text_file(const fs::path& file, std::size_t bytes_max) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    std::ifstream stream(file, std::ios::binary);
    if (error || !stream)
        return fail(ExitCode::failed, fmt::format("cannot read {}: check the path and its permissions", file.string()));
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
        return fail(ExitCode::failed, fmt::format("{}: {}", genesis_file.string(), core::describe(spec.error())));
    Chain chain;
    chain.spec = std::move(*spec);
    auto genesis = contracts::make_genesis(chain.spec);
    chain.genesis = std::move(genesis.header);
    chain.genesis.state_root = core::state_root_of(genesis.diff);
    chain.genesis_hash = core::hash_of(chain.genesis);
    return chain;
}

core::Result<std::unique_ptr<crypto::Signer>, StartFailure> load_signer(const NodeConfig& config, bool devnet) {
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
    const bool weak = info->is_marked_devnet || (info->is_scrypt && info->log2_n < crypto::production_cost.log2_n);
    if (weak && !devnet)
        return refuse("a devnet key or one with a weak password hash (scrypt N below 2^18) is refused on a chain whose "
                      "genesis does not say devnet; make one with 'sluice key new'");
    auto key = crypto::decrypt_key_file(*text, *password);
    if (!key) return refuse(crypto::describe(key.error()));
    return std::make_unique<crypto::LocalSigner>(std::move(*key));
}

core::Result<void, StartFailure> initialise(const NodeConfig& config, const Chain& chain) {
    std::error_code error;
    fs::create_directories(config.data_dir, error);
    if (error)
        return fail(ExitCode::failed, fmt::format("cannot make {}: {}", config.data_dir.string(), error.message()));
    fs::permissions(config.data_dir, fs::perms::owner_all, error);
    const auto lock = ledger::DirectoryLock::take(config.data_dir);
    if (!lock)
        return fail(ExitCode::failed, fmt::format("another process uses {}", config.data_dir.string()));
    if (fs::exists(ledger_directory(config)) || fs::exists(vote_directory(config)))
        return fail(ExitCode::failed, fmt::format("{} is initialised already; nothing was changed", config.data_dir.string()));
    fs::create_directory(vote_directory(config), error);
    auto store = ledger::create_leveldb(ledger_directory(config), store_options(config));
    if (!store)
        return fail(ExitCode::failed, fmt::format("cannot create the ledger: {}", store.error().detail));
    const auto created = ledger::Ledger::create(**store, genesis_record(chain), ledger_options(config));
    if (!created)
        return fail(ExitCode::failed, fmt::format("cannot create the ledger: {}", created.error().detail));
    auto directory = ledger::open_vote_directory(vote_directory(config));
    if (const auto log = ledger::VoteLog::create(*directory, {0, chain.genesis_hash}); !log)
        return fail(ExitCode::failed, fmt::format("cannot create the vote log: {}", log.error().detail));
    return {};
}

core::Result<OpenedNode, StartFailure> open_node(const NodeConfig& config, const Chain& chain) {
    if (!fs::exists(ledger_directory(config)))
        return fail(ExitCode::needs_operator,
                    fmt::format("{} holds no ledger: run 'sluiced init --config FILE' once", config.data_dir.string()));
    auto lock = ledger::DirectoryLock::take(config.data_dir);
    if (!lock)
        return fail(ExitCode::needs_operator,
                    fmt::format("another process uses {}: two nodes with one key would fork the chain",
                                config.data_dir.string()));
    auto directory = ledger::open_vote_directory(vote_directory(config));
    auto votes = open_votes(*directory, vote_directory(config));
    if (!votes) return core::fail(votes.error());
    auto store = ledger::open_leveldb(ledger_directory(config), store_options(config));
    if (!store)
        return fail(ExitCode::needs_operator,
                    fmt::format("cannot open the ledger in {}: {}", ledger_directory(config).string(),
                                store.error().detail));
    auto opened = open_ledger(**store, config, chain, votes->contents.mark);
    if (!opened) return core::fail(opened.error());
    auto snapshot = opened->ledger.snapshot();
    auto recovered = recover_votes(votes->contents, snapshot->height());
    if (!recovered) return core::fail(recovered.error());

    const auto& view = opened->state.view();
    const auto parameters = contracts::chain_parameters(view);
    const auto next_validators = snapshot->validators(snapshot->height() + 1);
    CHECK(next_validators.has_value());
    NodeSetup setup{.chain = chain.identity(),
                    .replica = {.chain = chain.identity(),
                                .rotation_period = parameters.rotation_period,
                                .block_interval = core::milliseconds(config.block_interval_ms)},
                    .self = {},
                    .signer = nullptr,
                    .head = {.header = snapshot->head(),
                             .hash = snapshot->hash(),
                             .validators = std::make_shared<const core::ValidatorSet>(*next_validators),
                             .next_due = contracts::next_due(view),
                             .queues = nullptr},
                    .head_certificate = snapshot->certificate(snapshot->height()),
                    .state = std::make_unique<ledger::HeadState>(std::move(opened->state)),
                    .snapshot = snapshot,
                    .recovered = std::move(*recovered),
                    .vote_log_sequence = votes->log.next_sequence()};
    return OpenedNode{Storehouse{std::move(*lock), std::move(*store), std::move(directory),
                                 std::make_unique<ledger::VoteLog>(std::move(votes->log)),
                                 std::make_unique<ledger::Ledger>(std::move(opened->ledger))},
                      std::move(setup)};
}

}  // namespace sluice::node
