/** The zone of every time that the local stack shows, and of the demo's companies: the default of ALERTS_TIME_ZONE. */
export const localZone = process.env['ALERTS_TIME_ZONE'] || 'America/Argentina/Buenos_Aires';
