/** Gives the value of an environment setting, undefined when it is not set. */
export type GetSecret = (name: string) => string | undefined;

export type WebhookSecrets =
  { kind: 'secrets'; secrets: readonly string[] } | { kind: 'invalid'; detail: string };

/**
 * whk_Secreto: one secret or several separated by spaces, newest first, or `env:NAME` for those in that setting. None
 * when it is empty. `whsec_` secrets must be Base64 (Standard Webhooks 1.0).
 */
export function readWebhookSecrets(stored: string | null, getSecret: GetSecret): WebhookSecrets {
  const text = stored?.trim() ?? '';
  const [, setting] = /^env:(\S+)$/.exec(text) ?? [];
  if (setting === undefined) return checked(text);
  const value = getSecret(setting);
  return value?.trim()
    ? checked(value)
    : {
        kind: 'invalid',
        detail: `whk_Secreto nombra la variable ${setting}, que no está definida o está vacía.`,
      };
}

function checked(text: string): WebhookSecrets {
  const secrets = text.split(/\s+/).filter((secret) => secret !== '');
  const broken = secrets.findIndex((secret) => secret.startsWith('whsec_') && !isBase64(secret.slice(6)));
  return broken === -1
    ? { kind: 'secrets', secrets }
    : {
        kind: 'invalid',
        detail: `El secreto ${broken + 1} de whk_Secreto empieza con whsec_ y no sigue en Base64.`,
      };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}
