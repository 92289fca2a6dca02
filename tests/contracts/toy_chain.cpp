#include "tests/contracts/toy_chain.hpp"

#include "contracts/genesis_state.hpp"
#include "core/check.hpp"

namespace sluice::contracts::test {

namespace {

using namespace native;

// mapping(uint256 => uint256) values;  slot 0
constexpr Mapping<core::Uint256, core::Uint256> values{0};
// uint64 dueAt; slot 1     uint64 dueAgain; slot 2     uint128 money; slot 3
constexpr Field<std::uint64_t> due_at{1};
constexpr Field<std::uint64_t> due_again{2};
constexpr Field<core::Minor> money{3};
// address[] validators; slot 0
constexpr Field<ArrayOf<core::Address>> validator_list{0};

constexpr core::Word put_topic = topic_of("Put(uint256,uint256)");
constexpr core::Word settled_topic = topic_of("Settled(uint64)");

core::Gas flat_gas(const Invocation&) {
    return cost::entry + cost::mapping_slot + cost::slot_read + cost::slot_write + cost::log(2, 32);
}
core::Gas view_gas(const Invocation&) {
    return cost::entry + cost::mapping_slot + cost::slot_read;
}
core::Gas spend_gas(const Invocation& call) {
    const auto arguments = abi::decode<std::uint64_t>(call.arguments);
    return cost::entry + (arguments ? std::get<0>(*arguments) : 0);
}

MethodResult put(Invocation& call) {
    const auto arguments = abi::decode<core::Uint256, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const auto& [key, value] = *arguments;
    const auto place = values.at(call.storage(), key);
    const core::Uint256 old = place.read();
    place.write(value);
    call.emit(put_topic, {word_of(key)}, abi::encode(value));
    return abi::encode(old);
}

MethodResult get(Invocation& call) {
    const auto arguments = abi::decode<core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    return abi::encode(values.at(call.storage(), std::get<0>(*arguments)).read());
}

MethodResult put_then_refuse(Invocation& call) {
    CHECK(put(call).has_value());
    return refused("AM05");
}

MethodResult fail(Invocation& call) {
    const auto arguments = abi::decode<std::string_view>(call.arguments);
    if (!arguments) return malformed();
    return reverted(std::get<0>(*arguments));
}

MethodResult spend(Invocation&) {
    return core::Bytes{};
}

MethodResult who(Invocation& call) {
    return abi::encode(call.caller, call.origin);
}

MethodResult mint(Invocation& call) {
    const auto arguments = abi::decode<core::Minor>(call.arguments);
    if (!arguments) return malformed();
    money.in(call.storage()).write(std::get<0>(*arguments));
    return core::Bytes{};
}

MethodResult schedule(Invocation& call) {
    const auto arguments = abi::decode<std::uint64_t, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    due_at.in(call.storage()).write(std::get<0>(*arguments));
    due_again.in(call.storage()).write(std::get<1>(*arguments));
    return core::Bytes{};
}

MethodResult set_validators(Invocation& call) {
    const auto arguments = abi::decode<std::vector<core::Address>>(call.arguments);
    if (!arguments) return malformed();
    const auto list = validator_list.in(call.storage());
    while (list.size() > 0)
        list.pop();
    for (const core::Address& member : std::get<0>(*arguments))
        list.push(member);
    return core::Bytes{};
}

MethodResult symbol(Invocation& call) {
    return abi::encode(std::array<std::uint8_t, 3>{call.self[17], call.self[18], call.self[19]});
}

consteval Method row(std::string_view signature, Access access, core::Gas (*gas)(const Invocation&),
                     MethodResult (*run)(Invocation&)) {
    return {signature, selector_of(signature), access, gas, run};
}

constexpr std::array toy_methods{
    row("put(uint256,uint256)", Access::write, flat_gas, put),
    row("get(uint256)", Access::view, view_gas, get),
    row("putThenRefuse(uint256,uint256)", Access::write, flat_gas, put_then_refuse),
    row("fail(string)", Access::write, view_gas, fail),
    row("spend(uint64)", Access::write, spend_gas, spend),
    row("who()", Access::view, view_gas, who),
    row("mint(uint128)", Access::write, flat_gas, mint),
    row("schedule(uint64,uint64)", Access::write, flat_gas, schedule),
};
constexpr std::array governance_methods{
    row("setValidators(address[])", Access::write, flat_gas, set_validators)};
constexpr std::array facade_methods{row("symbol()", Access::view, view_gas, symbol)};

constexpr NativeContract toy{.address = toy_address, .name = "toy", .methods = toy_methods};
constexpr NativeContract governance{
    .address = toy_governance, .name = "toy governance", .methods = governance_methods};
constexpr NativeContract later{
    .address = later_address, .name = "later", .active_from = 10, .methods = toy_methods};
constexpr NativeContract facades{
    .address = facade_address({0, 0, 0}), .name = "facade", .family_bytes = 3, .methods = facade_methods};
constexpr std::array rows{&toy, &governance, &later, &facades};

std::optional<core::UnixMs> toy_next_due(JournaledState& state) {
    const core::UnixMs at = due_at.in(Storage(state, toy_address)).read();
    return at == 0 ? std::nullopt : std::optional(at);
}

bool toy_is_due(SystemInvocation& call) {
    const auto at = toy_next_due(call.state);
    return at && *at <= call.block.time_ms;
}

void toy_run_due(SystemInvocation& call) {
    const Storage storage(call.state, toy_address);
    const std::uint64_t again = due_again.in(storage).read();
    if (again == 0)
        due_at.in(storage).write(0);
    else
        due_again.in(storage).write(again - 1);
    call.emit(toy_address, settled_topic, {}, abi::encode(call.block.height));
}

MoneyVerdict toy_check_money(JournaledState& state) {
    MoneyVerdict verdict = MoneyVerdict::conserved;
    state.for_each_storage_change(toy_address,
                                  [&](const core::Word& key, const core::Word&, const core::Word&) {
                                      if (key == core::word_from_u64(3)) verdict = MoneyVerdict::violated;
                                  });
    return verdict;
}

core::ValidatorSet toy_next_validators(JournaledState& state) {
    const auto list = validator_list.in(Storage(state, toy_governance));
    std::vector<core::Address> members;
    for (std::uint64_t i = 0; i < list.size(); ++i)
        members.push_back(list.read(i));
    auto set = core::ValidatorSet::make(std::move(members));
    CHECK(set.has_value());
    return *set;
}

ChainParameters toy_parameters(JournaledState&) {
    const core::ChainSpec spec = ToyChain::spec();
    return {.block_gas_limit = spec.block_gas_limit,
            .transaction_gas_limit = spec.transaction_gas_limit,
            .rotation_period = spec.rotation_period};
}

std::shared_ptr<const QueueIndex> toy_queues(JournaledState&, const BlockContext& block,
                                             const std::shared_ptr<const QueueIndex>&) {
    return block.queues;
}

void toy_genesis(JournaledState& state, const core::ChainSpec& spec) {
    const auto list = validator_list.in(Storage(state, toy_governance));
    for (const core::GenesisValidator& validator : spec.validators)
        list.push(validator.address);
    install_native(state, facade_address({'E', 'U', 'R'}));
}

constexpr Registry registry{.contracts = rows,
                            .hooks = {.is_due = toy_is_due,
                                      .run_due = toy_run_due,
                                      .next_due = toy_next_due,
                                      .check_money = toy_check_money,
                                      .next_validators = toy_next_validators,
                                      .parameters = toy_parameters,
                                      .queues_after = toy_queues,
                                      .write_genesis = toy_genesis},
                            .governance = toy_governance};

}  // namespace

const native::Registry& toy_registry() {
    return registry;
}

core::Address ToyChain::member(std::uint8_t number) {
    core::Address address{};
    address[0] = 0xaa;
    address[19] = number;
    return address;
}

core::Address ToyChain::rich() {
    core::Address address{};
    address[0] = 0xbb;
    return address;
}

core::ChainSpec ToyChain::spec() {
    core::ChainSpec spec;
    spec.chain_id = toy_chain_id;
    spec.time_ms = 1'700'000'000'123;
    for (std::uint8_t i = 0; i < 4; ++i)
        spec.validators.push_back({.name = "node" + std::to_string(i),
                                   .address = member(i),
                                   .bic = *core::Bic::parse(std::string("AAAADEF") + char('A' + i))});
    spec.currencies.push_back({.code = *core::CurrencyCode::parse("EUR")});
    core::Address op{};
    op[0] = 0xcc;
    spec.operators.keys = {op};
    core::GenesisAccount& funded = spec.alloc.emplace_back();
    funded.address = rich();
    funded.balance = core::Uint256(1'000'000'000'000'000'000ull);
    return spec;
}

ToyChain::ToyChain() {
    GenesisBlock genesis = make_genesis(spec(), toy_registry());
    state.apply(genesis.diff);
    head = genesis.header;
    validators = std::make_shared<const core::ValidatorSet>(genesis.validators);
}

BlockContext ToyChain::next_context() const {
    JournaledState scratch(state);
    return context_after(head, core::hash_of(head),
                         {.miner = member(0),
                          .time_ms = core::time_ms_of(head) + 1'000,
                          .chain_id = toy_chain_id,
                          .parameters = toy_parameters(scratch),
                          .validators = validators,
                          .queues = nullptr});
}

ExecutionResult ToyChain::append(std::vector<core::TransactionPtr> transactions, core::UnixMs time_ms) {
    BlockContext context = next_context();
    if (time_ms != 0) context.time_ms = time_ms;
    ExecutionResult result = execute_block(state, context, transactions, Mode::build, toy_registry());
    EXPECT_FALSE(result.fault.has_value());
    state.apply(result.diff);
    head = assemble_header(context, result, core::keccak256(core::word_from_u64(context.height)));
    validators = result.next_validators;
    return result;
}

core::TransactionPtr make(const Draft& draft) {
    core::Transaction transaction;
    transaction.type = draft.type;
    transaction.chain_id = draft.chain_id;
    transaction.nonce = draft.nonce;
    transaction.max_priority_fee_per_gas = draft.tip;
    transaction.max_fee_per_gas = draft.max_fee;
    transaction.gas_limit = draft.gas_limit;
    transaction.to = draft.to;
    transaction.value = draft.value;
    transaction.data = draft.data;
    transaction.access_list = draft.access_list;
    transaction.max_fee_per_blob_gas = draft.max_blob_fee;
    transaction.blob_hashes = draft.blob_hashes;
    transaction.authorization_list = draft.authorizations;
    core::Bytes encoded = core::encode(transaction);
    const core::Hash hash = core::keccak256(encoded);
    return std::make_shared<const core::RecoveredTransaction>(core::RecoveredTransaction{
        std::move(transaction), core::share(std::move(encoded)), hash, draft.sender});
}

core::Word toy_slot(std::uint64_t key) {
    return native::entry_slot(core::word_from_u64(key), core::word_from_u64(0));
}

}  // namespace sluice::contracts::test
