#include "node/rpc/health_pages.hpp"

#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

class HealthPages : public RpcTest {
  protected:
    HealthPages() {
        auto& status = node.picture.node;
        status.quorum = 3;
        status.ready = true;
        for (int i = 0; i < 4; ++i)
            status.validators.push_back({.address = {},
                                         .is_self = i == 0,
                                         .last_seen_ms = node.wall_ms(),
                                         .last_sealed_height = {},
                                         .head = {},
                                         .clock_ahead_ms = {}});
        node.picture.disk_free_bytes = 1ull << 40;
    }
    /// The first answer, as a client gets it.
    std::optional<network::HttpResponse> get(const std::string& target) {
        auto first = std::make_shared<std::optional<network::HttpResponse>>();
        network::HttpRequest request;
        request.target = target;
        answer_page(services, request, [first](network::HttpResponse response) {
            if (!*first) *first = std::move(response);
        });
        node.run();
        last_ = first;
        return *first;
    }
    std::shared_ptr<std::optional<network::HttpResponse>> last_;
};

TEST_F(HealthPages, a_process_that_answers_is_alive) {
    for (const char* path : {"/health", "/health/live", "/healthz", "/liveness", "/health?full=1"}) {
        const auto response = get(path);
        ASSERT_TRUE(response) << path;
        EXPECT_EQ(response->status, 200u) << path;
        EXPECT_EQ(Json::parse(response->body)["alive"], true);
    }
}

TEST_F(HealthPages, a_ready_node_is_ready_under_every_name) {
    for (const char* path : {"/ready", "/health/ready", "/readyz", "/readiness"}) {
        const auto response = get(path);
        ASSERT_TRUE(response) << path;
        EXPECT_EQ(response->status, 200u) << path;
        const Json body = Json::parse(response->body);
        EXPECT_EQ(body["ready"], true);
        EXPECT_EQ(body["reasons"], Json::array());
        EXPECT_EQ(body["checks"]["quorumConnected"], true);
        EXPECT_EQ(body["checks"]["validatorsHeard"], 4);
        EXPECT_EQ(body["checks"]["blocksBehind"], 0);
    }
}

TEST_F(HealthPages, every_obstacle_is_named) {
    auto& status = node.picture.node;
    status.ready = false;
    status.syncing = true;
    status.best_known_height = 31;
    status.validators[2].last_seen_ms = 0;
    status.validators[3].last_seen_ms.reset();
    node.picture.disk_free_bytes = 5 << 20;
    const auto response = get("/ready");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 503u);
    const Json body = Json::parse(response->body);
    EXPECT_EQ(body["ready"], false);
    EXPECT_EQ(body["reasons"], Json({"no quorum: heard from 2 of 4 validators lately, 3 are needed",
                                     "catching up: 30 blocks behind", "disk almost full: 5 MiB free"}));
    EXPECT_EQ(body["checks"]["quorumConnected"], false);
}

TEST_F(HealthPages, a_node_that_is_not_ready_always_says_something) {
    node.picture.node.ready = false;
    EXPECT_EQ(Json::parse(get("/ready")->body)["reasons"], Json({"the node is starting"}));
}

TEST_F(HealthPages, a_stuck_node_is_not_ready) {
    node.answers_status = false;
    EXPECT_FALSE(get("/ready"));
    node.advance(std::chrono::seconds(2));
    ASSERT_TRUE(*last_);
    EXPECT_EQ((*last_)->status, 503u);
}

TEST_F(HealthPages, a_node_that_shuts_down_is_alive_but_not_ready) {
    services->is_shut_down = true;
    EXPECT_EQ(get("/ready")->status, 503u);
    EXPECT_EQ(get("/health")->status, 200u);
}

TEST_F(HealthPages, metrics_are_prometheus_text) {
    const auto response = get("/metrics");
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->content_type.starts_with("text/plain; version=0.0.4"));
    EXPECT_EQ(response->body, "# metrics\n");
}

TEST_F(HealthPages, the_front_page_points_to_the_others) {
    const auto response = get("/");
    EXPECT_TRUE(response->content_type.starts_with("text/html"));
    EXPECT_NE(response->body.find("/health"), std::string::npos);
    EXPECT_EQ(get("/secret")->status, 404u);
}

}  // namespace
}  // namespace sluice::node::rpc::test
