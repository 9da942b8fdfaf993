// SPDX-License-Identifier: Apache-2.0
#include "hub/host/child.h"

#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hub/consent/error.h"
#include "hub/host/confine.h"
#include "hub/host/frames.h"
#include "hub/host/given.h"
#include "hub/host/sandbox.h"
#include "hub/host/table.h"
#include "sdk/concordat/edge.h"
#include "sdk/concordat/json.h"

namespace concordat::host {
namespace {

using namespace sdk;

/// The connector on one side, the socket on the other; passes bytes on without reading them.
class Relay {
 public:
    Relay(const concordat_connector_table& table, FrameSocket& socket)
        : table_(table), socket_(socket) {}

    /// Until the hub closes the socket.
    [[noreturn]] void serve() {
        for (;;) {
            const Frame frame = socket_.receive();
            if (frame.head.kind != FrameKind::Call) throw FrameError("sent an answer to nothing");
            answer(frame);
            giveBack();
        }
    }

 private:
    /// What a page left behind goes back to the machine: the next one may be long in coming.
    static void giveBack() {
        constexpr std::size_t kWorthIt = 1U << 20U;
        if (::mallinfo2().fordblks > kWorthIt) ::malloc_trim(0);
    }

    void answer(const Frame& frame) {
        // Host calls reuse the socket's buffer, and the connector may look at its request until it
        // returns.
        const std::string json(frame.payload.json);
        std::vector<std::string> bodies(frame.payload.attachments.begin(),
                                        frame.payload.attachments.end());
        const std::vector<std::string_view> views(bodies.begin(), bodies.end());
        const EdgeMessage request(json, views);
        running_ = frame.head;
        Given given;
        const auto reply = given.reply();
        const auto status = given.checked(dispatch(frame.head.method, request.get(), &reply));
        running_.reset();
        FrameHead head = frame.head;
        head.kind = FrameKind::Reply;
        head.status = static_cast<std::uint8_t>(status);
        const PayloadView payload = given.payload();
        socket_.send(head, payload.json, payload.attachments);
    }

    concordat_status dispatch(std::string_view method,
                              const concordat_message* request,
                              const concordat_reply* reply) {
        if (method == method::kDescribe) return table_.describe(reply);
        if (method == kCreate) return table_.create(&host_, request, &instance_, reply);
        if (!instance_) return refuse(*reply, "the connector was not created");
        return table_.call(instance_, toText(method), request, reply);
    }

    static concordat_status refuse(const concordat_reply& reply, const char* reason) {
        const auto encoded = encode(ErrorReply{reason});
        const EdgeMessage message(encoded.json, {});
        reply.give(reply.context, message.get());
        return CONCORDAT_FAILED;
    }

    static concordat_status onHostCall(void* context,
                                       concordat_text method,
                                       const concordat_message* request,
                                       const concordat_reply* reply) noexcept {
        auto& self = *static_cast<Relay*>(context);
        // The process has one thread (clone is refused), so only the time can be wrong.
        if (!self.running_) return refuse(*reply, "host calls are for the time of a call");
        return self.passOn(toView(method), *request, *reply);
    }

    /// A broken socket ends the process here: nothing may be thrown through the connector.
    concordat_status passOn(std::string_view method,
                            const concordat_message& request,
                            const concordat_reply& reply) noexcept {
        try {
            FrameHead head = *running_;
            head.kind = FrameKind::HostCall;
            head.method = method;
            socket_.send(head, toView(request.json), attachmentsOf(request));
            const Frame frame = socket_.receive();
            const EdgeMessage message(frame.payload.json, frame.payload.attachments);
            reply.give(reply.context, message.get());
            return static_cast<concordat_status>(frame.head.status);
        } catch (const std::exception&) {
            std::_Exit(3);
        }
    }

    const concordat_connector_table& table_;
    FrameSocket& socket_;
    concordat_instance* instance_ = nullptr;
    concordat_host host_{sizeof(concordat_host), CONCORDAT_ABI_VERSION, this, &Relay::onHostCall};
    std::optional<FrameHead> running_;
};

/// Dies with the hub's thread that started it, also in an endless loop; the hub may be gone by now
/// already.
void dieWithTheHub(const char* hub) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || std::to_string(::getppid()) != hub)
        std::_Exit(2);
}

const concordat_connector_table* lockAndLoad(const char* memoryBytes, FrameSocket& socket) {
    const FrameHead head{0, kLoad, FrameKind::Reply, CONCORDAT_OK};
    std::string reason;
    try {
        if (!confineReading(kChildLibrary))
            std::cerr << "this kernel has no Landlock: while it loads, a connector can read files"
                      << std::endl;
        lockProcess(std::strtoull(memoryBytes, nullptr, 10));
        const auto& table = loadTable("/proc/self/fd/" + std::to_string(kChildLibrary), "file");
        ::close(kChildLibrary);
        lockFiles();
        socket.send(head, "{}");
        return &table;
    } catch (const Error& error) {
        reason = error.message();
    } catch (const std::exception& error) {
        reason = error.what();
    }
    socket.send({0, kLoad, FrameKind::Reply, CONCORDAT_FAILED}, encode(ErrorReply{reason}).json);
    return nullptr;
}

}  // namespace

int connectorChildMain(const char* hub, const char* memoryBytes) {
    dieWithTheHub(hub);
    // The hub closes them when it starts us; a descriptor that somebody else forgot must not stay.
    ::syscall(SYS_close_range, static_cast<unsigned>(kChildLibrary + 1), ~0U, 0U);
    try {
        FrameSocket socket(kChildSocket);
        const auto* table = lockAndLoad(memoryBytes, socket);
        if (!table) return 1;
        Relay(*table, socket).serve();
    } catch (const FrameError&) {
        // The hub closed the socket. The connector's own destructors are not worth waiting for.
        std::_Exit(0);
    }
}

}  // namespace concordat::host
