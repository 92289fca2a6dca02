#include "node/rpc/arguments.hpp"

#include <algorithm>

namespace sluice::node::rpc {
namespace {

bool is_named(const Json& params, std::span<const Parameter> parameters) {
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](const Parameter& parameter) { return params.contains(parameter.name); });
}

}  // namespace

core::Result<Arguments, Error> Arguments::bind(Json params, std::span<const Parameter> parameters) {
    Arguments arguments;
    if (params.is_object() && !params.empty()) {
        if (parameters.size() == 1 && !is_named(params, parameters)) {
            arguments.values_.push_back(std::move(params));
            return arguments;
        }
        arguments.values_.resize(parameters.size());
        std::size_t known = 0;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const auto found = params.find(parameters[i].name);
            if (found == params.end()) continue;
            arguments.values_[i] = std::move(*found);
            ++known;
        }
        if (known != params.size()) return core::fail(invalid_params("unknown named argument"));
        return arguments;
    }
    if (params.size() > parameters.size())
        return core::fail(
            invalid_params("too many arguments, want at most " + std::to_string(parameters.size())));
    if (params.is_array()) arguments.values_ = std::move(params.get_ref<Json::array_t&>());
    return arguments;
}

const Json* Arguments::find(std::size_t index) const {
    if (index >= values_.size() || values_[index].is_null()) return nullptr;
    return &values_[index];
}

const Json* Arguments::find(std::size_t index, std::string_view member) const {
    const Json* object = find(index);
    if (object == nullptr || !object->is_object()) return nullptr;
    const auto found = object->find(member);
    return found == object->end() || found->is_null() ? nullptr : &*found;
}

}  // namespace sluice::node::rpc
