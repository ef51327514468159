import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** DATETIME2(3) in UTC, DATETIME in the tenant's wall time: read as Date, written as text through sql-time.ts only. */
type Moment = ColumnType<Date, never, never>;
type Flag = boolean;

interface AlertConfigTable {
  cfg_Cod: string;
  cfg_Nombre: string | null;
  cfg_TipoDisparo: string | null;
  cfg_Frecuencia: string | null;
  cfg_HoraEnvio: Moment | null;
  cfg_FechasPuntuales: string | null;
  cfg_DiasSemana: string | null;
  cfg_DiasMes: string | null;
  cfg_Meses: string | null;
  cfg_UltimoDiaMes: Generated<Flag>;
  cfg_RecuperacionMin: number | null;
  cfg_MaxDestinatarios: number | null;
  cfgtip_Cod: string | null;
  cfgcan_Cod: string | null;
  cfgemp_Cod: string | null;
  cfgper_Cod: string | null;
  cfgcon_Cod: string | null;
  cfgprf_Cod: string | null;
  cfg_Activo: Generated<Flag>;
  cfg_Version: GeneratedAlways<Buffer>;
}

interface AlertTypeTable {
  tip_Cod: string;
  tip_Nombre: string | null;
}

interface ChannelTable {
  can_Cod: string;
  can_Nombre: string | null;
}

interface TenantTable {
  emp_Cod: string;
  emp_Nombre: string | null;
  emp_Conexion: string | null;
  emp_ZonaHoraria: string | null;
  emp_Pais: string | null;
  emp_Activo: Generated<Flag>;
  emp_Version: GeneratedAlways<Buffer>;
}

interface WebhookTable {
  whk_Cod: string;
  whktip_Cod: string | null;
  whkcan_Cod: string | null;
  whk_Url: string | null;
  whk_Secreto: string | null;
  whk_Cabeceras: string | null;
  whk_Formato: string | null;
  whk_Cuerpo: string | null;
  whk_TimeoutSeg: number | null;
  whk_Activo: Generated<Flag>;
}

interface QueryTable {
  qry_Cod: string;
  qrytip_Cod: string | null;
  qry_Sql: string | null;
  qry_Parametros: string | null;
  qry_OmitirSiVacio: Generated<Flag>;
  qry_TimeoutSeg: number | null;
}

interface TemplateTable {
  pla_Cod: string;
  platip_Cod: string | null;
  placan_Cod: string | null;
  pla_Asunto: string | null;
  pla_Cuerpo: string | null;
  pla_PlantillaWhatsApp: string | null;
}

/** Executions. */
interface ExecutionTable {
  sch_id: GeneratedAlways<number>;
  sch_Cod: string | null;
  schcfg_Cod: string | null;
  sch_Fecha: Moment | null;
  sch_FechaIntento: Moment | null;
  sch_Estado: string | null;
  sch_CantMensajes: number | null;
  sch_DetalleError: string | null;
  sch_PayloadJson: string | null;
  sch_Activo: Generated<Flag | null>;
  sch_Origen: string | null;
  schsch_id: number | null;
  sch_Ocurrencia: Moment | null;
  sch_Clave: string | null;
  sch_Motivo: string | null;
  sch_Duenio: string | null;
  sch_LeaseHasta: Moment | null;
  sch_Revisar: Moment | null;
  sch_Preparada: Moment | null;
  sch_Rondas: Generated<number>;
  /** What an operator asked for, as JSON: execution-request.ts of the domain. */
  sch_Pedido: string | null;
}

/** Deliveries. */
interface DeliveryTable {
  msg_id: GeneratedAlways<number>;
  msg_Cod: string | null;
  msg_Wamid: string | null;
  msgcfg_Cod: string | null;
  msgbej_Tel: string | null;
  msg_Estado: string | null;
  msg_FechaEnvio: Moment | null;
  msg_FechaRespuesta: Moment | null;
  msgsch_id: number | null;
  msgper_Cod: string | null;
  msgper_Nombre: string | null;
  msg_Destino: string | null;
  /** The `webhook-id`. Not called msg_Id: SQL Server would take that for msg_id. */
  msg_Uuid: string | null;
  msg_Asunto: string | null;
  msg_Texto: string | null;
  msg_FilasJson: string | null;
  msg_Intentos: Generated<number>;
  msg_ProximoIntento: Moment | null;
  /** Somebody delivers it, until then at the longest: msg_ProximoIntento may be its next attempt as well. */
  msg_TomadaHasta: Moment | null;
  msg_Error: string | null;
  /** Sent again under the same webhook-id: the delivery, and its execution, that the message names. */
  msgmsg_id: number | null;
  msgmsgsch_id: number | null;
}

