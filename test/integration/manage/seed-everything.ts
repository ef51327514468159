import { sql, type Kysely } from 'kysely';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';

/** A bit of everything, so that lists have something in them. */
export async function seedEverything(db: Kysely<ControlSchema>): Promise<void> {
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre, emp_Conexion) VALUES ('E01', N'Uno', N'no es base64');
    INSERT INTO CT_Alertas_Tipos (tip_Cod, tip_Nombre) VALUES ('T1', N'Vencimientos');
    INSERT INTO CT_Alertas_Config
      (cfg_Cod, cfg_Nombre, cfgemp_Cod, cfgtip_Cod, cfgcan_Cod, cfgprf_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio,
        cfg_DiasSemana, cfg_DiasMes, cfg_FechasPuntuales)
    VALUES
      ('000001', N'Diaria', 'E01', 'T1', '0001', 'P1', 'PERIODICO', 'DIARIO', '12:00', NULL, NULL, NULL),
      ('000002', N'Mala', 'E01', 'T1', '0002', 'P1', 'PERIODICO', 'MENSUAL', '12:00', NULL, '40', NULL),
      ('000003', N'Semanal', 'E01', 'T1', '0002', 'P1', 'PERIODICO', 'SEMANAL', '12:00', '1,3', NULL, NULL),
      ('000004', N'Mensual', 'E01', 'T1', '0003', 'P1', 'PERIODICO', 'MENSUAL', '12:00', NULL, '1,31', NULL),
      ('000005', NULL, 'E01', NULL, NULL, NULL, 'PUNTUAL', NULL, NULL, NULL, NULL, '2026-03-03 10:00, x');
    INSERT INTO CT_Scheduler_Agenda (agecfg_Cod, age_Huella, age_Proxima, age_Problema, age_ProblemaDesde)
    VALUES ('000001', 'x', '2026-03-02T12:00:00-03:00', NULL, NULL), ('000002', 'x', NULL, N'cfg_DiasMes', '2026-03-01');
    INSERT INTO CT_Scheduler_Alertas
      (schcfg_Cod, sch_Fecha, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Clave, sch_Motivo, sch_DetalleError,
        sch_CantMensajes, sch_Preparada, sch_Revisar, sch_PayloadJson)
    VALUES
      ('000001', '2026-03-02', 'PARCIAL', 'AGENDA', '2026-03-02T09:00:00-03:00', '2026-03-02', 'entregas_fallidas', N'1 de 2', 1,
        '2026-03-02T11:59:55', NULL, N'{}'),
      ('000001', '2026-03-02', 'EN_PROCESO', 'MANUAL', '2026-03-02T09:30:00-03:00', 'R:1', 'empresa_no_disponible', NULL, 0,
        NULL, '2026-03-02T13:05:00', NULL),
      ('000009', '2024-01-01', 'ENVIADA', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    INSERT INTO CT_Alertas_Mensajes
      (msgsch_id, msgper_Cod, msgper_Nombre, msg_Destino, msg_Estado, msg_Uuid, msg_Asunto, msg_Texto, msg_Error, msg_Wamid,
        msg_ProximoIntento)
    VALUES
      (1, N'P1', N'Ana', N'+5491123456789', 'ENVIADO', NEWID(), N'Aviso', N'Hola', NULL, 'wamid.1', NULL),
      (1, N'P2', NULL, N'+5491123456780', 'ERROR', NEWID(), NULL, N'Hola', N'webhook_fallo: 503', NULL, NULL);
    INSERT INTO CT_Alertas_Intentos (intmsg_id, int_Numero, int_Fecha, int_DuracionMs, int_Http, int_Error, int_Respuesta)
    VALUES (1, 1, '2026-03-02T12:00:00.012', 20, 200, NULL, N'{"id":1}'), (2, 1, '2026-03-02T12:00:00', 9, NULL, N'webhook_red', NULL);
    INSERT INTO CT_Scheduler_Ciclos
      (cic_Inicio, cic_DuracionMs, cic_Candidatas, cic_Reclamadas, cic_Perdidas, cic_Barridas, cic_Error)
    VALUES ('2026-03-02T12:59:00', 40, 2, 1, 0, 0, NULL), ('2026-03-02T12:58:00', 40, 2, 1, 0, 0, N'1205');
    INSERT INTO CT_Scheduler_Averias
      (aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos, ave_ProximoAviso)
    VALUES ('E01', 'consulta_error', '2026-03-02T12:00:00', '2026-03-02T12:00:00', 2, 1, '2026-03-02T13:15:00');
    INSERT INTO CT_Scheduler_Fallas (falsch_id, falcfg_Cod, falemp_Cod, falave_id, fal_Motivo, fal_Detalle, fal_Fecha, fal_Informada)
    VALUES (1, '000001', 'E01', 1, 'consulta_error', N'207', '2026-03-02T12:00:00', NULL),
      (NULL, NULL, NULL, NULL, 'mensaje_ajeno', NULL, '2026-03-02T12:00:00', '2026-03-02T12:01:00');
    INSERT INTO CT_Scheduler_Pausas (pauemp_Cod, paucfg_Cod, paucan_Cod, pau_Desde, pau_Hasta, pau_Quien, pau_Motivo)
    VALUES ('E01', NULL, NULL, '2026-03-02T12:00:00', NULL, N'ana', N'mudanza'),
      (NULL, '000003', '0002', '2026-03-02T12:00:00', '2026-03-03T12:00:00', NULL, NULL);
    INSERT INTO CT_Scheduler_Auditoria (aud_Fecha, aud_Quien, aud_Accion, aud_Objeto, aud_Detalle)
    VALUES ('2026-03-02T12:00:00', N'ana', 'pause', N'tenant E01', N'{"why":"mudanza"}'),
      ('2026-03-02T12:00:00', N'unknown', 'resume', N'everything', NULL);`.execute(db);
}
