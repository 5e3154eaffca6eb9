/** The whole portfolio in the middle of the lower row: heat and tail risk, one tab each. */
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { Panel } from '../../ui/Panel.tsx';
import { HeatPanel } from './HeatPanel.tsx';
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
          </TabList>
        }
      >
        <TabPanel id="heat" className="dock-page">
          <HeatPanel />
        </TabPanel>
        <TabPanel id="tail" className="dock-page">
          <TailPanel />
        </TabPanel>
      </Panel>
    </Tabs>
  );
}
