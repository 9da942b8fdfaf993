// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/secret_text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/gateway/digest.h"
#include "hub/gateway/url.h"

namespace concordat::gateway {

using nlohmann::json;

namespace {

std::vector<std::string> split(const std::string& text, char by) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(by, at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

bool isComputed(const json& value) {
    if (!value.is_object() || value.size() != 2) return false;
    const auto text = value.find("text");
    const auto apply = value.find("apply");
    if (text == value.end() || apply == value.end() || !text->is_string() || !apply->is_array()) {
        return false;
    }
    return std::all_of(apply->begin(), apply->end(), [](const json& f) { return f.is_string(); });
}

std::string upperCase(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

std::string escapedFor(const std::string& contentType, const std::string& value) {
    if (contentType.find("json") != std::string::npos) {
        const std::string quoted = json(value).dump();
        return quoted.substr(1, quoted.size() - 2);
    }
    if (contentType.find("x-www-form-urlencoded") != std::string::npos) return encodeUrlPart(value);
    throw AccessError("a secret is filled into JSON and form bodies only");
}

}  // namespace

std::string TextFiller::secret(const std::string& name) const {
    const auto value = secrets_ ? secrets_(name) : std::nullopt;
    if (!value) throw AccessError("the secret " + name + " is not set");
    return *value;
}

std::string TextFiller::filtered(std::string value, const std::string& filter) const {
    if (filter == "base64") return base64(value);
    if (filter == "upper") return upperCase(std::move(value));
    if (filter.starts_with("hmac_")) {
        const std::size_t colon = std::min(filter.find(':'), filter.size());
        const std::string hash = filter.substr(5, colon - 5);
        const std::string key = colon < filter.size() ? secret(filter.substr(colon + 1)) : "";
        if (const auto bytes = hmac(hash, key, value); bytes && !key.empty()) return hex(*bytes);
        throw AccessError("the filter " + filter + " is not known, or names no key");
    }
    const bool raw = filter.ends_with("_raw");
    const auto bytes = digest(raw ? filter.substr(0, filter.size() - 4) : filter, value);
    if (!bytes) throw AccessError("the filter " + filter + " is not known");
    return raw ? *bytes : hex(*bytes);
}

std::string TextFiller::placeholder(const std::string& inner) const {
    const auto since = now_.time_since_epoch();
    if (inner == "now:s") {
        return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(since).count());
    }
    if (inner == "now:ms")
        return std::to_string(std::chrono::duration_cast<Milliseconds>(since).count());
    const std::vector<std::string> parts = split(inner, '|');
    std::string value = secret(parts[0].substr(std::string_view("secret:").size()));
    for (std::size_t i = 1; i < parts.size(); ++i) value = filtered(std::move(value), parts[i]);
    return value;
}

std::string TextFiller::fill(const std::string& text) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = std::string_view(text).substr(at);
        const std::size_t end = text.find('}', at);
        const bool opens = rest.starts_with("{secret:") || rest.starts_with("{now:");
        if (!opens || end == std::string::npos) {
            out += text[at++];
            continue;
        }
        out += placeholder(text.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    return out;
}

std::string TextFiller::fill(const SecretText& text) const {
    std::string value = fill(text.text);
    for (const std::string& filter : text.apply) value = filtered(std::move(value), filter);
    return value;
}

void TextFiller::fillJson(json& value) const {
    if (value.is_string()) {
        value = fill(value.get_ref<const std::string&>());
    } else if (isComputed(value)) {
        value = fill(SecretText{value["text"].get<std::string>(),
                                value["apply"].get<std::vector<std::string>>()});
    } else if (value.is_structured()) {
        for (json& member : value) fillJson(member);
    }
}

std::string withBodySecrets(const std::string& body,
                            const std::vector<std::string>& allowed,
                            const std::string& contentType,
                            const TextFiller& filler) {
    std::string out = body;
    for (const std::string& name : allowed) {
        const std::string mark = "{secret:" + name + "}";
        if (out.find(mark) == std::string::npos) continue;
        const std::string value = escapedFor(contentType, filler.secret(name));
        for (std::size_t at = 0; (at = out.find(mark, at)) != std::string::npos;
             at += value.size()) {
            out.replace(at, mark.size(), value);
        }
    }
    return out;
}

}  // namespace concordat::gateway