interface AttemptTable {
  int_id: GeneratedAlways<string>;
  intmsg_id: number;
  int_Numero: number;
  int_Fecha: Moment;
  int_DuracionMs: number;
  int_Http: number | null;
  int_Error: string | null;
  int_Respuesta: string | null;
}

/** News of messages that are not known yet; for an hour. */
interface EarlyNewsTable {
  nov_id: GeneratedAlways<string>;
  nov_Wamid: string;
  nov_Estado: string;
  nov_Fecha: Moment;
  nov_Detalle: string | null;
  nov_Recibida: Moment;
}

interface AdministratorTable {
  adm_id: GeneratedAlways<number>;
  adm_Email: string | null;
  adm_Nombre: string | null;
  adm_Activo: Generated<Flag | null>;
  admemp_Cod: string | null;
}

interface AgendaTable {
  agecfg_Cod: string;
  age_Huella: string;
  age_Proxima: Moment | null;
  age_Problema: string | null;
  age_ProblemaDesde: Moment | null;
  age_Avisado: Moment | null;
}

interface CycleTable {
  cic_id: GeneratedAlways<number>;
  cic_Inicio: Moment;
  cic_DuracionMs: number;
  cic_Candidatas: number;
  cic_Reclamadas: number;
  cic_Perdidas: number;
  cic_Barridas: number;
  cic_Error: string | null;
}

/** One row, est_id = 1. */
interface SchedulerStateTable {
  est_id: number;
  est_UltimoCiclo: Moment | null;
  /** The ROWVERSION that the refresh has read up to. */
  est_Version: string | null;
  est_HuellaAjustes: string | null;
}

/** The outbox of reports. */
interface FaultTable {
  fal_id: GeneratedAlways<string>;
  falsch_id: number | null;
  falcfg_Cod: string | null;
  falemp_Cod: string | null;
  falave_id: number | null;
  fal_Motivo: string;
  fal_Detalle: string | null;
  fal_Cuerpo: string | null;
  fal_Fecha: Moment;
  fal_Informada: Moment | null;
  fal_Descartada: Moment | null;
  /** Who discarded it, and why. */
  fal_Quien: string | null;
  fal_PorQue: string | null;
  /** An operator wants it mailed now. */
  fal_Pedida: Moment | null;
}

/** Incidents: the faults of one tenant ('' = none) and one cause while they last. */
interface IncidentTable {
  ave_id: GeneratedAlways<number>;
  aveemp_Cod: string;
  ave_Motivo: string;
  ave_Desde: Moment;
  ave_UltimaFalla: Moment;
  ave_Fallas: number;
  /** Mails sent. */
  ave_Avisos: number;
  /** Somebody is mailing about it; free again at this time. */
  ave_ProximoAviso: Moment | null;
  ave_Cerrada: Moment | null;
  /** How often its faults came back within an hour of its end. */
  ave_Reaperturas: Generated<number>;
}

interface PauseTable {
  pau_id: GeneratedAlways<number>;
  pauemp_Cod: string | null;
  paucfg_Cod: string | null;
  pau_Desde: Moment;
  pau_Hasta: Moment | null;
  pau_Quien: string | null;
  pau_Motivo: string | null;
  paucan_Cod: string | null;
}

/** What operators did. */
interface AuditTable {
  aud_id: GeneratedAlways<string>;
  aud_Fecha: Moment;
  aud_Quien: string;
  aud_Accion: string;
  /** Which row, in words: `alert 000001`. */
  aud_Objeto: string;
  aud_Detalle: string | null;
}

/** The control database as Kysely sees it. The migrations create it. */
export interface ControlSchema {
  CT_Alertas_Config: AlertConfigTable;
  CT_Alertas_Tipos: AlertTypeTable;
  CT_Alertas_Canales: ChannelTable;
  CT_Empresas: TenantTable;
  CT_Alertas_Webhooks: WebhookTable;
  CT_Alertas_Queries: QueryTable;
  CT_Alertas_Plantillas: TemplateTable;
  CT_Scheduler_Alertas: ExecutionTable;
  CT_Alertas_Mensajes: DeliveryTable;
  CT_Alertas_Intentos: AttemptTable;
  CT_Alertas_Novedades: EarlyNewsTable;
  CT_Alertas_Admin_Emails: AdministratorTable;
  CT_Scheduler_Agenda: AgendaTable;
  CT_Scheduler_Ciclos: CycleTable;
  CT_Scheduler_Estado: SchedulerStateTable;
  CT_Scheduler_Fallas: FaultTable;
  CT_Scheduler_Averias: IncidentTable;
  CT_Scheduler_Pausas: PauseTable;
  CT_Scheduler_Auditoria: AuditTable;
}
