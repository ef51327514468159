/** What is asked for the recipients: the product's own statement, or the installation's. */
export interface LookupStatement {
  sql: string;
  /** Where an installation gives its own. */
  setting: 'LOOKUP_PERSON_SQL' | 'LOOKUP_PROFILE_SQL';
}

/** LOOKUP_PERSON_SQL and LOOKUP_PROFILE_SQL: null where the ERP has the usual tables. */
export interface OwnLookups {
  person: string | null;
  profile: string | null;
}

/**
 * What every look-up gives, in any order: a row per contact, and one without contact for who has none. An
 * installation's own statement was checked to be one SELECT; its columns are seen only here.
 */
export const lookupColumns = ['persona', 'nombre', 'contacto', 'celular', 'mail'] as const;

export function lookupStatements(own: OwnLookups): { person: LookupStatement; profile: LookupStatement } {
  return {
    person: { sql: own.person ?? selectPerson, setting: 'LOOKUP_PERSON_SQL' },
    profile: { sql: own.profile ?? selectProfile, setting: 'LOOKUP_PROFILE_SQL' },
  };
}

/* The only SQL that knows the ERP's tables. It runs on SQL Server 2012 and later. */

const columns = `p.Tper_Cod AS persona, p.Tper_Nombre AS nombre, c.Tcon_Cod AS contacto, c.Tcon_Celular AS celular,
  c.Tcon_Email AS mail`;

const selectPerson = `SELECT ${columns}
FROM TgeCTPersonas p
LEFT JOIN TgeCTContactos c ON c.Tconper_Cod = p.Tper_Cod
WHERE p.Tper_Cod = @persona
ORDER BY p.Tper_Cod, c.Tcon_Cod`;

const selectProfile = `SELECT ${columns}
FROM TgeCTPerfiles f
JOIN TgeCTRel_Persona_Perfil r ON r.Trelprf_Cod = f.Tprf_Cod
JOIN TgeCTPersonas p ON p.Tper_Cod = r.Trelper_Cod
LEFT JOIN TgeCTContactos c ON c.Tconper_Cod = p.Tper_Cod
WHERE f.Tprf_Cod = @perfil
ORDER BY p.Tper_Cod, c.Tcon_Cod`;
