import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { explain } from '../../../../src/manage/why/explain.ts';
import type { Facts } from '../../../../src/manage/why/facts.ts';
import { daily, listed, weekly, yearly } from '../../../support/alert-rows.ts';
import {
  alertOf,
  deliveryOf,
  executionOf,
  factsOf,
  juan,
  nobody,
  noon,
  now,
} from '../../../support/why-facts.ts';

const tomorrow = { date: Temporal.PlainDate.from('2026-03-03') };
const noScanSince = {
  first: noon.subtract({ hours: 9 }),
  last: noon.subtract({ hours: 1 }),
  before: { id: 3, at: noon.subtract({ hours: 1 }), error: null },
  covering: [],
};
const unprepared = { prepared: false, tally: {} };
const refusal = { number: 1, at: noon, durationMs: 3, status: 410, error: 'webhook_rechazo' };

type Case = [name: string, facts: Partial<Facts>, outcome: string, sentence: string];

const withoutExecution: Case[] = [
  [
    'an alert that there is none of',
    { alert: null },
    'unknown-alert',
    'No existe ninguna alerta con el código 000001.',
  ],
  [
    'a row that cannot be read',
    { alert: alertOf({}, daily('12:49', { frequency: 'NUNCA' })) },
    'invalid-alert',
    'No puede salir la alerta 000001 «Facturas» porque su configuración no se puede leer: cfg_Frecuencia dice "NUNCA": debe llevar DIARIO, SEMANAL, MENSUAL o ANUAL.',
  ],
  [
    'an alert that ALERTS_ONLY leaves out',
    { alert: alertOf({ ours: false }) },
    'other-system',
    'De la alerta 000001 «Facturas» se ocupa otro sistema: ALERTS_ONLY no la incluye.',
  ],
  [
    'a day that the schedule does not have',
    { alert: alertOf({}, weekly('2,4', '09:00')) },
    'not-due',
    'No había nada que enviar el 02/03/2026: la alerta 000001 «Facturas» sale los martes y jueves a las 09:00; la anterior fue el 26/02/2026 a las 09:00; la próxima es el 03/03/2026 a las 09:00.',
  ],
  [
    'a day of a schedule that comes every four years',
    { alert: alertOf({}, yearly('29', '2', '09:00')) },
    'not-due',
    'sale el 29 de febrero a las 09:00; la anterior fue el 29/02/2024 a las 09:00; la próxima es el 29/02/2028 a las 09:00.',
  ],
  [
    'a listed alert before its only time',
    { alert: alertOf({}, listed('2026-03-05 09:00')) },
    'not-due',
    'No había nada que enviar el 02/03/2026: la alerta 000001 «Facturas» sale solo el 05/03/2026 09:00; la próxima es el 05/03/2026 a las 09:00.',
  ],
  [
    'a day to come',
    tomorrow,
    'due',
    'Todavía no salió: la alerta 000001 «Facturas» va a salir el 03/03/2026 a las 12:49.',
  ],
  [
    'a day to come of an inactive alert',
    { ...tomorrow, alert: alertOf({ active: false }) },
    'inactive',
    'No va a salir la alerta 000001 «Facturas» el 03/03/2026 a las 12:49: la alerta está inactiva.',
  ],
  [
    'a day to come of an inactive tenant',
    { ...tomorrow, alert: alertOf({ tenant: { code: 'E1', name: null, active: false } }) },
    'inactive',
    'No va a salir la alerta 000001 «Facturas» el 03/03/2026 a las 12:49: la empresa E1 está inactiva.',
  ],
  [
    'a day to come within a pause',
    { ...tomorrow, pauses: [{ from: noon, until: noon.add({ hours: 48 }), by: 'ana', why: 'mudanza' }] },
    'omitted',
    'No va a salir la alerta 000001 «Facturas» el 03/03/2026 a las 12:49: hay una pausa hasta el 04/03/2026 12:49, puesta por ana (mudanza).',
  ],
  [
    'a day to come after the end of a pause',
    { ...tomorrow, pauses: [{ from: noon, until: noon.add({ hours: 1 }), by: null, why: null }] },
    'due',
    'Todavía no salió: la alerta 000001 «Facturas» va a salir el 03/03/2026 a las 12:49.',
  ],
  [
    'a time before the first scan',
    { scans: { first: now, last: now, before: null, covering: [{ id: 1, at: now, error: null }] } },
    'not-scanned',
    'No salió la alerta 000001 «Facturas» el 02/03/2026 a las 12:49 porque Vigía no estaba en marcha: su primer ciclo registrado fue el 02/03/2026 a las 18:00.',
  ],
  [
    'a time that no scan has reached, while it may still be caught up',
    { now: noon.add({ minutes: 9 }), alert: alertOf({ pointer: noon }), scans: noScanSince },
    'not-scanned',
    'No salió la alerta 000001 «Facturas» el 02/03/2026 a las 12:49 porque ningún ciclo de Vigía la tomó todavía (el último fue el 02/03/2026 a las 11:49): todavía puede salir si un ciclo la toma el 02/03/2026 a las 13:19 o antes.',
  ],
  [
    'a time that no scan has reached, beyond its catch-up limit',
    { alert: alertOf({ pointer: noon }), scans: noScanSince },
    'not-scanned',
    'No salió la alerta 000001 «Facturas» el 02/03/2026 a las 12:49 porque ningún ciclo de Vigía la tomó todavía (el último fue el 02/03/2026 a las 11:49): ya no va a salir sola, y el próximo ciclo la registrará como perdida.',
  ],
  [
    'a time whose scans have failed',
    {
      alert: alertOf({ pointer: noon }),
      scans: { ...noScanSince, covering: [{ id: 4, at: noon, error: 'claim: timeout' }] },
    },
    'not-scanned',
    'ningún ciclo de Vigía la tomó todavía',
  ],
  [
    'an alert that was edited since',
    {},
    'not-recorded',
    'No salió la alerta 000001 «Facturas» el 02/03/2026 a las 12:49, aunque con su configuración de hoy le tocaba: los ciclos corrieron y no la encontraron, así que ese día no existía, estaba inactiva o tenía otro horario.',
  ],
  [
    'a time within a gap that was not caught up',
    { scans: { ...noScanSince, covering: [{ id: 4, at: noon.add({ hours: 2 }), error: null }] } },
    'not-scanned',
    'No salió la alerta 000001 «Facturas» el 02/03/2026 a las 12:49: Vigía no hizo ningún ciclo entre el 02/03/2026 a las 11:49 y el 02/03/2026 a las 14:49, y después no quedó registrada, por lo largo del corte',
  ],
  [
    'a time within a gap and a pause',
    {
      scans: { ...noScanSince, covering: [{ id: 4, at: noon.add({ hours: 2 }), error: null }] },
      pauses: [
        { from: noon.subtract({ hours: 1 }), until: noon.add({ hours: 1 }), by: 'ana', why: 'mudanza' },
      ],
    },
    'not-scanned',
    'o tenía otro horario; además, a esa hora había una pausa desde el 02/03/2026 11:49 hasta el 02/03/2026 13:49, puesta por ana (mudanza).',
  ],
  [
    'a time whose scans failed until long after',
    {
      scans: {
        ...noScanSince,
        covering: [
          { id: 4, at: noon, error: 'x' },
          { id: 5, at: noon.add({ minutes: 9 }), error: null },
        ],
      },
    },
    'not-scanned',
    ': los ciclos fallaron hasta el 02/03/2026 a las 12:58, y después no quedó registrada',
  ],
  [
    'a day that nothing is kept of any more',
    {
      date: Temporal.PlainDate.from('2025-12-01'),
      scans: { first: now.subtract({ hours: 24 * 30 }), last: now, before: null, covering: [] },
    },
    'not-recorded',
    'De la alerta 000001 «Facturas» el 01/12/2025 a las 12:49 no queda ningún registro: los ciclos se guardan 30 días.',
  ],
  [
    'an alert that is inactive now',
    { alert: alertOf({ active: false }) },
    'inactive',
    'No salió la alerta 000001 «Facturas» el 02/03/2026 a las 12:49: está inactiva, y de ese día no hay ningún registro.',
  ],
];

