import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { AlertParse, AlertRow } from '../../domain/alert.ts';
import { parseAlert } from '../../domain/parse-alert.ts';
import { occurrencesBetween } from '../../domain/recurrence.ts';
import type { DispatchPolicy } from '../dispatch-policy.ts';
import type { Configuration, OpenedAlert } from '../open-execution.ts';
import { noPlaceAtDatabase } from '../prepare/find-recipients.ts';
import { planOf, type ToPlan } from '../prepare/plan-preparation.ts';
import { readParts, type Parts } from '../prepare/read-parts.ts';
import type { WebhookTarget } from '../webhook/read-webhook.ts';
import type { GetSecret } from '../webhook/webhook-secrets.ts';
import {
  gatherAudience,
  nobody,
  type Audience,
  type GatherJob,
  type GatherPorts,
} from './gather-audience.ts';
import { obstaclesInRows, refusedAddress, shownObstacle } from './obstacles.ts';
import type { Preview, PreviewedWebhook, PreviewRequest } from './preview.ts';
import {
  writeDeliveries,
  type WriteJob,
  type WritePorts,
  type WrittenDeliveries,
} from './write-deliveries.ts';

/** All that an alert would be sent by at that time; null = there is no such alert. Changes nothing. */
export type ReadAlertToSend = (alert: string, at: Temporal.Instant) => Promise<Configuration | null>;

/** Why a webhook's address is refused before anything is posted to it, in Spanish; null = it is not. */
type RefusalOfAddress = (url: string) => string | null;

export interface PreviewPorts extends GatherPorts, WritePorts {
  clock: Clock;
  policy: Pick<DispatchPolicy, 'maxRecipients' | 'requireSecret' | 'time'>;
  /** DELIVERY_MODE=record: nothing is posted. */
  recordOnly: boolean;
  getSecret: GetSecret;
  readAlertToSend: ReadAlertToSend;
  /** ALERTS_ONLY. */
  isOurs: (row: AlertRow) => boolean;
  refusalOfAddress: RefusalOfAddress;
}

/** Deliveries beyond those that are shown are looked at no longer than this. */
const patience = { seconds: 20 };

/**
 * What a dispatch would do with the alert now, or at a given time: by the steps of the dispatch itself, without storing and
 * without sending. It goes on after what would end a dispatch, to tell all that is in the way; null = no such alert.
 */
export function previewAlert(ports: PreviewPorts) {
  const { clock, policy, getSecret, readAlertToSend } = ports;
  return async ({ alert: code, occurrence, persons, limit }: PreviewRequest): Promise<Preview | null> => {
    const startedAt = clock.now();
    const instant = (occurrence ?? startedAt).round({ smallestUnit: 'second', roundingMode: 'floor' });
    const found = await readAlertToSend(code, instant);
    if (found?.alert == null) return null;
    const execution = { ...found, alert: found.alert, instant };
    const parts = readParts(execution, policy, getSecret);
    const planning = planOf(execution, parts);
    const written = await write(ports, {
      execution,
      parts,
      plan: planning.kind === 'plan' ? planning.plan : null,
      named: persons,
      limit,
      until: startedAt.add(patience),
    });
    return shown(ports, { execution, parts, ...written });
  };
}

interface Looked {
  execution: ToPlan & { alert: OpenedAlert };
  parts: Parts;
  audience: Audience;
  written: WrittenDeliveries;
}

function shown(
  { policy, isOurs, refusalOfAddress, recordOnly }: PreviewPorts,
  { execution, parts, audience, written }: Looked,
): Preview {
  const { alert, tenant, instant } = execution;
  const parse = parseAlert(alert.row, policy.time);
  const webhook = parts.webhook.kind === 'read' ? parts.webhook.value : null;
  const refusal = webhook && refusalOfAddress(webhook.url);
  const obstacles = [
    ...obstaclesInRows(execution, { parse, parts, isOurs: isOurs(alert.row) }),
    ...(refusal === null ? [] : [refusedAddress(refusal)]),
    ...[...audience.obstacles, ...written.obstacles].map(shownObstacle),
  ];
  return {
    alert: alert.row.code,
    name: alert.name,
    tenant: alert.row.tenant,
    type: alert.type,
    channel: alert.channel,
    occurrence: shownOccurrence(instant, tenant?.zone ?? policy.time.timeZone, parse),
    goesOut: obstacles.length === 0 && written.counts.deliver > 0,
    recordOnly,
    obstacles,
    recipients: written.counts,
    notRecipients: [...audience.missing],
    webhook: webhook && shownWebhook(webhook),
    rows: written.rows,
    deliveries: written.deliveries,
  };
}

/** As one of those that wait for the company's database. */
async function write(
  ports: PreviewPorts,
  job: Omit<GatherJob, 'signal'> & Omit<WriteJob, 'audience' | 'signal'>,
): Promise<{ audience: Audience; written: WrittenDeliveries }> {
  const { tenant } = job.execution;
  const leave = tenant === null ? noPlaceNeeded : ports.seats.enterDatabase(tenant.code);
  // Nothing is to be lost by going on: every step has its time limit.
  const { signal } = new AbortController();
  try {
    const audience =
      leave === null
        ? { ...nobody, obstacles: [noPlaceAtDatabase] }
        : await gatherAudience(ports, { ...job, signal });
    return { audience, written: await writeDeliveries(ports, { ...job, audience, signal }) };
  } finally {
    leave?.();
  }
}

const noPlaceNeeded = () => undefined;

function shownOccurrence(instant: Temporal.Instant, zone: string, parse: AlertParse): Preview['occurrence'] {
  const at = instant.toZonedDateTimeISO(zone);
  return {
    at: at.toString({ timeZoneName: 'never' }),
    local: at.toPlainDateTime().toString(),
    scheduled:
      parse.kind === 'valid' &&
      occurrencesBetween(parse.alert.schedule, parse.alert.zone, instant, instant).length > 0,
  };
}

function shownWebhook({ code, url, format, timeoutMs, headers, secrets }: WebhookTarget): PreviewedWebhook {
  return {
    code,
    origin: URL.parse(url)?.origin ?? '',
    format: format.kind,
    timeoutSeconds: timeoutMs / 1000,
    headers: Object.keys(headers),
    signed: secrets.length > 0,
  };
}
