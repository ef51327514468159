import { expect, test } from 'vitest';
import { findProblems } from '../../../src/manage/problems/find-problems.ts';
import type { Judges } from '../../../src/manage/problems/finding.ts';
import type { StoredConfiguration } from '../../../src/manage/problems/stored-configuration.ts';
import { keepWritableLogins } from '../../../src/wiring/writable-logins.ts';
import type { Tenant } from '../../../src/domain/tenant.ts';
import { keptLog } from '../../support/kept-log.ts';
import { clockAt } from '../../support/moved-clock.ts';

const tenant = (code: string): Tenant => ({
  ...{ code, name: code, connection: 'x', zone: 'UTC', country: 'AR', active: true },
});
const stored: StoredConfiguration = {
  ...{ alerts: [], webhooks: [], queries: [], templates: [], users: [], met: [] },
  administrators: [{ adm_id: 1, adm_Email: 'ana@example.com', admemp_Cod: null }],
  tenants: [{ emp_Cod: 'E1', emp_Conexion: 'x', emp_ZonaHoraria: null, emp_Pais: null }],
};
const judges = (writableLogins: Judges['writableLogins']): Judges => ({
  isOurs: () => true,
  judgeAlert: () => [],
  judgeWebhook: () => [],
  judgeQuery: () => [],
  judgeTemplate: () => [],
  judgeTenant: async () => [],
  judgeAdministrator: () => [],
  writableLogins,
  settings: [],
});
const settings = { timeZone: 'UTC', weekStartsOn: 'monday' } as const;

test('a login that this process has seen to be able to write is a problem since it was first seen, until it is mended', async () => {
  const clock = clockAt('2026-03-02T13:00:00Z');
  const log = keptLog();
  const { onLogin, writableLogins } = keepWritableLogins({ clock, log });
  const problems = () => findProblems(stored, judges(writableLogins), settings);
  onLogin(tenant('E1'), []);
  expect(await problems()).toEqual([]);
  onLogin(tenant('E1'), ['INSERT']);
  await clock.moveBy({ hours: 1 });
  onLogin(tenant('E1'), ['INSERT', 'DELETE']);
  expect(await problems()).toEqual([
    {
      table: 'CT_Empresas',
      code: 'E1',
      column: 'emp_Conexion',
      value: null,
      reason: 'empresa_login_escribe',
      detail: 'El usuario de emp_Conexion puede escribir: tiene INSERT, DELETE.',
      tenant: 'E1',
      since: expect.objectContaining({ epochMilliseconds: Date.parse('2026-03-02T13:00:00Z') }),
    },
  ]);
  expect(log.events.map(({ fields }) => fields['rights'])).toEqual(['INSERT', 'INSERT, DELETE']);
  onLogin(tenant('E1'), []);
  expect(await problems()).toEqual([]);
});

test('a login that could write is nobody’s problem any more once the connection is another one', async () => {
  const { onLogin, writableLogins } = keepWritableLogins({
    clock: clockAt('2026-03-02T13:00:00Z'),
    log: keptLog(),
  });
  onLogin(tenant('E1'), ['INSERT']);
  const changed = stored.tenants.map((row) => ({ ...row, emp_Conexion: 'y' }));
  expect(await findProblems({ ...stored, tenants: changed }, judges(writableLogins), settings)).toEqual([]);
});
