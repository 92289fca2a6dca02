/// The log as a port: one event name with fields per line. The runtime writes it, the simulator collects it.
#pragma once

#include <concepts>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "core/ids.hpp"

namespace sluice::node {

enum class LogLevel { trace, debug, info, warn, error };

/// One key with its value; numbers are written without quotes in JSON.
struct LogField {
    std::string_view key;
    std::string value;
    bool is_number = false;

    LogField(std::string_view name, std::string text) : key(name), value(std::move(text)) {}
    LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
    LogField(std::string_view name, const char* text) : key(name), value(text) {}
    template <std::integral Number>
    LogField(std::string_view name, Number number)
        : key(name), value(std::to_string(number)), is_number(true) {}
    LogField(std::string_view name, const core::Hash& hash) : key(name), value(core::to_hex_0x(hash)) {}
    LogField(std::string_view name, const core::Address& address)
        : key(name), value(core::to_hex_0x(address)) {}
};

/// Where events go. Called from any thread in production, from one in the simulator.
class EventLog {
  public:
    virtual ~EventLog() = default;
    virtual void write(LogLevel level, std::string_view event, std::span<const LogField> fields) = 0;

    void info(std::string_view event, std::initializer_list<LogField> fields) {
        send(LogLevel::info, event, fields);
    }
    void warn(std::string_view event, std::initializer_list<LogField> fields) {
        send(LogLevel::warn, event, fields);
    }
    void error(std::string_view event, std::initializer_list<LogField> fields) {
        send(LogLevel::error, event, fields);
    }
    void debug(std::string_view event, std::initializer_list<LogField> fields) {
        send(LogLevel::debug, event, fields);
    }

  private:
    void send(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
        write(level, event, {fields.begin(), fields.size()});
    }
};

/// Text from peers and files made safe for one line: control characters and quotes become escapes.
std::string escape_for_log(std::string_view text);

}  // namespace sluice::node
