import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { createVigia } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { controlDatabase, type TestDatabase } from '../../support/control-database.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { tenantDatabase, type TestTenant } from '../../support/tenant-database.ts';
import { claimNight, insertSurroundings } from '../invariants/night-rows.ts';

let control: TestDatabase;
let erp: TestTenant;

beforeAll(async () => {
  control = await controlDatabase();
  erp = await tenantDatabase();
  await erp.run(`INSERT INTO TgeCTPersonas VALUES ('P1', N'Ana')`);
  await erp.run(`INSERT INTO TgeCTContactos VALUES ('P1', '01', '11 5555 0001', NULL)`);
  await erp.run(
    'CREATE TABLE Clientes (Id VARCHAR(6) NOT NULL, Nombre NVARCHAR(50) NULL, Movil VARCHAR(30) NULL)',
  );
  await erp.run(`INSERT INTO Clientes VALUES ('P1', N'Ana la clienta', '11 5555 0009')`);
  await insertSurroundings(control.db, erp.database.connection, '127.0.0.1:1');
});

afterAll(async () => {
  await control[Symbol.asyncDispose]();
  await erp[Symbol.asyncDispose]();
});

/** What becomes of one alert to person P1, in the program with these settings. */
async function afterDispatch(settings: Record<string, string>) {
  const [claimed] = await claimNight(control.db, [{ tenant: 'E01', type: 'FAC' }]);
  const config = loadConfig({
    CONTROL_DATABASE: control.connection,
    AzureWebJobsStorage: storageConnection(inject('ports')),
    DELIVERY_MODE: 'record',
    ...settings,
  });
  const lines: string[] = [];
  const program = createVigia(config, {
    clock: clockAt('2026-03-02T15:49:00Z'),
    write: (line) => lines.push(line),
  });
  await program.dispatchAlert({ executionId: claimed?.id });
  await program.close();
  const execution = await control.db
    .selectFrom('CT_Scheduler_Alertas')
    .select(['sch_Estado', 'sch_Motivo', 'sch_DetalleError'])
    .executeTakeFirstOrThrow();
  const sent = await control.db.selectFrom('CT_Alertas_Mensajes').select('msg_Destino').execute();
  return { execution, sent: sent.map(({ msg_Destino }) => msg_Destino), log: lines.join('') };
}

test('LOOKUP_PERSON_SQL finds the person instead of the usual tables', async () => {
  const lookup = `SELECT Id AS persona, Nombre AS nombre, '1' AS contacto, Movil AS celular, NULL AS mail FROM Clientes WHERE Id = @persona`;
  expect((await afterDispatch({})).sent).toEqual(['+5491155550001']);
  expect(await afterDispatch({ LOOKUP_PERSON_SQL: lookup })).toMatchObject({
    execution: { sch_Estado: 'ENVIADA' },
    sent: ['+5491155550009'],
  });
});

test('one that lacks a column is told as a fault of the configuration', async () => {
  const lookup =
    'SELECT Id AS persona, Nombre AS nombre, Movil AS celular, NULL AS mail FROM Clientes WHERE Id = @persona';
  expect(await afterDispatch({ LOOKUP_PERSON_SQL: lookup })).toMatchObject({
    execution: {
      sch_Estado: 'ERROR',
      sch_Motivo: 'configuracion_invalida',
      sch_DetalleError: 'LOOKUP_PERSON_SQL no da la columna contacto.',
    },
    sent: [],
  });
});

test('TENANT_REQUIRE_READONLY refuses a login that can write, which is only warned of without it', async () => {
  const lenient = await afterDispatch({});
  expect(lenient.execution.sch_Estado).toBe('ENVIADA');
  expect(lenient.log).toContain(
    '"event":"tenant.writable-login","tenant":"E01","rights":"INSERT, UPDATE, DELETE,',
  );
  expect(await afterDispatch({ TENANT_REQUIRE_READONLY: 'true' })).toMatchObject({
    execution: { sch_Estado: 'ERROR', sch_Motivo: 'empresa_puede_escribir' },
    sent: [],
  });
});
