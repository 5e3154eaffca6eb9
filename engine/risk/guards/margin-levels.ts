/** What each rung of the margin ladder is called as an event, and how much it matters. */
import type { MarginStatus } from '../../margin/margin-status.ts';
import type { GuardEvent, GuardSeverity } from './guard-vocabulary.ts';

/** Event of falling to a rung, or of standing again on the first. */
export const MARGIN_EVENTS: Readonly<Record<MarginStatus, GuardEvent>> = {
  HEALTHY: 'margin-recovered',
  WARNING: 'margin-warning',
  DANGER: 'margin-danger',
  CRITICAL: 'margin-critical',
  LIQUIDATION: 'margin-liquidation',
};

/** Severity of a rung. */
export const MARGIN_SEVERITIES: Readonly<Record<MarginStatus, GuardSeverity>> = {
  HEALTHY: 'info',
  WARNING: 'warning',
  DANGER: 'danger',
  CRITICAL: 'critical',
  LIQUIDATION: 'emergency',
};
