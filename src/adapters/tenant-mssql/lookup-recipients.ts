import { z } from 'zod';
import type { Contact, LookupRecipients, Person } from '../../dispatch/prepare/lookup-recipients.ts';
import type { TenantAnswer } from '../../dispatch/prepare/tenant-answer.ts';
import { bound } from './bind-parameters.ts';
import { selectPerson, selectProfile } from './lookup-statements.ts';
import { readRows, type RawRows } from './read-rows.ts';
import { TenantRefusal } from './tenant-fault.ts';
import type { InTenantSession } from './tenant-sessions.ts';

/** Far above every recipient limit; what a broken join would give. */
const limits = { timeoutMs: 15_000, rows: 200_000 };

/** Codes may be numbers, and CHAR columns are padded. */
const text = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
const Row = z.tuple([text, text.nullable(), text.nullable(), text.nullable(), text.nullable()]);

export function lookupRecipients(inSession: InTenantSession): LookupRecipients {
  return async (tenant, target, signal) => {
    const [sql, parameter] =
      target.kind === 'person'
        ? [selectPerson, bound('persona', target.person)]
        : [selectProfile, bound('perfil', target.profile)];
    const answer = await inSession(tenant, signal, ({ connection }) =>
      readRows(connection, sql, [parameter], limits, signal).then(personsOf),
    );
    return aboutTheLookup(answer);
  };
}

function personsOf({ rows, truncated }: RawRows): readonly Person[] {
  if (truncated) throw tooMany(rows.length);
  const persons = new Map<string, { name: string; contacts: Map<string, Contact> }>();
  for (const row of rows) {
    const [code, name, contact, phone, mail] = Row.parse(row);
    const person = persons.get(code) ?? { name: name ?? code, contacts: new Map<string, Contact>() };
    persons.set(code, person);
    if (contact !== null && !person.contacts.has(contact))
      person.contacts.set(contact, { code: contact, phone, mail });
  }
  return [...persons].map(([code, { name, contacts }]) => ({ code, name, contacts: [...contacts.values()] }));
}

/** Part of them would be worse than none: nobody would know who is missing. */
function tooMany(rows: number): TenantRefusal {
  const detail = `El perfil tiene más de ${rows} contactos: es más de lo que se puede leer de una vez.`;
  return new TenantRefusal({
    kind: 'final',
    reason: 'demasiados_destinatarios',
    detail,
    connection: 'worked',
  });
}

/** The statement is ours: an operator should not look for the mistake in the alert's query. A slow one may pass. */
function aboutTheLookup<T>(answer: TenantAnswer<T>): TenantAnswer<T> {
  if (answer.kind === 'answer') return answer;
  const detail = `Al buscar los destinatarios: ${answer.detail}`;
  if (answer.reason === 'consulta_tiempo')
    return { kind: 'passing', reason: 'empresa_no_disponible', detail };
  return answer.reason === 'consulta_error' ? { ...answer, detail } : answer;
}
