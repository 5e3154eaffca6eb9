/** Place in the queue as a small bar: what is ahead, the order itself, what is behind. The words stand beside it. */

export function QueueBar(props: {
  readonly aheadLots: number;
  readonly ownLots: number;
  readonly behindLots: number;
}): React.ReactElement {
  const { aheadLots, ownLots, behindLots } = props;
  const all = Math.max(1, aheadLots + ownLots + behindLots);
  const ahead = (aheadLots / all) * 100;
  const own = (ownLots / all) * 100;
  return (
    <svg className="queue-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className="queue-ahead" x="0" y="2" width={ahead} height="4" />
      <rect
        className="queue-behind"
        x={ahead + own}
        y="3"
        width={Math.max(0, 100 - ahead - own)}
        height="2"
      />
      <rect className="queue-own" x={Math.min(98, ahead)} y="0" width={Math.max(2, own)} height="8" />
    </svg>
  );
}
