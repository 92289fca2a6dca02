#include "node/rpc/method_table.hpp"

#include <algorithm>
#include <iterator>

#include "core/check.hpp"
#include "node/rpc/services.hpp"

namespace sluice::node::rpc {

NodeAccess& ReadCall::node() const {
    return services.node;
}

ChainReader ReadCall::reader() const {
    return {*snapshot, services.recent};
}

MethodTable::MethodTable(std::vector<Method> methods) : methods_(std::move(methods)) {
    std::sort(methods_.begin(), methods_.end(),
              [](const Method& a, const Method& b) { return a.name < b.name; });
    for (std::size_t i = 1; i < methods_.size(); ++i)
        CHECK(methods_[i - 1].name != methods_[i].name);
}

const Method* MethodTable::find(std::string_view name) const {
    const auto found =
        std::lower_bound(methods_.begin(), methods_.end(), name,
                         [](const Method& method, std::string_view wanted) { return method.name < wanted; });
    return found == methods_.end() || found->name != name ? nullptr : &*found;
}

MethodTable standard_methods() {
    std::vector<Method> all;
    for (auto* group : {chain_methods, transaction_methods, contract_methods, trace_methods, log_methods,
                        subscription_methods, settlement_methods, participant_methods, liquidity_methods,
                        account_methods, money_methods, payment_methods, entry_methods, feed_methods,
                        node_methods, validator_methods, admin_methods, description_methods}) {
        auto methods = group();
        all.insert(all.end(), std::make_move_iterator(methods.begin()),
                   std::make_move_iterator(methods.end()));
    }
    return MethodTable(std::move(all));
}

std::string_view module_of(std::string_view method) {
    return method.substr(0, method.find_first_of("_."));
}

}  // namespace sluice::node::rpc
