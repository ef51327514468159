/** msg_Estado as dispatch writes it. */
export type DeliveryState =
  'PENDIENTE' | 'REINTENTO' | 'ERROR' | 'RECHAZADO' | 'SIN_CONTACTO' | 'DUPLICADO' | 'ENVIADO';

const acceptedStates = ['ENVIADO', 'FALLIDO', 'ENTREGADO', 'LEIDO', 'RESPONDIDO'] as const;

/** msg_Estado as the gateways' news make it: they have the message. */
export type NewsState = (typeof acceptedStates)[number];

/** For an msg_Estado as stored. */
export function isAccepted(state: string): boolean {
  return acceptedStates.some((accepted) => accepted === state);
}

/**
 * msg_Estado only rises: a state replaces one of a lower rank and no other, so that the order in which news come, and
 * how often, makes no difference. What reached the recipient did so, whatever failure is told before or after it: so
 * FALLIDO stands below ENTREGADO. A message that was read was delivered, and one that was answered was read. The last two
 * were never posted: nobody has news of them.
 */
export const stateRank: Readonly<Record<DeliveryState | NewsState, number>> = {
  PENDIENTE: 0,
  REINTENTO: 1,
  ERROR: 2,
  RECHAZADO: 2,
  ENVIADO: 3,
  FALLIDO: 4,
  ENTREGADO: 5,
  LEIDO: 6,
  RESPONDIDO: 7,
  SIN_CONTACTO: 9,
  DUPLICADO: 9,
};

/** sch_Cod and msg_Cod: the id in base 36, six characters, zero-filled. */
export function codeOf(id: number): string {
  return id.toString(36).toUpperCase().padStart(6, '0').slice(-6);
}
