// SPDX-License-Identifier: Apache-2.0
// What the hub's bookkeeping is compared with: receive a webhook, make it durable, then one read
// and two writes at the vendors. No rules, no batches, nothing read back.
#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

#include <CLI/CLI.hpp>
#include <curl/curl.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include "hub/api/server.h"
#include "tests/bench/figures.h"

using namespace concordat;
using namespace concordat::bench;
using Json = nlohmann::json;

namespace {

/// Inserts that wait are committed together.
class Inserts {
 public:
    explicit Inserts(const std::string& path) : thread_([this, path] { loop(path); }) {}
    ~Inserts() {
        {
            const std::lock_guard lock(mutex_);
            isClosing_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    /// Returns when it is durable.
    void add(const std::string& body) {
        std::unique_lock lock(mutex_);
        waiting_.push_back(body);
        const long own = ++taken_;
        changed_.notify_all();
        durable_.wait(lock, [&] { return done_ >= own; });
    }

 private:
    void loop(const std::string& path) {
        sqlite3* database = nullptr;
        sqlite3_open(path.c_str(), &database);
        sqlite3_exec(database,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                     "CREATE TABLE webhooks (id INTEGER PRIMARY KEY, body TEXT)",
                     nullptr, nullptr, nullptr);
        sqlite3_stmt* insert = nullptr;
        sqlite3_prepare_v2(database, "INSERT INTO webhooks (body) VALUES ($1)", -1, &insert,
                           nullptr);
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [&] { return isClosing_ || !waiting_.empty(); });
            if (waiting_.empty()) break;
            std::vector<std::string> group;
            group.swap(waiting_);
            lock.unlock();
            commit(database, insert, group);
            lock.lock();
            done_ += static_cast<long>(group.size());
            durable_.notify_all();
        }
        sqlite3_finalize(insert);
        sqlite3_close(database);
    }

    static void commit(sqlite3* database,
                       sqlite3_stmt* insert,
                       const std::vector<std::string>& group) {
        sqlite3_exec(database, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
        for (const auto& body : group) {
            sqlite3_bind_text(insert, 1, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
            sqlite3_step(insert);
            sqlite3_reset(insert);
        }
        sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
    }

    std::mutex mutex_;  // guards all below but thread_
    std::condition_variable changed_;
    std::condition_variable durable_;
    std::vector<std::string> waiting_;
    long taken_ = 0;
    long done_ = 0;
    bool isClosing_ = false;
    std::thread thread_;
};

/// One kept-alive client. The route of a call is {"method", "url" with {id}, "headers", "body"}.
class Caller {
 public:
    Caller() : curl_(curl_easy_init()) {}
    ~Caller() { curl_easy_cleanup(curl_); }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    bool call(const Json& route, const std::string& id) {
        std::string url = route.at("url");
        url.replace(url.find("{id}"), 4, id);
        const std::string body = route.value("body", "");
        curl_slist* headers = nullptr;
        for (const std::string header : route.at("headers"))
            headers = curl_slist_append(headers, header.c_str());
        curl_easy_reset(curl_);
        curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
        curl_easy_setopt(curl_, CURLOPT_CUSTOMREQUEST,
                         route.at("method").get<std::string>().c_str());
        curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &Caller::ignore);
        if (!body.empty()) curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.c_str());
        const bool isDone = curl_easy_perform(curl_) == CURLE_OK;
        long status = 0;
        curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
        curl_slist_free_all(headers);
        return isDone && status >= 200 && status < 300;
    }

 private:
    static std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
        return size * count;
    }
    CURL* curl_;
};

struct Change {
    std::vector<std::string> ids;  ///< one for each route
    Clock::time_point accepted;
};

class Relay {
 public:
    Relay(const Json& plan, const std::string& folder)
        : routes_(plan.at("routes")),
          ids_(plan.at("ids")),
          expected_(plan.at("count")),
          inserts_(folder + "/relay.db") {
        for (int i = 0; i < plan.value("workers", 16); ++i)
            workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }

    api::Reply receive(const api::Call& call) {
        const Json body = Json::parse(call.body, nullptr, false);
        const auto found = ids_.find(body.value("relatedid", ""));
        inserts_.add(call.body);
        const std::lock_guard lock(mutex_);
        if (first_ == Clock::time_point{}) first_ = Clock::now();
        if (found != ids_.end())
            waiting_.push_back({found->get<std::vector<std::string>>(), Clock::now()});
        arrived_.notify_one();
        return {200, "text/plain", "", {}, {}};
    }

    Json outcome() {
        std::unique_lock lock(mutex_);
        finished_.wait(lock, [&] { return done_ + failed_ >= expected_; });
        const double took = seconds(first_, last_);
        return {{"changes", done_},
                {"failed", failed_},
                {"seconds", took},
                {"rate", static_cast<double>(done_) / took},
                {"p50_ms", latencies_.at(0.5)},
                {"p99_ms", latencies_.at(0.99)},
                {"processor", processorSeconds()}};
    }

 private:
    void work(const std::stop_token& stop) {
        Caller caller;
        while (true) {
            std::unique_lock lock(mutex_);
            if (!arrived_.wait(lock, stop, [&] { return !waiting_.empty(); })) return;
            const Change change = waiting_.front();
            waiting_.pop_front();
            lock.unlock();
            bool isGood = true;
            for (std::size_t i = 0; i < routes_.size(); ++i)
                isGood = caller.call(routes_[i], change.ids.at(i)) && isGood;
            lock.lock();
            ++(isGood ? done_ : failed_);
            last_ = Clock::now();
            latencies_.add(seconds(change.accepted, last_) * 1e3);
            finished_.notify_all();
        }
    }

    const Json routes_;
    const Json ids_;
    const long expected_;
    Inserts inserts_;
    std::mutex mutex_;  // guards all below but workers_
    std::condition_variable_any arrived_;
    std::condition_variable finished_;
    std::deque<Change> waiting_;
    Latencies latencies_;
    long done_ = 0;
    long failed_ = 0;
    Clock::time_point first_;
    Clock::time_point last_;
    std::vector<std::jthread> workers_;
};

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Relays webhooks without any bookkeeping; prints its port, then one JSON object."};
    std::string file;
    std::string folder;
    app.add_option("--plan", file,
                   "JSON: routes, ids (record to the ids of each route), count, workers")
        ->required();
    app.add_option("--folder", folder, "for the database")->required();
    CLI11_PARSE(app, argc, argv);
    try {
        std::ifstream input(file);
        Relay relay(Json::parse(input), folder);
        api::ServerOptions options;
        options.name = "relay";
        const api::Server server(options, [&](api::Call& call) { return relay.receive(call); });
        std::cout << server.port() << std::endl;
        std::cout << relay.outcome().dump() << std::endl;
    } catch (const std::exception& error) {
        std::cerr << "bench_relay: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
