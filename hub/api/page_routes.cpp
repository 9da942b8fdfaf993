// SPDX-License-Identifier: Apache-2.0
// The pages and what they load, as they were built in.
#include <algorithm>
#include <sstream>

#include <Poco/InflatingStream.h>
#include <Poco/StreamCopier.h>

#include "hub/api/assets.h"
#include "hub/api/routes.h"
#include "hub/web/files.h"

namespace concordat::api {

namespace {

constexpr const char* kNoPages =
    "This hub was built without its pages (CONCORDAT_WEB=OFF). Its API is described in "
    "/openapi.yaml, and the command line does what the pages do: concordat --help\n";

std::string inflated(std::string_view bytes) {
    std::istringstream packed{std::string(bytes)};
    Poco::InflatingInputStream stream(packed, Poco::InflatingStreamBuf::STREAM_GZIP);
    std::string text;
    Poco::StreamCopier::copyToString(stream, text);
    return text;
}

/// As it lies here if the caller takes gzip, as every browser does.
Reply sent(const web::File& file, const Call& call) {
    Reply reply;
    const std::string tag = "\"" + std::string(file.tag) + "\"";
    reply.type = file.type;
    reply.headers["ETag"] = tag;
    reply.headers["Vary"] = "Accept-Encoding";
    if (call.header("if-none-match").find(tag) != std::string::npos) {
        reply.status = 304;
        return reply;
    }
    const bool takesGzip = call.header("accept-encoding").find("gzip") != std::string::npos;
    if (file.isGzip && takesGzip) reply.headers["Content-Encoding"] = "gzip";
    reply.body = file.isGzip && !takesGzip ? inflated(file.bytes) : std::string(file.bytes);
    return reply;
}

const web::File* named(const std::vector<web::File>& files, const std::string& name) {
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const web::File& file) { return file.name == name; });
    return found == files.end() ? nullptr : &*found;
}

Reply front(const std::vector<web::File>& files, const Call& call) {
    Reply reply;
    if (const web::File* file = named(files, "index.html")) {
        reply = sent(*file, call);
    } else {
        reply.type = "text/plain; charset=utf-8";
        reply.body = kNoPages;
    }
    reply.headers["Cache-Control"] = "no-cache";
    reply.headers["Content-Security-Policy"] =
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'";
    return reply;
}

/// A name changes with its content, so what was loaded once is never asked for again.
Reply asset(const std::vector<web::File>& files, const Visit& visit) {
    const web::File* file = named(files, visit.part("name"));
    if (file == nullptr)
        return problem(404, "there is no such file; load the page again", visit.call.path);
    Reply reply = sent(*file, visit.call);
    reply.headers["Cache-Control"] = "public, max-age=31536000, immutable";
    return reply;
}

Reply description() {
    Reply reply;
    reply.type = "application/yaml; charset=utf-8";
    reply.body = openapiText();
    reply.headers["Cache-Control"] = "no-cache";
    return reply;
}

}  // namespace

std::vector<Route> pageRoutes() {
    const std::vector<web::File> files = web::files();
    return {
        {"GET", "/", std::nullopt,
         [files](const Visit& visit) { return front(files, visit.call); }},
        {"GET", "/assets/{name}", std::nullopt,
         [files](const Visit& visit) { return asset(files, visit); }},
        {"GET", "/openapi.yaml", std::nullopt, [](const Visit&) { return description(); }},
    };
}

}  // namespace concordat::api
