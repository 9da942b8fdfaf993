// SPDX-License-Identifier: Apache-2.0
#include "tests/sdk/sample/sample.h"

CONCORDAT_CONNECTOR(concordat::sample::Sample)
