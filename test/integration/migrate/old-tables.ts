import { sql } from 'kysely';
import type { openControlDatabase } from '../../../src/adapters/mssql/control-database.ts';

/** The tables of the system before us, with exactly its columns and types, and rows in them. */
export async function createOldTables(db: ReturnType<typeof openControlDatabase>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `CREATE TABLE CT_Scheduler_Alertas (
    sch_id INT IDENTITY PRIMARY KEY,
    sch_Cod VARCHAR(6),
    schcfg_Cod VARCHAR(6),
    sch_Fecha DATE,
    sch_FechaIntento DATETIME,
    sch_Estado VARCHAR(20),
    sch_CantMensajes INT,
    sch_DetalleError VARCHAR(MAX),
    sch_PayloadJson VARCHAR(MAX),
    sch_Activo BIT DEFAULT 1
  )`,
  `CREATE TABLE CT_Alertas_Mensajes (
    msg_id INT IDENTITY PRIMARY KEY,
    msg_Cod VARCHAR(6),
    msg_Wamid VARCHAR(100),
    msgcfg_Cod VARCHAR(6),
    msgbej_Tel VARCHAR(50),
    msg_Estado VARCHAR(20),
    msg_FechaEnvio DATETIME,
    msg_FechaRespuesta DATETIME
  )`,
  `CREATE TABLE CT_Alertas_Admin_Emails (
    adm_id INT IDENTITY PRIMARY KEY,
    adm_Email VARCHAR(100),
    adm_Nombre VARCHAR(50),
    adm_Activo BIT DEFAULT 1
  )`,
  `CREATE TABLE CT_Alertas_Config (
    cfg_Cod VARCHAR(6) NOT NULL PRIMARY KEY,
    cfg_TipoDisparo VARCHAR(10),
    cfg_Frecuencia VARCHAR(10),
    cfg_HoraEnvio TIME,
    cfg_FechasPuntuales VARCHAR(500),
    cfg_DiasSemana VARCHAR(20),
    cfg_DiasMes VARCHAR(100),
    cfgtip_Cod VARCHAR(6),
    cfgcan_Cod VARCHAR(6),
    cfgemp_Cod VARCHAR(6),
    cfgper_Cod VARCHAR(6),
    cfgprf_Cod VARCHAR(6),
    cfgcon_Cod VARCHAR(6)
  )`,
  `CREATE TABLE CT_Empresas (emp_Cod VARCHAR(6) NOT NULL PRIMARY KEY, emp_Nombre VARCHAR(100), emp_Conexion VARCHAR(500))`,
  `CREATE TABLE CT_Alertas_Canales (can_Cod VARCHAR(6) NOT NULL PRIMARY KEY, can_Nombre VARCHAR(50))`,
  `INSERT INTO CT_Scheduler_Alertas
    (sch_Cod, schcfg_Cod, sch_Fecha, sch_FechaIntento, sch_Estado, sch_CantMensajes, sch_DetalleError)
  VALUES ('000001', '000001', '2026-03-01', '2026-03-01T12:49:05', 'ENVIADO', 2, NULL),
    ('000002', '000001', '2026-03-02', '2026-03-02T12:49:05', 'ERROR', 0, 'Sin conexión')`,
  `INSERT INTO CT_Alertas_Mensajes (msg_Cod, msgcfg_Cod, msgbej_Tel, msg_Estado, msg_FechaEnvio)
  VALUES ('000001', '000001', '5491112345678', 'ENVIADO', '2026-03-01T12:49:05'),
    ('000002', '000001', '5491112345679', 'ENVIADO', '2026-03-01T12:49:06')`,
  `INSERT INTO CT_Alertas_Admin_Emails (adm_Email, adm_Nombre) VALUES ('admin@empresa.com', 'Administrador')`,
  `INSERT INTO CT_Alertas_Config (cfg_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio, cfg_DiasMes)
  VALUES ('000001', 'PERIODICO', 'MENSUAL', '12:49:00', '1,15')`,
  `INSERT INTO CT_Empresas (emp_Cod, emp_Nombre) VALUES ('E001', 'Farmacia Norte')`,
  `INSERT INTO CT_Alertas_Canales (can_Cod, can_Nombre) VALUES ('0001', 'WhatsApp'), ('0002', 'Email'), ('0003', 'SMS')`,
];
