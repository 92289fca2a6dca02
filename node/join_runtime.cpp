#include "node/join_runtime.hpp"

#include <atomic>
#include <csignal>
#include <future>
#include <mutex>

#include <fmt/format.h>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/admission.hpp"
#include "node/snapshot_join.hpp"
#include "node/surroundings.hpp"
#include "node/threads.hpp"

namespace sluice::node {
namespace {

namespace asio = boost::asio;

/// Progress is logged so often.
constexpr std::chrono::seconds report_interval(5);

}  // namespace

/// Everything that runs. The ports of SnapshotJoin are implemented here by posting to the owner's thread.
class JoinRuntime::State final : public Outbox, public JoinWorkers {
  public:
    State(const NodeConfig& config, SpdlogEventLog& log)
        : config_(config),
          log_(log),
          io_("io", 1, failure_handler()),
          node_thread_("node", 1, failure_handler()),
          disk_("disk", 1, failure_handler()),
          signals_(io_.io()),
          deadline_(node_thread_.io()),
          report_(node_thread_.io()) {}

    std::optional<StartFailure> open(const Chain& chain);
    std::optional<ExitCode> run();

    // ---- Outbox: the node's thread
    void broadcast(network::Channel, core::SharedBytes) override {}
    void send(const core::Address& peer, network::Channel channel, core::SharedBytes bytes) override {
        transport_->send(peer, channel, std::move(bytes));
    }
    void punish(const core::Address& peer, std::string_view why) override {
        log_.warn("peer_punished", {{"peer", peer}, {"why", why}});
        transport_->disconnect(peer, network::CloseReason::misbehaved);
    }

    // ---- JoinWorkers: the node's thread
    void start(JoinTask task) override;

  private:
    std::function<void(std::exception_ptr)> failure_handler();
    network::TransportCallbacks transport_callbacks();
    network::HttpHandlers operator_handlers();
    void answer(const network::HttpRequest& request, const network::Responder& respond);

    /// Runs `work(now)` on the node's thread, then looks whether it is over and when to look again.
    template <typename Work>
    void on_node(Work work) {
        node_thread_.post([this, work = std::move(work)]() mutable {
            work(read_clocks());
            after_step();
        });
    }
    void after_step();
    void report();
    void await_signals();
    void stop(std::optional<ExitCode> code);

    const NodeConfig config_;
    SpdlogEventLog& log_;
    RefusalLog refusals_{log_};  ///< io thread
    std::unique_ptr<crypto::Signer> signer_;
    std::optional<Admission> admission_;
    std::optional<OpenedStore> opened_;
    std::optional<JoinStorage> storage_;  ///< disk thread

    ThreadGroup io_;
    ThreadGroup node_thread_;
    ThreadGroup disk_;
    asio::signal_set signals_;
    asio::steady_timer deadline_;  ///< node thread
    asio::steady_timer report_;    ///< node thread

    std::unique_ptr<network::Transport> transport_;
    std::unique_ptr<network::HttpServer> operator_http_;
    std::unique_ptr<SnapshotJoin> join_;
    std::mutex progress_mutex_;
    JoinProgress progress_;

    std::atomic<bool> stopping_{false};
    std::promise<std::optional<ExitCode>> ended_;
};

std::function<void(std::exception_ptr)> JoinRuntime::State::failure_handler() {
    return [this](std::exception_ptr failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& what) {
            // The store is marked as unfinished, so whatever is in it now is thrown away at the next start.
            log_.error("failed", {{"what", what.what()}});
            std::_Exit(static_cast<int>(ExitCode::failed));
        }
    };
}

std::optional<StartFailure> JoinRuntime::State::open(const Chain& chain) {
    auto signer = load_signer(config_, chain.spec.devnet);
    if (!signer) return signer.error();
    signer_ = std::move(*signer);
    auto opened = open_store(config_);
    if (!opened) return opened.error();
    opened_ = std::move(*opened);
    storage_.emplace(JoinStorage{*opened_->store, opened_->options});
    const auto roots = join_roots(chain, config_.sync_trusted);
    admission_.emplace(config_, roots->validators);
    auto transport = network::Transport::create(io_.io(), *signer_, transport_config(config_, chain, false),
                                                transport_callbacks());
    if (!transport) return StartFailure{ExitCode::needs_operator, transport.error().message};
    transport_ = std::move(*transport);
    auto operators = network::HttpServer::listen(io_.io(), metrics_config(config_), operator_handlers());
    if (!operators) return StartFailure{ExitCode::failed, "metrics.listen: " + operators.error()};
    operator_http_ = std::move(*operators);
    join_ = std::make_unique<SnapshotJoin>(roots, *this, *this, log_);
    return std::nullopt;
}

