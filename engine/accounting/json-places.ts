/** Finds where things stand in JSON text, which the platform's own parser does not tell. */

/** Deepest nesting of objects and arrays, by counting brackets outside strings. Never recurses. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') i = stringEnd(text, i);
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}

/**
 * The line of every value of well-formed JSON text by its path, e.g. 'accounts[0].positions[2].size'. The root is
 * left out. Keys are data: the answer is a Map; where a key stands twice the last line counts, as its value does.
 *
 * @param text - text that JSON.parse accepted, of limited depth
 */
export function jsonLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let at = 0;
  let line = 1;

  const blanks = (): void => {
    for (; at < text.length && ' \t\r\n'.includes(text[at] ?? ''); at++) if (text[at] === '\n') line++;
  };
  const scalar = (): void => {
    if (text[at] === '"') at = stringEnd(text, at) + 1;
    else while (at < text.length && !',]} \t\r\n'.includes(text[at] ?? '')) at++;
  };
  const items = (close: string, item: (index: number) => void): void => {
    at++;
    blanks();
    for (let index = 0; text[at] !== close; index++) {
      item(index);
      blanks();
      if (text[at] === ',') at++;
      blanks();
    }
    at++;
  };
  const value = (path: string, root = false): void => {
    blanks();
    if (!root) lines.set(path, line);
    if (text[at] === '[') items(']', (index) => value(`${path}[${index}]`));
    else if (text[at] === '{') {
      items('}', () => {
        const start = at;
        scalar();
        const key: unknown = JSON.parse(text.slice(start, at));
        blanks();
        at++;
        value(root ? String(key) : `${path}.${String(key)}`);
      });
    } else scalar();
  };
  value('', true);
  return lines;
}

/** Index of the closing quote of the string that opens at `open`, or the end of the text. */
function stringEnd(text: string, open: number): number {
  let i = open + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}
