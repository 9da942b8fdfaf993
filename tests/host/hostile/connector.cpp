// SPDX-License-Identifier: Apache-2.0
// A connector that does what its cursor says, above all what it must not.
#include "sdk/concordat/connector.h"

#include "tests/host/hostile/attempts.h"

namespace concordat::hostile {

using namespace sdk;

class Hostile : public Connector {
 public:
    Hostile(Host& host, const nlohmann::json& settings) : host_(host) {
        if (settings.value("fail", false)) throw CallError("the setting 'fail' is true");
        if (settings.value("crash", false)) attempt("crash", host);
    }
    static Description description() {
        return {.id = "hostile", .name = "Hostile", .version = "0.1.0"};
    }

    Check check() override {
        host_.log("information", "random " + std::to_string(host_.random()));
        host_.progress("checking", 0.5);
        return {.probes = {{.name = "now", .message = std::to_string(host_.now())}}};
    }
    Page pull(const PullRequest& request) override {
        if (request.cursor == "early") return {.cursor = earlyAttempt()};
        if (request.cursor == "http") return {.cursor = get("https://vendor.example/pull")};
        if (request.cursor == "page") return {.observations = manyObservations(), .cursor = "end"};
        if (request.cursor == "http for ever")
            for (;;) get("https://vendor.example/again");
        if (request.cursor == "ignore the end")
            for (;;) tryGet();
        return {.cursor = attempt(request.cursor, host_)};
    }
    ReadReply read(const std::vector<RecordRef>& records) override { return {.missing = records}; }
    FindReply find(const std::vector<Identifier>&) override { return {}; }
    ApplyReply apply(const std::vector<ApplyItem>& items) override {
        const std::string wish = items.front().creationKey;
        if (wish == "too few") return {std::vector<Outcome>(items.size() - 1)};
        if (wish == "too many") return {std::vector<Outcome>(items.size() + 1)};
        if (!wish.empty()) attempt(wish, host_);
        return {std::vector<Outcome>(items.size(), {.kind = OutcomeKind::Applied})};
    }

 private:
    static std::vector<Observation> manyObservations() {
        const VendorTime time{.at = 1'700'000'000'000};
        const Observation one{
            .record = {"Contact", "0035g00000ABCDEFGH"},
            .identifiers = {{IdentifierKind::Email, "ada@example.org", "Email"},
                            {IdentifierKind::Phone, "+33612345678", "MobilePhone"}},
            .slots = {{"contact.email", Shown::Deny, time, std::nullopt, "true"},
                      {"contact.phone", Shown::None, time, std::nullopt, "false"}},
            .modifiedAt = time,
            .askedAt = time.at};
        return std::vector<Observation>(2000, one);
    }
    std::string get(const std::string& url) {
        const auto reply =
            host_.http({.method = "POST", .url = url, .body = std::string("\xff\0raw", 5)});
        return std::to_string(reply.status) + " " + std::to_string(reply.body.size());
    }
    void tryGet() {
        try {
            get("https://vendor.example/again");
        } catch (const Cancelled&) {
            wasEnded_ = true;
        }
    }

    Host& host_;
    bool wasEnded_ = false;
};

}  // namespace concordat::hostile

CONCORDAT_CONNECTOR(concordat::hostile::Hostile)
