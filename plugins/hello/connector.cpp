// SPDX-License-Identifier: Apache-2.0
// The smallest connector: a system without records. sdk/README.md starts from it.
#include "sdk/concordat/connector.h"

namespace concordat::sdk {

struct Hello : Connector {
    Hello(Host&, const nlohmann::json&) {}
    static Description description() {
        return {.id = "hello", .name = "Hello", .version = "1.0.0"};
    }

    Check check() override {
        return {.probes = {{.name = "reach", .message = "nothing to reach"}}};
    }
    Page pull(const PullRequest&) override { return {.cursor = "end"}; }
    ReadReply read(const std::vector<RecordRef>& records) override { return {.missing = records}; }
    ApplyReply apply(const std::vector<ApplyItem>& items) override {
        return {std::vector<Outcome>(items.size(), {.kind = OutcomeKind::NotFound})};
    }
};

}  // namespace concordat::sdk

CONCORDAT_CONNECTOR(Hello)
