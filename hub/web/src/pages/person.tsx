// SPDX-License-Identifier: Apache-2.0
// One person: what holds and why, from each event to its proof in every system.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get, post, type Got, type Schemas } from '../api/client.ts';
import { useGet } from '../api/use.ts';
import { Ask, Await, Button, Page } from '../frame/parts.tsx';
import { linkTo, replace, type Route } from '../frame/route.ts';
import { useIsAdmin, useMayDecide } from '../frame/session.ts';
import { useKeys } from '../frame/keys.ts';
import { masked } from '../text/format.ts';
import { t, word } from '../text/index.ts';
import { AnswerMark } from './answer.tsx';
import { ChoiceForm } from './choice_form.tsx';
import { Explanation } from './explanation.tsx';
import { shortId } from './people.tsx';
import { EventTable, TimelineView } from './timeline.tsx';
import { type Key, timelineOf } from './timeline_model.ts';
import { useVocabulary } from './vocabulary.ts';

type Subject = Schemas['Subject'];
type Effective = Schemas['Effective'];
type Entry = Schemas['HistoryList']['items'][number];

export function Person({ route }: { route: Route }): JSX.Element {
  const parts = { id: route.id };
  const subject = useGet('/v1/subjects/{id}', { parts, on: ['event', 'delivery', 'target', 'inbox'] });
  const history = useGet('/v1/subjects/{id}/history', { parts, query: { limit: '500' }, on: ['event', 'delivery', 'inbox'] });
  const [isShown, setShown] = useState(false);
  const [older, setOlder] = useState<Entry[]>([]);
  const person = subject.data;
  return (
    <Page title={t('person.title')} sub={person && <Identifiers person={person} isShown={isShown} toggle={() => setShown(!isShown)} />} actions={person && <Acts person={person} reload={subject.reload} />}>
      <Await data={person && history.data ? { person, history: history.data } : null} error={subject.error || history.error} reload={() => { subject.reload(); history.reload(); }}>
        {(both) => <Body route={route} person={both.person} entries={[...both.history.items, ...older]} reload={() => { subject.reload(); history.reload(); }}
          more={nextOf(both.history, older)} loadMore={(after) => void get('/v1/subjects/{id}/history', parts, { limit: '500', after }).then((page) => setOlder([...older, ...page.items]))} />}
      </Await>
    </Page>
  );
}

/** Cursors of the history are counts. */
function nextOf(first: Got<'/v1/subjects/{id}/history'>, older: Entry[]): string {
  return first.next && older.length % 500 === 0 ? String(first.items.length + older.length) : '';
}

function Identifiers({ person, isShown, toggle }: { person: Subject; isShown: boolean; toggle: () => void }): JSX.Element {
  const systems = new Set(person.records.map((one) => one.system)).size;
  const shown = person.identifiers.filter((one) => one.kind !== 'external' || isShown);
  return (
    <span class="wrap">
      {shown.map((one) => (isShown ? one.value : masked(one.kind, one.value)) + (one.role ? ` (${t('person.role_mailbox')})` : '')).join(', ')}{shown.length > 0 && ' '}
      <button type="button" class="link" aria-pressed={isShown} onClick={toggle}>{t(isShown ? 'person.hide' : 'person.show')}</button>
      {' · '}{t('person.known', { n: systems, records: person.records.length })} <span class="mono" title={person.id}>{shortId(person.id)}</span>
    </span>
  );
}

const nameOf = (one: Key): string => `${one.scope} ${one.purpose} ${one.channel}`;

