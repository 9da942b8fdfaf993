// SPDX-License-Identifier: Apache-2.0
// Headless Chromium as a person would use it, with an eye on what must never happen.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { password } from './company.mjs';

const require = createRequire(join(process.env.CONCORDAT_WEB_STAGE, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.CONCORDAT_WEB_PICTURES;

export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.CONCORDAT_CHROMIUM, args: ['--no-sandbox'] });
}

/** A page of its own session. `page.wrong` gathers what a page must not do: errors, forbidden loads, requests to elsewhere. */
export async function openPage(browser, company, { language = 'en', theme = 'light', width = 1280, height = 800 } = {}) {
  const context = await browser.newContext({ locale: language, colorScheme: theme, viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.wrong = [];
  page.on('pageerror', (error) => page.wrong.push(error.message));
  page.on('console', (message) => {
    // A status that is no success is told by the browser as well as by the page.
    if (message.type() === 'error' && !/status of (400|401|403|404|409|429|502|503)|ERR_CONNECTION|ERR_INCOMPLETE/.test(message.text())) page.wrong.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(company.address)) page.wrong.push(`a request went to ${request.url()}`);
  });
  await page.goto(company.address);
  return page;
}

export async function signIn(page, user = 'admin', secret = password) {
  await page.locator('input[name=user]').fill(user);
  await page.locator('input[name=password]').fill(secret);
  await page.keyboard.press('Enter');
  await page.locator('header.title h1').waitFor();
}

/** Goes to a place of the interface, and waits until it has loaded what it shows. */
export async function visit(page, hash) {
  await page.evaluate((to) => { location.hash = to; }, hash);
  const place = decodeURIComponent(hash.replace(/^#\//, '').split('?')[0]);
  await page.locator(`main[data-place="${place}"] h1`).waitFor();
  await page.waitForFunction(() => !document.querySelector('.loading'));
}

/** What axe finds that is serious or worse. */
export async function findings(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const serious = found.violations.filter((one) => ['serious', 'critical'].includes(one.impact));
  return serious.map((one) => `${what}: ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

/** What sticks out of the screen to the right. */
export async function overhang(page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return over > 0 ? [`${what} is ${over} px wider than the screen`] : [];
}

export async function picture(page, name) {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}
