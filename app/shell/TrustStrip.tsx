/** The trust strip: state, age, latency, gaps, resyncs and frame rate, with everything behind it on a press. */
import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { ABSENT, formatCount } from '../format/number.ts';
import { formatAge } from '../format/time.ts';
import { useFrameRate } from '../state/frame-rate.ts';
import { type MarketSlice, useMarket } from '../state/market-slice.ts';
import { type Standing, TrustMark } from '../ui/TrustMark.tsx';
import { clockWords } from './clock-words.ts';

function Figure(props: {
  readonly label: string;
  readonly value: string;
  readonly wide?: boolean;
  readonly testId?: string;
}): React.ReactElement {
  return (
    <span className={`trust-figure ${props.wide === true ? 'trust-figure-wide' : ''}`}>
      <span className="muted">{props.label}</span> <strong data-testid={props.testId}>{props.value}</strong>
    </span>
  );
}

/** Whether the run stands still, and why. */
function standingOf({ source, transport }: MarketSlice): Standing | null {
  if (source === 'LIVE' || transport === null || transport.playing) return null;
  return transport.ended ? 'ENDED' : 'PAUSED';
}

const age = (ms: number | null): string => (ms === null ? ABSENT : formatAge(ms));

function Details({ market }: { readonly market: MarketSlice }): React.ReactElement {
  const { counters } = market;
  const rows: readonly (readonly [string, string])[] = [
    ['Age of the book', age(market.ageMs)],
    ['Venue to here', age(market.latencyMs)],
    ['Worker to page', age(market.transferMs)],
    ["Venue's clock", clockWords(market.eventLagMs)?.long ?? 'agrees with ours to a second'],
    ['Clock offset', market.clockOffsetMs === null ? 'unknown' : `${market.clockOffsetMs.toFixed(1)} ms`],
    ['Messages read', formatCount(counters?.messages ?? 0)],
    ['Book updates applied', formatCount(counters?.depthApplied ?? 0)],
    ['Gaps in the sequence', formatCount(counters?.gaps ?? 0)],
    ['Resyncs', formatCount(counters?.resyncs ?? 0)],
    ['Messages refused', formatCount(counters?.refused ?? 0)],
    ['Trades not shown', formatCount(counters?.tradesDropped ?? 0)],
  ];
  return (
    <>
      <p className="popover-lead">
        <TrustMark trust={market.trust} standing={standingOf(market)} />{' '}
        {market.trustReason === '' ? 'in sequence and young' : market.trustReason}
      </p>
      <dl className="facts">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {counters?.lastRefusal == null ? null : <p className="muted">Last refusal: {counters.lastRefusal}</p>}
    </>
  );
}

export function TrustStrip(): React.ReactElement {
  const market = useMarket();
  const fps = useFrameRate((state) => state.fps);
  const { counters } = market;
  const standing = standingOf(market);
  const clock = market.source === 'LIVE' ? clockWords(market.eventLagMs) : null;
  const word = market.trust === 'LIVE' && standing !== null ? standing : market.trust;
  return (
    <DialogTrigger>
      <Button className="trust-strip" aria-label={`Data trust: ${word}. ${market.trustReason}`}>
        <span data-testid="trust-state" title={market.trustReason}>
          <TrustMark trust={market.trust} standing={standing} />
        </span>
        {clock === null ? null : <Figure label="clock" value={clock.short} testId="clock-difference" />}
        <Figure label="age" value={age(market.ageMs)} testId="book-age" />
        <Figure label="latency" value={age(market.latencyMs)} wide />
        <Figure label="gaps" value={formatCount(counters?.gaps ?? 0)} />
        <Figure label="resyncs" value={formatCount(counters?.resyncs ?? 0)} wide />
        <span className="trust-figure muted trust-fps">{fps ?? ABSENT} fps</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="popover-body" aria-label="Data trust">
          <Details market={market} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
