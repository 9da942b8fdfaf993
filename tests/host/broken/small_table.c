/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/abi/concordat_abi.h"

__attribute__((visibility("default"))) const concordat_connector_table concordat_connector = {
    8, CONCORDAT_ABI_VERSION, 0, 0, 0, 0};
