#include "consensus/inputs.hpp"

#include <utility>

namespace sluice::consensus {

Input to_input(VerifiedMessage message) {
    return std::visit(
        [](auto&& alternative) { return Input(std::forward<decltype(alternative)>(alternative)); },
        std::move(message));
}

}  // namespace sluice::consensus
