// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <set>
#include <string>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/store/samples.h"
#include "tests/store/scratch.h"
#include "tests/support/check.h"
#include "tests/support/folders.h"

using namespace concordat;
using namespace concordat::store;

namespace {

/// Starts the program that writes for ever, with its output in `ends`.
pid_t startWriter(const Scratch& scratch, const int (&ends)[2], int firstNumber) {
    const auto program = concordat::tests::buildFolder() + "/bin/store_endless_writer";
    const auto database = scratch.path("concordat.db");
    const auto journal = scratch.path("suppression.journal");
    const auto key = scratch.path("key");
    const auto first = std::to_string(firstNumber);
    const pid_t child = fork();
    if (child != 0) return child;
    dup2(ends[1], STDOUT_FILENO);
    execl(program.c_str(), program.c_str(), database.c_str(), journal.c_str(), key.c_str(),
          first.c_str(), nullptr);
    _exit(127);
}

struct Limit {
    explicit Limit(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{bytes, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~Limit() { setrlimit(RLIMIT_FSIZE, &before); }
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;
    rlimit before{};
};

std::int64_t subjectsOf(Store& store) {
    std::int64_t count = 0;
    store.read([&](Reader& reader) { count = reader.subjectCount(); });
    return count;
}

bool writeOne(Store& store, std::string& said) {
    said = refusal([&] {
        store.write([](Writer& writer) {
            const auto subject = writer.newSubject(1);
            writer.append(samples::event(subject, consent::Decision::Refused));
            writer.putCursor("sf", "poll", std::string(20'000, 'c'));
        });
    });
    return said == "nothing";
}

}  // namespace

TEST_CASE("nothing that was accepted is lost when the process is killed") {
    const Scratch scratch;
    std::set<int> accepted;
    for (const int enough : {20, 200, 500}) {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        const pid_t child = startWriter(scratch, ends, enough * 1000);
        REQUIRE(child > 0);
        close(ends[1]);
        int n = 0;
        int heard = 0;
        while (read(ends[0], &n, sizeof n) == sizeof n) {
            accepted.insert(n);
            if (++heard == enough) kill(child, SIGKILL);
        }
        waitpid(child, nullptr, 0);
        close(ends[0]);
        CHECK(heard >= enough);

        const auto store = scratch.open();
        CHECK_FALSE(store->recovery().behindJournal);
        CHECK(store->integrityProblems().empty());
        std::size_t lost = 0;
        store->read([&](Reader& reader) {
            for (const int number : accepted)
                if (!reader.event("E" + std::to_string(number))) ++lost;
        });
        CHECK(lost == 0);
    }
}

TEST_CASE("a full disk is one sentence, loses nothing, and writing goes on when there is space") {
    const Scratch scratch;
    const auto store = scratch.open();
    std::string said;
    std::int64_t accepted = 0;
    {
        const Limit limit(400'000);
        while (writeOne(*store, said)) ++accepted;
        CHECK(said.find("; ") != std::string::npos);
        CHECK_FALSE(writeOne(*store, said));
        CHECK(subjectsOf(*store) == accepted);
    }
    CHECK(accepted > 0);
    writeOne(*store, said);
    CHECK(said == "nothing");
    CHECK(subjectsOf(*store) == accepted + 1);
    CHECK(store->integrityProblems().empty());
}

TEST_CASE("a database at its size limit refuses with one sentence and keeps what it has") {
    const Scratch scratch;
    auto options = scratch.options();
    options.maximumBytes = 600'000;
    std::int64_t accepted = 0;
    std::string said;
    {
        const auto store = scratch.open(options);
        for (; accepted < 10'000; ++accepted) {
            said = refusal([&] {
                store->write([&](Writer& writer) {
                    writer.put(
                        samples::record(writer.newSubject(1), "sf", std::to_string(accepted)));
                });
            });
            if (said != "nothing") break;
        }
        CHECK(said.find("cannot grow: the disk or the size limit is full") != std::string::npos);
        CHECK(subjectsOf(*store) == accepted);
    }
    options.maximumBytes = 0;
    const auto store = scratch.open(options);
    CHECK(subjectsOf(*store) == accepted);
    CHECK(writeOne(*store, said));
    CHECK(store->integrityProblems().empty());
}
