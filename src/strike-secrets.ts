import { knownSecrets } from './adapters/http/known-secrets.ts';
import type { StoredSecrets } from './adapters/mssql/read-stored-secrets.ts';
import { readConnection } from './adapters/tenant-mssql/read-connection.ts';
import { mentionedIn, redact } from './core/redact.ts';
import { readWebhookHeaders } from './dispatch/webhook/webhook-headers.ts';
import { readWebhookSecrets, type GetSecret } from './dispatch/webhook/webhook-secrets.ts';

interface Sources {
  /** Of the configuration. */
  own: readonly string[];
  readStoredSecrets: () => Promise<StoredSecrets>;
  getSecret: GetSecret;
}

/**
 * For texts from outside that are kept for people to look at, such as the body of a foreign message: whoever wrote one may
 * have put a secret there. Strikes out those of the configuration and of every company and webhook.
 */
export function strikeSecrets({ own, readStoredSecrets, getSecret }: Sources) {
  return async (text: string): Promise<string> => {
    const { connections, webhooks } = await readStoredSecrets();
    const stored = [
      ...connections.flatMap((connection) => inConnection(connection, getSecret)),
      ...webhooks.flatMap((webhook) => inWebhook(webhook, getSecret)),
    ];
    return redact(text, [...own, ...mentionedIn(text, stored)]);
  };
}

/** Of a connection string that cannot be read every value counts, since any of them may be the password. */
function inConnection(stored: string, getSecret: GetSecret): readonly string[] {
  const read = readConnection(stored, getSecret);
  if (read.kind === 'connection') return [stored, ...read.secrets];
  const texts = [stored, Buffer.from(stored, 'base64').toString()];
  return texts.flatMap((text) => [
    text,
    ...text.split(/[;,]/).map((pair) => pair.replace(/^[^=]*=\s*["']?/, '')),
  ]);
}

function inWebhook(webhook: StoredSecrets['webhooks'][number], getSecret: GetSecret): readonly string[] {
  const secrets = readWebhookSecrets(webhook.secret, getSecret);
  const headers = readWebhookHeaders(webhook.headers, getSecret);
  const unread = [
    ...(secrets.kind === 'secrets' ? [] : (webhook.secret ?? '').split(/\s+/)),
    ...(headers.kind === 'headers' ? [] : [webhook.headers ?? '']),
  ];
  const known = knownSecrets({
    url: webhook.url ?? '',
    secrets: secrets.kind === 'secrets' ? secrets.secrets : [],
    headers: headers.kind === 'headers' ? headers.headers : {},
  });
  return [...known, ...unread];
}
