import { sql, type Kysely } from 'kysely';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';

export const tenantTables = [
  'TgeCTPersonas',
  'TgeCTContactos',
  'TgeCTPerfiles',
  'TgeCTRel_Persona_Perfil',
  'VtaFacturas',
];

export async function createTenantTables(db: Kysely<ControlSchema>) {
  await sql`
    CREATE TABLE TgeCTPersonas (Tper_Cod VARCHAR(10) NOT NULL PRIMARY KEY, Tper_Nombre NVARCHAR(100) NOT NULL);
    CREATE TABLE TgeCTContactos (Tcon_Cod VARCHAR(10) NOT NULL PRIMARY KEY, Tconper_Cod VARCHAR(10) NOT NULL,
      Tcon_Celular VARCHAR(50) NULL, Tcon_Email VARCHAR(100) NULL);
    CREATE TABLE TgeCTPerfiles (Tprf_Cod VARCHAR(10) NOT NULL PRIMARY KEY, Tprf_Nombre VARCHAR(100) NOT NULL);
    CREATE TABLE TgeCTRel_Persona_Perfil (Trelper_Cod VARCHAR(10) NOT NULL, Trelprf_Cod VARCHAR(10) NOT NULL,
      PRIMARY KEY (Trelper_Cod, Trelprf_Cod));
    CREATE TABLE VtaFacturas (fac_Numero VARCHAR(20) NOT NULL PRIMARY KEY, fac_Cliente NVARCHAR(100) NOT NULL,
      fac_Saldo DECIMAL(14, 2) NOT NULL)`.execute(db);
}

/** Everyone belongs to the profile COB. */
export async function fillTenant(
  db: Kysely<ControlSchema>,
  persons: readonly { code: string; phone: string | null }[],
) {
  const json = JSON.stringify(persons.map((person) => ({ ...person, name: `Persona ${person.code} Ñandú` })));
  await sql`
    INSERT INTO TgeCTPersonas (Tper_Cod, Tper_Nombre)
    SELECT code, name FROM OPENJSON(${json}) WITH (code VARCHAR(10), name NVARCHAR(100));
    INSERT INTO TgeCTContactos (Tcon_Cod, Tconper_Cod, Tcon_Celular)
    SELECT code, code, phone FROM OPENJSON(${json}) WITH (code VARCHAR(10), phone VARCHAR(50));
    INSERT INTO TgeCTPerfiles (Tprf_Cod, Tprf_Nombre) VALUES ('COB', 'Cobranzas');
    INSERT INTO TgeCTRel_Persona_Perfil (Trelper_Cod, Trelprf_Cod)
    SELECT code, 'COB' FROM OPENJSON(${json}) WITH (code VARCHAR(10));
    INSERT INTO VtaFacturas (fac_Numero, fac_Cliente, fac_Saldo) VALUES ('A-1', 'Corralón San Martín', 1500.5)`.execute(
    db,
  );
}

export async function fillControl(db: Kysely<ControlSchema>, connection: string, host: string) {
  await db
    .insertInto('CT_Empresas')
    .values({
      emp_Cod: '0001',
      emp_Nombre: 'Farmacia Norte',
      emp_Conexion: Buffer.from(connection).toString('base64'),
      emp_Pais: 'AR',
    })
    .execute();
  await db.insertInto('CT_Alertas_Tipos').values({ tip_Cod: 'FAC', tip_Nombre: 'Facturas' }).execute();
  await sql`
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfg_Nombre, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio, cfgtip_Cod,
      cfgcan_Cod, cfgemp_Cod, cfgprf_Cod)
    VALUES ('000001', 'Facturas impagas', 'PERIODICO', 'DIARIO', '12:49:00', 'FAC', '0001', '0001', 'COB')`.execute(
    db,
  );
  await db
    .insertInto('CT_Alertas_Webhooks')
    .values({
      whk_Cod: 'W1',
      whktip_Cod: 'FAC',
      whk_Url: `http://${host}/whatsapp`,
      whk_Secreto: 'un-secreto-largo',
    })
    .execute();
  await db
    .insertInto('CT_Alertas_Queries')
    .values({ qry_Cod: 'Q1', qrytip_Cod: 'FAC', qry_Sql: 'SELECT fac_Cliente, fac_Saldo FROM VtaFacturas' })
    .execute();
  await db
    .insertInto('CT_Alertas_Plantillas')
    .values({
      pla_Cod: 'P1',
      platip_Cod: 'FAC',
      pla_Cuerpo: 'Hola {{ destinatario.nombre }}: {{ fac_Cliente }} debe {{ fac_Saldo }}',
    })
    .execute();
}

/** Writes an execution as the scan does; gives its id. */
export async function claim(db: Kysely<ControlSchema>): Promise<number> {
  const { rows } = await sql<{ sch_id: number }>`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Clave, sch_Revisar)
    OUTPUT inserted.sch_id
    VALUES ('000001', '2026-03-02', 'PENDIENTE', 'AGENDA', CAST('2026-03-02T12:49:00-03:00' AS DATETIMEOFFSET(0)),
      '2026-03-02', CAST('2026-03-02T15:51:00' AS DATETIME2(3)))`.execute(db);
  return rows[0]?.sch_id ?? 0;
}
