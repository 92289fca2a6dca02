/// Typed storage of native contracts in Solidity's layout, so that Ethereum's tools read it. A contract
/// declares its fields with the Solidity line above:
///
///     // mapping(bytes11 bic => Participant) participants;   slot 1
///     inline constexpr Mapping<std::array<char, 11>, Participant> participants{1};
///
///     Place<Participant> place = participants.at(storage, bic);
///     Participant p = place.read();  …  place.write(p);
///
/// A stored struct lists its members in the order of the Solidity struct; small ones share slots as there:
///     static constexpr auto storage_members() { return std::make_tuple(&Participant::status,
///     &Participant::admin); }
#pragma once

#include <limits>
#include <tuple>

#include "contracts/journaled_state.hpp"
#include "contracts/native/value_type.hpp"
#include "core/check.hpp"

namespace sluice::contracts::native {

/// The storage of one contract. A cheap handle; valid as long as the state.
class Storage {
  public:
    Storage(JournaledState& state, const core::Address& contract)
        : state_(&state), account_(state.account_at(contract)) {}
    core::Word load(const core::Word& key) const { return state_->storage(account_, key); }
    void store(const core::Word& key, const core::Word& value) const {
        state_->set_storage(account_, key, value);
    }
    JournaledState& state() const { return *state_; }

  private:
    JournaledState* state_;
    AccountRef account_;
};

/// slot + by, modulo 2^256.
core::Word slot_after(const core::Word& slot, std::uint64_t by);
/// keccak256(slot): where a dynamic array or a long string keeps its content.
core::Word content_slot(const core::Word& slot);
/// keccak256(key ‖ slot), the key as its ABI word: the slot of one mapping entry.
core::Word entry_slot(const core::Word& key, const core::Word& slot);

template <typename T>
concept HasStorageMembers = requires {
    T::storage_members();
};

namespace detail {

/// Where a member of a struct lies: slot from the struct's first, bytes from the slot's low end.
struct MemberPosition {
    std::size_t slot = 0;
    std::size_t offset = 0;
};

/// Solidity's packing: a member goes beside the last one if it fits the same slot, else into the next slot.
template <std::size_t N>
constexpr std::array<MemberPosition, N> pack(const std::array<std::size_t, N>& sizes) {
    std::array<MemberPosition, N> positions{};
    std::size_t slot = 0;
    std::size_t used = 0;
    for (std::size_t i = 0; i < N; ++i) {
        if (used + sizes[i] > 32) {
            ++slot;
            used = 0;
        }
        positions[i] = {slot, used};
        used += sizes[i];
    }
    return positions;
}

template <typename Members>
struct StructLayout;
template <typename S, typename... Ms>
struct StructLayout<std::tuple<Ms S::*...>> {
    static constexpr std::array<std::size_t, sizeof...(Ms)> sizes{ValueType<Ms>::bytes...};
    static constexpr auto positions = pack(sizes);
    static constexpr std::size_t slots = positions.back().slot + 1;
};

template <Value T>
void put_packed(core::Word& word, std::size_t offset, const T& value) {
    ValueType<T>::put(word.data() + 32 - offset - ValueType<T>::bytes, value);
}
/// What a contract has stored, it can read back: anything else is a damaged state.
template <Value T>
void take_packed(const core::Word& word, std::size_t offset, T& value) {
    CHECK(ValueType<T>::take(word.data() + 32 - offset - ValueType<T>::bytes, value));
}

}  // namespace detail

/// A place of type T in storage: a value type or a struct of value types. T{} reads from and writes zeros.
template <typename T>
class Place;

template <Value T>
class Place<T> {
  public:
    static constexpr std::size_t slots = 1;
    Place(const Storage& storage, const core::Word& slot) : storage_(storage), slot_(slot) {}
    T read() const {
        T value{};
        detail::take_packed(storage_.load(slot_), 0, value);
        return value;
    }
    void write(const T& value) const {
        core::Word word{};
        detail::put_packed(word, 0, value);
        storage_.store(slot_, word);
    }
    void clear() const { storage_.store(slot_, core::Word{}); }
    const core::Word& slot() const { return slot_; }

  private:
    Storage storage_;
    core::Word slot_;
};

template <HasStorageMembers S>
class Place<S> {
    using Layout = detail::StructLayout<decltype(S::storage_members())>;

  public:
    static constexpr std::size_t slots = Layout::slots;
    Place(const Storage& storage, const core::Word& slot) : storage_(storage), slot_(slot) {}
    S read() const {
        std::array<core::Word, slots> words;
        for (std::size_t i = 0; i < slots; ++i)
            words[i] = storage_.load(slot_after(slot_, i));
        S value{};
        for_each_member([&](auto member, const detail::MemberPosition& at) {
            detail::take_packed(words[at.slot], at.offset, value.*member);
        });
        return value;
    }
    void write(const S& value) const {
        std::array<core::Word, slots> words{};
        for_each_member([&](auto member, const detail::MemberPosition& at) {
            detail::put_packed(words[at.slot], at.offset, value.*member);
        });
        for (std::size_t i = 0; i < slots; ++i)
            storage_.store(slot_after(slot_, i), words[i]);
    }
    void clear() const {
        for (std::size_t i = 0; i < slots; ++i)
            storage_.store(slot_after(slot_, i), core::Word{});
    }
    /// The words as they lie in storage: slot number `index` of the struct.
    core::Word read_slot(std::size_t index) const { return storage_.load(slot_after(slot_, index)); }
    const core::Word& slot() const { return slot_; }

