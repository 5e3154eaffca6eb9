// Position files: every bad row is named with its line, column, what was expected and what was found; good rows stay.
import { describe, expect, it } from 'vitest';
import { IMPORT_LIMITS, type ImportedPortfolio, type ImportProblem } from './import-problem.ts';
import { jsonLines } from './json-places.ts';
import { exportPositions, importPositions, positionsTemplate } from './position-file.ts';

const HEADER =
  'account,symbol,side,size,entryPrice,marginMode,leverage,isolatedWallet,crossWalletBalance,positionMode,markPrice';
const GOOD = 'Main,BTCUSDT,long,0.5,61640.5,cross,20,,5000,one-way,';

function read(text: string, name = 'positions.csv'): ImportedPortfolio {
  const found = importPositions(name, text);
  if (!found.ok) throw new Error(`${found.failure.code} ${found.failure.message}`);
  return found.value;
}

function refusal(text: string, name = 'positions.csv'): string {
  const found = importPositions(name, text);
  return found.ok ? 'accepted' : `${found.failure.code}: ${found.failure.message}`;
}

const problemsOf = (...rows: readonly string[]): readonly ImportProblem[] =>
  read([HEADER, GOOD, ...rows].join('\n')).problems;
const symbolsOf = (found: ImportedPortfolio): readonly string[] =>
  found.accounts.flatMap((a) => a.positions.map((p) => `${a.name}/${p.symbol}/${p.side}`));

