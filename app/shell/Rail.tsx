/** The screens there are, the word under each icon: a rail at the left, on a phone a bar at the foot. */
import { showDialog } from '../state/dialogs.ts';
import { SCREENS, type ScreenId, useScreen } from '../state/screen.ts';
import { BreakersIcon, CascadeIcon, GuardsIcon, KeysIcon, MarketIcon, SpanIcon } from '../ui/icons.tsx';

const ICONS: Readonly<Record<ScreenId, () => React.ReactElement>> = {
  market: MarketIcon,
  cascade: CascadeIcon,
  span: SpanIcon,
  breakers: BreakersIcon,
  guards: GuardsIcon,
};

export function Rail(): React.ReactElement {
  const current = useScreen((state) => state.screen);
  return (
    <nav className="rail" aria-label="Screens">
      {SCREENS.map(({ id, title }) => {
        const Icon = ICONS[id];
        return (
          <a
            key={id}
            className="rail-item"
            href={`#${id}`}
            aria-current={id === current ? 'page' : undefined}
          >
            <Icon />
            {title}
          </a>
        );
      })}
      <span className="rail-gap" />
      <button type="button" className="rail-item rail-keys" onClick={() => showDialog({ kind: 'keys' })}>
        <KeysIcon />
        Keys
      </button>
    </nav>
  );
}