  private:
    template <typename Visit>
    static void for_each_member(Visit&& visit) {
        std::size_t index = 0;
        std::apply([&](auto... member) { (visit(member, Layout::positions[index++]), ...); },
                   S::storage_members());
    }
    Storage storage_;
    core::Word slot_;
};

/// mapping(K => V) at a place.
template <typename K, typename V>
class MappingPlace {
  public:
    MappingPlace(const Storage& storage, const core::Word& slot) : storage_(storage), slot_(slot) {}
    auto at(const K& key) const { return Place<V>(storage_, entry_slot(word_of(key), slot_)); }

  private:
    Storage storage_;
    core::Word slot_;
};

/// T[] at a place: the length in the slot, elements from keccak256(slot) on. Value types of up to 16 bytes
/// share slots.
template <typename T>
class ArrayPlace {
  public:
    ArrayPlace(const Storage& storage, const core::Word& slot) : storage_(storage), slot_(slot) {}
    std::uint64_t size() const { return Place<std::uint64_t>(storage_, slot_).read(); }
    T read(std::uint64_t index) const {
        if constexpr (Value<T>) {
            T value{};
            detail::take_packed(storage_.load(slot_of(index)), offset_of(index), value);
            return value;
        } else {
            return Place<T>(storage_, slot_of(index)).read();
        }
    }
    /// Precondition (CHECKed): index < size().
    void write(std::uint64_t index, const T& value) const {
        CHECK(index < size());
        put(index, value);
    }
    void push(const T& value) const {
        const std::uint64_t index = size();
        Place<std::uint64_t>(storage_, slot_).write(index + 1);
        put(index, value);
    }
    /// Precondition (CHECKed): not empty. The freed element becomes zero.
    void pop() const {
        const std::uint64_t length = size();
        CHECK(length > 0);
        put(length - 1, T{});
        Place<std::uint64_t>(storage_, slot_).write(length - 1);
    }

  private:
    static constexpr std::size_t per_slot() {
        if constexpr (Value<T>)
            return 32 / ValueType<T>::bytes;
        else
            return 1;
    }
    core::Word slot_of(std::uint64_t index) const {
        if constexpr (Value<T>)
            return slot_after(content_slot(slot_), index / per_slot());
        else
            return slot_after(content_slot(slot_), index * Place<T>::slots);
    }
    static std::size_t offset_of(std::uint64_t index) { return (index % per_slot()) * ValueType<T>::bytes; }
    void put(std::uint64_t index, const T& value) const {
        if constexpr (Value<T>) {
            core::Word word = storage_.load(slot_of(index));
            detail::put_packed(word, offset_of(index), value);
            storage_.store(slot_of(index), word);
        } else {
            Place<T>(storage_, slot_of(index)).write(value);
        }
    }
    Storage storage_;
    core::Word slot_;
};

/// string or bytes at a place: up to 31 bytes in the slot itself, longer ones from keccak256(slot) on.
class TextPlace {
  public:
    TextPlace(const Storage& storage, const core::Word& slot) : storage_(storage), slot_(slot) {}
    core::Bytes read() const;
    std::string read_text() const;
    /// Slots of a longer old content become zero.
    void write(core::ByteView content) const;
    void write(std::string_view text) const { write(core::view(text)); }

  private:
    void write_content(core::ByteView content, std::size_t old_size) const;
    Storage storage_;
    core::Word slot_;
};

/// Kinds of fields that are not values: name them as the T of Place, Field or Mapping.
template <typename K, typename V>
struct MapOf;
template <typename T>
struct ArrayOf;
struct Text;

template <typename K, typename V>
class Place<MapOf<K, V>> : public MappingPlace<K, V> {
    using MappingPlace<K, V>::MappingPlace;
};
template <typename T>
class Place<ArrayOf<T>> : public ArrayPlace<T> {
    using ArrayPlace<T>::ArrayPlace;
};
template <>
class Place<Text> : public TextPlace {
    using TextPlace::TextPlace;
};

/// A state variable of type T at a slot of its own: `Field<std::uint64_t>`, `Field<ArrayOf<core::Address>>`,
/// …
template <typename T>
struct Field {
    std::uint64_t slot = 0;
    Place<T> in(const Storage& storage) const { return {storage, core::word_from_u64(slot)}; }
};

/// mapping(K => V) as a state variable; V may be MapOf<…>, ArrayOf<…> or Text.
template <typename K, typename V>
struct Mapping {
    std::uint64_t slot = 0;
    Place<V> at(const Storage& storage, const K& key) const {
        return {storage, entry_slot(word_of(key), core::word_from_u64(slot))};
    }
};

}  // namespace sluice::contracts::native
