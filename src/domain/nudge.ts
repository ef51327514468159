/** What wakes the mailer: a message in the poison queue that says nothing but that there may be something to report. */
export const nudge = { nudge: true } as const;
