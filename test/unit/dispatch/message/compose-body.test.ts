import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeBody, type DeliveryContent } from '../../../../src/dispatch/message/compose-body.ts';

const content: DeliveryContent = {
  webhookId: '0195b7a0-3c1e-7d2a-9d6e-3a2f1b4c5d6e',
  executionId: 17,
  deliveryId: 42,
  channel: '0001',
  whatsappTemplate: 'saldo_v2',
  data: {
    alerta: { codigo: '000001', nombre: 'Saldos', tipo: 'SALDO' },
    empresa: { codigo: 'E1', nombre: 'Acme "S.A."' },
    destinatario: { codigo: 'P1', nombre: 'Ana', contacto: '+5491123456789' },
    ocurrencia: '2026-03-02T12:49:00-03:00',
    filas: {
      columns: [{ name: 'cliente' }, { name: 'total', scale: 2 }, { name: 'nota' }],
      rows: [{ cliente: 'Línea 1\n"dos" \\ </script>', total: 1500.5, nota: null }],
      truncated: false,
    },
  },
  message: { subject: null, text: 'Hola\n"Ana"' },
};

async function bodyOf(format: Parameters<typeof composeBody>[0], changes: Partial<DeliveryContent> = {}) {
  const composed = await composeBody(format, { ...content, ...changes });
  return composed.kind === 'composed' ? composed.body : composed;
}

describe('CloudEvents', () => {
  test('the body is a CloudEvents 1.0 event in structured mode whose id is the webhook-id', async () => {
    const composed = await composeBody({ kind: 'cloudevents' }, content);
    expect(composed).toMatchObject({ contentType: 'application/cloudevents+json; charset=utf-8' });
    expect(JSON.parse(composed.kind === 'composed' ? composed.body : '')).toEqual({
      specversion: '1.0',
      id: '0195b7a0-3c1e-7d2a-9d6e-3a2f1b4c5d6e',
      source: '/tenants/E1',
      type: 'vigia.alert.delivery.v1',
      subject: '000001',
      time: '2026-03-02T12:49:00-03:00',
      datacontenttype: 'application/json',
      data: {
        alert: { code: '000001', name: 'Saldos', type: 'SALDO' },
        channel: { code: '0001', name: 'whatsapp' },
        tenant: { code: 'E1', name: 'Acme "S.A."' },
        recipient: { code: 'P1', name: 'Ana', phone: '+5491123456789' },
        message: { subject: null, text: 'Hola\n"Ana"', whatsappTemplate: 'saldo_v2' },
        occurrence: '2026-03-02T12:49:00-03:00',
        query: { columns: ['cliente', 'total', 'nota'], rows: content.data.filas.rows, truncated: false },
        executionId: 17,
        deliveryId: 42,
      },
    });
  });

  test('e-mail recipients have an email, the others a phone', async () => {
    const body = await bodyOf({ kind: 'cloudevents' }, { channel: '0002' });
    expect(body).toContain('"email":"+5491123456789"');
    expect(body).not.toContain('"phone"');
  });

  test('the same content gives the same bytes, also after a round trip through the database', async () => {
    const stored = JSON.parse(JSON.stringify(content)) as DeliveryContent;
    for (const format of [
      { kind: 'cloudevents' },
      { kind: 'plantilla', body: '{"f": {{ filas | json }}}' },
    ] as const) {
      await expect(composeBody(format, stored)).resolves.toEqual(await composeBody(format, content));
    }
  });
});

describe('whk_Cuerpo', () => {
  test('values are escaped for JSON, so that no value can break out of its text', async () => {
    const body = await bodyOf({
      kind: 'plantilla',
      body: '{"c":"{{ cliente }}","t":"{cliente}","e":"{{ empresa }}"}',
    });
    expect(JSON.parse(body as string)).toEqual({
      c: 'Línea 1\n"dos" \\ </script>',
      t: 'Línea 1\n"dos" \\ </script>',
      e: 'Acme "S.A."',
    });
  });

  test('whatever the values hold, the result is JSON that gives them back', { timeout: 30_000 }, async () => {
    const text = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      fc.constantFrom(
        '"',
        '\\',
        '\\"',
        '\u0000\u001f\u007f',
        '\u2028\u2029',
        '\ud800',
        '\udc00x',
        '","b":"',
        '{{ x }}',
        '</',
      ),
    );
    await fc.assert(
      fc.asyncProperty(text, text, async (cliente, name) => {
        const data = {
          ...content.data,
          destinatario: { ...content.data.destinatario, nombre: name },
          filas: { ...content.data.filas, rows: [{ cliente, total: 1, nota: name }] },
        };
        const body =
          '{"c":"{{ cliente }}","o":"{cliente}","n":"{{ destinatario }}","m":"{{ mensaje.texto }}","j":{{ fila | json }}}';
        const composed = await bodyOf(
          { kind: 'plantilla', body },
          { data, message: { subject: null, text: cliente } },
        );
        expect(JSON.parse(composed as string)).toEqual({
          c: cliente,
          o: cliente,
          n: name,
          m: cliente,
          j: { cliente, total: 1, nota: name },
        });
      }),
      { numRuns: 200 },
    );
  });

  test('the message, the gateway template, ids and whole lists can be used', async () => {
    const body = await bodyOf({
      kind: 'plantilla',
      body: `{"messaging_product":"whatsapp","to":"{{ destinatario.contacto | remove: "+" }}","type":"template",
        "template":{"name":"{{ plantilla_whatsapp }}","text":{{ mensaje.texto | json }}},"rows":{{ filas | json }},
        "subject":{{ mensaje.asunto | json }},"total":{{ total }},"ids":["{{ webhook_id }}",{{ ejecucion }},{{ entrega }}],
        "channel":"{{ canal.codigo }} {{ canal }}"}`,
    });
    expect(JSON.parse(body as string)).toEqual({
      messaging_product: 'whatsapp',
      to: '5491123456789',
      type: 'template',
      template: { name: 'saldo_v2', text: 'Hola\n"Ana"' },
      rows: [{ cliente: 'Línea 1\n"dos" \\ </script>', total: 1500.5, nota: null }],
      subject: null,
      total: 1500.5,
      ids: [content.webhookId, 17, 42],
      channel: '0001 whatsapp',
    });
  });

  test.each([
    ['{"a": {{ nota }}}', 'el resultado no es JSON'],
    ['{"a": "{{ nada }}"}', '«nada» no existe'],
    ['hola', 'el resultado no es JSON'],
    ['{% for i in (1..100000000) %}1{% endfor %}', 'el texto necesita demasiada memoria'],
    [
      '{{ filas | json | json | json | json | json | json | json | json | json | json | json | json | json | json | json | json | json | json | json | json | json }}',
      'el texto necesita demasiada memoria',
    ],
    ['{% include "x" %}', 'la etiqueta «include» no existe'],
    ['{"a": "{{ cliente | raw }}"}', 'el resultado no es JSON'],
  ])('%s is refused', async (body, detail) => {
    await expect(bodyOf({ kind: 'plantilla', body })).resolves.toEqual({
      kind: 'invalid',
      detail: expect.stringContaining(`whk_Cuerpo: ${detail}`),
    });
  });
});
