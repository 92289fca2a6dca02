#include "network/client_stream.hpp"

#include <openssl/ssl.h>
#include <boost/asio/ssl/host_name_verification.hpp>

#include "network/control_message.hpp"

namespace sluice::network {

namespace {

using Tcp = boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using Kind = HttpClientError::Kind;
namespace ssl = boost::asio::ssl;

/// Either the address itself or what the name service says.
Tcp::resolver::results_type look_up(BlockingLoop& loop, const Url& url, ErrorCode& error) {
    const auto literal = boost::asio::ip::make_address(url.host, error);
    if (!error) return Tcp::resolver::results_type::create(Tcp::endpoint(literal, url.port), url.host, "");
    Tcp::resolver resolver(loop.io());
    return resolver.resolve(url.host, std::to_string(url.port), error);
}

}  // namespace

bool BlockingLoop::run_until(const bool& is_done, std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    io_.restart();
    while (!is_done) {
        if (io_.run_one_until(deadline) == 0) return is_done;
    }
    return true;
}

HttpClientError bad_url(std::string_view url, std::string_view why) {
    return {.kind = Kind::bad_url,
            .message = "'" + printable(url, 200) + "' cannot be used: " + std::string(why),
            .status = 0,
            .body = ""};
}

HttpClientError client_error(Kind kind, const Url& url, std::string_view what) {
    return {.kind = kind, .message = url.authority() + ": " + std::string(what), .status = 0, .body = ""};
}

core::Result<void, HttpClientError> connect(BlockingLoop& loop, ClientSocket& socket, const Url& url,
                                            std::chrono::milliseconds timeout) {
    ErrorCode error;
    const auto endpoints = look_up(loop, url, error);
    if (error) return core::fail(client_error(Kind::cannot_connect, url, error.message()));
    bool is_done = false;
    boost::asio::async_connect(socket, endpoints, [&](const ErrorCode& result, const Tcp::endpoint&) {
        error = result;
        is_done = true;
    });
    const bool is_in_time = loop.run_until(is_done, timeout);
    if (!is_in_time) {
        ErrorCode ignored;
        socket.close(ignored);
        loop.run_until(is_done, timeout);
        return core::fail(client_error(Kind::cannot_connect, url, "no answer in time"));
    }
    if (error) return core::fail(client_error(Kind::cannot_connect, url, error.message()));
    socket.set_option(Tcp::no_delay(true), error);
    return {};
}

core::Result<ssl::context, HttpClientError> client_tls(const Url& url, const HttpClientOptions& options) {
    ssl::context context(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    ErrorCode error;
    context.set_verify_mode(ssl::verify_peer, error);
    if (options.authority_file.empty()) {
        context.set_default_verify_paths(error);
    } else {
        context.load_verify_file(options.authority_file, error);
    }
    if (error) {
        return core::fail(client_error(Kind::cannot_connect, url,
                                       "the certificate authorities cannot be loaded: " + error.message()));
    }
    return context;
}

core::Result<void, HttpClientError> secure(BlockingLoop& loop, SecureClientSocket& stream, const Url& url,
                                           std::chrono::milliseconds timeout) {
    // The macro of SSL_set_tlsext_host_name holds a C cast.
    SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(url.host.c_str()));
    ErrorCode error;
    stream.set_verify_callback(ssl::host_name_verification(url.host), error);
    bool is_done = false;
    stream.async_handshake(ssl::stream_base::client, [&](const ErrorCode& result) {
        error = result;
        is_done = true;
    });
    if (!loop.run_until(is_done, timeout)) {
        ErrorCode ignored;
        stream.next_layer().close(ignored);
        loop.run_until(is_done, timeout);
        return core::fail(client_error(Kind::cannot_connect, url, "no TLS handshake in time"));
    }
    if (error) return core::fail(client_error(Kind::cannot_connect, url, "TLS: " + error.message()));
    return {};
}

}  // namespace sluice::network
