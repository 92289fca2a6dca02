#include "node/runtime.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <future>

#include <fmt/format.h>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "contracts/transition.hpp"
#include "crypto/random.hpp"
#include "ledger/storage_failure.hpp"
#include "network/certificates.hpp"
#include "network/http_server.hpp"
#include "network/transport.hpp"
#include "node/admission.hpp"
#include "node/metrics.hpp"
#include "node/process_facts.hpp"
#include "node/rpc/server.hpp"
#include "node/surroundings.hpp"
#include "node/threads.hpp"
#include "node/version.hpp"

namespace sluice::node {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

std::size_t worker_count(const NodeConfig& config) {
    return config.workers != 0 ? config.workers : std::max(2u, std::thread::hardware_concurrency());
}

network::HttpServerConfig rpc_config(const NodeConfig& config) {
    network::HttpServerConfig out;
    out.listen_host = config.rpc_listen.host;
    out.listen_port = config.rpc_listen.port;
    out.allowed_hosts = config.rpc_allowed_hosts;
    out.allowed_origins = config.rpc_allowed_origins;
    out.connections_per_ip = config.rpc_connections_per_ip;
    return out;
}

std::int64_t certificate_expiry(const NodeConfig& config) {
    const auto text = read_text_file(config.p2p_certificate_file, 1u << 20);
    if (!text) return 0;
    const auto info = network::inspect_certificate(*text);
    return info ? info->not_after_s : 0;
}

}  // namespace

/// Everything that runs. The ports of Node are implemented here by posting to the owner's thread.
class Runtime::State final : public Outbox, public Workers, public NodeObserver, public rpc::NodeAccess {
  public:
    State(NodeConfig config, SpdlogEventLog& log, const Chain& chain)
        : config_(std::move(config)),
          log_(log),
          io_("io", 1, failure_handler()),
          node_thread_("node", 1, failure_handler()),
          disk_("disk", 1, failure_handler()),
          workers_("worker", worker_count(config_), failure_handler()),
          signals_(io_.io()),
          reload_signal_(io_.io()),
          deadline_(node_thread_.io()),
          gauges_(io_.io()) {
        facts_.spec = chain.spec;
        facts_.identity = {facts_.spec.chain_id, chain.genesis_hash};
        facts_.genesis = chain.genesis;
        facts_.version = std::string(version);
        facts_.node_name = config_.name;
        facts_.table_seed = crypto::random_u64();
    }

    std::optional<StartFailure> open(const Chain& chain, bool may_join);
    RunEnd run();

    // ---- Outbox: the node's thread
    void broadcast(network::Channel channel, core::SharedBytes bytes) override {
        transport_->broadcast(channel, std::move(bytes));
    }
    void send(const core::Address& peer, network::Channel channel, core::SharedBytes bytes) override {
        transport_->send(peer, channel, std::move(bytes));
    }
    void punish(const core::Address& peer, std::string_view why) override {
        log_.warn("peer_punished", {{"peer", peer}, {"why", why}});
        transport_->disconnect(peer, network::CloseReason::misbehaved);
    }

    // ---- Workers: the node's thread
    void start(Lane lane, Task task) override;

    // ---- NodeObserver: the node's thread
    void on_final_block(const FinalBlock& block) override;
    void on_pending(const core::TransactionPtr& transaction) override { rpc_->on_pending(transaction); }
    void on_view_entered(core::View) override { metrics_.view_changed(); }
    void on_evidence() override { metrics_.evidence_found(); }
    void on_fatal(std::string_view reason) override { stop({ExitCode::needs_operator, {}}, reason); }
    void on_reopening(Reopening why) override { stop({ExitCode::stopped, why}, describe(why)); }

    // ---- rpc::NodeAccess: any thread
    const rpc::ChainFacts& chain() const override { return facts_; }
    ledger::LedgerSnapshotPtr snapshot() const override { return std::atomic_load(&snapshot_); }
    contracts::TransactionRules transaction_rules() const override { return rules_; }
    core::UnixMs wall_ms() const override { return read_clocks().wall_ms; }
    void submit(std::vector<AdmittedToPool> transactions,
                std::function<void(std::vector<PoolVerdict>)> answer) override;
    void status(std::function<void(rpc::StatusPicture)> answer) override;
    void find_pending(const core::Hash& hash, std::function<void(core::TransactionPtr)> answer) override {
        on_node([this, hash, answer = std::move(answer)](Now) { answer(node_->pool().find(hash)); });
    }
    void next_pending_nonce(const core::Address& sender,
                            std::function<void(std::optional<std::uint64_t>)> answer) override {
        on_node(
            [this, sender, answer = std::move(answer)](Now) { answer(node_->pool().next_nonce(sender)); });
    }
    void evidence(std::function<void(std::vector<consensus::Evidence>)> answer) override {
        on_node([this, answer = std::move(answer)](Now) { answer(node_->evidence()); });
    }
    void post(std::function<void()> work) override {
        workers_.post([this, work = std::move(work)] {
            try {
                work();
            } catch (const ledger::BlockNotKept& block) {
                // Whoever reads old blocks answers this itself; that one did not must not end the process.
                log_.error("read_of_pruned_block", {{"height", block.height}});
            }
        });
    }
    void post_after(std::chrono::milliseconds delay, std::function<void()> work) override;
    bool set_log_level(std::string_view level) override { return log_.set_level(level); }
    std::string metrics() override { return metrics_.render(); }
    void count_rpc(std::string_view method, bool succeeded, double seconds) override {
        metrics_.rpc_answered(method, succeeded, seconds);
    }

