// SPDX-License-Identifier: Apache-2.0
#pragma once
// One call and its answer as values, apart from the server that carries them.

#include <functional>
#include <map>
#include <string>

namespace concordat::api {

/// Header names are lower case. `peer` is the address that called, for rate limits only.
struct Call {
    std::string method;
    std::string path;
    std::map<std::string, std::string> query;
    std::map<std::string, std::string> headers;
    std::string queryText;
    std::string body;
    std::string peer;

    std::string header(const std::string& name) const;
    std::string parameter(const std::string& name, const std::string& otherwise = "") const;
    /// A number from 1 to `most`; throws RequestError otherwise.
    int limit(int otherwise, int most) const;
};

/// Sends a piece of a stream; false once the reader is gone.
using Sink = std::function<bool(const std::string& piece)>;

/// `stream`, if set, is run instead of sending `body`, on the connection's thread.
struct Reply {
    int status = 200;
    std::string type = "application/json";
    std::string body;
    std::map<std::string, std::string> headers;
    std::function<void(const Sink&)> stream;
};

/// RFC 9457: title for the kind of mistake, detail for this one and what to do.
Reply problem(int status, const std::string& detail);

}  // namespace concordat::api
