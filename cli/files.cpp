#include "cli/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

tl::unexpected<std::string> failed(std::string_view act, const fs::path& file) {
    return core::fail(fmt::format("cannot {} {}: {}", act, file.string(), std::strerror(errno)));
}

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

core::Result<std::string, std::string> read_file(const fs::path& file, std::size_t bytes_max) {
    std::error_code error;
    if (fs::is_directory(file, error))
        return core::fail(fmt::format("{} is a folder, not a file", file.string()));
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return failed("read", file);
    std::ostringstream text;
    text << stream.rdbuf();
    auto whole = std::move(text).str();
    if (whole.size() > bytes_max)
        return core::fail(fmt::format("{} is larger than {} bytes", file.string(), bytes_max));
    return whole;
}

core::Result<void, std::string> write_file(const fs::path& file, std::string_view text, FileMode mode) {
    fs::path beside = file;
    beside += fmt::format(".{}.new", ::getpid());
    const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                                  mode == FileMode::secret ? 0600 : 0644);
    if (descriptor < 0) return failed("write", beside);
    const bool written = write_all(descriptor, text) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!written || ::rename(beside.c_str(), file.c_str()) != 0) {
        const auto failure = failed("write", file);
        ::unlink(beside.c_str());
        return failure;
    }
    return {};
}

core::Result<void, std::string> make_folder(const fs::path& folder, FileMode mode) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return core::fail(fmt::format("cannot make folder {}: {}", folder.string(), error.message()));
    if (mode == FileMode::secret) fs::permissions(folder, fs::perms::owner_all, error);
    return {};
}

core::Result<FileLock, std::string> FileLock::take(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return failed("lock", file);
    while (::flock(descriptor, LOCK_EX) != 0) {
        if (errno == EINTR) continue;
        auto failure = failed("lock", file);
        ::close(descriptor);
        return failure;
    }
    return FileLock(descriptor);
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace sluice::cli
