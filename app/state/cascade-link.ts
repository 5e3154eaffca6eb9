/** A run in an address: its scenario, where it was looked at, and what it was known by, deflated. */
import type { CascadeScenario } from '../../engine/simulation/cascade/cascade-scenario.ts';
import type { RunIdentity } from '../../workers/contract/lab-api.ts';

/** What a link carries. */
export interface RunLink {
  readonly scenario: CascadeScenario;
  /** Events told at the cursor. */
  readonly eventCount: number;
  readonly identity: RunIdentity;
}

const PARAMETER = 'run';

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  return new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer());
}

/** The screen's part of an address. */
export async function writeRunLink(link: RunLink): Promise<string> {
  const text = JSON.stringify({ version: 1, ...link });
  const packed = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text));
  let binary = '';
  for (const byte of packed) binary += String.fromCharCode(byte);
  return `${PARAMETER}=${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** Whether an address of the screen carries a run. */
export function carriesRun(parameters: string): boolean {
  return new URLSearchParams(parameters).has(PARAMETER);
}

/** Reads a link; null where it is damaged. The scenario is checked by the lab, not here. */
export async function readRunLink(parameters: string): Promise<RunLink | null> {
  const value = new URLSearchParams(parameters).get(PARAMETER);
  if (value === null || !/^[\w-]+$/.test(value)) return null;
  try {
    const binary = atob(value.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    const text = new TextDecoder().decode(await through(new DecompressionStream('deflate-raw'), bytes));
    const link: unknown = JSON.parse(text);
    return isLink(link) ? link : null;
  } catch {
    return null;
  }
}

function isLink(value: unknown): value is RunLink {
  if (typeof value !== 'object' || value === null) return false;
  const { scenario, eventCount, identity } = value as Partial<Record<keyof RunLink, unknown>>;
  if (typeof scenario !== 'object' || scenario === null || !Number.isSafeInteger(eventCount)) return false;
  if (typeof identity !== 'object' || identity === null) return false;
  const { trail, stateHash, scenarioHash, engineVersion } = identity as Partial<
    Record<keyof RunIdentity, unknown>
  >;
  const isMark = (mark: unknown): boolean =>
    typeof mark === 'object' &&
    mark !== null &&
    Number.isSafeInteger((mark as { events?: unknown }).events) &&
    Number.isSafeInteger((mark as { hash?: unknown }).hash);
  return (
    Array.isArray(trail) &&
    trail.every(isMark) &&
    Number.isSafeInteger(stateHash) &&
    Number.isSafeInteger(scenarioHash) &&
    typeof engineVersion === 'string'
  );
}
