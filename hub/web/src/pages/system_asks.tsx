// SPDX-License-Identifier: Apache-2.0
// Before a system is paused or stopped, the page says in words what goes on and what does not, and for how many people.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post, type Schemas } from '../api/client.ts';
import { Ask, Field } from '../frame/parts.tsx';
import { t } from '../text/index.ts';

type System = Schemas['SystemStatus'];

export function PauseAsk({ one, onClose }: { one: System; onClose: () => void }): JSX.Element {
  return (
    <Ask title={t('pause.title', { system: one.title })} confirm={t('systems.pause')} reason onClose={onClose}
      work={(reason) => post('/v1/systems/{system}/pause', { system: one.system }, { reason })}>
      <p>{t('pause.what')}</p>
      <p class="quiet">{t('pause.who', { n: one.due })}</p>
    </Ask>
  );
}

/** Of one system, or of all. */
export function FullStopAsk({ systems, onClose }: { systems: System[]; onClose: () => void }): JSX.Element {
  const [hours, setHours] = useState(1);
  const due = systems.reduce((sum, one) => sum + one.due, 0);
  const records = systems.reduce((sum, one) => sum + one.records, 0);
  const only = systems.length === 1 ? systems[0] : undefined;
  const stop = async (reason: string): Promise<void> => {
    for (const one of systems) await post('/v1/systems/{system}/full-stop', { system: one.system }, { reason, hours });
  };
  return (
    <Ask title={only ? t('stop.title', { system: only.title }) : t('stop.title_all', { n: systems.length })} confirm={t('stop.confirm')} danger reason onClose={onClose} work={stop}>
      <p>{t('stop.what')}</p>
      <p><b class="alarm">{t('stop.who', { due, records })}</b></p>
      <Field label={t('stop.hours')} hint={t('stop.hours_hint')}>
        <select value={hours} onChange={(event) => setHours(Number(event.currentTarget.value))}>
          {[1, 2, 4, 8, 12, 24].map((n) => <option key={n} value={n}>{t('stop.for', { n })}</option>)}
        </select>
      </Field>
    </Ask>
  );
}
