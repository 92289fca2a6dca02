#include "node/rpc/request.hpp"

#include <mutex>

#include "core/check.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/submission.hpp"

namespace sluice::node::rpc {
namespace {

namespace json_rpc = network::json_rpc;
using std::chrono::steady_clock;

/// A request under work; kept alive by what is still running for it.
class RequestRun : public std::enable_shared_from_this<RequestRun> {
  public:
    using Done = std::function<void(std::optional<std::string>)>;
    RequestRun(std::shared_ptr<Services> services, Caller caller, json_rpc::Request request, Done done)
        : services_(std::move(services)),
          caller_(std::move(caller)),
          request_(std::move(request)),
          answers_(request_),
          done_(std::move(done)),
          snapshot_(services_->node.snapshot()),
          began_(steady_clock::now()) {}

    void start() {
        // Broken elements have their answers already, and notifications get none: everything may be said by
        // now.
        deliver_if_complete();
        std::vector<std::size_t> reads, submissions;
        for (std::size_t place = 0; place < request_.entries.size(); ++place) {
            if (request_.entries[place].error) continue;
            sort_out(place, reads, submissions);
        }
        submit(submissions);
        run_reads(std::move(reads), 0);
    }

  private:
    const json_rpc::Call& call(std::size_t place) const { return request_.entries[place].call; }

    /// The row of a call; null and an answer if the caller may not call it.
    const Method* find_method(std::size_t place) {
        const auto* method = services_->methods.find(call(place).method);
        const bool is_allowed = method != nullptr && (method->role != Role::operator_ || caller_.is_operator);
        if (services_->is_shut_down)
            answer(place, core::fail(shutting_down()));
        else if (!is_allowed)
            answer(place, core::fail(unknown_method(call(place).method)));
        return services_->is_shut_down || !is_allowed ? nullptr : method;
    }

    void sort_out(std::size_t place, std::vector<std::size_t>& reads, std::vector<std::size_t>& submissions) {
        const auto* method = find_method(place);
        if (method == nullptr) return;
        switch (method->access) {
            case Access::submit:
                submissions.push_back(place);
                return;
            case Access::read:
                reads.push_back(place);
                return;
            case Access::heavy:
                run_heavy(place, *method, reads);
                return;
            case Access::node:
                run_on_node(place, *method);
                return;
        }
    }

    core::Result<Arguments, Error> bind(std::size_t place, const Method& method) {
        return Arguments::bind(std::move(request_.entries[place].call.params), method.parameters);
    }

    void run_heavy(std::size_t place, const Method& method, std::vector<std::size_t>& reads) {
        if (method.is_heavy != nullptr) {
            // Looks at a copy: the read will bind the original.
            const auto arguments = Arguments::bind(call(place).params, method.parameters);
            if (!arguments || !method.is_heavy(*arguments)) return reads.push_back(place);
        }
        const bool is_taken =
            services_->heavy->post([self = shared_from_this(), place] { self->read(place); });
        if (!is_taken) answer(place, core::fail(busy()));
    }

    void run_on_node(std::size_t place, const Method& method) {
        auto arguments = bind(place, method);
        if (!arguments) return answer(place, core::fail(arguments.error()));
        try {
            std::get<NodeHandler>(method.handler)(
                {.services = services_,
                 .snapshot = snapshot_,
                 .arguments = std::move(*arguments),
                 .caller = caller_,
                 .answer = [self = shared_from_this(), place](Answer result) {
                     self->answer(place, std::move(result));
                 }});
        } catch (const ledger::BlockNotKept& block) {
            answer(place, core::fail(not_kept(block)));
        }
    }

    void read(std::size_t place) {
        const auto* method = services_->methods.find(call(place).method);
        CHECK(method != nullptr);
        auto arguments = bind(place, *method);
        if (!arguments) return answer(place, core::fail(arguments.error()));
        answer(place, run_read(*method, *arguments));
    }

    Answer run_read(const Method& method, Arguments& arguments) {
        try {
            return std::get<ReadHandler>(method.handler)({*services_, snapshot_, arguments});
        } catch (const ledger::BlockNotKept& block) {
            return core::fail(not_kept(block));
        }
    }

    /// Runs reads one after the other, and lets other work of the thread pass now and then.
    void run_reads(std::vector<std::size_t> places, std::size_t from) {
        const auto until = steady_clock::now() + limits::slice;
        for (std::size_t i = from; i < places.size(); ++i) {
            if (i > from && steady_clock::now() > until) {
                services_->node.post([self = shared_from_this(), places = std::move(places), i]() mutable {
                    self->run_reads(std::move(places), i);
                });
                return;
            }
            read(places[i]);
        }
    }

    void submit(const std::vector<std::size_t>& places) {
        std::vector<core::SharedBytes> encoded;
        std::vector<std::size_t> accepted;
        for (const std::size_t place : places) {
            const auto* method = services_->methods.find(call(place).method);
            auto arguments = bind(place, *method);
            if (!arguments) {
                answer(place, core::fail(arguments.error()));
                continue;
            }
            auto bytes = arguments->get(0, read_data);
            if (arguments->fault()) {
                answer(place, core::fail(*arguments->fault()));
                continue;
            }
            encoded.push_back(core::share(std::move(bytes)));
            accepted.push_back(place);
        }
        if (encoded.empty()) return;
        submit_transactions(services_->node, std::move(encoded),
                            [self = shared_from_this(), accepted](const std::vector<Submitted>& results) {
                                for (std::size_t i = 0; i < results.size(); ++i)
                                    self->answer(accepted[i], answer_of(results[i]));
                            });
    }

    static Answer answer_of(const Submitted& submitted) {
        if (submitted.error) return core::fail(*submitted.error);
        return JsonWriter(72).data(submitted.transaction->hash).take();
    }

    void answer(std::size_t place, Answer result) {
        const auto& id = call(place).id;
        auto text =
            result ? json_rpc::encode_raw_result(id, *result) : json_rpc::encode_error(id, result.error());
        const std::chrono::duration<double> took = steady_clock::now() - began_;
        // Names of strangers' invention must not become labels of metrics.
        const auto* method = services_->methods.find(call(place).method);
        services_->node.count_rpc(method == nullptr ? "unknown" : method->name, result.has_value(),
                                  took.count());
        {
            const std::lock_guard lock(mutex_);
            answers_.set(place, std::move(text));
        }
        deliver_if_complete();
    }

    void deliver_if_complete() {
        std::optional<std::string> body;
        {
            const std::lock_guard lock(mutex_);
            if (is_delivered_ || !answers_.is_complete()) return;
            is_delivered_ = true;
            body = answers_.take();
        }
        done_(std::move(body));
    }

    const std::shared_ptr<Services> services_;
    const Caller caller_;
    json_rpc::Request request_;
    std::mutex mutex_;
    json_rpc::Answers answers_;
    bool is_delivered_ = false;
    const Done done_;
    const ledger::LedgerSnapshotPtr snapshot_;
    const steady_clock::time_point began_;
};

}  // namespace

void answer_request(const std::shared_ptr<Services>& services, Caller caller, std::string_view text,
                    std::function<void(std::optional<std::string>)> done) {
    auto request = json_rpc::parse(text);
    if (!request) return done(json_rpc::encode_error(nullptr, request.error()));
    std::make_shared<RequestRun>(services, std::move(caller), std::move(*request), std::move(done))->start();
}

}  // namespace sluice::node::rpc
