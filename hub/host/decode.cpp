// SPDX-License-Identifier: Apache-2.0
#include "hub/host/decode.h"

#include <simdjson.h>

#include "sdk/concordat/wire.h"

namespace concordat::host {
namespace {

/// Of one message: what a page of 2,000 observations needs ten times over, and few enough to hold
/// in memory.
constexpr std::size_t kMaxValues = 500'000;

/// One value of simdjson's tree, as the SDK's Reader wants it.
class Source {
 public:
    explicit Source(simdjson::dom::element element) : element_(element) {}

    bool isNull() const { return element_.is_null(); }
    bool isObject() const { return element_.is_object(); }
    bool isArray() const { return element_.is_array(); }
    std::string json() const { return simdjson::minify(element_); }
    template <class Visit>
    void eachMember(const Visit& visit) const {
        for (const auto& field : simdjson::dom::object(element_))
            visit(field.key, Source(field.value));
    }
    template <class Visit>
    void eachElement(const Visit& visit) const {
        for (const auto element : simdjson::dom::array(element_)) visit(Source(element));
    }
    bool read(std::string& out) const {
        std::string_view text;
        if (element_.get(text) != simdjson::SUCCESS) return false;
        out = text;
        return true;
    }
    template <class Number>
    bool read(Number& out) const {
        return element_.get(out) == simdjson::SUCCESS;
    }

 private:
    simdjson::dom::element element_;
};

}  // namespace

struct Decoder::Parser {
    simdjson::dom::parser parser;
};

Decoder::Decoder() : parser_(std::make_unique<Parser>()) {}
Decoder::~Decoder() = default;

template <class T>
T Decoder::decode(const PayloadView& payload) {
    simdjson::dom::element root;
    const auto error =
        parser_->parser.parse(payload.json.data(), payload.json.size(), !payload.isPadded)
            .get(root);
    if (error != simdjson::SUCCESS) throw sdk::MessageError("the message is not JSON");
    T message{};
    sdk::wire::Reader<Source>(&payload.attachments, kMaxValues).object(Source(root), message);
    return message;
}

#define CONCORDAT_CODE(Type) template sdk::Type Decoder::decode<sdk::Type>(const PayloadView&);
CONCORDAT_EACH_MESSAGE(CONCORDAT_CODE)
CONCORDAT_EACH_ENVELOPE(CONCORDAT_CODE)
#undef CONCORDAT_CODE

}  // namespace concordat::host