const executions: Case[] = [
  [
    'a row of the system before us',
    { executions: [executionOf({ origin: null, at: null, occurrence: null, ...unprepared })] },
    'older-system',
    'De la alerta 000001 «Facturas» se ocupó el 02/03/2026 el sistema anterior: en su registro 7 dice ENVIADA',
  ],
  [
    'what is claimed',
    { now: noon.subtract({ minutes: 1 }), executions: [executionOf({ state: 'PENDIENTE', ...unprepared })] },
    'due',
    'Todavía no salió: la alerta 000001 «Facturas» está reclamada y sale el 02/03/2026 a las 12:49.',
  ],
  [
    'what is claimed and falls into a pause',
    {
      now: noon.subtract({ minutes: 1 }),
      executions: [executionOf({ state: 'PENDIENTE', ...unprepared })],
      pauses: [{ from: noon.subtract({ hours: 1 }), until: null, by: null, why: null }],
    },
    'omitted',
    'No va a salir la alerta 000001 «Facturas» el 02/03/2026 a las 12:49: hay una pausa sin fecha de fin.',
  ],
  [
    'what waits for the database of its tenant',
    {
      now: noon.add({ minutes: 3 }),
      executions: [
        executionOf({
          state: 'EN_PROCESO',
          reason: 'empresa_no_disponible',
          detail: 'No se pudo hablar con la base de la empresa (ESOCKET).',
          waitsUntil: noon.add({ minutes: 5 }),
          ...unprepared,
        }),
      ],
    },
    'waiting',
    'Todavía no salió la alerta 000001 «Facturas» el 02/03/2026 a las 12:49: espera porque no se pudo hablar con la base de la empresa (ESOCKET), y se vuelve a intentar el 02/03/2026 a las 12:54.',
  ],
  [
    'what is being prepared',
    {
      now: noon,
      executions: [executionOf({ state: 'EN_PROCESO', reviewAt: noon.add({ minutes: 1 }), ...unprepared })],
    },
    'under-way',
    'Está saliendo la alerta 000001 «Facturas» el 02/03/2026 a las 12:49: todavía se está preparando (se revisa a más tardar el 02/03/2026 a las 12:50).',
  ],
  [
    'what is tried again',
    { executions: [executionOf({ state: 'EN_PROCESO', tally: { REINTENTO: 1, LEIDO: 2 } })] },
    'retrying',
    'De la alerta 000001 «Facturas» el 02/03/2026 a las 12:49 se aceptaron 2 de 3 mensajes; por reintentar: 1.',
  ],
  [
    'what went out',
    { executions: [executionOf()] },
    'accepted',
    'Salió la alerta 000001 «Facturas» el 02/03/2026 a las 12:49: el webhook aceptó 3 de 3 mensajes.',
  ],
  [
    'what went out late',
    { executions: [executionOf({ preparedAt: noon.add({ seconds: 53 }) })] },
    'accepted',
    'Salió la alerta 000001 «Facturas» el 02/03/2026 a las 12:49, con demora (a las 12:49:53): el webhook aceptó 3 de 3 mensajes.',
  ],
  [
    'what was missed in a pause',
    {
      executions: [executionOf({ state: 'PERDIDA', reason: 'abierta_tarde', ...unprepared })],
      pauses: [{ from: noon.subtract({ hours: 1 }), until: null, by: null, why: null }],
    },
    'missed',
    '; además, a esa hora había una pausa desde el 02/03/2026 11:49 sin fecha de fin.',
  ],
  [
    'what went out in part',
    { executions: [executionOf({ state: 'PARCIAL', tally: { ENVIADO: 1, RECHAZADO: 1, SIN_CONTACTO: 1 } })] },
    'partly-accepted',
    'el webhook aceptó 1 de 3 mensajes (sin contacto: 1, rechazados: 1).',
  ],
  [
    'what was accepted and then delivered to nobody',
    { executions: [executionOf({ tally: { FALLIDO: 2 } })] },
    'undelivered',
    'el webhook aceptó 2 de 2 mensajes, pero el servicio de mensajería avisó después que ninguno se pudo entregar.',
  ],
  [
    'who did not get what was accepted, and why',
    {
      executions: [
        executionOf({
          tally: { FALLIDO: 3, ENTREGADO: 1 },
          lost: [
            { person: 'P001', name: 'Juan Pérez', error: 'entrega_fallida: El número no tiene WhatsApp.' },
            { person: 'P002', name: null, error: null },
          ],
        }),
      ],
    },
    'partly-undelivered',
    'que 3 de ellos no se pudieron entregar (Juan Pérez (P001): el número no tiene WhatsApp; P002 y 1 más).',
  ],
  [
    'what was accepted and then delivered to some',
    { executions: [executionOf({ tally: { ENTREGADO: 1, FALLIDO: 1 } })] },
    'partly-undelivered',
    'el webhook aceptó 2 de 2 mensajes, pero el servicio de mensajería avisó después que 1 de ellos no se pudo entregar.',
  ],
  [
    'what was refused for one and could not be delivered to the only other',
    { executions: [executionOf({ state: 'PARCIAL', tally: { RECHAZADO: 1, FALLIDO: 1 } })] },
    'undelivered',
    'aceptó 1 de 2 mensajes (rechazados: 1), pero el servicio de mensajería avisó después que no se pudo entregar.',
  ],
  [
    'the only message of an alert, when it was lost',
    { executions: [executionOf({ tally: { FALLIDO: 1 } })] },
    'undelivered',
    'el webhook aceptó su único mensaje, pero el servicio de mensajería avisó después que no se pudo entregar.',
  ],
  [
    'what was lost while others are tried again',
    { executions: [executionOf({ state: 'EN_PROCESO', tally: { REINTENTO: 1, FALLIDO: 1, LEIDO: 1 } })] },
    'retrying',
    'se aceptaron 2 de 3 mensajes, pero el servicio de mensajería avisó después que 1 de ellos no se pudo entregar; por reintentar: 1.',
  ],
  [
    'what no scan took in time',
    {
      executions: [executionOf({ state: 'PERDIDA', reason: 'no_ejecutada', ...unprepared })],
      scans: { ...noScanSince, covering: [{ id: 4, at: noon.add({ hours: 2 }), error: null }] },
    },
    'missed',
    'No salió la alerta 000001 «Facturas»: lo que tocaba el 02/03/2026 a las 12:49 se perdió: Vigía no hizo ningún ciclo entre el 02/03/2026 a las 11:49 y el 02/03/2026 a las 14:49.',
  ],
  [
    'what fell into a pause',
    {
      executions: [executionOf({ state: 'OMITIDA', reason: 'pausa', ...unprepared })],
      pauses: [{ from: noon.subtract({ hours: 1 }), until: now, by: 'ana', why: 'mudanza' }],
    },
    'omitted',
    'se omitió: había una pausa, puesta por ana (mudanza).',
  ],
  [
    'what an operator cancelled',
    { executions: [executionOf({ state: 'CANCELADA', reason: 'cancelada_por_operador', ...unprepared })] },
    'cancelled',
    'se canceló: cancelada por un operador.',
  ],
  [
    'a query that fails',
    {
      executions: [
        executionOf({
          state: 'ERROR',
          reason: 'consulta_error',
          detail: 'SQL Server respondió 208: x',
          ...unprepared,
        }),
      ],
      person: nobody('Juan'),
    },
    'failed',
    'terminó con error: SQL Server respondió 208: x.',
  ],
  [
    'what went out although its alert was deleted since',
    { alert: null, executions: [executionOf()] },
    'accepted',
    'Salió la alerta 000001 el 02/03/2026 a las 12:49: el webhook aceptó 3 de 3 mensajes.',
  ],
];

