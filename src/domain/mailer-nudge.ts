/** The body of a message that only wakes the mailer: what it has to report stands in the outbox. JSON text. */
export interface MailerNudge {
  nudge: 'faults';
}

export const mailerNudge: MailerNudge = { nudge: 'faults' };