describe('CSV import', () => {
  it('reads a position as it is written, decimals untouched', () => {
    expect(
      read(`${HEADER}\n Main,BTCUSDT,long,0.500,61640.50,isolated,20,125.10,,,61700\n`).accounts,
    ).toEqual([
      {
        id: ' Main',
        name: ' Main',
        demo: false,
        currency: 'USDT',
        positionMode: 'one-way',
        crossWalletBalance: '0',
        positions: [
          {
            id: ' Main/BTCUSDT/long',
            venue: 'binance-usdm',
            symbol: 'BTCUSDT',
            side: 'long',
            size: '0.500',
            entryPrice: '61640.50',
            marginMode: 'isolated',
            leverage: 20,
            isolatedWallet: '125.10',
            givenMarkPrice: '61700',
          },
        ],
      },
    ]);
  });

  it('takes columns in any order, any case of words, CRLF, a byte order mark, quotes and empty lines', () => {
    const text =
      '\ufeffSIDE,"size",symbol,Account,entryPrice,marginMode,leverage,crossWalletBalance\r\n' +
      '\r\nShort,"1","ethusdt","My ""A"", cross",3000,CROSS,10,100\r\n';
    const found = read(text);
    expect(found.problems).toEqual([]);
    expect(symbolsOf(found)).toEqual(['My "A", cross/ETHUSDT/short']);
  });

  it('names every wrong field of a row and keeps the good rows', () => {
    const found = read(
      [
        HEADER,
        GOOD,
        'Main,eth usdt,up,-1,1e3,both,0.5,x,5000,one-way,0',
        'Main,ETHUSDT,short,2,3000,cross,10,,,,',
      ].join('\n'),
    );
    expect(symbolsOf(found)).toEqual(['Main/BTCUSDT/long', 'Main/ETHUSDT/short']);
    expect(found.positions).toBe(2);
    expect(found.problems.map((p) => `${p.line} ${p.column}: ${p.found}`)).toEqual([
      '3 symbol: ETH USDT',
      '3 side: up',
      '3 marginMode: both',
      '3 size: -1',
      '3 entryPrice: 1e3',
      '3 leverage: 0.5',
      '3 isolatedWallet: x',
      '3 markPrice: 0',
    ]);
    expect(found.problems[1]?.expected).toBe('long or short');
  });

  it('reports what cannot stand together', () => {
    const summary = (p: ImportProblem): string =>
      `${p.line} ${p.column}: expected ${p.expected}, found ${p.found}`;
    expect(problemsOf(GOOD).map(summary)).toEqual([
      '3 side: expected one position on each side of a symbol, found BTCUSDT long beside long',
    ]);
    expect(problemsOf(GOOD.replace('long', 'short')).map(summary)).toEqual([
      '3 side: expected one side of a symbol in one-way mode, found BTCUSDT short beside long',
    ]);
    expect(problemsOf('Main,ETHUSDT,long,1,3000,cross,5,,4999,,').map(summary)).toEqual([
      '3 crossWalletBalance: expected 5000, as on line 2, found 4999',
    ]);
    expect(problemsOf('Main,ETHUSDT,long,1,3000,cross,5,,5000.00,,')).toEqual([]);
    expect(problemsOf('Main,ETHUSDT,long,1,3000,cross,5,,5000.0,hedge,').map(summary)).toEqual([
      '3 positionMode: expected one-way, as on line 2, found hedge',
    ]);
    expect(problemsOf('Main,ETHUSDT,long,1,3000,cross,5,10,,,').map(summary)).toEqual([
      '3 isolatedWallet: expected nothing for a cross position, found 10',
    ]);
    expect(problemsOf('Main,ETHUSDT,long,1,3000,isolated,5,,,,')[0]?.column).toBe('isolatedWallet');
    expect(problemsOf('Other,ETHUSDT,long,1,3000,cross,5,,,,').map(summary)).toEqual([
      '3 crossWalletBalance: expected a decimal number such as 1000, on one row of the account, found ',
    ]);
    expect(problemsOf('Main,BTCUSDC,long,1,3000,cross,5,,,,').map(summary)).toEqual([
      '3 symbol: expected a symbol that settles in USDT, found BTCUSDC',
    ]);
  });

  it('a bad row still tells its account: the rows that lean on it stay good', () => {
    const found = read(
      [HEADER, GOOD.replace('0.5', 'half'), 'Main,ETHUSDT,short,2,3000,cross,10,,,,'].join('\n'),
    );
    expect(found.problems.map((p) => p.column)).toEqual(['size']);
    expect(symbolsOf(found)).toEqual(['Main/ETHUSDT/short']);
    expect(read(`${HEADER}\n${GOOD.replace('0.5', 'half')}`).accounts).toEqual([]);
  });

  it('hedge mode holds both sides; a third is reported', () => {
    const hedge = GOOD.replace('one-way', 'hedge');
    const found = read([HEADER, hedge, hedge.replace('long', 'short'), hedge].join('\n'));
    expect(symbolsOf(found)).toEqual(['Main/BTCUSDT/long', 'Main/BTCUSDT/short']);
    expect(found.problems.map((p) => p.line)).toEqual([4]);
  });

  it('reports extra columns, wrong widths and broken quotes by line, and reads on', () => {
    const found = read(
      `${HEADER},note,__proto__\n${GOOD},hello,x\nMain,1\n"Main"x,2\n${GOOD.replace('BTC', 'ETH')},,\n"open`,
    );
    expect(found.problems.map((p) => [p.line, p.column, p.found])).toEqual([
      [1, 'note', 'note'],
      [1, '__proto__', '__proto__'],
      [3, '', '2 fields'],
      [4, '', 'text after a closing quote'],
      [6, '', 'an opening quote without a closing one'],
    ]);
    expect(symbolsOf(found)).toEqual(['Main/BTCUSDT/long', 'Main/ETHUSDT/long']);
  });

  it('counts lines through quoted line ends', () => {
    const found = read(
      `${HEADER}\n"two\nlines",BTCUSDT,long,1,2,cross,3,,4,,\nMain,BTCUSDT,long,0,2,cross,3,,4,,`,
    );
    expect(found.problems.map((p) => [p.line, p.column])).toEqual([
      [2, 'account'],
      [4, 'size'],
    ]);
  });

  it('refuses files it cannot use', () => {
    expect(refusal('')).toMatch(/file-malformed: expected a header row, found an empty file/);
    expect(refusal('hello')).toMatch(/expected a header row with account, symbol/);
    expect(refusal('account;symbol;side')).toMatch(/separated by commas/);
    expect(refusal(`${HEADER},Size\n${GOOD},1`)).toMatch(/the column size once/);
    expect(refusal('"account')).toMatch(/closing one/);
    expect(refusal(`${HEADER}\n\0`)).toMatch(/zero bytes/);
    expect(refusal('x'.repeat(IMPORT_LIMITS.characters + 1))).toMatch(/limit-exceeded/);
    expect(refusal(`${HEADER}\n${`${GOOD}\n`.repeat(IMPORT_LIMITS.rows + 1)}`)).toMatch(
      /limit-exceeded.*10001/,
    );
    expect(refusal(`${HEADER}\n${'M'.repeat(1001)},`)).toMatch(/limit-exceeded: line 2/);
  });

  it('lists at most a thousand problems and says how many more there are', () => {
    const { problems } = read(`${HEADER}\n${'Main,,,,,,,x,y,z,w\n'.repeat(2000)}`);
    expect(problems.length).toBe(1001);
    expect(problems.at(-1)?.found).toMatch(/more$/);
  });
});

