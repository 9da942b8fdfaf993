// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import type { Schemas } from '../api/client.ts';
import { Granted, Restricted, Unproven } from '../marks/marks.tsx';
import { t } from '../text/index.ts';

export function AnswerMark({ answer, size = 13 }: { answer: Schemas['Answer']; size?: number }): JSX.Element {
  return <span class="mark-line answer">{answer === 'permit' ? <Granted size={size} /> : answer === 'deny' ? <Restricted size={size} /> : <Unproven size={size} />}<b>{t(`answer.${answer}`)}</b></span>;
}
