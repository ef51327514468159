import { sql, type QueryExecutorProvider } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { DemoTenant } from './tenants.ts';

/**
 * Fills a demo company's database anew: people, contacts, profiles, and invoices, stock and cheques around the given
 * day, so that its queries always find something.
 */
export async function seedTenant(
  database: QueryExecutorProvider,
  tenant: DemoTenant,
  today: Temporal.PlainDate,
): Promise<void> {
  await sql.raw(erpTables).execute(database);
  await insertPeople(database, tenant);
  await insertBusiness(database, today);
}

const erpTables = `
IF OBJECT_ID('TgeCTPersonas') IS NULL
BEGIN
  CREATE TABLE TgeCTPersonas (Tper_Cod VARCHAR(10) NOT NULL PRIMARY KEY, Tper_Nombre VARCHAR(100) NOT NULL);
  CREATE TABLE TgeCTContactos (Tcon_Cod VARCHAR(10) NOT NULL PRIMARY KEY, Tconper_Cod VARCHAR(10) NOT NULL, Tcon_Celular VARCHAR(50) NULL, Tcon_Email VARCHAR(100) NULL);
  CREATE TABLE TgeCTPerfiles (Tprf_Cod VARCHAR(10) NOT NULL PRIMARY KEY, Tprf_Nombre VARCHAR(100) NOT NULL);
  CREATE TABLE TgeCTRel_Persona_Perfil (Trelper_Cod VARCHAR(10) NOT NULL, Trelprf_Cod VARCHAR(10) NOT NULL, PRIMARY KEY (Trelper_Cod, Trelprf_Cod));
  CREATE TABLE VtaFacturas (fac_Numero VARCHAR(20) NOT NULL PRIMARY KEY, fac_Cliente VARCHAR(100) NOT NULL, fac_Vencimiento DATE NOT NULL, fac_Saldo DECIMAL(14, 2) NOT NULL);
  CREATE TABLE StkArticulos (art_Cod VARCHAR(20) NOT NULL PRIMARY KEY, art_Descripcion VARCHAR(100) NOT NULL, art_Stock INT NOT NULL, art_StockMinimo INT NOT NULL);
  CREATE TABLE TesCheques (che_Numero VARCHAR(20) NOT NULL PRIMARY KEY, che_Banco VARCHAR(60) NOT NULL, che_Librador VARCHAR(100) NOT NULL, che_Vencimiento DATE NOT NULL, che_Importe DECIMAL(14, 2) NOT NULL);
END;
DELETE FROM TgeCTRel_Persona_Perfil; DELETE FROM TgeCTPerfiles; DELETE FROM TgeCTContactos; DELETE FROM TgeCTPersonas;
DELETE FROM VtaFacturas; DELETE FROM StkArticulos; DELETE FROM TesCheques;`;

async function insertPeople(database: QueryExecutorProvider, tenant: DemoTenant): Promise<void> {
  for (const { code, name, phone, mail } of tenant.people) {
    await sql`INSERT INTO TgeCTPersonas (Tper_Cod, Tper_Nombre) VALUES (${code}, ${name})`.execute(database);
    await sql`INSERT INTO TgeCTContactos (Tcon_Cod, Tconper_Cod, Tcon_Celular, Tcon_Email)
      VALUES (${code.replace('P', 'C')}, ${code}, ${phone}, ${mail})`.execute(database);
  }
  for (const [code, { name, members }] of Object.entries(tenant.profiles)) {
    await sql`INSERT INTO TgeCTPerfiles (Tprf_Cod, Tprf_Nombre) VALUES (${code}, ${name})`.execute(database);
    for (const member of members) {
      await sql`INSERT INTO TgeCTRel_Persona_Perfil (Trelper_Cod, Trelprf_Cod) VALUES (${member}, ${code})`.execute(
        database,
      );
    }
  }
}

async function insertBusiness(database: QueryExecutorProvider, today: Temporal.PlainDate): Promise<void> {
  const day = (offset: number) => today.add({ days: offset }).toString();
  const invoices = [
    ['A-0001-00004512', 'Corralón San Martín', day(3), '184500.50'],
    ['A-0001-00004518', 'Pinturería Del Sur', day(5), '92310.00'],
    ['B-0002-00000981', 'Obras y Servicios Lanús', day(-2), '1250000.75'],
  ] as const;
  for (const [number, customer, due, balance] of invoices) {
    await sql`INSERT INTO VtaFacturas (fac_Numero, fac_Cliente, fac_Vencimiento, fac_Saldo)
      VALUES (${number}, ${customer}, CAST(${due} AS DATE), CAST(${balance} AS DECIMAL(14, 2)))`.execute(
      database,
    );
  }
  const articles = [
    ['TOR-0816', 'Tornillo autoperforante 8 x 1"', 120, 500],
    ['PIN-LX20', 'Látex interior blanco 20 l', 4, 12],
    ['CAB-2.5', 'Cable unipolar 2,5 mm (rollo)', 35, 20],
  ] as const;
  for (const [code, description, stock, minimum] of articles) {
    await sql`INSERT INTO StkArticulos (art_Cod, art_Descripcion, art_Stock, art_StockMinimo)
      VALUES (${code}, ${description}, ${stock}, ${minimum})`.execute(database);
  }
  const cheques = [
    ['00871245', 'Banco Nación', 'Transportes Cuyo S.A.', day(1), '450000.00'],
    ['00871246', 'Banco Galicia', 'Almacén Los Andes', day(2), '87650.25'],
  ] as const;
  for (const [number, bank, drawer, due, amount] of cheques) {
    await sql`INSERT INTO TesCheques (che_Numero, che_Banco, che_Librador, che_Vencimiento, che_Importe)
      VALUES (${number}, ${bank}, ${drawer}, CAST(${due} AS DATE), CAST(${amount} AS DECIMAL(14, 2)))`.execute(
      database,
    );
  }
}
