/** Starts the page: workers first, then the state behind the screens, then React. */
import '@fontsource-variable/inter/wght.css';
import './theme/tokens.css';
import './theme/base.css';
import './ui/ui.css';
import './ui/fields.css';
import './ui/overlays.css';
import './ui/notices.css';
import './shell/shell.css';
import './screens/market/market.css';
import './screens/market/positions/positions.css';
import './screens/market/transport/transport.css';
import './screens/market/what-if/what-if.css';
import './screens/market/phone.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startWorkers } from '../workers/client/start.ts';
import { App } from './App.tsx';
import { listenForKeys } from './commands/listen-for-keys.ts';
import { applyTheme } from './state/preferences.ts';
import { startState } from './state/start.ts';

/**
 * The control library adds a style element for pressable elements unless one with this name exists. The content policy
 * allows no style elements, so the rule stands in `base.css` and this element holds the name.
 */
function holdStyleName(): void {
  const holder = document.createElement('template');
  holder.id = 'react-aria-pressable-style';
  document.head.append(holder);
}

holdStyleName();
applyTheme(document.documentElement);
startWorkers();
startState();
listenForKeys();

const root = document.querySelector('#root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
