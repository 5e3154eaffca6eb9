/** The SPAN screen: portfolio, scenarios, waterfall; legs, comparison and path below; the committee pack on paper. */
import { useEffect } from 'react';
import { SPAN_LABEL } from '../../../workers/contract/span-api.ts';
import { useBook } from '../../state/span-book.ts';
import { startSpan, useSpan, writeCaseAddress } from '../../state/span-store.ts';
import { EmptyNote } from '../../ui/EmptyNote.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { CaseBar } from './CaseBar.tsx';
import { ChangeDesk } from './ChangeDesk.tsx';
import { ExplainDialog } from './ExplainDialog.tsx';
import { LegsPanel } from './LegsPanel.tsx';
import { Matrix } from './Matrix.tsx';
import { PackDocument } from './PackDocument.tsx';
import { PathPanel } from './PathPanel.tsx';
import { PortfolioPanel } from './PortfolioPanel.tsx';
import { Stepper } from './Stepper.tsx';
import { useCase } from './use-case.ts';
import { Waterfall } from './Waterfall.tsx';
import './span.css';
import './book.css';
import './figures.css';
import './pack.css';

/** What stands in the middle while there are no figures. */
function Blank(): React.ReactElement {
  const { failure, now } = useCase();
  const opened = useSpan((state) => state.failure);
  if (failure !== null)
    return <FailureNote title="This portfolio cannot be margined under this set" failure={failure} />;
  if (opened !== null && now === null)
    return <FailureNote title="The parameter set could not be opened" failure={opened} />;
  return <EmptyNote title={now === null ? 'Opening a parameter set…' : 'Asking the margin engine…'} />;
}

function Middle(): React.ReactElement {
  const { answer, card, waiting } = useCase();
  if (answer === null || card === null) return <Blank />;
  if (answer.report.commodities.length === 0) {
    return (
      <EmptyNote title="No positions" text="Add a contract at the left, or take positions in from a file." />
    );
  }
  return (
    <div className={waiting ? 'span-fit span-stale' : 'span-fit'} aria-busy={waiting}>
      <Matrix answer={answer} card={card} />
    </div>
  );
}

export function SpanScreen(): React.ReactElement {
  const { answer, waiting } = useCase();
  const presenting = useSpan((state) => state.presenting);
  useEffect(startSpan, []);
  const tab = useBook((state) => state.tab);
  const runHash = waiting ? null : (answer?.runHash ?? null);
  useEffect(() => {
    if (runHash !== null) writeCaseAddress(runHash);
  }, [runHash]);
  return (
    <div className="screen span-screen" data-presenting={presenting || undefined}>
      <main className="span-desk" aria-label="SPAN" data-tab={tab}>
        <CaseBar />
        <Stepper />
        <div className="span-grid">
          <PortfolioPanel />
          <Panel
            id="matrix"
            title="16 scenarios"
            choices={<span className="muted">loss +, gain −; the worst of each is pinned and counts</span>}
          >
            <Middle />
          </Panel>
          <Waterfall />
        </div>
        <div className="span-lower">
          <LegsPanel />
          <ChangeDesk />
          <PathPanel />
        </div>
        <p className="span-label">{SPAN_LABEL}</p>
      </main>
      <ExplainDialog />
      <PackDocument />
    </div>
  );
}
