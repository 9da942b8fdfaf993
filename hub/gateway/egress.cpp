// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/egress.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <memory>

#include <libpsl.h>

namespace concordat::gateway {

namespace {

// Debian's package `publicsuffix`; libpsl itself cannot list its entries.
constexpr const char* kSuffixFile = "/usr/share/publicsuffix/public_suffix_list.dat";

struct PslFree {
    void operator()(psl_ctx_t* psl) const { psl_free(psl); }
};

bool isPublicSuffix(const std::string& name) {
    const std::unique_ptr<psl_ctx_t, PslFree> psl(psl_latest(nullptr));
    if (!psl)
        throw AccessError(
            "the Public Suffix List cannot be read; install the package publicsuffix");
    return psl_is_public_suffix(psl.get(), name.c_str()) == 1;
}

bool isParentOfSuffix(const std::string& name) {
    std::ifstream file(kSuffixFile);
    if (!file) {
        throw AccessError(std::string(kSuffixFile) +
                          " cannot be read; install the package publicsuffix");
    }
    const std::string ending = "." + name;
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("//") && line.ends_with(ending)) return true;
    }
    return false;
}

bool isAddressLike(const std::string& name) {
    const std::string last = name.substr(name.find_last_of('.') + 1);
    return last.empty() ||
           std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isHostName(std::string_view host) {
    if (host.empty() || host.size() > 253) return false;
    if (host.front() == '[') return host.back() == ']';
    return std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

int portOf(const std::string& text, const std::string& rule) {
    if (text == "*") return -1;
    int port = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc() || stop != end || port <= 0 || port > 65535) {
        throw AccessError("host rule " + rule + ": " + text + " is not a port");
    }
    return port;
}

bool isTokenChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenChar);
}

// Credentials, what frames a message, and what makes a server read another method or host.
constexpr std::array<std::string_view, 22> kReservedHeaders{"authorization",
                                                            "cookie",
                                                            "x-auth",
                                                            "host",
                                                            "content-length",
                                                            "transfer-encoding",
                                                            "connection",
                                                            "keep-alive",
                                                            "te",
                                                            "trailer",
                                                            "upgrade",
                                                            "expect",
                                                            "accept-encoding",
                                                            "x-http-method",
                                                            "x-http-method-override",
                                                            "x-method-override",
                                                            "x-original-url",
                                                            "x-rewrite-url",
                                                            "x-forwarded-host",
                                                            "x-host",
                                                            "forwarded",
                                                            "http2-settings"};

std::string headerProblem(const std::string& name,
                          const std::string& value,
                          const std::string& own) {
    const std::string lower = lowerCase(name);
    if (!isToken(name)) return "a header name contains characters that are not allowed there";
    const bool reserved = std::find(kReservedHeaders.begin(), kReservedHeaders.end(), lower) !=
                          kReservedHeaders.end();
    if (reserved || lower.starts_with("proxy-") || lower == own) {
        return "only the hub sets the header " + lower;
    }
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
        return "the header " + lower + " contains a line break";
    }
    return "";
}

}  // namespace

std::string problemWithWildcard(const std::string& name) {
    if (isAddressLike(name)) return "*." + name + " is not below a host name";
    if (isPublicSuffix(name)) {
        return "*." + name + " covers hosts of different owners, as " + name +
               " is on the Public Suffix List; name the host below it";
    }
    if (isParentOfSuffix(name)) {
        return "*." + name +
               " covers hosts of different owners, as the Public Suffix List has entries " +
               "below " + name + "; name the host further down";
    }
    return "";
}

bool matchesPattern(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

EgressRules::Rule EgressRules::compile(HostRule named) {
    Rule rule;
    std::string host = lowerCase(named.host);
    const std::size_t colon = host.find_last_of(':');
    if (colon != std::string::npos && (host.front() != '[' || host[colon - 1] == ']')) {
        rule.port = portOf(host.substr(colon + 1), named.host);
        host.resize(colon);
    }
    rule.below = host.starts_with("*.");
    if (rule.below) host.erase(0, 2);
    if (!isHostName(host)) throw AccessError("host rule " + named.host + " does not name a host");
    if (rule.below) {
        if (const std::string problem = problemWithWildcard(host); !problem.empty()) {
            throw AccessError("host rule " + problem);
        }
    }
    if (named.methods.empty()) throw AccessError("host rule " + named.host + " names no method");
    if (named.paths.empty()) throw AccessError("host rule " + named.host + " names no path");
    rule.host = host;
    rule.named = std::move(named);
    return rule;
}

EgressRules::EgressRules(std::vector<HostRule> rules, bool internal) : internal_(internal) {
    for (HostRule& rule : rules) rules_.push_back(compile(std::move(rule)));
}

EgressDecision EgressRules::check(const std::string& method, const Url& url) const {
    if (url.scheme != "https" && !internal_) {
        return {nullptr, url.authority() + " may be reached by https only"};
    }
    std::string problem = "no host rule names " + url.authority();
    const int own = url.scheme == "https" ? 443 : 80;
    for (const Rule& rule : rules_) {
        const bool hostFits =
            rule.below ? url.host.ends_with("." + rule.host) : url.host == rule.host;
        const bool portFits = rule.port == -1 || url.port == (rule.port == 0 ? own : rule.port);
        if (!hostFits || !portFits) continue;
        const auto& methods = rule.named.methods;
        if (std::find(methods.begin(), methods.end(), method) == methods.end()) {
            problem = "no host rule allows " + method + " on " + url.authority();
            continue;
        }
        const auto& paths = rule.named.paths;
        const bool pathFits = std::any_of(
            paths.begin(), paths.end(),
            [&](const std::string& pattern) { return matchesPattern(pattern, url.path); });
        if (pathFits) return {&rule.named, ""};
        problem = "no host rule allows this path on " + url.authority() + " with " + method;
    }
    return {nullptr, problem};
}

std::string problemWith(const Request& request, const CredentialPlace& place) {
    if (!isToken(request.method) || request.method.size() > 16)
        return "the method is not one of HTTP's";
    if (request.method == "CONNECT" || request.method == "TRACE") {
        return "the method " + request.method + " is never sent";
    }
    for (const auto& [name, value] : request.headers) {
        if (std::string problem = headerProblem(name, value, place.header); !problem.empty()) {
            return problem;
        }
    }
    return "";
}

std::string problemWithQuery(const Url& url, const CredentialPlace& place) {
    // Servers that know these read another method than the rules were asked about.
    for (const std::string_view name : {"_httpmethod", "_method"}) {
        if (hasQueryMember(url.query, name)) return "the query changes the method";
    }
    if (!place.query.empty() && hasQueryMember(url.query, place.query)) {
        return "only the hub sets the query member " + place.query;
    }
    return "";
}

}  // namespace concordat::gateway
