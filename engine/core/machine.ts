/** The one shape of everything that changes. */

/**
 * A machine is changed by inputs alone and answers with what happened. It has no clock, no randomness of its own
 * and performs no effects; inputs carry their own time.
 */
export interface Machine<Input, Output, Snapshot> {
  /** Applies one input to completion and returns what happened, in order. Total: expected trouble is an output. */
  apply(input: Input): readonly Output[];
  /** Plain readonly data from which an equal machine can be restored. */
  snapshot(): Snapshot;
  /** Hash over meaning (integers and decimal text): equal states hash equally on every host. */
  stateHash(): number;
}
