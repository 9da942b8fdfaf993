// SPDX-License-Identifier: Apache-2.0
'use strict';

const $ = (id) => document.getElementById(id);
let csrf = '';
let role = '';
let stream = null;

/** An element with text and children; text never becomes markup. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

async function call(method, path, body) {
  const headers = { 'x-csrf-token': csrf };
  if (body) headers['content-type'] = 'application/json';
  const reply = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const answer = await reply.json().catch(() => ({}));
  if (reply.ok) return answer;
  if (reply.status === 401 && path !== '/v1/session') show(false);
  throw new Error(answer.detail || `the hub answered ${reply.status}`);
}

const when = (ms) => (ms ? new Date(ms).toLocaleString() : '–');
function span(ms) {
  if (ms < 1000) return `${ms} ms`;
  const s = Math.round(ms / 1000);
  return s < 120 ? `${s} s` : s < 7200 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`;
}

/** Asks for a reason; nothing if the person changed their mind. */
function ask(title) {
  const dialog = $('ask');
  dialog.querySelector('h2').textContent = title;
  dialog.querySelector('form').reset();
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener('close', () => {
      done(dialog.returnValue === 'ok' ? dialog.querySelector('input').value : '');
    }, { once: true });
  });
}

async function attempt(work) {
  $('trouble').textContent = '';
  try {
    await work();
    await load();
  } catch (error) {
    $('trouble').textContent = error.message;
  }
}

function button(text, label, work) {
  return el('button', { type: 'button', 'aria-label': label, onclick: () => attempt(work) }, text);
}

async function pause(system) {
  const reason = await ask(`Pause ${system}? Withdrawals go on, permissions wait.`);
  if (reason) await call('POST', `/v1/systems/${encodeURIComponent(system)}/pause`, { reason });
}

async function dismiss(item) {
  const reason = await ask('Dismiss this without doing what it asks?');
  if (reason) await call('POST', `/v1/inbox/${item.id}/dismiss`, { reason });
}

function actions(s) {
  if (role === 'read_only') return [];
  if (s.state === 'paused' || s.state === 'full_stop') {
    return [button('Resume', `Resume ${s.system}`, () =>
      call('POST', `/v1/systems/${encodeURIComponent(s.system)}/resume`, {}))];
  }
  return [button('Pause', `Pause ${s.system}`, () => pause(s.system))];
}

function systemRow(s) {
  const why = s.pause_reason || s.problem;
  return el('tr', {},
    el('td', {}, s.title || s.system, el('small', {}, [s.connector, s.tenant.name].filter(Boolean).join(', '))),
    el('td', {}, el('span', { class: `chip ${s.state}` }, s.state.replace('_', ' ')), ...(why ? [el('small', {}, why)] : [])),
    ...[['Records', s.records], ['Due', s.due], ['Parked', s.parked], ['Lag', s.lag_ms ? span(s.lag_ms) : '–']]
      .map(([label, value]) => el('td', { class: 'n', 'data-label': label }, value.toLocaleString())),
    el('td', { 'data-label': 'Last read' }, when(s.last_pull_at)),
    el('td', {}, ...actions(s)));
}

function inboxRow(item) {
  const where = [item.kind, item.system, item.subject, when(item.created_at)].filter(Boolean).join(' · ');
  return el('li', {},
    el('div', {}, item.text, ...[item.details.reason, item.what_to_do, where].filter(Boolean).map((line) => el('small', {}, line))),
    ...(role === 'read_only' ? [] : [button('Dismiss', `Dismiss: ${item.text}`, () => dismiss(item))]));
}

function incidentRow(item) {
  const where = [item.kind, item.system, when(item.at)].filter(Boolean).join(' · ');
  return el('li', {}, el('div', {}, item.text, el('small', {}, where)));
}

function fill(id, items, row, nothing) {
  $(id).replaceChildren(...(items.length ? items.map(row) : [nothing]));
}

async function load() {
  const [systems, inbox, incidents] = await Promise.all(
    ['/v1/systems', '/v1/inbox?state=open&limit=50', '/v1/incidents?state=open&limit=50'].map((path) => call('GET', path)));
  fill('systems', systems.items, systemRow, el('tr', {}, el('td', { colspan: 8, class: 'empty' }, 'No system is connected yet.')));
  fill('inbox', inbox.items, inboxRow, el('li', { class: 'empty' }, 'Nothing waits for a person.'));
  fill('incidents', incidents.items, incidentRow, el('li', { class: 'empty' }, 'None.'));
  $('n-inbox').textContent = inbox.items.length ? `${inbox.items.length}${inbox.next ? '+' : ''}` : '';
  $('n-incidents').textContent = incidents.items.length ? `${incidents.items.length}${incidents.next ? '+' : ''}` : '';
  await health();
}

async function health() {
  const state = await fetch('/health').then((reply) => reply.json()).catch(() => ({ status: 'down' }));
  $('health').textContent = state.recovery ? 'recovery' : state.status;
  $('health').className = `chip ${state.status}`;
}

/** Loads at most once a second, however much changes. A focused button keeps its place. */
let waiting = null;
function soon() {
  waiting ??= setTimeout(() => {
    waiting = null;
    const focused = document.activeElement?.getAttribute('aria-label');
    load().then(() => focused && document.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus()).catch(() => {});
  }, 1000);
}

function follow() {
  stream?.close();
  stream = new EventSource('/v1/changes');
  for (const kind of ['event', 'target', 'delivery', 'inbox', 'incident', 'system', 'reset']) stream.addEventListener(kind, soon);
}

function show(isIn, name = '') {
  $('sign-in').hidden = isIn;
  $('board').hidden = !isIn;
  $('who').hidden = !isIn;
  $('who').firstElementChild.textContent = name && `${name} (${role.replace('_', ' ')})`;
  if (!isIn) { stream?.close(); $('sign-in').elements.user.focus(); }
}

async function enter(session) {
  ({ csrf, role } = session);
  show(true, session.user);
  await load();
  follow();
}

$('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const wrong = form.querySelector('.wrong');
  wrong.textContent = '';
  try {
    await enter(await call('POST', '/v1/session', { user: form.user.value, password: form.password.value }));
    form.reset();
  } catch (error) {
    wrong.textContent = error.message;
  }
});

$('sign-out').addEventListener('click', () => call('DELETE', '/v1/session').finally(() => show(false)));
setInterval(() => { if (csrf && !$('board').hidden) soon(); else health(); }, 30000);
health();
call('GET', '/v1/session').then(enter).catch(() => show(false));
