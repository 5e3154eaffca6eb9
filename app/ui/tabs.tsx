/** Parts of which one is in view: in the head of a panel, or over the whole of a phone's screen. */
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { Panel } from './Panel.tsx';

interface TabPart<Id extends string> {
  readonly id: Id;
  readonly label: React.ReactNode;
  readonly page: React.ReactNode;
}

/** A panel with its tabs where others have their title. */
export function TabbedPanel({
  id,
  title,
  className,
  parts,
}: {
  readonly id: string;
  readonly title: string;
  readonly className: string;
  readonly parts: readonly TabPart<string>[];
}): React.ReactElement {
  return (
    <Tabs className={className}>
      <Panel
        id={id}
        title={title}
        lead={
          <TabList className="dock-tabs" aria-label={title}>
            {parts.map((part) => (
              <Tab key={part.id} id={part.id} className="dock-tab">
                {part.label}
              </Tab>
            ))}
          </TabList>
        }
      >
        {parts.map((part) => (
          <TabPanel key={part.id} id={part.id} className="dock-page">
            {part.page}
          </TabPanel>
        ))}
      </Panel>
    </Tabs>
  );
}

interface PocketTabsProps<Id extends string> {
  readonly label: string;
  readonly parts: readonly (TabPart<Id> & { readonly className?: string })[];
  /** Which is in view, where others choose as well. */
  readonly chosen?: { readonly id: Id; readonly choose: (id: Id) => void };
}

/** The parts of a screen on a phone. */
export function PocketTabs<Id extends string>({
  label,
  parts,
  chosen,
}: PocketTabsProps<Id>): React.ReactElement {
  return (
    <Tabs
      className="pocket-tabs"
      {...(chosen === undefined
        ? {}
        : { selectedKey: chosen.id, onSelectionChange: (key) => chosen.choose(key as Id) })}
    >
      <TabList className="pocket-tab-list" aria-label={label}>
        {parts.map((part) => (
          <Tab key={part.id} id={part.id} className="pocket-tab">
            {part.label}
          </Tab>
        ))}
      </TabList>
      {parts.map((part) => (
        <TabPanel key={part.id} id={part.id} className={`pocket-page ${part.className ?? ''}`}>
          {part.page}
        </TabPanel>
      ))}
    </Tabs>
  );
}
