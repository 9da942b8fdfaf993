// SPDX-License-Identifier: Apache-2.0
#pragma once
// The change feed as server-sent events: one thread for all readers, however many there are.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <thread>

#include "hub/api/http.h"
#include "hub/store/store.h"

namespace concordat::api {

struct StreamOptions {
    std::size_t most = 1'000;  ///< readers at once; a further one is told to come back (503)
    std::chrono::milliseconds tick{250};
    std::chrono::seconds heartbeat{15};
    std::chrono::seconds lifetime{900};  ///< then the reader comes back, and shows who it is again
};

/// [any] Readers come with open() and leave when they close, fall too far behind, or their time is
/// over; each goes on with the Last-Event-ID it sends. `store` must outlive it.
class EventStreams {
 public:
    EventStreams(store::Store& store, const StreamOptions& options);
    ~EventStreams();
    EventStreams(const EventStreams&) = delete;
    EventStreams& operator=(const EventStreams&) = delete;

    /// The reply that hands the caller's connection over. `lastEventId` is empty (from now on), or
    /// the number of the last event that was seen; throws RequestError for anything else.
    Reply open(const std::string& lastEventId);
    std::size_t readers() const;

 private:
    struct Reader;
    void add(const Poco::Net::StreamSocket& socket, std::int64_t after, const std::string& opening);
    void run(const std::stop_token& stop);
    void follow(std::list<Reader>& readers);
    std::int64_t lastSequence();
    bool existsAfter(std::int64_t sequence);

    store::Store& store_;
    const StreamOptions options_;
    mutable std::mutex mutex_;  // guards arrived_, count_
    std::condition_variable_any changed_;
    std::list<Reader> arrived_;
    std::size_t count_ = 0;
    std::jthread thread_;
};

}  // namespace concordat::api
