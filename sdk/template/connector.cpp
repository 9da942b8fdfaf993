// SPDX-License-Identifier: Apache-2.0
// The connector for Acme. Fill it method by method; acme_conformance says what is next.
#include "sdk/concordat/connector.h"

namespace acme {

using namespace concordat::sdk;

class Acme : public Connector {
 public:
    Acme(Host& host, const nlohmann::json& settings)
        : host_(host), address_(settings.value("address", "")) {}

    static Description description() {
        return {.id = "acme", .name = "Acme", .vendor = "Acme", .version = "0.1.0"};
    }

    Check check() override { throw CallError("write check(): ask " + address_ + " who you are"); }
    Page pull(const PullRequest&) override { throw CallError("write pull()"); }
    ReadReply read(const std::vector<RecordRef>&) override { throw CallError("write read()"); }
    FindReply find(const std::vector<Identifier>&) override { throw CallError("write find()"); }
    ApplyReply apply(const std::vector<ApplyItem>&) override { throw CallError("write apply()"); }

 private:
    Host& host_;
    std::string address_;
};

}  // namespace acme

CONCORDAT_CONNECTOR(acme::Acme)