const toJuan = (delivery: Parameters<typeof deliveryOf>[0]): Partial<Facts> => ({
  executions: [executionOf()],
  person: juan(deliveryOf(delivery)),
});
const message = 'El mensaje de la alerta 000001 «Facturas» el 02/03/2026 a las 12:49 para Juan Pérez (P001)';

const persons: Case[] = [
  [
    'a message that was accepted',
    toJuan({}),
    'accepted',
    `${message} salió hacia +5491155551234: el webhook lo aceptó (HTTP 200), y el servicio de mensajería todavía no avisó si llegó.`,
  ],
  [
    'a message that went out late',
    toJuan({ attempt: { ...refusal, at: noon.add({ seconds: 53 }), status: 200 } }),
    'accepted',
    `${message} salió con demora, a las 12:49:53, hacia +5491155551234: el webhook lo aceptó`,
  ],
  [
    'a message that went out the next day',
    toJuan({ state: 'LEIDO', attempt: null, sentAt: Temporal.PlainDateTime.from('2026-03-03T00:01') }),
    'read',
    `${message} salió con demora, el 03/03/2026 a las 00:01, hacia +5491155551234, fue entregado`,
  ],
  [
    'a message that arrived',
    toJuan({ state: 'ENTREGADO' }),
    'delivered',
    `${message} salió hacia +5491155551234 y fue entregado.`,
  ],
  ['a message that was read', toJuan({ state: 'LEIDO' }), 'read', 'fue entregado y lo leyeron.'],
  [
    'a message that was answered',
    toJuan({ state: 'RESPONDIDO', repliedAt: Temporal.PlainDateTime.from('2026-03-02T13:00') }),
    'replied',
    'llegó y fue respondido el 02/03/2026 13:00.',
  ],
  [
    'a message that the gateway could not deliver',
    toJuan({ state: 'FALLIDO', error: 'El número no tiene WhatsApp.' }),
    'undelivered',
    'el webhook lo aceptó, pero el servicio de mensajería avisó después que no lo pudo entregar: El número no tiene WhatsApp.',
  ],
  [
    'a message that was refused',
    toJuan({
      state: 'RECHAZADO',
      error: 'webhook_rechazo: El webhook rechazó el mensaje con 410.',
      attempt: refusal,
    }),
    'refused',
    `${message} fue rechazado: el webhook rechazó el mensaje con 410.`,
  ],
  [
    'a message that failed to the last attempt',
    toJuan({ state: 'ERROR', error: 'webhook_tiempo', attempt: { ...refusal, status: null } }),
    'failed',
    `${message} no se pudo entregar: el webhook no respondió a tiempo.`,
  ],
  [
    'a message that is tried again',
    toJuan({
      state: 'REINTENTO',
      error: 'webhook_fallo: El webhook respondió 500.',
      nextAttempt: noon.add({ minutes: 2 }),
    }),
    'retrying',
    `${message} todavía no fue aceptado: el webhook respondió 500; se vuelve a intentar el 02/03/2026 a las 12:51.`,
  ],
  [
    'a person without a contact',
    toJuan({
      state: 'SIN_CONTACTO',
      destination: '',
      attempt: null,
      error: 'sin_contacto: No tiene Tcon_Celular cargado.',
    }),
    'no-contact',
    `${message} no salió: no tiene celular cargado.`,
  ],
  [
    'a person whose message another one got',
    toJuan({ state: 'DUPLICADO', attempt: null, twin: { person: 'P002', state: 'LEIDO' } }),
    'duplicate',
    `${message} no salió aparte: tiene el mismo destino +5491155551234 y el mismo texto que el de P002 (leído).`,
  ],
  [
    'somebody who was not among the recipients',
    { executions: [executionOf()], person: nobody('Pedro') },
    'not-a-recipient',
    '«Pedro» no estaba entre los 3 destinatarios de la alerta 000001 «Facturas» el 02/03/2026 a las 12:49, que es para el perfil COBR.',
  ],
  [
    'somebody who was not the only recipient',
    { executions: [executionOf({ tally: { ENVIADO: 1 } })], person: nobody('Pedro') },
    'not-a-recipient',
    '«Pedro» no era destinatario de la alerta 000001 «Facturas» el 02/03/2026 a las 12:49',
  ],
  [
    'somebody who was among them before',
    {
      executions: [executionOf()],
      person: nobody('P009', {
        earlier: { code: 'P009', name: null, executionId: 3, day: Temporal.PlainDate.from('2026-02-27') },
      }),
    },
    'not-a-recipient',
    'su último mensaje fue el del 27/02/2026.',
  ],
  [
    'a name that several have',
    {
      executions: [executionOf()],
      person: {
        ...nobody('Juan'),
        found: [
          { code: 'P001', name: 'Juan Pérez' },
          { code: 'P014', name: 'Juan López' },
        ],
      },
    },
    'several-persons',
    'Por «Juan» responden 2 personas: Juan Pérez (P001), Juan López (P014). Pregunte con el código.',
  ],
];

