/// Reads the fields of JSON objects into values; the first thing that is wrong is kept with its path.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/documents/json_tree.hpp"
#include "core/identifiers.hpp"
#include "core/uint256.hpp"

namespace sluice::core::documents {

/// How one kind of value stands in JSON.
template <typename T>
struct Form {
    std::optional<T> (*read)(const Json& value);
    const char* allowed;  ///< completes "it must be …"
};

extern const Form<bool> bool_form;
extern const Form<std::uint64_t> number_form;
extern const Form<std::uint32_t> number32_form;
extern const Form<std::uint8_t> number8_form;
extern const Form<std::string> text_form;
extern const Form<Address> address_form;
extern const Form<Hash> hash_form;
extern const Form<Bytes> bytes_form;
extern const Form<Uint256> decimal_form;
extern const Form<Bic> bic_form;
extern const Form<Uetr> uetr_form;
extern const Form<CurrencyCode> currency_form;
extern const Form<DateYmd> date_form;

/// The first error of a document; later ones are dropped.
class FirstError {
  public:
    void keep(DocumentError error) {
        if (!error_) error_ = std::move(error);
    }
    void keep_wrong(std::string path, const Json& value, std::string allowed);
    const std::optional<DocumentError>& error() const { return error_; }

  private:
    std::optional<DocumentError> error_;
};

/// Reads one value; false where it has not its form.
template <typename T>
bool read_value(const Json& value, const std::string& path, const Form<T>& form, T& into,
                FirstError& errors) {
    auto read = form.read(value);
    if (!read) {
        errors.keep_wrong(path, value, form.allowed);
        return false;
    }
    into = std::move(*read);
    return true;
}

/// The fields of one object. What is missing or wrong leaves the target as it was and is kept as error.
class ObjectFields {
  public:
    /// `known` are the names of all fields; any other field of the object is an error. `value` must outlive
    /// this.
    ObjectFields(const Json& value, std::string path, std::initializer_list<std::string_view> known,
                 FirstError& errors);

    template <typename T>
    void required(std::string_view name, const Form<T>& form, T& into) const {
        if (const Json* value = require(name, form.allowed))
            read_value(*value, field_path(path_, name), form, into, errors_);
    }
    template <typename T>
    void optional(std::string_view name, const Form<T>& form, T& into) const {
        if (const Json* value = find(name)) read_value(*value, field_path(path_, name), form, into, errors_);
    }
    /// Calls `read(entry, path of the entry)` for each entry of a list.
    template <typename Read>
    void required_list(std::string_view name, Read read) const {
        if (const Json* value = require(name, "a list")) each_entry(*value, field_path(path_, name), read);
    }
    template <typename Read>
    void optional_list(std::string_view name, Read read) const {
        if (const Json* value = find(name)) each_entry(*value, field_path(path_, name), read);
    }
    /// A list whose entries all have one form.
    template <typename T>
    void required_list_of(std::string_view name, const Form<T>& form, std::vector<T>& into) const {
        required_list(name,
                      [&](const Json& entry, const std::string& path) { append(entry, path, form, into); });
    }
    template <typename T>
    void optional_list_of(std::string_view name, const Form<T>& form, std::vector<T>& into) const {
        optional_list(name,
                      [&](const Json& entry, const std::string& path) { append(entry, path, form, into); });
    }
    /// Null where the field is missing.
    const Json* find(std::string_view name) const;
    /// Null, and an error, where the field is missing.
    const Json* require(std::string_view name, std::string_view allowed) const;
    std::string path_of(std::string_view name) const { return field_path(path_, name); }

  private:
    template <typename T>
    void append(const Json& entry, const std::string& path, const Form<T>& form, std::vector<T>& into) const {
        T value{};
        if (read_value(entry, path, form, value, errors_)) into.push_back(std::move(value));
    }
    template <typename Read>
    void each_entry(const Json& list, const std::string& path, Read read) const {
        if (!list.is_array()) return errors_.keep_wrong(path, list, "a list");
        for (std::size_t i = 0; i < list.size() && !errors_.error(); ++i)
            read(list[i], entry_path(path, i));
    }

    const Json* object_ = nullptr;  ///< null where the value is no object
    std::string path_;
    FirstError& errors_;
};

}  // namespace sluice::core::documents
