// A worker has no TypeScript loader of its own: this starts the one the bench runs under.
import { tsImport } from 'tsx/esm/api';

await tsImport('./worker.ts', import.meta.url);
