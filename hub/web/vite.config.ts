// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vite';

// The hub's content security policy forbids inline scripts, styles and data addresses, so nothing is inlined.
export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
