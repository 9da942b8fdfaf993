// SPDX-License-Identifier: Apache-2.0
#pragma once
// One call and its answer as values, apart from the server that carries them.

#include <exception>
#include <functional>
#include <map>
#include <string>

namespace Poco::Net {
class StreamSocket;
}

namespace concordat::api {

/// Header names are lower case. `path` is as it was sent: decode its parts with `decoded`. `peer`
/// is the address that called.
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

/// `takeOver`, if set, gets the socket once head and `body` were sent; the body then has no length
/// and lasts as long as the connection.
struct Reply {
    int status = 200;
    std::string type = "application/json";
    std::string body;
    std::map<std::string, std::string> headers;
    std::function<void(const Poco::Net::StreamSocket&)> takeOver;
};

/// RFC 9457: title for the kind of mistake, detail for this one and what to do. `instance` is the
/// path that was called.
Reply problem(int status, const std::string& detail, const std::string& instance = "");

/// The problem that an exception of a call's work becomes: an Error keeps its status and sentence;
/// of any other nothing is told but to the log.
Reply failed(const std::exception_ptr& error, const std::string& instance);

/// One part of a path without its percent signs. Throws RequestError if they are wrong.
std::string decoded(const std::string& part);

}  // namespace concordat::api
