/** Entry of the lab worker. */
import { expose } from 'comlink';
import { LabService } from './service.ts';

// A defect in a promise nobody awaits must end this worker like any other: only so is it seen and mended.
addEventListener('unhandledrejection', (event) => {
  throw event.reason;
});

expose(new LabService());
