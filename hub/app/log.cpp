// SPDX-License-Identifier: Apache-2.0
#include "hub/app/log.h"

#include <iostream>

#include <Poco/AutoPtr.h>
#include <Poco/ConsoleChannel.h>
#include <Poco/FileChannel.h>
#include <Poco/FormattingChannel.h>
#include <Poco/Logger.h>
#include <Poco/PatternFormatter.h>

namespace concordat::app {

namespace {

Poco::AutoPtr<Poco::Channel> sink(const std::string& file) {
    if (file.empty()) return Poco::AutoPtr<Poco::Channel>(new Poco::ConsoleChannel(std::cerr));
    Poco::AutoPtr<Poco::FileChannel> channel(new Poco::FileChannel(file));
    channel->setProperty(Poco::FileChannel::PROP_ROTATION, "20 M");
    channel->setProperty(Poco::FileChannel::PROP_PURGECOUNT, "10");
    return channel;
}

}  // namespace

void startLog(const Settings& settings) {
    const Poco::AutoPtr<Poco::PatternFormatter> formatter(
        new Poco::PatternFormatter("%Y-%m-%dT%H:%M:%S.%iZ %p %s: %t"));
    const Poco::AutoPtr<Poco::FormattingChannel> channel(
        new Poco::FormattingChannel(formatter, sink(settings.path("log.file"))));
    Poco::Logger& root = Poco::Logger::root();
    root.setChannel(channel);
    root.setLevel(settings.text("log.level"));
}

}  // namespace concordat::app