  private:
    std::function<void(std::exception_ptr)> failure_handler();
    std::optional<StartFailure> open_network(bool is_validator);
    std::optional<StartFailure> open_rpc();
    network::TransportCallbacks transport_callbacks();

    /// Runs `work(now)` on the node's thread, then sets the timer for its next deadline.
    template <typename Work>
    void on_node(Work work) {
        node_thread_.post([this, work = std::move(work)]() mutable {
            work(read_clocks());
            arm_deadline();
        });
    }
    void arm_deadline();
    /// Who votes from height `from` on; where that has changed, connections are looked at again.
    void note_validators(const core::ValidatorSet& next, core::Height from);
    void refresh_gauges();
    void await_signals();
    void await_reload();
    void warn_of_open_ports();
    void stop(RunEnd end, std::string_view reason);
    void shut_down();

    NodeConfig config_;
    SpdlogEventLog& log_;
    RefusalLog refusals_{log_};  ///< io thread
    rpc::ChainFacts facts_;
    Metrics metrics_;
    std::unique_ptr<crypto::Signer> signer_;
    std::optional<OpenedNode> opened_;
    contracts::TransactionRules rules_;
    std::shared_ptr<const ledger::LedgerSnapshot> snapshot_;
    std::atomic<std::int64_t> certificate_expires_s_ = 0;
    std::optional<Admission> admission_;

    ThreadGroup io_;
    ThreadGroup node_thread_;
    ThreadGroup disk_;
    ThreadGroup workers_;
    asio::signal_set signals_;
    asio::signal_set reload_signal_;
    asio::steady_timer deadline_;  ///< node thread
    asio::steady_timer gauges_;
    std::optional<core::Instant> armed_;  ///< node thread: what deadline_ waits for

    std::unique_ptr<network::Transport> transport_;
    std::unique_ptr<rpc::Server> rpc_;
    std::unique_ptr<network::HttpServer> rpc_http_;
    std::unique_ptr<network::HttpServer> operator_http_;
    std::unique_ptr<Node> node_;

    std::atomic<bool> stopping_{false};
    std::promise<RunEnd> ended_;
};

std::function<void(std::exception_ptr)> Runtime::State::failure_handler() {
    return [this](std::exception_ptr failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const ledger::StorageFailure& storage) {
            // What is on disk is unknown now: nothing more may be sent, and nothing is retried.
            log_.error("storage_failed", {{"what", storage.what()}});
            std::_Exit(static_cast<int>(ExitCode::failed));
        } catch (const std::exception& other) {
            log_.error("failed", {{"what", other.what()}});
            std::_Exit(static_cast<int>(ExitCode::failed));
        }
    };
}

std::optional<StartFailure> Runtime::State::open(const Chain& chain, bool may_join) {
    auto signer = load_signer(config_, chain.spec.devnet);
    if (!signer) return signer.error();
    signer_ = std::move(*signer);
    facts_.node_address = signer_->address();
    auto opened = open_node(config_, chain, may_join);
    if (!opened) return opened.error();
    opened_ = std::move(*opened);
    auto& setup = opened_->data.setup;
    setup.self = signer_->address();
    setup.signer = signer_.get();
    setup.executor->table_seed = facts_.table_seed;
    if (setup.recovered.log_lost) crypto::fill_random(setup.recovered.rejoin_nonce);
    const bool is_validator = setup.head.validators->index_of(setup.self).has_value();
    admission_.emplace(config_, *setup.head.validators);
    snapshot_ = setup.snapshot;
    certificate_expires_s_ = certificate_expiry(config_);
    rpc_ = std::make_unique<rpc::Server>(*this);
    if (auto failure = open_network(is_validator)) return failure;
    node_ = std::make_unique<Node>(std::move(setup), *this, *this, *this, log_);
    rules_ = node_->transaction_rules();
    return open_rpc();
}

