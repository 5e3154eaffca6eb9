/** The head line of a run: what it is, how far it is computed, and what can be done with it. */
import { Button } from 'react-aria-components/Button';
import { Header as MenuHeader } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { formatCount, formatPercent } from '../../format/number.ts';
import { exportRun, importRunFile } from '../../state/cascade-files.ts';
import {
  closeRun,
  compareWith,
  copyLink,
  endComparison,
  runScenario,
  useCascade,
  viewMarket,
} from '../../state/cascade-store.ts';
import { type RuleVariant, variantsOf } from '../../state/cascade-variants.ts';
import { showDialog } from '../../state/dialogs.ts';
import { ChevronIcon } from '../../ui/icons.tsx';

function CompareMenu(): React.ReactElement | null {
  const scenario = useCascade((state) => state.main?.scenario ?? null);
  const other = useCascade((state) => state.other);
  const done = useCascade((state) => state.main?.series.done ?? false);
  if (scenario === null) return null;
  const variants = variantsOf(scenario.rules);
  const groups = [...new Set(variants.map(({ group }) => group))];
  return (
    <MenuTrigger>
      <Button className="panel-action" isDisabled={!done}>
        {other === null ? 'Compare' : `Against: ${other.label}`} <ChevronIcon />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="list-box"
          aria-label="Compare with"
          onAction={(id) => {
            const variant: RuleVariant | undefined = variants.find((one) => one.id === id);
            if (variant === undefined) endComparison();
            else void compareWith(variant);
          }}
        >
          {groups.map((group) => (
            <MenuSection key={group}>
              <MenuHeader className="list-head">{group}</MenuHeader>
              {variants
                .filter((variant) => variant.group === group)
                .map((variant) => (
                  <MenuItem key={variant.id} id={variant.id} className="list-item">
                    {variant.title}
                  </MenuItem>
                ))}
            </MenuSection>
          ))}
          {other === null ? null : (
            <MenuItem id="none" className="list-item">
              End comparison
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

const FILES = [
  { id: 'events-csv', title: 'Export events, CSV', run: () => exportRun('events', 'csv') },
  { id: 'events-json', title: 'Export events, JSON', run: () => exportRun('events', 'json') },
  {
    id: 'accounts-csv',
    title: 'Export accounts at the cursor, CSV',
    run: () => exportRun('accounts', 'csv'),
  },
  {
    id: 'accounts-json',
    title: 'Export accounts at the cursor, JSON',
    run: () => exportRun('accounts', 'json'),
  },
  { id: 'scenario', title: 'Export the scenario, JSON', run: () => exportRun('scenario', 'json') },
  { id: 'import', title: 'Import and compare…', run: importRunFile },
] as const;

function FileMenu(): React.ReactElement {
  return (
    <MenuTrigger>
      <Button className="panel-action">
        File <ChevronIcon />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="list-box" onAction={(id) => void FILES.find((file) => file.id === id)?.run()}>
          {FILES.map((file) => (
            <MenuItem key={file.id} id={file.id} className="list-item">
              {file.title}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** How far the computation is, or what the opened link was found to be. */
function State(): React.ReactElement {
  const link = useCascade((state) => state.link);
  const main = useCascade((state) => state.main);
  const other = useCascade((state) => state.other);
  const failure = useCascade((state) => state.failure);
  const computing = [main, other].find((run) => run !== null && !run.series.done) ?? null;
  const words = (): React.ReactNode => {
    if (failure !== null) {
      return (
        <span className="status-critical">
          ◆ {failure.message}{' '}
          <button
            type="button"
            className="link-button"
            onClick={() => main !== null && void runScenario(main.scenario)}
          >
            Run again
          </button>
        </span>
      );
    }
    if (computing !== null) {
      const { startMicros, endMicros, atMicros, eventTimes } = computing.series;
      const share = (atMicros - startMicros) / (endMicros - startMicros);
      const count = formatCount(eventTimes.length);
      return `computing ${computing === other ? 'the other run ' : ''}${formatPercent(share, 0)}, ${count} events`;
    }
    if (link?.kind === 'identical') {
      return (
        <span className="status-healthy">
          ● identical: all {formatCount(link.events)} events as in the link
        </span>
      );
    }
    if (link?.kind === 'differs') {
      return (
        <span className="status-critical">
          ◆ differs at event {formatCount(link.seenAt)} or before, the same through{' '}
          {formatCount(link.sameEvents)} ({link.why})
        </span>
      );
    }
    return main === null ? '' : `${formatCount(main.series.eventTimes.length)} events`;
  };
  return (
    <output className="cascade-state" data-testid="cascade-state">
      {words()}
    </output>
  );
}

export function RunBar(): React.ReactElement | null {
  const scenario = useCascade((state) => state.main?.scenario ?? null);
  const market = useCascade((state) => state.market);
  const done = useCascade((state) => state.main?.series.done ?? false);
  if (scenario === null) return null;
  return (
    <section className="cascade-bar" aria-label="Run">
      <button type="button" className="panel-action" onClick={closeRun}>
        ‹ Library
      </button>
      <h2 className="cascade-title" title={scenario.about}>
        {scenario.title}
      </h2>
      <span className="tag" title={scenario.about}>
        {scenario.kind === 'calibrated' ? 'SYNTHETIC, CALIBRATED' : 'SYNTHETIC'}
      </span>
      {scenario.interventions.length === 0 ? null : (
        <span className="tag tag-demo">{formatCount(scenario.interventions.length)} changed</span>
      )}
      {scenario.markets.length < 2 ? null : (
        <select
          className="select-quiet"
          aria-label="Market in view"
          value={market}
          onChange={(event) => void viewMarket(Number(event.target.value))}
        >
          {scenario.markets.map(({ symbol }, i) => (
            <option key={symbol} value={i}>
              {symbol}
            </option>
          ))}
        </select>
      )}
      <State />
      <span className="panel-gap" />
      <button type="button" className="panel-action" onClick={() => showDialog({ kind: 'scenario' })}>
        Change…
      </button>
      <CompareMenu />
      <FileMenu />
      <button
        type="button"
        className="panel-action panel-action-main"
        disabled={!done}
        onClick={() => void copyLink()}
      >
        Copy link
      </button>
    </section>
  );
}
