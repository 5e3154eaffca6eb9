/** Days on which trading ends early, as the exchange announced them, packed by year. */
import { type CivilDay, civilDay } from './civil-day.ts';

/** Products that share their trading hours on holidays. */
export type SessionGroup = 'equity' | 'rates' | 'fx' | 'commodity';

/** The time of the clock in Chicago at which a group stops trading; null where it trades to its usual close. */
export type ClosingTimes = Readonly<Record<SessionGroup, string | null>>;

/** Closing times by letter: stock indices, interest rates, currencies, metals and energy. */
const CLOSINGS: Readonly<Record<string, ClosingTimes>> = {
  a: { equity: null, rates: '15:15', fx: '15:15', commodity: null },
  b: { equity: '10:30', rates: '12:00', fx: '12:00', commodity: '16:15' },
  c: { equity: null, rates: '15:15', fx: '15:15', commodity: '15:15' },
  d: { equity: '10:30', rates: '12:00', fx: '12:00', commodity: '12:15' },
  e: { equity: '10:30', rates: '12:00', fx: '12:00', commodity: '12:30' },
  f: { equity: '12:15', rates: '12:15', fx: '12:15', commodity: '12:45' },
  g: { equity: '08:15', rates: '10:15', fx: '10:15', commodity: null },
  h: { equity: null, rates: '12:15', fx: '12:15', commodity: '15:15' },
  i: { equity: '10:30', rates: '10:30', fx: '12:00', commodity: '12:15' },
  j: { equity: '12:15', rates: null, fx: null, commodity: null },
  k: { equity: '12:00', rates: '12:00', fx: '12:00', commodity: '12:00' },
  l: { equity: '12:00', rates: '12:00', fx: '16:00', commodity: '13:30' },
  m: { equity: null, rates: '16:00', fx: '16:00', commodity: '16:00' },
  n: { equity: '16:00', rates: '16:00', fx: '16:00', commodity: '16:00' },
  o: { equity: '12:15', rates: '12:15', fx: '13:45', commodity: '13:45' },
  p: { equity: '12:15', rates: '12:15', fx: '12:45', commodity: '12:45' },
  q: { equity: null, rates: null, fx: null, commodity: '16:00' },
};

/**
 * Days by year, each as month, day and letter.
 *
 * Source: QuantConnect Lean market-hours database (Apache-2.0), entries of ES, ZN, 6E and MGC, in Chicago time; gold and
 * silver themselves are listed there from 2024 on only and take the times of MGC, which are those of crude oil. Left out is
 * 2025-12-25, on which the source names 16:00, the usual close, for a session that is not held. Added is 2024-11-29, which the
 * source lacks and exchange_calendars (Apache-2.0) has, with the times of the year before.
 */
const DAYS: Readonly<Record<number, string>> = {
  2009: '0116a 0119b 0213a 0216b 0409a 0522c 0525d 0703e 0904c 0907d 1009c 1126d 1127f 1224f',
  2010: '0115c 0118d 0212c 0215d 0402g 0528c 0531d 0702c 0705d 0903c 0906d 1008c 1125d 1126f 1231h',
  2011: '0114c 0117d 0218a 0221d 0527a 0530i 0701a 0704d 0902a 0905d 1007a 1124d 1125f',
  2012: '0113a 0116d 0217a 0220d 0406g 0525a 0528d 0703j 0704d 0831a 0903d 1005a 1122d 1123f 1224f',
  2013: '0118a 0121d 0215a 0218d 0524a 0527d 0703j 0704d 0830a 0902d 1128d 1129f 1224f',
  2014: '0117a 0120d 0214a 0217d 0523a 0526k 0703j 0704k 0829a 0901k 1127k 1128f 1224f',
  2015: '0116a 0119k 0213a 0216k 0403g 0522a 0525k 0703k 0907k 1126k 1127f 1224f',
  2016: '0118k 0215k 0530k 0704k 0905k 1124k 1125f',
  2017: '0116k 0220k 0529k 0703j 0704k 0904k 1123k 1124f',
  2018: '0115k 0219k 0528k 0703j 0704k 0903k 1122k 1123f 1224f',
  2019: '0121k 0218k 0527k 0703j 0704k 0902k 1128k 1129f 1224f',
  2020: '0120k 0217k 0525k 0703k 0907k 1126k 1127f 1224f',
  2021: '0118k 0215k 0402g 0531k 0705k 0906k 1125k 1126f',
  2022: '0117l 0221l 0530l 0620l 0704l 0905l 1124l 1125f',
  2023: '0116l 0220l 0407g 0529l 0619l 0704l 0904l 1123l 1124f',
  2024: '0115l 0219l 0328m 0527l 0619l 0704l 0902l 1128l 1129f 1224f 1231n',
  2025: '0120l 0217l 0417n 0526l 0619l 0703j 0704k 0901l 1127l 1128o 1224p 1231n',
  2026: '0119l 0216l 0402q 0403g 0525l 0619k 0703k 0907l 1126l 1127o 1224p 1231n',
  2027: '0618k',
};

/** First and last day of the years that the table holds whole; of 2027 only one day was announced when it was read. */
export const EARLY_CLOSES_COVER: { readonly from: CivilDay; readonly to: CivilDay } = {
  from: civilDay(2009, 1, 1),
  to: civilDay(2026, 12, 31),
};

const BY_DAY: ReadonlyMap<CivilDay, ClosingTimes> = new Map(
  Object.entries(DAYS).flatMap(([year, text]) =>
    text.split(' ').flatMap((entry): [CivilDay, ClosingTimes][] => {
      const times = CLOSINGS[entry.slice(4)];
      const day = civilDay(Number(year), Number(entry.slice(0, 2)), Number(entry.slice(2, 4)));
      return times === undefined ? [] : [[day, times]];
    }),
  ),
);

/** The announced closing times of a day that ends early for at least one group; null for other days. */
export function announcedClosings(day: CivilDay): ClosingTimes | null {
  return BY_DAY.get(day) ?? null;
}
