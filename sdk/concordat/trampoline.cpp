// SPDX-License-Identifier: Apache-2.0
// The C table over an author's class: every function noexcept, every exception a status and a
// reason.

#include <array>
#include <string>

#include "sdk/concordat/calls.h"
#include "sdk/concordat/connector.h"
#include "sdk/concordat/edge.h"
#include "sdk/concordat/host_edge.h"
#include "sdk/concordat/json.h"

namespace concordat::sdk {
extern const Registration concordatRegistration;
}

/// One configured connector: the hub as it sees it, and the author's object.
struct concordat_instance {
    explicit concordat_instance(const concordat_host& table) : host(table) {}
    concordat::sdk::HostEdge host;
    std::unique_ptr<concordat::sdk::Connector> connector;
};

namespace concordat::sdk {
namespace {

void give(const concordat_reply& reply, const Encoded& encoded) {
    const EdgeMessage message(encoded.json, encoded.attachments);
    reply.give(reply.context, message.get());
}

template <class Reply>
void giveReply(const concordat_reply& reply, const Reply& message) {
    give(reply, encode(message));
}

/// The author's words may hold anything; a reason that cannot be written is replaced by one that
/// can.
concordat_status giveError(const concordat_reply& reply,
                           concordat_status status,
                           const char* reason) noexcept {
    try {
        giveReply(reply, ErrorReply{reason});
    } catch (...) {
        constexpr std::string_view kPlain = R"({"error":"the connector's reason is not UTF-8"})";
        const concordat_message plain{sizeof(concordat_message), 0, toText(kPlain), nullptr};
        reply.give(reply.context, &plain);
    }
    return status;
}

template <class Work>
concordat_status guarded(const concordat_reply& reply, const Work& work) noexcept {
    try {
        work();
        return CONCORDAT_OK;
    } catch (const Cancelled& error) {
        return giveError(reply, CONCORDAT_CANCELLED, error.what());
    } catch (const NotImplemented& error) {
        return giveError(reply, CONCORDAT_NOT_IMPLEMENTED, error.what());
    } catch (const MessageError& error) {
        return giveError(reply, CONCORDAT_BAD_MESSAGE, error.what());
    } catch (const std::exception& error) {
        return giveError(reply, CONCORDAT_FAILED, error.what());
    } catch (...) {
        return giveError(reply, CONCORDAT_FAILED,
                         "the connector threw something that is no std::exception");
    }
}

using Handler = void (*)(Connector&, const concordat_message&, const concordat_reply&);

template <class Request>
Request requestOf(const concordat_message& message) {
    return decode<Request>(toView(message.json), attachmentsOf(message));
}

/// A free JSON message, of the methods about a person's data.
template <nlohmann::json (Connector::*Method)(const nlohmann::json&)>
void callFree(Connector& connector,
              const concordat_message& message,
              const concordat_reply& reply) {
    const auto request = nlohmann::json::parse(toView(message.json), nullptr, false);
    if (request.is_discarded()) throw MessageError("the message is not JSON");
    give(reply, {(connector.*Method)(request).dump(), {}});
}

struct Entry {
    std::string_view method;
    Handler handler;
};

using Message = concordat_message;
using ReplyTo = concordat_reply;

constexpr std::array kHandlers{
    Entry{method::kCheck,
          [](Connector& c, const Message&, const ReplyTo& to) { giveReply(to, c.check()); }},
    Entry{method::kDiscover,
          [](Connector& c, const Message&, const ReplyTo& to) { giveReply(to, c.discover()); }},
    Entry{method::kPull,
          [](Connector& c, const Message& m, const ReplyTo& to) {
              giveReply(to, c.pull(requestOf<PullRequest>(m)));
          }},
    Entry{method::kParseWebhook,
          [](Connector& c, const Message& m, const ReplyTo& to) {
              giveReply(to, c.parseWebhook(requestOf<WebhookRequest>(m)));
          }},
    Entry{method::kSubscribeWebhook,
          [](Connector& c, const Message& m, const ReplyTo& to) {
              giveReply(to, c.subscribeWebhook(requestOf<SubscribeCall>(m).address));
          }},
    Entry{method::kListWebhooks,
          [](Connector& c, const Message&, const ReplyTo& to) {
              giveReply(to, Subscriptions{c.listWebhooks()});
          }},
    Entry{method::kRemoveWebhook,
          [](Connector& c, const Message& m, const ReplyTo& to) {
              c.removeWebhook(requestOf<RemoveWebhookCall>(m).id);
              giveReply(to, Nothing{});
          }},
    Entry{method::kRead,
          [](Connector& c, const Message& m, const ReplyTo& to) {
              giveReply(to, c.read(requestOf<ReadCall>(m).records));
          }},
    Entry{method::kFind,
          [](Connector& c, const Message& m, const ReplyTo& to) {
              giveReply(to, c.find(requestOf<FindCall>(m).identifiers));
          }},
    Entry{method::kApply,
          [](Connector& c, const Message& m, const ReplyTo& to) {
              giveReply(to, c.apply(requestOf<ApplyCall>(m).items));
          }},
    Entry{method::kPollApply,
          [](Connector& c, const Message& m, const ReplyTo& to) {
              giveReply(to, c.pollApply(requestOf<PollApplyCall>(m).token));
          }},
    Entry{method::kNote,
          [](Connector& c, const Message& m, const ReplyTo& to) {
              const auto call = requestOf<NoteCall>(m);
              c.note(call.record, call.text);
              giveReply(to, Nothing{});
          }},
    Entry{method::kHealth,
          [](Connector& c, const Message&, const ReplyTo& to) { giveReply(to, c.health()); }},
    Entry{method::kExport, &callFree<&Connector::exportPerson>},
    Entry{method::kRectify, &callFree<&Connector::rectify>},
    Entry{method::kErase, &callFree<&Connector::erase>},
};

Handler handlerOf(std::string_view method) {
    for (const auto& entry : kHandlers)
        if (entry.method == method) return entry.handler;
    throw NotImplemented("this connector's SDK does not know the method");
}

concordat_status describe(const concordat_reply* reply) noexcept {
    return guarded(*reply, [&] { giveReply(*reply, concordatRegistration.description()); });
}

concordat_status create(const concordat_host* host,
                        const concordat_message* settings,
                        concordat_instance** instance,
                        const concordat_reply* reply) noexcept {
    *instance = nullptr;
    return guarded(*reply, [&] {
        const auto tree = nlohmann::json::parse(toView(settings->json), nullptr, false);
        if (tree.is_discarded()) throw MessageError("the settings are not JSON");
        auto made = std::make_unique<concordat_instance>(*host);
        made->connector.reset(concordatRegistration.create(made->host, tree));
        giveReply(*reply, Nothing{});
        *instance = made.release();
    });
}

concordat_status call(concordat_instance* instance,
                      concordat_text method,
                      const concordat_message* request,
                      const concordat_reply* reply) noexcept {
    return guarded(*reply,
                   [&] { handlerOf(toView(method))(*instance->connector, *request, *reply); });
}

void destroy(concordat_instance* instance) noexcept {
    const std::unique_ptr<concordat_instance> ended(instance);
}

}  // namespace

extern "C" {
const concordat_connector_table concordat_connector{
    sizeof(concordat_connector_table), CONCORDAT_ABI_VERSION, &describe, &create, &call, &destroy};
}

}  // namespace concordat::sdk
