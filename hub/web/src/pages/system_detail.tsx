// SPDX-License-Identifier: Apache-2.0
// What opens under a system's row: its account, its slots, and everything that can be done to it.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post, type Schemas } from '../api/client.ts';
import { useGet } from '../api/use.ts';
import { Ask, Await, Button, ProblemLine, useAction } from '../frame/parts.tsx';
import { linkTo } from '../frame/route.ts';
import { useIsAdmin, useMayDecide } from '../frame/session.ts';
import { Down, Half, Verified } from '../marks/marks.tsx';
import { t, word } from '../text/index.ts';
import { FullStopAsk } from './system_asks.tsx';
import { VoidAsk } from './void_ask.tsx';

type System = Schemas['SystemStatus'];
type Said = { text: string; check?: Schemas['Check'] };

export function Detail({ one, reload }: { one: System; reload: () => void }): JSX.Element {
  const system = useGet('/v1/systems/{system}', { parts: { system: one.system }, on: ['system'] });
  return (
    <div class="detail">
      <div class="stack">
        <Await {...system}>{(data) => <Slots slots={data.slots} />}</Await>
      </div>
      <div class="stack">
        <dl class="pairs">
          <div><dt>{t('system.account')}</dt><dd>{one.tenant.name || t('state.unknown')}<br /><span class="faint mono small wrap">{one.tenant.id}</span></dd></div>
          <div><dt>{t('system.controller')}</dt><dd>{one.controller}</dd></div>
          <div><dt>{t('system.breaker')}</dt><dd>{t(`breaker.${one.breaker}`)}</dd></div>
        </dl>
        <Acts one={one} reload={reload} />
        <p class="row-actions small">
          <a href={linkTo('deliveries', '', { system: one.system })}>{t('nav.deliveries')}</a>
          <a href={linkTo('review', '', { system: one.system })}>{t('nav.review')}</a>
        </p>
      </div>
    </div>
  );
}

function Slots({ slots }: { slots: Schemas['System']['slots'] }): JSX.Element {
  return (
    <div class="scroll">
      <table class="plain"><caption class="label">{t('system.slots', { n: slots.length })}</caption>
        <thead><tr><th scope="col">{t('system.slot')}</th><th scope="col">{t('col.purpose')}</th><th scope="col">{t('col.channel')}</th><th scope="col">{t('system.loosen')}</th></tr></thead>
        <tbody>{slots.map((slot) => (
          <tr key={slot.slot}>
            <th scope="row">{slot.label || slot.slot}<small class="faint mono wrap">{slot.slot}{slot.lost_update ? ` · ${t('system.lost_update')}` : ''}</small></th>
            <td>{slot.purposes.map((one) => word('purpose', one)).join(', ')}</td>
            <td>{slot.channels.map((one) => word('channel', one)).join(', ')}</td>
            <td>{t(`loosen.${slot.loosen}`)}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}

function Acts({ one, reload }: { one: System; reload: () => void }): JSX.Element | null {
  const decides = useMayDecide();
  const admin = useIsAdmin();
  const action = useAction();
  const [doing, setDoing] = useState('');
  const [said, setSaid] = useState<Said | null>(null);
  const [asking, setAsking] = useState<'' | 'stop' | 'again' | 'void'>('');
  const parts = { system: one.system };
  const act = (name: string, work: () => Promise<Said>) => (): void => {
    setDoing(name);
    setSaid(null);
    void action.run(async () => setSaid(await work())).then(reload);
  };
  const button = (name: string, title: string, work: () => Promise<Said>): JSX.Element => (
    <Button busy={action.busy && doing === name} disabled={action.busy} onClick={act(name, work)}>{title}</Button>
  );
  if (!decides) return null;
  return (
    <div class="stack tight">
      <div class="row-actions">
        {button('check', t('system.check'), async () => ({ text: '', check: await post('/v1/systems/{system}/check', parts, undefined) }))}
        {button('sync', t('system.sync'), async () => {
          const round = await post('/v1/systems/{system}/sync', parts, undefined);
          return { text: t('system.synced', round) };
        })}
        {one.parked > 0 && button('retry', t('system.retry', { n: one.parked }), async () => {
          const { retried } = await post('/v1/systems/{system}/retry-parked', parts, undefined);
          return { text: t('system.retried', { n: retried }) };
        })}
        {admin && one.authorization !== 'none' && button('authorize', t('system.authorize'), async () => {
          const { url } = await post('/v1/systems/{system}/authorize', parts, undefined);
          window.open(url, '_blank', 'noopener');
          return { text: t('system.authorizing') };
        })}
        {admin && <Button disabled={action.busy} onClick={() => setAsking('again')}>{t('system.read_again')}</Button>}
        {admin && <Button disabled={action.busy} onClick={() => setAsking('void')}>{t('void.title')}</Button>}
        {admin && one.state !== 'full_stop' && <Button kind="danger" disabled={action.busy} onClick={() => setAsking('stop')}>{t('stop.confirm')}</Button>}
      </div>
      <div role="status">{said?.text}{said?.check && <Probes check={said.check} />}</div>
      <ProblemLine text={action.error} />
      {asking === 'stop' && <FullStopAsk systems={[one]} onClose={() => { setAsking(''); reload(); }} />}
      {asking === 'void' && <VoidAsk one={one} onClose={() => setAsking('')} />}
      {asking === 'again' && (
        <Ask title={t('system.again_title', { system: one.title })} confirm={t('system.read_again')} onClose={() => { setAsking(''); reload(); }}
          work={() => post('/v1/systems/{system}/read-again', parts, undefined)}><p>{t('system.again_what', { n: one.records })}</p></Ask>
      )}
    </div>
  );
}

function Probes({ check }: { check: Schemas['Check'] }): JSX.Element {
  const marks = { pass: <Verified />, warn: <Half />, fail: <Down /> };
  return (
    <ul class="probes">
      {check.probes.map((probe) => (
        <li key={probe.name} class="mark-line">{marks[probe.state]}<span><b>{probe.name}</b> {t(`probe.${probe.state}`)}{probe.message && `: ${probe.message}`}{probe.fix && <small class="quiet">{probe.fix}</small>}</span></li>
      ))}
    </ul>
  );
}
