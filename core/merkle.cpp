#include "core/merkle.hpp"

#include <algorithm>
#include <utility>

#include "core/merkle_decode.hpp"
#include "core/merkle_storing.hpp"
#include "core/merkle_update.hpp"

namespace sluice::core::merkle {

struct Trie::State {
    NodePtr root;                    ///< null for the empty trie
    std::uint32_t stored_epoch = 0;  ///< nodes up to this epoch lie in the store
    std::size_t kept_depth = 0;      ///< no stored node deeper than this is in memory
    StalePaths stale;
};

namespace {

class NoSource final : public NodeSource {
  public:
    std::optional<Bytes> load(std::span<const std::uint8_t>) const override { return std::nullopt; }
};

Nibbles nibbles_of(Path path) {
    Nibbles nibbles;
    path.append_to(nibbles);
    return nibbles;
}

/// Walks from a root towards a key, through memory as far as it goes, then through the store.
class Descent {
  public:
    Descent(ByteView key, const NodeSource& source) : key_(key), rest_(key), source_(source) {}

    /// The value under the key, or nothing; nodes that are not embedded are appended to `passed`, unless it
    /// is null.
    std::optional<Bytes> follow(const NodePtr& root, std::vector<Bytes>* passed) {
        const Node* node = root.get();
        while (node != nullptr && node->kind != NodeKind::unloaded) {
            if (passed != nullptr && has_place_in_store(*node, depth()))
                encode_node(*node, passed->emplace_back());
            if (node->kind == NodeKind::leaf)
                return value_if(as_leaf(*node).path() == rest_, as_leaf(*node).value());
            if (node->kind == NodeKind::branch && rest_.empty())
                return value_if(true, as_branch(*node).value());
            node = below(*node);
        }
        if (node == nullptr) return std::nullopt;
        return follow_stored(node->reference, passed);
    }

    /// As far as memory goes.
    Trie::Peek peek(const NodePtr& root) {
        const Node* node = root.get();
        while (node != nullptr && node->kind != NodeKind::unloaded) {
            if (node->kind == NodeKind::leaf)
                return {true, value_if(as_leaf(*node).path() == rest_, as_leaf(*node).value())};
            if (node->kind == NodeKind::branch && rest_.empty())
                return {true, value_if(true, as_branch(*node).value())};
            node = below(*node);
        }
        return {node == nullptr, std::nullopt};
    }

  private:
    static std::optional<Bytes> value_if(bool found, ByteView value) {
        if (!found || value.empty()) return std::nullopt;
        return to_bytes(value);
    }

    std::size_t depth() const { return 2 * key_.size() - rest_.size(); }

    /// The next node on the way below an extension or a branch that the key does not end at.
    const Node* below(const Node& node) {
        return node.kind == NodeKind::extension ? below_extension(as_extension(node))
                                                : below_branch(as_branch(node));
    }

    const Node* below_extension(const Extension& extension) {
        const Path covered = extension.path();
        if (!rest_.starts_with(covered)) return nullptr;
        rest_ = rest_.without_first(covered.size());
        return extension.child.get();
    }

    const Node* below_branch(const Branch& branch) {
        const NodePtr& child = branch.child(rest_[0]);
        rest_ = rest_.without_first(1);
        return child.get();
    }

    std::optional<Bytes> follow_stored(Reference reference, std::vector<Bytes>* passed) {
        for (;;) {
            const Bytes encoded = load_encoded(source_, nibbles_of(Path(key_).first(depth())), reference);
            if (passed != nullptr) passed->push_back(encoded);
            Step at = step(*decode_node(encoded), rest_);
            while (!at.ends && at.child.size() < Reference::hash_bytes)
                at = step(*decode_node(at.child), rest_);
            if (at.ends) return value_if(true, at.value);
            std::copy(at.child.begin(), at.child.end(), reference.bytes.begin());
            reference.size = Reference::hash_bytes;
        }
    }

    ByteView key_;
    Path rest_;
    const NodeSource& source_;
};

}  // namespace

const NodeSource& no_source() {
    static const NoSource source;
    return source;
}

Trie::Trie() : state_(std::make_shared<const State>()) {}
Trie::~Trie() = default;
Trie::Trie(const Trie&) = default;
Trie& Trie::operator=(const Trie&) = default;
Trie::Trie(Trie&&) noexcept = default;
Trie& Trie::operator=(Trie&&) noexcept = default;

Trie Trie::at_root(const Hash& root) {
    Trie trie;
    if (root == empty_trie_root) return trie;
    State state;
    state.root = unloaded_node(Reference::of_hash(root));
    trie.state_ = std::make_shared<const State>(std::move(state));
    return trie;
}

Hash Trie::root() const {
    if (!state_->root) return empty_trie_root;
    const Reference& reference = state_->root->reference;
    return reference.is_hash() ? reference.bytes : keccak256(reference.view());
}

bool Trie::is_empty() const {
    return !state_->root;
}

std::optional<Bytes> Trie::find(ByteView key, const NodeSource& source) const {
    return Descent(key, source).follow(state_->root, nullptr);
}

Trie::Peek Trie::peek(ByteView key) const {
    return Descent(key, no_source()).peek(state_->root);
}

Trie Trie::with(std::span<const Change> changes, const NodeSource& source) const {
    Update update(source, state_->stored_epoch);
    NodePtr root = update.apply(state_->root, changes);
    if (root == state_->root) return *this;
    Trie trie;
    trie.state_ =
        std::make_shared<const State>(State{std::move(root), state_->stored_epoch, state_->kept_depth,
                                            state_->stale.with(update.take_vacated())});
    return trie;
}

std::vector<Bytes> Trie::prove(ByteView key, const NodeSource& source) const {
    std::vector<Bytes> passed;
    Descent(key, source).follow(state_->root, &passed);
    return passed;
}

void Trie::for_each_unstored(const std::function<void(const StoredNode&)>& visit,
                             std::size_t depth_max) const {
    visit_unstored(state_->root, {state_->stored_epoch, depth_max}, state_->stale, visit);
}

Trie Trie::marked_stored(std::size_t keep_depth) const {
    // What was evicted to a smaller depth before needs no second look; to a greater one, everything does.
    const std::uint32_t evicted_epoch = keep_depth >= state_->kept_depth ? state_->stored_epoch : 0;
    State state;
    state.root = evicted(state_->root, {keep_depth, evicted_epoch});
    state.stored_epoch = state_->stored_epoch + 1;
    state.kept_depth = keep_depth;
    Trie trie;
    trie.state_ = std::make_shared<const State>(std::move(state));
    return trie;
}

std::size_t Trie::memory_bytes() const {
    return sizeof(State) + held_bytes(state_->root);
}

}  // namespace sluice::core::merkle
