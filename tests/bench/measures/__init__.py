# SPDX-License-Identifier: Apache-2.0
"""What tools/bench measures the hub with."""