const live = (recipient: NonNullable<NonNullable<Facts['person']>['live']>): Partial<Facts> => ({
  ...tomorrow,
  person: nobody('Juan', { live: recipient }),
});
const toComeAt = 'la alerta 000001 «Facturas» va a salir el 03/03/2026 a las 12:49';

const toCome: Case[] = [
  [
    'a recipient',
    live({ kind: 'recipient', code: 'P001', name: 'Juan Pérez', destination: '+5491155551234' }),
    'due',
    `Todavía no salió: ${toComeAt}, y Juan Pérez (P001) la recibe en +5491155551234.`,
  ],
  [
    'a recipient without a contact',
    live({ kind: 'unreachable', code: 'P001', name: 'Juan Pérez', detail: 'No tiene Tcon_Celular cargado.' }),
    'no-contact',
    'Va a salir la alerta 000001 «Facturas» el 03/03/2026 a las 12:49, pero no para Juan Pérez (P001): no tiene celular cargado.',
  ],
  [
    'nobody of that name',
    live({ kind: 'absent' }),
    'not-a-recipient',
    'pero «Juan» no está entre sus destinatarios.',
  ],
  [
    'several of that name',
    live({
      kind: 'several',
      persons: [
        { code: 'P001', name: 'Juan Pérez' },
        { code: 'P014', name: 'Juan López' },
      ],
    }),
    'several-persons',
    'Por «Juan» responden 2 personas: Juan Pérez (P001), Juan López (P014). Pregunte con el código.',
  ],
  [
    'a database that does not say',
    live({ kind: 'unknown', detail: 'No se pudo hablar con la base de la empresa (ESOCKET).' }),
    'due',
    `${toComeAt}; si «Juan» está entre los destinatarios no se sabe: no se pudo hablar con la base de la empresa (ESOCKET).`,
  ],
  [
    'a recipient of what is claimed',
    {
      ...live({ kind: 'recipient', code: 'P001', name: 'Juan Pérez', destination: '+5491155551234' }),
      now: noon.subtract({ minutes: 1 }),
      date: Temporal.PlainDate.from('2026-03-02'),
      executions: [executionOf({ state: 'PENDIENTE', ...unprepared })],
    },
    'due',
    'y Juan Pérez (P001) la recibe en +5491155551234.',
  ],
];

