/** Changes price and size of a resting order. */
import { useState } from 'react';
import type { InstrumentId } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { OwnOrder, PaperReceipt } from '../../../../workers/contract/paper.ts';
import { tickText } from '../../../charts/tick-text.ts';
import { closeDialog } from '../../../state/dialogs.ts';
import { whyNotSent } from '../../../state/guard-queries.ts';
import { growthQuestion } from '../../../state/guard-question.ts';
import { useGuardSettings } from '../../../state/guard-settings.ts';
import { tell } from '../../../state/notices.ts';
import { amendOrder } from '../../../state/paper-orders.ts';
import { useSource } from '../../../state/source-store.ts';
import { AppDialog } from '../../../ui/AppDialog.tsx';
import { TextField } from '../../../ui/fields.tsx';
import { queueWords } from './order-words.ts';
import { readAmendment } from './ticket-form.ts';

export function AmendDialog(props: {
  readonly instrument: InstrumentId;
  readonly order: OwnOrder;
}): React.ReactElement | null {
  const { instrument, order } = props;
  const spec = useSource((state) => state.opened?.instruments.find((one) => one.id === instrument));
  const [price, setPrice] = useState(
    spec === undefined || order.priceTicks === null ? '' : tickText(order.priceTicks, spec.tickSize),
  );
  const [size, setSize] = useState(spec === undefined ? '' : tickText(order.sizeLots, spec.lotSize));
  const [refusal, setRefusal] = useState<Extract<PaperReceipt, { kind: 'rejected' }> | null>(null);
  if (spec === undefined) return null;
  const { priceTicks, sizeLots, errors } = readAmendment({ price, size }, spec);
  const submit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    if (priceTicks === null || sizeLots === null) return;
    const { enforces } = useGuardSettings.getState();
    const question = growthQuestion(instrument, order, { priceTicks, sizeLots });
    const why = enforces ? await whyNotSent(question) : null;
    if (why !== null) {
      tell('trouble', `Not amended. ${why}`);
      return;
    }
    const receipt = await amendOrder({ instrument, id: order.id, priceTicks, sizeLots });
    if (receipt === null) return;
    if (receipt.kind === 'rejected') {
      setRefusal(receipt);
      return;
    }
    closeDialog();
    tell('news', `Order ${order.id} amended`);
  };
  return (
    <AppDialog title={`Amend order ${order.id}`}>
      <form className="dialog-form" noValidate onSubmit={(event) => void submit(event)}>
        <p className="muted">
          It stands {queueWords(order, spec)}. A new price or a larger size sends it to the end of its queue.
        </p>
        <TextField label="Price" value={price} error={errors.price} numeric autoFocus onChange={setPrice} />
        <TextField label="Size" value={size} error={errors.size} numeric onChange={setSize} />
        <div aria-live="polite">
          {refusal === null ? null : (
            <p className="ticket-rejected">
              <strong>Refused.</strong> {refusal.rule} <span className="muted">({refusal.source})</span>
            </p>
          )}
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={closeDialog}>
            Leave as it is
          </button>
          <button type="submit" className="button button-main">
            Amend
          </button>
        </footer>
      </form>
    </AppDialog>
  );
}
