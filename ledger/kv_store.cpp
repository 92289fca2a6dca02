#include "ledger/kv_store.hpp"

#include "core/check.hpp"

namespace sluice::ledger {

namespace {
constexpr std::uint8_t kind_put = 1;
constexpr std::uint8_t kind_remove = 0;

void append_sized(core::Bytes& to, core::ByteView bytes) {
    core::append_be32(to, static_cast<std::uint32_t>(bytes.size()));
    core::append(to, bytes);
}
}  // namespace

void WriteBatch::put(core::ByteView key, core::ByteView value) {
    ops_.push_back(kind_put);
    append_sized(ops_, key);
    append_sized(ops_, value);
    ++changes_;
}

void WriteBatch::remove(core::ByteView key) {
    ops_.push_back(kind_remove);
    append_sized(ops_, key);
    ++changes_;
}

void WriteBatch::append(const WriteBatch& other) {
    core::append(ops_, other.ops_);
    changes_ += other.changes_;
}

void WriteBatch::clear() {
    ops_.clear();
    changes_ = 0;
}

void WriteBatch::for_each(
    const std::function<void(core::ByteView, std::optional<core::ByteView>)>& visit) const {
    core::ByteReader reader(ops_);
    while (!reader.rest().empty()) {
        const std::uint8_t kind = reader.u8();
        const core::ByteView key = reader.take(reader.be32());
        std::optional<core::ByteView> value;
        if (kind == kind_put) value = reader.take(reader.be32());
        CHECK(reader.ok());
        visit(key, value);
    }
}

}  // namespace sluice::ledger