describe('CSV export', () => {
  it('writes an instrument in full where its symbol alone would mean another venue', () => {
    const found = read(
      `${HEADER}\nA,cme-globex:CLZ6,long,1,70,cross,1,,5,,\nA,ESZ6,short,1,5000,cross,1,,,,`,
    );
    expect(found.accounts[0]?.positions.map((p) => p.venue)).toEqual(['cme-globex', 'cme-globex']);
    const text = exportPositions({ accounts: found.accounts }, 'csv');
    expect(text).toContain('A,cme-globex:CLZ6,long');
    expect(text).toContain('A,ESZ6,short');
  });

  it('escapes names that a spreadsheet would run', () => {
    const found = read(`${HEADER}\n${GOOD.replace('Main', `'=HYPERLINK(1)`)}`);
    expect(found.accounts[0]?.name).toBe('=HYPERLINK(1)');
    expect(exportPositions({ accounts: found.accounts }, 'csv')).toContain(`\n'=HYPERLINK(1),BTCUSDT`);
  });

  it('uses ids where two accounts share a name', () => {
    const [account] = read(`${HEADER}\n${GOOD}`).accounts;
    if (account === undefined) throw new Error('no account');
    const twins = [
      { ...account, id: 'a' },
      { ...account, id: 'b' },
    ];
    expect(exportPositions({ accounts: twins }, 'csv')).toMatch(/\r\na,BTC.*\r\nb,BTC/);
  });
});

describe('JSON import', () => {
  const position = {
    symbol: 'BTCUSDT',
    side: 'long',
    size: '0.5',
    entryPrice: '61640.5',
    marginMode: 'cross',
    leverage: 20,
  };
  const file = (account: object): string =>
    JSON.stringify(
      { accounts: [{ id: 'A', positionMode: 'one-way', crossWalletBalance: '10', ...account }] },
      null,
      2,
    );

  it('names paths and lines, and keeps what is good', () => {
    const text = file({
      positions: [position, { ...position, symbol: 'ETHUSDT', size: 0.5, note: 1, leverage: '20' }],
    });
    const lineWith = (part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1;
    const found = read(text, 'p.json');
    expect(symbolsOf(found)).toEqual(['A/BTCUSDT/long']);
    expect(found.problems).toEqual([
      {
        line: lineWith('"size": 0.5'),
        column: 'accounts[0].positions[1].size',
        expected: 'a positive decimal number such as 0.25, in quotes',
        found: '0.5',
      },
      {
        line: lineWith('"leverage": "20"'),
        column: 'accounts[0].positions[1].leverage',
        expected: 'a leverage from 1 to 1000',
        found: '"20"',
      },
      {
        line: lineWith('"note": 1'),
        column: 'accounts[0].positions[1].note',
        expected:
          'one of id, venue, symbol, side, size, entryPrice, marginMode, leverage, isolatedWallet, markPrice',
        found: '1',
      },
    ]);
  });

  it('reports missing fields on the line of what should hold them, and clashes', () => {
    const { side: _, ...sideless } = position;
    const found = read(
      file({ positions: [sideless, position, { ...position, side: 'short' }, 7] }),
      'p.json',
    );
    expect(found.problems.map((p) => [p.column, p.found])).toEqual([
      ['accounts[0].positions[0].side', 'nothing'],
      ['accounts[0].positions[2].side', 'BTCUSDT short beside long'],
      ['accounts[0].positions[3]', '7'],
    ]);
    expect(read(file({ positions: {} }), 'p.json').problems[0]).toMatchObject({
      column: 'accounts[0].positions',
      expected: 'an array of positions',
    });
  });

  it('reports ids used twice', () => {
    const twice = JSON.stringify({
      accounts: [
        { id: 'A', positionMode: 'hedge', crossWalletBalance: '1', positions: [{ ...position, id: 'x' }] },
        { id: 'A', positionMode: 'hedge', crossWalletBalance: '1', positions: [] },
        { id: 'B', positionMode: 'hedge', crossWalletBalance: '1', positions: [{ ...position, id: 'x' }] },
      ],
    });
    expect(read(twice, 'p.json').problems.map((p) => p.column)).toEqual([
      'accounts[1].id',
      'accounts[2].positions[0].id',
    ]);
  });

  it('takes __proto__ as a key like any other', () => {
    const text =
      '{"accounts":[{"__proto__":{"polluted":1},"id":"A","positionMode":"hedge","crossWalletBalance":"1","positions":[]}]}';
    const found = read(text, 'p.json');
    expect(found.accounts.length).toBe(1);
    expect(found.problems.map((p) => p.column)).toEqual(['accounts[0].__proto__']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('refuses what it cannot use', () => {
    expect(refusal('{', 'p.json')).toMatch(/file-malformed: expected JSON/);
    expect(refusal('[]', 'p.json')).toMatch(/array "accounts"/);
    expect(refusal('['.repeat(1e6), 'p.json')).toMatch(
      /limit-exceeded: expected at most 16 levels, found 1000000/,
    );
    const many = JSON.stringify({ accounts: [{ positions: Array.from({ length: 10_001 }, () => 0) }] });
    expect(refusal(many, 'p.json')).toMatch(/limit-exceeded/);
  });

  it('finds lines through strings that look like structure', () => {
    const lines = jsonLines('{\n "a\\"]": "}{",\n "b": [1,\n  {"c": null}]\n}');
    expect([...lines]).toEqual([
      ['a"]', 2],
      ['b', 3],
      ['b[0]', 3],
      ['b[1]', 4],
      ['b[1].c', 4],
    ]);
  });
});

describe('template', () => {
  for (const format of ['csv', 'json'] as const) {
    it(`${format} reads back clean, with every field named`, () => {
      const text = positionsTemplate(format);
      const found = read(text, `t.${format}`);
      expect(found.problems).toEqual([]);
      expect(symbolsOf(found)).toEqual(['Main/BTCUSDT/long']);
      for (const field of HEADER.split(',').slice(1)) expect(text).toContain(field);
    });
  }
});
