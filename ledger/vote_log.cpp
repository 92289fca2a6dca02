#include "ledger/vote_log.hpp"

#include <algorithm>
#include <charconv>

#include "core/check.hpp"
#include "ledger/vote_frame.hpp"

namespace sluice::ledger {

namespace {

constexpr std::string_view name_prefix = "votes.";
constexpr std::size_t name_digits = 20;

std::string name_of(std::uint64_t generation) {
    std::string digits = std::to_string(generation);
    return std::string(name_prefix) + std::string(name_digits - digits.size(), '0') + digits;
}

std::optional<std::uint64_t> generation_of(std::string_view name) {
    if (!name.starts_with(name_prefix) || name.size() != name_prefix.size() + name_digits)
        return std::nullopt;
    std::uint64_t generation = 0;
    const char* last = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + name_prefix.size(), last, generation);
    if (parsed.ec != std::errc() || parsed.ptr != last) return std::nullopt;
    return generation;
}

/// Newest first.
std::vector<std::uint64_t> generations_in(const VoteDirectory& directory) {
    std::vector<std::uint64_t> generations;
    for (const std::string& name : directory.list())
        if (const auto generation = generation_of(name)) generations.push_back(*generation);
    std::sort(generations.rbegin(), generations.rend());
    return generations;
}

/// The newest file that was completed, as it was read.
struct Located {
    std::uint64_t generation = 0;
    std::unique_ptr<VoteFile> file;
    std::size_t file_bytes = 0;
    FrameScan scan;
};

VoteLogFailure damaged(const std::string& name, const FrameScan& scan) {
    return {VoteLogError::damaged, name + " at offset " + std::to_string(scan.end) + ": " + scan.fault};
}

/// A rotation that was cut leaves a newer file without a whole first frame; the file before it still counts.
core::Result<Located, VoteLogFailure> locate(VoteDirectory& directory) {
    for (const std::uint64_t generation : generations_in(directory)) {
        Located found{generation, directory.open(name_of(generation)), 0, {}};
        const core::Bytes bytes = found.file->read_all();
        found.file_bytes = bytes.size();
        found.scan = scan_frames(bytes, generation);
        if (found.scan.tail == TailState::damaged)
            return core::fail(damaged(name_of(generation), found.scan));
        if (!found.scan.frames.empty()) return found;
    }
    return core::fail(VoteLogFailure{VoteLogError::missing, "no vote log"});
}

VoteLogContents contents_of(Located& found) {
    VoteLogContents contents;
    contents.generation = found.generation;
    contents.mark = found.scan.frames.back().mark;
    contents.frames = std::move(found.scan.frames);
    contents.torn_tail = found.scan.tail == TailState::torn;
    return contents;
}

std::uint64_t round_up(std::uint64_t value, std::uint64_t to) {
    return (value + to - 1) / to * to;
}

}  // namespace

struct VoteLog::State {
    VoteDirectory* directory = nullptr;
    VoteLogOptions options;
    std::unique_ptr<VoteFile> file;
    std::uint64_t generation = 0;
    std::uint64_t next_sequence = 0;
    core::Hash link{};
    std::uint64_t end = 0;        ///< of the last frame
    std::uint64_t allocated = 0;  ///< bytes of the file; zeros behind `end`
    HighWaterMark mark;

    void write_frame(std::span<const VoteRecord> records);
    void start_file(std::uint64_t new_generation, std::span<const VoteRecord> records);
    void wipe_tail();
};

void VoteLog::State::write_frame(std::span<const VoteRecord> records) {
    core::Bytes frame = encode_frame({.payload_bytes = 0,
                                      .generation = generation,
                                      .sequence = next_sequence,
                                      .mark = mark,
                                      .previous = link,
                                      .records = 0,
                                      .payload_crc = 0},
                                     records);
    const core::Hash new_link = frame_link(frame);
    const std::uint64_t frame_end = end + frame.size();
    if (frame_end > allocated) {
        allocated = round_up(frame_end + options.preallocate_bytes, options.preallocate_bytes);
        frame.resize(allocated - end);
    }
    file->write_at(end, frame);
    file->sync();
    end = frame_end;
    link = new_link;
    ++next_sequence;
}

