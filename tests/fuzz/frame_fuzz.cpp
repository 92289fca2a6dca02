/// Fuzz target: any bytes as a peer's stream. Cut anywhere, it gives the same frames or the same reason, and
/// no frame holds more than came in; every frame encodes to the bytes it was read from.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "network/frame.hpp"

namespace {

using namespace sluice;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

/// The frames encoded again, and the reason for stopping (or -1).
struct Outcome {
    core::Bytes encoded;
    int reason = -1;
    bool operator==(const Outcome&) const = default;
};

Outcome read_in_pieces(core::ByteView stream, std::size_t piece) {
    network::FrameReader reader;
    reader.open_all_channels();
    Outcome outcome;
    while (!stream.empty()) {
        core::ByteView input = stream.first(std::min(piece, stream.size()));
        stream = stream.subspan(input.size());
        while (!input.empty()) {
            const auto read = reader.read(input);
            if (!read) {
                outcome.reason = static_cast<int>(read.error());
                return outcome;
            }
            if (!read->has_value()) break;
            const network::Frame& frame = **read;
            network::append_frame_header(outcome.encoded, frame.channel, frame.gossip, frame.body.size());
            core::append(outcome.encoded, frame.body);
        }
    }
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const core::ByteView stream(data + 1, size - 1);
    const Outcome whole = read_in_pieces(stream, stream.size() + 1);
    check(whole.encoded.size() <= stream.size());
    check(std::equal(whole.encoded.begin(), whole.encoded.end(), stream.begin()));
    check(read_in_pieces(stream, 1 + data[0]) == whole);
    return 0;
}
