/** Entry of the market worker. */
import { expose } from 'comlink';
import { MarketService } from './service.ts';

// A defect in a promise nobody awaits must end this worker like any other: only so is it seen and mended.
addEventListener('unhandledrejection', (event) => {
  throw event.reason;
});

expose(new MarketService());
