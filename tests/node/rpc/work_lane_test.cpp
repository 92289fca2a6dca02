#include "node/rpc/work_lane.hpp"

#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

class Lane : public RpcTest {};

TEST_F(Lane, with_one_place_work_runs_in_order) {
    const auto lane = std::make_shared<WorkLane>(node, 1, 10);
    std::vector<int> order;
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(lane->post([&, i] { order.push_back(i); }));
    node.run();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_F(Lane, no_more_than_its_places_are_taken_from_the_workers) {
    const auto lane = std::make_shared<WorkLane>(node, 2, 10);
    std::vector<std::string> order;
    for (const char* name : {"a", "b", "c"})
        lane->post([&, name] { order.emplace_back(name); });
    node.post([&] { order.emplace_back("other"); });
    node.run();
    EXPECT_EQ(order, (std::vector<std::string>{"a", "b", "other", "c"}));
}

TEST_F(Lane, a_full_lane_refuses) {
    const auto lane = std::make_shared<WorkLane>(node, 1, 2);
    EXPECT_TRUE(lane->post([] {}));
    EXPECT_TRUE(lane->post([] {}));
    EXPECT_TRUE(lane->post([] {}));
    EXPECT_FALSE(lane->post([] {}));
    node.run();
    EXPECT_TRUE(lane->post([] {}));
}

TEST_F(Lane, work_may_post_work) {
    const auto lane = std::make_shared<WorkLane>(node, 1, 2);
    bool is_done = false;
    lane->post([&] { lane->post([&] { is_done = true; }); });
    node.run();
    EXPECT_TRUE(is_done);
}

}  // namespace
}  // namespace sluice::node::rpc::test
