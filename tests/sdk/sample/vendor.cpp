// SPDX-License-Identifier: Apache-2.0
#include "tests/sdk/sample/vendor.h"

#include <map>
#include <memory>
#include <mutex>

#include <nlohmann/json.hpp>

#include "sdk/concordat/connector.h"
#include "sdk/concordat/text.h"
#include "sdk/concordat/times.h"
#include "sdk/conformance/caller.h"

namespace concordat::sample {
namespace {

using namespace sdk;
using nlohmann::json;

constexpr EpochMs kStart = 1'795'000'000'000;  // 2026-11-18

struct Contact {
    std::string email;
    bool optIn = true;
    EpochMs modified = kStart;
    bool deleted = false;
    std::string mergedInto;
    std::string client;
};

std::string decoded(const std::string& text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        plain += text[i] == '%' ? static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16))
                                : text[i];
        if (text[i] == '%') i += 2;
    }
    return plain;
}

/// "a=1&b=2" of an address.
std::map<std::string, std::string> queryOf(const std::string& path) {
    std::map<std::string, std::string> query;
    for (auto at = path.find('?'); at != std::string::npos;) {
        const auto equals = path.find('=', at);
        const auto end = path.find('&', equals);
        query[path.substr(at + 1, equals - at - 1)] =
            decoded(path.substr(equals + 1, end - equals - 1));
        at = end;
    }
    return query;
}

/// The vendor, and the gateway's sign-in before it.
class Vendor {
 public:
    Vendor() {
        for (int i = 1; i <= 12; ++i)
            contacts_[std::to_string(i)] = {"p" + std::to_string(i) + "@example.org",
                                            true,
                                            kStart - i * 3'600'000,
                                            false,
                                            "",
                                            ""};
    }

    HttpReply answer(const HttpRequest& request) {
        const std::lock_guard lock(mutex_);
        const auto path = request.url.substr(std::string("https://api.sample.example").size());
        if (path == "/token" || !signedIn_) ++signIns_;
        signedIn_ = true;
        if (path == "/token") return ok(json::object());
        if (path == "/me") return ok({{"id", "t1"}, {"name", "Sample"}});
        if (path == "/contacts/batch") {
            const auto client = request.headers.find("x-client");
            return ok(write(json::parse(request.body),
                            client == request.headers.end() ? "" : client->second));
        }
        const auto query = queryOf(path);
        if (query.contains("since")) return ok({{"contacts", changed(query)}});
        if (query.contains("ids")) return ok({{"contacts", named(query.at("ids"))}});
        if (query.contains("email")) return ok({{"contacts", withEmail(query.at("email"))}});
        return {.kind = HttpClass::NotFound, .status = 404, .error = "there is no such address"};
    }

    // Defined before it is used, as its type follows from its body.
    template <class Act>
    auto locked(Act act) {
        const std::lock_guard lock(mutex_);
        return act();
    }

    conformance::Stage stage(const std::shared_ptr<Vendor>& self) const {
        return {.now = [self] { return self->locked([&] { return ++self->now_; }); },
                .passTime = [self](EpochMs ms) { self->locked([&] { return self->now_ += ms; }); },
                .showLate = [self](EpochMs ms) { self->locked([&] { return self->late_ = ms; }); },
                .failSome = [self](bool on) { self->locked([&] { return self->fails_ = on; }); },
                .expireTokens = [self] { self->locked([&] { return self->signedIn_ = false; }); },
                .signIns = [self] { return self->locked([&] { return self->signIns_; }); },
                .remove = [self](const RecordRef& record) { return self->end(record.id, ""); },
                .succeed = [self](const RecordRef& record,
                                  const RecordRef& into) { return self->end(record.id, into.id); },
                .clientOf =
                    [self](const RecordRef& record) {
                        return self->locked(
                            [&] { return std::optional(self->contacts_.at(record.id).client); });
                    }};
    }

