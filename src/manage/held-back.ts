import { Temporal } from 'temporal-polyfill';
import type { z } from '@hono/zod-openapi';
import { heldBackReasons, type Pause } from './contract/pauses.ts';
import { sameCode } from '../domain/same-code.ts';

type Shown = z.output<typeof Pause>;

/** Those that begin by `upTo` (null = ever) and are not over at `from`. */
export type ReadPauses = (span: {
  from: Temporal.Instant;
  upTo: Temporal.Instant | null;
}) => Promise<readonly Shown[]>;

interface Sent {
  code: string;
  tenant: string | null;
  channel: string | null;
  tenantActive: boolean;
}

/** Why nothing of an active alert goes out at a time, as things stand; null = nothing is in its way. */
export function holding(pauses: readonly Shown[]) {
  const spans = pauses.map((pause) => ({
    pause,
    from: Temporal.Instant.from(pause.from).epochMilliseconds,
    until: pause.until === null ? Infinity : Temporal.Instant.from(pause.until).epochMilliseconds,
  }));
  return (alert: Sent, { epochMilliseconds: at }: Temporal.ZonedDateTime): HeldBack | null => {
    if (!alert.tenantActive) return 'empresa_inactiva';
    const isHeld = spans.some(({ pause, from, until }) => from <= at && at < until && concerns(pause, alert));
    return isHeld ? 'pausa' : null;
  };
}

type HeldBack = (typeof heldBackReasons)[number];

export function concerns({ tenant, alert, channel }: Shown, sent: Omit<Sent, 'tenantActive'>): boolean {
  return isOrAny(tenant, sent.tenant) && isOrAny(alert, sent.code) && isOrAny(channel, sent.channel);
}

function isOrAny(named: string | null, code: string | null): boolean {
  return named === null || (code !== null && sameCode(named) === sameCode(code));
}
