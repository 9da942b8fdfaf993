// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/notices.h"

#include <array>
#include <ctime>
#include <fstream>
#include <stdexcept>

#include <openssl/evp.h>

namespace concordat::bench {

namespace {

std::string hexSha1(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr);
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        hex += "0123456789abcdef"[digest[i] >> 4U];
        hex += "0123456789abcdef"[digest[i] & 15U];
    }
    return hex;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> readIds(const std::string& file) {
    std::ifstream input(file);
    std::vector<std::pair<std::string, std::string>> all;
    for (std::string type, id; input >> type >> id;) all.emplace_back(type, id);
    if (all.empty()) throw std::runtime_error(file + " names no records");
    return all;
}

std::string notice(const std::string& path,
                   const std::string& key,
                   const std::pair<std::string, std::string>& record,
                   long serial) {
    const std::string body = R"({"eventType":")" + record.first +
                             R"(","event":"updated","relatedtype":")" + record.first +
                             R"(","relatedid":")" + record.second +
                             R"(","relatedobject":{},"individual":"N","ownertype":"staff",)"
                             R"("ownerid":")" +
                             std::to_string(serial) + R"(","corpid":"1","timestamp":")" +
                             std::to_string(std::time(nullptr)) + R"("})";
    return "POST " + path +
           " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Sellsy Webhook\r\n"
           "Content-Type: application/json\r\nX-Webhook-Signature: " +
           hexSha1(key + body) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

}  // namespace concordat::bench
