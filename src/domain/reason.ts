/**
 * The closed list of sch_Motivo, fal_Motivo and msg_Error codes, in the words operators read. docs/errors.md has a line
 * for each, and a test proves it complete.
 */
export const reasons = {
  // the scan
  vista_tarde: 'The alert was seen after its time: nobody knows whether it was asked for in time.',
  editada_en_corte:
    'The alert was edited while no scan ran, and an occurrence of the old version had passed.',
  no_ejecutada: 'No scan ran within the catch-up limit of the occurrence.',
  corte_largo: 'No scan ran for longer than ALERTS_MISSED_DAYS; older occurrences are not listed one by one.',
  alerta_editada: 'The alert was edited before the execution was prepared.',
  alerta_desactivada: 'The alert was deactivated or deleted before the execution was prepared.',
  cancelada_por_operador: 'An operator cancelled the execution.',
  configuracion_invalida: 'A configuration row cannot be read.',
  // the opening
  empresa_inactiva: 'The tenant is inactive.',
  pausa: 'A pause was in force.',
  abierta_tarde: 'The execution could not be opened within its catch-up limit.',
  no_termina: 'The dispatch was begun ten times and neither ended in order nor got on.',
  // preparing
  sin_webhook: 'No webhook is configured for the type and channel of the alert.',
  webhook_sin_secreto: 'The webhook has no secret and WEBHOOK_REQUIRE_SECRET is set.',
  sin_plantilla: 'No template is configured for the type and channel of the alert.',
  plantilla_invalida: 'The template cannot be parsed or rendered.',
  consulta_rechazada: 'The query is not a single read-only SELECT.',
  consulta_error: 'The query failed.',
  consulta_tiempo: 'The query passed its time limit.',
  empresa_no_disponible: 'The database of the tenant could not be reached until the catch-up limit.',
  empresa_login: 'The database of the tenant refused the login.',
  empresa_conexion_invalida: 'emp_Conexion cannot be read.',
  empresa_es_control: 'emp_Conexion points at a control database.',
  empresa_puede_escribir: 'The login of the tenant can write and TENANT_REQUIRE_READONLY is set.',
  sin_destinatarios: 'The profile has no members, or the person does not exist.',
  sin_filas: 'The query gave no rows and qry_OmitirSiVacio is set.',
  demasiados_destinatarios: 'More recipients than the limit.',
  sin_contactos_utiles: 'No recipient has a usable contact.',
  sin_lugar: 'The tenant held its whole share of the process until the catch-up limit.',
  // delivering
  sin_contacto: 'The recipient has no contact for the channel.',
  contacto_invalido: 'The contact of the recipient is not a valid phone number or mail address.',
  duplicado: 'Another recipient of the execution has the same destination and text.',
  webhook_rechazo: 'The webhook answered with a final refusal.',
  webhook_fallo: 'The webhook kept failing until the last attempt.',
  webhook_tiempo: 'The webhook did not answer in time.',
  webhook_red: 'The webhook could not be reached.',
  webhook_direccion: 'The address of the webhook is not allowed.',
  entrega_fallida: 'The gateway accepted the message and could not deliver it.',
  dato_cortado: 'A value from outside did not fit its column and was left out.',
  entregas_fallidas: 'Some or all deliveries of the execution were not accepted.',
  // the poison queue
  correo_administrador: 'An administrator cannot get mails at the address given.',
  mensaje_ajeno: 'A queue message that is not ours.',
} as const;

export type Reason = keyof typeof reasons;

export function isReason(code: string): code is Reason {
  return Object.hasOwn(reasons, code);
}
