/// Runs a transcript: a schedule of deliveries, crashes and seconds with what each replica must do, as
/// readable text. tests/transcripts/README.md has the language.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/forgery.hpp"
#include "support/manual_network.hpp"

namespace sluice::consensus::testing {

class Transcript {
  public:
    /// The first line that does not hold, with its number and what was seen instead; nothing if all hold.
    std::optional<std::string> run(const std::string& text);

  private:
    using Words = std::vector<std::string>;

    std::optional<std::string> execute(const std::string& line);
    std::optional<std::string> setup(const Words& words);
    std::optional<std::string> build(const Words& words);
    std::optional<std::string> define_block(const Words& words);
    std::optional<std::string> check(const Words& words);
    std::optional<std::string> deliver(const Words& words, bool drop);
    std::optional<std::string> refuse(const Words& words);
    std::optional<std::string> process(const Words& words);
    std::optional<std::string> forge(const Words& words);
    std::optional<std::string> expect(const Words& words);
    std::optional<std::string> expect_nothing(const Words& words);
    std::optional<std::string> status(const Words& words);

    std::vector<std::size_t> nodes(const std::string& word) const;
    std::vector<InFlight> take(const std::string& route, const Words& kind);
    std::optional<Message> forged(const Words& words, std::size_t sender);

    std::unique_ptr<ManualNetwork> network_;
};

}  // namespace sluice::consensus::testing
