// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cassettes: exchanges with a vendor, recorded for tests and replayed without a network.

#include <memory>
#include <set>
#include <string>

#include "hub/gateway/transport.h"

namespace concordat::gateway {

/// What must not be on a cassette: members of JSON and form bodies, and of queries, by lower-case
/// name. Credentials, cookies and the texts of sign-ins never are.
struct Redaction {
    std::set<std::string> fields;
};

/// Passes everything on to `inner` and adds each exchange to the file: one JSON object per line
/// with method, url, request, status, headers, body. Bodies that are neither JSON nor a form are
/// not kept. Throws AccessError if the file cannot be written.
std::unique_ptr<Transport> makeRecorder(std::unique_ptr<Transport> inner,
                                        const std::string& file,
                                        Redaction redaction);

/// Answers from a cassette: the same method, url and body, redacted in the same way, in the order
/// of recording; the last answer repeats. What was not recorded is unreachable. Throws AccessError
/// if the file cannot be read.
std::unique_ptr<Transport> makePlayer(const std::string& file, Redaction redaction);

}  // namespace concordat::gateway
