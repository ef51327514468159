import type { Temporal } from 'temporal-polyfill';

/** Sends the message of an execution; nobody sees it before the instant. */
export type SendDispatch = (executionId: number, visibleAt: Temporal.Instant) => Promise<void>;
