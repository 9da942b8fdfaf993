// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace concordat::web {

/// A file of the pages, built in. `bytes` are gzip if `isGzip`; `tag` changes when they do.
struct File {
    std::string_view name;
    std::string_view type;
    std::string_view tag;
    bool isGzip = false;
    std::string_view bytes;
};

/// index.html, and what it loads, whose names change with their content. Empty if the hub was
/// built without pages. [any]
std::vector<File> files();

}  // namespace concordat::web
