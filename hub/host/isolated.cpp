// SPDX-License-Identifier: Apache-2.0
#include "hub/host/isolated.h"

#include "hub/host/isolated_channel.h"
#include "hub/host/typed_connector.h"

namespace concordat::host {
namespace {

/// A description needs nothing from outside; who asks all the same is told so.
class Nowhere final : public HttpService, public Surroundings {
 public:
    std::vector<sdk::HttpReply> send(const std::vector<sdk::HttpRequest>&,
                                     const CallContext&) override {
        throw PluginError("a description makes no HTTP requests");
    }
    void cancel() override {}
    sdk::EpochMs now() override { return 0; }
    std::uint64_t random() override { return 0; }
    void log(const std::string&, const std::string&) override {}
    void progress(const std::string&, double) override {}
};

}  // namespace

std::unique_ptr<Connector> isolatedConnector(std::string system,
                                             Library library,
                                             std::string settingsJson,
                                             Services services,
                                             IsolatedOptions options) {
    auto channel = std::make_unique<IsolatedChannel>(
        system, std::move(library), std::move(settingsJson), services, std::move(options));
    return std::make_unique<TypedConnector>(std::move(system), std::move(channel), services.http,
                                            services.witness);
}

sdk::Description describeIsolated(const Library& library, const IsolatedOptions& options) {
    Nowhere nowhere;
    const Services services{nowhere, nowhere};
    auto channel =
        std::make_unique<IsolatedChannel>(library.origin, library, "", services, options);
    return TypedConnector(library.origin, std::move(channel), nowhere).description();
}

}  // namespace concordat::host