/// The new file and its name are durable before the old one goes.
void VoteLog::State::start_file(std::uint64_t new_generation, std::span<const VoteRecord> records) {
    generation = new_generation;
    file = directory->create(name_of(generation));
    end = 0;
    allocated = 0;
    write_frame(records);
    directory->sync();
    for (const std::uint64_t other : generations_in(*directory))
        if (other != generation) directory->remove(name_of(other));
}

/// What a torn write left must not look like a broken frame behind the next one.
void VoteLog::State::wipe_tail() {
    if (allocated <= end) return;
    file->write_at(end, core::Bytes(allocated - end));
    file->sync();
}

std::vector<VoteRecord> VoteLogContents::records() const {
    std::vector<VoteRecord> all;
    for (const VoteFrame& frame : frames)
        all.insert(all.end(), frame.records.begin(), frame.records.end());
    return all;
}

core::Result<VoteLogContents, VoteLogFailure> read_vote_log(VoteDirectory& directory) {
    auto found = locate(directory);
    if (!found) return core::fail(found.error());
    return contents_of(*found);
}

core::Result<VoteLog::Opened, VoteLogFailure> VoteLog::open(VoteDirectory& directory,
                                                            const VoteLogOptions& options) {
    auto found = locate(directory);
    if (!found) return core::fail(found.error());
    auto state = std::make_unique<State>();
    state->directory = &directory;
    state->options = options;
    state->file = std::move(found->file);
    state->generation = found->generation;
    state->next_sequence = found->scan.frames.back().sequence + 1;
    state->link = found->scan.link;
    state->end = found->scan.end;
    state->allocated = found->file_bytes;
    state->mark = found->scan.frames.back().mark;
    if (found->scan.tail == TailState::torn) state->wipe_tail();
    // A process that was killed between write and sync left frames that are read here and not yet durable:
    // they must not be acted upon before they are. The same goes for the name of a new file and the loss of
    // the old.
    state->file->sync();
    directory.sync();
    bool removed = false;
    for (const std::uint64_t other : generations_in(directory)) {
        if (other == found->generation) continue;
        directory.remove(name_of(other));
        removed = true;
    }
    if (removed) directory.sync();
    return Opened{VoteLog(std::move(state)), contents_of(*found)};
}

core::Result<VoteLog, VoteLogFailure> VoteLog::create(VoteDirectory& directory, const HighWaterMark& mark,
                                                      std::span<const VoteRecord> records,
                                                      const VoteLogOptions& options) {
    const auto found = locate(directory);
    if (found) return core::fail(VoteLogFailure{VoteLogError::already_exists, "a vote log exists"});
    if (found.error().reason == VoteLogError::damaged) return core::fail(found.error());
    auto state = std::make_unique<State>();
    state->directory = &directory;
    state->options = options;
    state->mark = mark;
    state->start_file(1, records);
    return VoteLog(std::move(state));
}

VoteLog::VoteLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
VoteLog::VoteLog(VoteLog&&) noexcept = default;
VoteLog& VoteLog::operator=(VoteLog&&) noexcept = default;
VoteLog::~VoteLog() = default;

void VoteLog::append(std::span<const VoteRecord> records) {
    if (!records.empty()) state_->write_frame(records);
}

void VoteLog::commit(const HighWaterMark& mark, std::span<const VoteRecord> kept) {
    CHECK(mark.height >= state_->mark.height);
    state_->mark = mark;
    if (state_->end > state_->options.rotate_bytes) state_->start_file(state_->generation + 1, kept);
}

const HighWaterMark& VoteLog::mark() const {
    return state_->mark;
}
std::uint64_t VoteLog::next_sequence() const {
    return state_->next_sequence;
}
std::uint64_t VoteLog::size_bytes() const {
    return state_->end;
}

}  // namespace sluice::ledger
