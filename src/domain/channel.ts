/** CT_Alertas_Canales.can_Cod -> what it stands for. */
export const channels = { '0001': 'whatsapp', '0002': 'email', '0003': 'sms' } as const;

export type ChannelCode = keyof typeof channels;

export function isChannelCode(value: string): value is ChannelCode {
  return Object.hasOwn(channels, value);
}
