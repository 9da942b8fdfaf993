// SPDX-License-Identifier: Apache-2.0
// pack.mjs DIST OUT: the built pages as one C++ file, compressed where that helps.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const [dist, out] = process.argv.slice(2);
const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2', '.svg': 'image/svg+xml',
};
const kFirstPage = 300 * 1024;

function literal(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 96) {
    text += '        "';
    for (const byte of bytes.subarray(at, at + 96)) {
      const isPlain = byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 && byte !== 63;
      text += isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
    }
    text += '"\n';
  }
  return text || '        ""\n';
}

const paths = ['index.html', ...readdirSync(join(dist, 'assets')).sort().map((name) => `assets/${name}`)];
let first = 0;
const rows = paths.map((path) => {
  const raw = readFileSync(join(dist, path));
  const type = types[extname(path)];
  if (!type) throw new Error(`${path}: say in pack.mjs what type this is`);
  const isGzip = extname(path) !== '.woff2';
  const bytes = isGzip ? gzipSync(raw, { level: 9 }) : raw;
  // What a first visit loads: the page, its script and style, the font; not another language, not the rarer letters.
  if (/^index|assets\/index|latin-wght/.test(path)) first += bytes.length;
  const tag = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return `        {"${path.replace('assets/', '')}", "${type}", "${tag}", ${isGzip}, std::string_view(\n${literal(bytes)}        , ${bytes.length})},\n`;
});
if (first > kFirstPage) throw new Error(`the first page is ${first} bytes compressed; ${kFirstPage} is the most`);
writeFileSync(out, `// Made by hub/web/pack.mjs. The first page is ${first} bytes compressed.
#include "hub/web/files.h"

namespace concordat::web {

std::vector<File> files() {
    return {
${rows.join('')}    };
}

}  // namespace concordat::web
`);