 private:
    HttpReply ok(const json& body) const {
        return {.kind = HttpClass::Ok,
                .status = 200,
                .headers = {{"date", httpDate(now_)}},
                .body = body.dump()};
    }
    json show(const std::string& id) const {
        const auto& contact = contacts_.at(id);
        return {{"id", id},
                {"email", contact.email},
                {"optIn", contact.optIn},
                {"modified", contact.modified},
                {"deleted", contact.deleted},
                {"mergedInto", contact.mergedInto},
                {"client", contact.client}};
    }
    json changed(const std::map<std::string, std::string>& query) const {
        const std::pair<EpochMs, std::string> bound{std::stoll(query.at("since")),
                                                    query.at("after")};
        std::map<std::pair<EpochMs, std::string>, std::string> rows;
        for (const auto& [id, contact] : contacts_)
            if (std::pair(contact.modified, id) > bound) rows[{contact.modified, id}] = id;
        json page = json::array();
        for (const auto& [key, id] : rows)
            if (page.size() < std::stoul(query.at("limit"))) page.push_back(show(id));
        return page;
    }
    json named(const std::string& ids) const {
        json found = json::array();
        for (const auto& [id, contact] : contacts_)
            if (("," + ids + ",").find("," + id + ",") != std::string::npos)
                found.push_back(show(id));
        return found;
    }
    json withEmail(const std::string& email) const {
        json found = json::array();
        for (const auto& [id, contact] : contacts_)
            if (!contact.deleted && lowered(contact.email) == lowered(email))
                found.push_back(show(id));
        return found;
    }
    bool end(const std::string& id, const std::string& into) {
        const std::lock_guard lock(mutex_);
        auto& contact = contacts_.at(id);
        contact.deleted = true;
        contact.mergedInto = into;
        contact.modified = now_ / 1000 * 1000;
        return true;
    }
    /// A status for each row. All get the same time, cut to the second.
    json write(const json& rows, const std::string& client) {
        json results = json::array();
        for (const auto& row : rows) {
            const auto contact = contacts_.find(row.at("id").get<std::string>());
            const bool fails = fails_ && results.size() % 2 == 1;
            const bool isThere = contact != contacts_.end() && !contact->second.deleted;
            results.push_back(!isThere ? 404 : fails ? 423 : 200);
            if (results.back() != 200 || contact->second.optIn == row.at("optIn")) continue;
            contact->second.client = client;
            contact->second.optIn = row.at("optIn");
            contact->second.modified = (now_ - late_) / 1000 * 1000;
        }
        return results;
    }

    std::mutex mutex_;  // guards all
    std::map<std::string, Contact> contacts_;
    EpochMs now_ = kStart;
    EpochMs late_ = 0;
    bool fails_ = false;
    bool signedIn_ = false;
    int signIns_ = 0;
};

/// A second instance in this process: what does not lie in the object differs there too.
std::vector<conformance::RawReply> again(const std::string& settingsJson,
                                         const std::vector<conformance::Question>& questions,
                                         const std::function<HttpReply(const HttpRequest&)>& vendor,
                                         EpochMs now) {
    conformance::Scenario scenario{.connector = &concordat_connector,
                                   .settingsJson = settingsJson,
                                   .vendor = vendor,
                                   .stage = {.now = [now] { return now; }}};
    conformance::Caller caller(scenario);
    std::vector<conformance::RawReply> replies;
    for (const auto& question : questions)
        replies.push_back(caller.raw(question.method, {question.json, {}}));
    return replies;
}

}  // namespace

sdk::conformance::Scenario scenario() {
    // Shared: std::function copies what it holds.
    const auto vendor = std::make_shared<Vendor>();
    sdk::conformance::Scenario scenario{
        .connector = &concordat_connector,
        .vendor = [vendor](const HttpRequest& request) { return vendor->answer(request); },
        .known = {"Contact", "1"},
        .slot = "contact.email",
        .address = {IdentifierKind::Email, "p1@example.org", "email"},
        .unknown = {"Contact", "999"},
        .stage = vendor->stage(vendor),
        .apart = again};
    for (int i = 2; i <= 8; ++i) scenario.others.push_back({"Contact", std::to_string(i)});
    return scenario;
}

}  // namespace concordat::sample