function Body({ route, person, entries, reload, more, loadMore }: {
  route: Route; person: Subject; entries: Entry[]; reload: () => void; more: string; loadMore: (after: string) => void;
}): JSX.Element {
  const vocabulary = useVocabulary();
  const scopes = [...new Set(person.effective.map((one) => one.scope))];
  const scope = scopes.find((one) => one === route.query.scope) ?? scopes[0] ?? '';
  const answers = person.effective.filter((one) => one.scope === scope);
  const chosen = answers.find((one) => nameOf(one) === route.query.key) ?? answers.find((one) => one.purpose === 'PROSPECTING') ?? answers[0];
  const choose = (one: Effective | undefined): void => { if (one) replace('people', route.id, { scope: one.scope, key: nameOf(one) }); };
  const step = (by: number): void => choose(answers[(answers.indexOf(chosen as Effective) + by + answers.length) % answers.length]);
  useKeys({ ArrowLeft: () => step(-1), ArrowRight: () => step(1) });
  if (!chosen) return <p class="pad quiet">{t('person.nothing')}</p>;
  const systems = [...new Set(person.records.map((one) => one.system))];
  const timeline = timelineOf(entries, chosen, systems, vocabulary.covers, chosen.rule !== 5 && chosen.answer === 'deny');
  return (
    <>
      <div class="keys-bar">
        {scopes.length > 1 && (
          <label class="chip"><span>{t('col.scope')}</span><select value={scope} onChange={(event) => { const found = person.effective.find((one) => one.scope === event.currentTarget.value && one.purpose === chosen.purpose && one.channel === chosen.channel); choose(found ?? person.effective.find((one) => one.scope === event.currentTarget.value)); }}>
            {scopes.map((one) => <option key={one}>{one}</option>)}</select></label>
        )}
        <nav class="key-tabs" aria-label={t('person.keys')}>
          {answers.map((one) => (
            <a key={nameOf(one)} href={linkTo('people', route.id, { scope: one.scope, key: nameOf(one) })} aria-current={one === chosen}
              onClick={(event) => { event.preventDefault(); choose(one); }}>
              <span>{word('purpose', one.purpose)}, {word('channel', one.channel)}</span><AnswerMark answer={one.answer} />
            </a>
          ))}
        </nav>
      </div>
      <div class="with-card open person">
        <div>
          <TimelineView timeline={timeline} answer={chosen} person={person} titles={vocabulary.titles} />
          <EventTable events={timeline.events} titles={vocabulary.titles} />
          {more && <p class="pad"><Button onClick={() => loadMore(more)}>{t('list.more')}</Button></p>}
        </div>
        <Explanation answer={chosen} person={person} covers={vocabulary.covers} titles={vocabulary.titles} reload={reload} />
      </div>
    </>
  );
}

function Acts({ person, reload }: { person: Subject; reload: () => void }): JSX.Element | null {
  const decides = useMayDecide();
  const admin = useIsAdmin();
  const [asking, setAsking] = useState<'' | 'choice' | 'erase' | 'unmerge'>('');
  const close = (): void => { setAsking(''); reload(); };
  const other = person.merged_with[0];
  if (!decides) return null;
  const systems = new Set(person.records.map((one) => one.system)).size;
  return (
    <>
      {other && <Button kind="large" onClick={() => setAsking('unmerge')}>{t('unmerge.title')}</Button>}
      {admin && <Button kind="large danger" onClick={() => setAsking('erase')}>{t('erase.title')}</Button>}
      <Button kind="large primary" onClick={() => setAsking('choice')}>{t('choice.title')}</Button>
      {asking === 'choice' && <ChoiceForm subject={person.id} scopes={[...new Set(person.effective.map((one) => one.scope))]} onClose={close} />}
      {asking === 'erase' && <Ask title={t('erase.ask')} confirm={t('erase.title')} danger reason onClose={close} work={(reason) => post('/v1/subjects/{id}/erase', { id: person.id }, { reason })}>
        <p>{t('erase.what', { n: systems, records: person.records.length })}</p></Ask>}
      {asking === 'unmerge' && other && <Ask title={t('unmerge.ask')} confirm={t('unmerge.title')} reason onClose={close} work={(reason) => post('/v1/subjects/{id}/unmerge', { id: person.id }, { other, reason })}>
        <p>{t('unmerge.what')}</p><p><a href={linkTo('people', other)}>{t('unmerge.other')}</a></p></Ask>}
    </>
  );
}
