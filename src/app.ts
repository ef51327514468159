/** One message per execution to look at. The host moves what failed five times to the poison queue. */
export const alertQueue = 'vigia-alerts';
export const poisonQueue = `${alertQueue}-poison`;
