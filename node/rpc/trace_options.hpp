/// What a caller wants of a trace.
#pragma once

#include <chrono>

#include "node/rpc/arguments.hpp"
#include "node/rpc/call_tracer.hpp"
#include "node/rpc/struct_log_tracer.hpp"

namespace sluice::node::rpc {

enum class TraceKind : std::uint8_t { struct_logs, calls, prestate };

struct TraceOptions {
    TraceKind kind = TraceKind::struct_logs;
    StructLogOptions struct_logs;
    CallTraceOptions calls;
    bool diff = false;  ///< prestateTracer: what the execution changed, before and after
    std::chrono::milliseconds timeout{};
};

/// Reads the trace options that are argument `index`: tracer, tracerConfig, disableStack, disableStorage,
/// enableMemory, enableReturnData, limit, timeout ("5s", "300ms").
TraceOptions read_trace_options(Arguments& arguments, std::size_t index);

}  // namespace sluice::node::rpc
