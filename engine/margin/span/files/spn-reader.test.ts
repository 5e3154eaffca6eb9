// The .spn reader: against the schema, written and read back, cut at every place, and against files that mean harm.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../core/result.ts';
import { Rng } from '../../../core/rng.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../../testkit/shared-data.ts';
import { randomPositions, randomSet } from '../../../testkit/span-sets.ts';
import { spnText } from '../../../testkit/spn-text.ts';
import { SpanCalculator } from '../calculator.ts';
import type { SpanContract, SpanParameterSet } from '../parameter-set.ts';
import { planSpan } from '../plan.ts';
import { reasonNotModelled, SPN_HANDLED, SPN_IGNORED, SPN_NOT_MODELLED } from './spn-elements.ts';
import { SpnReader } from './spn-reader.ts';
import { XML_LIMITS } from './xml-tokenizer.ts';

function load(text: string, chunk = text.length): Result<SpanParameterSet> {
  const reader = new SpnReader('test');
  for (let at = 0; at < text.length; at += Math.max(1, chunk)) {
    const pushed = reader.push(text.slice(at, at + Math.max(1, chunk)));
    if (!pushed.ok) return pushed;
  }
  return reader.end();
}

function setOf(text: string, chunk?: number): SpanParameterSet {
  const set = load(text, chunk);
  if (!set.ok) throw new Error(set.failure.message);
  return set.value;
}

const message = (text: string, chunk?: number): string => {
  const set = load(text, chunk);
  return set.ok ? 'accepted' : `${set.failure.code}: ${set.failure.message}`;
};

const example = [...spnText(randomSet(new Rng(3)))].join('');

describe.skipIf(!HAS_SHARED_DATA)(`schema${SHARED_DATA_NOTE}`, () => {
  it('every element is read, ignored as description, or named as not modelled, and only one of these', () => {
    const schema = readSharedText('cme/spanrisk_cme_schema.xsd');
    const names = new Set([...schema.matchAll(/<xs:element name="(\w+)"/g)].map((m) => m[1] ?? ''));
    expect(names.size).toBe(586);
    const groups = [SPN_HANDLED, ...Object.values(SPN_IGNORED), ...Object.values(SPN_NOT_MODELLED)];
    for (const name of names) {
      expect(groups.filter((group) => group.has(name)).length, name).toBe(1);
    }
    for (const group of groups) for (const name of group) expect(names, name).toContain(name);
  });
});

describe('written and read back', () => {
  it('margins are the same, over random sets with every kind of spread', () => {
    const rng = new Rng(11);
    for (let n = 0; n < 60; n++) {
      const set = randomSet(rng);
      // The format has no delta ratios for scanning spreads.
      const odd = [...set.superSpreads, ...set.interSpreads].some(
        (s) => s.kind === 'scan' && s.legs.some((leg) => leg.ratio !== 1),
      );
      if (odd) continue;
      const read = setOf([...spnText(set)].join(''), 1 + rng.below(5000));
      expect(read.problems).toEqual([]);
      expect(read.contracts.length).toBe(set.contracts.length);
      // Contracts are matched by what they are: the file keeps neither their order nor their ids.
      const key = (c: SpanContract): string =>
        `${c.commodity}:${c.period}:${c.option?.right ?? ''}:${c.option?.strike ?? ''}:${c.multiplier}`;
      const index = new Map(read.contracts.map((c, i) => [key(c), i]));
      const positions = randomPositions(rng, set);
      const lots = Float64Array.from(set.contracts, (c) => positions.get(c.id) ?? 0);
      const same = new Float64Array(read.contracts.length);
      set.contracts.forEach((c, i) => {
        same[index.get(key(c)) ?? -1] = lots[i] ?? 0;
      });
      for (const chosen of set.classes) {
        const twin = read.classes.find((c) => c.rateId === chosen.rateId) ?? chosen;
        const before = new SpanCalculator(planSpan(set, chosen, 'USD')).margin(lots);
        expect(new SpanCalculator(planSpan(read, twin, 'USD')).margin(same)).toBeCloseTo(before, 6);
      }
    }
  });

  it('does not care how the file is cut into chunks', () => {
    const whole = setOf(example);
    for (const chunk of [1, 2, 3, 17, 1024]) expect(setOf(example, chunk).hash).toBe(whole.hash);
  });

  it('reads date, organization, classes and places', () => {
    const set = setOf(example);
    expect(set).toMatchObject({ id: 'CME 2020-01-02 settlement', date: '2020-01-02', format: 'spn' });
    expect(set.classes.map((c) => c.rateId)).toEqual([1, 2]);
    for (const contract of set.contracts) {
      expect(example.slice(contract.place, contract.place + 5)).toMatch(contract.option ? /<opt>/ : /<fut>/);
    }
  });
});

