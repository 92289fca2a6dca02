/// The event log of a running node: spdlog on standard error, for people or as JSON lines.
#pragma once

#include <memory>
#include <string_view>

#include "node/config.hpp"
#include "node/event_log.hpp"

namespace spdlog {
class logger;
}

namespace sluice::node {

/// Thread-safe. `automatic` writes for people when standard error is a terminal, JSON otherwise.
class SpdlogEventLog final : public EventLog {
  public:
    SpdlogEventLog(std::string_view level, LogFormat format);
    ~SpdlogEventLog() override;
    void write(LogLevel level, std::string_view event, std::span<const LogField> fields) override;
    /// False for a level that does not exist.
    bool set_level(std::string_view level);

  private:
    std::shared_ptr<spdlog::logger> logger_;
    bool json_;
};

}  // namespace sluice::node
