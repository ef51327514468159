import { isReason, type Reason } from './reason.ts';

interface Spanish {
  /** What happened, as the end of "Farmacia Norte: …". Short enough for a subject line. */
  what: string;
  /** What an administrator does about it. */
  advice: string;
}

const checkOccurrence = 'Revise si el aviso todavía hace falta y, si es así, envíelo a mano.';
const checkScan =
  'Revise por qué el programa no estuvo en marcha a esa hora (despliegue, base de control, plan de Azure).';

/** The reasons in the words of the log for people and of the administrators' mails. */
export const inSpanish: Readonly<Record<Reason, Spanish>> = {
  vista_tarde: { what: 'alerta vista después de su hora', advice: checkOccurrence },
  editada_en_corte: { what: 'alerta editada durante un corte', advice: checkOccurrence },
  no_ejecutada: { what: 'alertas no ejecutadas a tiempo', advice: `${checkScan} ${checkOccurrence}` },
  corte_largo: {
    what: 'corte más largo que el límite',
    advice: `${checkScan} Lo anterior al límite no se detalla.`,
  },
  alerta_editada: { what: 'alerta editada antes de salir', advice: 'No hace falta hacer nada.' },
  alerta_desactivada: { what: 'alerta desactivada antes de salir', advice: 'No hace falta hacer nada.' },
  cancelada_por_operador: { what: 'cancelada por un operador', advice: 'No hace falta hacer nada.' },
  configuracion_invalida: {
    what: 'alerta mal configurada',
    advice:
      'Corrija la columna o la variable que nombra el detalle: la alerta vuelve a correr sola en el minuto siguiente.',
  },
  empresa_inactiva: {
    what: 'empresa inactiva',
    advice: 'Si la empresa debe recibir avisos, ponga emp_Activo en 1.',
  },
  pausa: { what: 'en pausa', advice: 'Si la pausa ya no hace falta, termínela con POST /api/manage/resume.' },
  abierta_tarde: { what: 'no se pudo abrir a tiempo', advice: `${checkScan} ${checkOccurrence}` },
  no_termina: {
    what: 'el envío no logra terminar',
    advice:
      'Busque en el registro qué interrumpe el proceso con esta ejecución; no se volverá a intentar sola.',
  },
  sin_webhook: {
    what: 'falta el webhook',
    advice: 'Cargue en CT_Alertas_Webhooks una fila activa para el tipo y el canal de la alerta.',
  },
  webhook_sin_secreto: {
    what: 'webhook sin secreto',
    advice: 'Cargue whk_Secreto, o quite WEBHOOK_REQUIRE_SECRET.',
  },
  sin_plantilla: {
    what: 'falta la plantilla',
    advice: 'Cargue en CT_Alertas_Plantillas una fila para el tipo y el canal de la alerta.',
  },
  plantilla_invalida: { what: 'plantilla con errores', advice: 'Corrija la plantilla como dice el detalle.' },
  consulta_rechazada: {
    what: 'consulta rechazada',
    advice: 'Deje en qry_Sql un solo SELECT, sin nombres de otras bases y sin nada que escriba.',
  },
  consulta_error: {
    what: 'consulta con errores',
    advice: 'Corrija qry_Sql, o la búsqueda de destinatarios si el detalle la nombra.',
  },
  consulta_tiempo: {
    what: 'consulta demasiado lenta',
    advice: 'Mejore la consulta o sus índices, o suba qry_TimeoutSeg.',
  },
  empresa_no_disponible: {
    what: 'la base de la empresa no responde',
    advice: 'Revise el servidor de la empresa y el camino de red hasta él.',
  },
  empresa_login: {
    what: 'la base de la empresa rechaza el usuario',
    advice: 'Revise usuario, contraseña y permisos en emp_Conexion.',
  },
  empresa_conexion_invalida: {
    what: 'conexión de la empresa ilegible',
    advice: 'Corrija emp_Conexion: Base64 de una cadena de conexión ADO.NET, o env:NOMBRE.',
  },
  empresa_es_control: {
    what: 'la conexión apunta a la base de control',
    advice: 'Apunte emp_Conexion a la base de la empresa.',
  },
  empresa_puede_escribir: {
    what: 'el usuario de la empresa puede escribir',
    advice: 'Déle permisos de lectura solamente, o quite TENANT_REQUIRE_READONLY.',
  },
  sin_destinatarios: {
    what: 'sin destinatarios',
    advice: 'Revise la persona o el perfil de la alerta en la base de la empresa.',
  },
  sin_filas: { what: 'la consulta no dio filas', advice: 'No hace falta hacer nada.' },
  demasiados_destinatarios: {
    what: 'demasiados destinatarios',
    advice:
      'No se envió nada. Si la cantidad es la buena, suba cfg_MaxDestinatarios y envíe la alerta a mano.',
  },
  sin_contactos_utiles: {
    what: 'ningún destinatario tiene contacto',
    advice: 'Cargue celular o correo de esas personas en la base de la empresa.',
  },
  sin_lugar: {
    what: 'sin lugar para procesar',
    advice: 'La empresa tiene demasiados envíos lentos a la vez: revise su base de datos y su webhook.',
  },
  sin_contacto: {
    what: 'sin contacto para el canal',
    advice: 'Cargue el celular o el correo de la persona.',
  },
  contacto_invalido: { what: 'contacto no válido', advice: 'Corrija el celular o el correo de la persona.' },
  duplicado: { what: 'mismo destino y texto que otro', advice: 'No hace falta hacer nada.' },
  webhook_rechazo: {
    what: 'el webhook rechazó el envío',
    advice: 'Vea la respuesta en CT_Alertas_Intentos y corrija la configuración o el destino.',
  },
  webhook_fallo: {
    what: 'el webhook siguió fallando',
    advice: 'Revise el servicio detrás del webhook; después reenvíe lo que falló.',
  },
  webhook_tiempo: {
    what: 'el webhook no respondió a tiempo',
    advice: 'Revise el servicio detrás del webhook, o suba whk_TimeoutSeg.',
  },
  webhook_red: {
    what: 'no se pudo llegar al webhook',
    advice: 'Revise la dirección y la red hasta el webhook.',
  },
  webhook_direccion: {
    what: 'dirección de webhook no permitida',
    advice: 'Use una dirección pública con https, o nombre el servidor en WEBHOOK_ALLOWED_HOSTS.',
  },
  entrega_fallida: {
    what: 'el servicio de mensajería no pudo entregar el mensaje',
    advice: 'Vea en msg_Error qué dijo el servicio; corrija el contacto de la persona si ya no sirve.',
  },
  dato_cortado: { what: 'un dato no entró en su columna', advice: 'No hace falta hacer nada.' },
  entregas_fallidas: {
    what: 'entregas fallidas',
    advice: 'Vea en el detalle qué faltó entregar y por qué; corrija la causa y reenvíe lo que falló.',
  },
  correo_administrador: {
    what: 'un administrador no recibe correos',
    advice: 'Corrija adm_Email en CT_Alertas_Admin_Emails, o ponga adm_Activo en 0.',
  },
  mensaje_ajeno: {
    what: 'mensaje ajeno en la cola',
    advice: 'Averigüe quién escribe en la cola vigia-alerts; solo Vigía debe hacerlo.',
  },
};

/** A reason as stored (`code: sentence`, or the code alone) as a part of another sentence. */
export function reasonSentence(stored: string): string {
  const [, code = stored, sentence] = /^(\w+)(?:: (.+))?$/s.exec(stored) ?? [];
  if (!isReason(code)) return stored;
  return sentence === undefined ? inSpanish[code].what : withinSentence(sentence);
}

/** Without its full stop and, unless it begins with a name, without its capital. */
export function withinSentence(sentence: string): string {
  const text = sentence.replace(/\.$/, '');
  return /^(El|La|Los|Las|Un|Una|Ningún|Ninguna|Nadie|No|Se|Había) /.test(text)
    ? `${text.charAt(0).toLowerCase()}${text.slice(1)}`
    : text;
}
