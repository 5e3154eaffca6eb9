/** The case on the SPAN screen: which set, which class, which positions; the case it is compared with; what is looked at. */
import { create } from 'zustand';
import type { Failure } from '../../engine/core/failure.ts';
import type { Result } from '../../engine/core/result.ts';
import type { SpanPosition } from '../../engine/margin/span/span-portfolio.ts';
import { span } from '../../workers/client/span.ts';
import type { ReadProgress, SetCard, SetOrigin, SpanCase } from '../../workers/contract/span-api.ts';
import { contractWords } from '../format/contract-words.ts';
import { tell } from './notices.ts';
import { useScreen, writeScreenAddress } from './screen.ts';
import { type NamedCase, readSpanAddress, writeSpanAddress } from './span-address.ts';

const TITLE = 'Margin requirement of';

/** What a page starts with: an example, and called one. */
const EXAMPLE: NamedCase = {
  origin: { kind: 'built-in', date: '2020-03-13', spreads: 'assumed' },
  setHash: null,
  classIndex: 0,
  positions: [
    { contract: 'CME:ES:FUT:202006', lots: 20 },
    { contract: 'CME:ES:FUT:202009', lots: -6 },
    { contract: 'CME:NQ:FUT:202006', lots: -12 },
    { contract: 'CMX:GC:FUT:202006', lots: 8 },
    { contract: 'CBT:ZN:FUT:202006', lots: -25 },
    { contract: 'NYM:CL:FUT:202006', lots: 10 },
  ],
  runHash: null,
};

/** The case that `now` is compared with, and what it is. */
export interface ComparedCase {
  readonly spanCase: SpanCase;
  readonly words: string;
  /** Chosen by the reader: edits leave it in place. */
  readonly kept: boolean;
}

/** Derivation that is open: labels of terms to unfold on the way, the last one shown. */
export type OpenTerms = readonly string[];

export interface SpanState {
  readonly sets: readonly SetCard[];
  /** Null until the first set is open. */
  readonly now: SpanCase | null;
  readonly isExample: boolean;
  readonly before: ComparedCase | null;
  /** Scenario in view counted from 0; null: the worst. */
  readonly scenario: number | null;
  /** Commodity that the waterfall shows; null: all. */
  readonly commodity: string | null;
  readonly opening: boolean;
  readonly reading: ReadProgress | null;
  readonly failure: Failure | null;
  /** A link named a file that is not open here, or a run whose figures are to be compared. */
  readonly wanted: NamedCase | null;
  readonly claimedRun: string | null;
  readonly explained: OpenTerms | null;
  readonly presenting: boolean;
  readonly paper: 'a4' | 'letter';
  readonly title: string;
}

export const useSpan = create<SpanState>(() => ({
  sets: [],
  now: null,
  isExample: false,
  before: null,
  scenario: null,
  commodity: null,
  opening: false,
  reading: null,
  failure: null,
  wanted: null,
  claimedRun: null,
  explained: null,
  presenting: false,
  paper: 'a4',
  title: `${TITLE} the portfolio`,
}));

/** Files that sets were read from, to read them again when the worker was lost. */
const files = new Map<string, File>();

/** The set of a case; null while it is not open. */
export function setOf(state: Pick<SpanState, 'sets'>, spanCase: SpanCase | null): SetCard | null {
  return state.sets.find(({ hash }) => hash === spanCase?.setHash) ?? null;
}

/** A case as links and packs name it. */
export function nameCase(card: SetCard, spanCase: SpanCase, runHash: string | null): NamedCase {
  const { classIndex, positions } = spanCase;
  return { origin: card.origin, setHash: card.hash, classIndex, positions, runHash };
}

let follows = false;

