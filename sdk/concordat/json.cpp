// SPDX-License-Identifier: Apache-2.0
#include "sdk/concordat/json.h"

#include <limits>

#include <nlohmann/json.hpp>

#include "sdk/concordat/wire.h"

namespace concordat::sdk {
namespace wire {
namespace {

/// How many bytes the UTF-8 sequence at the start of `text` has; 0 if it is none. Refuses overlong
/// forms, surrogates and what lies beyond U+10FFFF.
std::size_t sequenceLength(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool outside = (lead == 0xED && byte(1) >= 0xA0) || (lead == 0xF4 && byte(1) >= 0x90);
    return overlong || outside ? 0 : length;
}

void appendEscaped(std::string& out, unsigned char control) {
    constexpr std::string_view kHex = "0123456789abcdef";
    switch (control) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    out += "\\u00";
    out += kHex[control >> 4];
    out += kHex[control & 15];
}

/// One value of nlohmann's tree, as Reader wants it.
class TreeSource {
 public:
    explicit TreeSource(const nlohmann::json& tree) : tree_(tree) {}

    bool isNull() const { return tree_.is_null(); }
    bool isObject() const { return tree_.is_object(); }
    bool isArray() const { return tree_.is_array(); }
    std::string json() const { return tree_.dump(); }
    template <class Visit>
    void eachMember(const Visit& visit) const {
        for (const auto& [name, value] : tree_.get_ref<const nlohmann::json::object_t&>())
            visit(name, TreeSource(value));
    }
    template <class Visit>
    void eachElement(const Visit& visit) const {
        for (const auto& value : tree_) visit(TreeSource(value));
    }
    bool read(bool& out) const { return tree_.is_boolean() && (tree_.get_to(out), true); }
    bool read(std::string& out) const { return tree_.is_string() && (tree_.get_to(out), true); }
    bool read(double& out) const { return tree_.is_number() && (tree_.get_to(out), true); }
    bool read(std::uint64_t& out) const {
        return tree_.is_number_unsigned() && (tree_.get_to(out), true);
    }
    bool read(std::int64_t& out) const {
        if (!tree_.is_number_integer()) return false;
        if (tree_.is_number_unsigned() &&
            tree_.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
            return false;
        tree_.get_to(out);
        return true;
    }

 private:
    const nlohmann::json& tree_;
};

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

}  // namespace

void appendQuoted(std::string& out, std::string_view text) {
    out += '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x20 && byte != '"' && byte != '\\') {
            const std::size_t length = byte < 0x80 ? 1 : sequenceLength(text.substr(i));
            if (length == 0) throw MessageError("a text in the message is not UTF-8");
            i += length;
            continue;
        }
        out += text.substr(plain, i - plain);
        appendEscaped(out, byte);
        plain = ++i;
    }
    out += text.substr(plain);
    out += '"';
}

void appendJson(std::string& out, std::string_view json) {
    const auto tree = nlohmann::json::parse(json, nullptr, false);
    if (tree.is_discarded()) throw MessageError("a text that should hold JSON does not");
    out += tree.dump();
}

}  // namespace wire

template <class T>
Encoded encode(const T& message) {
    Encoded encoded;
    wire::Writer writer(&encoded.attachments);
    writer.object(message);
    encoded.json = writer.takeText();
    return encoded;
}

template <class T>
T decode(std::string_view json, const std::vector<std::string_view>& attachments) {
    const auto tree = nlohmann::json::parse(json, nullptr, false);
    if (tree.is_discarded()) throw MessageError("the message is not JSON");
    T message{};
    wire::Reader<wire::TreeSource>(&attachments, wire::kNoLimit)
        .object(wire::TreeSource(tree), message);
    return message;
}

#define CONCORDAT_CODE(Type)                    \
    template Encoded encode<Type>(const Type&); \
    template Type decode<Type>(std::string_view, const std::vector<std::string_view>&);
#define CONCORDAT_JSON(Type)                                    \
    void to_json(nlohmann::json& tree, const Type& from) {      \
        wire::Writer writer(nullptr);                           \
        writer.object(from);                                    \
        tree = nlohmann::json::parse(writer.takeText());        \
    }                                                           \
    void from_json(const nlohmann::json& tree, Type& to) {      \
        to = {};                                                \
        wire::Reader<wire::TreeSource>(nullptr, wire::kNoLimit) \
            .object(wire::TreeSource(tree), to);                \
    }
CONCORDAT_EACH_MESSAGE(CONCORDAT_CODE)
CONCORDAT_EACH_ENVELOPE(CONCORDAT_CODE)
CONCORDAT_EACH_MESSAGE(CONCORDAT_JSON)

}  // namespace concordat::sdk
