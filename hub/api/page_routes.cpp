// SPDX-License-Identifier: Apache-2.0
#include "hub/api/assets.h"
#include "hub/api/routes.h"

namespace concordat::api {

namespace {

Reply file(const char* name, const char* type) {
    Reply reply;
    reply.type = type;
    reply.body = asset(name);
    reply.headers["Cache-Control"] = "no-cache";
    return reply;
}

Reply front() {
    Reply reply = file("page.html", "text/html; charset=utf-8");
    reply.headers["Content-Security-Policy"] =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    return reply;
}

}  // namespace

std::vector<Route> pageRoutes() {
    return {
        {"GET", "/", std::nullopt, [](const Visit&) { return front(); }},
        {"GET", "/page.css", std::nullopt,
         [](const Visit&) { return file("page.css", "text/css; charset=utf-8"); }},
        {"GET", "/page.js", std::nullopt,
         [](const Visit&) { return file("page.js", "text/javascript; charset=utf-8"); }},
        {"GET", "/openapi.yaml", std::nullopt,
         [](const Visit&) { return file("openapi.yaml", "application/yaml; charset=utf-8"); }},
    };
}

}  // namespace concordat::api
