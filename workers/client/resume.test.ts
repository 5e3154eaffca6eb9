// A run that had to be opened again stands where it stood: the real service, twice.
import { afterEach, describe, expect, it } from 'vitest';
import { Rng } from '../../engine/core/rng.ts';
import { micros } from '../../engine/core/units.ts';
import { SmallVenue } from '../../engine/testkit/small-venue.ts';
import type { MarketFrame } from '../contract/market-frame.ts';
import { MarketService } from '../market/service.ts';
import { resume } from './resume.ts';

const T = 1_700_000_000_000;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const services: MarketService[] = [];
const ports: MessagePort[] = [];

afterEach(() => {
  for (const service of services.splice(0)) service.dispose();
  for (const port of ports.splice(0)) port.close();
});

async function start(): Promise<{ service: MarketService; frame: () => Promise<MarketFrame> }> {
  const service = new MarketService();
  const { port1, port2 } = new MessageChannel();
  services.push(service);
  ports.push(port1, port2);
  await service.connectPage(port2);
  const frame = async (): Promise<MarketFrame> => {
    await wait(150);
    return new Promise((resolve) => {
      port1.onmessage = (event: MessageEvent<MarketFrame>) => resolve(event.data);
      port1.postMessage({ credit: 1 });
    });
  };
  return { service, frame };
}

function recording(): Blob {
  const venue = new SmallVenue(new Rng(5));
  const lines: string[] = [];
  for (let ms = 0; ms < 60_000; ms += 100) {
    lines.push(`${T + ms}000000 {"stream":"btcusdt@depth@100ms","data":${venue.nextDiff(T + ms).json}}`);
    if (ms === 0) lines.push(`${T + 1}000000 ${venue.restBook(T, 0)}`);
  }
  return new Blob([lines.join('\n')]);
}

describe('resuming', () => {
  it('brings a recording back to its place, its speed, and to standing', async () => {
    const first = await start();
    await first.service.openReplay({ name: 'r', file: recording() });
    await first.service.transport({ kind: 'speed', speed: 5 });
    await first.service.transport({ kind: 'pause' });
    await first.service.transport({ kind: 'seek', toMicros: micros((T + 33_333) * 1_000) });
    const before = await first.frame();
    expect(before.transport.positionMicros).toBe((T + 33_333) * 1_000);
    const second = await start();
    await second.service.openReplay({ name: 'r', file: recording() });
    await resume(before, (command) => second.service.transport(command));
    const after = await second.frame();
    expect(after).toMatchObject({
      updateId: before.updateId,
      trust: 'LIVE',
      transport: { speed: 5, playing: false, positionMicros: before.transport.positionMicros },
    });
    expect(after.ladder).toEqual(before.ladder);
  });

  it('keeps a simulation at its speed, and standing', async () => {
    const first = await start();
    await first.service.openSimulated({ seed: 3 });
    await first.service.transport({ kind: 'speed', speed: 2 });
    await first.service.transport({ kind: 'pause' });
    const before = await first.frame();
    const second = await start();
    await second.service.openSimulated({ seed: 3 });
    await resume(before, (command) => second.service.transport(command));
    expect((await second.frame()).transport).toMatchObject({ speed: 2, playing: false });
  });
});
