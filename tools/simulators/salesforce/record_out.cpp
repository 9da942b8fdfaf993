// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/soql.h"

namespace concordat::simulators::salesforce {
namespace {

using Paths = std::vector<const Path*>;

void appendAttributes(std::string& out, const RowView& view) {
    const auto& name = view.table().type().name();
    out += "{\"attributes\":{\"type\":\"" + name + "\",\"url\":\"/services/data/v66.0/sobjects/" +
           name + "/" + view.id() + "\"}";
}

void appendLevel(std::string& out, const RowView& view, const Paths& paths, std::size_t depth);

/// All paths that go through the same parent become one nested record.
void appendParent(std::string& out, const RowView& view, const Paths& paths, std::size_t depth) {
    out += ",\"" + paths[0]->names[depth] + "\":";
    const auto parent = view.follow(paths[0]->parents[depth]);
    if (!parent) {
        out += "null";
        return;
    }
    appendLevel(out, *parent, paths, depth + 1);
}

void appendLevel(std::string& out, const RowView& view, const Paths& paths, std::size_t depth) {
    appendAttributes(out, view);
    std::vector<FieldIndex> done;
    for (const auto* path : paths) {
        if (path->parents.size() == depth) {
            out += ",\"" + path->last().name + "\":";
            appendJson(out, view.get(path->field));
            continue;
        }
        const auto parent = path->parents[depth];
        bool seen = false;
        for (const auto field : done) seen = seen || field == parent;
        if (seen) continue;
        done.push_back(parent);
        Paths same;
        for (const auto* other : paths) {
            if (other->parents.size() > depth && other->parents[depth] == parent) {
                same.push_back(other);
            }
        }
        appendParent(out, view, same, depth);
    }
    out += '}';
}

}  // namespace

void appendRecord(std::string& out, const RowView& view, const Select& select) {
    Paths paths;
    for (const auto& path : select.fields) paths.push_back(&path);
    appendLevel(out, view, paths, 0);
}

}  // namespace concordat::simulators::salesforce
