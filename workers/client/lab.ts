/** The lab worker, for the page: started when it is first asked; a lost one forgets its runs, which callers begin anew. */
import type { Remote } from 'comlink';
import type { Result } from '../../engine/core/result.ts';
import type { LabApi } from '../contract/lab-api.ts';
import labWorkerUrl from '../lab/worker.ts?worker&url';
import { Supervisor } from './supervisor.ts';
import { trustedWorkerUrl } from './trusted-url.ts';

/** Searches run a cascade many times. */
const SEARCH_DEADLINE_MS = 1_800_000;

const supervisor = new Supervisor<LabApi>({
  name: 'lab',
  create: () => new Worker(trustedWorkerUrl(labWorkerUrl), { type: 'module', name: 'lab' }),
  onStarted: async () => {},
});

let started = false;

function call<T>(
  question: (remote: Remote<LabApi>) => Promise<Result<T>>,
  deadlineMs?: number,
): Promise<Result<T>> {
  if (!started) supervisor.start();
  started = true;
  return supervisor.call(question, deadlineMs);
}

/** Every method resolves to a Result and never hangs. */
export const lab: Omit<LabApi, 'ping'> = {
  library: () => call((remote) => remote.library()),
  readScenario: (text) => call((remote) => remote.readScenario(text)),
  start: (question) => call((remote) => remote.start(question)),
  drop: (run) => call((remote) => remote.drop(run)),
  series: (question) => call((remote) => remote.series(question)),
  viewAt: (question) => call((remote) => remote.viewAt(question)),
  queueAt: (question) => call((remote) => remote.queueAt(question)),
  accountsAt: (question) => call((remote) => remote.accountsAt(question)),
  story: (question) => call((remote) => remote.story(question)),
  rescue: (question) => call((remote) => remote.rescue(question), SEARCH_DEADLINE_MS),
  rescueProgress: () => call((remote) => remote.rescueProgress()),
  cancelRescue: () => call((remote) => remote.cancelRescue()),
  compare: (question) => call((remote) => remote.compare(question)),
  exportFile: (question) => call((remote) => remote.exportFile(question)),
  importFile: (question) => call((remote) => remote.importFile(question)),
  forkScenario: (fork) => call((remote) => remote.forkScenario(fork)),
  openCrowd: (changes) => call((remote) => remote.openCrowd(changes)),
  marketCrowd: (question) => call((remote) => remote.marketCrowd(question)),
  crowdWhatIf: (question) => call((remote) => remote.crowdWhatIf(question)),
};
