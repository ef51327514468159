/** sch_Estado. The first two are open, the others final. */
export type ExecutionState =
  'PENDIENTE' | 'EN_PROCESO' | 'ENVIADA' | 'PARCIAL' | 'ERROR' | 'OMITIDA' | 'PERDIDA' | 'CANCELADA';

/** sch_Origen. NULL in the table = written by the system before us. */
export type ExecutionOrigin = 'AGENDA' | 'MANUAL' | 'REENVIO' | 'PRUEBA';

/** What a queue message says: which execution to look at. Everything else is read from the database. */
export interface DispatchMessage {
  executionId: number;
  /** W3C Trace Context: what sent it. */
  traceparent?: string;
}
