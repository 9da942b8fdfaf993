// SPDX-License-Identifier: Apache-2.0
#include "hub/app/terminal.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>

#include <Poco/DateTimeFormatter.h>
#include <Poco/NumberFormatter.h>
#include <Poco/Timestamp.h>
#include <libsmartcols/libsmartcols.h>
#include <unistd.h>

namespace concordat::app {

namespace {

constexpr int kBarWidth = 30;

struct TableEnd {
    void operator()(libscols_table* table) const { scols_unref_table(table); }
};

}  // namespace

void printTable(const std::vector<std::string>& headings,
                const std::vector<std::vector<std::string>>& rows) {
    const std::unique_ptr<libscols_table, TableEnd> table(scols_new_table());
    for (const std::string& heading : headings)
        scols_table_new_column(table.get(), heading.c_str(), 0,
                               &heading == &headings.back() ? SCOLS_FL_WRAP : 0);
    for (const auto& row : rows) {
        libscols_line* line = scols_table_new_line(table.get(), nullptr);
        for (std::size_t i = 0; i < row.size() && i < headings.size(); ++i)
            scols_line_set_data(line, i, row[i].c_str());
    }
    scols_table_set_stream(table.get(), stdout);
    scols_print_table(table.get());
}

ProgressBar::ProgressBar(std::string label, bool wanted)
    : label_(std::move(label)), active_(wanted && isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
    if (shown_) std::cerr << "\r\033[K" << std::flush;
}

void ProgressBar::show(double share, const std::string& text) {
    if (!active_) return;
    shown_ = true;
    std::cerr << "\r\033[K" << label_ << ' ';
    if (share >= 0) {
        const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * kBarWidth);
        std::cerr << '[' << std::string(static_cast<std::size_t>(full), '#')
                  << std::string(static_cast<std::size_t>(kBarWidth - full), '.') << "] "
                  << static_cast<int>(share * 100) << " % ";
    }
    std::cerr << text << std::flush;
}

std::string timeText(std::int64_t epochMs) {
    if (epochMs == 0) return "–";
    return Poco::DateTimeFormatter::format(Poco::Timestamp(epochMs * 1'000),
                                           "%Y-%m-%d %H:%M:%S UTC");
}

std::string spanText(std::int64_t milliseconds) {
    if (milliseconds < 1'000) return std::to_string(milliseconds) + " ms";
    if (milliseconds < 120'000)
        return Poco::NumberFormatter::format(static_cast<double>(milliseconds) / 1'000.0, 1) + " s";
    if (milliseconds < 7'200'000) return std::to_string(milliseconds / 60'000) + " min";
    return std::to_string(milliseconds / 3'600'000) + " h";
}

}  // namespace concordat::app