describe('what is not modelled', () => {
  it('is named when it occurs', () => {
    const more = example
      .replace('</clearingOrg>', '<interClearSpreads><clearSpread/></interClearSpreads></clearingOrg>')
      .replace('</ccDef>', '<liqRate><r>1</r><specificRate>1</specificRate></liqRate></ccDef>');
    expect(setOf(more).notModelled).toEqual([
      'liquidation, variation and concentration rates (liqRate)',
      'credits with other clearing organizations (interClearSpreads)',
    ]);
    expect(reasonNotModelled('ra')).toBeNull();
  });

  it('relative-period legs give no spread, and say so', () => {
    const leg = '<rpLeg><cc>C0</cc><rpNum>1</rpNum><rs>1</rs><i>A</i></rpLeg>';
    const spread = `<dSpread><spread>9</spread><chargeMeth>F</chargeMeth>${leg}${leg}</dSpread>`;
    const set = setOf(example.replace('</ccDef>', `${spread}</ccDef>`));
    expect(set.problems.map((p) => p.message)).toEqual([
      'a spread with relative-period legs or spreads inside is not modelled',
    ]);
  });
});

describe('files that are broken or mean harm', () => {
  it('are refused with position, expectation and what was found', () => {
    expect(message(example)).toBe('accepted');
    expect(message('')).toMatch(/character 0: expected an element, found the end of the file/);
    expect(message('0 CME   20190102')).toMatch(/character 0.*expected .*found/);
    expect(message('<html><body>not found</body></html>')).toMatch(
      /expected <spanFile>, found <html>|<body>/,
    );
    expect(message(`<!DOCTYPE spanFile SYSTEM "http://x/y.dtd">${example}`)).toMatch(
      /no document type \(DOCTYPE\)/,
    );
    const bomb = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><spanFile>&b;</spanFile>`;
    expect(message(bomb)).toMatch(/no document type/);
    expect(message(example.replace('CME Clearing', '&secret;'))).toMatch(
      /five entities of XML, found "&secret;"/,
    );
    expect(message(example.replace('<name>CME Clearing', '<name><![CDATA[x]]>'))).toMatch(
      /no CDATA section|expected/,
    );
    expect(message(example.replace('<a>', '<a>x'))).toMatch(
      /character \d+ in spanFile\/pointInTime\/.*: expected a number in <a>, found "x/,
    );
    expect(message(example.replace(/<a>[^<]*<\/a>\s*/, ''))).toMatch(
      /expected 16 values <a> in <ra>, found 15/,
    );
    expect(message(example.replace('</exchange>', '</exchangf>'))).toMatch(/expected <\/exchange>, found/);
    expect(message(example.replace('<date>20200102', '<date>2020'))).toMatch(
      /expected a date in <date>, found "2020"/,
    );
    expect(message('<a>'.repeat(500))).toMatch(/span\/limit-exceeded: .*64 elements inside each other/);
    const long = '9'.repeat(XML_LIMITS.textCharacters + 10);
    expect(message(`<spanFile><name>${long}`)).toMatch(/span\/limit-exceeded/);
    expect(message(`<${'n'.repeat(100)}>`)).toMatch(/expected the name of an element|expected/);
    expect(message(`${example}<spanFile/>`)).toMatch(/expected the end of the file, found <spanFile>/);
  });

  it('cut at any place they are refused, never half a set', () => {
    const rng = new Rng(5);
    for (let n = 0; n < 200; n++) {
      const cut = rng.below(example.trimEnd().length);
      expect(message(example.slice(0, cut), 4096), String(cut)).toMatch(
        /^span\/parameters-malformed: character/,
      );
    }
  });

  it('a reader that failed stays failed', () => {
    const reader = new SpnReader('test');
    const first = reader.push('<spanFile></x></definitions>');
    expect(first.ok).toBe(false);
    expect(reader.push(example)).toEqual(first);
    expect(reader.end()).toEqual(first);
  });

  it('never throw and never hang, whatever is changed', () => {
    void fc.assert(
      fc.property(
        fc.nat(example.length - 1),
        fc.oneof(
          fc.string({ maxLength: 12 }),
          fc.constantFrom('<', '>', '</', '&', '<a>', '<!--', '-->', '<?'),
        ),
        fc.nat(40),
        (at, insert, cut) => {
          const result = load(example.slice(0, at) + insert + example.slice(at + cut), 1000);
          expect(typeof result.ok).toBe('boolean');
        },
      ),
      { numRuns: 200 },
    );
  });
});
