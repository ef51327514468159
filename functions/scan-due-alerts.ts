import { app } from '@azure/functions';
import { vigia } from '../src/app.ts';

const { scanDueAlerts } = vigia();

app.timer('scan-due-alerts', {
  schedule: '0 * * * * *',
  handler: async (_timer, { traceContext }) => {
    await scanDueAlerts(traceContext?.traceParent);
  },
});
