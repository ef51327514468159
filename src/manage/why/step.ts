import type { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { Why } from '../contract/why.ts';

export type Step = z.output<typeof Why>['steps'][number];

/** `evidence` in Spanish. */
export function step(
  name: Step['step'],
  ok: boolean | null,
  evidence: string,
  at: Temporal.Instant | null = null,
): Step {
  return { step: name, ok, evidence, ...(at !== null && { at: at.toString() }) };
}
