/** The panel under the chart: positions, and in a simulated market the reader's orders and the market's state. */
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { type DockTab, showDock, useDock } from '../../state/dock.ts';
import { useSource } from '../../state/source-store.ts';
import { useVenue, venueOf } from '../../state/venue-slice.ts';
import { Panel } from '../../ui/Panel.tsx';
import { OrdersActions, OrdersBody, OrdersSummary } from './paper/OrdersPanel.tsx';
import { StateActions, StateBody } from './paper/StatePanel.tsx';
import {
  PositionsActions,
  PositionsBody,
  PositionsCount,
  PositionsPanel,
  PositionsSummary,
} from './positions/PositionsPanel.tsx';

interface Part {
  readonly title: string;
  readonly Summary: (() => React.ReactElement | null) | null;
  readonly Actions: () => React.ReactElement | null;
  readonly Body: () => React.ReactElement;
}

const PARTS: Readonly<Record<DockTab, Part>> = {
  positions: {
    title: 'Positions',
    Summary: PositionsSummary,
    Actions: PositionsActions,
    Body: PositionsBody,
  },
  orders: { title: 'Orders', Summary: OrdersSummary, Actions: OrdersActions, Body: OrdersBody },
  state: { title: 'Market state', Summary: null, Actions: StateActions, Body: StateBody },
};

const TABS = Object.keys(PARTS) as readonly DockTab[];

export function Dock(): React.ReactElement {
  const tab = useDock((state) => state.desk);
  const instrument = useSource((state) => state.instrument);
  const open = useVenue((slice) => venueOf(instrument)(slice)?.orders.length ?? null);
  if (open === null) return <PositionsPanel />;
  const { title, Summary, Actions, Body } = PARTS[tab];
  return (
    <Tabs className="dock" selectedKey={tab} onSelectionChange={(key) => showDock(key as DockTab)}>
      <Panel
        id="positions"
        title={title}
        lead={
          <TabList className="dock-tabs" aria-label="Panel under the chart">
            {TABS.map((id) => (
              <Tab key={id} id={id} className="dock-tab">
                {PARTS[id].title}
                {id === 'positions' ? <PositionsCount /> : null}
                {id === 'orders' && open > 0 ? <span className="dock-count">{open}</span> : null}
              </Tab>
            ))}
          </TabList>
        }
        choices={Summary === null ? null : <Summary />}
        actions={<Actions />}
      >
        {TABS.map((id) => (
          <TabPanel key={id} id={id} className="dock-page">
            <Body />
          </TabPanel>
        ))}
      </Panel>
    </Tabs>
  );
}
