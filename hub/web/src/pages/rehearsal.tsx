// SPDX-License-Identifier: Apache-2.0
// A rehearsal: what opening systems would write, before anything is written.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { get, post, type Schemas } from '../api/client.ts';
import { Ask, Button, Loading, Page, ProblemLine } from '../frame/parts.tsx';
import { linkTo } from '../frame/route.ts';
import { useIsAdmin } from '../frame/session.ts';
import { number, t } from '../text/index.ts';
import { useTitleOf } from './vocabulary.ts';

type Rehearsal = Schemas['Rehearsal'];
const kLookMs = 1000;

function useRehearsal(id: string): { data: Rehearsal | null; error: string; show: (data: Rehearsal) => void } {
  const [data, setData] = useState<Rehearsal | null>(null);
  const [error, setError] = useState('');
  useEffect(() => {
    let timer = 0;
    let isHere = true;
    const look = (): void => {
      get('/v1/rehearsals/{id}', { id }, { wait: '1' }).then((found) => {
        if (!isHere) return;
        setData(found);
        if (found.state === 'loading') timer = window.setTimeout(look, kLookMs);
      }, (problem: Error) => setError(problem.message));
    };
    look();
    return () => { isHere = false; window.clearTimeout(timer); };
  }, [id]);
  return { data, error, show: setData };
}

export function RehearsalView({ id }: { id: string }): JSX.Element {
  const { data, error, show } = useRehearsal(id);
  const admin = useIsAdmin();
  const [asking, setAsking] = useState(false);
  return (
    <Page title={t('rehearsal.title')} sub={data ? t(`rehearsal.${data.state}`) : ''} actions={<>
      <a class="button large" href={linkTo('systems')}>{t('nav.systems')}</a>
      {admin && data?.state === 'ready' && <Button kind="large primary" onClick={() => setAsking(true)}>{t('rehearsal.approve')}</Button>}
    </>}>
      {error && <div class="pad"><ProblemLine text={error} /></div>}
      {!data && !error && <Loading />}
      {data?.state === 'loading' && (
        <div class="pad stack"><p>{t('rehearsal.reading', { percent: Math.round(data.progress * 100) })}</p>
          <progress max={1} value={data.progress} aria-label={t('rehearsal.loading')} /></div>
      )}
      {data && data.state !== 'loading' && <Figures data={data} />}
      {asking && data && (
        <Ask title={t('rehearsal.approve_title', { n: data.systems.length })} confirm={t('rehearsal.approve')} onClose={() => setAsking(false)}
          work={async () => show(await post('/v1/rehearsals/{id}/approve', { id }, undefined))}>
          <p>{t('rehearsal.approve_what', { n: data.figures.subjects })}</p>
          <Irreversible data={data} />
        </Ask>
      )}
    </Page>
  );
}

function Irreversible({ data }: { data: Rehearsal }): JSX.Element {
  const steps = data.figures.per_system.reduce((sum, one) => sum + one.irreversible, 0);
  return steps ? <p><b class="alarm">{t('rehearsal.irreversible_n', { n: steps })}</b></p> : <p class="quiet">{t('rehearsal.irreversible_none')}</p>;
}

function Figures({ data }: { data: Rehearsal }): JSX.Element {
  const nameOf = useTitleOf();
  const columns = ['records', 'subjects', 'tighten', 'loosen', 'irreversible', 'untouched'] as const;
  return (
    <div class="stack">
      <div class="scroll"><table class="rows compact">
        <thead><tr><th scope="col">{t('systems.col_system')}</th>{columns.map((one) => <th key={one} scope="col" class="number">{t(`rehearsal.col_${one}`)}</th>)}</tr></thead>
        <tbody>{data.figures.per_system.map((row) => (
          <tr key={row.system}><th scope="row">{nameOf(row.system)}</th>{columns.map((one) => <td key={one} class="number" data-label={t(`rehearsal.col_${one}`)}>{number(row[one])}</td>)}</tr>
        ))}</tbody>
      </table></div>
      <section class="pad stack tight">
        <h2>{t('rehearsal.samples')}</h2><p class="quiet">{t('rehearsal.samples_what')}</p>
        <div class="scroll"><table class="plain">
          <thead><tr><th scope="col">{t('systems.col_system')}</th><th scope="col">{t('system.slot')}</th><th scope="col">{t('rehearsal.raw')}</th><th scope="col">{t('rehearsal.reading_col')}</th></tr></thead>
          <tbody>{data.figures.per_system.flatMap((row) => distinct(row.samples).map((sample) => (
            <tr key={`${row.system} ${sample.slot} ${sample.raw}`}><td>{nameOf(row.system)}</td><td class="mono">{sample.slot}</td><td class="mono wrap">{sample.raw}</td><td>{sample.reading}</td></tr>
          )))}</tbody>
        </table></div>
      </section>
    </div>
  );
}

type Sample = Rehearsal['figures']['per_system'][number]['samples'][number];

/** One row for each way a slot was read. */
function distinct(samples: Sample[]): Sample[] {
  return [...new Map(samples.map((one) => [`${one.slot} ${one.raw}`, one])).values()];
}
