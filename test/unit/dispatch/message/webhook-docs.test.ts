import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { signWebhook } from '../../../../src/adapters/http/sign-webhook.ts';
import { composeBody, type DeliveryContent } from '../../../../src/dispatch/message/compose-body.ts';

const page = readFileSync(new URL('../../../../docs/webhook.md', import.meta.url), 'utf8');

function block(name: string): string {
  const [, text = ''] = new RegExp(`\`\`\`${name}\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  return text;
}

const content: DeliveryContent = {
  webhookId: '0195b7a0-3c1e-7d2a-9d6e-3a2f1b4c5d6e',
  executionId: 17,
  deliveryId: 42,
  channel: '0001',
  whatsappTemplate: null,
  data: {
    alerta: { codigo: '000001', nombre: 'Saldos vencidos', tipo: 'SALDO' },
    empresa: { codigo: 'ACME', nombre: 'Acme S.A.' },
    destinatario: { codigo: 'P1', nombre: 'Ana Ruiz', contacto: '+5491123456789' },
    ocurrencia: '2026-03-02T12:49:00-03:00',
    filas: {
      columns: [{ name: 'cliente' }, { name: 'saldo', scale: 2 }],
      rows: [{ cliente: 'López & Hijos', saldo: 1500.5 }],
      truncated: false,
    },
  },
  message: { subject: null, text: 'Hola Ana Ruiz: su saldo es $ 1.500,50.' },
};

async function bodyOf(changes: Partial<DeliveryContent> = {}): Promise<string> {
  const composed = await composeBody({ kind: 'cloudevents' }, { ...content, ...changes });
  if (composed.kind === 'invalid') throw new Error(composed.detail);
  return composed.body;
}

describe('the page for receivers', () => {
  test('shows the body that is posted', async () => {
    expect(JSON.parse(block('json example'))).toEqual(JSON.parse(await bodyOf()));
  });

  test('has a schema that fits what is posted, and not something else', async () => {
    const schema = z.fromJSONSchema(JSON.parse(block('json schema')) as z.core.JSONSchema.JSONSchema);
    expect(schema.safeParse(JSON.parse(await bodyOf())).error).toBeUndefined();
    const mail = JSON.parse(
      await bodyOf({ channel: '0002', message: { subject: 'Saldo', text: 'x' } }),
    ) as object;
    expect(schema.safeParse(mail).error).toBeUndefined();
    const trial = JSON.parse(await bodyOf({ data: { ...content.data, prueba: true } })) as typeof mail & {
      data: object;
    };
    expect(trial.data).toHaveProperty('test', true);
    expect(schema.safeParse(trial).error).toBeUndefined();
    expect(schema.safeParse({ ...trial, data: { ...trial.data, test: 'yes' } }).success).toBe(false);
    for (const wrong of [{}, { ...mail, specversion: '2.0' }, { ...mail, data: {} }, { ...mail, id: 'x' }]) {
      expect(schema.safeParse(wrong).success).toBe(false);
    }
  });

  test('shows the signatures of that body', async () => {
    const at = Temporal.Instant.from('2026-03-02T15:49:00Z');
    const call = {
      webhookId: content.webhookId,
      body: await bodyOf(),
      secrets: ['un-secreto-de-ejemplo'],
    };
    const headers = signWebhook(call, at);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
    expect(block('http signatures')).toBe(lines.join(''));
  });

  test('shows a body for WhatsApp that renders to JSON', async () => {
    const composed = await composeBody({ kind: 'plantilla', body: block('liquid') }, content);
    expect(composed).toMatchObject({
      kind: 'composed',
      body: expect.stringContaining('"to": "5491123456789"'),
    });
  });
});
