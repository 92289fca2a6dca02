#include "cli/secret_input.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "cli/files.hpp"

namespace sluice::cli {
namespace {

constexpr std::size_t secret_bytes_max = 4096;

/// A terminal that does not echo, as it was before again at the end.
class QuietTerminal {
  public:
    explicit QuietTerminal(int descriptor) : descriptor_(descriptor) {
        if (tcgetattr(descriptor_, &before_) != 0) return;
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        is_quiet_ = tcsetattr(descriptor_, TCSAFLUSH, &quiet) == 0;
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;
    ~QuietTerminal() {
        if (is_quiet_) tcsetattr(descriptor_, TCSAFLUSH, &before_);
    }
    bool is_quiet() const { return is_quiet_; }

  private:
    int descriptor_;
    termios before_{};
    bool is_quiet_ = false;
};

void say(int terminal, std::string_view text) {
    // A prompt that cannot be shown changes nothing.
    [[maybe_unused]] const auto written = ::write(terminal, text.data(), text.size());
}

std::optional<crypto::SecretBytes> read_line(int terminal) {
    crypto::SecretBytes buffer(secret_bytes_max);
    std::size_t size = 0;
    while (size < secret_bytes_max) {
        const auto got = ::read(terminal, buffer.writable_bytes().data() + size, 1);
        if (got <= 0) return std::nullopt;
        if (buffer.bytes()[size] == '\n') break;
        ++size;
    }
    crypto::SecretBytes line(size);
    std::copy_n(buffer.bytes().begin(), size, line.writable_bytes().begin());
    return line;
}

core::Result<crypto::SecretBytes, std::string> ask(const std::string& prompt, SecretUse use) {
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0)
        return core::fail(std::string("there is no terminal to ask at: give the secret with a file"));
    core::Result<crypto::SecretBytes, std::string> secret = core::fail(std::string("nothing was typed"));
    {
        const QuietTerminal quiet(terminal);
        const auto typed = [&](const std::string& question) {
            say(terminal, question + ": ");
            auto line = read_line(terminal);
            say(terminal, "\n");
            return line;
        };
        if (!quiet.is_quiet()) {
            secret = core::fail(
                std::string("the terminal cannot hide what is typed: give the secret with a file"));
        } else if (auto first = typed(prompt); first && first->size() > 0) {
            const auto second = use == SecretUse::making ? typed(prompt + " again") : std::nullopt;
            if (use == SecretUse::making &&
                (!second || !crypto::equal_constant_time(first->bytes(), second->bytes())))
                secret = core::fail(std::string("the two inputs differ"));
            else
                secret = std::move(*first);
        }
    }
    ::close(terminal);
    return secret;
}

}  // namespace

core::Result<crypto::SecretBytes, std::string> read_secret(const std::string& file, const std::string& prompt,
                                                           SecretUse use) {
    if (file.empty()) return ask(prompt, use);
    auto text = read_file(file, secret_bytes_max);
    if (!text) return core::fail(text.error());
    crypto::SecretBytes secret(std::string_view(*text).substr(0, text->find_first_of("\r\n")));
    crypto::wipe(text->data(), text->size());
    if (secret.size() == 0) return core::fail(fmt::format("the first line of {} is empty", file));
    return secret;
}

}  // namespace sluice::cli
