// SPDX-License-Identifier: Apache-2.0
// Why the answer is what it is, and what each system shows of it.
import type { JSX } from 'preact';
import { post, type Schemas } from '../api/client.ts';
import { Legend } from '../frame/help.tsx';
import { Button, ProblemLine, useAction } from '../frame/parts.tsx';
import { linkTo } from '../frame/route.ts';
import { useMayDecide } from '../frame/session.ts';
import { Half, Verified } from '../marks/marks.tsx';
import { exactly, type Key, t, word } from '../text/index.ts';
import type { Cover } from './timeline_model.ts';

type Answer = Schemas['Effective'];
type Shown = { system: string; record: string; slot: Schemas['Subject']['records'][number]['slots'][number] };

export function Explanation({ answer, person, covers, titles, reload }: {
  answer: Answer; person: Schemas['Subject']; covers: Map<string, Cover[]>; titles: Map<string, string>; reload: () => void;
}): JSX.Element {
  const shown = slotsOf(answer, person, covers);
  return (
    <aside class="card" aria-label={t('why.label')}>
      <div class="stack">
        <p class="label">{word('purpose', answer.purpose)}, {word('channel', answer.channel)}, {answer.scope}</p>
        <h2>{t(`why.${answer.answer}`)}</h2>
        <p>{answer.since ? t('why.since', { time: exactly(answer.since) }) : ''} {t(`rule.${answer.rule}` as Key)} <span class="faint">({t('why.rule', { n: answer.rule })})</span></p>
        {answer.contested.length > 0 && <p>{t('why.contested', { n: answer.contested.length })}</p>}
        <details><summary>{t('why.words')}</summary><p class="quiet" lang="en">{answer.reason}</p></details>
        <section class="stack tight"><h3>{t('why.systems')}</h3>
          {shown.length === 0 && <p class="quiet">{t('why.no_slots')}</p>}
          <ul class="facts">{shown.map((one) => (
            <li key={`${one.system} ${one.record} ${one.slot.slot}`}>
              <span class="mark-line">{one.slot.verified ? <Verified size={13} /> : <Half size={13} />}<b>{titles.get(one.system) ?? one.system}</b></span>
              <span>{t('why.shows', { shows: t(`shows.${one.slot.shows ?? 'none'}` as Key), wanted: t(`wanted.${one.slot.wanted}`) })}
                <small class="faint">{one.slot.verified ? t('why.verified') : t('why.unverified')}{one.slot.stricter_than_asked && ` ${t('why.stricter')}`}</small></span>
            </li>
          ))}</ul>
          <Retry person={person} systems={[...new Set(shown.filter((one) => !one.slot.verified).map((one) => one.system))]} titles={titles} reload={reload} />
          <p class="small"><a href={linkTo('deliveries', '', { subject: person.id })}>{t('why.deliveries')}</a></p>
        </section>
        <Legend />
      </div>
    </aside>
  );
}

function slotsOf(answer: Answer, person: Schemas['Subject'], covers: Map<string, Cover[]>): Shown[] {
  return person.records.flatMap((record) => record.slots.flatMap((slot) => {
    const cover = (covers.get(record.system) ?? []).find((one) => one.slot === slot.slot);
    const isOfChannel = cover?.channels.includes(answer.channel) ?? false;
    return isOfChannel ? [{ system: record.system, record: record.id, slot }] : [];
  }));
}

function Retry({ person, systems, titles, reload }: { person: Schemas['Subject']; systems: string[]; titles: Map<string, string>; reload: () => void }): JSX.Element | null {
  const action = useAction();
  if (!useMayDecide() || systems.length === 0) return null;
  return (
    <>
      <p class="row-actions">{systems.map((system) => (
        <Button key={system} busy={action.busy} onClick={() => void action.run(() => post('/v1/subjects/{id}/retry', { id: person.id }, { system })).then(reload)}>{t('why.retry', { system: titles.get(system) ?? system })}</Button>
      ))}</p>
      <ProblemLine text={action.error} />
    </>
  );
}
