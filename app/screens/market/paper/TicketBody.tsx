/** The fields of the ticket: side, type, price and size first, what else an order of this type may say below. */
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { PaperOrder } from '../../../../workers/contract/paper.ts';
import { sizeUnit } from '../../../charts/size-unit.ts';
import { changeTicket, type TicketFields } from '../../../state/ticket-store.ts';
import { ChoiceField, SelectField, TextField } from '../../../ui/fields.tsx';
import { PRICE_MATCHES, SELF_TRADE_MODES, TIME_LABELS } from './order-words.ts';
import {
  fieldsFor,
  type OptionalField,
  type TicketErrors,
  timeInForce,
  timesFor,
  typesFor,
} from './ticket-form.ts';

interface TicketBodyProps {
  readonly venue: PaperOrder['venue'];
  readonly fields: TicketFields;
  readonly errors: TicketErrors;
  readonly spec: ContractSpec;
}

interface PartProps extends TicketBodyProps {
  readonly has: ReadonlySet<OptionalField>;
}

function Check(props: {
  readonly label: string;
  readonly title: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}): React.ReactElement {
  return (
    <label className="ticket-check" title={props.title}>
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      {props.label}
    </label>
  );
}

/** Prices and size. */
function Terms({ has, fields, errors, spec }: PartProps): React.ReactElement {
  const trails = has.has('callback');
  const closes = has.has('closePosition') && fields.closePosition;
  return (
    <div className="ticket-grid ticket-terms">
      {has.has('trigger') ? (
        <TextField
          label={trails ? 'Activation (optional)' : 'Trigger'}
          value={fields.trigger}
          error={errors.trigger}
          unit={spec.currency}
          numeric
          onChange={(trigger) => changeTicket({ trigger })}
        />
      ) : null}
      {trails ? (
        <TextField
          label="Callback"
          value={fields.callback}
          error={errors.callback}
          unit="%"
          numeric
          onChange={(callback) => changeTicket({ callback })}
        />
      ) : null}
      {has.has('price') ? (
        <TextField
          label="Price"
          value={fields.price}
          error={errors.price}
          unit={spec.currency}
          numeric
          onChange={(price) => changeTicket({ price })}
        />
      ) : null}
      {closes ? null : (
        <TextField
          label="Size"
          value={fields.size}
          error={errors.size}
          unit={spec.kind === 'dated-future' ? 'contracts' : sizeUnit(spec)}
          numeric
          onChange={(size) => changeTicket({ size })}
        />
      )}
    </div>
  );
}

/** How long it lives, and how it takes part on a Globex market. */
function Life({ has, venue, fields, errors }: PartProps): React.ReactElement {
  const times = timesFor(venue, fields.type);
  const label = (time: (typeof times)[number]): string =>
    venue === 'globex' && time === 'IOC' ? 'FAK' : TIME_LABELS[time];
  return (
    <div className="ticket-grid">
      {has.has('timeInForce') ? (
        <SelectField
          label="Time in force"
          value={timeInForce(venue, fields)}
          choices={times.map((value) => ({ value, label: label(value) }))}
          error={undefined}
          onChange={(value) => changeTicket({ timeInForce: value })}
        />
      ) : null}
      {has.has('goodForMinutes') ? (
        <TextField
          label="Good for"
          value={fields.goodForMinutes}
          error={errors.goodForMinutes}
          unit="min"
          numeric
          onChange={(goodForMinutes) => changeTicket({ goodForMinutes })}
        />
      ) : null}
      {has.has('minimum') ? (
        <TextField
          label="Minimum (optional)"
          value={fields.minimum}
          error={errors.minimum}
          numeric
          onChange={(minimum) => changeTicket({ minimum })}
        />
      ) : null}
      {has.has('display') ? (
        <TextField
          label="Display (optional)"
          value={fields.display}
          error={errors.display}
          numeric
          onChange={(display) => changeTicket({ display })}
        />
      ) : null}
    </div>
  );
}

/** Qualifiers in a fold: most orders leave them as they are, and the sentence names those in force. */
function More({ has, fields }: PartProps): React.ReactElement {
  return (
    <details className="ticket-more">
      <summary>More</summary>
      <div className="ticket-grid">
        {has.has('priceMatch') ? (
          <SelectField
            label="Price from the book"
            value={fields.priceMatch}
            choices={PRICE_MATCHES}
            error={undefined}
            onChange={(priceMatch) => changeTicket({ priceMatch })}
          />
        ) : null}
        {has.has('workingPrice') ? (
          <SelectField
            label="Watches"
            value={fields.workingPrice}
            choices={[
              { value: 'contract', label: 'Last price' },
              { value: 'mark', label: 'Mark price' },
            ]}
            error={undefined}
            onChange={(workingPrice) => changeTicket({ workingPrice })}
          />
        ) : null}
        {has.has('selfTrade') ? (
          <SelectField
            label="Self-trade prevention"
            value={fields.selfTrade}
            choices={SELF_TRADE_MODES}
            error={undefined}
            onChange={(selfTrade) => changeTicket({ selfTrade })}
          />
        ) : null}
        {has.has('selfMatch') ? (
          <SelectField
            label="On a self-match, cancel"
            value={fields.selfMatch}
            choices={[
              { value: 'cancel-resting', label: 'The resting order' },
              { value: 'cancel-aggressing', label: 'The new order' },
            ]}
            error={undefined}
            onChange={(selfMatch) => changeTicket({ selfMatch })}
          />
        ) : null}
      </div>
    </details>
  );
}

function Switches({ has, fields }: PartProps): React.ReactElement | null {
  if (!has.has('reduceOnly') && !has.has('closePosition')) return null;
  return (
    <div className="ticket-checks">
      {has.has('reduceOnly') ? (
        <Check
          label="Reduce-only"
          title="Only brings the position nearer to zero"
          checked={fields.reduceOnly}
          onChange={(reduceOnly) => changeTicket({ reduceOnly })}
        />
      ) : null}
      {has.has('closePosition') ? (
        <Check
          label="Close position"
          title="Closes the whole position, whatever its size is then"
          checked={fields.closePosition}
          onChange={(closePosition) => changeTicket({ closePosition })}
        />
      ) : null}
      {has.has('priceProtect') ? (
        <Check
          label="Price protect"
          title="Ends instead of firing when mark and last price are too far apart"
          checked={fields.priceProtect}
          onChange={(priceProtect) => changeTicket({ priceProtect })}
        />
      ) : null}
    </div>
  );
}

export function TicketBody(props: TicketBodyProps): React.ReactElement {
  const { venue, fields } = props;
  const types: readonly { readonly value: PaperOrder['type']; readonly label: string }[] = typesFor(venue);
  const parts = { ...props, has: fieldsFor(venue, fields) };
  return (
    <div className="ticket-fields">
      <div className={`ticket-side ticket-side-${fields.side}`}>
        <ChoiceField
          label="Side"
          value={fields.side}
          choices={[
            { value: 'buy', label: 'Buy' },
            { value: 'sell', label: 'Sell' },
          ]}
          error={undefined}
          onChange={(side) => changeTicket({ side })}
        />
      </div>
      <div className="ticket-type">
        <SelectField
          label="Type"
          value={fields.type}
          choices={types}
          error={undefined}
          onChange={(type) => changeTicket({ type })}
        />
      </div>
      <Terms {...parts} />
      <Life {...parts} />
      <Switches {...parts} />
      <More {...parts} />
    </div>
  );
}
