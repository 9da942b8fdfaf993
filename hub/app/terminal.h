// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a person sees in a terminal: tables, a progress bar, and nothing of either where the output
// is not a terminal.

#include <string>
#include <vector>

namespace concordat::app {

/// Prints rows under headings on standard output, fitted to the terminal's width. [main]
void printTable(const std::vector<std::string>& headings,
                const std::vector<std::vector<std::string>>& rows);

/// A bar on standard error while long work runs; silent where that is no terminal, or with --json.
/// [main]
class ProgressBar {
 public:
    ProgressBar(std::string label, bool wanted);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    /// `share` from 0 to 1; below 0: unknown, only the text is shown.
    void show(double share, const std::string& text);

 private:
    std::string label_;
    bool active_;
    bool shown_ = false;
};

/// "2026-11-23 18:04:05 UTC", or "–" for 0.
std::string timeText(std::int64_t epochMs);

/// "340 ms", "2.1 s", "5 min" …
std::string spanText(std::int64_t milliseconds);

}  // namespace concordat::app
