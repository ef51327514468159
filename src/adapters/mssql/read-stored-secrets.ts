import type { Kysely } from 'kysely';
import type { ControlSchema } from './schema.ts';

/** As they stand in their columns, of inactive rows too. */
export interface StoredSecrets {
  connections: readonly string[];
  webhooks: readonly { url: string | null; secret: string | null; headers: string | null }[];
}

/** What customers keep in the control database and no text from outside may show. */
export function readStoredSecrets(db: Kysely<ControlSchema>): () => Promise<StoredSecrets> {
  return async () => {
    const tenants = await db.selectFrom('CT_Empresas').select('emp_Conexion as connection').execute();
    const webhooks = await db
      .selectFrom('CT_Alertas_Webhooks')
      .select(['whk_Url as url', 'whk_Secreto as secret', 'whk_Cabeceras as headers'])
      .execute();
    return { connections: tenants.map(({ connection }) => connection ?? ''), webhooks };
  };
}
