#include "node/rpc/server.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>

#include "crypto/random.hpp"
#include "node/rpc/health_pages.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/request.hpp"
#include "node/rpc/socket_flow.hpp"

namespace sluice::node::rpc {
namespace {

/// Costly calls may take half of the machine; the other half stays for consensus and submissions.
std::size_t heavy_calls_max() {
    return std::max(1u, std::thread::hardware_concurrency() / 2);
}

/// Events wait here only while every worker is busy.
constexpr std::size_t events_waiting_max = 100'000;
constexpr std::size_t pending_waiting_max = 5'000;
/// A block that finds no place here is read from the ledger by those whom the next one tells.
constexpr std::size_t feed_steps_waiting_max = 10'000;

network::HttpResponse text_response(unsigned status, std::string text) {
    return {.status = status, .content_type = "text/plain", .body = std::move(text), .headers = {}};
}

}  // namespace

Services::Services(NodeAccess& access, std::uint64_t seed)
    : node(access),
      methods(standard_methods()),
      waiters(std::make_shared<Waiters>(access)),
      filters(seed),
      subscriptions(access.chain().identity.chain_id, seed & 0xffff'ffff),
      feed(seed >> 32),
      heavy(std::make_shared<WorkLane>(access, heavy_calls_max(), limits::heavy_calls_waiting_max)),
      events(std::make_shared<WorkLane>(access, 1, events_waiting_max)),
      pending(std::make_shared<WorkLane>(access, 1, pending_waiting_max)),
      feeds(std::make_shared<WorkLane>(access, 1, feed_steps_waiting_max)),
      first_height(access.snapshot()->height()) {}

/// The server behind its handle: what handlers and posted work share.
class Server::State : public std::enable_shared_from_this<State> {
  public:
    explicit State(NodeAccess& node) : services(std::make_shared<Services>(node, crypto::random_u64())) {}

    void answer_http(network::HttpRequest request, network::Responder respond, bool is_operator) {
        if (request.method != network::HttpMethod::post) return answer_page(services, request, respond);
        if (std::string_view(request.target).substr(0, request.target.find('?')) != "/")
            return respond(text_response(404, "JSON-RPC is at /\n"));
        Caller caller{nullptr, std::move(request.authorization), is_operator};
        services->node.post([services = services, caller = std::move(caller), body = std::move(request.body),
                             respond = std::move(respond)] {
            answer_request(services, caller, body, [respond](std::optional<std::string> text) {
                if (text)
                    respond.json(std::move(*text));
                else
                    respond({.status = 204, .content_type = "", .body = "", .headers = {}});
            });
        });
    }

    void open_socket(const network::WebSocketPtr& socket) {
        services->subscriptions.opened(socket);
        const std::lock_guard lock(mutex_);
        flows_.emplace(socket->id(), std::make_shared<SocketFlow>(socket, request_bytes_));
    }

    void close_socket(const network::WebSocketPtr& socket) {
        services->subscriptions.closed(socket);
        services->feed.closed(socket);
        const std::lock_guard lock(mutex_);
        flows_.erase(socket->id());
    }

    void answer_socket(const network::WebSocketPtr& socket, std::string text) {
        const auto flow = flow_of(socket);
        if (!flow) return;
        const std::size_t bytes = text.size();
        flow->began(bytes);
        services->node.post([services = services, socket, flow, bytes, text = std::move(text)] {
            answer_request(services, {socket, socket->authorization(), false}, text,
                           [socket, flow, bytes](std::optional<std::string> answer) {
                               if (answer) socket->send_text(std::move(*answer));
                               flow->ended(bytes);
                           });
        });
    }

    const std::shared_ptr<Services> services;

  private:
    std::shared_ptr<SocketFlow> flow_of(const network::WebSocketPtr& socket) {
        const std::lock_guard lock(mutex_);
        const auto found = flows_.find(socket->id());
        return found == flows_.end() ? nullptr : found->second;
    }

    std::mutex mutex_;
    const std::shared_ptr<SocketRequestBytes> request_bytes_ = std::make_shared<SocketRequestBytes>(0);
    std::map<std::uint64_t, std::shared_ptr<SocketFlow>> flows_;
};

Server::Server(NodeAccess& node) : state_(std::make_shared<State>(node)) {}
Server::~Server() = default;

network::HttpHandlers Server::handlers() {
    network::HttpHandlers handlers;
    handlers.on_request = [state = state_](network::HttpRequest request, network::Responder respond) {
        state->answer_http(std::move(request), std::move(respond), false);
    };
    handlers.on_open = [state = state_](const network::WebSocketPtr& socket) { state->open_socket(socket); };
    handlers.on_text = [state = state_](const network::WebSocketPtr& socket, std::string text) {
        state->answer_socket(socket, std::move(text));
    };
    handlers.on_close = [state = state_](const network::WebSocketPtr& socket) {
        state->close_socket(socket);
    };
    return handlers;
}

network::HttpHandlers Server::operator_handlers() {
    network::HttpHandlers handlers;
    handlers.on_request = [state = state_](network::HttpRequest request, network::Responder respond) {
        state->answer_http(std::move(request), std::move(respond), true);
    };
    return handlers;
}

void Server::on_final_block(const FinalBlock& block) {
    state_->services->events->post([services = state_->services, block] {
        services->recent.add({block.block->block.header.height, block.block->hash,
                              block.block->encoded->size(), block.block->block.transactions});
        services->waiters->on_final_block(block);
        services->subscriptions.on_final_block(block);
    });
    state_->services->feeds->post(
        [services = state_->services, block] { services->feed.on_final_block(services, block); });
}

void Server::on_pending(const core::TransactionPtr& transaction) {
    const auto& services = state_->services;
    if (services->filters.wants_pending()) services->filters.on_pending(transaction->hash);
    if (!services->subscriptions.wants_pending()) return;
    services->pending->post([services, transaction] { services->subscriptions.on_pending(*transaction); });
}

void Server::shut_down() {
    state_->services->is_shut_down = true;
    state_->services->waiters->shut_down();
}

}  // namespace sluice::node::rpc
