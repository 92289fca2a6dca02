/// A consortium on loopback, run by the test's own thread.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "crypto/signer.hpp"
#include "network/certificates.hpp"
#include "network/transport.hpp"

namespace sluice::network {

crypto::LocalSigner signer_of(std::uint8_t seed);
/// Seconds since 1970: certificates are judged by the system's clock.
std::int64_t system_now_s();

/// A directory that goes with the test.
class TemporaryDirectory {
  public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    /// Writes a file and returns its path.
    std::string write(const std::string& name, const std::string& text) const;

  private:
    std::filesystem::path path_;
};

struct ReceivedMessage {
    core::Address from{};
    core::Address origin{};
    Channel channel = Channel::control;
    core::SharedBytes body;
};

/// A node with its transport and everything that it was told.
struct TestNode {
    explicit TestNode(std::uint8_t seed) : signer(signer_of(seed)) {}

    crypto::LocalSigner signer;
    TransportConfig config;
    std::vector<PeerIdentity> ups;
    std::vector<std::pair<core::Address, CloseReason>> downs;
    std::vector<RefusedPeer> refusals;
    std::vector<ReceivedMessage> messages;
    std::function<bool(const core::Address&, PeerRole)> is_allowed;
    std::unique_ptr<Transport> transport;

    core::Address address() const { return signer.address(); }
    bool was_refused_for(CloseReason reason) const;
    bool is_up_with(const TestNode& other) const;
    PeerTarget target() const { return {.host = "127.0.0.1", .port = transport->port(), .expected = {}}; }
};

class TransportTest : public ::testing::Test {
  protected:
    TransportTest();
    ~TransportTest() override;

    /// A node with a certificate of the consortium, not started yet.
    std::unique_ptr<TestNode> make_node(std::uint8_t seed);
    /// The same with everything in the certificate changeable.
    std::unique_ptr<TestNode> make_node(std::uint8_t seed, const CertificateAndKey& authority,
                                        const NodeCertificateRequest& request);
    NodeCertificateRequest request_for(std::uint8_t seed) const;
    /// Opens the port; dials `peers` once started.
    void open(TestNode& node, std::vector<PeerTarget> peers = {});
    void start(TestNode& node) { node.transport->start(); }
    /// Runs the io_context until `is_reached`, for at most 20 s.
    testing::AssertionResult reach(const std::function<bool()>& is_reached);
    /// Everything that is ready now.
    void settle();

    TemporaryDirectory directory_;
    boost::asio::io_context io_;
    CertificateAndKey authority_;
};

}  // namespace sluice::network
