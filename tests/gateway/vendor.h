// SPDX-License-Identifier: Apache-2.0
#pragma once
// A vendor on loopback: an HTTP(S) server of a function, a server that speaks raw bytes, and
// certificates for both.

#include <functional>
#include <memory>
#include <string>

#include "hub/gateway/gateway.h"

namespace Poco::Net {
class HTTPServerRequest;
class HTTPServerResponse;
class StreamSocket;
}  // namespace Poco::Net

namespace concordat::gateway::test {

using Handler = std::function<void(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse&)>;
using RawHandler = std::function<void(Poco::Net::StreamSocket&)>;

/// An own certificate authority, made for this process. Files lie in a temporary folder.
class Authority {
 public:
    Authority();
    ~Authority();
    /// PEM of the authority itself.
    std::string caFile() const;
    /// PEM files of a certificate for `name` (a DNS name), good from a day ago for `days`;
    /// negative: expired.
    struct Files {
        std::string certificate;
        std::string key;
    };
    Files issue(const std::string& name, int days) const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Serves until it is destroyed; its port is the machine's choice.
class Vendor {
 public:
    explicit Vendor(Handler handler);
    Vendor(Handler handler, const Authority::Files& certificate);
    explicit Vendor(RawHandler handler);
    ~Vendor();
    int port() const;
    std::string url(const std::string& path) const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A system that may reach `vendor` on this machine.
SystemAccess accessTo(const Vendor& vendor);

}  // namespace concordat::gateway::test
