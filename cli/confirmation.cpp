#include "cli/confirmation.hpp"

#include <unistd.h>

#include <iostream>

namespace sluice::cli {

bool is_confirmed(const Arguments& arguments, const std::string& what) {
    if (arguments.has("--yes")) return true;
    if (isatty(STDIN_FILENO) == 0) {
        std::cerr << what << "\nNobody is at a terminal to agree: a program says --yes.\n";
        return false;
    }
    std::cerr << what << "\nType yes to go on: " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "yes";
}

}  // namespace sluice::cli
