import type { ControlSchema } from '../schema.ts';

export interface TableDefinition<Column extends string = string> {
  /** Type and nullability as T-SQL; `= value` at the end is the default, stored as a named constraint. */
  columns: Readonly<Record<Column, string>>;
  key: Column;
  indexes?: readonly IndexDefinition<Column>[];
}

export interface IndexDefinition<Column extends string = string> {
  name: string;
  unique?: true;
  columns: readonly Column[];
  /** Kept with them, so that a query that asks for no more need not read the row. */
  include?: readonly Column[];
  where?: string;
}

/**
 * The control database as a new one is created. On an older one the missing tables, columns and indexes are added, and
 * what is there stays as it is. So a column is only ever appended, and one that is NOT NULL needs a default.
 */
export const tables: {
  readonly [Name in keyof ControlSchema]: TableDefinition<keyof ControlSchema[Name] & string>;
} = {
  CT_Alertas_Config: {
    columns: {
      cfg_Cod: 'VARCHAR(6) NOT NULL',
      cfg_Nombre: 'NVARCHAR(100) NULL',
      cfg_TipoDisparo: 'VARCHAR(20) NULL',
      cfg_Frecuencia: 'VARCHAR(20) NULL',
      cfg_HoraEnvio: 'TIME(0) NULL',
      cfg_FechasPuntuales: 'VARCHAR(MAX) NULL',
      cfg_DiasSemana: 'VARCHAR(100) NULL',
      cfg_DiasMes: 'VARCHAR(4000) NULL',
      cfg_Meses: 'VARCHAR(100) NULL',
      cfg_UltimoDiaMes: 'BIT NOT NULL = 0',
      cfg_RecuperacionMin: 'INT NULL',
      cfg_MaxDestinatarios: 'INT NULL',
      cfgtip_Cod: 'VARCHAR(6) NULL',
      cfgcan_Cod: 'VARCHAR(6) NULL',
      cfgemp_Cod: 'VARCHAR(6) NULL',
      cfgper_Cod: 'VARCHAR(6) NULL',
      cfgcon_Cod: 'VARCHAR(6) NULL',
      cfgprf_Cod: 'VARCHAR(6) NULL',
      cfg_Activo: 'BIT NOT NULL = 1',
      cfg_Version: 'ROWVERSION NOT NULL',
    },
    key: 'cfg_Cod',
    indexes: [{ name: 'IX_Alertas_Config_Version', columns: ['cfg_Version'] }],
  },
  CT_Alertas_Tipos: {
    columns: { tip_Cod: 'VARCHAR(6) NOT NULL', tip_Nombre: 'NVARCHAR(100) NULL' },
    key: 'tip_Cod',
  },
  CT_Alertas_Canales: {
    columns: { can_Cod: 'VARCHAR(6) NOT NULL', can_Nombre: 'NVARCHAR(100) NULL' },
    key: 'can_Cod',
  },
  CT_Empresas: {
    columns: {
      emp_Cod: 'VARCHAR(6) NOT NULL',
      emp_Nombre: 'NVARCHAR(100) NULL',
      emp_Conexion: 'NVARCHAR(MAX) NULL',
      emp_ZonaHoraria: 'VARCHAR(64) NULL',
      emp_Pais: 'CHAR(2) NULL',
      emp_Activo: 'BIT NOT NULL = 1',
      emp_Version: 'ROWVERSION NOT NULL',
    },
    key: 'emp_Cod',
    indexes: [{ name: 'IX_Empresas_Version', columns: ['emp_Version'] }],
  },
  CT_Alertas_Webhooks: {
    columns: {
      whk_Cod: 'VARCHAR(6) NOT NULL',
      whktip_Cod: 'VARCHAR(6) NULL',
      whkcan_Cod: 'VARCHAR(6) NULL',
      whk_Url: 'NVARCHAR(2000) NULL',
      whk_Secreto: 'NVARCHAR(2000) NULL',
      whk_Cabeceras: 'NVARCHAR(MAX) NULL',
      whk_Formato: 'VARCHAR(20) NULL',
      whk_Cuerpo: 'NVARCHAR(MAX) NULL',
      whk_TimeoutSeg: 'INT NULL',
      whk_Activo: 'BIT NOT NULL = 1',
    },
    key: 'whk_Cod',
  },
  CT_Alertas_Queries: {
    columns: {
      qry_Cod: 'VARCHAR(6) NOT NULL',
      qrytip_Cod: 'VARCHAR(6) NULL',
      qry_Sql: 'NVARCHAR(MAX) NULL',
      qry_Parametros: 'NVARCHAR(MAX) NULL',
      qry_OmitirSiVacio: 'BIT NOT NULL = 0',
      qry_TimeoutSeg: 'INT NULL',
    },
    key: 'qry_Cod',
  },
  CT_Alertas_Plantillas: {
    columns: {
      pla_Cod: 'VARCHAR(6) NOT NULL',
      platip_Cod: 'VARCHAR(6) NULL',
      placan_Cod: 'VARCHAR(6) NULL',
      pla_Asunto: 'NVARCHAR(1000) NULL',
      pla_Cuerpo: 'NVARCHAR(MAX) NULL',
      pla_PlantillaWhatsApp: 'NVARCHAR(512) NULL',
    },
    key: 'pla_Cod',
  },
  CT_Scheduler_Alertas: {
    columns: {
      sch_id: 'INT IDENTITY(1,1) NOT NULL',
      sch_Cod: 'VARCHAR(6) NULL',
      schcfg_Cod: 'VARCHAR(6) NULL',
      sch_Fecha: 'DATE NULL',
      sch_FechaIntento: 'DATETIME NULL',
      sch_Estado: 'VARCHAR(20) NULL',
      sch_CantMensajes: 'INT NULL',
      sch_DetalleError: 'NVARCHAR(MAX) NULL',
      sch_PayloadJson: 'NVARCHAR(MAX) NULL',
      sch_Activo: 'BIT NULL = 1',
      sch_Origen: 'VARCHAR(10) NULL',
      schsch_id: 'INT NULL',
      sch_Ocurrencia: 'DATETIMEOFFSET(0) NULL',
      sch_Clave: 'VARCHAR(30) NULL',
      sch_Motivo: 'VARCHAR(40) NULL',
      sch_Duenio: 'VARCHAR(64) NULL',
      sch_LeaseHasta: 'DATETIME2(3) NULL',
      sch_Revisar: 'DATETIME2(3) NULL',
      sch_Preparada: 'DATETIME2(3) NULL',
      sch_Rondas: 'INT NOT NULL = 0',
      sch_Pedido: 'NVARCHAR(MAX) NULL',
    },
    key: 'sch_id',
    indexes: [
      {
        name: 'UX_Scheduler_Alertas_Clave',
        unique: true,
        columns: ['schcfg_Cod', 'sch_Clave'],
        where: 'sch_Clave IS NOT NULL',
      },
      { name: 'IX_Scheduler_Alertas_Revisar', columns: ['sch_Revisar'], where: 'sch_Revisar IS NOT NULL' },
      { name: 'IX_Scheduler_Alertas_Fecha', columns: ['schcfg_Cod', 'sch_Fecha'] },
      {
        name: 'IX_Scheduler_Alertas_Ocurrencia',
        columns: ['sch_Ocurrencia'],
        where: 'sch_Origen IS NOT NULL',
      },
      // What lists of executions ask for, in their order: of all, and of an alert.
      {
        name: 'IX_Scheduler_Alertas_Lista',
        columns: ['sch_id'],
        include: ['schcfg_Cod', 'sch_Ocurrencia', 'sch_Estado', 'sch_Motivo'],
      },
      {
        name: 'IX_Scheduler_Alertas_Alerta',
        columns: ['schcfg_Cod', 'sch_id'],
        include: ['sch_Ocurrencia', 'sch_Estado', 'sch_Motivo'],
      },
      { name: 'IX_Scheduler_Alertas_Repite', columns: ['schsch_id'], where: 'schsch_id IS NOT NULL' },
    ],
  },
  CT_Alertas_Mensajes: {
    columns: {
      msg_id: 'INT IDENTITY(1,1) NOT NULL',
      msg_Cod: 'VARCHAR(6) NULL',
      msg_Wamid: 'VARCHAR(100) NULL',
      msgcfg_Cod: 'VARCHAR(6) NULL',
      msgbej_Tel: 'VARCHAR(50) NULL',
      msg_Estado: 'VARCHAR(20) NULL',
      msg_FechaEnvio: 'DATETIME NULL',
      msg_FechaRespuesta: 'DATETIME NULL',
      msgsch_id: 'INT NULL',
      msgper_Cod: 'NVARCHAR(50) NULL',
      msgper_Nombre: 'NVARCHAR(200) NULL',
      msg_Destino: 'NVARCHAR(320) NULL',
      msg_Uuid: 'UNIQUEIDENTIFIER NULL',
      msg_Asunto: 'NVARCHAR(1000) NULL',
      msg_Texto: 'NVARCHAR(MAX) NULL',
      msg_FilasJson: 'NVARCHAR(MAX) NULL',
      msg_Intentos: 'INT NOT NULL = 0',
      msg_ProximoIntento: 'DATETIME2(3) NULL',
      msg_TomadaHasta: 'DATETIME2(3) NULL',
      msg_Error: 'NVARCHAR(1000) NULL',
      msgmsg_id: 'INT NULL',
      msgmsgsch_id: 'INT NULL',
    },
    key: 'msg_id',
    indexes: [
      {
        name: 'UX_Alertas_Mensajes_Destino',
        unique: true,
        columns: ['msgsch_id', 'msgper_Cod', 'msg_Destino'],
        where: 'msgsch_id IS NOT NULL',
      },
      {
        name: 'IX_Alertas_Mensajes_Proximo',
        columns: ['msgsch_id', 'msg_ProximoIntento'],
        where: 'msg_ProximoIntento IS NOT NULL',
      },
      {
        name: 'IX_Alertas_Mensajes_Fallidos',
        columns: ['msg_FechaEnvio'],
        include: ['msgcfg_Cod'],
        where: "msg_Estado = 'FALLIDO'",
      },
      { name: 'IX_Alertas_Mensajes_Repite', columns: ['msgmsg_id'], where: 'msgmsg_id IS NOT NULL' },
      { name: 'IX_Alertas_Mensajes_Wamid', columns: ['msg_Wamid'], where: 'msg_Wamid IS NOT NULL' },
      { name: 'IX_Alertas_Mensajes_Uuid', columns: ['msg_Uuid'], where: 'msg_Uuid IS NOT NULL' },
    ],
  },
  CT_Alertas_Intentos: {
    columns: {
      int_id: 'BIGINT IDENTITY(1,1) NOT NULL',
      intmsg_id: 'INT NOT NULL',
      int_Numero: 'INT NOT NULL',
      int_Fecha: 'DATETIME2(3) NOT NULL',
      int_DuracionMs: 'INT NOT NULL',
      int_Http: 'INT NULL',
      int_Error: 'NVARCHAR(200) NULL',
      int_Respuesta: 'NVARCHAR(1024) NULL',
    },
    key: 'int_id',
    indexes: [{ name: 'IX_Alertas_Intentos_Mensaje', columns: ['intmsg_id'] }],
  },
  CT_Alertas_Novedades: {
    columns: {
      nov_id: 'BIGINT IDENTITY(1,1) NOT NULL',
      nov_Wamid: 'VARCHAR(100) NOT NULL',
      nov_Estado: 'VARCHAR(20) NOT NULL',
      nov_Fecha: 'DATETIME2(3) NOT NULL',
      nov_Detalle: 'NVARCHAR(1000) NULL',
      nov_Recibida: 'DATETIME2(3) NOT NULL',
    },
    key: 'nov_id',
    indexes: [
      { name: 'IX_Alertas_Novedades_Wamid', columns: ['nov_Wamid'] },
      { name: 'IX_Alertas_Novedades_Recibida', columns: ['nov_Recibida'] },
    ],
  },
  CT_Alertas_Admin_Emails: {
    columns: {
      adm_id: 'INT IDENTITY(1,1) NOT NULL',
      adm_Email: 'NVARCHAR(320) NULL',
      adm_Nombre: 'NVARCHAR(100) NULL',
      adm_Activo: 'BIT NULL = 1',
      admemp_Cod: 'VARCHAR(6) NULL',
    },
    key: 'adm_id',
  },
  CT_Scheduler_Agenda: {
    columns: {
      agecfg_Cod: 'VARCHAR(6) NOT NULL',
      age_Huella: 'VARCHAR(64) NOT NULL',
      age_Proxima: 'DATETIMEOFFSET(0) NULL',
      age_Problema: 'NVARCHAR(1000) NULL',
      age_ProblemaDesde: 'DATETIME2(3) NULL',
      age_Avisado: 'DATETIME2(3) NULL',
    },
    key: 'agecfg_Cod',
    indexes: [{ name: 'IX_Scheduler_Agenda_Proxima', columns: ['age_Proxima'] }],
  },
  CT_Scheduler_Ciclos: {
    columns: {
      cic_id: 'INT IDENTITY(1,1) NOT NULL',
      cic_Inicio: 'DATETIME2(3) NOT NULL',
      cic_DuracionMs: 'INT NOT NULL',
      cic_Candidatas: 'INT NOT NULL',
      cic_Reclamadas: 'INT NOT NULL',
      cic_Perdidas: 'INT NOT NULL',
      cic_Barridas: 'INT NOT NULL',
      cic_Error: 'NVARCHAR(2000) NULL',
    },
    key: 'cic_id',
    indexes: [{ name: 'IX_Scheduler_Ciclos_Inicio', columns: ['cic_Inicio'] }],
  },
  CT_Scheduler_Estado: {
    columns: {
      est_id: 'INT NOT NULL',
      est_UltimoCiclo: 'DATETIME2(3) NULL',
      est_Version: 'BIGINT NULL',
      est_HuellaAjustes: 'VARCHAR(64) NULL',
    },
    key: 'est_id',
  },
  CT_Scheduler_Fallas: {
    columns: {
      fal_id: 'BIGINT IDENTITY(1,1) NOT NULL',
      falsch_id: 'INT NULL',
      falcfg_Cod: 'VARCHAR(6) NULL',
      falemp_Cod: 'VARCHAR(6) NULL',
      falave_id: 'INT NULL',
      fal_Motivo: 'VARCHAR(40) NOT NULL',
      fal_Detalle: 'NVARCHAR(2000) NULL',
      fal_Cuerpo: 'NVARCHAR(MAX) NULL',
      fal_Fecha: 'DATETIME2(3) NOT NULL',
      fal_Informada: 'DATETIME2(3) NULL',
      fal_Descartada: 'DATETIME2(3) NULL',
      fal_Quien: 'NVARCHAR(200) NULL',
      fal_PorQue: 'NVARCHAR(400) NULL',
      fal_Pedida: 'DATETIME2(3) NULL',
    },
    key: 'fal_id',
    indexes: [
      { name: 'IX_Scheduler_Fallas_Fecha', columns: ['fal_Fecha'] },
      { name: 'IX_Scheduler_Fallas_Averia', columns: ['falave_id', 'fal_Informada'] },
      {
        name: 'IX_Scheduler_Fallas_Pendientes',
        columns: ['fal_id'],
        where: 'fal_Informada IS NULL AND fal_Descartada IS NULL',
      },
    ],
  },
  CT_Scheduler_Averias: {
    columns: {
      ave_id: 'INT IDENTITY(1,1) NOT NULL',
      aveemp_Cod: "VARCHAR(6) NOT NULL = ''",
      ave_Motivo: 'VARCHAR(40) NOT NULL',
      ave_Desde: 'DATETIME2(3) NOT NULL',
      ave_UltimaFalla: 'DATETIME2(3) NOT NULL',
      ave_Fallas: 'INT NOT NULL',
      ave_Avisos: 'INT NOT NULL',
      ave_ProximoAviso: 'DATETIME2(3) NULL',
      ave_Cerrada: 'DATETIME2(3) NULL',
      ave_Reaperturas: 'INT NOT NULL = 0',
    },
    key: 'ave_id',
    indexes: [
      {
        name: 'UX_Scheduler_Averias_Abierta',
        unique: true,
        columns: ['aveemp_Cod', 'ave_Motivo'],
        where: 'ave_Cerrada IS NULL',
      },
    ],
  },
  CT_Scheduler_Pausas: {
    columns: {
      pau_id: 'INT IDENTITY(1,1) NOT NULL',
      pauemp_Cod: 'VARCHAR(6) NULL',
      paucfg_Cod: 'VARCHAR(6) NULL',
      pau_Desde: 'DATETIME2(3) NOT NULL',
      pau_Hasta: 'DATETIME2(3) NULL',
      pau_Quien: 'NVARCHAR(100) NULL',
      pau_Motivo: 'NVARCHAR(400) NULL',
      paucan_Cod: 'VARCHAR(6) NULL',
    },
    key: 'pau_id',
  },
  CT_Scheduler_Auditoria: {
    columns: {
      aud_id: 'BIGINT IDENTITY(1,1) NOT NULL',
      aud_Fecha: 'DATETIME2(3) NOT NULL',
      aud_Quien: 'NVARCHAR(200) NOT NULL',
      aud_Accion: 'VARCHAR(40) NOT NULL',
      aud_Objeto: 'NVARCHAR(200) NOT NULL',
      aud_Detalle: 'NVARCHAR(2000) NULL',
    },
    key: 'aud_id',
  },
};
