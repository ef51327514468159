import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecipientTarget } from '../../../src/dispatch/prepare/lookup-recipients.ts';
import { sqlProxy } from '../../support/sql-proxy.ts';
import { tenantAt, tenantDatabase, type TestTenant } from '../../support/tenant-database.ts';
import { databases, never } from './asked-databases.ts';

/** Of all tests but those that put their own people into it. */
let erp: TestTenant;

beforeAll(async () => {
  erp = await tenantDatabase();
});

afterAll(() => erp[Symbol.asyncDispose]());

describe('recipients', () => {
  test('a person comes with every contact, a profile with every member once', async () => {
    await using own = await tenantDatabase();
    await own.run(
      `INSERT INTO TgeCTPersonas VALUES ('P1', N'Ana Ñandú'), ('P2', NULL), ('P3', N'Sola'), ('P4', N'Otro')`,
    );
    await own.run(`INSERT INTO TgeCTContactos VALUES ('P1', '02', '1122334455', NULL), ('P1', '01', NULL, 'ana@example.com'),
      ('P2', '01', '1199887766', 'dos@example.com'), ('P4', '01', '1', '2')`);
    await own.run(`INSERT INTO TgeCTPerfiles VALUES ('VENTAS', N'Ventas'), ('NADIE', NULL)`);
    await own.run(
      `INSERT INTO TgeCTRel_Persona_Perfil VALUES ('P3', 'VENTAS'), ('P1', 'VENTAS'), ('P2', 'VENTAS'), ('P4', 'OTRO')`,
    );
    await using asked = databases();
    const { lookupRecipients } = asked;
    const ana = {
      code: 'P1',
      name: 'Ana Ñandú',
      contacts: [
        { code: '01', phone: null, mail: 'ana@example.com' },
        { code: '02', phone: '1122334455', mail: null },
      ],
    };
    const person = (code: string) =>
      lookupRecipients(own.tenant, { kind: 'person', person: code, contact: null }, never);
    const profile = (code: string) => lookupRecipients(own.tenant, { kind: 'profile', profile: code }, never);

    await expect(person('P1')).resolves.toEqual({ kind: 'answer', value: [ana] });
    await expect(person('P9')).resolves.toEqual({ kind: 'answer', value: [] });
    await expect(profile('NADIE')).resolves.toEqual({ kind: 'answer', value: [] });
    await expect(profile('VENTAS')).resolves.toEqual({
      kind: 'answer',
      value: [
        ana,
        { code: 'P2', name: 'P2', contacts: [{ code: '01', phone: '1199887766', mail: 'dos@example.com' }] },
        { code: 'P3', name: 'Sola', contacts: [] },
      ],
    });
  });

  test('more than can be read at once are refused, not read in part', async () => {
    await using own = await tenantDatabase();
    await own.run(`INSERT INTO TgeCTPersonas VALUES ('P1', REPLICATE(N'x', 100))`);
    await own.run(`INSERT INTO TgeCTPerfiles VALUES ('TODOS', NULL)`);
    await own.run(`INSERT INTO TgeCTRel_Persona_Perfil VALUES ('P1', 'TODOS')`);
    const mails = JSON.stringify(
      Array.from({ length: 25_000 }, (_, index) => ({ code: index.toString(36) })),
    );
    await own.run(`INSERT INTO TgeCTContactos (Tconper_Cod, Tcon_Cod, Tcon_Email)
      SELECT 'P1', code, REPLICATE('x', 100) FROM OPENJSON('${mails}') WITH (code VARCHAR(6))`);
    await using asked = databases();
    const answer = await asked.lookupRecipients(own.tenant, { kind: 'profile', profile: 'TODOS' }, never);
    expect(answer).toMatchObject({ kind: 'final', reason: 'demasiados_destinatarios' });
  });

  test('cost one round trip on a kept connection', async () => {
    await using proxy = await sqlProxy(erp.database.connection);
    await using asked = databases();
    const lookUp = () =>
      asked.lookupRecipients(tenantAt('E1', proxy.connection), { kind: 'profile', profile: 'X' }, never);
    await lookUp();
    const before = proxy.messages();
    await lookUp();
    expect(proxy.messages() - before).toBe(1);
  });

  test('a database without those tables says that the look-up failed, not the query', async () => {
    await using own = await tenantDatabase();
    await own.run('DROP TABLE TgeCTContactos');
    await using asked = databases();
    const { lookupRecipients } = asked;
    await expect(lookupRecipients(own.tenant, { kind: 'profile', profile: 'X' }, never)).resolves.toEqual({
      kind: 'final',
      reason: 'consulta_error',
      detail: expect.stringMatching(
        /^Al buscar los destinatarios: SQL Server respondió 208: .*TgeCTContactos/,
      ),
    });
  });
});

describe('look-ups of an installation’s own', () => {
  const lookUp = async (lookups: { person?: string; profile?: string }, target: RecipientTarget) => {
    await using asked = databases({ lookups: { person: null, profile: null, ...lookups } });
    return await asked.lookupRecipients(erp.tenant, target, never);
  };
  const ana = { kind: 'person', person: '7', contact: null } as const;

  test('give the columns in any order and case, beside others, with numbers as codes', async () => {
    const profile = `SELECT v.edad, v.mail, v.celular AS CELULAR, v.contacto, v.nombre AS Nombre, v.persona
      FROM (VALUES (40, 'b@x.com', 1155550002, 1, N'Beto', 8), (30, NULL, 1155550001, 1, N'Ana', 7), (31, 'a@x.com', NULL, 2, N'Ana', 7),
        (50, NULL, NULL, NULL, NULL, 9)) AS v(edad, mail, celular, contacto, nombre, persona) WHERE @perfil = 'VENTAS'`;
    await expect(lookUp({ profile }, { kind: 'profile', profile: 'VENTAS' })).resolves.toEqual({
      kind: 'answer',
      value: [
        {
          code: '7',
          name: 'Ana',
          contacts: [
            { code: '1', phone: '1155550001', mail: null },
            { code: '2', phone: null, mail: 'a@x.com' },
          ],
        },
        { code: '8', name: 'Beto', contacts: [{ code: '1', phone: '1155550002', mail: 'b@x.com' }] },
        { code: '9', name: '9', contacts: [] },
      ],
    });
    await expect(lookUp({ profile }, { kind: 'profile', profile: 'OTRO' })).resolves.toMatchObject({
      value: [],
    });
  });

  test('that lack a column end with its name, also where nobody is found', async () => {
    const person = `SELECT @persona AS persona, 'Ana' AS nombre, '1' AS contacto WHERE 1 = 0`;
    await expect(lookUp({ person }, ana)).resolves.toEqual({
      kind: 'final',
      reason: 'configuracion_invalida',
      detail: 'LOOKUP_PERSON_SQL no da las columnas celular, mail.',
    });
  });

  test.each([
    [
      'CAST(NULL AS VARCHAR(6)) AS persona, NULL AS mail',
      'persona debe dar un texto o un número, nunca NULL',
    ],
    [`@persona AS persona, CAST('2026-03-02' AS DATE) AS mail`, 'mail debe dar un texto, un número o NULL'],
  ])('that give %s end with the column’s name', async (columns, problem) => {
    const person = `SELECT ${columns}, @persona AS contacto, NULL AS nombre, NULL AS celular`;
    await expect(lookUp({ person }, ana)).resolves.toEqual({
      kind: 'final',
      reason: 'configuracion_invalida',
      detail: `LOOKUP_PERSON_SQL: la columna ${problem}.`,
    });
  });
});