/** Follows a case that is pasted into the address while the page is open; a link to the screen alone leaves what is open. */
function followAddress(): void {
  if (follows) return;
  follows = true;
  useScreen.subscribe((now, before) => {
    if (now.screen !== 'span' || (before.screen === 'span' && now.parameters === before.parameters)) return;
    const named = readSpanAddress(now.parameters);
    if (named !== null) void openNamed(named);
  });
}

/** Opens the case of the address, or the example. Call when the screen is shown. */
export function startSpan(): void {
  followAddress();
  if (useSpan.getState().now !== null || useSpan.getState().opening) return;
  const named = readSpanAddress(useScreen.getState().parameters);
  void openNamed(named ?? EXAMPLE, named === null);
}

/** Opens a named case: its set, its positions, and the claim of its run. A file that is not open here is asked for. */
export async function openNamed(named: NamedCase, isExample = false): Promise<void> {
  const { origin, setHash, classIndex, positions } = named;
  const open = useSpan.getState().sets.find(({ hash }) => hash === setHash);
  if (open !== undefined) return takeNamed(named, open, isExample);
  if (origin.kind === 'file') {
    useSpan.setState({ wanted: named, failure: null });
    if (useSpan.getState().now === null) await openNamed({ ...EXAMPLE, positions: [] });
    useSpan.setState({ wanted: named });
    return;
  }
  const card = await openOrigin(origin);
  if (card === null) return;
  if (setHash !== null && card.hash !== setHash) {
    tell(
      'trouble',
      `The link names set ${setHash}; the tables of this page make ${card.hash} of ${origin.date}`,
    );
  }
  takeNamed({ ...named, setHash, classIndex, positions }, card, isExample);
}

function takeNamed(named: NamedCase, card: SetCard, isExample: boolean): void {
  const { classIndex, positions, runHash } = named;
  useSpan.setState({
    now: { setHash: card.hash, classIndex, positions },
    isExample,
    before: null,
    claimedRun: runHash,
    wanted: null,
    failure: null,
  });
}

/** Opens a set and lists it; null where it failed, which is then shown. */
async function openOrigin(origin: SetOrigin): Promise<SetCard | null> {
  if (origin.kind === 'file') return null;
  useSpan.setState({ opening: true, failure: null });
  return listed(await span.openBuiltIn(origin));
}

function listed(answer: Result<SetCard>): SetCard | null {
  if (!answer.ok) {
    useSpan.setState({ opening: false, reading: null, failure: answer.failure });
    return null;
  }
  const card = answer.value;
  useSpan.setState(({ sets }) => ({
    opening: false,
    reading: null,
    failure: null,
    sets: [...sets.filter(({ hash }) => hash !== card.hash), card],
  }));
  return card;
}

/** Opens a set anew after the worker was lost; true where that worked. */
export async function reopenSet(hash: string): Promise<boolean> {
  const card = useSpan.getState().sets.find((one) => one.hash === hash);
  if (card === undefined) return false;
  const file = files.get(hash);
  const { origin } = card;
  const answer =
    origin.kind === 'built-in'
      ? await span.openBuiltIn(origin)
      : file === undefined
        ? null
        : await span.readSet({ name: file.name, file });
  return answer?.ok === true && answer.value.hash === hash;
}

/** Puts the set of a day in force. */
export async function openDate(date: string, spreads: 'assumed' | 'none'): Promise<void> {
  const card = await openOrigin({ kind: 'built-in', date, spreads });
  if (card !== null) chooseSet(card.hash);
}

