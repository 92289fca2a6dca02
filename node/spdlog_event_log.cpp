#include "node/spdlog_event_log.hpp"

#include <unistd.h>

#include <array>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace sluice::node {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
    switch (level) {
        case LogLevel::trace:
            return spdlog::level::trace;
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warn:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string as_json(std::string_view event, std::span<const LogField> fields) {
    std::string line = fmt::format("\"event\":\"{}\"", escape_for_log(event));
    for (const auto& field : fields)
        line += field.is_number ? fmt::format(",\"{}\":{}", field.key, field.value)
                                : fmt::format(",\"{}\":\"{}\"", field.key, escape_for_log(field.value));
    return line;
}

std::string as_words(std::string_view event, std::span<const LogField> fields) {
    std::string line = escape_for_log(event);
    for (const auto& field : fields) {
        const auto value = escape_for_log(field.value);
        const bool quoted = value.find(' ') != std::string::npos || value.empty();
        line +=
            quoted ? fmt::format(" {}=\"{}\"", field.key, value) : fmt::format(" {}={}", field.key, value);
    }
    return line;
}

}  // namespace

std::string escape_for_log(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            safe += '\\';
            safe += c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            safe += fmt::format("\\u{:04x}", byte);
        } else {
            safe += c;
        }
    }
    return safe;
}

SpdlogEventLog::SpdlogEventLog(std::string_view level, LogFormat format)
    : json_(format == LogFormat::json || (format == LogFormat::automatic && isatty(STDERR_FILENO) == 0)) {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    logger_ = std::make_shared<spdlog::logger>("sluiced", std::move(sink));
    logger_->set_pattern(json_ ? "{\"ts\":\"%Y-%m-%dT%H:%M:%S.%fZ\",\"level\":\"%l\",%v}"
                               : "%Y-%m-%dT%H:%M:%S.%eZ %^%-5l%$ %v",
                         spdlog::pattern_time_type::utc);
    logger_->flush_on(spdlog::level::info);
    set_level(level);
}

SpdlogEventLog::~SpdlogEventLog() {
    logger_->flush();
}

bool SpdlogEventLog::set_level(std::string_view level) {
    static constexpr std::array<std::pair<std::string_view, LogLevel>, 5> levels{
        {{"trace", LogLevel::trace},
         {"debug", LogLevel::debug},
         {"info", LogLevel::info},
         {"warn", LogLevel::warn},
         {"error", LogLevel::error}}};
    for (const auto& [name, value] : levels)
        if (name == level) {
            logger_->set_level(spdlog_level(value));
            return true;
        }
    return false;
}

void SpdlogEventLog::write(LogLevel level, std::string_view event, std::span<const LogField> fields) {
    const auto at = spdlog_level(level);
    if (!logger_->should_log(at)) return;
    logger_->log(at, "{}", json_ ? as_json(event, fields) : as_words(event, fields));
}

}  // namespace sluice::node
