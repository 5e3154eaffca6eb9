// Counts every call and every read under test, and fails at the one that is named: so no place where a fault may strike is left out.

/** A counter of the places a run passes. */
export class FaultPoints {
  passed = 0;
  #failAt = 0;

  /** Starts counting anew; the place with this number, from 1, will throw. 0 for none. */
  reset(failAt = 0): void {
    this.passed = 0;
    this.#failAt = failAt;
  }

  /** Passes one place. */
  pass(where: string): void {
    this.passed++;
    if (this.passed === this.#failAt) throw new Error(`injected at place ${this.passed}: ${where}`);
  }

  /** A module whose functions, and the methods of whose classes, pass a place before they run. */
  wrapModule(module: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const wrapped: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(module)) {
      wrapped[name] = typeof value === 'function' ? this.#wrapFunction(name, value) : value;
    }
    return wrapped;
  }

  /** Plain data each read of which passes a place. Typed arrays and maps are handed out as they are. */
  watch<T>(value: T): T {
    if (value === null || typeof value !== 'object') return value;
    const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
    if (!isPlain) return value;
    return new Proxy(value, {
      get: (target, key, receiver) => {
        if (typeof key === 'string') this.pass(`read of ${key}`);
        return this.watch(Reflect.get(target, key, receiver));
      },
    }) as T;
  }

  #wrapFunction(name: string, value: object): unknown {
    const { prototype } = value as { prototype?: object };
    if (/^class\b/.test(String(value)) && prototype !== undefined) {
      for (const method of Object.getOwnPropertyNames(prototype)) {
        const own = Object.getOwnPropertyDescriptor(prototype, method);
        if (method === 'constructor' || typeof own?.value !== 'function') continue;
        const call = own.value as (...words: unknown[]) => unknown;
        const points = this;
        Object.defineProperty(prototype, method, {
          ...own,
          value(this: unknown, ...words: unknown[]) {
            points.pass(`${name}.${method}`);
            return call.apply(this, words);
          },
        });
      }
      return value;
    }
    return (...words: unknown[]) => {
      this.pass(name);
      return (value as (...w: unknown[]) => unknown)(...words);
    };
  }
}
