import { z } from 'zod';
import type { Contact, LookupRecipients, Person } from '../../dispatch/prepare/lookup-recipients.ts';
import type { TenantAnswer } from '../../dispatch/prepare/tenant-answer.ts';
import { bound } from './bind-parameters.ts';
import {
  lookupColumns,
  lookupStatements,
  type LookupStatement,
  type OwnLookups,
} from './lookup-statements.ts';
import { readRows, type RawRows, type ResultColumn } from './read-rows.ts';
import { TenantRefusal, type TenantFault } from './tenant-fault.ts';
import type { InTenantSession } from './tenant-sessions.ts';

/** Far above every recipient limit; what a broken join would give. */
const limits = { timeoutMs: 15_000, rows: 200_000 };

/** Codes may be numbers, and CHAR columns are padded. */
const text = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
/** In the order of lookupColumns. */
const Row = z.tuple([text, text.nullable(), text.nullable(), text.nullable(), text.nullable()]);

export function lookupRecipients(inSession: InTenantSession, own: OwnLookups): LookupRecipients {
  const statements = lookupStatements(own);
  return async (tenant, target, signal) => {
    const [statement, parameter] =
      target.kind === 'person'
        ? [statements.person, bound('persona', target.person)]
        : [statements.profile, bound('perfil', target.profile)];
    const answer = await inSession(tenant, signal, async ({ connection }) =>
      personsOf(await readRows(connection, statement.sql, [parameter], limits, signal), statement),
    );
    return aboutTheLookup(answer, own[target.kind] === null ? '' : ` con ${statement.setting}`);
  };
}

function personsOf({ columns, rows, truncated }: RawRows, statement: LookupStatement): readonly Person[] {
  if (truncated) throw tooMany(rows.length);
  const places = placesOf(columns, statement);
  const persons = new Map<string, { name: string; contacts: Map<string, Contact> }>();
  for (const row of rows) {
    const read = Row.safeParse(places.map((place) => row[place]));
    if (!read.success) throw unreadable(read.error, statement);
    const [code, name, contact, phone, mail] = read.data;
    const person = persons.get(code) ?? { name: name ?? code, contacts: new Map<string, Contact>() };
    persons.set(code, person);
    if (contact !== null && !person.contacts.has(contact))
      person.contacts.set(contact, { code: contact, phone, mail });
  }
  return [...persons]
    .map(([code, { name, contacts }]) => ({ code, name, contacts: [...contacts.values()] }))
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

/** Where each of lookupColumns stands in a row. */
function placesOf(columns: readonly ResultColumn[], { setting }: LookupStatement): readonly number[] {
  const given = columns.map(({ colName }) => colName.toLowerCase());
  const missing = lookupColumns.filter((name) => !given.includes(name));
  if (missing.length > 0) {
    const which = missing.length === 1 ? 'la columna' : 'las columnas';
    throw refusal('configuracion_invalida', `${setting} no da ${which} ${missing.join(', ')}.`);
  }
  return lookupColumns.map((name) => given.indexOf(name));
}

function unreadable({ issues: [issue] }: z.ZodError, { setting }: LookupStatement): TenantRefusal {
  const column = lookupColumns[Number(issue?.path[0] ?? 0)];
  const wanted = column === 'persona' ? 'un texto o un número, nunca NULL' : 'un texto, un número o NULL';
  return refusal('configuracion_invalida', `${setting}: la columna ${column} debe dar ${wanted}.`);
}

/** Part of them would be worse than none: nobody would know who is missing. */
function tooMany(rows: number): TenantRefusal {
  return refusal(
    'demasiados_destinatarios',
    `El perfil tiene más de ${rows} contactos: es más de lo que se puede leer de una vez.`,
  );
}

function refusal(reason: TenantFault['reason'], detail: string): TenantRefusal {
  return new TenantRefusal({ kind: 'final', reason, detail, connection: 'worked' });
}

/** The statement is not the alert's query: nobody should look for the mistake there. A slow one may pass. */
function aboutTheLookup<T>(answer: TenantAnswer<T>, withSetting: string): TenantAnswer<T> {
  if (answer.kind === 'answer') return answer;
  const detail = `Al buscar los destinatarios${withSetting}: ${answer.detail}`;
  if (answer.reason === 'consulta_tiempo')
    return { kind: 'passing', reason: 'empresa_no_disponible', detail };
  return answer.reason === 'consulta_error' ? { ...answer, detail } : answer;
}
