#include "ledger/vote_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sluice::ledger {

namespace {

[[noreturn]] void fail_at(const std::string& what, const std::string& path) {
    throw StorageFailure("cannot " + what + " " + path + ": " + std::strerror(errno));
}

class Descriptor {
  public:
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    int value() const { return value_; }

  private:
    int value_;
};

class PosixVoteFile final : public VoteFile {
  public:
    PosixVoteFile(std::string path, int flags)
        : path_(std::move(path)),
          file_(::open(path_.c_str(), flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600)) {
        if (file_.value() < 0) fail_at("open", path_);
    }

    core::Bytes read_all() const override {
        struct stat info {};
        if (::fstat(file_.value(), &info) != 0) fail_at("stat", path_);
        core::Bytes bytes(static_cast<std::size_t>(info.st_size));
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ssize_t got =
                ::pread(file_.value(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) fail_at("read", path_);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        bytes.resize(done);
        return bytes;
    }

    void write_at(std::uint64_t offset, core::ByteView bytes) override {
        while (!bytes.empty()) {
            const ssize_t put =
                ::pwrite(file_.value(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) fail_at("write", path_);
            offset += static_cast<std::uint64_t>(put);
            bytes = bytes.subspan(static_cast<std::size_t>(put));
        }
    }

    void sync() override {
        if (::fdatasync(file_.value()) != 0) fail_at("sync", path_);
    }

  private:
    std::string path_;
    Descriptor file_;
};

class PosixVoteDirectory final : public VoteDirectory {
  public:
    explicit PosixVoteDirectory(std::filesystem::path path) : path_(std::move(path)) {}

    std::vector<std::string> list() const override {
        std::vector<std::string> names;
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(path_, error))
            names.push_back(entry.path().filename().string());
        if (error) throw StorageFailure("cannot list " + path_.string() + ": " + error.message());
        std::sort(names.begin(), names.end());
        return names;
    }
    std::unique_ptr<VoteFile> create(const std::string& name) override {
        return std::make_unique<PosixVoteFile>((path_ / name).string(), O_CREAT | O_TRUNC);
    }
    std::unique_ptr<VoteFile> open(const std::string& name) override {
        return std::make_unique<PosixVoteFile>((path_ / name).string(), 0);
    }
    void remove(const std::string& name) override {
        const std::string path = (path_ / name).string();
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail_at("remove", path);
    }
    void sync() override {
        const Descriptor directory(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (directory.value() < 0 || ::fsync(directory.value()) != 0) fail_at("sync", path_.string());
    }

  private:
    std::filesystem::path path_;
};

}  // namespace

std::unique_ptr<VoteDirectory> open_vote_directory(const std::filesystem::path& directory) {
    return std::make_unique<PosixVoteDirectory>(directory);
}

}  // namespace sluice::ledger
