/* Invariant 8 of the pipeline: no secret appears in a log line, an error, a record, a mail or a queue message. */
import { expect, test } from 'vitest';
import { nudge } from '../../../src/domain/nudge.ts';
import { sqlFaults } from '../../support/sql-faults.ts';
import { aSecretiveWorld, codeOf } from './secretive-world.ts';

type World = Awaited<ReturnType<typeof aSecretiveWorld>>;

/** Alerts are claimed, prepared, delivered and reported, and in a whole day delivered again. */
async function aDay(world: World, app: ReturnType<World['app']>, length: 'whole' | 'half'): Promise<void> {
  const { clock, attempt, executions } = world;
  const dispatchAll = async () => {
    const open = await executions();
    const dispatches = open.map((executionId) => attempt(() => app.dispatchAlert({ executionId })));
    // On a busy machine something may time out and be waited for.
    const passing = setInterval(() => void clock.moveBy({ seconds: 1 }), 1_000);
    await Promise.all(dispatches);
    clearInterval(passing);
  };
  await app.scanDueAlerts();
  await clock.moveBy({ seconds: 30 });
  await dispatchAll();
  if (length === 'whole') {
    await clock.moveBy({ minutes: 3 });
    await dispatchAll();
    await clock.moveBy({ hours: 1 });
    await app.scanDueAlerts();
    await dispatchAll();
  }
  await app.reportPoison(nudge);
}

test('whatever fails and whoever repeats it, no secret leaves', { timeout: 120_000 }, async () => {
  await using world = await aSecretiveWorld();
  const { secrets, settings, scenarios, attempt, clock, mailServer } = world;

  const everyThird = scenarios.flatMap((_, index) => (index % 3 === 0 ? [`alert:${codeOf(index)}`] : []));
  const first = world.app({ LOG_FORMAT: 'text', ALERTS_ONLY: everyThird.join() });
  await aDay(world, first, 'half');
  expect(mailServer.refusals).toBeGreaterThan(0);
  const everySecret = secrets.all().join(' ; ');
  for (const told of [
    everySecret,
    { note: everySecret, again: { url: `https://x/${encodeURIComponent(everySecret)}` } },
    `${'x'.repeat(3_990)}${secrets.all().at(-1)}`,
    Buffer.from(everySecret).toString('base64'),
  ]) {
    await attempt(() => first.dispatchAlert(told));
    await attempt(() => first.reportPoison(told));
  }
  await first.close();

  mailServer.accepts = true;
  await clock.moveTo('2026-03-03T15:48:30Z');
  const second = world.app();
  await aDay(world, second, 'whole');
  await second.close();
  expect(mailServer.mails.length).toBeGreaterThan(10);

  {
    await using faults = sqlFaults(world.control.connection);
    await faults.add({ kind: 'refuse-login' });
    const third = world.app();
    await attempt(() => third.scanDueAlerts());
    await attempt(() => third.dispatchAlert({ executionId: 1 }));
    await attempt(() => third.reportPoison(nudge));
    await third.close();
  }
  for (const name of ['CONTROL_DATABASE', 'AzureWebJobsStorage', 'SMTP_USER', 'SMTP_PORT'] as const) {
    const value = settings[name] ?? '';
    for (const broken of ['', value.replaceAll('=', ''), `${value};Extra=1`]) {
      await attempt(async () => {
        const app = world.app({ [name]: broken });
        await app.dispatchAlert({ executionId: 1 });
        await app.close();
      });
    }
  }

  const everything = await world.everything();
  const leaks = Object.entries(everything).flatMap(([where, text]) =>
    secrets.leaksIn(text).map((name) => `${name} in ${where}`),
  );
  expect(leaks).toEqual([]);

  expect(everything['CT_Alertas_Intentos']?.match(/•••/g)?.length).toBeGreaterThan(scenarios.length / 2);
  const executions = everything['CT_Scheduler_Alertas'];
  for (const reason of [
    'configuracion_invalida',
    'consulta_error',
    'consulta_rechazada',
    'empresa_conexion_invalida',
    'empresa_login',
    'entregas_fallidas',
    'plantilla_invalida',
  ]) {
    expect(executions).toContain(reason);
  }
  const deliveries = everything['CT_Alertas_Mensajes'];
  for (const reason of ['direccion', 'fallo', 'rechazo', 'red', 'tiempo']) {
    expect(deliveries).toContain(`webhook_${reason}: `);
  }
  expect(everything['mails']).toContain('LOGIN');
  expect(everything['errors']).toContain('Login failed');
});
