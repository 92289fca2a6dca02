#include "contracts/native/books.hpp"

namespace sluice::contracts::native {

void Books::emit(const core::Address& contract, const core::Word& topic,
                 std::initializer_list<core::Word> indexed, core::Bytes data) const {
    core::Log log{.address = contract, .topics = {}, .data = std::move(data)};
    log.topics.reserve(1 + indexed.size());
    log.topics.push_back(topic);
    log.topics.insert(log.topics.end(), indexed);
    state.add_log(std::move(log));
}

}  // namespace sluice::contracts::native
