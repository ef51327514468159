import type { Administrator } from './read-report.ts';

export interface Mail {
  subject: string;
  html: string;
  text: string;
}

/**
 * Sends one mail to all of them, each with an address of its own. Returns how many the server took and which it did not:
 * `putOff` says that it may take that address later. Throws when it took none, could not be reached, or did not end in
 * time.
 */
export type SendMail = (
  mail: Mail,
  to: readonly Administrator[],
) => Promise<{ accepted: number; refused: readonly { address: string; putOff: boolean }[] }>;
