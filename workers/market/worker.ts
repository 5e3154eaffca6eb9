/** Entry of the market worker. */
import { expose } from 'comlink';
import { MarketService } from './service.ts';

expose(new MarketService());
