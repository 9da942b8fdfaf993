// SPDX-License-Identifier: Apache-2.0
// What every page is made of: title, problem, empty and loading states, actions that show that they work.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Blocker, Close } from '../marks/marks.tsx';
import { number, t } from '../text/index.ts';

export function Page({ title, sub, actions, children }: {
  title: ComponentChildren; sub?: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren;
}): JSX.Element {
  const text = typeof title === 'string' ? title : '';
  useEffect(() => { if (text) document.title = `${text} · Concordat`; }, [text]);
  return (
    <>
      <header class="title">
        <div><h1 tabIndex={-1}>{title}</h1>{sub && <p class="small quiet">{sub}</p>}</div>
        {actions && <div class="row-actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

/** What the hub said was wrong: its one sentence, in its own language. */
export function ProblemLine({ text }: { text: string }): JSX.Element | null {
  if (!text) return null;
  return <p class="problem" role="alert"><Blocker size={14} colour="var(--unsafeguarded)" /><span>{text}</span></p>;
}

export function Loading(): JSX.Element {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setSlow(true), 300);
    return () => window.clearTimeout(timer);
  }, []);
  return <p class="loading" role="status">{isSlow ? t('state.loading') : ''}</p>;
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }): JSX.Element {
  return <div class="empty"><h2>{title}</h2>{children}</div>;
}

/** Loading, problem, empty, or the thing itself. */
export function Await<T>({ data, error, reload, children }: {
  data: T | null; error: string; reload: () => void; children: (data: T) => ComponentChildren;
}): JSX.Element {
  if (data !== null) return <>{error && <div class="pad"><ProblemLine text={error} /></div>}{children(data)}</>;
  if (!error) return <Loading />;
  return (
    <div class="pad stack">
      <ProblemLine text={error} />
      <p><button type="button" class="button" onClick={reload}>{t('action.again')}</button></p>
    </div>
  );
}

export type Action = { busy: boolean; error: string; run: (work: () => Promise<unknown>) => Promise<boolean>; clear: () => void };

/** One piece of work at a time; true if it went well. */
export function useAction(): Action {
  const [state, setState] = useState({ busy: false, error: '' });
  const isHere = useRef(true);
  useEffect(() => () => { isHere.current = false; }, []);
  const end = (error: string): boolean => {
    if (isHere.current) setState({ busy: false, error });
    return error === '';
  };
  return {
    ...state,
    clear: () => setState({ busy: false, error: '' }),
    run: (work) => {
      if (state.busy) return Promise.resolve(false);
      setState({ busy: true, error: '' });
      return work().then(() => end(''), (error: Error) => end(error.message));
    },
  };
}

export function Button({ kind = '', busy = false, disabled = false, label, onClick, children, submit = false }: {
  kind?: string; busy?: boolean; disabled?: boolean; label?: string | undefined; onClick?: () => void; children: ComponentChildren; submit?: boolean;
}): JSX.Element {
  return (
    <button type={submit ? 'submit' : 'button'} class={`button ${kind}`} aria-label={label} aria-busy={busy} aria-disabled={busy || disabled}
      onClick={(event) => { if (busy || disabled) event.preventDefault(); else onClick?.(); }}>
      {busy ? t('state.working') : children}
    </button>
  );
}

export function Field({ label, hint, children }: { label: string; hint?: string; children: ComponentChildren }): JSX.Element {
  return <label class="field"><span>{label}</span>{children}{hint && <small>{hint}</small>}</label>;
}

export function Modal({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => { if (before instanceof HTMLElement) before.focus(); };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="modal-title" onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <header><h2 id="modal-title">{title}</h2>
        <button type="button" class="button icon" aria-label={t('action.close')} onClick={onClose}><Close /></button></header>
      {children}
    </dialog>
  );
}

/** Asks before something that cannot be undone, or needs a reason. `work` runs while the dialog shows that it does. */
export function Ask({ title, children, confirm, danger = false, reason = false, onClose, work }: {
  title: string; children?: ComponentChildren; confirm: string; danger?: boolean; reason?: boolean;
  onClose: () => void; work: (reason: string) => Promise<unknown>;
}): JSX.Element {
  const action = useAction();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    void action.run(() => work(String(form.get('reason') ?? ''))).then((well) => { if (well) onClose(); });
  };
  return (
    <Modal title={title} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        {children}
        {reason && <Field label={t('ask.reason')}><input name="reason" required maxLength={300} autocomplete="off" /></Field>}
        <ProblemLine text={action.error} />
        <div class="row-actions end">
          <Button kind="large" onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind={`large ${danger ? 'danger' : 'primary'}`} submit busy={action.busy}>{confirm}</Button>
        </div>
      </form>
    </Modal>
  );
}

/** "3 new" above a list, and "more" below it. */
export function Waiting({ count, show }: { count: number; show: () => void }): JSX.Element {
  return (
    <div class="waiting" role="status">
      {count > 0 && <button type="button" class="button plain" onClick={show}>{t('list.new', { n: count })}</button>}
    </div>
  );
}

export function More({ next, more }: { next: string; more: () => void }): JSX.Element | null {
  return next ? <p class="pad"><button type="button" class="button" onClick={more}>{t('list.more')}</button></p> : null;
}

/** A value that flashes once when it changes. */
export function Live({ value }: { value: number | string }): JSX.Element {
  const before = useRef(value);
  const isChanged = before.current !== value;
  useEffect(() => { before.current = value; }, [value]);
  return <span key={value} class={isChanged ? 'changed' : ''}>{typeof value === 'number' ? number(value) : value}</span>;
}
