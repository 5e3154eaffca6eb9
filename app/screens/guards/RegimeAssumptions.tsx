/** What is assumed where a regime has no parameters of its own, open to change, each with its source. */
import { useState } from 'react';
import type { ScanRate, TwoRegimes } from '../../../workers/contract/two-regimes.ts';
import { formatPercent } from '../../format/number.ts';
import { assume, FIRST_DRAFT, type ReadDraft, type RegimeDraft } from '../../state/regime-store.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';

interface AssumptionProps {
  readonly draft: RegimeDraft;
  readonly errors: ReadDraft['errors'];
  /** The last answer; null before the first, and while the assumptions lead to none. */
  readonly answer: TwoRegimes | null;
}

function ScanField({ scan, draft, errors }: AssumptionProps & { readonly scan: ScanRate }) {
  const { asset, rate, source } = scan;
  return (
    <TextField
      label={`Scan range of ${asset}`}
      value={draft.entered[asset] ?? ''}
      error={errors[`scan ${asset}`]}
      hint={`${formatPercent(rate, 2)} of the price: ${source}`}
      unit="%"
      numeric
      onChange={(text) => assume({ entered: { ...draft.entered, [asset]: text } })}
    />
  );
}

function Perpetuals(props: AssumptionProps): React.ReactElement {
  const { draft, errors, answer } = props;
  const suggested = answer?.suggestedCredit;
  return (
    <fieldset className="regime-fields">
      <legend>Perpetuals under SPAN</legend>
      <SelectField
        label="Volatility from"
        value={draft.origin}
        choices={[
          { value: 'dated', label: 'dated closes' },
          { value: 'run', label: 'this run, once known' },
        ]}
        error={undefined}
        onChange={(origin) => assume({ origin })}
      />
      <TextField
        label="Scan range in days' σ"
        value={draft.deviations}
        error={errors.deviations}
        unit="σ"
        numeric
        onChange={(deviations) => assume({ deviations })}
      />
      {answer?.scans.map((scan) => (
        <ScanField key={scan.asset} scan={scan} {...props} />
      ))}
      <TextField
        label="Credit of BTC against ETH"
        value={draft.credit}
        error={errors.credit}
        hint={
          suggested === undefined
            ? 'none granted'
            : `${formatPercent(suggested.rate, 0)} would follow from ${suggested.source}`
        }
        unit="%"
        numeric
        onChange={(credit) => assume({ credit })}
      />
    </fieldset>
  );
}

/** A ladder comes in force when its symbol is written out: half a symbol is no question. */
function LadderField({ draft, answer }: AssumptionProps): React.ReactElement {
  const [text, setText] = useState(draft.ladder);
  const listed = answer?.ladders ?? null;
  const symbol = text.trim().toUpperCase();
  const isListed = listed === null || listed.includes(symbol);
  const where = answer === null ? 'the bracket table' : `the table of ${answer.tableDate}`;
  return (
    <TextField
      label="Bracket ladder of"
      value={text}
      error={
        isListed
          ? undefined
          : `expected a symbol of ${where}, found "${symbol}"; ${draft.ladder} stays in force`
      }
      hint={`a symbol of ${where}; 1 USD counts as 1 USDT`}
      {...(listed === null ? {} : { suggestions: listed })}
      onChange={(typed) => {
        setText(typed);
        const ladder = typed.trim().toUpperCase();
        if (listed === null || listed.includes(ladder)) assume({ ladder });
      }}
    />
  );
}

export function RegimeAssumptions(props: AssumptionProps): React.ReactElement {
  const { draft, answer } = props;
  const [resets, setResets] = useState(0);
  const isFirst = JSON.stringify(draft) === JSON.stringify(FIRST_DRAFT);
  return (
    <form
      className="regime-assumptions"
      aria-label="Assumptions of the comparison"
      noValidate
      onSubmit={(event) => event.preventDefault()}
    >
      <h3>Assumed</h3>
      <Perpetuals {...props} />
      <fieldset className="regime-fields">
        <legend>Futures under brackets</legend>
        <LadderField key={resets} {...props} />
      </fieldset>
      {isFirst ? null : (
        <button
          type="button"
          className="link-button"
          onClick={() => {
            assume(FIRST_DRAFT);
            setResets(resets + 1);
          }}
        >
          As at first
        </button>
      )}
      {answer === null ? null : (
        <p className="muted" data-testid="regime-set">
          {answer.set.id}, hash {answer.set.hash}. From: {answer.set.source}. An independent SPAN-type
          calculation, not an official CME figure.
        </p>
      )}
    </form>
  );
}