network::TransportCallbacks JoinRuntime::State::transport_callbacks() {
    network::TransportCallbacks callbacks;
    callbacks.on_message = [this](const core::Address& from, const core::Address& origin,
                                  network::Channel channel, core::SharedBytes body) {
        if (from != origin) return;
        on_node([this, from, channel, body = std::move(body)](Now now) {
            join_->on_frame(now, from, channel, body);
        });
    };
    callbacks.on_peer_up = [this](const network::PeerIdentity& peer) {
        log_.info("peer_up", {{"peer", peer.address}, {"name", peer.name}, {"version", peer.version}});
        on_node([this, address = peer.address](Now now) { join_->on_peer_up(now, address); });
    };
    callbacks.on_peer_down = [this](const core::Address& peer, network::CloseReason reason) {
        log_.info("peer_down", {{"peer", peer}, {"reason", network::describe(reason)}});
        on_node([this, peer](Now now) { join_->on_peer_down(now, peer); });
    };
    callbacks.is_allowed = [this](const core::Address& peer, network::PeerRole) {
        return admission_->allows(peer);
    };
    callbacks.on_refused = [this](const network::RefusedPeer& refused) {
        refusals_.note(refused, std::chrono::steady_clock::now());
    };
    return callbacks;
}

network::HttpHandlers JoinRuntime::State::operator_handlers() {
    network::HttpHandlers handlers;
    handlers.on_request = [this](const network::HttpRequest& request, const network::Responder& respond) {
        answer(request, respond);
    };
    return handlers;
}

/// The io thread.
void JoinRuntime::State::answer(const network::HttpRequest& request, const network::Responder& respond) {
    JoinProgress progress;
    {
        const std::lock_guard lock(progress_mutex_);
        progress = progress_;
    }
    const auto text = [&](unsigned status, std::string body) {
        respond({.status = status, .content_type = "text/plain", .body = std::move(body), .headers = {}});
    };
    const std::string_view target = request.target;
    if (target.starts_with("/health") && !target.starts_with("/health/ready")) return text(200, "alive\n");
    if (target == "/metrics")
        return text(200, fmt::format("sluice_join_height {}\nsluice_join_sources {}\nsluice_join_accounts "
                                     "{}\nsluice_join_bytes {}\nsluice_ready 0\n",
                                     progress.height, progress.sources, progress.accounts, progress.bytes));
    text(503, fmt::format("joining from the state of block {}: {} accounts, {} bytes, {} sources\n",
                          progress.height, progress.accounts, progress.bytes, progress.sources));
}

void JoinRuntime::State::start(JoinTask task) {
    disk_.post([this, task = std::move(task)]() mutable {
        auto result = node::run(std::move(task), *storage_);
        on_node([this, result = std::move(result)](Now now) mutable {
            join_->on_task_done(now, std::move(result));
        });
    });
}

void JoinRuntime::State::after_step() {
    {
        const std::lock_guard lock(progress_mutex_);
        progress_ = join_->progress();
    }
    if (const auto end = join_->end()) {
        if (*end == JoinEnd::nothing_offered) log_.warn("nothing_offered", {{"next", "genesis"}});
        return stop(std::nullopt);
    }
    const auto next = join_->next_deadline();
    if (!next) return;
    deadline_.expires_at(time_point(*next));
    deadline_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        join_->on_deadline(read_clocks());
        after_step();
    });
}

void JoinRuntime::State::report() {
    report_.expires_after(report_interval);
    report_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        const auto progress = join_->progress();
        log_.info("joining_progress", {{"height", progress.height},
                                       {"peers", progress.peers},
                                       {"sources", progress.sources},
                                       {"accounts", progress.accounts},
                                       {"bytes", progress.bytes}});
        report();
    });
}

void JoinRuntime::State::await_signals() {
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (!error) stop(ExitCode::stopped);
    });
}

void JoinRuntime::State::stop(std::optional<ExitCode> code) {
    if (!stopping_.exchange(true)) ended_.set_value(code);
}

std::optional<ExitCode> JoinRuntime::State::run() {
    std::signal(SIGPIPE, SIG_IGN);
    await_signals();
    log_.info("joining_starts", {{"name", config_.name}, {"address", signer_->address()}});
    on_node([this](Now now) {
        join_->start(now);
        report();
    });
    io_.start();
    node_thread_.start();
    disk_.start();
    transport_->start();
    const auto code = ended_.get_future().get();
    transport_->stop();
    node_thread_.stop();
    disk_.stop();
    operator_http_->stop();
    io_.stop();
    return code;
}

JoinRuntime::JoinRuntime(Passkey, std::unique_ptr<State> state) : state_(std::move(state)) {}
JoinRuntime::~JoinRuntime() = default;

core::Result<std::unique_ptr<JoinRuntime>, StartFailure> JoinRuntime::create(const NodeConfig& config,
                                                                             const Chain& chain,
                                                                             SpdlogEventLog& log) {
    auto state = std::make_unique<State>(config, log);
    if (auto failure = state->open(chain)) return core::fail(*failure);
    return std::make_unique<JoinRuntime>(Passkey{}, std::move(state));
}

std::optional<ExitCode> JoinRuntime::run() {
    return state_->run();
}

}  // namespace sluice::node
