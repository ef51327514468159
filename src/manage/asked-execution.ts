import { createHash, randomUUID } from 'node:crypto';
import type { z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import type { MadeExecution } from './contract/acts.ts';
import { Problem } from './problem.ts';

/** An execution that stands in the table, and must still be told to the queue. */
export interface ToEnqueue {
  executionId: number;
  at: Temporal.Instant;
  /** sch_Revisar as stored: whoever finds it passed tells the queue. */
  reviewAt: Temporal.Instant;
}

/** Tells the queue. What cannot be told now the next scans tell: it stands in the table, so that this never fails. */
export type EnqueueExecutions = (executions: readonly ToEnqueue[]) => Promise<unknown>;

/** Why nothing may go out of an alert by hand now. */
export type Obstacle =
  | { kind: 'alert-inactive' }
  | { kind: 'tenant-inactive'; tenant: string }
  | { kind: 'paused'; pause: { id: number; until: string | null; by: string | null; why: string | null } }
  /** `due`: its occurrence. */
  | { kind: 'under-way'; executionId: number; state: string; due: string | null }
  /** The key stands for another request. */
  | { kind: 'key-used'; executionId: number };

/** `repeated`: an earlier request with the same key has made it. */
export type Made<Execution = z.output<typeof MadeExecution>> =
  { kind: 'made'; execution: Execution; toEnqueue: ToEnqueue } | { kind: 'repeated'; execution: Execution };

/** sch_Clave of what is asked for by hand: of the caller's key, or of none. */
export function keyOf(idempotencyKey: string | undefined): string {
  return `R:${createHash('sha256')
    .update(idempotencyKey ?? randomUUID())
    .digest('hex')
    .slice(0, 28)}`;
}

/** Where the caller can see what becomes of it. */
export function addressOf({ id }: { id: number }): { location: string } {
  return { location: `/api/manage/executions/${id}` };
}

export function problemOf(obstacle: Obstacle, alert: string): Problem {
  switch (obstacle.kind) {
    case 'alert-inactive':
      return new Problem(
        'alert_inactive',
        `The alert ${alert} is inactive or deleted: set cfg_Activo to 1 first, or send one message with POST alerts/${alert}/test.`,
      );
    case 'tenant-inactive':
      return new Problem(
        'tenant_inactive',
        `The tenant ${obstacle.tenant} is inactive: set emp_Activo to 1 first.`,
      );
    case 'paused':
      return new Problem('alert_paused', pausedDetail(obstacle.pause));
    case 'under-way':
      return new Problem(
        'under_way',
        `Execution ${obstacle.executionId} of the alert ${alert} is under way (${obstacle.state}, due ${obstacle.due ?? 'now'}). Wait for it, or cancel it with POST executions/${obstacle.executionId}/cancel.`,
      );
    case 'key-used':
      return new Problem(
        'key_reused',
        `This Idempotency-Key made execution ${obstacle.executionId} from another request. Take a new key.`,
      );
  }
}

function pausedDetail({ id, until, by, why }: Extract<Obstacle, { kind: 'paused' }>['pause']): string {
  const end = until === null ? 'until further notice' : `until ${until}`;
  return `Pause ${id} is in force ${end} (${by ?? 'unknown'}: ${why ?? 'no reason given'}). End it with POST resume first.`;
}
