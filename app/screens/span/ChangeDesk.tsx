/** The panel in the middle below: the case before and after its last change, or the book that it is one of. */
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { showTab, useBook } from '../../state/span-book.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Book, BookActions, BookChoices } from './Book.tsx';
import { Compare, CompareActions, CompareChoices } from './Compare.tsx';

export function ChangeDesk(): React.ReactElement {
  const tab = useBook((state) => state.tab);
  return (
    <Tabs
      className="span-tabs"
      selectedKey={tab}
      onSelectionChange={(key) => showTab(key === 'book' ? 'book' : 'change')}
    >
      <Panel
        id="compare"
        title="Before and after, book"
        lead={
          <TabList className="dock-tabs" aria-label="Before and after, book">
            <Tab id="change" className="dock-tab">
              Before → after
            </Tab>
            <Tab id="book" className="dock-tab">
              Book
            </Tab>
          </TabList>
        }
        choices={tab === 'book' ? <BookChoices /> : <CompareChoices />}
        actions={tab === 'book' ? <BookActions /> : <CompareActions />}
      >
        <TabPanel id="change" className="dock-page">
          <Compare />
        </TabPanel>
        <TabPanel id="book" className="dock-page">
          <Book />
        </TabPanel>
      </Panel>
    </Tabs>
  );
}
