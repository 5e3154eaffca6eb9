/** The life of an order as text that can be pasted elsewhere. */
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { OrderStory, OrderStoryEvent } from '../../../../workers/contract/paper.ts';
import { tickText } from '../../../charts/tick-text.ts';
import { formatDateTime } from '../../../format/time.ts';
import { EVENT_WORDS, orderSentence } from './order-words.ts';

/** `14:03:07.125`: the clock of an event to the millisecond, in UTC. */
export function eventClock(atMicros: number): string {
  const milliseconds = String(Math.floor(atMicros / 1_000) % 1_000).padStart(3, '0');
  return `${formatDateTime(atMicros, 'utc').slice(11)}.${milliseconds}`;
}

/** Steps of the queue ahead, for a chart: every event that knows it. */
export function queueSteps(events: readonly OrderStoryEvent[]): readonly OrderStoryEvent[] {
  return events.filter(({ aheadLots }) => aheadLots !== null);
}

export function storyText(story: OrderStory, spec: ContractSpec): string {
  const lines = story.events.map((event) => {
    const ahead = event.aheadLots === null ? '' : ` [${tickText(event.aheadLots, spec.lotSize)} ahead]`;
    return `${eventClock(event.atMicros)} ${EVENT_WORDS[event.kind]}: ${event.text}${ahead}`;
  });
  const day =
    story.events[0] === undefined
      ? ''
      : `, ${formatDateTime(story.events[0].atMicros, 'utc').slice(0, 10)} UTC`;
  return [
    `Paper order ${story.id}, ${spec.symbol}${day}`,
    orderSentence(story.order, spec),
    story.verdict,
    '',
    ...lines,
  ].join('\n');
}
