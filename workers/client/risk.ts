/** The risk worker, for the page; a restarted worker is given the portfolio again before it answers. */
import { transfer } from 'comlink';
import type { Portfolio } from '../../engine/accounting/portfolio.ts';
import type { RiskApi } from '../contract/risk-api.ts';
import type { HistoryChoice } from '../contract/tail-risk.ts';
import riskWorkerUrl from '../risk/worker.ts?worker&url';
import { receiveGuardFrames, receiveMarginReports } from './streams.ts';
import { Supervisor } from './supervisor.ts';
import { trustedWorkerUrl } from './trusted-url.ts';

/** What the worker was last told, told again after a restart. */
let portfolio: Portfolio | null = null;
let bracketDate: string | null = null;
let guardConfiguration: string | null = null;
let alertRules: string | null = null;
let historyFile: { readonly name: string; readonly text: string } | null = null;
let historyChoice: HistoryChoice = 'auto';

/** The supervised worker; `start.ts` starts it. */
export const riskSupervisor = new Supervisor<RiskApi>({
  name: 'risk',
  create: () => new Worker(trustedWorkerUrl(riskWorkerUrl), { type: 'module', name: 'risk' }),
  onStarted: async (remote) => {
    const channel = new MessageChannel();
    await remote.connectPage(transfer(channel.port2, [channel.port2]));
    receiveMarginReports(channel.port1);
    const guards = new MessageChannel();
    await remote.connectGuards(transfer(guards.port2, [guards.port2]));
    receiveGuardFrames(guards.port1);
    if (guardConfiguration !== null) await remote.setGuardConfiguration(guardConfiguration);
    if (alertRules !== null) await remote.setAlertRules(alertRules);
    if (historyFile !== null) await remote.loadHistory(historyFile);
    if (historyChoice !== 'auto') await remote.chooseHistory(historyChoice);
    if (bracketDate !== null) await remote.setBracketDate(bracketDate);
    if (portfolio !== null) await remote.setPortfolio(portfolio);
  },
});

/** Every method resolves to a Result and never hangs. */
export const risk: Omit<RiskApi, 'connectPage' | 'connectMarket' | 'connectGuards' | 'backtestSeries'> = {
  ping: () => riskSupervisor.call((remote) => remote.ping()),
  setPortfolio: (wanted) => {
    portfolio = wanted;
    return riskSupervisor.call((remote) => remote.setPortfolio(wanted));
  },
  bracketDates: () => riskSupervisor.call((remote) => remote.bracketDates()),
  setBracketDate: async (date) => {
    const result = await riskSupervisor.call((remote) => remote.setBracketDate(date));
    if (result.ok) bracketDate = date;
    return result;
  },
  setGuardConfiguration: async (text) => {
    const result = await riskSupervisor.call((remote) => remote.setGuardConfiguration(text));
    if (result.ok) guardConfiguration = text;
    return result;
  },
  setAlertRules: async (text) => {
    const result = await riskSupervisor.call((remote) => remote.setAlertRules(text));
    if (result.ok) alertRules = text;
    return result;
  },
  snoozeAlert: (question) => riskSupervisor.call((remote) => remote.snoozeAlert(question)),
  acknowledgeAlert: (question) => riskSupervisor.call((remote) => remote.acknowledgeAlert(question)),
  backtestProgress: () => riskSupervisor.call((remote) => remote.backtestProgress()),
  cancelBacktest: () => riskSupervisor.call((remote) => remote.cancelBacktest()),
  backtestAlerts: (question) => riskSupervisor.call((remote) => remote.backtestAlerts(question)),
  tailRisk: (question) => riskSupervisor.call((remote) => remote.tailRisk(question)),
  loadHistory: async (file) => {
    const result = await riskSupervisor.call((remote) => remote.loadHistory(file));
    if (result.ok) historyFile = file;
    return result;
  },
  chooseHistory: async (choice) => {
    const result = await riskSupervisor.call((remote) => remote.chooseHistory(choice));
    if (result.ok) historyChoice = choice;
    return result;
  },
  stress: () => riskSupervisor.call((remote) => remote.stress()),
  twoRegimes: (choices) => riskSupervisor.call((remote) => remote.twoRegimes(choices)),
  judgeOrder: (question) => riskSupervisor.call((remote) => remote.judgeOrder(question)),
  acknowledgeRow: (rowId) => riskSupervisor.call((remote) => remote.acknowledgeRow(rowId)),
  explain: (question) => riskSupervisor.call((remote) => remote.explain(question)),
  whatIf: (question) => riskSupervisor.call((remote) => remote.whatIf(question)),
  importPositions: (file) => riskSupervisor.call((remote) => remote.importPositions(file)),
  exportPositions: (request) => riskSupervisor.call((remote) => remote.exportPositions(request)),
  template: (format) => riskSupervisor.call((remote) => remote.template(format)),
};
