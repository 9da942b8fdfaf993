/* SPDX-License-Identifier: Apache-2.0 */
__attribute__((visibility("default"))) const int something_else = 1;
