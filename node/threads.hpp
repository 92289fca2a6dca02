/// The threads of a running node, by name, as places to post work to.
#pragma once

#include <pthread.h>

#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace sluice::node {

/// One or more threads that run what is posted to one queue. With one thread it is an owner: whatever only it
/// touches needs no lock. What is urgent runs before everything else that waits.
class ThreadGroup {
  public:
    /// Exceptions that escape posted work end up in `on_failure`, on the thread where they happened.
    ThreadGroup(std::string name, std::size_t count, std::function<void(std::exception_ptr)> on_failure)
        : name_(std::move(name)),
          count_(count),
          on_failure_(std::move(on_failure)),
          io_(static_cast<int>(count)),
          guard_(boost::asio::make_work_guard(io_)) {}
    ~ThreadGroup() { stop(); }
    ThreadGroup(const ThreadGroup&) = delete;
    ThreadGroup& operator=(const ThreadGroup&) = delete;

    void start() {
        for (std::size_t i = 0; i < count_; ++i)
            threads_.emplace_back([this, i] {
                const auto name = count_ == 1 ? name_ : name_ + "." + std::to_string(i);
                pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
                try {
                    io_.run();
                } catch (...) {
                    on_failure_(std::current_exception());
                }
            });
    }

    /// Finishes what is running, drops what is queued, joins. Idempotent.
    void stop() {
        guard_.reset();
        io_.stop();
        for (auto& thread : threads_)
            if (thread.joinable()) thread.join();
        threads_.clear();
    }

    template <typename Work>
    void post(Work work) {
        boost::asio::post(io_, [this, work = std::move(work)]() mutable {
            run_urgent();
            work();
        });
    }
    template <typename Work>
    void post_urgent(Work work) {
        {
            const std::lock_guard lock(urgent_mutex_);
            // A std::function has to be copied; work may be movable only.
            urgent_.emplace_back([work = std::make_shared<Work>(std::move(work))] { (*work)(); });
        }
        boost::asio::post(io_, [this] { run_urgent(); });
    }

    boost::asio::io_context& io() { return io_; }

  private:
    /// Until none is left; another thread may take some of it.
    void run_urgent() {
        for (;;) {
            std::function<void()> next;
            {
                const std::lock_guard lock(urgent_mutex_);
                if (urgent_.empty()) return;
                next = std::move(urgent_.front());
                urgent_.pop_front();
            }
            next();
        }
    }

    std::string name_;
    std::size_t count_;
    std::function<void(std::exception_ptr)> on_failure_;
    std::mutex urgent_mutex_;
    std::deque<std::function<void()>> urgent_;
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    std::vector<std::thread> threads_;
};

}  // namespace sluice::node
