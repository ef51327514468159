import { expect, test } from 'vitest';
import {
  contentOf,
  parsePayload,
  payloadText,
  rowBytes,
  rowsText,
  type Payload,
} from '../../../../src/dispatch/message/payload.ts';
import type { QueryRows } from '../../../../src/dispatch/prepare/run-query.ts';

function rows(count: number, text: string): QueryRows {
  return {
    columns: [{ name: 'cliente' }],
    rows: Array.from({ length: count }, () => ({ cliente: text })),
    truncated: false,
  };
}

function payload(filas: QueryRows): Payload {
  return {
    tenant: '0001',
    webhook: 'W1',
    channel: '0002',
    whatsappTemplate: null,
    format: { kind: 'plantilla', body: '{"a": 1}' },
    data: {
      alerta: { codigo: '000001', nombre: 'Cobranzas', tipo: 'Facturas' },
      empresa: { codigo: '0001', nombre: 'Ñandú & Cía' },
      ocurrencia: '2026-03-02T12:49:00-03:00',
      filas,
    },
  };
}

const delivery = {
  id: 9,
  webhookId: 'id',
  person: '01',
  personName: 'José',
  destination: 'jose@example.com',
  subject: 'Hola',
  text: 'Texto',
  rows: null,
  attempts: 0,
};

test('what is stored comes back as it was', () => {
  const original = payload(rows(3, 'Peña 🦉'));
  expect(parsePayload(payloadText(original))).toEqual(original);
});

test('what is stored fits a column that knows no Unicode', () => {
  expect(payloadText(payload(rows(1, 'Peña 🦉')))).toMatch(/^[\x20-\x7e]*$/);
});

test('rows beyond 64 KiB are left out, and it is said', () => {
  const text = payloadText(payload(rows(1000, 'x'.repeat(100))));
  const { filas } = parsePayload(text).data;
  expect(filas.truncated).toBe(true);
  expect(filas.rows.length).toBeGreaterThan(500);
  expect(JSON.stringify(filas.rows).length).toBeLessThanOrEqual(rowBytes);
});

test('a delivery posts its own rows where it has them, else those of all', () => {
  const shared = payload(rows(1, 'todos'));
  const own = { ...delivery, rows: rowsText(rows(1, 'suyas')) };
  expect(contentOf(shared, 5, delivery).data.filas.rows).toEqual([{ cliente: 'todos' }]);
  expect(contentOf(shared, 5, own).data).toMatchObject({
    filas: { rows: [{ cliente: 'suyas' }] },
    destinatario: { codigo: '01', nombre: 'José', contacto: 'jose@example.com' },
  });
});

test('a delivery that sends another one again names that one and its execution', () => {
  const again = { ...delivery, repeats: { executionId: 3, deliveryId: 4 } };
  const shared = payload(rows(1, 'todos'));
  expect(contentOf(shared, 5, again)).toEqual({ ...contentOf(shared, 3, { ...delivery, id: 4 }) });
});

test('a trial stays one when it is stored', () => {
  const original = payload(rows(1, 'x'));
  const trial = { ...original, data: { ...original.data, prueba: true as const } };
  expect(parsePayload(payloadText(trial))).toEqual(trial);
});
