#include "tests/simulation/disk.hpp"

#include <algorithm>

#include "consensus/durable_state.hpp"
#include "ledger/vote_frame.hpp"

namespace sluice::simulation {

struct Disk::Snapshot {
    std::map<core::Bytes, core::Bytes> store;
    std::map<std::string, core::Bytes> votes;
};

/// Passes every call on, and knows what has been written since the last sync.
class Disk::WatchedFile final : public ledger::VoteFile {
  public:
    WatchedFile(Disk& disk, std::string name, std::unique_ptr<ledger::VoteFile> file)
        : disk_(disk), name_(std::move(name)), file_(std::move(file)) {}

    core::Bytes read_all() const override { return file_->read_all(); }
    void write_at(std::uint64_t offset, core::ByteView bytes) override {
        const auto failure = disk_.next_call();
        disk_.before(failure);
        file_->write_at(offset, bytes);
        disk_.pending_[name_].push_back(core::to_bytes(bytes));
        disk_.after(failure);
    }
    void sync() override {
        const auto failure = disk_.next_call();
        disk_.before(failure);
        file_->sync();
        for (const auto& bytes : disk_.pending_[name_])
            disk_.note_durable(name_, bytes);
        disk_.pending_.erase(name_);
        disk_.after(failure);
    }

  private:
    Disk& disk_;
    std::string name_;
    std::unique_ptr<ledger::VoteFile> file_;
};

class Disk::WatchedDirectory final : public ledger::VoteDirectory {
  public:
    explicit WatchedDirectory(Disk& disk) : disk_(disk) {}

    std::vector<std::string> list() const override { return disk_.vote_files_->list(); }
    std::unique_ptr<ledger::VoteFile> create(const std::string& name) override {
        const auto failure = disk_.next_call();
        disk_.before(failure);
        auto file = disk_.vote_files_->create(name);
        disk_.after(failure);
        return std::make_unique<WatchedFile>(disk_, name, std::move(file));
    }
    std::unique_ptr<ledger::VoteFile> open(const std::string& name) override {
        return std::make_unique<WatchedFile>(disk_, name, disk_.vote_files_->open(name));
    }
    void remove(const std::string& name) override {
        const auto failure = disk_.next_call();
        disk_.before(failure);
        disk_.vote_files_->remove(name);
        disk_.pending_.erase(name);
        ++disk_.rotations_;
        disk_.after(failure);
    }
    void sync() override {
        const auto failure = disk_.next_call();
        disk_.before(failure);
        disk_.vote_files_->sync();
        disk_.after(failure);
    }

