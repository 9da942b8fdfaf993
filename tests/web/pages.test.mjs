// SPDX-License-Identifier: Apache-2.0
// Every page, in three languages and two themes, on a screen and on a phone: it shows, fits, is accessible, and calls nobody.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findings, openBrowser, openPage, overhang, picture, signIn, visit } from './browser.mjs';
import { Company } from './company.mjs';

let company;
let browser;
let places;

before(async () => {
  company = await Company.start();
  browser = await openBrowser();
  const { subject, item } = await company.candidate();
  places = {
    overview: '#/', review: '#/review', review_item: `#/review/${item.id}`, people: '#/people', person: `#/people/${subject}`, may: '#/people/may',
    systems: '#/systems', system: '#/systems/sellsy', deliveries: '#/deliveries', incidents: '#/deliveries/incidents', quarantine: '#/deliveries/quarantine',
    settings: '#/settings', users: '#/settings/users', tokens: '#/settings/tokens', hub: '#/settings/hub', keeping: '#/settings/keeping',
  };
}, { timeout: 300_000 });

after(async () => {
  await browser?.close();
  await company?.stop();
});

describe('every page', () => {
  for (const [theme, language] of ['light', 'dark'].flatMap((theme) => ['en', 'fr', 'it'].map((language) => [theme, language])))
    test(`shows in ${language}, ${theme}, without serious findings`, async () => {
      const page = await openPage(browser, company, { language, theme });
      await picture(page, `sign-in-${language}-${theme}`);
      const wrong = await findings(page, 'sign-in');
      await signIn(page);
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      for (const [name, hash] of Object.entries(places)) {
        await visit(page, hash);
        await picture(page, `${name}-${language}-${theme}`);
        assert.equal(await page.locator('.problem').count(), 0, `${name} shows a problem`);
        assert.doesNotMatch(await page.locator('main').innerText(), /\{(?!port\})\w+\}|undefined|NaN|\[object/, `${name} shows something unfinished`);
        wrong.push(...await overhang(page, name), ...await findings(page, name));
      }
      assert.deepEqual([...wrong, ...page.wrong], []);
      await page.context().close();
    });

  for (const language of ['en', 'fr', 'it'])
    test(`fits a phone in ${language}`, async () => {
      const page = await openPage(browser, company, { language, theme: 'light', width: 390, height: 844 });
      await signIn(page);
      const wrong = [];
      for (const [name, hash] of Object.entries(places)) {
        await visit(page, hash);
        await picture(page, `phone-${name}-${language}`);
        wrong.push(...await overhang(page, name), ...await findings(page, name));
      }
      assert.deepEqual([...wrong, ...page.wrong], []);
      await page.context().close();
    });

  test('stays whole at a zoom of 200 %, and in print', async () => {
    const page = await openPage(browser, company, { width: 640, height: 400 });
    await signIn(page);
    const wrong = [];
    for (const [name, hash] of Object.entries(places)) {
      await visit(page, hash);
      wrong.push(...await overhang(page, name));
      if (name === 'systems') await picture(page, 'systems-200');
    }
    assert.deepEqual(wrong, []);
    await page.emulateMedia({ media: 'print' });
    await visit(page, places.person);
    await picture(page, 'person-print');
    assert.ok(await page.locator('.top').isHidden(), 'the top bar is printed');
    await page.context().close();
  });

  test('names every link’s page: none is dead', async () => {
    const page = await openPage(browser, company);
    await signIn(page);
    const seen = new Set();
    for (const hash of Object.values(places)) {
      await visit(page, hash);
      for (const link of await page.locator('a[href^="#/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')))) seen.add(link.split('?')[0].replace(/(people|review)\/(?!may).+/, '$1'));
    }
    for (const link of seen) {
      await visit(page, link);
      assert.equal(await page.getByText('There is no such page').count(), 0, `${link} is dead`);
    }
    await page.context().close();
  });
});

describe('the page as it is served', () => {
  test('forbids what it does not need, and is small', async () => {
    const reply = await fetch(company.address, { headers: { 'accept-encoding': 'gzip' } });
    const policy = reply.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    const text = await reply.text();
    const names = [...text.matchAll(/\/assets\/[\w.-]+/g)].map((one) => one[0]);
    assert.ok(names.length >= 2);
    for (const name of names) {
      const asset = await fetch(company.address + name);
      assert.equal(asset.status, 200);
      assert.match(asset.headers.get('cache-control'), /immutable/);
      assert.ok(asset.headers.get('etag'));
    }
  });

  test('weighs less than 300 kB at the first visit, font included', async () => {
    const page = await openPage(browser, company);
    const sizes = [];
    page.on('requestfinished', async (request) => { sizes.push(request.sizes().then((one) => one.responseBodySize)); });
    await page.reload();
    await page.locator('input[name=user]').waitFor();
    await page.evaluate(() => document.fonts.ready);
    const total = (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
    assert.ok(total > 0 && total < 300 * 1024, `${total} bytes`);
    await page.context().close();
  });
});
