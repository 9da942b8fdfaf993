// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/url.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include <curl/curl.h>

#include "hub/gateway/digest.h"

namespace concordat::gateway {

namespace {

struct UrlCleanup {
    void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
};
using Handle = std::unique_ptr<CURLU, UrlCleanup>;

std::string part(CURLU* handle, CURLUPart what, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(handle, what, &text, flags) != CURLUE_OK || !text) return "";
    std::string out(text);
    curl_free(text);
    return out;
}

bool isUnreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

bool hasOddByte(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte >= 0x7f || c == '\\';
    });
}

// "..", also when its dots are written as %2e, possibly twice encoded.
bool isDotSegment(std::string segment) {
    for (std::size_t at; (at = segment.find("%2e")) != std::string::npos;)
        segment.replace(at, 3, ".");
    return segment == "." || segment == ".." || segment.starts_with("..;");
}

std::string pathProblem(std::string_view given) {
    const std::string path = lowerCase(given);
    for (const std::string_view bad : {"%2f", "%5c", "%00", "%252e", "%252f", "%255c"}) {
        if (path.find(bad) != std::string::npos) {
            return "its path contains " + std::string(bad) +
                   ", which servers read in different ways";
        }
    }
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        if (isDotSegment(path.substr(at, end - at))) return "its path contains a dot segment";
        at = end + 1;
    }
    return "";
}

std::string_view rawPath(std::string_view text) {
    const std::size_t scheme = text.find("://");
    const std::size_t from = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t start = std::min(text.find_first_of("/?#", from), text.size());
    const std::size_t end = std::min(text.find_first_of("?#", start), text.size());
    return text.substr(start, end - start);
}

UrlReading readParts(CURLU* handle) {
    Url url;
    url.scheme = part(handle, CURLUPART_SCHEME);
    url.host = lowerCase(part(handle, CURLUPART_HOST));
    url.path = part(handle, CURLUPART_PATH);
    url.query = part(handle, CURLUPART_QUERY);
    const std::string port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (url.scheme != "https" && url.scheme != "http") return {{}, "it is not https"};
    if (url.host.empty() || url.port <= 0) return {{}, "it names no host"};
    if (hasOddByte(url.host) || url.host.find('%') != std::string::npos) {
        return {{}, "its host is not written in plain ASCII letters"};
    }
    if (url.host.back() == '.') return {{}, "its host ends with a dot"};
    if (std::string problem = pathProblem(url.path); !problem.empty()) return {{}, problem};
    return {std::move(url), ""};
}

UrlReading readWith(CURLU* handle, const std::string& text) {
    // Curl removes dot segments while it reads, so they are looked for in what was given.
    if (hasOddByte(text)) return {{}, "it contains a space, a backslash or a control character"};
    if (std::string problem = pathProblem(rawPath(text)); !problem.empty()) return {{}, problem};
    const CURLUcode code = curl_url_set(handle, CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER);
    if (code == CURLUE_USER_NOT_ALLOWED) return {{}, "it contains a user name"};
    if (code != CURLUE_OK) return {{}, "it is not an absolute https address"};
    return readParts(handle);
}

}  // namespace

std::string Url::authority() const {
    const bool isDefault = port == (scheme == "https" ? 443 : 80);
    return isDefault ? host : host + ":" + std::to_string(port);
}

std::string Url::shown() const { return scheme + "://" + authority() + path; }

std::string Url::text() const { return query.empty() ? shown() : shown() + "?" + query; }

UrlReading readUrl(const std::string& text) {
    const Handle handle(curl_url());
    return readWith(handle.get(), text);
}

UrlReading resolveUrl(const Url& base, const std::string& location) {
    const Handle handle(curl_url());
    if (curl_url_set(handle.get(), CURLUPART_URL, base.text().c_str(), 0) != CURLUE_OK) {
        return {{}, "it is not an address"};
    }
    return readWith(handle.get(), location);
}

std::string encodeUrlPart(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (isUnreserved(c)) {
            out += c;
        } else {
            std::string code = hex(std::string_view(&c, 1));
            std::transform(code.begin(), code.end(), code.begin(),
                           [](char d) { return d >= 'a' ? static_cast<char>(d - 'a' + 'A') : d; });
            out += "%" + code;
        }
    }
    return out;
}

std::string withQueryMember(const std::string& query,
                            std::string_view name,
                            std::string_view value) {
    const std::string member = encodeUrlPart(name) + "=" + encodeUrlPart(value);
    return query.empty() ? member : query + "&" + member;
}

bool hasQueryMember(const std::string& query, std::string_view name) {
    for (std::size_t at = 0; at < query.size();) {
        const std::size_t end = std::min(query.find_first_of("&;", at), query.size());
        const std::string member = query.substr(at, end - at);
        const std::string key = member.substr(0, member.find('='));
        int size = 0;
        char* text = curl_easy_unescape(nullptr, key.c_str(), static_cast<int>(key.size()), &size);
        const std::string decoded = text ? std::string(text, static_cast<std::size_t>(size)) : key;
        curl_free(text);
        if (lowerCase(decoded) == lowerCase(name)) return true;
        at = end + 1;
    }
    return false;
}

std::string lowerCase(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

}  // namespace concordat::gateway
