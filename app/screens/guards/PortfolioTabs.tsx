/** The whole portfolio in the middle of the lower row: heat, tail risk and the two regimes, one tab each. */
import { TabbedPanel } from '../../ui/tabs.tsx';
import { HeatPanel } from './HeatPanel.tsx';
import { RegimePanel } from './RegimePanel.tsx';
import { TailPanel } from './TailPanel.tsx';

export function PortfolioTabs(): React.ReactElement {
  return (
    <TabbedPanel
      id="portfolio"
      title="Portfolio risk"
      className="guards-desk"
      parts={[
        { id: 'heat', label: 'Heat', page: <HeatPanel /> },
        { id: 'tail', label: 'Tail risk', page: <TailPanel /> },
        { id: 'regimes', label: 'Two regimes', page: <RegimePanel /> },
      ]}
    />
  );
}
