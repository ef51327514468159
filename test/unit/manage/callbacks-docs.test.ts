import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { verifyStandard } from '../../../src/adapters/http/verify-webhook.ts';
import { readOwnEvents } from '../../../src/manage/callbacks/own-events.ts';

const page = readFileSync(new URL('../../../docs/callbacks.md', import.meta.url), 'utf8');

function block(name: string): string {
  const [, text = ''] = new RegExp(`\`\`\`${name}\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  return text;
}

const now = Temporal.Instant.from('2026-03-02T15:53:00Z');
const example = JSON.parse(block('json example')) as object;
/** It is taken out for zod, which would not see the rest of the event then. */
const nameRule =
  '"anyOf": [{ "required": ["webhookId"] }, { "required": ["deliveryId"] }, { "required": ["wamid"] }],';
const written = block('json schema').replace(nameRule, '');
const schema = z.fromJSONSchema(JSON.parse(written) as z.core.JSONSchema.JSONSchema);

function isTaken(body: unknown): boolean {
  try {
    return readOwnEvents(body, now).length > 0;
  } catch {
    return false;
  }
}

describe('the page for gateways', () => {
  test('shows events that are taken', () => {
    expect(readOwnEvents(example, now)).toMatchObject([
      { message: { by: 'webhookId' }, state: 'ENTREGADO' },
      {
        message: { by: 'deliveryId', deliveryId: 43 },
        state: 'FALLIDO',
        detail: '131026 Message undeliverable',
      },
      { message: { by: 'wamid' }, state: 'RESPONDIDO', at: Temporal.Instant.from('2026-03-02T15:52:40Z') },
    ]);
  });

  test.each([
    [example],
    [{ events: [] }],
    [{ events: [{ event: 'read', wamid: 'a b' }] }],
    [{ events: [{ event: 'read', wamid: 'x' }] }],
    [{ events: [{ event: 'seen', wamid: 'x' }] }],
    [{ events: [{ event: 'read', deliveryId: 0 }] }],
    [{ events: [{ event: 'read', deliveryId: 1.5 }] }],
    [{ events: [{ event: 'read', webhookId: 'x' }] }],
    [{ events: [{ event: 'read', wamid: 'x', more: 1 }] }],
    [{ events: [{ event: 'failed', wamid: 'x', reason: 'x'.repeat(801) }] }],
    [{ events: [{ event: 'read', wamid: 'x' }], more: 1 }],
    [[]],
  ])('has a schema that takes what is taken and nothing else: %j', (body) => {
    expect(schema.safeParse(body).success).toBe(isTaken(body));
  });

  test('says that a message must be named', () => {
    expect(block('json schema')).toContain(nameRule);
    expect(isTaken({ events: [{ event: 'read' }] })).toBe(false);
  });

  test('shows the signature of its example', () => {
    const lines = block('http signatures').trim().split('\n');
    const headers = new Headers(lines.map((line) => line.split(': ', 2) as [string, string]));
    const body = new TextEncoder().encode(JSON.stringify(example));
    const signed = Temporal.Instant.fromEpochMilliseconds(1_772_466_600_000);
    expect(verifyStandard({ headers, body, secrets: ['un-secreto-de-ejemplo'], now: signed })).toBe('valid');
  });
});
