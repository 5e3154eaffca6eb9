/** The left rail: the screens there are, the word under each icon, and the keys at its foot. */
import { showDialog } from '../state/dialogs.ts';
import { KeysIcon, MarketIcon } from '../ui/icons.tsx';

export function Rail(): React.ReactElement {
  return (
    <nav className="rail" aria-label="Screens">
      <a className="rail-item" href="#market" aria-current="page">
        <MarketIcon />
        Market
      </a>
      <span className="rail-gap" />
      <button type="button" className="rail-item" onClick={() => showDialog({ kind: 'keys' })}>
        <KeysIcon />
        Keys
      </button>
    </nav>
  );
}
