import type { Administrator } from './read-report.ts';

export interface Mail {
  subject: string;
  html: string;
  text: string;
}

/**
 * Sends one mail to all of them. Returns how many the server took, and the addresses that it refused or that are none;
 * throws when it took none, or could not be reached.
 */
export type SendMail = (
  mail: Mail,
  to: readonly Administrator[],
) => Promise<{ accepted: number; refused: readonly string[] }>;
