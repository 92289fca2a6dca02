#include "node/rpc/health_pages.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "node/rpc/json_writer.hpp"
#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

/// A validator heard from within this time counts as connected.
constexpr core::UnixMs heard_lately_ms = 10'000;

constexpr std::string_view front_page = R"(<!doctype html>
<title>Sluice</title>
<h1>Sluice</h1>
<p>JSON-RPC: POST to this address, or open a WebSocket. <code>rpc.discover</code> describes every method.</p>
<p><a href="/health">/health</a> <a href="/ready">/ready</a> <a href="/metrics">/metrics</a></p>
)";

std::size_t heard_validators(const StatusPicture& picture) {
    const auto is_heard = [&](const ValidatorStatus& validator) {
        return validator.is_self ||
               (validator.last_seen_ms && *validator.last_seen_ms + heard_lately_ms > picture.wall_ms);
    };
    return static_cast<std::size_t>(
        std::count_if(picture.node.validators.begin(), picture.node.validators.end(), is_heard));
}

std::uint64_t blocks_behind(const NodeStatus& node) {
    return std::max(node.best_known_height, node.height) - node.height;
}

network::HttpResponse plain(unsigned status, std::string body) {
    return {.status = status, .content_type = "application/json", .body = std::move(body), .headers = {}};
}

std::string readiness_text(const StatusPicture& picture, const std::vector<std::string>& obstacles) {
    const auto& node = picture.node;
    JsonWriter json(512);
    json.begin_object();
    json.key("ready").boolean(obstacles.empty());
    json.key("reasons").begin_array();
    for (const auto& obstacle : obstacles)
        json.text(obstacle);
    json.end_array();
    json.key("checks").begin_object();
    const auto heard = heard_validators(picture);
    json.key("quorumConnected").boolean(node.ready || heard >= node.quorum);
    json.key("validatorsHeard").number(heard);
    json.key("quorum").number(node.quorum);
    json.key("peers").number(node.peers);
    json.key("height").number(node.height);
    json.key("blocksBehind").number(blocks_behind(node));
    json.key("syncing").boolean(node.syncing);
    json.key("lastBlockAgeMs").number(node.last_block_age_ms);
    json.key("diskFreeBytes").number(picture.disk_free_bytes);
    json.key("certificateExpiresS").number(picture.certificate_expires_s);
    json.end_object().end_object();
    return json.take();
}

std::string refusal_text(std::string_view reason) {
    JsonWriter json;
    json.begin_object()
        .key("ready")
        .boolean(false)
        .key("reasons")
        .begin_array()
        .text(reason)
        .end_array()
        .end_object();
    return json.take();
}

void answer_alive(const std::shared_ptr<Services>& services, const Respond& respond) {
    JsonWriter json;
    json.begin_object();
    json.key("alive").boolean(true);
    json.key("version").text(services->node.chain().version);
    json.key("height").number(services->node.snapshot()->height());
    json.end_object();
    respond(plain(200, json.take()));
}

void answer_ready(const std::shared_ptr<Services>& services, const Respond& respond) {
    if (services->is_shut_down) return respond(plain(503, refusal_text("the node is shutting down")));
    services->node.status([respond](const StatusPicture& picture) {
        const auto obstacles = find_obstacles(picture);
        respond(plain(obstacles.empty() ? 200 : 503, readiness_text(picture, obstacles)));
    });
    // Only the first answer counts.
    services->node.post_after(limits::health_deadline, [respond] {
        respond(plain(503, refusal_text("the node's thread has not answered for 2 s")));
    });
}

void answer_metrics(const std::shared_ptr<Services>& services, const Respond& respond) {
    services->node.post([services, respond] {
        respond({.status = 200,
                 .content_type = "text/plain; version=0.0.4; charset=utf-8",
                 .body = services->node.metrics(),
                 .headers = {}});
    });
}

void answer_front_page(const std::shared_ptr<Services>&, const Respond& respond) {
    respond({.status = 200,
             .content_type = "text/html; charset=utf-8",
             .body = std::string(front_page),
             .headers = {}});
}

struct Page {
    std::string_view path;
    void (*answer)(const std::shared_ptr<Services>&, const Respond&);
};
constexpr std::array pages{
    Page{"/", answer_front_page},        Page{"/health", answer_alive},   Page{"/health/live", answer_alive},
    Page{"/healthz", answer_alive},      Page{"/liveness", answer_alive}, Page{"/ready", answer_ready},
    Page{"/health/ready", answer_ready}, Page{"/readyz", answer_ready},   Page{"/readiness", answer_ready},
    Page{"/metrics", answer_metrics},
};

}  // namespace

std::vector<std::string> find_obstacles(const StatusPicture& picture) {
    const auto& node = picture.node;
    std::vector<std::string> obstacles;
    const auto heard = heard_validators(picture);
    if (!node.ready && heard < node.quorum)
        obstacles.push_back(fmt::format("no quorum: heard from {} of {} validators lately, {} are needed",
                                        heard, node.validators.size(), node.quorum));
    if (node.syncing) obstacles.push_back(fmt::format("catching up: {} blocks behind", blocks_behind(node)));
    if (node.consensus.recovering)
        obstacles.push_back("this validator lost its vote log and waits to vote again");
    if (node.consensus.silenced)
        obstacles.push_back("this validator's key is in use elsewhere; it has stopped voting");
    if (picture.disk_free_bytes < limits::disk_free_bytes_min)
        obstacles.push_back(fmt::format("disk almost full: {} MiB free", picture.disk_free_bytes >> 20));
    if (!node.ready && obstacles.empty()) obstacles.push_back("the node is starting");
    return obstacles;
}

void answer_page(const std::shared_ptr<Services>& services, const network::HttpRequest& request,
                 const Respond& respond) {
    const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
    for (const auto& page : pages)
        if (page.path == path) return page.answer(services, respond);
    respond({.status = 404, .content_type = "text/plain", .body = "there is no such page\n", .headers = {}});
}

}  // namespace sluice::node::rpc
