#include "tests/network/transport_fixture.hpp"

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>

namespace sluice::network {

crypto::LocalSigner signer_of(std::uint8_t seed) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.back() = seed;
    return crypto::LocalSigner(crypto::PrivateKey(std::span<const std::uint8_t, 32>(bytes)));
}

std::int64_t system_now_s() {
    return static_cast<std::int64_t>(std::time(nullptr));
}

TemporaryDirectory::TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-network-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryDirectory::write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = path_ / name;
    std::ofstream(path) << text;
    return path.string();
}

bool TestNode::was_refused_for(CloseReason reason) const {
    return std::any_of(refusals.begin(), refusals.end(),
                       [&](const RefusedPeer& refused) { return refused.reason == reason; });
}

bool TestNode::is_up_with(const TestNode& other) const {
    const auto status = transport->status();
    return std::any_of(status->peers.begin(), status->peers.end(),
                       [&](const PeerStatus& peer) { return peer.identity.address == other.address(); });
}

TransportTest::TransportTest() : authority_(*make_authority("Test consortium", system_now_s(), 30)) {}

TransportTest::~TransportTest() {
    // Connections that still linger hold no more than timers and sockets.
    io_.stop();
}

NodeCertificateRequest TransportTest::request_for(std::uint8_t seed) const {
    return {.common_name = "node-" + std::to_string(seed),
            .hosts = {"localhost"},
            .address = signer_of(seed).address(),
            .now_s = system_now_s(),
            .valid_days = 10};
}

std::unique_ptr<TestNode> TransportTest::make_node(std::uint8_t seed) {
    return make_node(seed, authority_, request_for(seed));
}

std::unique_ptr<TestNode> TransportTest::make_node(std::uint8_t seed, const CertificateAndKey& authority,
                                                   const NodeCertificateRequest& request) {
    auto node = std::make_unique<TestNode>(seed);
    const CertificateAndKey own = *make_node_certificate(authority, request);
    const std::string name = std::to_string(seed);
    node->config.chain_id = 20'022;
    node->config.genesis_hash.fill(0x47);
    node->config.name = "node-" + name;
    node->config.software_version = "test";
    node->config.listen_host = "127.0.0.1";
    node->config.limits.redial = std::chrono::milliseconds(300);
    node->config.tls.authority_file = directory_.write("authority.pem", authority_.certificate_pem);
    node->config.tls.certificate_file = directory_.write(name + ".pem", own.certificate_pem);
    node->config.tls.key_file = directory_.write(name + ".key", own.key_pem);
    return node;
}

void TransportTest::open(TestNode& node, std::vector<PeerTarget> peers) {
    node.config.peers = std::move(peers);
    TransportCallbacks callbacks;
    callbacks.on_message = [&node](const core::Address& from, const core::Address& origin, Channel channel,
                                   core::SharedBytes body) {
        node.messages.push_back({from, origin, channel, std::move(body)});
    };
    callbacks.on_peer_up = [&node](const PeerIdentity& peer) { node.ups.push_back(peer); };
    callbacks.on_peer_down = [&node](const core::Address& peer, CloseReason reason) {
        node.downs.emplace_back(peer, reason);
    };
    callbacks.on_refused = [&node](const RefusedPeer& refused) { node.refusals.push_back(refused); };
    callbacks.is_allowed = node.is_allowed;
    auto created = Transport::create(io_, node.signer, node.config, std::move(callbacks));
    ASSERT_TRUE(created.has_value()) << created.error().message;
    node.transport = std::move(*created);
}

testing::AssertionResult TransportTest::reach(const std::function<bool()>& is_reached) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_reached()) {
        if (std::chrono::steady_clock::now() > deadline)
            return testing::AssertionFailure() << "not within 20 s";
        io_.restart();
        io_.run_one_for(std::chrono::milliseconds(100));
    }
    return testing::AssertionSuccess();
}

void TransportTest::settle() {
    io_.restart();
    io_.poll();
}

}  // namespace sluice::network
