/** The committee pack: the case on paper, page by page. On screen it is not shown; the print stylesheet shows nothing else. */
import type { SetCard, SpanAnswer, SpanCase } from '../../../workers/contract/span-api.ts';
import { SPAN_LABEL } from '../../../workers/contract/span-api.ts';
import { contractWords } from '../../format/contract-words.ts';
import { formatCount, formatSigned } from '../../format/number.ts';
import { writeSpanAddress } from '../../state/span-address.ts';
import { nameCase, useSpan } from '../../state/span-store.ts';
import { PackPath } from './PackPath.tsx';
import { PackScenarios } from './PackScenarios.tsx';
import { PackWaterfall } from './PackWaterfall.tsx';
import { classWords, moneyWords, signedWords } from './span-words.ts';
import { useCase } from './use-case.ts';

interface PackProps {
  readonly answer: SpanAnswer;
  readonly card: SetCard;
  readonly now: SpanCase;
}

function Sheet({
  title,
  run,
  children,
}: {
  readonly title: string;
  readonly run: string;
  readonly children: React.ReactNode;
}): React.ReactElement {
  return (
    <section className="pack-sheet">
      <header className="pack-head">
        <h2>{title}</h2>
        <span>Headroom · run {run}</span>
      </header>
      {children}
      <footer className="pack-foot">{SPAN_LABEL}</footer>
    </section>
  );
}

function Cover({ answer, card, now }: PackProps): React.ReactElement {
  const title = useSpan((state) => state.title);
  const { requirement, baseCurrency } = answer.report;
  const link = `${location.origin}${location.pathname}#span&${writeSpanAddress(nameCase(card, now, answer.runHash))}`;
  return (
    <section className="pack-sheet pack-cover">
      <p className="pack-brand">Headroom · margin committee pack</p>
      <h1>{title}</h1>
      <p className="pack-total">{moneyWords(requirement, baseCurrency)}</p>
      <dl className="pack-facts">
        <dt>Parameters of</dt>
        <dd>{card.date}</dd>
        <dt>Set</dt>
        <dd>
          {card.id}, hash <code>{card.hash}</code>
        </dd>
        <dt>Class</dt>
        <dd>{classWords(answer.report.class)}</dd>
        <dt>Run</dt>
        <dd>
          <code>{answer.runHash}</code>
        </dd>
      </dl>
      <p className="pack-label">{SPAN_LABEL}</p>
      <div className="pack-again">
        <p>
          To run this again, open the link below, or take the case file in. The page then says whether run{' '}
          {answer.runHash} comes out.
        </p>
        <p className="pack-link">{link}</p>
      </div>
    </section>
  );
}

function Inputs({ answer, card, now }: PackProps): React.ReactElement {
  const parts = new Map(answer.attribution.positions.map((part) => [part.contract, part]));
  return (
    <Sheet title="Inputs" run={answer.runHash}>
      <dl className="pack-facts">
        <dt>Source</dt>
        <dd>{card.source}</dd>
        <dt>Set hash</dt>
        <dd>
          <code>{card.hash}</code>
        </dd>
        <dt>Size</dt>
        <dd>
          {formatCount(card.contractCount)} contracts in {formatCount(card.commodityCount)} commodities,{' '}
          {formatCount(card.problemCount)} records left out
        </dd>
      </dl>
      <table className="pack-table">
        <thead>
          <tr>
            <th scope="col">Contract</th>
            <th scope="col">Id in the set</th>
            <th scope="col">Contracts</th>
            <th scope="col">With − without</th>
          </tr>
        </thead>
        <tbody>
          {now.positions.map(({ contract, lots }) => (
            <tr key={contract}>
              <th scope="row">{contractWords(contract)}</th>
              <td>{contract}</td>
              <td>{formatSigned(lots, 0)}</td>
              <td>{signedWords(parts.get(contract)?.incremental ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}

function Assumptions({ answer, card }: PackProps): React.ReactElement {
  const { assumptions, notModelled } = answer.report;
  return (
    <Sheet title="Assumptions and sign-off" run={answer.runHash}>
      <h3>Rates in force that are assumed, not published</h3>
      <Lines lines={assumptions} none="None." />
      <h3>In the set, and not modelled</h3>
      <Lines lines={notModelled} none="Nothing." />
      <h3>What this is</h3>
      <p>
        An {SPAN_LABEL}. Classic SPAN with the parameters named here; where the clearing house applies SPAN 2
        its own figure differs. Amounts are those of the set of {card.date}. SPAN is a trademark of Chicago
        Mercantile Exchange Inc., used to name the method.
      </p>
      <table className="pack-sign">
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col">Name</th>
            <th scope="col">Date</th>
            <th scope="col">Signature</th>
          </tr>
        </thead>
        <tbody>
          {['Prepared', 'Reviewed', 'Approved'].map((role) => (
            <tr key={role}>
              <th scope="row">{role}</th>
              <td />
              <td />
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}

function Lines({
  lines,
  none,
}: {
  readonly lines: readonly string[];
  readonly none: string;
}): React.ReactElement {
  if (lines.length === 0) return <p>{none}</p>;
  return (
    <ul className="pack-lines">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

export function PackDocument(): React.ReactElement | null {
  const { answer, card, now, waiting } = useCase();
  const paper = useSpan((state) => state.paper);
  if (answer === null || card === null || now === null || waiting) return null;
  const all = { answer, card, now };
  return (
    <article className={`pack pack-${paper}`} data-testid="span-pack">
      <Cover {...all} />
      <Inputs {...all} />
      <Sheet title="16 scenarios" run={answer.runHash}>
        <PackScenarios answer={answer} card={card} />
      </Sheet>
      <Sheet title="From scan risk to requirement" run={answer.runHash}>
        <PackWaterfall report={answer.report} />
      </Sheet>
      <Sheet title="Path over dated sets" run={answer.runHash}>
        <PackPath />
      </Sheet>
      <Assumptions {...all} />
    </article>
  );
}
