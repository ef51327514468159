/** msg_Estado as dispatch writes it; call-backs add later states above ENVIADO. It only rises, in this order. */
export type DeliveryState =
  'PENDIENTE' | 'REINTENTO' | 'ERROR' | 'RECHAZADO' | 'SIN_CONTACTO' | 'DUPLICADO' | 'ENVIADO';

/** sch_Cod and msg_Cod: the id in base 36, six characters, zero-filled. */
export function codeOf(id: number): string {
  return id.toString(36).toUpperCase().padStart(6, '0').slice(-6);
}