describe.each([
  ['of what is to come, for a person', toCome],
  ['without an execution', withoutExecution],
  ['of an execution', executions],
  ['of a person', persons],
])('the answer %s', (_which, cases) => {
  test.each(cases)('tells of %s', (_name, facts, outcome, sentence) => {
    const answer = explain(factsOf(facts));
    expect(answer.sentence.es).toContain(sentence);
    expect(answer.outcome).toBe(outcome);
    expect(answer.sentence.en).toMatch(/^["“A-Z0-9][^«»]*\.$/);
    expect(answer.sentence.es).not.toMatch(/undefined|null|\.\.|: \.|  |\b1 (de 1|\w+s) |Tcon_/);
  });

  test.each(cases)('goes through every step, in order, for %s', (_name, facts) => {
    const { steps } = explain(factsOf(facts));
    expect(steps.map(({ step }) => step)).toEqual([
      ...['exists', 'active', 'due', 'scanned', 'claimed'],
      ...['recipient', 'contact', 'sent', 'answered', 'delivered'],
    ]);
    for (const { evidence } of steps) expect(evidence).toMatch(/^[«A-ZÁÉÍÓÚ0-9a-z_].*[.]$/);
  });
});

describe('of several executions of one date', () => {
  const twice: Partial<Facts> = {
    alert: alertOf({}, listed('2026-03-02 09:49, 2026-03-02 12:49')),
    executions: [
      executionOf({ id: 9, origin: 'REENVIO', resends: 7, at: noon.add({ hours: 24 }) }),
      executionOf({ state: 'ERROR', reason: 'entregas_fallidas' }),
      executionOf({ id: 6, at: noon.subtract({ hours: 3 }) }),
      executionOf({ id: 5, origin: 'PRUEBA' }),
    ],
    person: juan(
      deliveryOf({ executionId: 9 }),
      deliveryOf({ state: 'ERROR', error: 'webhook_red: No se pudo llegar.' }),
      deliveryOf({ executionId: 6, state: 'RECHAZADO', error: 'webhook_rechazo' }),
      deliveryOf({ executionId: 5, state: 'LEIDO' }),
    ),
  };

  test('concludes from the one in which the message got farthest, never from a test, and tells the others', () => {
    const answer = explain(factsOf(twice));
    expect(answer).toMatchObject({ outcome: 'accepted', execution: 9 });
    expect(answer.sentence.es).toContain('el 03/03/2026 a las 12:49 (reenvío) para Juan Pérez (P001) salió');
    expect(answer.sentence.es).toContain(
      '; además, para esa fecha: 12:49 con error (no se pudo llegar), 09:49 rechazado (el webhook rechazó el envío), 12:49 leído (prueba).',
    );
    expect(answer.sentence.en).toContain(
      '; for that date there was also: 12:49 failed (the webhook could not be reached)',
    );
    expect(answer.executions.map(({ id, delivery }) => [id, delivery?.state])).toEqual([
      [9, 'ENVIADO'],
      [7, 'ERROR'],
      [6, 'RECHAZADO'],
      [5, 'LEIDO'],
    ]);
  });

  test('concludes from a resend under way rather than from what nobody got', () => {
    const answer = explain(
      factsOf({
        executions: [
          executionOf({ id: 8, origin: 'REENVIO', resends: 7, state: 'EN_PROCESO', tally: { REINTENTO: 1 } }),
          executionOf({ tally: { FALLIDO: 1 } }),
        ],
      }),
    );
    expect(answer).toMatchObject({ outcome: 'retrying', execution: 8 });
  });

  test('waits for one that is not prepared yet before it says that somebody is not a recipient', () => {
    const answer = explain(
      factsOf({
        executions: [
          executionOf({ id: 8, state: 'EN_PROCESO', ...unprepared }),
          executionOf({ at: noon.subtract({ hours: 3 }) }),
        ],
        person: nobody('Pedro'),
      }),
    );
    expect(answer).toMatchObject({ outcome: 'under-way', execution: 8 });
  });
});

test('the steps of a refused message say where it stopped, with the time and what was answered', () => {
  const { steps } = explain(
    factsOf(
      toJuan({
        state: 'RECHAZADO',
        error: 'webhook_rechazo: El webhook rechazó el mensaje con 410.',
        attempt: refusal,
      }),
    ),
  );
  expect(steps.map(({ step, ok }) => `${step} ${ok}`)).toEqual([
    ...['exists true', 'active true', 'due true', 'scanned true', 'claimed true'],
    ...['recipient true', 'contact true', 'sent true', 'answered false', 'delivered null'],
  ]);
  expect(steps[8]).toEqual({
    step: 'answered',
    ok: false,
    evidence: 'HTTP 410 en 3 ms. msg_Estado RECHAZADO. El webhook rechazó el mensaje con 410.',
    at: '2026-03-02T15:49:00Z',
  });
  expect(steps[3]?.evidence).toBe('El ciclo 11 del 02/03/2026 12:47 (CT_Scheduler_Ciclos).');
});

describe('the step of the alert’s activity', () => {
  const activeStep = (facts: Partial<Facts>) =>
    explain(factsOf(facts)).steps.find(({ step }) => step === 'active');
  const pause = { from: noon.subtract({ hours: 1 }), until: noon.add({ hours: 1 }), by: 'ana', why: null };

  test('tells a pause of then as past', () => {
    expect(activeStep({ pauses: [pause] })).toEqual({
      step: 'active',
      ok: false,
      evidence: 'Había una pausa desde el 02/03/2026 11:49 hasta el 02/03/2026 13:49, puesta por ana.',
    });
  });

  test('does not take a pause of now for one of then', () => {
    const later = { ...pause, from: now.subtract({ hours: 1 }), until: null };
    expect(activeStep({ pauses: [later] })).toMatchObject({ ok: null });
  });

  test('says that what is inactive now is so now', () => {
    expect(activeStep({ alert: alertOf({ active: false }) })?.evidence).toBe(
      'Ahora la alerta está inactiva.',
    );
  });
});

describe('the step of the scan', () => {
  const scanStep = (facts: Partial<Facts>) =>
    explain(factsOf(facts)).steps.find(({ step }) => step === 'scanned');
  const twoHoursLater = { id: 4, at: noon.add({ hours: 2 }), error: null };

  test('goes past scans that failed, and names them', () => {
    const covering = [
      { id: 4, at: noon, error: 'claim: timeout' },
      { ...twoHoursLater, id: 5, at: noon.add({ minutes: 1 }) },
    ];
    expect(scanStep({ executions: [executionOf()], scans: { ...noScanSince, covering } })).toMatchObject({
      ok: true,
      evidence: 'El ciclo 5 del 02/03/2026 12:50 (CT_Scheduler_Ciclos). Con fallas: ciclo 4, claim: timeout.',
    });
    expect(
      scanStep({
        alert: alertOf({ pointer: noon }),
        scans: { ...noScanSince, covering: covering.slice(0, 1) },
      }),
    ).toMatchObject({ ok: false });
  });

  test('tells a gap, which is no fault of what was caught up after it', () => {
    const scans = { ...noScanSince, covering: [twoHoursLater] };
    const evidence =
      'No hay ciclos desde el 02/03/2026 11:49 hasta el 02/03/2026 14:49 (se guardan 30 días). Después, el ciclo 4 del 02/03/2026 14:49 (CT_Scheduler_Ciclos).';
    expect(scanStep({ executions: [executionOf()], scans })).toMatchObject({ ok: true, evidence });
    const missed = executionOf({ state: 'PERDIDA', reason: 'no_ejecutada', ...unprepared });
    expect(scanStep({ executions: [missed], scans })).toMatchObject({ ok: false, evidence });
  });
});
