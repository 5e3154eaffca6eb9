/** Runs the fake exchange by hand: `tsx e2e/fake-exchange/main.ts --recording FILE [--speed 1] [--mode book|verbatim]`. */

import { parseArgs } from 'node:util';
import { createFakeExchange } from './fake-exchange.ts';

const { values } = parseArgs({
  options: {
    recording: { type: 'string' },
    speed: { type: 'string', default: '1' },
    mode: { type: 'string', default: 'book' },
    start: { type: 'string', default: '0' },
    restamp: { type: 'boolean', default: false },
  },
});
const { recording } = values;
if (recording === undefined) {
  console.error('Name a recording: --recording FILE');
  process.exit(1);
}
const exchange = await createFakeExchange({
  recordingPath: recording,
  speed: Number(values.speed),
  mode: values.mode === 'verbatim' ? 'verbatim' : 'book',
  startSeconds: Number(values.start),
  restamp: values.restamp,
});
console.log(`streams ${exchange.venue.streamUrls.public} and ${exchange.venue.streamUrls.market}`);
console.log(`book    ${exchange.venue.snapshotUrl}&symbol=BTCUSDT`);
console.log(`control ${exchange.controlUrl}/position`);
process.on('SIGINT', () => void exchange.close().then(() => process.exit(0)));
