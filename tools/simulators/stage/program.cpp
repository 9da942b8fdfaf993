// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/program.h"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "tools/simulators/stage/entrance.h"
#include "tools/simulators/stage/server.h"

namespace concordat::simulators {
namespace {

// Written beside and renamed, so that whoever waits for the file never reads half a number.
void writePortFile(const std::string& file, std::uint16_t port) {
    if (file.empty()) return;
    const std::string draft = file + ".new";
    std::ofstream(draft) << port << "\n";
    if (std::rename(draft.c_str(), file.c_str()) != 0) {
        throw std::runtime_error("cannot write the port file " + file);
    }
}

}  // namespace

void addCommonFlags(CLI::App& app, Options& options) {
    app.add_option("--port", options.port, "port on 127.0.0.1; 0 takes a free one")
        ->capture_default_str();
    app.add_option("--port-file", options.port_file, "file that receives the port number");
    app.add_option("--people", options.people, "how many people the vendor knows")
        ->capture_default_str();
    app.add_option("--overlap", options.overlap, "share of them that every vendor knows, 0 to 1")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_option("--seed", options.seed, "same seed, same people")->capture_default_str();
    app.add_option("--threads", options.threads, "connections served at the same time")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--latency-ms", options.latency_ms, "delay of every API reply")
        ->capture_default_str();
    app.add_option("--state", options.state, "file that keeps every write over a restart");
}

int serve(Stage& stage, Vendor& vendor) {
    rebuild(stage, vendor);
    Entrance entrance(stage, vendor);
    HttpServer server(stage.options.port, stage.options.threads,
                      [&](const Request& request) { return entrance.answer(request); });
    std::cout << "listening http://127.0.0.1:" << server.port() << std::endl;
    writePortFile(stage.options.port_file, server.port());
    awaitStopSignal();
    stage.close();
    server.stop();
    return 0;
}

}  // namespace concordat::simulators
