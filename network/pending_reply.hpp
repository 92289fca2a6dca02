/// An answer that is still owed.
#pragma once

#include <atomic>
#include <memory>

#include "network/http_server.hpp"

namespace sluice::network {

class HttpSession;

/// Shared by the copies of one `Responder`. Any thread.
class PendingReply {
  public:
    explicit PendingReply(std::shared_ptr<HttpSession> session);
    /// Answers 500 if nobody has answered.
    ~PendingReply();
    PendingReply(const PendingReply&) = delete;
    PendingReply& operator=(const PendingReply&) = delete;

    void send(HttpResponse response);

  private:
    std::shared_ptr<HttpSession> session_;
    std::atomic<bool> is_answered_ = false;
};

}  // namespace sluice::network
