/** The whole portfolio in the middle of the lower row: heat, tail risk and the two regimes, one tab each. */
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { Panel } from '../../ui/Panel.tsx';
import { HeatPanel } from './HeatPanel.tsx';
import { RegimePanel } from './RegimePanel.tsx';
import { TailPanel } from './TailPanel.tsx';

export function PortfolioTabs(): React.ReactElement {
  return (
    <Tabs className="guards-desk">
      <Panel
        id="portfolio"
        title="Portfolio risk"
        lead={
          <TabList className="dock-tabs" aria-label="Portfolio risk">
            <Tab id="heat" className="dock-tab">
              Heat
            </Tab>
            <Tab id="tail" className="dock-tab">
              Tail risk
            </Tab>
            <Tab id="regimes" className="dock-tab">
              Two regimes
            </Tab>
          </TabList>
        }
      >
        <TabPanel id="heat" className="dock-page">
          <HeatPanel />
        </TabPanel>
        <TabPanel id="tail" className="dock-page">
          <TailPanel />
        </TabPanel>
        <TabPanel id="regimes" className="dock-page">
          <RegimePanel />
        </TabPanel>
      </Panel>
    </Tabs>
  );
}
