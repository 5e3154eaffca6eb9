/** Chooses the instrument in view among those of the open source. */
import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select, SelectValue } from 'react-aria-components/Select';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { specInView, useSource, viewInstrument } from '../state/source-store.ts';
import { ChevronIcon } from '../ui/icons.tsx';

const KINDS = { perpetual: 'perpetual', 'dated-future': 'dated future' } as const;

export function InstrumentPicker(): React.ReactElement {
  const instruments = useSource((state) => state.opened?.instruments);
  const instrument = useSource((state) => state.instrument);
  const spec = useSource(specInView);
  if (instruments === undefined) {
    return <span className="head-instrument muted">{instrument.split(':')[1]}</span>;
  }
  return (
    <Select
      className="head-instrument"
      aria-label="Instrument"
      selectedKey={instrument}
      onSelectionChange={(key) => viewInstrument(String(key) as InstrumentId)}
    >
      <Button className="picker-button">
        <SelectValue className="picker-value">
          {() => <strong>{spec?.symbol ?? instrument}</strong>}
        </SelectValue>
        <span className="picker-kind muted">{spec === null ? '' : KINDS[spec.kind]}</span>
        <ChevronIcon />
      </Button>
      <Popover className="popover" placement="bottom start">
        <ListBox className="list-box" items={instruments}>
          {(item) => (
            <ListBoxItem className="list-item" id={item.id} textValue={item.symbol}>
              <strong>{item.symbol}</strong>
              <span className="muted">
                {KINDS[item.kind]} · tick {item.tickSize.text} · {item.currency}
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
