// SPDX-License-Identifier: Apache-2.0
// The demo company with few people: three simulators and a hub, as tools/run starts them, in a folder that goes with the test.
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const bin = process.env.CONCORDAT_BIN;
const source = process.env.CONCORDAT_SOURCE;
const vendors = ['salesforce', 'sellsy', 'eudonet'];
export const password = 'a password for tests';

const secrets = {
  DEMO_SALESFORCE_ID: 'demo-client', DEMO_SALESFORCE_SECRET: 'demo-secret', DEMO_SELLSY_ID: 'demo-client', DEMO_SELLSY_SECRET: 'demo-secret',
  DEMO_SELLSY_SIGN_KEY: 'demo-sign-key', DEMO_EUDONET_SUBSCRIBER: 'demo-subscriber', DEMO_EUDONET_USER: 'demo-user',
};
const environment = { ...process.env, ...secrets, CONCORDAT_LISTEN_PORT: '0', CONCORDAT_WEBHOOKS_PORT: '0' };

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Looks until `find` gives something; throws with `what` when patience ends. */
export async function until(find, what) {
  const begun = Date.now();
  for (;;) {
    const found = await find();
    if (found) return found;
    if (Date.now() - begun > 120_000) throw new Error(`${what} did not happen within two minutes`);
    await pause(100);
  }
}

const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8').trim() : '');

