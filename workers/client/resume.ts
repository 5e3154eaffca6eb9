/** Puts a run that had to be opened again to where it stood. */
import type { Result } from '../../engine/core/result.ts';
import type { TransportCommand } from '../contract/market-api.ts';
import type { MarketFrame } from '../contract/market-frame.ts';

/** The commands that bring a freshly opened run to where `before` shows it: its speed, its place, standing or playing. */
function resumeCommands(before: MarketFrame): readonly TransportCommand[] {
  const { source, transport } = before;
  if (source === 'LIVE') return [];
  const commands: TransportCommand[] = [{ kind: 'speed', speed: transport.speed }];
  if (!transport.playing) commands.push({ kind: 'pause' });
  // A simulation is made anew from its seed; only a recording has places to go to.
  if (source === 'REPLAY') commands.push({ kind: 'seek', toMicros: transport.positionMicros });
  return commands;
}

/** Sends them, in order. What is refused leaves the run where it is. */
export async function resume(
  before: MarketFrame,
  send: (command: TransportCommand) => Promise<Result<null>>,
): Promise<void> {
  for (const command of resumeCommands(before)) await send(command);
}
