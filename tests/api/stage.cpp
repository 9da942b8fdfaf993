// SPDX-License-Identifier: Apache-2.0
#include "tests/api/stage.h"

#include <algorithm>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>

namespace concordat::api::test {

namespace {

constexpr auto kSlot = "contact.email";

consent::SlotRules slotRules() {
    consent::SlotRules rules;
    rules.slot.id = kSlot;
    rules.slot.object = "Contact";
    rules.slot.label = "E-mail opt-in";
    rules.slot.showsPermit = sdk::Shown::Permit;
    rules.slot.showsDeny = sdk::Shown::Absent;
    rules.slot.recordTimeMoves = true;
    rules.slot.lostUpdate = true;
    rules.scope = "acme";
    rules.purposes = {"marketing"};
    rules.channels = {"email"};
    return rules;
}

}  // namespace

Answer call(std::uint16_t port,
            const std::string& method,
            const std::string& path,
            const std::string& body,
            Headers headers) {
    Poco::Net::HTTPClientSession session("127.0.0.1", port);
    session.setTimeout(Poco::Timespan(30, 0));
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    for (const auto& [name, value] : headers) request.set(name, value);
    if (!body.empty()) request.setContentLength(static_cast<std::streamsize>(body.size()));
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    Answer answer;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), answer.text);
    answer.status = response.getStatus();
    answer.type = response.getContentType();
    for (const auto& [name, value] : response) answer.headers[Poco::toLower(name)] = value;
    return answer;
}

Stage::Stage(const ApiOptions& options) : store(scratch.open()) {
    makePlan();
    service = std::make_unique<sync::Service>(
        sync::Surroundings{*store, plan, clock, random,
                           [this](const consent::Point& point) {
                               return scratch.vault().hash(point.kind, point.name, point.value);
                           },
                           scratch.vault().keyId()});
    accounts = std::make_unique<Accounts>(*store, 3'600'000);
    admin_ = token(Role::Admin, {"grant"});
    reads_ = std::make_unique<sync::ReadLane>(service->core(), plan.systems.front(), crm);
    writes_ = std::make_unique<sync::WriteLane>(service->core(), plan.systems.front(), crm);
    makeServices();
    api = std::make_unique<Api>(options, *store, *service, *accounts, services);
}

Stage::~Stage() = default;

void Stage::makePlan() {
    consent::Purpose marketing;
    marketing.code = "marketing";
    marketing.directMarketing = true;
    plan.policy.purposes["marketing"] = marketing;
    plan.policy.channels = {"email", "phone"};
    plan.policy.scopes["acme"] = {"acme", consent::Spread::Own, ""};
    sync::SystemPlan system;
    system.name = "sellsy";
    system.scope = "acme";
    system.region = "FR";
    system.slots = {slotRules()};
    system.readBatch = 50;
    system.applyBatch = 20;
    system.sweepMs = 0;
    plan.systems = {system};
    crm.shows[kSlot] = {{true, sdk::Shown::Permit}, {false, sdk::Shown::Absent}};
}

void Stage::makeServices() {
    services.systems = {{"sellsy", "Sellsy France", "sellsy"}};
    services.check = [](const std::string&) {
        sdk::Check check;
        check.probes = {{"sign-in", sdk::ProbeState::Pass, "signed in", ""},
                        {"rights", sdk::ProbeState::Fail, "no right to write", "ask your admin"}};
        check.tenantId = "42";
        check.tenantName = "Acme";
        return check;
    };
    services.read = [this](const std::string&, const std::vector<sdk::RecordRef>& records) {
        return crm.read(records, {}).observations;
    };
    services.settings = [] {
        return std::vector<SettingView>{
            {"admin.password", "env:PASSWORD", "file", "", "first password", true}};
    };
    services.laneHealth = [this](const std::string&) { return lanes; };
    services.gatewayState = [this](const std::string&) { return gateway; };
    services.backupPath = [](const std::string& path) {
        if (path.front() != '/') throw RequestError("'path' must be absolute");
        return path;
    };
    services.authorize = [](const std::string& system) { return "https://vendor/" + system; };
    services.authorized = [](const std::string& code, const std::string& state) {
        if (code != "c" || state != "s") throw RequestError("this sign-in was not begun here");
        return std::string("sellsy");
    };
    Hook hook;
    hook.signature.kind = "hmac";
    hook.signature.header = "x-signature";
    hook.keys = [] { return std::vector<std::string>{"key"}; };
    hook.answersGet = true;
    hook.body = "ok";
    hook.dedupePath = "/id";
    services.hooks = {{"sellsy", hook}};
}

std::string Stage::token(Role role, const std::set<std::string>& scopes) {
    return accounts->makeToken("test", role, scopes).first;
}

Answer Stage::send(const std::string& method,
                   const std::string& path,
                   const std::string& body,
                   const Headers& headers) {
    return call(api->port(), method, path, body, headers);
}

Answer Stage::get(const std::string& path, const std::string& token) {
    return send("GET", path, "", {{"Authorization", "Bearer " + (token.empty() ? admin_ : token)}});
}

Answer Stage::post(const std::string& path, const Json& body, const std::string& token) {
    return send("POST", path, body.dump(),
                {{"Authorization", "Bearer " + (token.empty() ? admin_ : token)},
                 {"Content-Type", "application/json"}});
}

void Stage::settle() {
    for (int round = 0; round < 40; ++round) {
        reads_->step();
        writes_->step();
        clock.advance(1'000);
    }
}

void Stage::add(const store::InboxItem& item) {
    store->write([&](store::Writer& writer) { writer.add(item); });
}

void Stage::add(const store::Incident& incident) {
    store->write([&](store::Writer& writer) { writer.add(incident); });
}

std::string Stage::subjectOf(const std::string& record) {
    std::string subject;
    store->read([&](store::Reader& reader) {
        if (const auto found = reader.record("sellsy", {"Contact", record}))
            subject = found->subject;
    });
    return subject;
}

}  // namespace concordat::api::test
