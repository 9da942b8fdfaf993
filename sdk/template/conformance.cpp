// SPDX-License-Identifier: Apache-2.0
// Plays Acme for the conformance kit: answer the requests of your connector as the vendor would.
#include <iostream>

#include "sdk/concordat/connector.h"
#include "sdk/conformance/kit.h"

using namespace concordat::sdk;

namespace {

HttpReply acme(const HttpRequest& request) {
    return {
        .kind = HttpClass::NotFound,
        .status = 404,
        .error = "conformance.cpp does not play " + request.method + " " + request.url + " yet"};
}

}  // namespace

int main() {
    return conformance::report({.connector = &concordat_connector,
                                .settingsJson = R"({"address":"https://api.acme.example"})",
                                .vendor = acme,
                                .known = {"Contact", "1"},
                                .slot = "contact.email",
                                .address = {IdentifierKind::Email, "ada@example.org", "email"},
                                .unknown = {"Contact", "999"}},
                               std::cout);
}
