// The few bans that no tool expresses: what may not stand in the engine, and what every exported symbol needs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const all = ['app', 'engine', 'workers', 'proxy', 'e2e', 'bench'].flatMap(sources);
const engine = all.filter(
  (p) => p.startsWith('engine/') && !p.endsWith('.test.ts') && !p.includes('/testkit/'),
);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, ' ')).replace(/\/\/.*$/gm, '');

describe('tidy', () => {
  it('reads the tree', () => {
    expect(all.length).toBeGreaterThan(15);
    expect(engine.length).toBeGreaterThan(10);
  });

  const bans: readonly [RegExp, string][] = [
    [/\bMath\.random\b/, 'randomness comes as an Rng'],
    [/\basync\b|\bPromise\b|\bawait\b/, 'the engine runs to completion'],
    [/\blocaleCompare\b/, 'order must not depend on a locale'],
    [/\bperformance\b|\bsetTimeout\b|\bsetInterval\b|\bqueueMicrotask\b/, 'the engine has no clock'],
  ];
  for (const [pattern, why] of bans) {
    it(`engine has no ${pattern.source} (${why})`, () => {
      expect(engine.filter((p) => pattern.test(withoutComments(read(p))))).toEqual([]);
    });
  }

  it('every source file opens with a sentence about itself', () => {
    const opens = (text: string): boolean => /^(?:#!.*\n)?\s*(?:\/\*\*|\/\/)/.test(text);
    expect(all.filter((p) => !opens(read(p)))).toEqual([]);
  });

  it('every exported engine symbol has a doc block', () => {
    const bare = engine.flatMap((p) => {
      const lines = read(p).split('\n');
      return lines.flatMap((line, i) => {
        if (!/^export (?:abstract )?(?:async )?(?:function|class|const|interface|type) /.test(line))
          return [];
        const above = lines[i - 1]?.trim() ?? '';
        // Overload signatures of one function share the block above the first.
        return above.endsWith('*/') || /^export function /.test(above) ? [] : [`${p}:${i + 1}`];
      });
    });
    expect(bare).toEqual([]);
  });

  it('no barrel files', () => {
    expect(all.filter((p) => /\/index\.tsx?$/.test(p))).toEqual([]);
  });

  it('no TODO without a name', () => {
    expect(
      all.filter((p) => /\bTODO\b(?!\()/.test(withoutComments(read(p)) === read(p) ? '' : read(p))),
    ).toEqual([]);
  });

  it('no compiler or lint opt-out', () => {
    const optOut = new RegExp(
      ['@ts-', 'ignore|@ts-', 'nocheck|@ts-', 'expect-error|eslint-', 'disable'].join(''),
    );
    expect(all.filter((p) => optOut.test(read(p)))).toEqual([]);
  });
});
