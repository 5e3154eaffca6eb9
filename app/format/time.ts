/** Instants and spans for people. With `number.ts` the only place for Intl. */

/** The zone a reader chose; it is always printed beside the time. */
export type Zone = 'utc' | 'local';

const LOCALE = 'en-GB';

interface ZoneFormats {
  readonly clock: Intl.DateTimeFormat;
  readonly full: Intl.DateTimeFormat;
  readonly name: Intl.DateTimeFormat;
}

function formatsOf(timeZone: string | undefined): ZoneFormats {
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  return {
    clock: new Intl.DateTimeFormat(LOCALE, { ...zone, ...time }),
    full: new Intl.DateTimeFormat('sv-SE', {
      ...zone,
      ...time,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    }),
    name: new Intl.DateTimeFormat(LOCALE, { ...zone, timeZoneName: 'short' }),
  };
}

const FORMATS: Readonly<Record<Zone, ZoneFormats>> = { utc: formatsOf('UTC'), local: formatsOf(undefined) };

/** `14:03:07` */
export function formatClock(micros: number, zone: Zone): string {
  return FORMATS[zone].clock.format(Math.floor(micros / 1000));
}

/** `2024-08-08 14:03:07` */
export function formatDateTime(micros: number, zone: Zone): string {
  return FORMATS[zone].full.format(Math.floor(micros / 1000));
}

/** `UTC`, or the short name of the reader's own zone at that instant. */
export function zoneName(micros: number, zone: Zone): string {
  if (zone === 'utc') return 'UTC';
  const parts = FORMATS.local.name.formatToParts(Math.floor(micros / 1000));
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'local';
}

/** An age: `38 ms`, `4.2 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatAge(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Time left: `02:14:07`; zero once it has passed. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
