// SPDX-License-Identifier: Apache-2.0
// What people do: open a company for writing, decide, look somebody up, pause and stop, by mouse and by keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage, picture, signIn, visit } from './browser.mjs';
import { Company, until } from './company.mjs';

let company;
let browser;
let page;

const dialog = () => page.locator('dialog[open]');
const button = (name) => page.getByRole('button', { name, exact: true });

before(async () => {
  company = await Company.start({ open: false });
  browser = await openBrowser();
  page = await openPage(browser, company);
}, { timeout: 300_000 });

after(async () => {
  await browser?.close();
  await company?.stop();
});

test('a wrong password is answered by one sentence', async () => {
  await page.locator('input[name=user]').fill('admin');
  await page.locator('input[name=password]').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('name or password is wrong').waitFor();
  await signIn(page);
});

test('a company that is not open yet is told the next step, rehearsed, and opened', async () => {
  await visit(page, '#/');
  await page.getByText('Nothing is written.').waitFor();
  await picture(page, 'first-steps');
  await visit(page, '#/systems');
  await until(async () => (await company.ask('/v1/systems')).items.every((one) => one.state === 'rehearsing'), 'the first reading');
  await button('Rehearse').click();
  await page.getByRole('heading', { name: 'How the values are read' }).waitFor();
  await picture(page, 'rehearsal');
  await button('Open for writing').click();
  await dialog().getByRole('button', { name: 'Open for writing' }).click();
  await page.getByText('Approved: the systems are open').waitFor();
  await until(async () => (await company.ask('/v1/systems')).items.every((one) => one.state === 'open'), 'the opening');
  await until(async () => (await company.ask('/v1/systems')).items.every((one) => one.due === 0), 'the first writes');
});

test('a withdrawal is seen from event to proof, without a reload', async () => {
  const person = await company.somebody();
  await visit(page, '#/people');
  await page.getByLabel('E-mail address, phone number or person’s id').fill(person.email);
  await button('Find').click();
  await page.getByRole('heading', { name: 'Person', exact: true }).waitFor();
  assert.doesNotMatch(await page.evaluate(() => location.href), /@/);
  assert.ok(!(await page.locator('main').innerText()).includes(person.email), 'an address is shown before it is asked for');
  await button('Show in full').click();
  await page.getByText(person.email).waitFor();
  await company.refuse(person);
  await page.locator('.timeline thead').getByText('Withdrawn').waitFor();
  await page.locator('.timeline .attempt').nth(1).waitFor();
  await page.getByRole('heading', { name: 'May not be addressed' }).waitFor();
  await picture(page, 'withdrawal');
});

test('a choice recorded here reaches the systems', async () => {
  const person = await company.somebody();
  await visit(page, `#/people/${await company.subject(person)}`);
  await button('Record a choice').click();
  await dialog().getByLabel('e-mail', { exact: true }).check();
  await dialog().getByLabel('Prospecting').check();
  await dialog().getByRole('button', { name: 'Record', exact: true }).click();
  await dialog().getByText('Recorded.').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await until(() => company.isDenied(person), 'the withdrawal in every system');
});

test('evidence is forecast before it is added, and a candidate can be dismissed', async () => {
  const first = await company.candidate();
  await visit(page, `#/review/${first.item.id}`);
  await button('Add evidence').click();
  await dialog().getByLabel('Where it comes from').fill('paper form');
  await dialog().getByLabel('Taken down on').fill('2024-01-02T10:00');
  await button('What would it change?').click();
  await dialog().getByText('This evidence changes no answer').waitFor();
  await picture(page, 'evidence');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await button('Dismiss').click();
  await dialog().getByLabel(/Reason/).fill('no form was found');
  await dialog().getByRole('button', { name: 'Dismiss' }).click();
  await until(async () => (await company.ask(`/v1/inbox/${first.item.id}`)).closed_at > 0, 'the dismissal');
});

test('a new inbox item waits behind a button, so that nothing jumps', async () => {
  await visit(page, '#/people');
  await company.candidate();
  await visit(page, '#/review');
  const before = await page.locator('.inbox a.what').count();
  await company.candidate();
  await page.getByRole('button', { name: '1 new' }).waitFor();
  assert.equal(await page.locator('.inbox a.what').count(), before);
  await page.getByRole('button', { name: '1 new' }).click();
  await until(async () => (await page.locator('.inbox a.what').count()) === before + 1, 'the new row');
});

test('pause and full stop ask in words, and the page says which of the two it is', async () => {
  await visit(page, '#/systems');
  await button('Pause Sellsy Lyon').click();
  await dialog().getByText('Withdrawals go on, in both directions.').waitFor();
  await dialog().getByLabel(/Reason/).fill('the vendor works on it');
  await dialog().getByRole('button', { name: 'Pause' }).click();
  await page.locator('.systems').getByText('the vendor works on it').waitFor();
  assert.equal((await company.ask('/v1/systems/sellsy')).state, 'paused');
  await button('Resume Sellsy Lyon').click();
  await button('Pause Sellsy Lyon').waitFor();
  await visit(page, '#/systems/eudonet');
  await button('Full stop').click();
  await dialog().getByText(/not even withdrawals/).waitFor();
  await dialog().getByText(/would wait until the end/).waitFor();
  await dialog().getByLabel(/Reason/).fill('wrong data');
  await picture(page, 'full-stop');
  await dialog().getByRole('button', { name: 'Full stop' }).click();
  await page.locator('.systems').getByText(/then Pause/).waitFor();
  assert.equal((await company.ask('/v1/systems/eudonet')).state, 'full_stop');
  await button('Resume Eudonet Lyon').click();
  await until(async () => (await company.ask('/v1/systems/eudonet')).state === 'open', 'the end of the full stop');
});

