// SPDX-License-Identifier: Apache-2.0
import { render } from 'preact';
import './style/tokens.css';
import './style/base.css';
import './style/frame.css';
import './style/pages.css';
import './style/timeline.css';
import { App } from './app.tsx';
import { applyTheme } from './frame/theme.ts';
import { preferredLanguage, setLanguage } from './text/index.ts';

applyTheme();
const root = document.getElementById('app');
void setLanguage(preferredLanguage()).then(() => { if (root) render(<App />, root); });
