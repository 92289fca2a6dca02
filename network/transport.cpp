#include "network/transport.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "core/check.hpp"
#include "network/mesh.hpp"

namespace sluice::network {

namespace {

void check_sendable(Channel channel, const core::SharedBytes& body) {
    CHECK(channel != Channel::control);
    CHECK(body != nullptr);
    CHECK(body->size() <= frame_bytes_max[index_of(channel)]);
}

}  // namespace

core::Result<std::unique_ptr<Transport>, TransportError> Transport::create(boost::asio::io_context& io,
                                                                           crypto::Signer& signer,
                                                                           TransportConfig config,
                                                                           TransportCallbacks callbacks) {
    auto tls = load_tls(config.tls);
    if (!tls) return core::fail(std::move(tls.error()));
    auto mesh = std::make_shared<Mesh>(io, signer, std::move(config), std::move(callbacks), std::move(*tls));
    if (auto listening = mesh->listen(); !listening) return core::fail(std::move(listening.error()));
    return std::make_unique<Transport>(std::move(mesh));
}

Transport::Transport(std::shared_ptr<Mesh> mesh) : mesh_(std::move(mesh)) {}

Transport::~Transport() {
    stop();
}

void Transport::start() {
    boost::asio::post(mesh_->io(), [mesh = mesh_] { mesh->start(); });
}

void Transport::stop() {
    mesh_->silence_callbacks();
    boost::asio::post(mesh_->io(), [mesh = mesh_] { mesh->stop(); });
}

void Transport::broadcast(Channel channel, core::SharedBytes body) {
    check_sendable(channel, body);
    boost::asio::post(mesh_->io(),
                      [mesh = mesh_, channel, body = std::move(body)] { mesh->broadcast(channel, body); });
}

void Transport::send(const core::Address& peer, Channel channel, core::SharedBytes body) {
    check_sendable(channel, body);
    boost::asio::post(mesh_->io(), [mesh = mesh_, peer, channel, body = std::move(body)]() mutable {
        mesh->send(peer, channel, std::move(body));
    });
}

void Transport::disconnect(const core::Address& peer, CloseReason reason) {
    boost::asio::post(mesh_->io(), [mesh = mesh_, peer, reason] { mesh->disconnect(peer, reason); });
}

void Transport::recheck_allowed() {
    boost::asio::post(mesh_->io(), [mesh = mesh_] { mesh->recheck_allowed(); });
}

core::Result<void, TransportError> Transport::reload_certificates() {
    auto tls = load_tls(mesh_->tls_files());
    if (!tls) return core::fail(std::move(tls.error()));
    boost::asio::post(mesh_->io(), [mesh = mesh_, context = std::move(*tls)] { mesh->use(context); });
    return {};
}

std::uint16_t Transport::port() const {
    return mesh_->port();
}

core::Address Transport::self() const {
    return mesh_->self();
}

std::shared_ptr<const NetworkStatus> Transport::status() const {
    return mesh_->status();
}

}  // namespace sluice::network
