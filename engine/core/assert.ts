/** Assertions: a failed one is a defect of ours, so it throws and the worker dies with a readable reason. */

/** Thrown for states the code holds to be impossible. Never caught inside the engine. */
export class Defect extends Error {
  override readonly name = 'Defect';
}

/**
 * Throws a {@link Defect} unless `condition` holds.
 *
 * @param condition - what must be true
 * @param message - what was expected and what was found
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Defect(message);
}

/** Marks a branch that no value of the union can reach; throws a {@link Defect} when one does. */
export function unreachable(value: never): never {
  throw new Defect(`unreachable case: ${JSON.stringify(value)}`);
}