std::optional<StartFailure> Runtime::State::open_network(bool is_validator) {
    const Chain chain{facts_.spec, facts_.genesis, facts_.identity.genesis_hash};
    auto transport = network::Transport::create(
        io_.io(), *signer_, transport_config(config_, chain, is_validator), transport_callbacks());
    if (!transport) return StartFailure{ExitCode::needs_operator, transport.error().message};
    transport_ = std::move(*transport);
    return std::nullopt;
}

std::optional<StartFailure> Runtime::State::open_rpc() {
    auto rpc = network::HttpServer::listen(io_.io(), rpc_config(config_), rpc_->handlers());
    if (!rpc) return StartFailure{ExitCode::failed, "rpc.listen: " + rpc.error()};
    rpc_http_ = std::move(*rpc);
    auto operators =
        network::HttpServer::listen(io_.io(), metrics_config(config_), rpc_->operator_handlers());
    if (!operators) return StartFailure{ExitCode::failed, "metrics.listen: " + operators.error()};
    operator_http_ = std::move(*operators);
    return std::nullopt;
}

network::TransportCallbacks Runtime::State::transport_callbacks() {
    network::TransportCallbacks callbacks;
    callbacks.on_message = [this](const core::Address& from, const core::Address& origin,
                                  network::Channel channel, core::SharedBytes body) {
        on_node([this, from, channel, is_relayed = from != origin, body = std::move(body)](Now now) mutable {
            node_->on_frame(now, from, channel, std::move(body), is_relayed);
        });
    };
    callbacks.on_peer_up = [this](const network::PeerIdentity& peer) {
        log_.info("peer_up", {{"peer", peer.address}, {"name", peer.name}, {"version", peer.version}});
        on_node([this, address = peer.address](Now now) { node_->on_peer_up(now, address); });
    };
    callbacks.on_peer_down = [this](const core::Address& peer, network::CloseReason reason) {
        log_.info("peer_down", {{"peer", peer}, {"reason", network::describe(reason)}});
        on_node([this, peer](Now now) { node_->on_peer_down(now, peer); });
    };
    callbacks.is_allowed = [this](const core::Address& peer, network::PeerRole) {
        return admission_->allows(peer);
    };
    callbacks.on_refused = [this](const network::RefusedPeer& refused) {
        refusals_.note(refused, steady_clock::now());
    };
    return callbacks;
}

void Runtime::State::start(Lane lane, Task task) {
    auto work = [this, task = std::move(task)]() mutable {
        Storage storage{*opened_->data.ledger, *opened_->data.vote_log};
        const auto name = name_of(task);
        const auto began = steady_clock::now();
        auto result = node::run(std::move(task), storage);
        metrics_.task_done(name, std::chrono::duration<double>(steady_clock::now() - began).count());
        on_node([this, result = std::move(result)](Now now) mutable {
            node_->on_task_done(now, std::move(result));
        });
    };
    switch (lane) {
        case Lane::compute:
            return workers_.post_urgent(std::move(work));
        case Lane::bulk:
            return workers_.post(std::move(work));
        case Lane::disk:
            return disk_.post(std::move(work));
    }
}

void Runtime::State::note_validators(const core::ValidatorSet& next, core::Height from) {
    if (!admission_->renew(next)) return;
    const bool votes = next.index_of(facts_.node_address).has_value();
    log_.info("validators_changed",
              {{"from_height", from}, {"validators", next.size()}, {"votes_here", votes ? "yes" : "no"}});
    transport_->recheck_allowed();
}

void Runtime::State::on_final_block(const FinalBlock& block) {
    std::atomic_store(&snapshot_, std::shared_ptr<const ledger::LedgerSnapshot>(block.snapshot));
    note_validators(*block.block->next_validators, block.block->block.header.height + 1);
    metrics_.block_appended(block.block->block.transactions.size(), block.block->block.header.gas_used);
    rpc_->on_final_block(block);
}

void Runtime::State::submit(std::vector<AdmittedToPool> transactions,
                            std::function<void(std::vector<PoolVerdict>)> answer) {
    on_node([this, transactions = std::move(transactions), answer = std::move(answer)](Now now) {
        answer(node_->submit(now, transactions));
    });
}

void Runtime::State::status(std::function<void(rpc::StatusPicture)> answer) {
    on_node([this, answer = std::move(answer)](Now now) {
        answer({.node = node_->status(now),
                .network = transport_->status(),
                .resident_bytes = resident_bytes(),
                .disk_free_bytes = disk_free_bytes(config_.data_dir),
                .wall_ms = now.wall_ms,
                .certificate_expires_s = certificate_expires_s_});
    });
}

void Runtime::State::post_after(std::chrono::milliseconds delay, std::function<void()> work) {
    auto timer = std::make_shared<asio::steady_timer>(workers_.io(), delay);
    timer->async_wait([timer, work = std::move(work)](const boost::system::error_code& error) {
        if (!error) work();
    });
}

