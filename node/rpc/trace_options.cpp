#include "node/rpc/trace_options.hpp"

#include <charconv>

#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

Reading<TraceKind> read_kind(const Json& value) {
    if (value == "" || value == "structLogger") return TraceKind::struct_logs;
    if (value == "callTracer") return TraceKind::calls;
    if (value == "prestateTracer") return TraceKind::prestate;
    return core::fail(std::string(
        "tracers are callTracer, prestateTracer, and without a name the log of all instructions; others, and "
        "tracers written in JavaScript, are not run here"));
}

/// A duration of Go: digits and "ms", "s" or "m".
Reading<std::chrono::milliseconds> read_timeout(const Json& value) {
    constexpr const char* expected = "expected a time such as \"5s\" or \"300ms\"";
    if (!value.is_string()) return core::fail(std::string(expected));
    const auto& text = value.get_ref<const std::string&>();
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc()) return core::fail(std::string(expected));
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (unit == "ms") return std::chrono::milliseconds(count);
    if (unit == "s") return std::chrono::seconds(count);
    if (unit == "m") return std::chrono::minutes(count);
    return core::fail(std::string(expected));
}

Reading<TraceOptions> read_config(const Json& value) {
    if (!value.is_object()) return core::fail(std::string("tracerConfig: expected an object"));
    TraceOptions options;
    const auto flag = [&](const char* name) {
        const auto found = value.find(name);
        return found != value.end() && *found == true;
    };
    options.calls = {.only_top_call = flag("onlyTopCall"), .with_log = flag("withLog")};
    options.diff = flag("diffMode");
    return options;
}

}  // namespace

TraceOptions read_trace_options(Arguments& arguments, std::size_t index) {
    TraceOptions options;
    options.timeout = limits::trace_time_default;
    if (arguments.find(index) == nullptr) return options;
    arguments.get(index, read_object);
    if (const auto config = arguments.member_if(index, "tracerConfig", read_config)) options = *config;
    const auto flag = [&](const char* name) {
        return arguments.member_if(index, name, read_boolean).value_or(false);
    };
    options.kind = arguments.member_if(index, "tracer", read_kind).value_or(TraceKind::struct_logs);
    options.struct_logs = {.stack = !flag("disableStack"),
                           .memory = flag("enableMemory"),
                           .storage = !flag("disableStorage"),
                           .return_data = flag("enableReturnData"),
                           .limit = arguments.member_if(index, "limit", read_number).value_or(0)};
    options.timeout = std::min<std::chrono::milliseconds>(
        limits::trace_time_max,
        arguments.member_if(index, "timeout", read_timeout).value_or(limits::trace_time_default));
    return options;
}

}  // namespace sluice::node::rpc
