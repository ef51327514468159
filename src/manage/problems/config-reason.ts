/**
 * What GET problems tells of configuration that alerts can go out with all the same. docs/errors.md has a line for each,
 * and a test proves it complete.
 */
export const configReasons = {
  webhook_sin_firma: 'The webhook has no secret: what it is sent is not signed.',
  empresa_login_escribe: 'The login of the tenant can write.',
  sin_administradores: 'Faults would be reported to nobody.',
  correo_sin_configurar: 'A setting of the mail has no value: faults are reported to nobody.',
  ajuste_sin_valor: 'A setting refers to the Key Vault, which has given no value: what needs it is off.',
} as const;

export type ConfigReason = keyof typeof configReasons;
