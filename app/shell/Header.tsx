/** The head line of every screen: source, instrument, prices, trust, clock and palette. */

import { showKeys } from '../commands/hotkeys.ts';
import { MAC } from '../commands/listen-for-keys.ts';
import { formatClock, zoneName } from '../format/time.ts';
import { showDialog } from '../state/dialogs.ts';
import { useMarket } from '../state/market-slice.ts';
import { prefer, usePreferences } from '../state/preferences.ts';
import { SCREENS, useScreen } from '../state/screen.ts';
import { LogoMark } from '../ui/icons.tsx';
import { InstrumentPicker } from './InstrumentPicker.tsx';
import { PriceLineup } from './PriceLineup.tsx';
import { SourceMenu } from './SourceMenu.tsx';
import { TrustStrip } from './TrustStrip.tsx';
import { ViewMenu } from './ViewMenu.tsx';

function Clock(): React.ReactElement {
  const zone = usePreferences((state) => state.zone);
  const nowMicros = useMarket((state) =>
    state.nowMicros === null ? null : Math.floor(state.nowMicros / 1e6),
  );
  const text = nowMicros === null ? '--:--:--' : formatClock(nowMicros * 1e6, zone);
  const name = zoneName((nowMicros ?? 0) * 1e6, zone);
  return (
    <button
      type="button"
      className="head-clock"
      title={`Time of the run, ${name}. Press to switch between UTC and local time.`}
      onClick={() => prefer({ zone: zone === 'utc' ? 'local' : 'utc' })}
    >
      {text} <span className="muted">{name}</span>
    </button>
  );
}

export function Header(): React.ReactElement {
  const screen = useScreen((state) => state.screen);
  const title = SCREENS.find(({ id }) => id === screen)?.title ?? '';
  return (
    <header className="head">
      <h1 className="visually-hidden">Headroom: {title}</h1>
      <a className="head-brand" href="#market" aria-label="Headroom, Market screen">
        <LogoMark />
        <span className="head-name">Headroom</span>
      </a>
      <SourceMenu />
      <InstrumentPicker />
      <PriceLineup />
      <span className="head-gap" />
      <TrustStrip />
      <Clock />
      <button
        type="button"
        className="key-button"
        aria-label={`Command palette, ${showKeys('mod+k', MAC)}`}
        onClick={() => showDialog({ kind: 'palette' })}
      >
        {showKeys('mod+k', MAC)}
      </button>
      <ViewMenu />
    </header>
  );
}