/** Reads a parameter file and puts it in force; what was in force stays when that fails. */
export async function readSetFile(file: File): Promise<void> {
  useSpan.setState({ reading: { name: file.name, readBytes: 0, bytes: file.size }, failure: null });
  const watch = setInterval(() => {
    void span.readProgress().then((answer) => {
      if (answer.ok && answer.value !== null && useSpan.getState().reading !== null) {
        useSpan.setState({ reading: answer.value });
      }
    });
  }, 200);
  const answer = await span.readSet({ name: file.name, file });
  clearInterval(watch);
  if (!answer.ok && answer.failure.code === 'worker/cancelled') {
    useSpan.setState({ reading: null });
    return;
  }
  const card = listed(answer);
  if (card === null) return;
  files.set(card.hash, file);
  const { wanted } = useSpan.getState();
  if (wanted?.setHash === card.hash) takeNamed(wanted, card, false);
  else chooseSet(card.hash);
  const found = `${card.contractCount} contracts in ${card.commodityCount} commodities`;
  tell(
    'news',
    `${card.id}: ${found}${card.problemCount === 0 ? '' : `, ${card.problemCount} records left out`}`,
  );
}

export function cancelReading(): void {
  void span.cancelReading();
}

/** Changes the case; what was in force becomes what it is compared with, unless the reader keeps another. */
function change(words: string, edit: (now: SpanCase) => SpanCase): void {
  const { now, before } = useSpan.getState();
  if (now === null) return;
  useSpan.setState({
    now: edit(now),
    before: before?.kept === true ? before : { spanCase: now, words, kept: false },
    isExample: false,
    claimedRun: null,
  });
}

export function chooseSet(hash: string): void {
  const { now } = useSpan.getState();
  if (now === null) useSpan.setState({ now: { setHash: hash, classIndex: 0, positions: [] } });
  else if (now.setHash !== hash) change('before the set was changed', () => ({ ...now, setHash: hash }));
}

export function chooseClass(classIndex: number): void {
  change('before the class was changed', (now) => ({ ...now, classIndex }));
}

/** Sets the contracts held of one contract; 0 drops the leg. */
export function holdLots(contract: string, lots: number): void {
  const known = useSpan.getState().now?.positions.some((p) => p.contract === contract) ?? false;
  const words =
    lots === 0
      ? `before ${contractWords(contract)} was dropped`
      : `before ${contractWords(contract)} was changed`;
  change(words, (now) => ({
    ...now,
    positions:
      lots === 0
        ? now.positions.filter((p) => p.contract !== contract)
        : known
          ? now.positions.map((p) => (p.contract === contract ? { contract, lots } : p))
          : [...now.positions, { contract, lots }],
  }));
}

export function replacePositions(positions: readonly SpanPosition[], words: string): void {
  change(words, (now) => ({ ...now, positions }));
}

/** Takes a whole case in place of the one in force; `owner` names whose it is, in the title of the pack, too. */
export function takeCase(spanCase: SpanCase, owner: string, isExample: boolean): void {
  change(`before ${owner} was opened`, () => spanCase);
  useSpan.setState({ isExample });
  // A title that the reader wrote stays.
  const isOurs = useSpan.getState().title.startsWith(TITLE);
  if (isOurs) useSpan.setState({ title: `${TITLE} ${owner}` });
}

/** Goes back to the case that is compared with. */
export function takeBack(): void {
  const { before } = useSpan.getState();
  if (before !== null) useSpan.setState({ now: before.spanCase, before: null, claimedRun: null });
}

/** Keeps the case in force as the one that all further edits are compared with; lets it go when it is kept already. */
export function toggleKept(): void {
  const { now, before } = useSpan.getState();
  if (now === null) return;
  useSpan.setState({
    before: before?.kept === true ? null : { spanCase: now, words: 'the case kept', kept: true },
  });
}

export function lookAtScenario(scenario: number | null): void {
  useSpan.setState({ scenario });
}

export function lookAtCommodity(commodity: string | null): void {
  useSpan.setState({ commodity });
}

export function explainTerms(explained: OpenTerms | null): void {
  useSpan.setState({ explained });
}

/** Lets the address name what is on the screen. */
export function writeCaseAddress(runHash: string): void {
  const { now, sets } = useSpan.getState();
  const card = setOf({ sets }, now);
  if (now !== null && card !== null)
    writeScreenAddress('span', writeSpanAddress(nameCase(card, now, runHash)));
}
