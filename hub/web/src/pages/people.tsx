// SPDX-License-Identifier: Apache-2.0
// Finding people. What is searched for stands in no address and no log.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import { Button, Empty, Field, Page, ProblemLine, useAction } from '../frame/parts.tsx';
import { go, linkTo, type Route } from '../frame/route.ts';
import { useMayDecide } from '../frame/session.ts';
import { takeSearch } from '../frame/top_bar.tsx';
import { Right } from '../marks/marks.tsx';
import { t } from '../text/index.ts';
import { ChoiceForm } from './choice_form.tsx';
import { May } from './may.tsx';
import { Person } from './person.tsx';

export function People({ route }: { route: Route }): JSX.Element {
  if (route.id === 'may') return <May />;
  return route.id ? <Person key={route.id} route={route} /> : <Find />;
}

function Find(): JSX.Element {
  const action = useAction();
  const field = useRef<HTMLInputElement>(null);
  const decides = useMayDecide();
  const [found, setFound] = useState<string[] | null>(null);
  const [isTelling, setTelling] = useState(false);
  const find = (identifier: string): void => void action.run(async () => {
    setFound(null);
    const ids = (await post('/v1/subjects/search', {}, { identifier })).items.map((one) => one.id);
    const only = ids.length === 1 ? ids[0] : undefined;
    if (only) go('people', only);
    else setFound(ids);
  });
  const latest = useRef(find);
  latest.current = find;
  useEffect(() => {
    const take = (): void => {
      const text = takeSearch();
      if (!text) return;
      if (field.current) field.current.value = text;
      latest.current(text);
    };
    take();
    addEventListener('concordat:search', take);
    return () => removeEventListener('concordat:search', take);
  }, []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = field.current?.value.trim();
    if (text) find(text);
  };
  return (
    <Page title={t('nav.people')} sub={t('people.sub')} actions={<>
      <a class="button large" href={linkTo('people', 'may')}>{t('may.title')}</a>
      {decides && <Button kind="large" onClick={() => setTelling(true)}>{t('choice.title')}</Button>}
    </>}>
      <div class="pad stack narrow">
        <form class="stack" role="search" onSubmit={submit}>
          <Field label={t('people.find')} hint={t('people.find_hint')}><input ref={field} type="search" required autocomplete="off" spellcheck={false} /></Field>
          <p><Button kind="large primary" submit busy={action.busy}>{t('people.find_go')}</Button></p>
        </form>
        <ProblemLine text={action.error} />
        <div role="status">
          {found?.length === 0 && <Empty title={t('people.nobody')}><p>{t('people.nobody_what')}</p></Empty>}
          {found && found.length > 1 && <>
            <p>{t('people.several', { n: found.length })}</p>
            <ul class="needs">{found.map((id, at) => <li key={id}><a href={linkTo('people', id)}><span>{t('match.person', { n: at + 1 })} <span class="faint mono small">{shortId(id)}</span></span><Right /></a></li>)}</ul>
          </>}
        </div>
      </div>
      {isTelling && <ChoiceForm onClose={() => setTelling(false)} />}
    </Page>
  );
}

export const shortId = (id: string): string => (id.length > 14 ? `${id.slice(0, 6)}…${id.slice(-6)}` : id);
