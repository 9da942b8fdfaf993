// SPDX-License-Identifier: Apache-2.0
#include "hub/host/inprocess.h"

#include <condition_variable>
#include <thread>

#include "hub/host/given.h"
#include "hub/host/table.h"
#include "hub/host/typed_connector.h"
#include "sdk/concordat/edge.h"

namespace concordat::host {
namespace {

using namespace sdk;
using namespace std::chrono_literals;

/// Says once when a call does not come back in time. It cannot end it.
class HangReporter {
 public:
    HangReporter(std::string system, Surroundings& surroundings)
        : system_(std::move(system)), surroundings_(surroundings) {}

    void begin(SteadyTime endsAt) {
        const std::lock_guard lock(mutex_);
        dueAt_ = endsAt + 250ms;
        changed_.notify_one();
    }
    void end() {
        const std::lock_guard lock(mutex_);
        dueAt_ = SteadyTime::max();
        changed_.notify_one();
    }

 private:
    void watch(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
            const auto seen = dueAt_;
            const auto hasChanged = [&] { return dueAt_ != seen; };
            if (seen == SteadyTime::max()) {
                changed_.wait(lock, stop, hasChanged);
            } else if (!changed_.wait_until(lock, stop, seen, hasChanged) &&
                       !stop.stop_requested()) {
                surroundings_.log("error", "the connector of system " + system_ +
                                               " hangs; in-process it cannot be ended");
                dueAt_ = SteadyTime::max();
            }
        }
    }

    std::string system_;
    Surroundings& surroundings_;
    std::mutex mutex_;  // guards dueAt_
    std::condition_variable_any changed_;
    SteadyTime dueAt_ = SteadyTime::max();
    std::jthread thread_{[this](const std::stop_token& stop) { watch(stop); }};
};

class InProcessChannel final : public Channel {
 public:
    InProcessChannel(const std::string& system,
                     const concordat_connector_table& table,
                     const std::string& settingsJson,
                     Services services)
        : system_(system),
          table_(table),
          hostCalls_(services),
          hangs_(system, services.surroundings) {
        hostCalls_.log("warning", "the connector of system " + system +
                                      " runs inside the hub: a crash would take the hub with it, "
                                      "and a hang can only be reported");
        const RunningCall running{{}, std::chrono::steady_clock::now() + 30s};
        const Answer answer = run(running, [&](const concordat_reply* reply) {
            const EdgeMessage settings(settingsJson, {});
            return table_.create(&host_, settings.get(), &instance_, reply);
        });
        if (answer.status == CONCORDAT_OK && instance_) return;
        const auto reason = Decoder().decode<ErrorReply>(answer.payload).error;
        throw PluginError("system " + system +
                          ": its connector does not start: " + asLine(reason, 500));
    }
    ~InProcessChannel() override {
        if (instance_) table_.destroy(instance_);
    }

    Answer call(std::string_view method,
                const Encoded& request,
                const RunningCall& running) override {
        hostCalls_.beginCall();
        return run(running, [&](const concordat_reply* reply) {
            if (method == method::kDescribe) return table_.describe(reply);
            const EdgeMessage message(request.json, request.attachments);
            return table_.call(instance_, toText(method), message.get(), reply);
        });
    }

 private:
    template <class Work>
    Answer run(const RunningCall& running, const Work& work) {
        hangs_.begin(running.endsAt);
        thread_ = std::this_thread::get_id();
        running_ = &running;
        const auto reply = given_.reply();
        const auto status = given_.checked(work(&reply));
        running_ = nullptr;
        hangs_.end();
        return {status, given_.payload()};
    }

    static concordat_status onHostCall(void* context,
                                       concordat_text method,
                                       const concordat_message* request,
                                       const concordat_reply* reply) noexcept {
        auto& self = *static_cast<InProcessChannel*>(context);
        concordat_status result = CONCORDAT_FAILED;
        const auto respond = [&](concordat_status status, const Encoded& answer) {
            const EdgeMessage message(answer.json, answer.attachments);
            result = status;
            reply->give(reply->context, message.get());
        };
        const RunningCall* running = self.running_;
        if (!running || std::this_thread::get_id() != self.thread_)
            respond(CONCORDAT_FAILED,
                    encode(ErrorReply{"host calls are for the thread and the time of a call"}));
        else
            self.hostCalls_.serve(toView(method), {toView(request->json), attachmentsOf(*request)},
                                  *running, respond);
        return result;
    }

    std::string system_;
    const concordat_connector_table& table_;
    HostCalls hostCalls_;
    HangReporter hangs_;
    Given given_;
    std::atomic<const RunningCall*> running_ = nullptr;  // atomic: a foreign thread may look
    std::atomic<std::thread::id> thread_;
    concordat_host host_{sizeof(concordat_host), CONCORDAT_ABI_VERSION, this, &onHostCall};
    concordat_instance* instance_ = nullptr;
};

}  // namespace

std::unique_ptr<Connector> inProcessConnector(std::string system,
                                              const concordat_connector_table& table,
                                              const std::string& settingsJson,
                                              Services services) {
    checkTable(table, system);
    auto channel = std::make_unique<InProcessChannel>(system, table, settingsJson, services);
    return std::make_unique<TypedConnector>(std::move(system), std::move(channel), services.http,
                                            services.witness);
}

std::unique_ptr<Connector> inProcessConnector(std::string system,
                                              const Library& library,
                                              const std::string& settingsJson,
                                              Services services) {
    const auto& table = loadTable(library.path, library.origin);
    return inProcessConnector(std::move(system), table, settingsJson, services);
}

}  // namespace concordat::host
