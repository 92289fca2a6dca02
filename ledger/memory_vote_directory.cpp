#include "ledger/memory_vote_directory.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace sluice::ledger {

namespace {

constexpr std::size_t sector_bytes = 512;

struct MemoryFile {
    core::Bytes current;                ///< as processes see it
    core::Bytes durable;                ///< as it would be after a power cut
    std::vector<std::size_t> unsynced;  ///< sectors written since the last sync, in order
};
/// Of the sectors written since the last sync those reach the disk that `keep_sector` names, by position.
template <typename Keep>
void persist(MemoryFile& file, const Keep& keep_sector) {
    for (std::size_t i = 0; i < file.unsynced.size(); ++i) {
        if (!keep_sector(i)) continue;
        const std::size_t from = file.unsynced[i] * sector_bytes;
        const std::size_t to = std::min(from + sector_bytes, file.current.size());
        if (file.durable.size() < to) file.durable.resize(to);
        std::copy(file.current.begin() + static_cast<std::ptrdiff_t>(from),
                  file.current.begin() + static_cast<std::ptrdiff_t>(to),
                  file.durable.begin() + static_cast<std::ptrdiff_t>(from));
    }
    file.unsynced.clear();
}

using Names = std::map<std::string, std::shared_ptr<MemoryFile>>;

}  // namespace

struct MemoryVoteDirectory::Disk {
    Names names;
    Names durable_names;
    std::function<Fate(Call)> hook;
    std::uint64_t boots = 0;  ///< handles of an earlier boot are dead

    /// Runs `change` as the hook decides.
    template <typename Change>
    void attempt(Call call, Change change) {
        const Fate fate = hook ? hook(call) : Fate::done;
        if (fate != Fate::fail) change();
        if (fate != Fate::done) throw StorageFailure("vote log disk: input/output error");
    }

    MemoryFile& at(const std::string& name) {
        const auto file = names.find(name);
        if (file == names.end()) throw StorageFailure("vote log disk: no file " + name);
        return *file->second;
    }
};

namespace {

class MemoryVoteFile final : public VoteFile {
  public:
    MemoryVoteFile(std::shared_ptr<MemoryVoteDirectory::Disk> disk, std::shared_ptr<MemoryFile> file)
        : disk_(std::move(disk)), file_(std::move(file)), boot_(disk_->boots) {}

    core::Bytes read_all() const override {
        CHECK(boot_ == disk_->boots);
        return file_->current;
    }

    void write_at(std::uint64_t offset, core::ByteView bytes) override {
        CHECK(boot_ == disk_->boots);
        disk_->attempt(MemoryVoteDirectory::Call::write, [&] {
            const std::size_t end = offset + bytes.size();
            if (file_->current.size() < end) file_->current.resize(end);
            std::copy(bytes.begin(), bytes.end(),
                      file_->current.begin() + static_cast<std::ptrdiff_t>(offset));
            for (std::size_t sector = offset / sector_bytes; sector * sector_bytes < end; ++sector)
                file_->unsynced.push_back(sector);
        });
    }

    void sync() override {
        CHECK(boot_ == disk_->boots);
        disk_->attempt(MemoryVoteDirectory::Call::sync_file,
                       [&] { persist(*file_, [](std::size_t) { return true; }); });
    }

  private:
    std::shared_ptr<MemoryVoteDirectory::Disk> disk_;
    std::shared_ptr<MemoryFile> file_;
    std::uint64_t boot_;
};

void keep_sectors(MemoryFile& file, const std::function<bool(std::size_t)>& keep_sector) {
    persist(file, keep_sector);
    file.current = file.durable;
}

}  // namespace

MemoryVoteDirectory::MemoryVoteDirectory() : disk_(std::make_shared<Disk>()) {}
MemoryVoteDirectory::~MemoryVoteDirectory() = default;

std::vector<std::string> MemoryVoteDirectory::list() const {
    std::vector<std::string> names;
    for (const auto& [name, file] : disk_->names)
        names.push_back(name);
    return names;
}

std::unique_ptr<VoteFile> MemoryVoteDirectory::create(const std::string& name) {
    auto file = std::make_shared<MemoryFile>();
    disk_->attempt(Call::create, [&] { disk_->names[name] = file; });
    return std::make_unique<MemoryVoteFile>(disk_, file);
}

std::unique_ptr<VoteFile> MemoryVoteDirectory::open(const std::string& name) {
    disk_->at(name);
    return std::make_unique<MemoryVoteFile>(disk_, disk_->names[name]);
}

void MemoryVoteDirectory::remove(const std::string& name) {
    disk_->attempt(Call::remove, [&] { disk_->names.erase(name); });
}

void MemoryVoteDirectory::sync() {
    disk_->attempt(Call::sync_directory, [&] { disk_->durable_names = disk_->names; });
}

void MemoryVoteDirectory::set_hook(std::function<Fate(Call)> hook) {
    disk_->hook = std::move(hook);
}

void MemoryVoteDirectory::crash(const std::function<bool(std::size_t)>& keep_sector, bool keep_name) {
    if (keep_name) disk_->durable_names = disk_->names;
    disk_->names = disk_->durable_names;
    for (const auto& [name, file] : disk_->names)
        keep_sectors(*file, keep_sector);
    ++disk_->boots;
}

void MemoryVoteDirectory::crash() {
    crash([](std::size_t) { return false; }, false);
}

core::Bytes MemoryVoteDirectory::contents(const std::string& name) const {
    return disk_->at(name).current;
}

void MemoryVoteDirectory::replace(const std::string& name, core::Bytes bytes) {
    auto file = std::make_shared<MemoryFile>();
    file->current = bytes;
    file->durable = std::move(bytes);
    disk_->names[name] = file;
    disk_->durable_names[name] = file;
}

}  // namespace sluice::ledger
