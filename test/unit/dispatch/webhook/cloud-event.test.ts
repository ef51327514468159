import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { composeBody, type DeliveryContent } from '../../../../src/dispatch/message/compose-body.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const code = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 });

const anyContent: fc.Arbitrary<DeliveryContent> = fc.record({
  webhookId: fc.uuid(),
  executionId: fc.integer({ min: 1 }),
  deliveryId: fc.integer({ min: 1 }),
  channel: fc.constantFrom('0001', '0002', '0003'),
  whatsappTemplate: fc.option(anyText),
  message: fc.record({ subject: fc.option(anyText), text: anyText }),
  data: fc.record({
    alerta: fc.record({ codigo: code, nombre: anyText, tipo: anyText }),
    empresa: fc.record({ codigo: code, nombre: anyText }),
    destinatario: fc.record({ codigo: code, nombre: anyText, contacto: anyText }),
    ocurrencia: fc.constantFrom('2026-03-02T12:49:00-03:00', '2026-03-02T12:49:00+05:45'),
    filas: fc.record({
      columns: fc.constant([{ name: 'a' }]),
      rows: fc.array(
        fc.record({ a: fc.oneof(anyText, fc.double({ noNaN: true, noDefaultInfinity: true })) }),
      ),
      truncated: fc.boolean(),
    }),
  }),
});

/** RFC 3986, 4.1, as far as a source has it: only characters that a URI may have, every % with its two digits. */
const uriReference = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

test('whatever the texts are, the body is a CloudEvent 1.0 in structured mode', async () => {
  await fc.assert(
    fc.asyncProperty(anyContent, async (content) => {
      const composed = await composeBody({ kind: 'cloudevents' }, content);
      if (composed.kind !== 'composed') throw new Error(composed.detail);
      expect(composed.contentType).toMatch(/^application\/cloudevents\+json(?:;|$)/);
      expect(Buffer.from(composed.body).toString()).toBe(composed.body);
      const event = JSON.parse(composed.body) as Record<string, unknown>;
      expect(event).toMatchObject({
        specversion: '1.0',
        id: content.webhookId,
        type: expect.stringMatching(/^[a-z]+(?:\.[a-z]+)+\.v\d+$/),
        source: expect.stringMatching(uriReference),
        subject: expect.stringMatching(/./su),
        time: expect.stringMatching(rfc3339),
        datacontenttype: 'application/json',
        data: expect.any(Object),
      });
      for (const name of Object.keys(event)) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
      expect(Object.values(event)).not.toContain(null);
    }),
    { numRuns: 300 },
  );
});

test('events of two companies have two sources, whatever their codes are', async () => {
  const sourceOf = async (content: DeliveryContent, codigo: string) => {
    const data = { ...content.data, empresa: { ...content.data.empresa, codigo } };
    const composed = await composeBody({ kind: 'cloudevents' }, { ...content, data });
    return composed.kind === 'composed' && (JSON.parse(composed.body) as { source: string }).source;
  };
  const wellFormed = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(anyContent, wellFormed, wellFormed, async (content, one, other) => {
      expect((await sourceOf(content, one)) === (await sourceOf(content, other))).toBe(one === other);
    }),
  );
});
