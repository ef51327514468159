import { TimeoutError } from 'tarn';
import { expect, test } from 'vitest';
import { faultOf, LoginError, TenantRefusal } from '../../../../src/adapters/tenant-mssql/tenant-fault.ts';

/** As the driver gives it. */
function sqlError(number: number) {
  return Object.assign(new Error('What the server said.'), { code: 'EREQUEST', number });
}

function driverError(code: string, cause?: unknown) {
  return Object.assign(new Error('with server.example.com', { cause }), { code });
}

test.each([
  ['a deadlock', sqlError(1205), 'passing', 'empresa_no_disponible', 'worked'],
  ['a lock time-out', sqlError(1222), 'passing', 'empresa_no_disponible', 'worked'],
  ['a database that moves', sqlError(40613), 'passing', 'empresa_no_disponible', 'failed'],
  ['a database that recovers', sqlError(922), 'passing', 'empresa_no_disponible', 'failed'],
  ['a missing table', sqlError(208), 'final', 'consulta_error', 'worked'],
  ['a parameter that the driver cannot send', driverError('EPARAM'), 'final', 'consulta_error', 'worked'],
  ['a conversion', sqlError(245), 'final', 'consulta_error', 'worked'],
  [
    'a socket',
    driverError('ESOCKET', driverError('ECONNREFUSED')),
    'passing',
    'empresa_no_disponible',
    'failed',
  ],
  ['a login time-out', driverError('ETIMEOUT'), 'passing', 'empresa_no_disponible', 'failed'],
  ['a closed connection', driverError('ECLOSE'), 'passing', 'empresa_no_disponible', 'failed'],
  ['a dropped connection', driverError('ECONNRESET'), 'passing', 'empresa_no_disponible', 'failed'],
  ['no free connection', new TimeoutError('too late'), 'passing', 'empresa_no_disponible', 'unknown'],
  [
    'several errors at once, of which the first says why,',
    new AggregateError([sqlError(1222), sqlError(3903)]),
    'passing',
    'empresa_no_disponible',
    'worked',
  ],
  [
    'a login refused',
    new LoginError('Login failed.', [18456], undefined),
    'final',
    'empresa_login',
    'failed',
  ],
  [
    'no such database',
    new LoginError('Cannot open.', [4060, 18456], undefined),
    'final',
    'empresa_login',
    'failed',
  ],
  [
    'a login while the database moves',
    new LoginError('Later.', [40613], undefined),
    'passing',
    'empresa_no_disponible',
    'failed',
  ],
])('%s is %s', (_, error, kind, reason, connection) => {
  expect(faultOf(error)).toMatchObject({ kind, reason, connection });
});

test('what was found out about the database is given as it is', () => {
  const fault = {
    kind: 'final',
    reason: 'empresa_es_control',
    detail: 'Es de control.',
    connection: 'worked',
  } as const;
  expect(faultOf(new TenantRefusal(fault))).toBe(fault);
});

test('the driver’s own messages are not shown, because they hold addresses; its codes are', () => {
  const { detail } = faultOf(driverError('ESOCKET', driverError('ECONNREFUSED')));
  expect(detail).toBe('No se pudo hablar con la base de la empresa (ESOCKET, ECONNREFUSED).');
});

test.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
  'a certificate that is refused (%s) is waited for, and told as such',
  (code) => {
    expect(faultOf(driverError('ESOCKET', driverError(code)))).toMatchObject({
      kind: 'passing',
      detail: `El certificado del servidor de la empresa no es de confianza (ESOCKET, ${code}).`,
      advice: expect.stringContaining('TrustServerCertificate=True'),
    });
  },
);

test('a bug of ours is thrown', () => {
  const bug = new TypeError('x is not a function');
  expect(() => faultOf(bug)).toThrow(bug);
});
