import type { WebhookFormat } from '../message/compose-body.ts';
import { failed, type Obstacle } from '../end/ending.ts';
import type { WebhookRow } from '../open-execution.ts';
import { readWebhookHeaders } from './webhook-headers.ts';
import { readWebhookSecrets, type GetSecret } from './webhook-secrets.ts';

/** Where and how to post. All of it but `code`, `host` and `timeoutMs` is secret. */
export interface WebhookTarget {
  code: string;
  url: string;
  host: string;
  headers: Readonly<Record<string, string>>;
  secrets: readonly string[];
  timeoutMs: number;
  format: WebhookFormat;
}

export type WebhookReading =
  { kind: 'webhook'; target: WebhookTarget } | { kind: 'unusable'; ending: Obstacle };

const standardTimeoutSeconds = 15;
/** A call must fit well inside the hold of its delivery. */
const longestTimeoutSeconds = 60;

/** A CT_Alertas_Webhooks row as a call needs it, or why it cannot be used. */
export function readWebhook(
  row: WebhookRow | null,
  { getSecret, requireSecret }: { getSecret: GetSecret; requireSecret: boolean },
): WebhookReading {
  if (row === null) {
    return unusable(
      failed('sin_webhook', 'Ningún webhook activo corresponde al tipo y al canal de la alerta.'),
    );
  }
  const host = hostOf(row.url ?? '');
  if (host === null) return invalid(row, 'whk_Url no es una dirección http o https.');
  const timeout = row.timeoutSeconds ?? standardTimeoutSeconds;
  if (timeout < 1 || timeout > longestTimeoutSeconds) {
    return invalid(row, `whk_TimeoutSeg es ${timeout}; debe estar entre 1 y ${longestTimeoutSeconds}.`);
  }
  const format = formatOf(row);
  if (format === null)
    return invalid(row, 'whk_Formato debe ser cloudevents, o plantilla con un whk_Cuerpo.');
  const headers = readWebhookHeaders(row.headers, getSecret);
  if (headers.kind === 'invalid') return invalid(row, headers.detail);
  const secrets = readWebhookSecrets(row.secret, getSecret);
  if (secrets.kind === 'invalid') return invalid(row, secrets.detail);
  if (secrets.secrets.length === 0 && requireSecret) {
    return unusable(
      failed('webhook_sin_secreto', `El webhook ${row.code} no tiene whk_Secreto y es obligatorio.`),
    );
  }
  const target: WebhookTarget = {
    code: row.code,
    url: row.url ?? '',
    host,
    headers: headers.headers,
    secrets: secrets.secrets,
    timeoutMs: timeout * 1000,
    format,
  };
  return { kind: 'webhook', target };
}

function formatOf({ format, body }: WebhookRow): WebhookFormat | null {
  const name = format?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'cloudevents') return { kind: 'cloudevents' };
  return name === 'plantilla' && body?.trim() ? { kind: 'plantilla', body } : null;
}

function hostOf(url: string): string | null {
  const parsed = URL.parse(url.trim());
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? parsed.host : null;
}

function invalid(row: WebhookRow, detail: string): WebhookReading {
  return unusable(failed('configuracion_invalida', `Webhook ${row.code}: ${detail}`));
}

function unusable(ending: Obstacle): WebhookReading {
  return { kind: 'unusable', ending };
}
