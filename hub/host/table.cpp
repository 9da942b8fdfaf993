// SPDX-License-Identifier: Apache-2.0
#include "hub/host/table.h"

#include <dlfcn.h>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>

#include "hub/consent/error.h"

namespace concordat::host {

void checkTable(const concordat_connector_table& table, const std::string& origin) {
    constexpr std::uint32_t kNeeded = sizeof(concordat_connector_table);
    if (table.size < kNeeded)
        throw PluginError("connector " + origin + ": its table has " + std::to_string(table.size) +
                          " bytes, this hub needs " + std::to_string(kNeeded) +
                          "; build it with a newer SDK");
    if (table.abi_version != CONCORDAT_ABI_VERSION)
        throw PluginError("connector " + origin + ": it is built for ABI " +
                          std::to_string(table.abi_version) + ", this hub speaks ABI " +
                          std::to_string(CONCORDAT_ABI_VERSION) + "; build it with this hub's SDK");
    if (!table.describe || !table.create || !table.call || !table.destroy)
        throw PluginError("connector " + origin + ": its table lacks one of the four functions");
}

const concordat_connector_table& loadTable(const std::string& path, const std::string& origin) {
    namespace dll = boost::dll;
    // RTLD_NODELETE: code that something may still point to is never unloaded.
    constexpr auto kMode = static_cast<dll::load_mode::type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    dll::shared_library library;
    boost::dll::fs::error_code error;
    library.load(path, error, kMode);
    if (error) {
        const char* reason = ::dlerror();
        throw PluginError("connector " + origin +
                          " cannot be loaded: " + (reason ? reason : error.message()));
    }
    if (!library.has(CONCORDAT_SYMBOL))
        throw PluginError("connector " + origin +
                          ": it does not export " CONCORDAT_SYMBOL
                          ", which this hub looks for; end it with CONCORDAT_CONNECTOR(Class)");
    const auto& table = library.get<const concordat_connector_table>(CONCORDAT_SYMBOL);
    checkTable(table, origin);
    return table;
}

}  // namespace concordat::host
