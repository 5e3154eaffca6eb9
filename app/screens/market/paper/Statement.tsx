/** The reader's statement of daily settlements in a future: what each day paid, newest first. */
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { PaperClearing } from '../../../../workers/contract/paper.ts';
import { usePreferences } from '../../../state/preferences.ts';
import { settledTitle, settledWords, settlementWords } from './settlement-words.ts';

interface Props {
  readonly clearing: PaperClearing;
  readonly spec: ContractSpec;
}

export function Statement({ clearing, spec }: Props): React.ReactElement {
  const zone = usePreferences((state) => state.zone);
  return (
    <div className="statement" data-testid="statement">
      <p
        className="muted"
        title="Futures are settled in cash once a day: the gain or loss up to the settlement price goes to the wallet"
      >
        {settlementWords(clearing, spec, zone)}
      </p>
      {clearing.statement.length === 0 ? null : (
        <ol aria-label="Settlements, newest first">
          {clearing.statement.toReversed().map((line) => (
            <li key={line.tradingDay} title={settledTitle(line, spec)}>
              {settledWords(line, spec)}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
