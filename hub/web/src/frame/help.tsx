// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { Granted, Restricted, Sent, Unproven, Verified } from '../marks/marks.tsx';
import { type Key, t } from '../text/index.ts';
import { areKeysOn } from './keys.ts';
import { Modal } from './parts.tsx';

const keys: [string[], Key][] = [
  [['/'], 'help.search'], [['J', 'K'], 'help.rows'], [['Enter'], 'help.open'], [['Esc'], 'help.close'], [['←', '→'], 'help.tabs'], [['?'], 'help.help'],
];

export function Help({ onClose }: { onClose: () => void }): JSX.Element {
  return (
    <Modal title={t('help.title')} onClose={onClose}>
      <div class="stack">
        {!areKeysOn() && <p class="notice">{t('help.off')}</p>}
        <dl class="pairs">
          {keys.map(([signs, what]) => <div key={what}><dt>{signs.map((sign) => <kbd key={sign}>{sign}</kbd>)}</dt><dd>{t(what)}</dd></div>)}
        </dl>
        <Legend />
      </div>
    </Modal>
  );
}

export function Legend(): JSX.Element {
  return (
    <section class="stack tight">
      <h3>{t('legend.title')}</h3>
      <p class="mark-line"><span><Granted size={15} /> <Restricted size={15} /></span>{t('legend.proven')}</p>
      <p class="mark-line"><span><Unproven size={15} /></span>{t('legend.unproven')}</p>
      <p class="mark-line"><span><Sent size={12} />—<Verified size={12} /></span>{t('legend.sent')}</p>
    </section>
  );
}
