/// TLS 1.3 between nodes, both sides authenticated by certificates of the consortium's authorities.
#pragma once

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "network/handshake.hpp"
#include "network/transport.hpp"

namespace sluice::network {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// Loads the files for both roles of a connection: TLS 1.3 only, a peer certificate required and verified, no
/// session tickets, no early data. The server's host name is not checked: who answers is proven by the HELLO.
core::Result<TlsContext, TransportError> load_tls(const TlsFiles& files);

/// The facts that the HELLO binds to. Precondition: the TLS handshake of `session` is complete.
core::Result<SessionFacts, Refusal> session_facts(SSL* session);

/// What a failed TLS handshake or read means, and whether the other side refused (it sent an alert).
struct TlsFailure {
    Refusal refusal;
    bool refused_by_peer = false;
};
TlsFailure explain(const boost::system::error_code& error, SSL* session);

}  // namespace sluice::network