async function answerOf(address, method, path, body, headers = {}) {
  const reply = await fetch(address + path, { method, headers: { 'content-type': 'application/json', ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply.json();
}

export class Company {
  static async start({ people = 60, open = true } = {}) {
    const company = new Company();
    company.home = mkdtempSync(join(tmpdir(), 'concordat-web-'));
    company.children = [];
    try {
      for (const vendor of vendors)
        company.run(`simulate-${vendor}`, ['--people', String(people), '--port-file', join(company.home, `${vendor}.port`), '--state', join(company.home, `${vendor}.state`)], vendor);
      for (const vendor of vendors) await until(() => textOf(join(company.home, `${vendor}.port`)), `the start of ${vendor}`);
      await company.configure();
      await company.startHub();
      if (open) await promisify(execFile)(join(bin, 'concordat'), ['connect', '--approve', '--config', company.settings], { env: environment });
    } catch (error) {
      await company.stop();
      throw error;
    }
    return company;
  }

  get settings() { return join(this.home, 'hub.yaml'); }

  run(program, args, name) {
    const child = spawn(join(bin, program), args, { env: environment, stdio: 'ignore' });
    child.name = name;
    this.children.push(child);
    return child;
  }

  async configure() {
    await promisify(execFile)(join(bin, 'concordat'), ['init', this.home, '--json'], { env: environment });
    rmSync(join(this.home, 'manifests'), { recursive: true, force: true });
    mkdirSync(join(this.home, 'manifests'));
    writeFileSync(join(this.home, 'keys', 'admin.password'), password, { mode: 0o600 });
    writeFileSync(this.settings, [
      'node: test', `vocabularies: ${source}/manifests/vocabularies`, `plugins: ${process.env.CONCORDAT_PLUGINS}`,
      'webhooks.public_url: http://127.0.0.1:{port}', 'sync.interval: 300ms', `admin.password: file:${this.home}/keys/admin.password`, '',
    ].join('\n'));
    const demo = join(source, 'manifests', 'demo');
    for (const folder of [demo, join(demo, 'integrations')])
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
        const to = join(this.home, 'manifests', file);
        cpSync(join(folder, file), to);
        const ports = { 8491: 'salesforce', 8492: 'sellsy', 8493: 'eudonet' };
        writeFileSync(to, readFileSync(to, 'utf8').replace(/http:\/\/127\.0\.0\.1:(849[123])/g, (_, port) => this.at(ports[port])));
      }
  }

  async killHub() {
    this.hub.kill('SIGKILL');
    await until(() => this.hub.signalCode, 'the end of the hub');
  }

  /** On the same port as before, if it ran already. */
  async startHub() {
    rmSync(join(this.home, 'data', 'hub.address'), { force: true });
    const port = this.address ? new URL(this.address).port : '0';
    this.hub = this.run('concordat', ['serve', '--config', this.settings, '--set', `listen.port=${port}`], 'hub');
    const words = await until(() => textOf(join(this.home, 'data', 'hub.address')), 'the start of the hub');
    const said = Object.fromEntries(words.split('\n').map((line) => line.split(' ')));
    this.address = `http://127.0.0.1:${said.port}`;
    this.token = said.token;
    await until(() => fetch(`${this.address}/health`).then((reply) => reply.ok, () => false), 'an answer of the hub');
  }

  at(vendor) { return `http://127.0.0.1:${textOf(join(this.home, `${vendor}.port`))}`; }

  ask(path, body) { return answerOf(this.address, body ? 'POST' : 'GET', path, body, { authorization: `Bearer ${this.token}` }); }

  /** Whom all three systems hold once and nobody refuses, as {email, places}. */
  async somebody() {
    const places = new Map();
    const kinds = { salesforce: [['Contact', 'Lead'], 'Id', 'Email'], sellsy: [['contact', 'individual'], 'id', 'email'], eudonet: [['200'], 'FileId', '221'] };
    for (const [vendor, [objects, key, field]] of Object.entries(kinds))
      for (const object of objects)
        for (const record of (await answerOf(this.at(vendor), 'GET', `/_admin/records?object=${object}&limit=100000`)).records) {
          const email = String(record[field] ?? '').toLowerCase();
          if (!/^[a-z0-9.+_-]+@/.test(email) || /^(info|contact|sales|office|support|admin)@/.test(email)) continue;
          const mine = places.get(email) ?? {};
          mine[vendor] = mine[vendor] ? 'twice' : { object, id: record[key], record };
          places.set(email, mine);
        }
    this.taken ??= new Set();
    for (const [email, mine] of places) {
      if (this.taken.has(email) || vendors.some((one) => !mine[one] || mine[one] === 'twice')) continue;
      const { salesforce, sellsy, eudonet } = mine;
      if (salesforce.record.HasOptedOutOfEmail || eudonet.record['231'] === '1' || !sellsy.record.marketing_campaigns_subscriptions.includes('email')) continue;
      this.taken.add(email);
      return { email, places: mine };
    }
    throw new Error('nobody is left whom all three systems know and who refused nowhere');
  }

  /** What a user types into Salesforce, or ticks in Sellsy. */
  async refuse(person) {
    const { object, id } = person.places.salesforce;
    await answerOf(this.at('salesforce'), 'POST', '/_admin/act', { do: 'update', object, id, set: { HasOptedOutOfEmail: true } });
  }
  async tick(person) {
    const { object, id, record } = person.places.sellsy;
    await answerOf(this.at('sellsy'), 'POST', '/_admin/act', { do: 'update', object, id, set: { marketing_campaigns_subscriptions: record.marketing_campaigns_subscriptions } });
  }
  async subject(person) {
    return (await this.ask('/v1/subjects/search', { identifier: person.email })).items[0]?.id;
  }
  async isDenied(person) {
    const { records } = await this.ask(`/v1/subjects/${await this.subject(person)}`);
    const slots = records.flatMap((one) => one.slots).filter((one) => /email/.test(one.slot));
    return slots.length > 0 && slots.every((one) => one.verified && one.wanted === 'deny');
  }
  /** A person who withdrew, and whom Sellsy shows as agreeing again: a candidate in the inbox. */
  async candidate() {
    const person = await this.somebody();
    await this.refuse(person);
    await until(() => this.isDenied(person), 'the withdrawal everywhere');
    await this.tick(person);
    const subject = await this.subject(person);
    const item = await until(async () => (await this.ask('/v1/inbox?state=open&limit=500')).items.find((one) => one.subject === subject && one.kind === 'candidate'), 'a candidate');
    await until(() => this.isDenied(person), 'the withdrawal restored');
    return { person, subject, item };
  }

  async stop() {
    for (const child of this.children) child.kill('SIGTERM');
    await Promise.all(this.children.map((child) => child.exitCode !== null || child.signalCode !== null || Promise.race([new Promise((done) => child.once('exit', done)), pause(20_000).then(() => child.kill('SIGKILL'))])));
    rmSync(this.home, { recursive: true, force: true });
  }
}
