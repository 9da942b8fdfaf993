// SPDX-License-Identifier: Apache-2.0
#include "sdk/concordat/connector.h"

#include "sdk/concordat/calls.h"

namespace concordat::sdk {
namespace {

[[noreturn]] void missing(std::string_view method) {
    throw NotImplemented("this connector does not have the method " + std::string(method));
}

}  // namespace

FileReply Host::files(const FileRequest&) { missing(host_method::kFiles); }

Discovery Connector::discover() { missing(method::kDiscover); }
FindReply Connector::find(const std::vector<Identifier>&) { missing(method::kFind); }
WebhookNews Connector::parseWebhook(const WebhookRequest&) { missing(method::kParseWebhook); }
Subscription Connector::subscribeWebhook(const std::string&) { missing(method::kSubscribeWebhook); }
std::vector<Subscription> Connector::listWebhooks() { missing(method::kListWebhooks); }
void Connector::removeWebhook(const std::string&) { missing(method::kRemoveWebhook); }
ApplyReply Connector::pollApply(const std::string&) { missing(method::kPollApply); }
void Connector::note(const RecordRef&, const std::string&) { missing(method::kNote); }
Health Connector::health() { missing(method::kHealth); }
nlohmann::json Connector::exportPerson(const nlohmann::json&) { missing(method::kExport); }
nlohmann::json Connector::rectify(const nlohmann::json&) { missing(method::kRectify); }
nlohmann::json Connector::erase(const nlohmann::json&) { missing(method::kErase); }

}  // namespace concordat::sdk
