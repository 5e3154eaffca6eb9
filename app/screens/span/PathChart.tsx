/** The requirement over dated sets as steps; used on screen and on paper. */
import type { HistoryPoint } from '../../../workers/contract/span-api.ts';
import { amountWords } from './span-words.ts';

const WIDTH = 420;
const HEIGHT = 130;
const LEFT = 62;
const BOTTOM = 20;
const TOP = 10;

const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;

/** The steps as an SVG path; days without a figure break it. */
export function stepPath(
  points: readonly HistoryPoint[],
  end: string,
  at: (day: number, value: number) => readonly [number, number],
): string {
  let path = '';
  let isBroken = true;
  points.forEach((point, i) => {
    if (point.requirement === null) {
      isBroken = true;
      return;
    }
    const [x, y] = at(dayOf(point.date), point.requirement);
    const [until] = at(dayOf(points[i + 1]?.date ?? end), point.requirement);
    path += `${isBroken ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}H${until.toFixed(1)}`;
    isBroken = false;
  });
  return path;
}

interface PathChartProps {
  readonly points: readonly HistoryPoint[];
  readonly to: string;
  /** Day of the set in force, marked. */
  readonly marked: string | null;
}

export function PathChart({ points, to, marked }: PathChartProps): React.ReactElement | null {
  const values = points.flatMap((p) => (p.requirement === null ? [] : [p.requirement]));
  const [first] = points;
  if (first === undefined || values.length === 0) return null;
  const most = Math.max(...values) || 1;
  const [from, until] = [dayOf(first.date), Math.max(dayOf(to), dayOf(first.date) + 1)];
  const at = (day: number, value: number): readonly [number, number] => [
    LEFT + ((day - from) / (until - from)) * (WIDTH - LEFT - 8),
    HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP),
  ];
  const [markX] = at(marked === null ? from : dayOf(marked), 0);
  const inRange = marked !== null && dayOf(marked) >= from && dayOf(marked) <= until;
  const words = `From ${amountWords(values[0] ?? 0)} on ${first.date} to ${amountWords(values.at(-1) ?? 0)} on ${points.at(-1)?.date ?? to}, at most ${amountWords(most)}`;
  return (
    <svg className="span-path" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      {[0, 0.5, 1].map((share) => {
        const [, y] = at(from, most * share);
        return (
          <g key={share}>
            <line className="path-grid" x1={LEFT} x2={WIDTH - 8} y1={y} y2={y} />
            <text className="path-text" x={LEFT - 6} y={y + 4} textAnchor="end">
              {amountWords(Math.round(most * share))}
            </text>
          </g>
        );
      })}
      {inRange ? <line className="path-mark" x1={markX} x2={markX} y1={TOP} y2={HEIGHT - BOTTOM} /> : null}
      <path className="path-line" d={stepPath(points, to, at)} />
      <text className="path-text" x={LEFT} y={HEIGHT - 5}>
        {first.date}
      </text>
      <text className="path-text" x={WIDTH - 8} y={HEIGHT - 5} textAnchor="end">
        {to}
      </text>
    </svg>
  );
}
