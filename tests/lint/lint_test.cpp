// Rules of the house that a compiler does not hold: who includes whom, where libraries live, which words are
// banned.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path root = SLUICE_SOURCE_DIR;
const std::vector<std::string> folders{"crypto", "core",    "consensus", "contracts",
                                       "ledger", "network", "node",      "cli"};

struct SourceFile {
    std::string path;  // relative to the root
    std::vector<std::string> lines;
};

std::vector<std::string> lines_of(const fs::path& file) {
    std::ifstream stream(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

std::vector<SourceFile> sources() {
    std::vector<SourceFile> files;
    for (const auto& folder : folders)
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp") continue;
            files.push_back({fs::relative(entry.path(), root).string(), lines_of(entry.path())});
        }
    return files;
}

// "key: a b c" lines; '#' starts a comment line. The key ends at the last ':' that is followed by blank or
// end.
std::vector<std::pair<std::string, std::vector<std::string>>> table(const std::string& name) {
    std::vector<std::pair<std::string, std::vector<std::string>>> rows;
    for (const auto& line : lines_of(root / "tests/lint" / name)) {
        if (line.empty() || line[0] == '#') continue;
        const auto colon = line.find(':');
        std::istringstream words(line.substr(colon + 1));
        std::vector<std::string> values;
        for (std::string word; words >> word;)
            values.push_back(word);
        rows.emplace_back(line.substr(0, colon), values);
    }
    return rows;
}

bool lies_in(const std::string& path, const std::vector<std::string>& places) {
    for (const auto& place : places)
        if (path.rfind(place, 0) == 0) return true;
    return false;
}

// The included name of an #include line, with whether it was quoted.
std::optional<std::pair<std::string, bool>> included(const std::string& line) {
    static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::smatch match;
    if (!std::regex_search(line, match, pattern)) return std::nullopt;
    return std::pair{match[2].str(), match[1].str() == "\""};
}

TEST(Lint, a_folder_includes_only_itself_and_what_lies_below_it) {
    std::map<std::string, std::set<std::string>> allowed;
    for (const auto& [folder, below] : table("allowed_includes.txt"))
        allowed[folder] = std::set<std::string>(below.begin(), below.end());
    for (const auto& file : sources()) {
        const auto folder = file.path.substr(0, file.path.find('/'));
        for (const auto& line : file.lines) {
            const auto include = included(line);
            if (!include || !include->second) continue;
            const auto target = include->first.substr(0, include->first.find('/'));
            EXPECT_TRUE(target == folder || allowed[folder].contains(target))
                << file.path << " includes " << include->first << ": " << folder << " must not know "
                << target;
        }
    }
}

TEST(Lint, a_library_is_included_only_in_its_home) {
    const auto homes = table("library_homes.txt");
    for (const auto& file : sources())
        for (const auto& line : file.lines) {
            const auto include = included(line);
            if (!include || include->second) continue;
            for (const auto& [library, places] : homes)
                if (include->first.rfind(library, 0) == 0) {
                    EXPECT_TRUE(lies_in(file.path, places))
                        << file.path << " includes <" << include->first << ">, whose home is elsewhere";
                }
        }
}

TEST(Lint, banned_words_do_not_occur) {
    for (const auto& rule : lines_of(root / "tests/lint/banned_words.txt")) {
        if (rule.empty() || rule[0] == '#') continue;
        const auto first = rule.find(" | ");
        const auto last = rule.rfind(" | ");
        std::istringstream words(rule.substr(0, first));
        std::vector<std::string> places;
        for (std::string word; words >> word;)
            places.push_back(word);
        const std::regex pattern(rule.substr(first + 3, last - first - 3));
        for (const auto& file : sources()) {
            if (!lies_in(file.path, places)) continue;
            for (std::size_t i = 0; i < file.lines.size(); ++i) {
                const auto code = file.lines[i].substr(0, file.lines[i].find("//"));
                EXPECT_FALSE(std::regex_search(code, pattern))
                    << file.path << ":" << i + 1 << ": " << file.lines[i] << "\n  " << rule.substr(last + 3);
            }
        }
    }
}

TEST(Lint, no_file_is_longer_than_500_lines) {
    for (const auto& file : sources())
        EXPECT_LE(file.lines.size(), 500u) << file.path;
}

TEST(Lint, every_header_says_first_what_it_is) {
    for (const auto& file : sources()) {
        if (file.path.ends_with(".cpp") || file.lines.empty()) continue;
        EXPECT_EQ(file.lines[0].rfind("///", 0), 0u) << file.path << ": the first line is a /// sentence";
    }
}

TEST(Lint, the_build_and_this_test_agree_on_who_may_know_whom) {
    const std::regex row(R"(^set\(SLUICE_MAY_USE_(\w+)\s*(.*)\)$)");
    std::map<std::string, std::vector<std::string>> build;
    for (const auto& line : lines_of(root / "cmake/library.cmake")) {
        std::smatch match;
        if (!std::regex_search(line, match, row)) continue;
        std::istringstream words(match[2].str());
        auto& below = build[match[1].str()];
        for (std::string word; words >> word;)
            if (word != "\"\"" && word != "node_machine" && word != "core_documents") below.push_back(word);
    }
    for (const auto& [folder, below] : table("allowed_includes.txt"))
        EXPECT_EQ(build[folder], below) << folder;
}

}  // namespace
