/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/abi/concordat_abi.h"

/** The size that a C compiler gives the table; compared with C++'s. */
unsigned long concordatTableSizeInC(void);
unsigned long concordatTableSizeInC(void) { return sizeof(concordat_connector_table); }
