import type { Kysely } from 'kysely';
import type { RecordAct } from '../../manage/routes/scan.ts';
import { auditEntry } from './audit-entry.ts';
import type { ControlSchema } from './schema.ts';

export function recordAct(db: Kysely<ControlSchema>): RecordAct {
  return async (act) => {
    await auditEntry(act).execute(db);
  };
}
