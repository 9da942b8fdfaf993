// SPDX-License-Identifier: Apache-2.0
#include "hub/host/library.h"

#include <fstream>

#include <sys/stat.h>

#include "hub/consent/error.h"
#include "tests/host/fakes.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::host;
namespace fs = std::filesystem;

namespace {

std::string refusal(const std::string& file,
                    const std::string& cache,
                    const std::string& hash = "") {
    try {
        keepLibrary(file, cache, hash);
        return "accepted";
    } catch (const PluginError& error) {
        return error.message();
    }
}

std::string startFailure(const std::string& name, const std::string& cache) {
    try {
        describeIsolated(keepLibrary(std::string(BROKEN_DIR) + "/" + name + ".so", cache),
                         childOptions());
        return "started";
    } catch (const PluginError& error) {
        return error.message();
    }
}

}  // namespace

TEST_CASE("a connector's copy is named after its content and can only be read") {
    CacheFolder cache;
    const auto library = keepLibrary(HELLO, cache.path());
    CHECK(library.path == cache.path() + "/" + library.sha256 + ".so");
    struct stat facts {};
    REQUIRE(::stat(library.path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0500);
    CHECK(keepLibrary(HELLO, cache.path(), library.sha256).path == library.path);
}

TEST_CASE("a copy that somebody changed is made again") {
    CacheFolder cache;
    const auto library = keepLibrary(HELLO, cache.path());
    fs::permissions(library.path, fs::perms::owner_all);
    std::ofstream(library.path, std::ios::app) << "more";
    keepLibrary(HELLO, cache.path());
    CHECK(fs::file_size(library.path) == library.size);
}

TEST_CASE("a file that is no connector is refused with the reason") {
    CacheFolder cache;
    const std::string text = cache.path() + "/text.so";
    std::ofstream(text) << std::string(200, 'x');
    CHECK_THAT(refusal(text, cache.path()), Catch::Contains("it is not a shared library"));
    CHECK_THAT(refusal(cache.path(), cache.path()), Catch::Contains("it is not a regular file"));
    CHECK_THAT(refusal("/nowhere/x.so", cache.path()), Catch::Contains("No such file"));
    CHECK_THAT(refusal(HELLO, cache.path(), std::string(64, '0')),
               Catch::Contains("its manifest says"));
}

TEST_CASE("a file that others may write is refused") {
    CacheFolder cache;
    const std::string open = cache.path() + "/open.so";
    fs::copy_file(HELLO, open);
    fs::permissions(open, fs::perms::others_write, fs::perm_options::add);
    CHECK_THAT(refusal(open, cache.path()), Catch::Contains("chmod go-w"));
}

TEST_CASE("a library of another kind does not start, and both sides are named") {
    CacheFolder cache;
    CHECK_THAT(startFailure("no_symbol", cache.path()),
               Catch::Contains("does not export concordat_connector"));
    CHECK_THAT(startFailure("other_abi", cache.path()),
               Catch::Contains("built for ABI 99, this hub speaks ABI 1"));
    CHECK_THAT(startFailure("small_table", cache.path()),
               Catch::Contains("its table has 8 bytes, this hub needs 40"));
}