  private:
    Disk& disk_;
};

Disk::Disk(Random random, Coverage& coverage)
    : random_(random),
      coverage_(coverage),
      store_(std::make_unique<ledger::MemoryStore>()),
      vote_files_(std::make_unique<ledger::MemoryVoteDirectory>()),
      watched_(std::make_unique<WatchedDirectory>(*this)) {
    install_hooks();
}
Disk::~Disk() = default;

ledger::VoteDirectory& Disk::votes() {
    return *watched_;
}

void Disk::install_hooks() {
    store_->set_write_hook([this](const ledger::WriteBatch&, bool) {
        const auto failure = next_call();
        before(failure);
        // What comes after the write cannot be thrown from here, so it is said to have failed after all.
        switch (failure) {
            case CallFailure::io_error_written:
            case CallFailure::killed_after:
                hit(coverage_, "ledger write failed, but is there");
                return ledger::WriteFate::fail_written;
            case CallFailure::power_cut:
                power_cut_ = true;
                return random_.percent(50) ? ledger::WriteFate::fail_written
                                           : ledger::WriteFate::fail_unwritten;
            case CallFailure::none:
            case CallFailure::io_error:
            case CallFailure::no_space:
            case CallFailure::killed_before:
                break;
        }
        return ledger::WriteFate::done;
    });
}

void Disk::arm(std::uint64_t calls, CallFailure failure) {
    armed_in_ = calls;
    armed_ = failure;
}

CallFailure Disk::next_call() {
    ++calls_;
    if (armed_in_ == 0 || --armed_in_ > 0) return CallFailure::none;
    return armed_;
}

void Disk::before(CallFailure failure) {
    if (failure == CallFailure::killed_before) {
        hit(coverage_, "killed before a disk call");
        throw Killed{};
    }
    if (failure == CallFailure::io_error) {
        hit(coverage_, "disk call failed, nothing written");
        throw ledger::StorageFailure("input/output error");
    }
    if (failure == CallFailure::no_space) {
        hit(coverage_, "disk full");
        throw ledger::StorageFailure("no space left on device");
    }
}

void Disk::after(CallFailure failure) {
    if (failure == CallFailure::killed_after) {
        hit(coverage_, "killed after a disk call");
        throw Killed{};
    }
    if (failure == CallFailure::io_error_written) {
        hit(coverage_, "vote log call failed, but is there");
        throw ledger::StorageFailure("input/output error");
    }
    if (failure == CallFailure::power_cut) {
        hit(coverage_, "power cut in the middle of a vote log call");
        power_cut_ = true;
        throw Killed{};
    }
}

void Disk::note_durable(const std::string& name, core::ByteView frames) {
    const auto generation = std::stoull(name.substr(name.find('.') + 1));
    for (const auto& frame : ledger::scan_frames(frames, generation).frames)
        for (const auto& record : frame.records)
            if (record.kind == static_cast<std::uint8_t>(consensus::RecordKind::sent))
                durable_votes_.insert(fingerprint(record.payload));
}

void Disk::read_durable() {
    durable_votes_.clear();
    pending_.clear();
    for (const auto& name : vote_files_->list())
        note_durable(name, vote_files_->contents(name));
}

void Disk::lose_unsynced(bool torn) {
    store_->crash(random_.below(store_->unsynced_writes() + 1));
    const auto kept_percent = torn ? random_.below(101) : 0;
    std::uint64_t lost = 0, kept = 0;
    vote_files_->crash(
        [&](std::size_t) {
            const bool keeps = random_.percent(kept_percent);
            ++(keeps ? kept : lost);
            return keeps;
        },
        random_.percent(50));
    if (lost > 0) hit(coverage_, "power cut lost unsynced votes");
    if (lost > 0 && kept > 0) hit(coverage_, "power cut tore a vote frame");
    read_durable();
}

std::optional<std::string> Disk::newest_votes() {
    const auto names = vote_files_->list();
    if (names.empty()) return std::nullopt;
    return names.back();
}

bool Disk::flip_vote_bit() {
    const auto name = newest_votes();
    if (!name) return false;
    auto bytes = vote_files_->contents(*name);
    const auto scan = ledger::scan_frames(bytes, std::stoull(name->substr(name->find('.') + 1)));
    if (scan.end == 0) return false;
    const auto bit = random_.below(scan.end * 8);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    vote_files_->replace(*name, std::move(bytes));
    read_durable();
    return true;
}

std::size_t Disk::truncate_votes(std::size_t frames) {
    const auto name = newest_votes();
    if (!name) return 0;
    auto bytes = vote_files_->contents(*name);
    const auto generation = std::stoull(name->substr(name->find('.') + 1));
    const auto whole = ledger::scan_frames(bytes, generation);
    if (whole.frames.size() < 2) return 0;
    const auto lost = std::min(frames, whole.frames.size() - 1);
    std::size_t end = whole.end;
    while (ledger::scan_frames(core::ByteView(bytes).first(end), generation).frames.size() >
           whole.frames.size() - lost)
        end -= ledger::sector_bytes;
    bytes.resize(end);
    vote_files_->replace(*name, std::move(bytes));
    read_durable();
    return lost;
}

void Disk::clear_votes() {
    for (const auto& name : vote_files_->list())
        vote_files_->remove(name);
    vote_files_->sync();
    read_durable();
}

void Disk::replace() {
    store_ = std::make_unique<ledger::MemoryStore>();
    install_hooks();
    clear_votes();
}

void Disk::remember() {
    snapshot_ = std::make_unique<Snapshot>();
    snapshot_->store = store_->image();
    for (const auto& name : vote_files_->list())
        snapshot_->votes.emplace(name, vote_files_->contents(name));
}

bool Disk::roll_back() {
    if (!snapshot_) return false;
    store_->restore(snapshot_->store);
    clear_votes();
    for (const auto& [name, bytes] : snapshot_->votes)
        vote_files_->replace(name, bytes);
    read_durable();
    return true;
}

std::uint64_t Disk::vote_bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& name : vote_files_->list())
        bytes += vote_files_->contents(name).size();
    return bytes;
}

}  // namespace sluice::simulation
