/** The list behind the marks of the slider: where every account and position changes status, in words. */
import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { formatCount, formatNumber, formatSignedPercent } from '../../../format/number.ts';
import { chooseChange } from '../../../state/what-if-store.ts';
import { StatusMark } from '../../../ui/StatusMark.tsx';
import type { StatusChange } from './slider-marks.ts';

const SHOWN = 60;

export function ChangesButton({
  changes,
}: {
  readonly changes: readonly StatusChange[];
}): React.ReactElement {
  return (
    <DialogTrigger>
      <Button className="panel-action" isDisabled={changes.length === 0}>
        {formatCount(changes.length)} changes
      </Button>
      <Popover className="popover" placement="top end">
        <Dialog className="popover-body" aria-label="Where a status changes">
          <ul className="changes">
            {changes.slice(0, SHOWN).map(({ key, shift, price, status, label }) => (
              <li key={key}>
                <button type="button" className="change" onClick={() => chooseChange(shift)}>
                  <span className="change-shift">{formatSignedPercent(shift, 2)}</span>
                  <span className="muted change-price">{price === null ? '' : formatNumber(price, 2)}</span>
                  <span>{label}</span>
                  <StatusMark status={status} />
                </button>
              </li>
            ))}
          </ul>
          {changes.length > SHOWN ? <p className="muted">and {changes.length - SHOWN} farther away</p> : null}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
