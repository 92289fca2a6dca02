/// The key-value store on LevelDB: every checksum verified, nothing repaired by itself, no mapped files.
#pragma once

#include <filesystem>
#include <string>

#include "core/result.hpp"
#include "ledger/kv_store.hpp"

namespace sluice::ledger {

struct LevelDbOptions {
    std::size_t write_buffer_bytes = 16u << 20;  ///< LevelDB may hold two of them
    std::size_t cache_bytes = 32u << 20;
    std::size_t table_bytes = 8u << 20;
    int open_files = 512;
};

enum class LevelDbError {
    missing,         ///< there is no database in the directory
    already_exists,  ///< `create` found one
    locked,          ///< another process has it open
    damaged,         ///< a checksum or a file does not fit
    io,              ///< the operating system refuses (permissions, disk)
};

struct LevelDbFailure {
    LevelDbError reason{};
    std::string detail;  ///< what LevelDB said, for the log
};

/// Opens what `create_leveldb` made. A damaged database is refused, never repaired: copy the directory first.
core::Result<std::unique_ptr<KvStore>, LevelDbFailure> open_leveldb(const std::filesystem::path& directory,
                                                                    const LevelDbOptions& options = {});
/// Makes an empty database in `directory`, whose parent must exist.
core::Result<std::unique_ptr<KvStore>, LevelDbFailure> create_leveldb(const std::filesystem::path& directory,
                                                                      const LevelDbOptions& options = {});

}  // namespace sluice::ledger
