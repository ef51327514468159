import { describe, expect, test } from 'vitest';
import { textLogger } from '../../../src/adapters/log/text-logger.ts';
import type { LogFields } from '../../../src/core/logger.ts';
import { clockAt } from '../../support/moved-clock.ts';

const zone = 'America/Argentina/Buenos_Aires';
const clock = clockAt('2026-03-02T12:49:00.043-03:00');

function lineOf(level: 'info' | 'warn' | 'error', event: string, fields: LogFields, cause?: unknown): string {
  const lines: string[] = [];
  const logger = textLogger(clock, zone, (line) => lines.push(line));
  if (level === 'error') logger.error(event, fields, cause);
  else logger[level](event, fields);
  return lines.join('');
}

const juan = { alert: '000001', person: '17', personName: 'Juan Pérez', channel: 'whatsapp' };

describe('the log for people', () => {
  test.each<[string, LogFields, string]>([
    ['delivery.accepted', { ...juan, ms: 38 }, '✅ 000001 → Juan Pérez (WhatsApp) 38 ms'],
    [
      'delivery.accepted',
      { ...juan, ms: 38, test: true },
      '✅ prueba de 000001, escrita para Juan Pérez (WhatsApp) 38 ms',
    ],
    [
      'delivery.retry',
      {
        ...juan,
        channel: 'sms',
        reason: 'webhook_fallo',
        detail: 'El webhook respondió 500.',
        inSeconds: 30,
      },
      '↻ 000001 → Juan Pérez (SMS): el webhook respondió 500; reintento en 30 s',
    ],
    [
      'delivery.rejected',
      { ...juan, personName: undefined, channel: 'email', reason: 'webhook_rechazo' },
      '❌ 000001 → 17 (e-mail): el webhook rechazó el envío',
    ],
    [
      'execution.cancelled',
      { executionId: 12, alert: '000003', reason: 'alerta_editada' },
      '⏹ 000003 cancelada: alerta editada antes de salir',
    ],
    ['manage.acted', { act: 'pause', who: 'ana', on: 'tenant E01' }, '✋ ana: pause tenant E01'],
    ['health.no-scan', { lastScan: 'never' }, '⚠ todavía no terminó ningún ciclo'],
    [
      'health.no-scan',
      { lastScan: '2026-03-02T15:40:00Z' },
      '⚠ ningún ciclo terminó desde el 2026-03-02 12:40',
    ],
    [
      'delivery.read',
      { alert: '000001', person: '17', personName: 'Juan Pérez' },
      '👁 000001 → Juan Pérez: leído',
    ],
    [
      'delivery.undelivered',
      { alert: '000001', person: '17' },
      '❌ 000001 → 17: el servicio de mensajería no pudo entregar el mensaje',
    ],
    [
      'callbacks.refused',
      { code: 'callback_unsigned', refused: 2 },
      '⚠ 2 llamadas rechazadas en /api/callbacks/messages (callback_unsigned)',
    ],
    ['heartbeat.failed', { why: 'status 500' }, '⚠ el monitor de HEARTBEAT_URL no responde (status 500)'],
    [
      'records.forgotten',
      { executions: 2, deliveries: 30, others: 4 },
      '🧹 registros viejos borrados: 2 ejecuciones, 30 entregas, 4 fallas y otros',
    ],
    ['alert.claimed', { alert: '000001', at: '2026-03-02T12:49:00-03:00' }, '📋 000001 para las 12:49:00'],
    [
      'execution.waiting',
      { alert: '000009', reason: 'empresa_no_disponible', until: '2026-03-02T15:51:00Z' },
      '⏳ 000009 espera hasta las 12:51:00: la base de la empresa no responde',
    ],
    [
      'execution.finished',
      { alert: '000009', state: 'OMITIDA', reason: 'pausa', detail: 'Había una pausa en vigor.' },
      '⏭ 000009 omitida: en pausa (había una pausa en vigor)',
    ],
    [
      'execution.finished',
      { alert: '000009', state: 'ERROR', reason: 'empresa_no_disponible' },
      '❌ 000009: la base de la empresa no responde',
    ],
    [
      'execution.finished',
      { alert: '000004', state: 'PARCIAL', reason: 'entregas_fallidas', accepted: 2, total: 3 },
      '⚠ 000004, 2 de 3 entregados: entregas fallidas',
    ],
    [
      'execution.finished',
      {
        alert: '000004',
        state: 'ERROR',
        reason: 'configuracion_invalida',
        detail: 'Webhook T1: whk_Url no es una dirección http o https.',
        accepted: 0,
        total: 0,
      },
      '❌ 000004: alerta mal configurada (Webhook T1: whk_Url no es una dirección http o https)',
    ],
    [
      'execution.finished',
      {
        alert: '000004',
        state: 'PARCIAL',
        reason: 'sin_contacto',
        detail: '2 de 3 entregas aceptadas; sin contacto: 1.',
        accepted: 2,
        total: 3,
      },
      '⚠ 000004, 2 de 3 entregados: sin contacto para el canal',
    ],
    [
      'execution.finished',
      {
        alert: '000007',
        state: 'CANCELADA',
        reason: 'alerta_editada',
        detail: 'La alerta se editó.',
        total: 0,
      },
      '⏹ 000007 cancelada: alerta editada antes de salir',
    ],
    [
      'occurrence.missed',
      { alert: '000001', at: '2026-03-01T12:49:00-03:00', reason: 'no_ejecutada' },
      '⚠ 000001 perdida, era para el 2026-03-01 12:49: alertas no ejecutadas a tiempo',
    ],
    [
      'mail.sent',
      { subject: '[Vigía] Sur: falta la plantilla', accepted: 1 },
      '📧 [Vigía] Sur: falta la plantilla → 1 administrador',
    ],
    [
      'mail.refused',
      { incident: 1, addresses: 'a@example.com, b@example.com' },
      '⚠ el servidor de correo no aceptó «a@example.com, b@example.com»: revise adm_Email en CT_Alertas_Admin_Emails',
    ],
    ['something.new', { alert: '000001', left: undefined }, '· something.new alert=000001'],
  ])('says %s as %o', (event, fields, expected) => {
    expect(lineOf('info', event, fields)).toBe(`12:49:00.043 ${expected}\n`);
  });

  test('is silent about what went as it should', () => {
    expect(lineOf('info', 'execution.finished', { alert: '000001', state: 'ENVIADA' })).toBe('');
    expect(lineOf('info', 'scan.finished', { failures: '' })).toBe('');
    expect(lineOf('info', 'message.ignored', { executionId: 1 })).toBe('');
  });

  test('tells an error with all its causes', () => {
    const cause = new Error('claim failed', { cause: new Error('connection lost') });
    expect(lineOf('error', 'scan.step_failed', { step: 'claim' }, cause)).toBe(
      '12:49:00.043 ⚠ scan.step_failed step=claim: claim failed <- connection lost\n',
    );
  });
});
