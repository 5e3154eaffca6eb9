/** Seed of all property tests: the same cases on every machine; `HEADROOM_SEED` asks for others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['HEADROOM_SEED'] ?? 20_261_122) });
