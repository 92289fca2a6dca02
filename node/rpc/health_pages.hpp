/// What monitors and browsers ask by GET: is it alive, is it ready, what do the metrics say.
#pragma once

#include <memory>

#include "network/http_server.hpp"
#include "node/rpc/services.hpp"

namespace sluice::node::rpc {

/// Takes an answer; of several only the first counts. Any thread.
using Respond = std::function<void(network::HttpResponse)>;

/// Answers a GET or HEAD request; 404 for a path that is none of the pages. Any thread; returns at once.
void answer_page(const std::shared_ptr<Services>& services, const network::HttpRequest& request,
                 const Respond& respond);

/// Why a node should get no traffic; empty if it is ready.
std::vector<std::string> find_obstacles(const StatusPicture& picture);

}  // namespace sluice::node::rpc
