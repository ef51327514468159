import { describe, expect, test } from 'vitest';
import { composeAdminMail } from '../../../src/poison/compose-admin-mail.ts';
import { aFault, anIncident, aReport, at } from './an-incident.ts';

const opening = { kind: 'opening' } as const;
const zone = 'America/Argentina/Buenos_Aires';

describe('the mail about an incident', () => {
  test('says what failed, for whom, when, why, what was delivered and what to do', () => {
    const execution = {
      id: 7,
      instant: at('11:30'),
      accepted: 2,
      open: 1,
      notAccepted: 7,
      failures: [
        { person: 'Ana Gómez', error: 'webhook_rechazo: El webhook respondió 410.' },
        { person: 'Luis Romero', error: 'sin_contacto: No tiene Tcon_Celular cargado.' },
        { person: 'Eva Paz', error: 'webhook_tiempo' },
        { person: '', error: '' },
      ],
    };
    const report = aReport({ faults: [aFault({ execution, detail: '2 de 10 entregas aceptadas.' })] });
    const mail = composeAdminMail(opening, anIncident({ reason: 'entregas_fallidas' }), report, zone);
    expect(mail.subject).toBe('[Vigía] Farmacia Norte: entregas fallidas');
    expect(mail.text).toBe(`Farmacia Norte: entregas fallidas

Empresa: Farmacia Norte (E001)
Motivo: entregas fallidas (entregas_fallidas)
Cuándo: 02/03/2026 09:00:00 (hora de America/Argentina/Buenos_Aires).
Fallas: 1.

000004 Facturas impagas, ejecución 7 — 02/03/2026 09:00:00
  Debía salir: 02/03/2026 08:30:00
  Entregados: 2 de 10; con más intentos por delante: 1.
  Sin entregar a Ana Gómez: el webhook respondió 410.
  Sin entregar a Luis Romero: no tiene Tcon_Celular cargado.
  Sin entregar a Eva Paz: el webhook no respondió a tiempo.
  Sin entregar a alguien sin nombre.
  Sin entregar a 3 más: están en CT_Alertas_Mensajes.

Qué hacer: Vea en el detalle qué faltó entregar y por qué; corrija la causa y reenvíe lo que falló.`);
    for (const part of ['000004 Facturas impagas', 'Entregados: 2 de 10', 'Ana Gómez', 'Qué hacer']) {
      expect(mail.html).toContain(part);
    }
  });

  test('cannot be given markup or headers by a name', () => {
    const report = aReport({
      tenantName: 'Sur\r\nBcc: x@example.com <b>',
      faults: [
        aFault({ alert: { code: '1', name: '<script>alert("1")</script>' }, detail: "<img src='x'>" }),
      ],
    });
    const mail = composeAdminMail(opening, anIncident(), report, zone);
    expect(mail.subject).toBe('[Vigía] Sur Bcc: x@example.com <b>: la base de la empresa no responde');
    expect(mail.html).not.toMatch(/<script|<img|<b>:/);
    expect(mail.html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(mail.html).toContain('&lt;img src=&#39;x&#39;&gt;');
  });

  test('counts what it does not list', () => {
    const mail = composeAdminMail(
      { kind: 'digest' },
      anIncident({ faults: 10_000 }),
      aReport({ unreported: 9_999 }),
      zone,
    );
    expect(mail.subject).toContain('Sigue (9999 fallas nuevas)');
    expect(mail.text).toContain('Fallas: 10000, de ellas 9999 nuevas.');
    expect(mail.text).toContain('… y 9998 fallas más: están en CT_Scheduler_Fallas.');
  });

  test.each([
    ['recovered', 'Lo que fallaba volvió a funcionar.', 'Lo que no se entregó mientras fallaba no sale solo'],
    ['quiet', 'No hubo fallas nuevas en la última hora', 'Revise el servidor de la empresa'],
  ] as const)('says why the incident is over, and what is left to do: %s', (because, sentence, advice) => {
    const mail = composeAdminMail({ kind: 'closing', because }, anIncident(), aReport({ faults: [] }), zone);
    expect(mail.subject).toBe('[Vigía] Terminó: Farmacia Norte: la base de la empresa no responde');
    expect(mail.text).toContain(sentence);
    expect(mail.text).toContain(`Qué hacer: ${advice}`);
  });

  test('shows a foreign body on one line, without a company', () => {
    const fault = aFault({ alert: null, execution: null, body: 'hola\n<b>mundo</b>' });
    const incident = anIncident({ tenant: '', reason: 'mensaje_ajeno' });
    const mail = composeAdminMail(
      opening,
      incident,
      aReport({ tenantName: null, zone: null, faults: [fault] }),
      zone,
    );
    expect(mail.subject).toBe('[Vigía] mensaje ajeno en la cola');
    expect(mail.text).toContain('Contenido: hola <b>mundo</b>');
    expect(mail.html).toContain('hola &lt;b&gt;mundo&lt;/b&gt;');
    expect(mail.text).not.toContain('Empresa:');
  });

  test('names a company that is not in CT_Empresas by its code', () => {
    const mail = composeAdminMail(opening, anIncident({ tenant: 'E9' }), aReport({ tenantName: null }), zone);
    expect(mail.text).toContain('Empresa: E9\n');
  });

  test('takes the default zone where that of the company is none', () => {
    const mail = composeAdminMail(opening, anIncident(), aReport({ zone: 'Mars/Olympus' }), 'UTC');
    expect(mail.text).toContain('Cuándo: 02/03/2026 12:00:00 (hora de UTC).');
  });
});