test('a system is checked, and read and written at once', async () => {
  await visit(page, '#/systems/salesforce');
  await button('Check connection').click();
  await page.locator('.probes li').first().waitFor();
  await button('Read and write now').click();
  await page.getByText(/records? read,/).waitFor();
});

test('a list is asked before a mailing', async () => {
  const person = await company.somebody();
  await visit(page, '#/people/may');
  await page.getByLabel('E-mail addresses and phone numbers').fill(`${person.email}\nnobody@example.org`);
  await button('Ask').click();
  await page.getByRole('rowheader', { name: 'nobody@example.org' }).waitFor();
});

test('users and tokens are made and removed; a reader is shown nothing to press', async () => {
  await visit(page, '#/settings/tokens');
  await button('New token').click();
  await dialog().getByLabel('Name').fill('portal');
  await button('Make token').click();
  assert.match(await page.locator('#token').innerText(), /^\S{20,}$/);
  await button('I have kept it').click();
  await button('Revoke portal').click();
  await dialog().getByRole('button', { name: 'Revoke' }).click();
  await button('Revoke portal').waitFor({ state: 'detached' });
  await visit(page, '#/settings/users');
  await button('New user').click();
  await dialog().getByLabel('Name').fill('reader');
  await dialog().getByLabel('New password').fill('another long password');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await button('Remove reader').waitFor();
  const other = await openPage(browser, company);
  await signIn(other, 'reader', 'another long password');
  await visit(other, '#/systems/sellsy');
  assert.equal(await other.locator('main button').count(), 0);
  await visit(other, '#/settings/users');
  assert.equal(await other.getByRole('button', { name: 'New user' }).count(), 0);
  assert.deepEqual(other.wrong, []);
  await other.context().close();
});

test('settings, integrity and backup answer', async () => {
  await visit(page, '#/settings/hub');
  await page.getByRole('rowheader', { name: 'node', exact: true }).waitFor();
  await visit(page, '#/settings/keeping');
  await button('Check the store').click();
  await page.getByText('The store is sound.').waitFor();
  await page.getByLabel('File on the hub’s machine').fill('/no/such/folder/hub.db');
  await button('Write backup').click();
  await page.getByRole('alert').waitFor();
});

test('the whole way is walked by keyboard alone', async () => {
  const { item } = await company.candidate();
  await visit(page, '#/review');
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('?');
  await dialog().getByText('Keyboard and marks').waitFor();
  await page.keyboard.press('Escape');
  await until(async () => (await dialog().count()) === 0, 'the end of the help');
  const waiting = page.locator('.waiting button');
  if (await waiting.count()) await waiting.click();
  await until(async () => {
    await page.keyboard.press('j');
    return page.evaluate((id) => document.activeElement?.getAttribute('href')?.includes(id) ?? false, item.id);
  }, 'J on the newest row');
  await page.keyboard.press('Enter');
  await page.locator('aside.card h2').waitFor();
  await until(async () => {
    await page.keyboard.press('Tab');
    return page.evaluate(() => document.activeElement?.textContent === 'Dismiss');
  }, 'Tab to the action');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
  assert.equal(outline, '2px');
  await page.keyboard.press('Enter');
  await dialog().waitFor();
  await until(async () => {
    const isReason = await page.evaluate(() => document.activeElement?.getAttribute('name') === 'reason');
    if (!isReason) await page.keyboard.press('Tab');
    return isReason;
  }, 'Tab to the reason');
  await page.keyboard.type('walked by keyboard');
  await page.keyboard.press('Enter');
  await until(async () => (await company.ask(`/v1/inbox/${item.id}`)).closed_at > 0, 'the dismissal');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'search');
});

test('language and theme change in place', async () => {
  await visit(page, '#/systems');
  await page.locator('.menu summary').click();
  await page.locator('.sheet select').selectOption('fr');
  await page.getByRole('heading', { name: 'Systèmes' }).waitFor();
  await page.locator('.menu summary').click();
  await button('Sombre').click();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  await page.locator('.sheet select').selectOption('en');
  await page.getByRole('heading', { name: 'Systems' }).waitFor();
});

test('a hub that goes away is told with the time, and what comes back is live again', async () => {
  await visit(page, '#/systems');
  await company.killHub();
  await page.locator('.live').getByText(/Last update \d\d:\d\d/).waitFor();
  await button('Pause Sellsy Lyon').click();
  await dialog().getByLabel(/Reason/).fill('nobody hears this');
  await dialog().getByRole('button', { name: 'Pause' }).click();
  await dialog().getByText('The hub does not answer.').waitFor();
  await picture(page, 'lost');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await company.startHub();
  await page.locator('.live').getByText('Live').waitFor();
  assert.equal((await company.ask('/v1/systems/sellsy')).state, 'open');
  assert.deepEqual(page.wrong, []);
});
