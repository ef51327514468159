import { expect, test } from 'vitest';
import { lookupRecipients } from '../../../../src/adapters/tenant-mssql/lookup-recipients.ts';
import type { InTenantSession } from '../../../../src/adapters/tenant-mssql/tenant-sessions.ts';
import { tenantAt } from '../../../support/tenant-database.ts';

const tenant = tenantAt('E1', 'Server=erp.example.com;Database=Acme;User Id=vigia;Password=una clave');

test('a look-up past its time limit may do later; a wrong one is said to be the look-up', async () => {
  const ended = async (reason: 'consulta_tiempo' | 'consulta_error') => {
    const inSession: InTenantSession = async () => ({ kind: 'final', reason, detail: 'No.' });
    const lookUp = lookupRecipients(inSession, { person: null, profile: null });
    return await lookUp(tenant, { kind: 'profile', profile: 'P' }, AbortSignal.any([]));
  };
  const detail = 'Al buscar los destinatarios: No.';
  expect(await ended('consulta_tiempo')).toEqual({
    kind: 'passing',
    reason: 'empresa_no_disponible',
    detail,
  });
  expect(await ended('consulta_error')).toEqual({ kind: 'final', reason: 'consulta_error', detail });
});

test.each([
  [{ kind: 'person', person: 'P1', contact: null } as const, 'LOOKUP_PERSON_SQL'],
  [{ kind: 'profile', profile: 'P' } as const, 'LOOKUP_PROFILE_SQL'],
])('a wrong look-up of the settings is named: %j', async (target, setting) => {
  const inSession: InTenantSession = async () => ({ kind: 'final', reason: 'consulta_error', detail: 'No.' });
  const lookUp = lookupRecipients(inSession, { person: 'SELECT …', profile: 'SELECT …' });
  expect(await lookUp(tenant, target, AbortSignal.any([]))).toMatchObject({
    detail: `Al buscar los destinatarios con ${setting}: No.`,
  });
});