void Runtime::State::arm_deadline() {
    const auto next = node_->next_deadline();
    if (next == armed_) return;
    armed_ = next;
    if (!next) {
        deadline_.cancel();
        return;
    }
    deadline_.expires_at(time_point(*next));
    deadline_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        armed_.reset();
        node_->on_deadline(read_clocks());
        arm_deadline();
    });
}

void Runtime::State::refresh_gauges() {
    gauges_.expires_after(std::chrono::seconds(1));
    gauges_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        status([this](const rpc::StatusPicture& picture) {
            const auto& node = picture.node;
            metrics_.set({.height = node.height,
                          .view = node.consensus.entered,
                          .pool_transactions = node.pool_transactions,
                          .pool_bytes = node.pool_bytes,
                          .peers = node.peers,
                          .validators = node.validators.size(),
                          .last_block_age_ms = node.last_block_age_ms,
                          .vote_log_sequence = node.vote_log_sequence,
                          .signatures_verified = node.signatures_verified,
                          .resident_bytes = picture.resident_bytes,
                          .ready = node.ready,
                          .syncing = node.syncing});
        });
        refresh_gauges();
    });
}

void Runtime::State::await_signals() {
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) return;
        stop({ExitCode::stopped, {}}, signal == SIGTERM ? "SIGTERM" : "SIGINT");
        signals_.async_wait([](const boost::system::error_code& again, int) {
            if (!again) std::_Exit(static_cast<int>(ExitCode::stopped));
        });
    });
}

/// SIGHUP: TLS files are read again. A damaged file leaves what is in use.
void Runtime::State::await_reload() {
    reload_signal_.async_wait([this](const boost::system::error_code& error, int) {
        if (error) return;
        if (const auto done = transport_->reload_certificates(); !done) {
            log_.error("certificates_not_reloaded", {{"reason", done.error().message}});
        } else {
            certificate_expires_s_ = certificate_expiry(config_);
            log_.info("certificates_reloaded", {{"file", config_.p2p_certificate_file.string()}});
        }
        await_reload();
    });
}

void Runtime::State::stop(RunEnd end, std::string_view reason) {
    if (stopping_.exchange(true)) return;
    log_.info("stopping", {{"reason", reason}});
    ended_.set_value(end);
}

void Runtime::State::warn_of_open_ports() {
    const auto warn_of = [this](std::string_view key, const Endpoint& endpoint) {
        if (is_loopback(endpoint.host)) return;
        log_.warn("port_open_to_the_network", {{"key", key},
                                               {"listen", fmt::format("{}:{}", endpoint.host, endpoint.port)},
                                               {"advice",
                                                "who reaches it reads all balances: keep it behind a "
                                                "firewall or a proxy that knows its clients"}});
    };
    warn_of("rpc.listen", config_.rpc_listen);
    warn_of("metrics.listen", config_.metrics_listen);
}

RunEnd Runtime::State::run() {
    std::signal(SIGPIPE, SIG_IGN);
    await_signals();
    reload_signal_.add(SIGHUP);
    await_reload();
    refresh_gauges();
    warn_of_open_ports();
    log_.info("started", {{"name", config_.name},
                          {"version", version},
                          {"chain_id", facts_.identity.chain_id},
                          {"genesis", facts_.identity.genesis_hash},
                          {"height", snapshot_->height()},
                          {"address", facts_.node_address},
                          {"rpc", fmt::format("{}:{}", config_.rpc_listen.host, rpc_http_->port())},
                          {"p2p", fmt::format("{}:{}", config_.p2p_listen.host, transport_->port())}});
    on_node([this](Now now) { node_->start(now); });
    io_.start();
    node_thread_.start();
    disk_.start();
    workers_.start();
    transport_->start();
    const auto end = ended_.get_future().get();
    shut_down();
    log_.info("stopped", {{"height", snapshot()->height()}});
    return end;
}

void Runtime::State::shut_down() {
    rpc_->shut_down();
    transport_->stop();
    // The state machine stops first, so that nothing new is started; then what runs is finished, the disk
    // last.
    node_thread_.stop();
    workers_.stop();
    disk_.stop();
    rpc_http_->stop();
    operator_http_->stop();
    io_.stop();
}

Runtime::Runtime(Passkey, std::unique_ptr<State> state) : state_(std::move(state)) {}
Runtime::~Runtime() = default;

core::Result<std::unique_ptr<Runtime>, StartFailure> Runtime::create(const NodeConfig& config,
                                                                     const Chain& chain, bool may_join,
                                                                     SpdlogEventLog& log) {
    auto state = std::make_unique<State>(config, log, chain);
    if (auto failure = state->open(chain, may_join)) return core::fail(*failure);
    return std::make_unique<Runtime>(Passkey{}, std::move(state));
}

RunEnd Runtime::run() {
    return state_->run();
}

}  // namespace sluice::node
