// SPDX-License-Identifier: Apache-2.0
// The layout is a promise: every size and offset of ABI 1 is held here and in sdk/abi/abi-1.txt.
#include <cstddef>
#include <fstream>
#include <sstream>

#include "sdk/abi/concordat_abi.h"
#include "tests/support/check.h"
#include "tests/support/folders.h"

extern "C" unsigned long concordatTableSizeInC(void);

#define HOLDS_SIZE(type, bytes) static_assert(sizeof(type) == bytes)
#define HOLDS_OFFSET(type, member, bytes) static_assert(offsetof(type, member) == bytes)
#define EACH_PROMISE(SIZE, OFFSET)                     \
    SIZE(concordat_text, 16);                          \
    OFFSET(concordat_text, data, 0);                   \
    OFFSET(concordat_text, size, 8);                   \
    SIZE(concordat_message, 32);                       \
    OFFSET(concordat_message, size, 0);                \
    OFFSET(concordat_message, attachment_count, 4);    \
    OFFSET(concordat_message, json, 8);                \
    OFFSET(concordat_message, attachments, 24);        \
    SIZE(concordat_reply, 24);                         \
    OFFSET(concordat_reply, size, 0);                  \
    OFFSET(concordat_reply, context, 8);               \
    OFFSET(concordat_reply, give, 16);                 \
    SIZE(concordat_host, 24);                          \
    OFFSET(concordat_host, size, 0);                   \
    OFFSET(concordat_host, abi_version, 4);            \
    OFFSET(concordat_host, context, 8);                \
    OFFSET(concordat_host, call, 16);                  \
    SIZE(concordat_connector_table, 40);               \
    OFFSET(concordat_connector_table, size, 0);        \
    OFFSET(concordat_connector_table, abi_version, 4); \
    OFFSET(concordat_connector_table, describe, 8);    \
    OFFSET(concordat_connector_table, create, 16);     \
    OFFSET(concordat_connector_table, call, 24);       \
    OFFSET(concordat_connector_table, destroy, 32)

EACH_PROMISE(HOLDS_SIZE, HOLDS_OFFSET);
static_assert(CONCORDAT_ABI_VERSION == 1);
static_assert(CONCORDAT_OK == 0 && CONCORDAT_NOT_IMPLEMENTED == 1 && CONCORDAT_BAD_MESSAGE == 2 &&
              CONCORDAT_FAILED == 3 && CONCORDAT_CANCELLED == 4);

TEST_CASE("sdk/abi/abi-1.txt says what the compiler holds") {
#define SAYS_SIZE(type, bytes) said << "size " #type " " << bytes << "\n"
#define SAYS_OFFSET(type, member, bytes) said << "offset " #type "." #member " " << bytes << "\n"
    std::ostringstream said;
    EACH_PROMISE(SAYS_SIZE, SAYS_OFFSET);
    std::ifstream file(concordat::tests::sourceFolder() + "/sdk/abi/abi-1.txt");
    std::string comment;
    std::getline(file, comment);
    CHECK(said.str() == std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST_CASE("C and C++ see the same table") {
    CHECK(concordatTableSizeInC() == sizeof(concordat_connector_table));
}
